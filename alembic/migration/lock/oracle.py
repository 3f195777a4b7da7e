"""Oracle: DBMS_LOCK, where the user may execute it."""

from __future__ import annotations

import math
from typing import Any

from ...sqla import driver
from .base import DatabaseLock
from .base import LockUnavailable

_EXCLUSIVE = 6
_TAKEN = 0
_TAKEN_BEFORE = 4

_HOLDER = """
SELECT s.sid, s.username, s.program, s.machine
FROM v$lock l JOIN v$session s ON s.sid = l.sid
WHERE l.type = 'UL' AND l.lmode = 6 AND l.id1 = :id
"""


class OracleLock(DatabaseLock):
    """``DBMS_LOCK.REQUEST``, known by a number that all of the database share."""

    @property
    def _id(self) -> int:
        default = getattr(self._connection().dialect, "default_schema_name", None)
        # DBMS_LOCK keeps numbers of 30 bits for users
        return self.key.number(29, default)

    def _call(self, block: str, **params: Any) -> int:
        """Run a PL/SQL block that sets ``:result``."""
        cursor = self._connection().connection.cursor()
        try:
            result = cursor.var(int)
            cursor.execute(block, dict(params, result=result))
            return int(result.getvalue())
        finally:
            cursor.close()

    def try_to_take(self, wait: float) -> bool:
        on_commit = "TRUE" if self.by_transaction else "FALSE"
        block = (
            f"BEGIN :result := DBMS_LOCK.REQUEST(:id, {_EXCLUSIVE}, :wait, "
            f"{on_commit}); END;"
        )
        try:
            result = self._call(block, id=self._id, wait=math.ceil(wait))
        except Exception as error:
            if "PLS-00201" not in str(error):
                raise
            raise LockUnavailable(
                "this user may not execute DBMS_LOCK; ask for "
                "GRANT EXECUTE ON DBMS_LOCK TO the user"
            ) from error
        return result in (_TAKEN, _TAKEN_BEFORE)

    def holder(self) -> str:
        try:
            row = driver.fetch_row(self._connection(), _HOLDER, id=self._id)
        except Exception:
            # v$ views are for the privileged
            row = None
        if row is None:
            return "another session"
        sid, user, program, machine = row
        return f"session {sid} (user {user}, program {program}, from {machine})"

    def give_back(self) -> None:
        if not self.by_transaction:
            self._call("BEGIN :result := DBMS_LOCK.RELEASE(:id); END;", id=self._id)
