"""SQLite's foreign keys: are they enforced, who refers to whom, and is all well.

``PRAGMA foreign_keys`` has no effect inside a transaction. Batch mode therefore does
not depend on it: inside a transaction it replaces a table without ever dropping one
that others refer to, and asks `require_no_violations()` here before it is done. A
migration that runs in one transaction need not do anything about foreign keys, and
cascades that a revision's own statements rely on keep working.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from typing import Dict
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import exc as sqlalchemy_exc
from sqlalchemy import text

from ..sqla.driver import execute_as_is
from ..util.exc import CommandError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ROWS_NAMED = 5
"""How many rows of a table an error message names."""


class Reference(NamedTuple):
    """A foreign key of some table."""

    child: str
    """The table that has it."""
    parent: str
    """The table it refers to, as the child writes it."""
    columns: Tuple[str, ...]
    """Its columns in the child."""
    parent_columns: Tuple[Optional[str], ...]
    """The columns it names in the parent; None for "the primary key"."""


class Violation(NamedTuple):
    """A row that refers to a row which is not there."""

    table: str
    rowid: Optional[int]
    """None for a table WITHOUT ROWID."""
    parent: str


def quote(connection: Connection, name: str) -> str:
    """Return a name as it is written in SQL on this connection."""
    return str(connection.dialect.identifier_preparer.quote(name))


def prefix(connection: Connection, schema: Optional[str]) -> str:
    """Return what stands before a name or pragma of a schema: ``"main."`` or ``""``."""
    return f"{quote(connection, schema)}." if schema else ""


def enforced(connection: Connection) -> bool:
    """Tell whether foreign keys are enforced on this connection."""
    row = execute_as_is(connection, "PRAGMA foreign_keys").fetchone()
    return bool(row and row[0])


def suspend(connection: Connection) -> bool:
    """Turn enforcement off, where that is possible.

    :param connection: a connection on which foreign keys are enforced.
    :return: False when a transaction is open: they are still enforced then.
    """
    execute_as_is(connection, "PRAGMA foreign_keys=OFF")
    return not enforced(connection)


def resume(connection: Connection) -> None:
    """Turn enforcement on again after `suspend()` returned True."""
    execute_as_is(connection, "PRAGMA foreign_keys=ON")


def references(
    connection: Connection, parent: str, schema: Optional[str] = None
) -> List[Reference]:
    """Return every foreign key that refers to a table, its own ones included.

    :param connection: a connection to SQLite.
    :param parent: the name of the table referred to.
    :param schema: the attached database it lives in; None for the main one.
    """
    rows = connection.execute(
        text(
            "SELECT child.name, fk.id, fk.seq, "
            'fk."table", fk."from", fk."to" '
            f"FROM {prefix(connection, schema)}sqlite_master AS child "
            "JOIN pragma_foreign_key_list(child.name, :schema) AS fk "
            "WHERE child.type = 'table' AND lower(fk.\"table\") = lower(:parent) "
            "ORDER BY child.rowid, fk.id, fk.seq"
        ),
        {"schema": schema or "main", "parent": parent},
    ).fetchall()
    found: Dict[Tuple[str, int], List[Any]] = OrderedDict()
    for row in rows:
        found.setdefault((row[0], row[1]), []).append(row)
    return [
        Reference(
            child,
            parts[0][3],
            tuple(part[4] for part in parts),
            tuple(part[5] for part in parts),
        )
        for (child, _), parts in found.items()
    ]


def violations(
    connection: Connection, tables: Iterable[str], schema: Optional[str] = None
) -> List[Violation]:
    """Return the rows of some tables that refer to rows which are not there.

    :param connection: a connection to SQLite, whether it enforces foreign keys or not.
    :param tables: the names of the referring tables.
    :param schema: the attached database they live in; None for the main one.
    :raises CommandError: when a foreign key refers to columns that are no key.
    """
    found: List[Violation] = []
    for table in tables:
        statement = (
            f"PRAGMA {prefix(connection, schema)}"
            f"foreign_key_check({quote(connection, table)})"
        )
        try:
            rows = execute_as_is(connection, statement).fetchall()
        except sqlalchemy_exc.DBAPIError as error:
            raise CommandError(
                f"A foreign key of table {table!r} would not fit the table it refers "
                f"to any more ({error.orig}); change or drop that foreign key first"
            ) from error
        found.extend(Violation(row[0], row[1], row[2]) for row in rows)
    return found


def require_no_violations(
    connection: Connection,
    tables: Iterable[str],
    schema: Optional[str] = None,
    doing: str = "This change",
) -> None:
    """Refuse to go on when rows refer to rows which are not there.

    :param connection: a connection to SQLite.
    :param tables: the names of the referring tables.
    :param schema: the attached database they live in; None for the main one.
    :param doing: what was being done, as the beginning of the message.
    :raises CommandError: names every table and its first rows.
    """
    found = violations(connection, tables, schema)
    if found:
        raise CommandError(
            f"{doing} would leave rows that break a foreign key: "
            f"{describe(found)}; correct or delete these rows, then run it again. "
            "Nothing was changed"
        )


def describe(found: Iterable[Violation]) -> str:
    """Return violations as words: which rows of which table miss which parent."""
    groups: Dict[Tuple[str, str], List[Optional[int]]] = OrderedDict()
    for violation in found:
        groups.setdefault((violation.table, violation.parent), []).append(
            violation.rowid
        )
    parts = []
    for (table, parent), rowids in groups.items():
        named = [str(rowid) for rowid in rowids if rowid is not None][:_ROWS_NAMED]
        if not named:
            rows = f"{len(rowids)} row{'s' if len(rowids) > 1 else ''}"
        else:
            rows = f"row{'s' if len(rowids) > 1 else ''} {', '.join(named)}"
            if len(rowids) > len(named):
                rows += f" and {len(rowids) - len(named)} more"
        parts.append(f"{rows} of table {table!r} (no such row in {parent!r})")
    return ", ".join(parts)
