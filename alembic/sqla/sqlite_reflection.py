"""Reflection of many SQLite tables with a handful of queries.

SQLAlchemy asks SQLite for one PRAGMA after another, a dozen for each table. Here the
answers of all tables are fetched together, through SQLite's table-valued functions, and
SQLAlchemy's dialect is given a connection that knows them.
"""

from __future__ import annotations

import re
from typing import Any
from typing import Collection
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import exc

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector

_CACHE_KEY = "alembic.sqlite.pragmas"

_PRAGMA = re.compile(
    r'PRAGMA (?P<schema>"(?:[^"]|"")+"|\w+)\.(?P<pragma>\w+)'
    r'\((?P<name>"(?:[^"]|"")+"|\w+)\)'
)

# what the indexes are called that SQLite makes
_OF_CONSTRAINT = "sqlite_autoindex"

_OF_TABLES = ("table_xinfo", "foreign_key_list", "index_list")


def reflect_many(
    inspector: Inspector,
    kind: str,
    schema: Optional[str],
    names: Optional[Collection[str]],
) -> Mapping[Tuple[Optional[str], str], Any]:
    """Do what `alembic.sqla.reflection.reflect_many` does, on SQLite.

    :raises sqlalchemy.exc.DBAPIError: when this SQLite has no table-valued PRAGMAs.
    """
    insp: Any = inspector
    with insp._operation_context() as connection:
        cache = insp.info_cache.setdefault(_CACHE_KEY, {})
        if schema not in cache:
            cache[schema] = _ConnectionThatKnows(connection, schema)
        knowing = cache[schema]
        knowing.connection = connection
        method = getattr(insp.dialect, f"get_{kind}")
        wanted = insp.get_table_names(schema=schema) if names is None else names
        found = {}
        # unique constraints are looked for among the indexes, and it is not for them to
        # say that one is over an expression
        knowing.hides_indexes = kind == "unique_constraints"
        for name in wanted:
            try:
                found[schema, name] = method(
                    knowing, name, schema=schema, info_cache=insp.info_cache
                )
            except exc.NoSuchTableError:
                continue
        if kind == "columns":
            insp._instantiate_types(found.values())
        return found


class _ConnectionThatKnows:
    """A connection that answers PRAGMAs about tables from what it fetched at once.

    :param connection: answers everything else.
    :param schema: the schema whose tables are fetched; None for the main one.
    :ivar hides_indexes: whether it knows of no indexes but those of constraints.
    """

    def __init__(self, connection: Any, schema: Optional[str]) -> None:
        self.connection = connection
        self.hides_indexes = False
        self._schema = schema or "main"
        quote = connection.dialect.identifier_preparer.quote_identifier
        self._master = f"{quote(self._schema)}.sqlite_master"
        self._answers: Dict[Tuple[str, str], List[Any]] = {}
        self._sql: Dict[str, Any] = {}
        self._fetch()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        # has_table() insists on a Connection
        return type(self.connection)

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any:
        """Answer what is known, and hand on what is not."""
        match = _PRAGMA.fullmatch(statement)
        if match is not None:
            rows = self._rows_of(
                _unquoted(match.group("schema")),
                match.group("pragma"),
                _unquoted(match.group("name")),
            )
            if rows is not None:
                return _Answer(rows)
        elif (
            statement.startswith("SELECT sql FROM")
            and "'table'" in statement
            and parameters
            and parameters[0] in self._sql
        ):
            return _Answer([(self._sql[parameters[0]],)])
        if parameters is None:
            return self.connection.exec_driver_sql(statement)
        return self.connection.exec_driver_sql(statement, parameters)

    def _rows_of(self, schema: str, pragma: str, name: str) -> Optional[List[Any]]:
        """Return what a PRAGMA would; None where that is not known."""
        if pragma == "index_info":
            known = schema == self._schema
            return self._answers.get((pragma, name), []) if known else None
        if name not in self._sql or pragma not in (*_OF_TABLES, "table_info"):
            return None
        if schema == "temp" and self._schema == "main":
            # asked when the main one has nothing to tell
            return []
        if schema != self._schema:
            return None
        if pragma == "table_info":
            # the same without the columns that are hidden, which the last value tells
            columns = self._answers.get(("table_xinfo", name), [])
            return [row[:-1] for row in columns if not row[-1]]
        rows = self._answers.get((pragma, name), [])
        if pragma == "index_list" and self.hides_indexes:
            return [row for row in rows if row[1].startswith(_OF_CONSTRAINT)]
        return rows

    def _fetch(self) -> None:
        tables = f"{self._master} AS m"
        for name, sql in self._rows(
            f"SELECT m.name, m.sql FROM {tables} WHERE m.type = 'table'"
        ):
            self._sql[name] = sql
        for pragma in _OF_TABLES:
            self._keep(
                pragma,
                f"SELECT m.name, p.* FROM {tables} "
                f"JOIN pragma_{pragma}(m.name, ?) AS p WHERE m.type = 'table'",
            )
        # the indexes that SQLite makes for constraints are objects as well
        self._keep(
            "index_info",
            f"SELECT m.name, p.* FROM {tables} "
            "JOIN pragma_index_info(m.name, ?) AS p WHERE m.type = 'index'",
        )

    def _keep(self, pragma: str, statement: str) -> None:
        for row in self._rows(statement, (self._schema,)):
            self._answers.setdefault((pragma, row[0]), []).append(tuple(row)[1:])

    def _rows(self, statement: str, parameters: Any = ()) -> Any:
        return self.connection.exec_driver_sql(statement, parameters).fetchall()


class _Answer:
    """Rows, as the result of a query."""

    _soft_closed = False

    def __init__(self, rows: List[Any]) -> None:
        self._rows = rows

    def fetchall(self) -> List[Any]:
        """Return all rows."""
        return self._rows

    def scalar(self) -> Any:
        """Return the first column of the first row."""
        return self._rows[0][0] if self._rows else None


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
