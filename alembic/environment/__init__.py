"""What env.py talks to."""

from __future__ import annotations

from typing import Any
from typing import TYPE_CHECKING

from ..migration.migration_context import MigrationContext
from .environment_context import EnvironmentContext

if TYPE_CHECKING:
    from ..operations.base import Operations
    from .hooks import CompareServerDefault
    from .hooks import CompareType
    from .hooks import IncludeNameFn
    from .hooks import IncludeObjectFn
    from .hooks import NameFilterParentNames
    from .hooks import NameFilterType
    from .hooks import OnVersionApplyFn
    from .hooks import ProcessRevisionDirectiveFn
    from .hooks import RenderItemFn

__all__ = [
    "CompareServerDefault",
    "CompareType",
    "EnvironmentContext",
    "IncludeNameFn",
    "IncludeObjectFn",
    "MigrationContext",
    "NameFilterParentNames",
    "NameFilterType",
    "OnVersionApplyFn",
    "Operations",
    "ProcessRevisionDirectiveFn",
    "RenderItemFn",
]


def __getattr__(name: str) -> Any:
    # commands that only look at a database do without
    if name == "Operations":
        from ..operations.base import Operations

        return Operations
    if name in __all__:
        from . import hooks

        return getattr(hooks, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
