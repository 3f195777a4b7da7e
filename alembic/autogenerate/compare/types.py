"""Columns whose type differs."""

from __future__ import annotations

import logging
from typing import Any
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.types import NullType

from alembic.autogenerate.normalize import judge_of
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy.schema import Column

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.columns import AlterColumnOp
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.types")


def setup(plugin: Plugin) -> None:
    """Register the user's comparison of types, and the dialect's after it."""
    plugin.add_autogenerate_comparator(
        _user_compare_type, "column", "types", priority=DispatchPriority.FIRST
    )
    plugin.add_autogenerate_comparator(
        _dialect_impl_compare_type, "column", "types", priority=DispatchPriority.LAST
    )


def _compare_type_setup(
    alter_column_op: AlterColumnOp,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> bool:
    """Note the column's type in the operation.

    :return: whether both types are known, so that they can be compared.
    """
    alter_column_op.existing_type = conn_col.type
    if isinstance(conn_col.type, NullType):
        log.info("Couldn't determine database type for column '%s.%s'", tname, cname)
        return False
    if isinstance(metadata_col.type, NullType):
        log.info(
            "Column '%s.%s' has no type within the model; can't compare", tname, cname
        )
        return False
    return True


def _user_compare_type(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Ask the option ``compare_type`` if it is a function; it may leave it open."""
    known = _compare_type_setup(alter_column_op, tname, cname, conn_col, metadata_col)
    compare = autogen_context.opts.get("compare_type", True)
    if not known or not compare:
        return PriorityDispatchResult.STOP
    if not callable(compare):
        return PriorityDispatchResult.CONTINUE
    differs = compare(
        autogen_context.migration_context,
        conn_col,
        metadata_col,
        conn_col.type,
        metadata_col.type,
    )
    if differs is None:
        return PriorityDispatchResult.CONTINUE
    if differs:
        note_change(alter_column_op, tname, cname, conn_col, metadata_col)
    return PriorityDispatchResult.STOP


def _dialect_impl_compare_type(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Ask the dialect."""
    impl = autogen_context.migration_context.impl
    if impl.compare_type(conn_col, metadata_col) and not is_same_in_database(
        autogen_context, conn_col, metadata_col
    ):
        note_change(alter_column_op, tname, cname, conn_col, metadata_col)
        return PriorityDispatchResult.STOP
    return PriorityDispatchResult.CONTINUE


def is_same_in_database(
    autogen_context: AutogenContext, conn_col: Column[Any], metadata_col: Column[Any]
) -> bool:
    """Tell whether the database would make of the model's type what it has."""
    judge = judge_of(autogen_context)
    return judge is not None and judge.same_type(conn_col, metadata_col) is True


def note_change(
    alter_column_op: AlterColumnOp,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> None:
    """Note in the operation that the column gets the type of the model."""
    alter_column_op.modify_type = metadata_col.type
    log.info(
        "Detected type change from %r to %r on '%s.%s'",
        conn_col.type,
        metadata_col.type,
        tname,
        cname,
    )
