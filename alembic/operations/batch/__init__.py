"""Batch mode: the changes of one table, gathered and made together."""

from __future__ import annotations

from .rebuild import ApplyBatchImpl as ApplyBatchImpl
from .recorder import BatchOperationsImpl as BatchOperationsImpl

__all__ = ("ApplyBatchImpl", "BatchOperationsImpl")
