"""Columns that count: SERIAL, IDENTITY, and the way from one to the other."""

from __future__ import annotations

from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text

from ...sqla import connections
from ...sqla import reflection

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.reflection import Inspector

_OWNED = """
SELECT n.nspname, t.relname, a.attname, s.relname
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.deptype = 'a'
AND d.classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
AND d.refclassid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
"""

_COLUMN = """
SELECT a.attidentity <> '', pg_catalog.pg_get_expr(d.adbin, d.adrelid)
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = CAST(:table AS pg_catalog.regclass)
AND a.attname = :column AND NOT a.attisdropped
"""


class LiveColumn(NamedTuple):
    """What a column is at the moment."""

    is_identity: bool
    default: Optional[str]
    """As SQL, or None."""


def look_at_column(
    connection: Connection, table: str, column: str
) -> Optional[LiveColumn]:
    """Return what a column is at the moment; None when there is none of that name.

    :param connection: the connection to ask on.
    :param table: the name of the table as SQL.
    :param column: the name of the column.
    """
    row = connections.execute(
        connection, text(_COLUMN), {"table": table, "column": column}
    ).fetchone()
    return None if row is None else LiveColumn(bool(row[0]), row[1])


def owned_sequences(inspector: Inspector) -> Dict[Tuple[str, str, str], str]:
    """Return the sequences that belong to columns; asked once for an inspector.

    :param inspector: the inspector, in whose cache the answer is kept.
    :return: the name of the sequence by schema, table and column.
    """

    def ask() -> Dict[Tuple[str, str, str], str]:
        rows = reflection.execute_on_inspector(inspector, text(_OWNED))
        return {(row[0], row[1], row[2]): row[3] for row in rows.fetchall()}

    return reflection.remembered(inspector, ask, "owned_sequences")


def drop_serial(table: str, column: str, sequence: str) -> List[str]:
    """Return the SQL that takes SERIAL off a column.

    :param table: the name of the table as SQL.
    :param column: the name of the column as SQL.
    :param sequence: the name of its sequence as SQL.
    """
    return [
        f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT",
        f"DROP SEQUENCE IF EXISTS {sequence}",
    ]


def make_serial(table: str, column: str, sequence: str) -> List[str]:
    """Return the SQL that makes a column SERIAL.

    :param table: the name of the table as SQL.
    :param column: the name of the column as SQL.
    :param sequence: the name of its sequence as SQL.
    """
    return [
        f"CREATE SEQUENCE {sequence} OWNED BY {table}.{column}",
        f"ALTER TABLE {table} ALTER COLUMN {column} "
        f"SET DEFAULT nextval({literal(sequence)})",
    ]


def count_on(table: str, column: str, column_name: str) -> str:
    """Return the SQL that lets a column count on from the largest value there is.

    :param table: the name of the table as SQL.
    :param column: the name of the column as SQL.
    :param column_name: the name of the column, not quoted.
    """
    sequence = f"pg_get_serial_sequence({literal(table)}, {literal(column_name)})"
    return (
        f"SELECT setval({sequence}, max({column})) FROM {table} "
        f"HAVING max({column}) > 0"
    )


def literal(value: str) -> str:
    """Return a text as a string literal."""
    return "'" + value.replace("'", "''") + "'"
