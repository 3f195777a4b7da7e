"""SQL Server."""

from __future__ import annotations

from .elements import mssql_add_column
from .elements import visit_add_column
from .elements import visit_column_comment
from .elements import visit_column_default
from .elements import visit_column_nullable
from .elements import visit_column_type
from .elements import visit_rename_column
from .elements import visit_rename_table
from .impl import MSSQLImpl

__all__ = [
    "MSSQLImpl",
    "mssql_add_column",
    "visit_add_column",
    "visit_column_comment",
    "visit_column_default",
    "visit_column_nullable",
    "visit_column_type",
    "visit_rename_column",
    "visit_rename_table",
]
