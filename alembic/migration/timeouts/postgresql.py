"""PostgreSQL: lock_timeout and statement_timeout."""

from __future__ import annotations

from typing import Any
from typing import List

from ...sqla import driver
from .base import DatabaseTimeouts
from .base import milliseconds
from .base import sql_state
from .limits import Limits

_NAMES = ("lock_timeout", "statement_timeout")

_LOCK_NOT_AVAILABLE = "55P03"
_DEADLOCK_DETECTED = "40P01"
_QUERY_CANCELED = "57014"


class PostgresqlTimeouts(DatabaseTimeouts):
    """``SET LOCAL`` inside a transaction, ``SET`` outside of one."""

    end_with_transaction = True

    def read(self, connection: Any) -> Any:
        return tuple(
            driver.fetch_row(
                connection,
                "SELECT current_setting('lock_timeout'), "
                "current_setting('statement_timeout')",
            )
        )

    def write(self, connection: Any, limits: Limits, local: bool) -> None:
        values = [
            None if limit is None else str(milliseconds(limit)) for limit in limits
        ]
        self.restore(connection, values, local)

    def restore(self, connection: Any, saved: Any, local: bool) -> None:
        calls = [
            f"set_config('{name}', '{value}', {'true' if local else 'false'})"
            for name, value in zip(_NAMES, saved)
            if value is not None
        ]
        if calls:
            driver.fetch_row(connection, f"SELECT {', '.join(calls)}")

    def script(self, limits: Limits, before: Limits, local: bool) -> List[str]:
        return [
            f"SET {'LOCAL ' if local else ''}{name} = "
            + ("DEFAULT" if limit is None else f"'{milliseconds(limit)}ms'")
            for name, limit, old in zip(_NAMES, limits, before)
            if limit is not None or old is not None
        ]

    def is_lock_timeout(self, original: Any) -> bool:
        # who waited for the other in a deadlock has waited for a lock, too
        return sql_state(original) in (_LOCK_NOT_AVAILABLE, _DEADLOCK_DETECTED)

    def is_statement_timeout(self, original: Any) -> bool:
        return sql_state(original) == _QUERY_CANCELED and "statement timeout" in str(
            original
        )
