"""Door: the environment context and the types of its hooks under their old path."""

from __future__ import annotations

from ..environment import CompareServerDefault
from ..environment import CompareType
from ..environment import EnvironmentContext
from ..environment import IncludeNameFn
from ..environment import IncludeObjectFn
from ..environment import MigrationContext
from ..environment import NameFilterParentNames
from ..environment import NameFilterType
from ..environment import OnVersionApplyFn
from ..environment import Operations
from ..environment import ProcessRevisionDirectiveFn
from ..environment import RenderItemFn
from ..environment.hooks import RevisionArgument as _RevNumber

__all__ = [
    "_RevNumber",
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
