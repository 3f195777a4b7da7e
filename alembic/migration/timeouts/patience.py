"""What happens when a lock is not had in time: roll back, pause, try again.

Where schema changes are not rolled back, what was done is left out the next time.
"""

from __future__ import annotations

import logging
import time
from typing import Any
from typing import Callable

from typing_extensions import Protocol

from ...sqla import driver
from ...util.exc import CommandError
from ...util.interruption import checkpoint
from .limits import STATEMENT
from .limits import TABLE_LOCK
from .run_timeouts import RunTimeouts

log = logging.getLogger("alembic.runtime.migration")

RETRIES = 5
"""How often is tried again where no ``table_lock_retries`` is given."""

PAUSE = 1.0
"""Seconds before the first new try where no ``table_lock_retry_pause`` is given."""

_LONGEST_PAUSE = 60.0
_SLICE = 0.5


class _Transactions(Protocol):
    """What is asked of the transactions of a run."""

    breaks: int


class Patience:
    """Tries again what failed for want of a lock.

    While a migration waits for a lock, everybody who comes after it waits for it too;
    so it is better to wait for a short time, let others pass, and come back.

    :param timeouts: the limits of the run.
    :param transactions: those of the run.
    :param connection: returns the connection.
    :param retries: how often to try again.
    :param pause: how many seconds to wait before; twice as long each further time.
    """

    def __init__(
        self,
        timeouts: RunTimeouts,
        transactions: _Transactions,
        connection: Callable[[], Any],
        retries: int,
        pause: float,
    ) -> None:
        self._timeouts = timeouts
        self._transactions = transactions
        self._connection = connection
        self._retries = retries
        self._pause = pause

    def run(self, attempt: Callable[[], None], start_over: Callable[[], bool]) -> None:
        """Do something, if need be several times.

        :param attempt: what to do, in one transaction.
        :param start_over: makes everything as it was before it, and tells whether that
            could be done.
        :raises CommandError: when a statement reached one of the limits, and trying
            again did not help, or would not.
        """
        tries = 0
        while True:
            breaks = self._transactions.breaks
            try:
                attempt()
            except Exception as error:
                if self._timeouts.is_statement_timeout(error):
                    raise CommandError(self._too_long(error)) from error
                if not self._timeouts.is_lock_timeout(error):
                    raise
                tries += 1
                line = self._no_lock(error, tries)
                if (
                    tries > self._retries
                    or not start_over()
                    or breaks != self._transactions.breaks
                ):
                    raise CommandError(line) from error
            else:
                return
            self._wait(min(self._pause * 2 ** (tries - 1), _LONGEST_PAUSE), tries)

    def _wait(self, seconds: float, tries: int) -> None:
        log.warning(
            "A lock was not to be had within %g s; what was not committed was "
            "rolled back, and is tried again in %g s (%d of %d)",
            self._timeouts.limits.table_lock or 0,
            seconds,
            tries,
            self._retries,
        )
        end = time.monotonic() + seconds
        while True:
            checkpoint()
            left = end - time.monotonic()
            if left <= 0:
                return
            driver.pause(self._connection(), min(left, _SLICE))

    def _no_lock(self, error: Any, tries: int) -> str:
        times = "" if tries == 1 else f", {tries} times"
        return (
            f"A lock was not to be had within {self._timeouts.limits.table_lock:g} "
            f"s ({TABLE_LOCK}){times}: {_told(error)}. See who holds it, run the "
            f"command again at a quieter time, or set {TABLE_LOCK} higher"
        )

    def _too_long(self, error: Any) -> str:
        return (
            f"A statement was stopped after {self._timeouts.limits.statement:g} "
            f"s ({STATEMENT}): {_told(error)}. If it needs longer, write "
            f"'{STATEMENT} = <seconds>' into its revision file, or set it for the run; "
            "0 is no limit"
        )


def _told(error: Any) -> str:
    original = " ".join(str(error.orig).split())
    statement = " ".join((getattr(error, "statement", None) or "").split())
    return f"{original} [SQL: {statement[:300]}]"
