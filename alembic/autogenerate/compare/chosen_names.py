"""The names that databases choose for constraints that are created without one.

What is added by such a name can be dropped by it, and is called as it would be if the
table had been created with it.
"""

from __future__ import annotations

import itertools
from typing import Callable
from typing import Collection
from typing import Sequence
from typing import TYPE_CHECKING

from alembic.sqla.driver import is_mariadb
from alembic.sqla.names import conv

from .mysql import DIALECTS as MYSQL_DIALECTS

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_LONGEST_NAME = 63
"""How many bytes a name of PostgreSQL may have."""


def check_name(
    dialect: Dialect, table: str, columns: Sequence[str], taken: Collection[str]
) -> str:
    """Return the name of a CHECK constraint, final for naming conventions.

    SQLite chooses none; there it is one of PostgreSQL's kind.

    :param dialect: the dialect of the database.
    :param table: the name of the table.
    :param columns: the columns that the constraint names.
    :param taken: names that cannot be chosen.
    """
    if dialect.name not in MYSQL_DIALECTS:
        one = columns if len(columns) == 1 else ()
        return _like_postgresql(table, one, "check", taken)
    pattern = "CONSTRAINT_{}" if is_mariadb(dialect) else f"{table}_chk_{{}}"
    return _first(lambda number: pattern.format(number + 1), taken)


def exclusion_name(table: str, columns: Sequence[str], taken: Collection[str]) -> str:
    """Return the name of an EXCLUDE constraint, final for naming conventions.

    :param table: the name of the table.
    :param columns: the names of the columns of its index.
    :param taken: names that cannot be chosen.
    """
    return _like_postgresql(table, columns, "excl", taken)


def _like_postgresql(
    table: str, columns: Sequence[str], kind: str, taken: Collection[str]
) -> str:
    def make(number: int) -> str:
        label = f"_{kind}{number or ''}"
        parts = [table.encode()]
        if columns:
            parts.append("_".join(columns).encode())
        while len(b"_".join(parts)) + len(label) > _LONGEST_NAME:
            # of two of one length the second
            longest = max(range(len(parts)), key=lambda at: (len(parts[at]), at))
            parts[longest] = parts[longest][:-1]
        return (
            b"_".join(part.decode(errors="ignore").encode() for part in parts).decode()
            + label
        )

    return _first(make, taken)


def _first(make: Callable[[int], str], taken: Collection[str]) -> str:
    """Return the first of numbered names that is free."""
    return next(
        conv(name) for name in map(make, itertools.count()) if name not in taken
    )
