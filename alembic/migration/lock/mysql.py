"""MySQL and MariaDB: GET_LOCK()."""

from __future__ import annotations

import math
from typing import Any
from typing import Optional

from sqlalchemy import exc as sa_exc

from ...sqla import driver
from ...util.exc import CommandError
from .base import DatabaseLock

# Locks are named for the whole server, with 64 characters at most; MySQL 9.6 and newer
# have no MD5() any more.
_TAKE = """
SELECT k.name, GET_LOCK(k.name, :wait)
FROM (
  SELECT CONCAT(
    'alembic_',
    SHA2(CONCAT(COALESCE(:schema_name, DATABASE(), ''), '.', :table_name), 224)
  ) AS name
) AS k
"""

# what MySQL says when two wait for each other, one of them in GET_LOCK()
_DEADLOCK = 3058


class MySQLLock(DatabaseLock):
    """``GET_LOCK()``, which belongs to the session and outlives its transactions."""

    reading_holds_tables = True
    # InnoDB reads as of the first read of the transaction
    snapshot_is_stale = True
    _name: Optional[str] = None

    def try_to_take(self, wait: float) -> bool:
        try:
            self._name, taken = driver.fetch_row(
                self._connection(),
                _TAKE,
                wait=math.ceil(wait),
                schema_name=self.key.schema,
                table_name=self.key.table,
            )
        except sa_exc.DBAPIError as error:
            if getattr(error.orig, "args", (None,))[0] != _DEADLOCK:
                raise
            raise CommandError(
                "Another migration of this database is running, by "
                f"{self.holder()}, and waits for a table that the transaction of this "
                "connection has read. End that transaction before migrating, or give "
                "Alembic a connection of its own"
            ) from error
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
