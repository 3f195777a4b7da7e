"""Which schemas of the database take part."""

from __future__ import annotations

from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from alembic.util.dispatch import PriorityDispatchResult

from .extensions import leave_to_extensions
from .ordering import put_upgrade_in_order

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import UpgradeOps
    from alembic.plugins import Plugin

_SYSTEM_SCHEMAS = {
    "mysql": {"information_schema", "mysql", "performance_schema", "sys"},
    "mariadb": {"information_schema", "mysql", "performance_schema", "sys"},
    "sqlite": {"temp"},
}


def setup(plugin: Plugin) -> None:
    """Register the comparator that all the others are run by."""
    plugin.add_autogenerate_comparator(_produce_net_changes, "autogenerate")


def _produce_net_changes(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> PriorityDispatchResult:
    """Compare the database with the model and append what would make them agree.

    :param autogen_context: both sides.
    :param upgrade_ops: the operations; those appended come in an order in which they
        can be run.
    """
    schemas = {
        name
        for name in _schemas_of_database(autogen_context)
        if autogen_context.run_name_filters(name, "schema", {})
    }
    compare = autogen_context.comparators.dispatch(
        "schema", qualifier=autogen_context.dialect.name
    )
    result = compare(autogen_context, upgrade_ops, schemas)
    leave_to_extensions(autogen_context, upgrade_ops)
    put_upgrade_in_order(autogen_context, upgrade_ops)
    return result


def _schemas_of_database(autogen_context: AutogenContext) -> Set[Optional[str]]:
    """Return the schemas to look into; None stands for the default one."""
    if not autogen_context.opts.get("include_schemas", False):
        return {None}
    inspector = autogen_context.inspector
    found: Set[Optional[str]] = set(inspector.get_schema_names())
    found -= _SYSTEM_SCHEMAS.get(autogen_context.dialect.name, {"information_schema"})
    found.discard("information_schema")
    # the default schema is asked for without its name, as models name it
    found.discard(autogen_context.dialect.default_schema_name)
    found.add(None)
    return found
