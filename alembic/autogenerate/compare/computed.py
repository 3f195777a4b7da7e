"""Computed columns whose expression changes: made anew, since none can be altered."""

from __future__ import annotations

import logging
from typing import Any
from typing import List
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING
from typing import Union

from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.columns import DropColumnOp
from alembic.operations.ops.constraints import AddConstraintOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.operations.ops.indexes import CreateIndexOp
from alembic.operations.ops.indexes import DropIndexOp
from alembic.sqla.constraints import columns_of
from alembic.sqla.defaults import is_computed
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .server_defaults import computed_differs

if TYPE_CHECKING:
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.server_defaults")


def setup(plugin: Plugin) -> None:
    """Register the comparator, and what keeps the warning about it from appearing."""
    plugin.add_autogenerate_comparator(
        _leave_to_the_table, "column", "server_default", priority=DispatchPriority.FIRST
    )
    plugin.add_autogenerate_comparator(
        _remake_computed, "table", "computed", priority=DispatchPriority.LAST
    )


def _leave_to_the_table(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Stop the comparison of defaults for a computed column."""
    if is_computed(conn_col.server_default, metadata_col.server_default):
        return PriorityDispatchResult.STOP
    return PriorityDispatchResult.CONTINUE


def _remake_computed(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Drop each computed column that differs before all else, and add it at the end.

    What rests on the column, an index or constraint, is dropped and created with it.
    """
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    operations = modify_table_ops.ops
    retyped = {
        op.column_name
        for op in operations
        if isinstance(op, AlterColumnOp) and op.modify_type is not None
    }
    remade = [
        column
        for column in metadata_table.columns
        if column.name in conn_table.columns
        and is_computed(
            column.server_default, conn_table.columns[column.name].server_default
        )
        and (
            computed_differs(autogen_context, conn_table.columns[column.name], column)
            or (is_computed(column.server_default) and retyped & _operands(column))
        )
        and autogen_context.run_object_filters(
            column, column.name, "column", False, conn_table.columns[column.name]
        )
    ]
    for column in remade:
        log.info("Detected changed computed column '%s.%s'", tname, column.name)
        _remake(operations, schema, tname, conn_table.columns[column.name], column)
    return PriorityDispatchResult.CONTINUE


def _operands(column: Column[Any]) -> Set[str]:
    """Return the names of the table's columns that stand in a computed expression."""
    text = str(column.computed.sqltext) if column.computed is not None else ""
    table: Any = column.table
    return {
        other.name
        for other in table.columns
        if other is not column and other.name in text
    }


def _remake(
    operations: List[MigrateOperation],
    schema: Optional[str],
    tname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> None:
    name = metadata_col.name
    first: List[MigrateOperation] = []
    rest: List[MigrateOperation] = []
    last: List[MigrateOperation] = []
    handled: Set[Any] = set()
    for op in operations:
        if isinstance(op, AlterColumnOp) and op.column_name == name:
            # the new column has it all
            continue
        if isinstance(op, DropIndexOp) and name in op.to_index().columns:
            first.append(op)
            handled.add(op.index_name)
        elif isinstance(op, DropConstraintOp) and name in (op.columns or ()):
            first.append(op)
            handled.add(op.constraint_name)
        elif isinstance(op, (CreateIndexOp, AddConstraintOp)) and name in _columns(op):
            last.append(op)
        else:
            rest.append(op)
    conn_table: Any = conn_col.table
    metadata_table: Any = metadata_col.table
    wanted = {index.name: index for index in metadata_table.indexes}
    for index in sorted(conn_table.indexes, key=lambda index: str(index.name)):
        if name in index.columns and index.name not in handled and index.name in wanted:
            first.append(DropIndexOp.from_index(index))
            last.insert(0, CreateIndexOp.from_index(wanted[index.name]))
    operations[:] = [
        *first,
        DropColumnOp.from_column_and_tablename(schema, tname, conn_col),
        *rest,
        AddColumnOp.from_column_and_tablename(schema, tname, metadata_col),
        *last,
    ]


def _columns(op: Union[CreateIndexOp, AddConstraintOp]) -> Set[str]:
    item: Any = op.to_index() if isinstance(op, CreateIndexOp) else op.to_constraint()
    return {column.name for column in columns_of(item)}
