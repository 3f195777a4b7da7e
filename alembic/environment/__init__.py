"""What env.py talks to."""

from __future__ import annotations

from ..migration.migration_context import MigrationContext
from ..operations.base import Operations
from .environment_context import EnvironmentContext
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
