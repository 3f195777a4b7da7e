"""SQLite: beginning a transaction for real, with the write lock in hand."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import exc as sa_exc

from ..sqla import driver
from ..util.exc import CommandError

_SLICE = 0.05


def begin_immediate(connection: Any, timeout: float, is_ours: bool) -> None:
    """Have SQLite begin a transaction and take its write lock.

    The transaction that SQLAlchemy thinks it has does not exist for SQLite until the
    driver sees the first change of data; schema changes before that are not part of it.

    :param connection: a connection on which SQLAlchemy has begun.
    :param timeout: how many seconds to wait for others who write.
    :param is_ours: whether what SQLite may already be in can be committed.
    :raises CommandError: when others did not end in time.
    """
    if driver.driver_is_in_transaction(connection):
        if not is_ours:
            return
        # begun by an event of the application's, without the write lock
        driver.commit_driver(connection)
        if driver.driver_is_in_transaction(connection):
            # a driver that is never outside; writing is what takes the lock
            version = driver.execute_as_is(connection, "PRAGMA user_version").scalar()
            _wait_for(connection, f"PRAGMA user_version={version}", timeout)
            return
    _wait_for(connection, "BEGIN IMMEDIATE", timeout)


def _wait_for(connection: Any, statement: str, timeout: float) -> None:
    """Run a statement as soon as nobody else writes."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            driver.execute_as_is(connection, statement)
        except sa_exc.OperationalError as error:
            if "locked" not in str(error.orig) and "busy" not in str(error.orig):
                raise
            if time.monotonic() >= deadline:
                raise CommandError(
                    "Another connection is writing to this SQLite database; waited "
                    f"{timeout:g} s for it to end ({error.orig}). Try again when "
                    "it has, or type --lock-wait (lock_timeout) to wait longer"
                ) from error
            driver.pause(connection, _SLICE)
        else:
            return
