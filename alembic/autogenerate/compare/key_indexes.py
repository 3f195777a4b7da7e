"""Indexes that MySQL makes for foreign keys and keeps when these are dropped."""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Iterator
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import Column
from sqlalchemy.schema import Index
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table
from sqlalchemy.schema import UniqueConstraint
from sqlalchemy.types import NULLTYPE

from alembic.operations.ops.columns import DropColumnOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.operations.ops.containers import ModifyTableOps
from alembic.operations.ops.indexes import DropIndexOp
from alembic.operations.ops.tables import DropTableOp

from . import mysql
from .inspector import InspectorConv

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
    from alembic.operations.ops.containers import DowngradeOps

_TableName = Tuple[Optional[str], str]


class DropIndexOfForeignKeyOp(DropIndexOp):
    """Drop the index that came with a foreign key, after that is dropped."""


def begins_with(keys: Sequence[Sequence[str]], columns: Sequence[str]) -> bool:
    """Tell whether one of some keys serves a foreign key.

    :param keys: the columns of each key.
    :param columns: the columns of the foreign key.
    """
    return any(list(key)[: len(columns)] == list(columns) for key in keys)


def keys_of_model(table: Table) -> List[List[str]]:
    """Return the columns of each key and index of a table of the model."""
    keys: List[Any] = [table.primary_key, *table.indexes]
    keys.extend(
        constraint
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    )
    return [[column.name for column in key.columns] for key in keys]


def drop_indexes_of_foreign_keys(
    autogen_context: AutogenContext, downgrade_ops: DowngradeOps
) -> None:
    """Drop what came with foreign keys that a downgrade drops, on MySQL.

    Nothing is left to do for columns that are dropped too.

    :param autogen_context: the comparison.
    :param downgrade_ops: the operations in order; changed in place.
    """
    if autogen_context.dialect.name not in mysql.DIALECTS:
        return
    default_schema = autogen_context.dialect.default_schema_name

    def name_of(item: Any) -> _TableName:
        schema = item.schema
        return (
            None if schema == default_schema else schema,
            getattr(item, "table_name", None) or item.name,
        )

    tables = {name_of(table): table for table in autogen_context.sorted_tables}
    operations = downgrade_ops.ops
    dropped = {name_of(op) for op in operations if isinstance(op, DropTableOp)}
    columns_gone = {
        (name_of(op), part.column_name)
        for op in operations
        if isinstance(op, ModifyTableOps)
        for part in op.ops
        if isinstance(part, DropColumnOp)
    }
    for op in operations:
        if not isinstance(op, ModifyTableOps) or name_of(op) in dropped:
            continue
        name = name_of(op)
        gone = {column for table, column in columns_gone if table == name}
        op.ops[:] = _with_indexes(autogen_context, tables.get(name), op.ops, gone)


def _with_indexes(
    autogen_context: AutogenContext,
    table: Optional[Table],
    operations: Sequence[MigrateOperation],
    gone: Any,
) -> Iterator[MigrateOperation]:
    """Yield operations on a table with those that drop indexes of foreign keys."""
    for op in operations:
        yield op
        if (
            table is not None
            and isinstance(op, DropConstraintOp)
            and op.constraint_type == "foreignkey"
            and op.columns
            and not gone.intersection(op.columns)
        ):
            index = _made_for(autogen_context, table, op)
            if index is not None:
                yield DropIndexOfForeignKeyOp.from_index(index)


def _made_for(
    autogen_context: AutogenContext, table: Table, op: DropConstraintOp
) -> Optional[Index]:
    """Return the index that MySQL makes for a foreign key of the model, if it does."""
    columns = op.columns or []
    inspector = InspectorConv(autogen_context.inspector)
    indexes = inspector.get_indexes(op.table_name, op.schema)
    key = inspector.get_pk_constraint(op.table_name, op.schema)
    before = [
        key.get("constrained_columns") or [],
        *(index["column_names"] for index in indexes),
    ]
    if begins_with([*before, *keys_of_model(table)], columns):
        return None
    name = op.constraint_name or columns[0]
    if any(index["name"] == name for index in indexes):
        # which number it would get is anybody's guess
        return None
    throw_away = Table(
        op.table_name,
        MetaData(),
        *[Column(column, NULLTYPE) for column in columns],
        schema=op.schema,
    )
    return Index(cast(Any, name), *throw_away.columns)
