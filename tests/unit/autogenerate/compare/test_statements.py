"""Statements know how they are undone."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from alembic.autogenerate.compare.statements import compiled
from alembic.autogenerate.compare.statements import qualified
from alembic.autogenerate.compare.statements import quoted
from alembic.autogenerate.compare.statements import ReversibleSQLOp


def test_a_statement_is_undone_and_done_again() -> None:
    """The reverse runs the undo, and its reverse the statement."""
    op = ReversibleSQLOp("CREATE SCHEMA s", "DROP SCHEMA s")
    assert op.sqltext == "CREATE SCHEMA s"
    assert op.reverse().sqltext == "DROP SCHEMA s"
    assert op.reverse().reverse().sqltext == "CREATE SCHEMA s"
    assert op.to_diff_tuple() == ("execute", "CREATE SCHEMA s")


def test_a_colon_is_no_parameter() -> None:
    """What looks like a bind parameter reaches the database as it is."""
    op = ReversibleSQLOp("SELECT ':x', 'a'::text", "SELECT 1")
    assert str(op.sqltext) == "SELECT ':x', 'a'::text"
    assert op.sqltext.compile().params == {}


def test_names_are_quoted_where_they_need_it() -> None:
    """Each dialect has its quotes."""
    assert quoted("plain", postgresql.dialect()) == "plain"
    assert quoted("Odd name", postgresql.dialect()) == '"Odd name"'
    assert quoted("Odd name", mysql.dialect()) == "`Odd name`"
    assert qualified("s", "Select", postgresql.dialect()) == 's."Select"'
    assert qualified(None, "t", postgresql.dialect()) == "t"


def test_percent_signs_are_not_doubled() -> None:
    """The driver doubles them when the statement runs."""
    dialect = postgresql.dialect(paramstyle="pyformat")
    assert quoted("per%cent", dialect) == '"per%cent"'
    assert compiled(sa.schema.CreateSchema("a%b"), dialect) == 'CREATE SCHEMA "a%b"'
