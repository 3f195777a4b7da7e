"""Transactions, tables and stand-ins of connections."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from typing import Callable
from typing import cast
from typing import Iterator
from typing import Mapping
from typing import NoReturn
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import inspection
from sqlalchemy import literal_column
from sqlalchemy import MetaData
from sqlalchemy import select
from sqlalchemy import Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from .driver import is_autocommit
from .driver import translated_schema
from .reflection import inspector_of
from .version import sqla_1_4
from .version import sqla_2_0

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine import Transaction


def has_table(connection: Connection, name: str, schema: Optional[str] = None) -> bool:
    """Tell whether a table exists.

    :param connection: the connection to ask on.
    :param name: the name of the table.
    :param schema: its schema; None for the default one.
    """
    if not sqla_1_4:
        dialect: Any = connection.dialect
        return bool(dialect.has_table(connection, name, schema))
    return bool(inspector_of(connection).has_table(name, schema))


def in_transaction(connection: Optional[Connection]) -> bool:
    """Tell whether a transaction was begun on a connection.

    :param connection: a connection, a stand-in for one, or None.
    """
    probe = getattr(connection, "in_transaction", None)
    return bool(probe and probe())


def current_transaction(connection: Connection) -> Optional[Transaction]:
    """Return the outermost transaction of a connection, or None."""
    if not sqla_1_4:
        return getattr(connection, "_Connection__transaction", None)
    return connection.get_transaction()


def begin(connection: Connection) -> Transaction:
    """Return the transaction in progress, or begin one.

    :param connection: the connection, in a transaction or not.
    """
    return current_transaction(connection) or connection.begin()


def begin_nested(connection: Connection) -> Transaction:
    """Begin what can be rolled back by itself, inside the transaction in progress.

    :param connection: the connection, in a transaction or not.
    """
    if not sqla_2_0 and current_transaction(connection) is None:
        # nothing is begun yet, and a savepoint must be inside of something
        return connection.begin()
    return connection.begin_nested()


def commit(connection: Connection) -> None:
    """Commit the transaction in progress, if there is one."""
    transaction = current_transaction(connection)
    if transaction is not None:
        transaction.commit()


def rollback(connection: Connection) -> None:
    """Roll the transaction in progress back, if there is one."""
    transaction = current_transaction(connection)
    if transaction is not None:
        transaction.rollback()


@contextmanager
def scope_for_ddl(connection: Optional[Connection]) -> Iterator[None]:
    """Make sure that statements inside the block are committed when it ends.

    A transaction in progress is left alone; where there is none, one is begun for the
    block. Before SQLAlchemy 2.0 connections commit by themselves.

    :param connection: the connection, or None when nothing is executed.
    """
    if connection is None or not sqla_1_4 or in_transaction(connection):
        yield
    else:
        with connection.begin():
            yield


def mock_connection(
    dialect: Dialect,
    execute: Callable[..., Any],
    refuse: Optional[Callable[[str], NoReturn]] = None,
) -> Any:
    """Return a stand-in for a connection that hands on what it is told to execute.

    :param dialect: the dialect it claims to speak.
    :param execute: called as ``execute(construct, *multiparams, **params)``.
    :param refuse: called with what was asked of it that only a connection has; what
        it raises is an AttributeError, which is what is raised without it.
    """
    connection = _stand_in()(dialect, execute)
    connection._refuse = _has_not if refuse is None else refuse
    return connection


def _has_not(how: str) -> NoReturn:
    raise AttributeError(f"This stand-in for a connection has no {how}")


@lru_cache(maxsize=None)
def _stand_in() -> Any:
    """Return the class of stand-ins for a connection."""
    mock_class: Any
    if sqla_1_4:
        from sqlalchemy.engine.mock import MockConnection as mock_class
    else:
        from sqlalchemy.engine.strategies import MockEngineStrategy

        mock_class = MockEngineStrategy.MockConnection

    class OfflineConnection(mock_class):  # type: ignore[misc]
        """What stands for a connection in a script."""

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            self._refuse(f".{name}")

    if hasattr(mock_class, "scalar"):
        # 1.4 has it, to say that it is not implemented
        cast(Any, OfflineConnection).scalar = property(
            lambda connection: connection._refuse(".scalar")  # noqa: SLF001
        )

    def inspected(connection: Any) -> None:
        connection._refuse("sqlalchemy.inspect()")  # noqa: SLF001

    # programs see the class that they know in what is printed of it
    OfflineConnection.__module__ = mock_class.__module__
    OfflineConnection.__qualname__ = OfflineConnection.__name__ = mock_class.__name__

    private: Any = inspection
    private._inspects(OfflineConnection)(inspected)
    return OfflineConnection


def execute(
    connection: Connection,
    statement: Any,
    parameters: Optional[Any] = None,
    execution_options: Optional[Mapping[str, Any]] = None,
) -> Any:
    """Execute one statement.

    :param connection: the connection to execute on.
    :param statement: an executable SQLAlchemy construct.
    :param parameters: a mapping, a list of mappings, or None.
    :param execution_options: options of this one execution. ``isolation_level``
        belongs to the connection and is set there.
    :return: the cursor result.
    """
    if execution_options:
        options = dict(execution_options)
        isolation_level = options.pop("isolation_level", None)
        if isolation_level is not None:
            connection = connection.execution_options(isolation_level=isolation_level)
        if options and not sqla_2_0:
            statement = statement.execution_options(**options)
        elif options:
            return connection.execute(statement, parameters, execution_options=options)
    given = () if parameters is None else (parameters,)
    if sqla_2_0 or not isinstance(connection, Connection):
        return connection.execute(statement, *given)
    # 1.4 would commit by itself, too, but with a warning
    with scope_for_ddl(connection):
        return connection.execute(statement, *given)


def rows_matched_can_be_trusted(dialect: Dialect) -> bool:
    """Tell whether ``rowcount`` of an UPDATE or DELETE counts the rows matched."""
    return bool(getattr(dialect, "supports_sane_rowcount", False))


def server_version(connection: Optional[Connection]) -> Optional[Sequence[int]]:
    """Return the version of the database server, or None when it is not known."""
    dialect = getattr(connection, "dialect", None)
    return getattr(dialect, "server_version_info", None)


def run_async(
    connection: Connection, function: Callable[..., Any], *args: Any, **kw: Any
) -> Any:
    """Run a coroutine function on the asynchronous face of a connection.

    :param connection: the synchronous face, as migrations see it.
    :param function: called with an ``AsyncConnection`` and the arguments.
    :raises ValueError: when the connection is not asynchronous underneath.
    """
    if not getattr(connection.dialect, "is_async", False):
        raise ValueError("Cannot call run_async with a sync engine")
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.util import await_only

    # private, but the one way from the synchronous face back to the object the
    # application opened
    face = AsyncConnection._retrieve_proxy_for_target(connection)
    return await_only(function(face, *args, **kw))


def has_column(
    connection: Connection, table: str, column: str, schema: Optional[str] = None
) -> bool:
    """Tell whether a table exists and has a column.

    :param connection: the connection to ask on.
    :param table: the name of the table.
    :param column: the name of the column.
    :param schema: the table's schema; None for the default one.
    """
    schema = translated_schema(connection, schema)
    if not has_table(connection, table, schema):
        return False
    columns = inspector_of(connection).get_columns(table, schema=schema)
    return any(found["name"] == column for found in columns)


def has_index(
    connection: Connection, table: str, index: str, schema: Optional[str] = None
) -> bool:
    """Tell whether a table exists and has an index of a name.

    :param connection: the connection to ask on.
    :param table: the name of the table.
    :param index: the name of the index.
    :param schema: the table's schema; None for the default one.
    """
    schema = translated_schema(connection, schema)
    if not has_table(connection, table, schema):
        return False
    indexes = inspector_of(connection).get_indexes(table, schema=schema)
    return any(found["name"] == index for found in indexes)


def has_rows(connection: Connection, table: str, schema: Optional[str] = None) -> bool:
    """Tell whether a table exists, may be read and has rows.

    :param connection: the connection to ask on; its transaction is not disturbed.
    :param table: the name of the table.
    :param schema: the table's schema; None for the default one.
    """
    one: Any = literal_column("1")
    query: Any = select(one) if sqla_1_4 else cast(Any, select)([one])
    query = query.select_from(Table(table, MetaData(), schema=schema)).limit(1)
    savepoint = None
    if connection.dialect.name == "postgresql" and not is_autocommit(connection):
        # an error would end the transaction in progress
        savepoint = begin_nested(connection)
    try:
        return connection.execute(query).first() is not None
    except SQLAlchemyError:
        return False
    finally:
        if savepoint is not None:
            savepoint.rollback()
