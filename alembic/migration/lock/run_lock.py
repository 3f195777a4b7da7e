"""The lock of one run: taken when there is work, given back when the work is safe."""

from __future__ import annotations

import logging
import time
from typing import Any
from typing import Callable
from typing import Optional

from ...sqla import connections
from ...util.exc import CommandError
from ...util.interruption import checkpoint
from .base import DatabaseLock
from .base import LockKey
from .base import LockUnavailable
from .kinds import lock_for

log = logging.getLogger("alembic.runtime.migration")


class RunLock:
    """Holds the lock of a database while a migration context works on it.

    :param dialect_name: the kind of database.
    :param connection: returns the connection that is to hold the lock.
    :param key: returns what to lock; asked when the lock is taken.
    :param enabled: False to do without.
    :param by_transaction: have the transaction hold the lock even where the session
        could.
    :param timeout: how many seconds to wait for others.
    :param renew: ends the transaction and begins another, if it is ours; for where
        waiting in it would hold up who has the lock.
    """

    def __init__(
        self,
        dialect_name: str,
        connection: Callable[[], Any],
        key: Callable[[], LockKey],
        *,
        enabled: bool,
        by_transaction: bool,
        timeout: float,
        renew: Callable[[], None],
    ) -> None:
        self._dialect_name = dialect_name
        self._connection = connection
        self._key = key
        self._kind = lock_for(dialect_name) if enabled else None
        self._by_transaction = by_transaction
        self._timeout = timeout
        self._renew = renew
        self._held: Optional[DatabaseLock] = None
        self._taken_in: Any = None

    @property
    def is_held(self) -> bool:
        """Whether the lock is held now."""
        return self._held is not None

    @property
    def went_with_transaction(self) -> bool:
        """Whether the lock was held by a transaction that has ended since."""
        held = self._held
        return (
            held is not None
            and held.by_transaction
            and self._taken_in
            is not connections.current_transaction(self._connection())
        )

    @property
    def reading_holds_tables(self) -> bool:
        """Whether who looks before the lock is taken may hold up who has it."""
        return self._kind is not None and self._kind.reading_holds_tables

    @property
    def snapshot_is_stale(self) -> bool:
        """Whether the transaction may go on showing what was there before."""
        return self._held is not None and self._held.snapshot_is_stale

    def take(self, by_transaction: bool) -> None:
        """Take the lock, unless it is held already or there is none.

        :param by_transaction: the transaction belongs to the caller, who ends it
            after this run; so it must be what holds the lock.
        :raises CommandError: when others did not give it back in time.
        """
        if self._kind is None or self._held is not None:
            return
        lock = self._kind(
            self._connection, self._key(), by_transaction or self._by_transaction
        )
        try:
            self._wait_for(lock)
        except LockUnavailable as error:
            log.warning("Running without a lock against other migrations: %s", error)
            self._kind = None
            return
        self._held = lock
        self._taken_in = connections.current_transaction(self._connection())

    def _wait_for(self, lock: DatabaseLock) -> None:
        if lock.try_to_take(0):
            return
        if lock.reading_holds_tables:
            self._renew()
        deadline = time.monotonic() + self._timeout
        log.info("Waiting for another migration to end, run by %s", lock.holder())
        while True:
            checkpoint()
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise CommandError(
                    "Another migration of this database is running, by "
                    f"{lock.holder()}; waited {self._timeout:g} s for it. Try "
                    "again when it has ended, or type --lock-wait (lock_timeout) to "
                    "wait longer"
                )
            if lock.try_to_take(min(remaining, lock.slice)):
                return

    def release_with_commit(self) -> None:
        """Prepare for the commit that ends the run; call `release` after it."""
        try:
            if self._held is not None and self._held.hand_to_transaction():
                self._held = None
        except Exception:
            # a transaction that has failed takes no statement; the commit will tell
            log.debug("The lock could not be handed to the commit", exc_info=True)

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        lock, self._held = self._held, None
        if lock is None:
            return
        try:
            lock.give_back()
        except Exception:
            # a session that is gone has given it back already
            log.debug("The lock could not be given back", exc_info=True)
