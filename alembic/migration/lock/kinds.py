"""Which kind of lock a database has."""

from __future__ import annotations

from importlib import import_module
from typing import Dict
from typing import Optional
from typing import Tuple
from typing import Type
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import DatabaseLock

# loaded by name, so that a run imports the one kind that it needs
_KINDS: Dict[str, Tuple[str, str]] = {
    "sqlite": ("sqlite", "SQLiteLock"),
    "postgresql": ("postgresql", "PostgresqlLock"),
    "mysql": ("mysql", "MySQLLock"),
    "mariadb": ("mysql", "MySQLLock"),
    "mssql": ("mssql", "MSSQLLock"),
    "oracle": ("oracle", "OracleLock"),
}


def lock_for(dialect_name: str) -> Optional[Type[DatabaseLock]]:
    """Return the kind of lock that a dialect has, or None."""
    kind = _KINDS.get(dialect_name)
    if kind is None:
        return None
    found: Type[DatabaseLock] = getattr(
        import_module(f"{__package__}.{kind[0]}"), kind[1]
    )
    return found
