"""MySQL and MariaDB: three variables of the session."""

from __future__ import annotations

import math
from typing import Any
from typing import Dict
from typing import List

from ...sqla import driver
from .base import DatabaseTimeouts
from .base import error_numbers
from .limits import Limits

_LOCK_WAIT_TIMEOUT = 1205
_DEADLOCK = 1213
_MAX_STATEMENT_TIME = 1969
_MAX_EXECUTION_TIME = 3024

# the highest that the servers take
_FOR_EVER = {"lock_wait_timeout": 31536000, "innodb_lock_wait_timeout": 1073741824}


class MySQLTimeouts(DatabaseTimeouts):
    """Locks of tables and of rows, in whole seconds, and the time of a statement.

    MySQL limits the time of SELECT only; MariaDB that of all statements.
    """

    def _statement_variable(self, connection: Any) -> str:
        if driver.is_mariadb(connection.dialect):
            return "max_statement_time"
        return "max_execution_time"

    def read(self, connection: Any) -> Any:
        names = [*_FOR_EVER, self._statement_variable(connection)]
        row = driver.fetch_row(
            connection, "SELECT " + ", ".join(f"@@SESSION.{name}" for name in names)
        )
        return dict(zip(names, row))

    def write(self, connection: Any, limits: Limits, local: bool) -> None:
        values: Dict[str, Any] = {}
        if limits.table_lock is not None:
            for name, highest in _FOR_EVER.items():
                values[name] = math.ceil(limits.table_lock) or highest
        if limits.statement is not None:
            name = self._statement_variable(connection)
            in_milliseconds = name == "max_execution_time"
            values[name] = (
                math.ceil(limits.statement * 1000)
                if in_milliseconds
                else limits.statement
            )
        self.restore(connection, values, local)

    def restore(self, connection: Any, saved: Any, local: bool) -> None:
        if saved:
            driver.execute_as_is(
                connection,
                "SET " + ", ".join(f"SESSION {name} = {saved[name]}" for name in saved),
            )

    def script(self, limits: Limits, before: Limits, local: bool) -> List[str]:
        statements = []
        wait, statement = limits
        if wait is not None or before.table_lock is not None:
            values = [
                f"SESSION {name} = "
                + ("DEFAULT" if wait is None else str(math.ceil(wait) or highest))
                for name, highest in _FOR_EVER.items()
            ]
            statements.append("SET " + ", ".join(values))
        if statement is not None or before.statement is not None:
            # which of both servers will run the script is not known; each of them takes
            # the other's for a comment
            in_milliseconds = (
                "DEFAULT" if statement is None else str(math.ceil(statement * 1000))
            )
            in_seconds = "DEFAULT" if statement is None else _decimal(statement)
            statements += [
                f"/*!50704 SET SESSION max_execution_time = {in_milliseconds} */",
                f"/*M!100101 SET SESSION max_statement_time = {in_seconds} */",
            ]
        return statements

    def is_lock_timeout(self, original: Any) -> bool:
        return any(
            number in (_LOCK_WAIT_TIMEOUT, _DEADLOCK)
            for number in error_numbers(original)
        )

    def is_statement_timeout(self, original: Any) -> bool:
        return any(
            number in (_MAX_STATEMENT_TIME, _MAX_EXECUTION_TIME)
            for number in error_numbers(original)
        )


def _decimal(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
