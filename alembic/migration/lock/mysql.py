"""MySQL and MariaDB: GET_LOCK()."""

from __future__ import annotations

import math
from typing import Any
from typing import Optional

from ...sqla import driver
from .base import DatabaseLock

# Locks are named for the whole server, with 64 characters at most.
_TAKE = """
SELECT k.name, GET_LOCK(k.name, :wait)
FROM (
  SELECT CONCAT(
    'alembic_',
    MD5(CONCAT(COALESCE(:schema_name, DATABASE(), ''), '.', :table_name))
  ) AS name
) AS k
"""


class MySQLLock(DatabaseLock):
    """``GET_LOCK()``, which belongs to the session and outlives its transactions."""

    # InnoDB reads as of the first read of the transaction
    snapshot_is_stale = True
    _name: Optional[str] = None

    def try_to_take(self, wait: float) -> bool:
        self._name, taken = driver.fetch_row(
            self._connection(),
            _TAKE,
            wait=math.ceil(wait),
            schema_name=self.key.schema,
            table_name=self.key.table,
        )
        return bool(taken == 1)

    def holder(self) -> str:
        connection = self._connection()
        row = driver.fetch_row(
            connection,
            "SELECT p.id, p.user, p.host FROM information_schema.processlist AS p "
            "WHERE p.id = IS_USED_LOCK(:name)",
            name=self._name,
        )
        if row is None:
            return "another session"
        return f"session {row[0]} (user {row[1]}, from {row[2]})"

    def hand_to_transaction(self) -> bool:
        return False

    def give_back(self) -> None:
        def unlock(connection: Any) -> None:
            driver.fetch_row(connection, "SELECT RELEASE_LOCK(:name)", name=self._name)

        self._settled(unlock)
