"""Which kind of lock a database has."""

from __future__ import annotations

from typing import Optional
from typing import Type
from typing import TYPE_CHECKING

from ..kinds import Kinds
from ..kinds import load_kind

if TYPE_CHECKING:
    from .base import DatabaseLock

_KINDS: Kinds = {
    "sqlite": ("sqlite", "SQLiteLock"),
    "postgresql": ("postgresql", "PostgresqlLock"),
    "mysql": ("mysql", "MySQLLock"),
    "mariadb": ("mysql", "MySQLLock"),
    "mssql": ("mssql", "MSSQLLock"),
    "oracle": ("oracle", "OracleLock"),
}


def lock_for(dialect_name: str) -> Optional[Type[DatabaseLock]]:
    """Return the kind of lock that a dialect has, or None."""
    found: Optional[Type[DatabaseLock]] = load_kind(_KINDS, dialect_name, __package__)
    return found
