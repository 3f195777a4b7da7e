"""PostgreSQL."""

from __future__ import annotations

import importlib
from typing import Any

from ..base import visit_column_comment
from .elements import PostgresqlColumnType
from .elements import visit_column_type
from .elements import visit_identity_column
from .elements import visit_rename_table
from .impl import PostgresqlImpl

__all__ = [
    "PostgresqlColumnType",
    "PostgresqlImpl",
    "visit_column_comment",
    "visit_column_type",
    "visit_identity_column",
    "visit_rename_table",
]


def __getattr__(name: str) -> Any:
    """Find the one operation that programs import from here.

    It lives with the other operations, above this floor; hence by name.
    """
    if name == "CreateExcludeConstraintOp":
        return getattr(importlib.import_module("alembic.operations.ops"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
