"""Computed columns whose expression changes: made anew, since none can be altered."""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.schema import Column
from sqlalchemy.schema import Index
from sqlalchemy.schema import UniqueConstraint

from alembic.operations.batch.sqlite.tokens import tokenize
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

from .columns import takes_part
from .server_defaults import computed_differs

if TYPE_CHECKING:
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
    So are those whose operands change their type, which is refused otherwise.
    """
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    operations = modify_table_ops.ops
    retyped = {
        op.column_name
        for op in operations
        if isinstance(op, AlterColumnOp) and op.modify_type is not None
    }
    for column in metadata_table.columns:
        conn_col = conn_table.columns.get(column.name)
        if not is_computed(
            column.server_default, None if conn_col is None else conn_col.server_default
        ):
            continue
        if conn_col is None:
            if retyped & _operands(column):
                _add_last(operations, column)
        elif (
            computed_differs(autogen_context, conn_col, column)
            or retyped & _operands(column)
        ) and autogen_context.run_object_filters(
            column, column.name, "column", False, conn_col
        ):
            log.info("Detected changed computed column '%s.%s'", tname, column.name)
            _remake(operations, schema, tname, conn_col, column)
    for conn_col in conn_table.columns:
        if (
            conn_col.name not in metadata_table.columns
            and is_computed(conn_col.server_default)
            and retyped & _operands(conn_col)
            and takes_part(autogen_context, schema, tname, conn_col)
        ):
            _drop_first(operations, schema, tname, conn_col)
            log.info("Detected removed column '%s.%s'", tname, conn_col.name)
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


def _add_last(operations: List[MigrateOperation], column: Column[Any]) -> None:
    """Move the operation that adds a column, and what rests on it, to the end."""
    parts = _Parts(operations, column.name)
    operations[:] = [*parts.first, *parts.rest, *parts.added, *parts.last]


def _drop_first(
    operations: List[MigrateOperation],
    schema: Optional[str],
    tname: str,
    conn_col: Column[Any],
) -> None:
    """Drop what rests on a column, and the column, before all else."""
    parts = _Parts(operations, conn_col.name)
    drop = DropColumnOp.from_column_and_tablename(schema, tname, conn_col)
    operations[:] = [*parts.first, drop, *parts.rest, *parts.last]


def _remake(
    operations: List[MigrateOperation],
    schema: Optional[str],
    tname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> None:
    """Drop a column before all else and add it at the end, with what rests on it."""
    parts = _Parts(operations, metadata_col.name)
    conn_table: Any = conn_col.table
    metadata_table: Any = metadata_col.table
    kept = _resting_on(metadata_table, metadata_col.name)
    for key, found in _resting_on(conn_table, metadata_col.name).items():
        if key not in kept or found.name in parts.handled:
            continue
        if isinstance(found, Index):
            parts.first.append(DropIndexOp.from_index(found))
            parts.last.append(CreateIndexOp.from_index(kept[key]))
        else:
            parts.first.append(DropConstraintOp.from_constraint(found))
            parts.last.append(AddConstraintOp.from_constraint(kept[key]))
    operations[:] = [
        *parts.first,
        DropColumnOp.from_column_and_tablename(schema, tname, conn_col),
        *parts.rest,
        AddColumnOp.from_column_and_tablename(schema, tname, metadata_col),
        *parts.last,
    ]


class _Parts:
    """The operations of a table, by what they have to do with one of its columns.

    :ivar first: what drops indexes and constraints over the column.
    :ivar added: what adds the column.
    :ivar rest: what has nothing to do with it.
    :ivar last: what creates indexes and constraints over the column.
    :ivar handled: the names of what is dropped.

    What alters the column is left out: the column that is added has it all.
    """

    def __init__(self, operations: List[MigrateOperation], name: str) -> None:
        self.first: List[MigrateOperation] = []
        self.added: List[MigrateOperation] = []
        self.rest: List[MigrateOperation] = []
        self.last: List[MigrateOperation] = []
        self.handled: Set[Any] = set()
        for op in operations:
            if isinstance(op, AlterColumnOp) and op.column_name == name:
                continue
            if isinstance(op, AddColumnOp) and op.column.name == name:
                self.added.append(op)
            elif isinstance(op, DropIndexOp) and name in _named_by(op.to_index()):
                self.first.append(op)
                self.handled.add(op.index_name)
            elif isinstance(op, DropConstraintOp) and name in (op.columns or ()):
                self.first.append(op)
                self.handled.add(op.constraint_name)
            elif isinstance(
                op, (CreateIndexOp, AddConstraintOp)
            ) and name in _named_by_new(op):
                self.last.append(op)
            else:
                self.rest.append(op)


def _resting_on(table: Table, name: str) -> Dict[Any, Any]:
    """Return indexes and unique constraints over a column, by what identifies them."""
    found: Dict[Any, Any] = {
        index.name: index
        for index in sorted(table.indexes, key=lambda index: str(index.name))
        if name in _named_by(index)
    }
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and name in constraint.columns:
            found[tuple(column.name for column in constraint.columns)] = constraint
    return found


def _named_by_new(op: Union[CreateIndexOp, AddConstraintOp]) -> Set[str]:
    return _named_by(
        op.to_index() if isinstance(op, CreateIndexOp) else op.to_constraint()
    )


def _named_by(item: Any) -> Set[str]:
    """Return the columns that an index or constraint names.

    In expressions and conditions it may be other words, too: what they rest on is
    then made anew without need.
    """
    found = {column.name for column in columns_of(item)}
    texts = [e for e in getattr(item, "expressions", ()) if not isinstance(e, Column)]
    for option, value in item.dialect_kwargs.items():
        if option.endswith("_include"):
            found.update(getattr(column, "name", column) for column in value or ())
        elif option.endswith("_where") and value is not None:
            texts.append(value)
    found.update(token.name or "" for text in texts for token in tokenize(str(text)))
    return found
