"""Offline mode writes what would be run, and says what it cannot know."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import column
from sqlalchemy import inspect
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import table
from sqlalchemy import text
from sqlalchemy.orm import Session

from alembic.migration import MigrationContext
from alembic.sqla.version import sqla_1_4
from alembic.util.exc import CommandError
from tests.support.steps import execute
from tests.support.steps import FakeHistory
from tests.support.versions import needs

# what SQLAlchemy itself adds to an INSERT
RETURNING = " RETURNING alembic_version.version_num" if sqla_1_4 else ""

CREATED = (
    "CREATE TABLE alembic_version (\n"
    "    version_num VARCHAR(32) NOT NULL, \n"
    "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n"
    ")"
)


def offline(dialect_name, **opts):
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect_name,
        opts={"as_sql": True, "output_buffer": buffer, **opts},
    )
    return context, buffer


def upgraded(dialect_name, **opts):
    opts.setdefault("fn", FakeHistory("ab", {"a": execute("CREATE TABLE t (x INT)")}))
    context, buffer = offline(dialect_name, **opts)
    with context.begin_transaction():
        context.run_migrations()
    return buffer.getvalue()


def test_postgresql_script_is_one_transaction():
    """A script for a database with transactional DDL is one transaction."""
    assert upgraded("postgresql") == (
        "BEGIN;\n\n"
        f"{CREATED};\n\n"
        "-- Running upgrade  -> a\n\n"
        "CREATE TABLE t (x INT);\n\n"
        f"INSERT INTO alembic_version (version_num) VALUES ('a'){RETURNING};\n\n"
        "-- Running upgrade a -> b\n\n"
        "UPDATE alembic_version SET version_num='b' "
        "WHERE alembic_version.version_num = 'a';\n\n"
        "COMMIT;\n\n"
    )


@pytest.mark.parametrize("dialect_name", ["sqlite", "mysql", "oracle"])
def test_no_transaction_where_ddl_commits(dialect_name):
    """A script has no BEGIN for a dialect that calls its DDL non-transactional."""
    script = upgraded(dialect_name)
    assert "BEGIN" not in script
    assert "COMMIT" not in script


def test_oracle_insert_needs_no_variable():
    """Oracle's script does not ask for a RETURNING value that nothing receives."""
    assert "INSERT INTO alembic_version (version_num) VALUES ('a')\n\n" in upgraded(
        "oracle"
    )


@pytest.mark.parametrize(
    ("dialect_name", "begin", "commit"),
    [
        ("postgresql", "BEGIN;", "COMMIT;"),
        ("mssql", "BEGIN TRANSACTION;", "COMMIT;"),
    ],
)
def test_transaction_per_migration(dialect_name, begin, commit):
    """With transaction_per_migration each revision of a script has its own."""
    script = upgraded(dialect_name, transaction_per_migration=True)
    blocks = [part for part in script.split("\n\n") if part not in ("", "GO")]
    assert blocks[0] == begin
    assert blocks.count(begin) == blocks.count(commit) == 2
    second = blocks.index("-- Running upgrade a -> b")
    assert blocks[second - 2 : second] == [commit, begin]


@pytest.mark.parametrize(
    ("dialect_name", "given", "transactional"),
    [("postgresql", False, False), ("mysql", True, True)],
)
def test_transactional_ddl_is_overridden(dialect_name, given, transactional):
    """transactional_ddl decides over the dialect."""
    script = upgraded(dialect_name, transactional_ddl=given)
    assert script.startswith("BEGIN") is transactional


def test_starting_revision():
    """A script that starts at a revision neither makes the table nor runs it again."""
    script = upgraded("postgresql", starting_rev="a")
    assert "CREATE" not in script
    assert "-- Running upgrade a -> b" in script
    assert "upgrade  -> a" not in script


def test_nothing_to_do_is_an_empty_transaction():
    """A script without steps does not make the version table."""
    assert upgraded("postgresql", starting_rev="b") == "BEGIN;\n\nCOMMIT;\n\n"


def test_version_table_options():
    """Name, schema and missing primary key of the version table are honoured."""
    script = upgraded(
        "postgresql",
        version_table="Versions of mine",
        version_table_schema="elsewhere",
        version_table_pk=False,
    )
    assert (
        'CREATE TABLE elsewhere."Versions of mine" (\n'
        "    version_num VARCHAR(32) NOT NULL\n);" in script
    )
    assert 'INSERT INTO elsewhere."Versions of mine"' in script


@pytest.mark.parametrize(
    ("dialect_name", "expected"),
    [
        ("postgresql", "BEGIN;,one;,COMMIT;,two;,BEGIN;,three;,COMMIT;"),
        ("mysql", "one;,two;,three;"),
    ],
)
def test_autocommit_block(dialect_name, expected):
    """autocommit_block ends the transaction of the script and begins another."""
    context, buffer = offline(dialect_name)
    with context.begin_transaction():
        context.execute("one")
        with context.autocommit_block():
            context.execute("two")
        context.execute("three")
    assert buffer.getvalue().split("\n\n")[:-1] == expected.split(",")


def test_quote_in_an_identifier():
    """A quote in a revision identifier cannot end the SQL literal it stands in."""
    script = upgraded("postgresql", fn=FakeHistory(["it's"]))
    assert "VALUES ('it''s')" in script


def test_literal_binds():
    """literal_binds writes values into the text; without it they stay parameters."""
    statement = table("t", column("x")).insert().values(x=text("now()"))
    bound = text("DELETE FROM t WHERE x = :x").bindparams(x=5)
    context, buffer = offline("postgresql", literal_binds=True)
    context.execute(statement)
    context.execute(bound)
    assert "INSERT INTO t (x) VALUES (now());" in buffer.getvalue()
    assert "DELETE FROM t WHERE x = 5;" in buffer.getvalue()


@pytest.mark.parametrize(
    "read",
    [
        lambda result: result.fetchall(),
        lambda result: result.scalar(),
        lambda result: list(result),
        lambda result: dict(result),
        lambda result: result.rowcount,
    ],
)
def test_reading_a_result_names_file_and_line(read):
    """A revision that needs a result offline is told where, and what to do."""
    context, _ = offline("postgresql")
    result = context.connection.execute(text("SELECT 1 FROM account"))
    with pytest.raises(CommandError) as error:
        read(result)
    message = str(error.value)
    assert __file__ in message
    assert "line " in message
    assert "SELECT 1 FROM account" in message
    assert "--sql" in message
    assert "\n" not in message


def test_reading_a_result_names_the_revision():
    """The revision is told apart from a module of helpers that it calls."""
    context, _ = offline("postgresql")
    revision = {"revision": "a1", "down_revision": None, "context": context}
    code = "context.connection.execute(text('SELECT 1')).scalar()"
    exec(f"from sqlalchemy import text\ndef upgrade(): {code}", revision)
    with pytest.raises(CommandError, match=r"Revision a1 \(.*line 2\) needs"):
        revision["upgrade"]()


@pytest.mark.parametrize(
    ("ask", "how"),
    [
        (lambda bind: bind.scalar(text("SELECT 1")), ".scalar"),
        (lambda bind: bind.exec_driver_sql("SELECT 1"), ".exec_driver_sql"),
        (lambda bind: bind.begin(), ".begin"),
        (lambda bind: bind.connection.cursor(), ".connection"),
        (inspect, "sqlalchemy.inspect()"),
        (lambda bind: Table("t", MetaData(), autoload_with=bind), "inspect"),
        (lambda bind: Session(bind=bind).execute(text("SELECT 1")).all(), ""),
    ],
)
@needs("1.4")
def test_what_needs_a_connection_names_file_and_line(ask, how):
    """Whatever else is asked of the stand-in, there is one error, with a way out."""
    context, _ = offline("postgresql")
    with pytest.raises(CommandError) as error:
        ask(context.connection)
    message = str(error.value)
    assert f"{how}" in message
    assert re.search(rf"{re.escape(__file__)}, line \d+", message)
    assert "with --sql there is none; put it under 'if not" in message


def test_those_who_only_ask_are_told_that_there_is_nothing():
    """Libraries look first whether a connection has what they want."""
    context, _ = offline("postgresql")
    assert not hasattr(context.connection, "exec_driver_sql")
    assert getattr(context.connection, "info", None) is None


def test_result_is_false_as_none_was():
    """A revision that tests the result for truth goes on as before."""
    context, _ = offline("postgresql")
    assert not context.connection.execute(text("SELECT 1"))


def test_parameters_apart_from_the_statement():
    """Parameters given apart from the statement are refused with a way out."""
    context, _ = offline("postgresql")
    with pytest.raises(CommandError, match="write the values into the statement"):
        context.connection.execute(text("DELETE FROM t WHERE x = :x"), {"x": 1})


def test_several_starting_revisions():
    """Several starting revisions are several heads, and no single revision."""
    context, _ = offline("postgresql", starting_rev=("a", "b"))
    assert context.get_current_heads() == ("a", "b")
    with pytest.raises(CommandError, match="more than one head present"):
        context.get_current_revision()


def test_starting_revisions_are_resolved_one_by_one():
    """Each of several starting revisions is resolved by the folder of revisions."""

    class Script:
        def as_revision_number(self, given):
            return {"head": "c", "heads": ("c", "d"), "base": None}.get(given, given)

    for given, heads in [
        ("head", ("c",)),
        ("heads", ("c", "d")),
        (("head", "x"), ("c", "x")),
        ("base", ()),
    ]:
        context, _ = offline("postgresql", starting_rev=given, script=Script())
        assert context.get_current_heads() == heads


def test_looking_for_the_table():
    """Asking offline whether the version table exists says that it cannot be told."""
    context, _ = offline("postgresql")
    with pytest.raises(CommandError, match="cannot be told with --sql"):
        context._has_version_table()


def test_base_is_no_head():
    """Starting at base is starting at nothing."""
    context, _ = offline("postgresql", starting_rev="base")
    assert context.get_current_heads() == ()
    assert context.get_current_revision() is None
