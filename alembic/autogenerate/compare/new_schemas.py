"""Schemas that the model uses and the database does not have yet."""

from __future__ import annotations

import logging
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateSchema
from sqlalchemy.schema import DropSchema

from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .statements import compiled
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import UpgradeOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.tables")

_CAN_CREATE = ("postgresql", "mysql", "mariadb", "mssql")


def setup(plugin: Plugin) -> None:
    """Register the comparator, ahead of the one that creates tables."""
    plugin.add_autogenerate_comparator(
        _create_schemas, "schema", "schemas", priority=DispatchPriority.FIRST
    )


def _create_schemas(
    autogen_context: AutogenContext,
    upgrade_ops: UpgradeOps,
    schemas: Set[Optional[str]],
) -> PriorityDispatchResult:
    """Append CREATE SCHEMA where ``include_schemas`` is on.

    :param schemas: the schemas of the database that take part.
    """
    dialect = autogen_context.dialect
    if (
        not autogen_context.opts.get("include_schemas")
        or dialect.name not in _CAN_CREATE
    ):
        return PriorityDispatchResult.CONTINUE
    existing = {*schemas, dialect.default_schema_name}
    wanted = {
        table.schema
        for table in autogen_context.sorted_tables
        if table.schema not in existing
        and autogen_context.run_object_filters(table, table.name, "table", False, None)
    }
    if not wanted:
        return PriorityDispatchResult.CONTINUE
    # some may be there, but left out by a filter
    wanted.difference_update(autogen_context.inspector.get_schema_names())
    for name in sorted(str(schema) for schema in wanted):
        if autogen_context.run_name_filters(name, "schema", {}):
            op = ReversibleSQLOp(
                compiled(CreateSchema(name), dialect),
                compiled(DropSchema(name), dialect),
            )
            op.new_schema = name
            upgrade_ops.ops.append(op)
            log.info("Detected added schema '%s'", name)
    return PriorityDispatchResult.CONTINUE
