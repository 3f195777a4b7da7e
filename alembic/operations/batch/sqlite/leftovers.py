"""The temporary table that an interrupted batch, of an older tool perhaps, left."""

from __future__ import annotations

import logging
from typing import Any
from typing import List
from typing import TYPE_CHECKING

from ....ddl.sqlite_foreign_keys import prefix
from ....ddl.sqlite_foreign_keys import quote
from ....ddl.sqlite_foreign_keys import references
from ....sqla.driver import execute_as_is
from ....util.exc import CommandError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from .schema_objects import TableState

log = logging.getLogger("alembic.operations.batch")


def clear(
    connection: Connection,
    leftover: TableState,
    state: TableState,
    in_the_way: bool = True,
) -> None:
    """Drop what an interrupted batch left, if all its rows are in the table itself.

    :param connection: a connection to SQLite, inside `all_or_nothing()`.
    :param leftover: the temporary table.
    :param state: the table it is a copy of.
    :param in_the_way: whether its name is needed; it may stay otherwise.
    :raises CommandError: when it is in the way and may hold the only copy of some row.
    """
    objection = ""
    if references(connection, leftover.name, leftover.schema):
        objection = "foreign keys refer to it"
    elif not _is_copied(connection, leftover, state):
        objection = f"it has rows that {state.name!r} has not"
    if objection and in_the_way:
        raise CommandError(
            f"Can't change table {state.name!r}: an interrupted batch left table "
            f"{leftover.name!r}, and {objection}. Look at it, then drop it or rename "
            f'it, for instance with: ALTER TABLE "{leftover.name}" RENAME TO '
            f'"{state.name}_old"'
        )
    if objection:
        log.warning(
            "An interrupted batch left table %s, and %s; it was not touched",
            leftover.name,
            objection,
        )
        return
    name = quote(connection, leftover.name)
    execute_as_is(connection, f"DROP TABLE {prefix(connection, state.schema)}{name}")
    log.warning(
        "Dropped table %s, which an interrupted batch had left; all its rows are in %s",
        leftover.name,
        state.name,
    )


def refuse_missing(
    table_name: str, leftover: TableState, connection: Connection
) -> CommandError:
    """Return the error for a table of which only the temporary one is left."""
    old, new = quote(connection, leftover.name), quote(connection, table_name)
    return CommandError(
        f"Table {table_name!r} does not exist, but {leftover.name!r} does: a batch was "
        "interrupted after the one was dropped and before the other was renamed, so "
        "it may hold the only copy of the rows. Look at it, then type: ALTER TABLE "
        f"{old} RENAME TO {new}"
    )


def _is_copied(connection: Connection, leftover: TableState, state: TableState) -> bool:
    """Tell whether every row of the left-over is also a row of the table."""
    left = prefix(connection, leftover.schema) + quote(connection, leftover.name)
    if _first(connection, f"SELECT 1 FROM {left} LIMIT 1") is None:
        return True
    mine = _columns(connection, state)
    shared = [name for name in _columns(connection, leftover) if name in mine]
    if not shared:
        return False
    listed = ", ".join(quote(connection, name) for name in shared)
    right = prefix(connection, state.schema) + quote(connection, state.name)
    difference = (
        f"SELECT {listed} FROM {left} EXCEPT SELECT {listed} FROM {right} LIMIT 1"
    )
    if _first(connection, difference) is not None:
        return False
    # rows that are alike in all shared columns must be there as often
    count = "SELECT count(*) FROM "
    ours, theirs = (_first(connection, count + table)[0] for table in (left, right))
    extra = [name for name in _columns(connection, leftover) if name not in mine]
    return bool(ours <= theirs) and not _filled(connection, left, extra)


def _filled(connection: Connection, table: str, columns: List[str]) -> bool:
    """Tell whether columns that the table itself lacks differ from row to row.

    A batch that adds a column gives all rows the same value; what differs was put
    there by somebody.
    """
    return any(
        _first(
            connection,
            f"SELECT count(DISTINCT {name}) + (count(*) > count({name}) "
            f"AND count({name}) > 0) FROM {table}",
        )[0]
        > 1
        for name in (quote(connection, column) for column in columns)
    )


def _columns(connection: Connection, state: TableState) -> List[str]:
    rows: Any = execute_as_is(
        connection,
        f"PRAGMA {prefix(connection, state.schema)}"
        f"table_xinfo({quote(connection, state.name)})",
    ).fetchall()
    return [row[1] for row in rows]


def _first(connection: Connection, statement: str) -> Any:
    return execute_as_is(connection, statement).fetchone()
