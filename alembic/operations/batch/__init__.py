"""Batch mode: the changes of one table, gathered and made together.

What makes the changes is loaded when it is first touched; programs that only read the
text of SQLite tables do not need it.
"""

from __future__ import annotations

from typing import Any
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rebuild import ApplyBatchImpl as ApplyBatchImpl
    from .recorder import BatchOperationsImpl as BatchOperationsImpl

__all__ = ("ApplyBatchImpl", "BatchOperationsImpl")


def __getattr__(name: str) -> Any:
    if name == "ApplyBatchImpl":
        from .rebuild import ApplyBatchImpl

        return ApplyBatchImpl
    if name == "BatchOperationsImpl":
        from .recorder import BatchOperationsImpl

        return BatchOperationsImpl
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
