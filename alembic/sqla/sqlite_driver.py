"""The driver of SQLite below a connection: what only it can do."""

from __future__ import annotations

import sqlite3
from typing import Any
from typing import Optional

from sqlalchemy.engine import Connection


def sqlite_connection(connection: Connection) -> Optional[sqlite3.Connection]:
    """Return the connection of Python's own driver; None with any other driver."""
    candidate: Any = connection.connection
    # the pool's connection hands it out under one name or another, by version
    for attribute in ("driver_connection", "dbapi_connection", "connection"):
        if isinstance(candidate, sqlite3.Connection):
            return candidate
        candidate = getattr(candidate, attribute, candidate)
    return candidate if isinstance(candidate, sqlite3.Connection) else None
