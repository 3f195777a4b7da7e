"""Compare CHECK constraints by their names.

Databases write the expression of a CHECK constraint in a way of their own, so this
plugin looks at names: a named constraint that only the model has is added, one that
only the database has is removed. Switch it on in env.py::

    context.configure(
        ...,
        autogenerate_plugins=[
            "alembic.autogenerate.*",
            "alembic.ext.checkconstraint_byname",
        ],
    )
"""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.schema import CheckConstraint

from alembic.autogenerate.compare.check_constraints import named_checks_of_database
from alembic.autogenerate.compare.check_constraints import named_checks_of_model
from alembic.operations.ops.constraints import CreateCheckConstraintOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.util.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.ext.checkconstraint_byname")


def setup(plugin: Plugin) -> None:
    """Register the comparator; where it is on, the one by expression is not needed."""
    plugin.add_autogenerate_comparator(
        _compare_check_constraints,
        "table",
        "checkconstraints",
    )


def _compare_check_constraints(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Append what makes the names of the CHECK constraints those of the model."""
    if conn_table is None or metadata_table is None:
        # a table that is created or dropped takes its constraints along
        return PriorityDispatchResult.STOP
    found = named_checks_of_database(autogen_context, schema, tname, conn_table)
    if found is None:
        return PriorityDispatchResult.STOP
    wanted = named_checks_of_model(autogen_context, metadata_table)
    impl = autogen_context.migration_context.impl
    add = modify_table_ops.ops.append
    for name in sorted(found.keys() - wanted.keys()):
        if _wants(autogen_context, found, name, True, None):
            add(DropConstraintOp.from_constraint(found[name]))
            log.info("Detected removed check constraint %r on table %r", name, tname)
    for name in sorted(wanted.keys() - found.keys()):
        if _wants(autogen_context, wanted, name, False, None):
            add(CreateCheckConstraintOp.from_constraint(wanted[name]))
            log.info("Detected added check constraint %r on table %r", name, tname)
    for name in sorted(wanted.keys() & found.keys()):
        result = impl.compare_check_constraint(wanted[name], found[name])
        if result.is_different and _wants(
            autogen_context, wanted, name, False, found[name]
        ):
            add(DropConstraintOp.from_constraint(found[name]))
            add(CreateCheckConstraintOp.from_constraint(wanted[name]))
            log.info(
                "Detected changed check constraint %r on table %r: %s",
                name,
                tname,
                result.message,
            )
    return PriorityDispatchResult.STOP


def _wants(
    autogen_context: AutogenContext,
    side: Dict[str, CheckConstraint],
    name: str,
    reflected: bool,
    other: Any,
) -> bool:
    return autogen_context.run_object_filters(
        side[name], name, "check_constraint", reflected, other
    )
