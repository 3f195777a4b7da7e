"""SQLite: the busy timeout."""

from __future__ import annotations

from typing import Any
from typing import List

from ...sqla import driver
from .base import DatabaseTimeouts
from .base import milliseconds
from .limits import Limits

_FOR_EVER = 2**31 - 1


class SQLiteTimeouts(DatabaseTimeouts):
    """How long it waits for others who write; nothing limits a statement."""

    has_statement = False

    def read(self, connection: Any) -> Any:
        return driver.execute_as_is(connection, "PRAGMA busy_timeout").scalar()

    def write(self, connection: Any, limits: Limits, local: bool) -> None:
        if limits.table_lock is not None:
            self.restore(connection, milliseconds(limits.table_lock, _FOR_EVER), local)

    def restore(self, connection: Any, saved: Any, local: bool) -> None:
        driver.execute_as_is(connection, f"PRAGMA busy_timeout = {int(saved)}").close()

    def script(self, limits: Limits, before: Limits, local: bool) -> List[str]:
        wait = limits.table_lock
        if wait is None and before.table_lock is None:
            return []
        value = 0 if wait is None else milliseconds(wait, _FOR_EVER)
        return [f"PRAGMA busy_timeout = {value}"]

    def is_lock_timeout(self, original: Any) -> bool:
        text = str(original)
        return "is locked" in text or "busy" in text
