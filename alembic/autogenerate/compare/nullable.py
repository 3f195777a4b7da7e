"""Columns that allow NULL on one side only."""

from __future__ import annotations

import logging
from typing import Any
from typing import Optional
from typing import TYPE_CHECKING

from alembic.sqla.defaults import is_computed
from alembic.sqla.defaults import is_identity
from alembic.sqla.defaults import nullability_is_unset
from alembic.sqla.named_types import never_null
from alembic.util.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy.schema import Column

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.columns import AlterColumnOp

log = logging.getLogger("alembic.autogenerate.compare.constraints")


def _compare_nullable(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Note the column's nullability in the operation, and whether it changes."""
    found = conn_col.nullable
    wanted = metadata_col.nullable
    alter_column_op.existing_nullable = found
    if found is wanted:
        return PriorityDispatchResult.CONTINUE
    if is_identity(metadata_col.server_default, conn_col.server_default):
        # an identity column is NOT NULL by nature; it changes with the identity
        log.info("Ignoring nullable change on identity column '%s.%s'", tname, cname)
        return PriorityDispatchResult.CONTINUE
    if is_computed(metadata_col.server_default) and nullability_is_unset(metadata_col):
        log.info("Ignoring nullable change on Computed column '%s.%s'", tname, cname)
        return PriorityDispatchResult.CONTINUE
    if never_null(metadata_col.type, autogen_context.dialect):
        log.info("Ignoring nullable change on column '%s.%s' of a domain", tname, cname)
        return PriorityDispatchResult.CONTINUE
    alter_column_op.modify_nullable = wanted
    log.info(
        "Detected %s on column '%s.%s'", "NULL" if wanted else "NOT NULL", tname, cname
    )
    return PriorityDispatchResult.CONTINUE
