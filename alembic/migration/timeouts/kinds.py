"""Which kind of limits a database has."""

from __future__ import annotations

from typing import Optional
from typing import Type
from typing import TYPE_CHECKING

from ..kinds import Kinds
from ..kinds import load_kind

if TYPE_CHECKING:
    from .base import DatabaseTimeouts

_KINDS: Kinds = {
    "sqlite": ("sqlite", "SQLiteTimeouts"),
    "postgresql": ("postgresql", "PostgresqlTimeouts"),
    "mysql": ("mysql", "MySQLTimeouts"),
    "mariadb": ("mysql", "MySQLTimeouts"),
    "mssql": ("mssql", "MSSQLTimeouts"),
}


def timeouts_for(dialect_name: str) -> Optional[DatabaseTimeouts]:
    """Return the limits that a dialect has, or None."""
    kind: Optional[Type[DatabaseTimeouts]] = load_kind(
        _KINDS, dialect_name, __package__
    )
    return None if kind is None else kind()
