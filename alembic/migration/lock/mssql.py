"""SQL Server: sp_getapplock."""

from __future__ import annotations

from typing import Any

from ...sqla import driver
from .base import DatabaseLock

_TAKE = """
SET NOCOUNT ON;
DECLARE @taken int;
EXEC @taken = sp_getapplock @Resource = :name, @LockMode = 'Exclusive',
  @LockOwner = '{owner}', @LockTimeout = {milliseconds};
SELECT @taken;
"""

_HOLDER = """
SELECT s.session_id, s.login_name, s.program_name, s.host_name
FROM sys.dm_tran_locks AS l
JOIN sys.dm_exec_sessions AS s ON s.session_id = l.request_session_id
WHERE l.resource_type = 'APPLICATION' AND l.request_status = 'GRANT'
AND l.resource_database_id = DB_ID() AND l.resource_description LIKE :pattern
"""

_GIVE_BACK = """
SET NOCOUNT ON;
DECLARE @given int;
EXEC @given = sp_releaseapplock @Resource = :name, @LockOwner = 'Session';
SELECT @given;
"""


class MSSQLLock(DatabaseLock):
    """An application lock of the database."""

    @property
    def _name(self) -> str:
        default = getattr(self._connection().dialect, "default_schema_name", None)
        return f"alembic:{self.key.text(default)}"[:255]

    def try_to_take(self, wait: float) -> bool:
        row = driver.fetch_row(
            self._connection(),
            _TAKE.format(
                owner="Transaction" if self.by_transaction else "Session",
                milliseconds=int(wait * 1000),
            ),
            name=self._name,
        )
        # 0: at once; 1: after waiting; below 0: not at all
        return bool(row[0] >= 0)

    def holder(self) -> str:
        # the description shows the first 32 characters of the name
        row = driver.fetch_row(
            self._connection(), _HOLDER, pattern=f"%{self._name[:32]}%"
        )
        if row is None:
            return "another session"
        session, login, program, host = row
        return f"session {session} (login {login}, program {program}, from {host})"

    def give_back(self) -> None:
        if self.by_transaction:
            return

        def unlock(connection: Any) -> None:
            driver.fetch_row(connection, _GIVE_BACK, name=self._name)

        self._settled(unlock)
