"""The vocabulary: schema changes as data, as directives, and how they are made."""

from __future__ import annotations

import importlib
from typing import Any

from .base import AbstractOperations
from .base import BatchOperations
from .base import Operations
from .ops import MigrateOperation
from .ops import MigrationScript

__all__ = [
    "AbstractOperations",
    "BatchOperations",
    "MigrateOperation",
    "MigrationScript",
    "Operations",
]


def __getattr__(name: str) -> Any:
    # `batch` is loaded by the first batch, and by whoever asks for it by attribute
    if name == "batch":
        return importlib.import_module(f"{__name__}.batch")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
