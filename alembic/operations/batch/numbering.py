"""Columns that count by themselves, when their table is copied on PostgreSQL.

The copy has a sequence of its own, which must go on where the old one stood, and a
column GENERATED ALWAYS takes a value only from an INSERT that says so.
"""

from __future__ import annotations

import re
from typing import Any
from typing import List
from typing import TYPE_CHECKING

from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import text
from sqlalchemy.schema import Column
from sqlalchemy.schema import Table

from ...sqla.driver import physical_schema
from ...sqla.elements import compiled_with_literals

if TYPE_CHECKING:
    from ...ddl.impl import DefaultImpl

_BEFORE_SELECT = re.compile(r"\)\s+SELECT ")


def copying_statement(impl: DefaultImpl, table: Table, statement: Any) -> Any:
    """Return the INSERT that fills a table, so that identity columns take values.

    :param impl: the dialect's implementation.
    :param table: the table to be filled.
    :param statement: an INSERT from a SELECT.
    """
    if impl.dialect.name != "postgresql" or not any(
        getattr(getattr(column, "identity", None), "always", False)
        for column in table.columns
    ):
        return statement
    sql = str(compiled_with_literals(statement, impl.dialect, impl.connection))
    return _BEFORE_SELECT.sub(") OVERRIDING SYSTEM VALUE SELECT ", sql, count=1)


def go_on_counting(impl: DefaultImpl, old: Table, new: Table) -> None:
    """Have the sequences of a copied table go on where those of the old one stand.

    :param impl: the dialect's implementation, with a connection.
    :param old: the table as it is.
    :param new: its copy.
    """
    connection = impl.connection
    if impl.as_sql or connection is None or impl.dialect.name != "postgresql":
        return
    quote = impl.dialect.identifier_preparer.format_table

    def name(table: Table) -> str:
        schema = physical_schema(connection, table)
        return str(quote(Table(table.name, MetaData(), schema=schema)))

    find = text("SELECT pg_get_serial_sequence(:table, :column)")
    for column in _integers(new):
        if column.key not in old.columns:
            continue
        of_new = {"table": name(new), "column": column.name}
        of_old = {"table": name(old), "column": old.columns[column.key].name}
        target: Any = connection.execute(find, of_new).scalar()
        source: Any = connection.execute(find, of_old).scalar()
        if target is None or source is None:
            continue
        row: Any = connection.execute(
            text(f"SELECT last_value, is_called FROM {source}")
        ).fetchone()
        connection.execute(
            text("SELECT setval(CAST(:target AS regclass), :value, :called)"),
            {"target": target, "value": row[0], "called": row[1]},
        )


def _integers(table: Table) -> List[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Integer)]
