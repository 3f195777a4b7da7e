"""What every kind of lock can do."""

from __future__ import annotations

import hashlib
from typing import Any
from typing import Callable
from typing import NamedTuple
from typing import Optional

from ...sqla import connections


class LockUnavailable(Exception):
    """This database, or this user of it, does not have what the lock needs."""


class LockKey(NamedTuple):
    """What is locked, besides the database of the connection itself.

    :ivar schema: the schema of the version table; None for the default one.
    :ivar table: the name of the version table.
    """

    schema: Optional[str]
    table: str

    def text(self, default_schema: Optional[str] = None) -> str:
        """Return the key as one text, the same for everybody who means the same."""
        return f"{self.schema or default_schema or ''}.{self.table}"

    def number(self, bits: int, default_schema: Optional[str] = None) -> int:
        """Return the key as a number of at most ``bits`` bits."""
        text = "alembic:" + self.text(default_schema)
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        return int.from_bytes(digest[:8], "big") >> (64 - bits)


class DatabaseLock:
    """One lock in one database.

    :param connection: returns the connection that is to hold the lock.
    :param key: what to lock.
    :param by_transaction: whether the transaction holds the lock rather than the
        session, so that the end of the transaction gives it back.

    :cvar slice: how many seconds `try_to_take` is asked to wait at most in one call.
    :cvar reading_holds_tables: whether a transaction keeps all others, who has the lock
        among them, from changing or making a table that it has looked at.
    :ivar snapshot_is_stale: whether the transaction goes on showing what was there
        before the lock was taken.
    """

    slice = 1.0
    reading_holds_tables = False
    snapshot_is_stale = False

    def __init__(
        self, connection: Callable[[], Any], key: LockKey, by_transaction: bool
    ) -> None:
        self._connection = connection
        self.key = key
        self.by_transaction = by_transaction

    def try_to_take(self, wait: float) -> bool:
        """Take the lock if it can be had.

        :param wait: how many seconds to wait for it, about.
        :return: whether it was taken.
        :raises LockUnavailable: when there is no such lock here.
        """
        raise LockUnavailable("no lock is known for this database")

    def holder(self) -> str:
        """Say who holds the lock, as a phrase."""
        return "somebody else"

    def hand_to_transaction(self) -> bool:
        """Make the commit that follows give the lock back, where that can be done.

        :return: whether it was done; if not, `give_back` is needed after the commit.
        """
        return self.by_transaction

    def give_back(self) -> None:
        """Give the lock back."""

    def _settled(self, run: Callable[[Any], Any]) -> Any:
        """Run something on the connection; leave no transaction that was not there."""
        connection = self._connection()
        before = connections.in_transaction(connection)
        try:
            return run(connection)
        finally:
            if not before:
                connections.rollback(connection)
