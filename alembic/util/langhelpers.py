"""Door: the helpers of `alembic.util` under their older name."""

from __future__ import annotations

from functools import cached_property as memoized_property

from .dispatch import Dispatcher
from .dispatch import DispatchPriority
from .dispatch import PriorityDispatcher
from .dispatch import PriorityDispatchResult
from .module_proxy import ModuleClsProxy
from .sequences import asbool
from .sequences import dedupe_tuple
from .sequences import EMPTY_DICT
from .sequences import immutabledict
from .sequences import not_none
from .sequences import rev_id
from .sequences import to_list
from .sequences import to_tuple
from .sequences import unique_list

__all__ = [
    "asbool",
    "dedupe_tuple",
    "Dispatcher",
    "DispatchPriority",
    "EMPTY_DICT",
    "immutabledict",
    "memoized_property",
    "ModuleClsProxy",
    "not_none",
    "PriorityDispatcher",
    "PriorityDispatchResult",
    "rev_id",
    "to_list",
    "to_tuple",
    "unique_list",
]
