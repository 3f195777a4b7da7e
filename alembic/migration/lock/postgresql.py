"""PostgreSQL: an advisory lock."""

from __future__ import annotations

from typing import Any
from typing import Optional

from ...sqla import driver
from .base import DatabaseLock

# The server makes the number, as it knows the schema that an unqualified name means.
# PostgreSQL keeps advisory locks of different databases apart.
_TAKE = """
SELECT k, {function}(k), current_setting('transaction_isolation')
FROM (
  SELECT CAST(CAST('x' || substr({digest}, 1, 16) AS bit(64)) AS bigint) AS k
) AS keys
"""
_KEY = """
    'alembic:' || coalesce(CAST(:schema AS text), CAST(current_schema() AS text), '')
    || '.' || CAST(:name AS text)
  """
_DIGEST = f"encode(sha224(convert_to({_KEY}, 'UTF8')), 'hex')"
# newer servers refuse it where only approved cryptography is allowed (FIPS)
_DIGEST_BEFORE_11 = f"md5({_KEY})"

_HOLDER = """
SELECT
  a.pid, a.usename, a.application_name, CAST(a.client_addr AS text), a.backend_start
FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND (CAST(l.classid AS bigint) << 32) | CAST(l.objid AS bigint) = CAST(:k AS bigint)
"""


class PostgresqlLock(DatabaseLock):
    """``pg_advisory_lock``, asked for again and again rather than waited for.

    A session that waits inside ``pg_advisory_lock()`` holds a snapshot, and CREATE
    INDEX CONCURRENTLY in the session that has the lock would wait for that snapshot to
    go: both would stand still.
    """

    slice = 0.25
    _number: Optional[int] = None

    def try_to_take(self, wait: float) -> bool:
        function = (
            "pg_try_advisory_xact_lock"
            if self.by_transaction
            else "pg_try_advisory_lock"
        )
        connection = self._connection()
        if wait:
            driver.pause(connection, wait)
        version = connection.dialect.server_version_info or (11,)
        self._number, taken, isolation = driver.fetch_row(
            connection,
            _TAKE.format(
                function=function,
                digest=_DIGEST if version >= (11,) else _DIGEST_BEFORE_11,
            ),
            schema=self.key.schema,
            name=self.key.table,
        )
        self.snapshot_is_stale = isolation not in ("read committed", "read uncommitted")
        return bool(taken)

    def holder(self) -> str:
        row = driver.fetch_row(self._connection(), _HOLDER, k=self._number)
        if row is None:
            return "another session"
        pid, user, application, address, since = row
        return (
            f"session {pid} (user {user}"
            + (f", application {application}" if application else "")
            + (f", from {address}" if address else "")
            + f", connected since {since:%Y-%m-%d %H:%M:%S})"
        )

    def hand_to_transaction(self) -> bool:
        if not self.by_transaction:
            # the session has the lock already, so that its transaction gets it at once
            driver.fetch_row(
                self._connection(),
                "SELECT pg_advisory_xact_lock(CAST(:k AS bigint)), "
                "pg_advisory_unlock(CAST(:k AS bigint))",
                k=self._number,
            )
        return True

    def give_back(self) -> None:
        if self.by_transaction:
            return

        def unlock(connection: Any) -> None:
            driver.fetch_row(
                connection,
                "SELECT pg_advisory_unlock(CAST(:k AS bigint))",
                k=self._number,
            )

        self._settled(unlock)
