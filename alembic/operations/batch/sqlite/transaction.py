"""All of a batch or nothing of it, and foreign keys out of the way meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import exc as sqlalchemy_exc

from ....ddl import sqlite_foreign_keys
from ....sqla.connections import in_transaction
from ....sqla.driver import execute_as_is

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SAVEPOINT = "alembic_batch"


class ForeignKeys:
    """How things stand with foreign keys during a batch.

    :ivar enforced: the user has them enforced, so all must be well in the end.
    :ivar suspended: they are not enforced just now. Where they are, because a
        transaction was open and SQLite does not turn enforcement off in one, a table
        that others refer to must not be dropped.
    """

    def __init__(self, enforced: bool, suspended: bool) -> None:
        self.enforced = enforced
        self.suspended = suspended


@contextmanager
def all_or_nothing(connection: Connection) -> Iterator[ForeignKeys]:
    """Undo everything when the block fails.

    Inside a transaction the block becomes a part of it, and what happens to the
    transaction afterwards is its owner's affair. Where there is none, the block is one.

    :param connection: a connection to SQLite.
    """
    enforced = sqlite_foreign_keys.enforced(connection)
    suspended = enforced and sqlite_foreign_keys.suspend(connection)
    try:
        with _no_autocommit(connection):
            execute_as_is(connection, f"SAVEPOINT {_SAVEPOINT}")
            try:
                yield ForeignKeys(enforced, suspended)
            except BaseException:
                _roll_back(connection)
                raise
            execute_as_is(connection, f"RELEASE SAVEPOINT {_SAVEPOINT}")
    finally:
        if suspended:
            sqlite_foreign_keys.resume(connection)


def _roll_back(connection: Connection) -> None:
    try:
        execute_as_is(connection, f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
        execute_as_is(connection, f"RELEASE SAVEPOINT {_SAVEPOINT}")
    except sqlalchemy_exc.DBAPIError:
        # after a full disk and the like SQLite has rolled back everything by itself
        pass


@contextmanager
def _no_autocommit(connection: Connection) -> Iterator[None]:
    """Keep SQLAlchemy from committing single statements, as it did before 2.0."""
    if in_transaction(connection):
        yield
    else:
        with connection.begin():
            yield
