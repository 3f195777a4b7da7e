"""Run the comparators and fill a migration script with what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .key_indexes import drop_indexes_of_foreign_keys
from .lost_checks import bring_checks_back
from .missing_values import remark_on_missing_values
from .ordering import put_downgrade_in_order

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import MigrationScript


def _populate_migration_script(
    autogen_context: AutogenContext, migration_script: MigrationScript
) -> None:
    """Compare, and put both directions into a script.

    Where a script holds several upgrades, for several databases, the last one is
    meant.

    :param autogen_context: both sides of the comparison.
    :param migration_script: the script whose upgrade is appended to and whose
        downgrade is replaced.
    """
    upgrade_ops = migration_script.upgrade_ops_list[-1]
    downgrade_ops = migration_script.downgrade_ops_list[-1]
    compare = autogen_context.comparators.dispatch(
        "autogenerate", qualifier=autogen_context.dialect.name
    )
    compare(autogen_context, upgrade_ops)
    upgrade_ops.reverse_into(downgrade_ops)
    bring_checks_back(autogen_context, upgrade_ops)
    bring_checks_back(autogen_context, downgrade_ops)
    put_downgrade_in_order(autogen_context, downgrade_ops)
    drop_indexes_of_foreign_keys(autogen_context, downgrade_ops)
    remark_on_missing_values(autogen_context, [upgrade_ops, downgrade_ops])
