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

from typing import Any
from typing import Callable
from typing import TYPE_CHECKING

from alembic.autogenerate.compare.checks import compare_checks
from alembic.autogenerate.compare.exclusions import compare_exclusions
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from alembic.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register comparators that take the place of those that leave constraints alone.

    Both run behind all others, when it is known what happens to the columns.
    """
    for compare, subgroup in (
        (compare_checks, "checkconstraints"),
        (compare_exclusions, "exclusions"),
    ):
        plugin.add_autogenerate_comparator(
            _dropping_undeclared(compare),
            "table",
            subgroup,
            priority=DispatchPriority.LAST,
        )


def _dropping_undeclared(
    compare: Callable[..., None],
) -> Callable[..., PriorityDispatchResult]:
    """Return a comparator that also drops what only the database has."""

    def comparator(*args: Any) -> PriorityDispatchResult:
        compare(*args, drop_undeclared=True)
        return PriorityDispatchResult.STOP

    return comparator
