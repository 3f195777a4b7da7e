"""Primary keys over other columns than those of the model."""

from __future__ import annotations

import logging
from typing import Any
from typing import List
from typing import Optional
from typing import TYPE_CHECKING

from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.constraints import CreatePrimaryKeyOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.util.dispatch import PriorityDispatchResult

from .statements import qualified
from .statements import quoted
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.constraints")


def setup(plugin: Plugin) -> None:
    """Register the comparator."""
    plugin.add_autogenerate_comparator(_compare_primary_key, "table", "primarykeys")


def _compare_primary_key(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Drop the old primary key before all else, and create the new one at the end.

    The name of a primary key does not matter.
    """
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    found = [column.name for column in conn_table.primary_key.columns]
    wanted = [column.name for column in metadata_table.primary_key.columns]
    if found == wanted or _leaves_columns_out(
        autogen_context, schema, tname, {*found, *wanted}
    ):
        return PriorityDispatchResult.CONTINUE
    log.info("Detected changed primary key on '%s': %s to %s", tname, found, wanted)
    operations: List[MigrateOperation] = modify_table_ops.ops
    if autogen_context.dialect.name in _AT_ONCE and found and wanted:
        _put_between(
            operations,
            ReversibleSQLOp(
                _replace_key(autogen_context, schema, tname, wanted),
                _replace_key(autogen_context, schema, tname, found),
            ),
        )
        return PriorityDispatchResult.CONTINUE
    if found:
        # columns can be made nullable only when they are out of the key
        operations.insert(0, DropConstraintOp.from_constraint(conn_table.primary_key))
    if wanted:
        operations.append(
            CreatePrimaryKeyOp.from_constraint(metadata_table.primary_key)
        )
    return PriorityDispatchResult.CONTINUE


_AT_ONCE = ("mysql", "mariadb")
"""Dialects on which a column that counts by itself must be in a key all the time."""


def _put_between(
    operations: List[MigrateOperation], replacement: MigrateOperation
) -> None:
    """Insert what replaces a key behind columns that become NOT NULL.

    And before those that become nullable, which they can only out of the key. Read
    backwards that order is right for the downgrade too.
    """

    def loosens(op: MigrateOperation) -> bool:
        return isinstance(op, AlterColumnOp) and bool(op.modify_nullable)

    first = next((at for at, op in enumerate(operations) if loosens(op)), None)
    if first is None:
        operations.append(replacement)
        return
    end = first
    while end < len(operations) and isinstance(operations[end], AlterColumnOp):
        end += 1
    # changes of columns stand together, and none depends on another
    alterations = sorted(operations[first:end], key=loosens)
    at = sum(not loosens(op) for op in alterations)
    operations[first:end] = [*alterations[:at], replacement, *alterations[at:]]


def _replace_key(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    columns: List[str],
) -> str:
    dialect = autogen_context.dialect
    table = qualified(schema, tname, dialect)
    key = ", ".join(quoted(name, dialect) for name in columns)
    return f"ALTER TABLE {table} DROP PRIMARY KEY, ADD PRIMARY KEY ({key})"


def _leaves_columns_out(
    autogen_context: AutogenContext, schema: Optional[str], tname: str, names: Any
) -> bool:
    """Tell whether a filter hides a column of one of the keys."""
    return not all(
        autogen_context.run_name_filters(
            name, "column", {"table_name": tname, "schema_name": schema}
        )
        for name in names
    )
