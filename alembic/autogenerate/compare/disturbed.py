"""Columns that a table's changes drop, make anew or give another type.

What rests on such a column has to go before it, whether the model speaks of it or not.
"""

from __future__ import annotations

from typing import FrozenSet
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from alembic.autogenerate.autogen_context import NotCompared
from alembic.operations.batch.sqlite.tokens import tokenize
from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.columns import DropColumnOp

from .columns import takes_part
from .mysql import DIALECTS

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation


class DisturbedColumns(NamedTuple):
    """Names of columns, by what happens to them."""

    dropped: FrozenSet[str]
    remade: FrozenSet[str]
    """Dropped and added again: computed columns."""
    retyped: FrozenSet[str]


def disturbed_columns(
    autogen_context: AutogenContext,
    operations: List[MigrateOperation],
    schema: Optional[str],
    tname: str,
    conn_table: Table,
    metadata_table: Table,
) -> DisturbedColumns:
    """Return the columns of a table that will not stay as they are.

    :param autogen_context: its filters may keep a column from being dropped.
    :param operations: what was found of the table so far; columns that only the
        database has need not be among it yet.
    """
    added = {op.column.name for op in operations if isinstance(op, AddColumnOp)}
    gone = {op.column_name for op in operations if isinstance(op, DropColumnOp)}
    gone.update(
        column.name
        for column in conn_table.columns
        if column.name not in metadata_table.columns
        and takes_part(autogen_context, schema, tname, column)
    )
    return DisturbedColumns(
        dropped=frozenset(gone - added),
        remade=frozenset(gone & added),
        retyped=frozenset(
            op.column_name
            for op in operations
            if isinstance(op, AlterColumnOp) and op.modify_type is not None
        ),
    )


def undeclared(kind: str, name: str, schema: Optional[str], tname: str) -> NotCompared:
    """Return the note of a constraint that only the database has, and that stays.

    :param kind: what SQL calls it.
    :param name: its name.
    """
    table = f"{schema}.{tname}" if schema else tname
    return NotCompared(
        f"{kind} constraint '{name}' on table '{table}'",
        "no model declares it; alembic.ext.undeclared_constraints would drop it",
    )


def columns_named(sql: str, table: Table, dialect: Dialect) -> Set[str]:
    """Return which columns of a table an expression names.

    :param sql: the expression, as a database writes it.
    :param table: the table.
    :param dialect: the dialect of the database.
    """
    tokens = tokenize(sql, backslash_escapes=dialect.name in DIALECTS)
    words = {token.name for token in tokens if token.kind != "string"}
    return {column.name for column in table.columns if column.name in words}
