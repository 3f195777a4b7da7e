"""Tells how far SQLite has come with copying the rows of a table.

The copy is one statement. SQLite calls back each time it has done so many instructions,
and does as many of them for each row: those of the loop that ``EXPLAIN`` shows.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Any
from typing import Iterator
from typing import Optional

from sqlalchemy.engine import Connection

from ....sqla.driver import execute_as_is
from ....sqla.sqlite_driver import sqlite_connection
from ....util import progress

# called a few hundred times a second
_INSTRUCTIONS = 100_000


@contextmanager
def copying(
    connection: Connection, name: str, table: str, insert: str
) -> Iterator[None]:
    """Tell how far the statement inside the block has come.

    :param connection: the connection that runs it.
    :param name: the name of the table that is copied, for people.
    :param table: the same as SQL.
    :param insert: the statement: ``INSERT INTO ... SELECT ... FROM`` the table.
    """
    driver = sqlite_connection(connection) if progress.is_wanted() else None
    expected = None if driver is None else _expected(connection, table, insert)
    if driver is None or not expected:
        yield
        return
    begun = time.monotonic()
    calls = 0

    def tell() -> int:
        nonlocal calls
        calls += 1
        # estimated, so it may seem to be over before it is
        share = min(calls * _INSTRUCTIONS / expected, 0.99)
        progress.tell(progress.Copying(name, share, time.monotonic() - begun))
        return 0

    driver.set_progress_handler(tell, _INSTRUCTIONS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
        progress.tell(progress.Copying(name, 1, time.monotonic() - begun))


def _expected(connection: Connection, table: str, insert: str) -> Optional[int]:
    """Return how many instructions a copy takes; None when it is a short one."""
    rows = execute_as_is(connection, f"SELECT count(*) FROM {table}").scalar()
    program = execute_as_is(connection, f"EXPLAIN {insert}").fetchall()
    # a loop is a way back: one reads the rows, another one writes them
    loops = sum(step[0] - step[3] + 1 for step in program if _goes_back(step))
    expected = int(rows) * int(loops)
    return expected if expected > _INSTRUCTIONS else None


def _goes_back(step: Any) -> bool:
    address, operation, _, target = step[:4]
    # every program ends with a way back to its first step, which is no loop
    return operation in ("Next", "Goto") and 1 < target < address
