"""Reflected columns, completed by what SQLAlchemy does not read of them."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import TYPE_CHECKING

from . import mysql_text
from . import sqlite_text
from .expressions import settle_computed

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector


def complete_columns(
    inspector: Inspector,
    schema: Optional[str],
    tname: str,
    records: List[Dict[str, Any]],
    *,
    is_temporary: bool = False,
) -> None:
    """Correct the reflected records of a table's columns.

    :param inspector: an inspector of the database.
    :param schema: the schema of the table; None for the default one.
    :param tname: its name.
    :param records: the records, changed in place.
    :param is_temporary: it is a temporary table.
    """
    dialect = inspector.dialect
    if dialect.name == "sqlite":
        sqlite_text.complete_columns(inspector, schema, tname, records)
    elif dialect.name in ("mysql", "mariadb"):
        _unescape_values(records)
        mysql_text.complete_defaults(
            inspector, schema, tname, records, is_temporary=is_temporary
        )
        mysql_text.settle_defaults(records)
    settle_computed(dialect, records)


def _unescape_values(records: List[Dict[str, Any]]) -> None:
    """Give ENUM and SET their values with the backslashes that they have.

    MySQL shows each of them twice.
    """
    from sqlalchemy.dialects import mysql

    for record in records:
        found: Any = record["type"]
        if isinstance(found, (mysql.ENUM, mysql.SET)):
            values = found.enums if isinstance(found, mysql.ENUM) else found.values
            if any("\\" in value for value in values):
                record["type"] = type(found)(
                    *[value.replace("\\\\", "\\") for value in values],
                    charset=found.charset,
                    collation=found.collation,
                )
