"""What others have committed, in a transaction that began before they did."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from typing import Iterator
from typing import TYPE_CHECKING

from .cursors import fetch_on_driver
from .cursors import run_on_driver
from .driver import is_mariadb

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect

_ASK = "SHOW VARIABLES LIKE 'innodb_snapshot_isolation'"
_SET = "SET SESSION innodb_snapshot_isolation = "


def past_snapshot(select: Any, dialect: Dialect) -> Any:
    """Return a SELECT that sees what was committed since the transaction began.

    To be run inside of `snapshot_ignored`.

    :param select: the SELECT.
    :param dialect: the dialect of the database.
    """
    if dialect.name in ("mysql", "mariadb"):
        # under REPEATABLE READ a plain one goes on showing what the first one saw
        return select.with_for_update(read=True)
    return select


@contextmanager
def snapshot_ignored(connection: Connection) -> Iterator[None]:
    """Let a block lock and change rows that were committed since the transaction began.

    MariaDB refuses that since 11.6.2, and rolls the whole transaction back, unless it
    is told otherwise. That is right for the statements of others; it stays in force
    around the block.

    :param connection: any connection; on other databases nothing is in the way.
    """
    if not is_mariadb(connection.dialect) or not _is_in_force(connection):
        yield
        return
    run_on_driver(connection, _SET + "OFF")
    try:
        yield
    finally:
        if not (connection.closed or connection.invalidated):
            run_on_driver(connection, _SET + "ON")


def _is_in_force(connection: Connection) -> bool:
    # older servers do not know the variable
    return [row[1] for row in fetch_on_driver(connection, _ASK)] == ["ON"]
