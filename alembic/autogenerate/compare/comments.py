"""Comments of tables and columns."""

from __future__ import annotations

import logging
from typing import Any
from typing import Optional
from typing import TYPE_CHECKING

from alembic.operations.ops.comments import CreateTableCommentOp
from alembic.operations.ops.comments import DropTableCommentOp
from alembic.util.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.columns import AlterColumnOp
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.comments")


def setup(plugin: Plugin) -> None:
    """Register the comparators of comments."""
    plugin.add_autogenerate_comparator(_compare_column_comment, "column", "comments")
    plugin.add_autogenerate_comparator(_compare_table_comment, "table", "comments")


def _compare_column_comment(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Note the column's comment in the operation, and whether it changes."""
    if not autogen_context.dialect.supports_comments:
        return PriorityDispatchResult.CONTINUE
    found = _normalize_comment(conn_col.comment)
    wanted = _normalize_comment(metadata_col.comment)
    alter_column_op.existing_comment = found
    if found != wanted:
        alter_column_op.modify_comment = wanted
        log.info("Detected column comment '%s.%s'", tname, cname)
    return PriorityDispatchResult.CONTINUE


def _compare_table_comment(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Add the operation that gives a table the comment of the model."""
    if (
        conn_table is None
        or metadata_table is None
        or not autogen_context.dialect.supports_comments
    ):
        # a table that is created or dropped takes its comment along
        return PriorityDispatchResult.CONTINUE
    found = _normalize_comment(conn_table.comment)
    wanted = comment_of_model(autogen_context, metadata_table)
    if found == wanted:
        return PriorityDispatchResult.CONTINUE
    if wanted is None:
        modify_table_ops.ops.append(
            DropTableCommentOp(tname, existing_comment=found, schema=schema)
        )
    else:
        modify_table_ops.ops.append(
            CreateTableCommentOp(tname, wanted, existing_comment=found, schema=schema)
        )
    return PriorityDispatchResult.CONTINUE


def comment_of_model(
    autogen_context: AutogenContext, metadata_table: Table
) -> Optional[str]:
    """Return the comment that a table of the model gets.

    :param autogen_context: knows the dialect: for MySQL it may be given as an option.
    :param metadata_table: the table.
    """
    option = metadata_table.dialect_kwargs.get(
        f"{autogen_context.dialect.name}_comment"
    )
    return _normalize_comment(metadata_table.comment) or option


def _normalize_comment(comment: Optional[str]) -> Optional[str]:
    """Return None for an empty comment: databases do not tell the two apart."""
    return comment or None
