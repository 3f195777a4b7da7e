"""Which kind of limits a database has."""

from __future__ import annotations

from importlib import import_module
from typing import Dict
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import DatabaseTimeouts

# loaded by name, so that a run imports the one kind that it needs
_KINDS: Dict[str, Tuple[str, str]] = {
    "sqlite": ("sqlite", "SQLiteTimeouts"),
    "postgresql": ("postgresql", "PostgresqlTimeouts"),
    "mysql": ("mysql", "MySQLTimeouts"),
    "mariadb": ("mysql", "MySQLTimeouts"),
    "mssql": ("mssql", "MSSQLTimeouts"),
}


def timeouts_for(dialect_name: str) -> Optional[DatabaseTimeouts]:
    """Return the limits that a dialect has, or None."""
    kind = _KINDS.get(dialect_name)
    if kind is None:
        return None
    found: DatabaseTimeouts = getattr(
        import_module(f"{__package__}.{kind[0]}"), kind[1]
    )()
    return found
