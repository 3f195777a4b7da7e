"""What lies below a connection: the DBAPI connection, its transactions, its clock."""

from __future__ import annotations

import time
import warnings
from typing import Any
from typing import Mapping
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError

from .version import sqla_1_4
from .version import sqla_2_0

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Table


def is_connection(obj: Any) -> bool:
    """Tell whether this is a (synchronous) Connection."""
    return isinstance(obj, Connection)


def dialect_of_url(url: Any, options: Optional[Mapping[str, Any]] = None) -> Dialect:
    """Return a new dialect for a URL, without importing its driver.

    :param url: a URL, as text or as an object.
    :param options: keyword arguments of the dialect.
    :raises sqlalchemy.exc.NoSuchModuleError: when the dialect is not installed.
    """
    dialect: Dialect = make_url(url).get_dialect()(**dict(options or {}))
    return dialect


def is_mariadb(dialect: Any) -> bool:
    """Tell whether the server behind a MySQL dialect is a MariaDB.

    :param dialect: a dialect that has connected.
    """
    if not sqla_1_4:
        # early in 1.3 it can not be asked before the dialect has connected
        connected = getattr(dialect, "server_version_info", None) is not None
        return connected and bool(getattr(dialect, "_is_mariadb", False))
    return bool(getattr(dialect, "is_mariadb", False))


def execute_as_is(connection: Connection, statement: str) -> Any:
    """Hand a statement without parameters to the driver as it is written."""
    if not sqla_1_4:
        return connection.execute(statement)  # type: ignore[call-overload]
    return connection.exec_driver_sql(statement)


def fetch_row(connection: Connection, statement: str, **params: Any) -> Any:
    """Return the first row of a textual query, or None.

    :param statement: SQL with ``:name`` parameters.
    """
    return connection.execute(text(statement), params).fetchone()


def physical_schema(connection: Connection, table: Table) -> Optional[str]:
    """Return the schema of a table after ``schema_translate_map``."""
    return translated_schema(connection, table.schema)


def translates_schemas(connection: Optional[Connection]) -> bool:
    """Tell whether a connection has a ``schema_translate_map``."""
    return bool(schema_translate_map(connection))


def translating(connection: Any, map_: Optional[Mapping[Any, Any]]) -> Any:
    """Return a connection that uses some schemas in place of others.

    :param connection: a connection, or None; since SQLAlchemy 2.0 it is what is
        returned.
    :param map_: by the schemas to replace, the schemas to use; None to leave it as it
        is.
    """
    if connection is None or map_ is None:
        return connection
    return connection.execution_options(schema_translate_map=map_)


def translated_schema(connection: Connection, schema: Optional[str]) -> Optional[str]:
    """Return the schema that a name stands for, after ``schema_translate_map``.

    For questions to the catalogue, which no compiler translates.

    :param connection: the connection on which it will be asked.
    :param schema: the name that was given; None for the default schema.
    """
    found = schema_translate_map(connection).get(schema, schema)
    return None if found is None else str(found)


def schema_translate_map(connection: Any) -> Mapping[Any, Any]:
    """Return the schemas that a connection uses in place of others; none for None."""
    # what stands in for a connection in tests has no options
    options: Mapping[str, Any] = getattr(connection, "get_execution_options", dict)()
    return options.get("schema_translate_map") or {}


def is_autocommit(connection: Connection) -> bool:
    """Tell whether the connection was told to commit every statement by itself."""
    options = connection.get_execution_options()
    level = options.get("isolation_level")
    if level is None:
        # the level given to create_engine()
        level = getattr(connection.dialect, "isolation_level", None)
    if level is None:
        level = getattr(connection.dialect, "_on_connect_isolation_level", None)
    return level == "AUTOCOMMIT"


def autocommitting(connection: Connection) -> Connection:
    """Return a connection that commits every statement by itself.

    :param connection: a connection in no transaction; since SQLAlchemy 2.0 it is what
        is returned.
    """
    try:
        return connection.execution_options(isolation_level="AUTOCOMMIT")
    except ArgumentError:
        # SQLite in early 1.3 has no such level, and does so outside of transactions
        return connection


def is_lost(connection: Connection) -> bool:
    """Tell whether a connection was closed, or the server has ended it."""
    return bool(connection.closed or connection.invalidated)


def share_loss(connection: Connection) -> None:
    """Have a connection know that a copy of it, for other options, was lost."""
    if not sqla_2_0 and not is_lost(connection):
        with warnings.catch_warnings():
            # that there is nothing left to end is the point
            warnings.simplefilter("ignore")
            connection.invalidate()


def driver_is_in_transaction(connection: Connection) -> bool:
    """Tell whether SQLite itself is inside a transaction.

    The driver may begin one later than SQLAlchemy says it did.
    """
    candidate: Any = connection.connection
    for attribute in ("driver_connection", "dbapi_connection", "connection"):
        found = getattr(candidate, "in_transaction", None)
        if found is not None and not callable(found):
            return bool(found)
        candidate = getattr(candidate, attribute, None)
        if candidate is None:
            break
    return bool(getattr(candidate, "in_transaction", False))


def commit_driver(connection: Connection) -> None:
    """Commit below SQLAlchemy, which keeps the transaction that it thinks it has."""
    connection.connection.commit()


def pause(connection: Connection, seconds: float) -> None:
    """Sleep, letting other tasks run when the driver is an asynchronous one."""
    if getattr(connection.dialect, "is_async", False):
        import asyncio

        from sqlalchemy.util import await_only

        await_only(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)


def select_column(column: Any) -> Any:
    """Return a SELECT of one column."""
    columns: Any = column if sqla_1_4 else [column]
    return select(columns)
