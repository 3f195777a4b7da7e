"""Drop CHECK and EXCLUDE constraints that the model does not declare.

Autogenerate leaves them alone by itself, for many are written by hand in migrations and
nobody declares them. Where the model declares all of them, switch this on in env.py::

    context.configure(
        ...,
        autogenerate_plugins=[
            "alembic.autogenerate.*",
            "alembic.ext.undeclared_constraints",
        ],
    )
"""

from __future__ import annotations

from typing import Optional
from typing import TYPE_CHECKING

from alembic.autogenerate.compare.checks import compare_checks
from alembic.autogenerate.compare.exclusions import compare_exclusions
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register comparators that take the place of those that leave constraints alone.

    Both run behind all others, when it is known what happens to the columns.
    """
    plugin.add_autogenerate_comparator(
        _compare_checks, "table", "checkconstraints", priority=DispatchPriority.LAST
    )
    plugin.add_autogenerate_comparator(
        _compare_exclusions,
        "table",
        "exclusions",
        priority=DispatchPriority.LAST,
    )


def _compare_checks(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Compare CHECK constraints, dropping those that only the database has."""
    compare_checks(
        autogen_context,
        modify_table_ops,
        schema,
        tname,
        conn_table,
        metadata_table,
        drop_undeclared=True,
    )
    return PriorityDispatchResult.STOP


def _compare_exclusions(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Compare EXCLUDE constraints, dropping those that only the database has."""
    compare_exclusions(
        autogen_context,
        modify_table_ops,
        schema,
        tname,
        conn_table,
        metadata_table,
        drop_undeclared=True,
    )
    return PriorityDispatchResult.STOP
