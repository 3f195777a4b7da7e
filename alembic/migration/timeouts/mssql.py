"""SQL Server: LOCK_TIMEOUT."""

from __future__ import annotations

from typing import Any
from typing import List

from ...sqla import driver
from .base import DatabaseTimeouts
from .base import error_numbers
from .base import milliseconds
from .limits import Limits

_LOCK_REQUEST_TIMEOUT = 1222
_DEADLOCK = 1205
_FOR_EVER = -1


class MSSQLTimeouts(DatabaseTimeouts):
    """How long a statement waits for locks; its time is limited by drivers only."""

    has_statement = False

    def read(self, connection: Any) -> Any:
        return driver.fetch_row(connection, "SELECT @@LOCK_TIMEOUT")[0]

    def write(self, connection: Any, limits: Limits, local: bool) -> None:
        if limits.table_lock is not None:
            self.restore(connection, milliseconds(limits.table_lock, _FOR_EVER), local)

    def restore(self, connection: Any, saved: Any, local: bool) -> None:
        driver.execute_as_is(connection, f"SET LOCK_TIMEOUT {int(saved)}")

    def script(self, limits: Limits, before: Limits, local: bool) -> List[str]:
        wait = limits.table_lock
        if wait is None and before.table_lock is None:
            return []
        value = _FOR_EVER if wait is None else milliseconds(wait, _FOR_EVER)
        return [f"SET LOCK_TIMEOUT {value}"]

    def is_lock_timeout(self, original: Any) -> bool:
        numbers = list(error_numbers(original))
        if numbers:
            return any(n in (_LOCK_REQUEST_TIMEOUT, _DEADLOCK) for n in numbers)
        # pyodbc puts the number into the text
        return f"({_LOCK_REQUEST_TIMEOUT})" in str(original)
