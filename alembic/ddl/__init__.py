"""Schema changes in the SQL of each database; the dialects are loaded by name."""

from __future__ import annotations

import importlib
from types import ModuleType

from .impl import DefaultImpl as DefaultImpl

__all__ = ["DefaultImpl"]

_DIALECT_MODULES = frozenset(("mssql", "mysql", "oracle", "postgresql", "sqlite"))


def __getattr__(name: str) -> ModuleType:
    """Import a dialect's module when it is first asked for."""
    if name in _DIALECT_MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
