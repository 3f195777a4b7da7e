"""What reaches the cursor: watching it, and sending it below SQLAlchemy."""

from __future__ import annotations

from contextlib import contextmanager
from contextlib import suppress
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import event
from typing_extensions import Protocol

from .driver import commit_driver
from .driver import is_autocommit

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect


class Watcher(Protocol):
    """What `watch` tells about the statements of a connection."""

    def before(self, connection: Any, statement: str, parameters: Any) -> Optional[str]:
        """A statement is about to run; return another to run in its place, or None."""

    def after(self, cursor: Any, context: Any) -> None:
        """The statement has run without an error, on a cursor, in its context."""

    def committing(self) -> None:
        """The transaction is about to be committed."""

    def rolling_back(self) -> None:
        """The transaction is about to be rolled back."""


def watch(connection: Connection, watcher: Watcher) -> Callable[[], None]:
    """Tell a watcher of every statement that a connection runs from now on.

    :param connection: the connection; before SQLAlchemy 2.0 also copies that
        ``execution_options()`` makes of it later.
    :param watcher: is told.
    :return: ends the watch when it is called.
    """

    def before(
        connection: Any,
        cursor: Any,
        statement: str,
        parameters: Any,
        context: Any,
        executemany: bool,
    ) -> Tuple[str, Any]:
        instead = watcher.before(connection, statement, parameters)
        if instead is None:
            return statement, parameters
        nothing: Any = () if connection.dialect.positional else {}
        return instead, [nothing] if executemany else nothing

    def after(
        connection: Any,
        cursor: Any,
        statement: str,
        parameters: Any,
        context: Any,
        executemany: bool,
    ) -> None:
        watcher.after(cursor, context)

    def commit(connection: Any) -> None:
        watcher.committing()

    def rollback(connection: Any) -> None:
        watcher.rolling_back()

    listeners: Tuple[Tuple[str, Callable[..., Any], Dict[str, bool]], ...] = (
        ("before_cursor_execute", before, {"retval": True}),
        ("after_cursor_execute", after, {}),
        ("commit", commit, {}),
        ("rollback", rollback, {}),
    )
    for name, listener, options in listeners:
        event.listen(connection, name, listener, **options)

    def end() -> None:
        for name, listener, _ in listeners:
            event.remove(connection, name, listener)

    return end


class DriverStatement:
    """A statement compiled once, and then handed to the driver as it is.

    Nobody who listens to SQLAlchemy's events hears of it.

    :param statement: a SQLAlchemy statement with parameters that are bound by name.
    :param dialect: the dialect of the connection.
    """

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._names: Optional[List[str]] = None
        if getattr(compiled, "positional", True):
            # DDL has no parameters at all
            self._names = list(getattr(compiled, "positiontup", None) or ())

    def run(
        self, connection: Connection, rows: Sequence[Dict[str, Any]] = ({},)
    ) -> None:
        """Run it once for each set of parameters.

        :raises sqlalchemy.exc.DBAPIError: what the driver raises, as SQLAlchemy would
            raise it.
        """
        found: List[Any] = [
            row if self._names is None else tuple(row[name] for name in self._names)
            for row in rows
        ]
        run_on_driver(connection, self.text, found)


def run_on_driver(
    connection: Any, text: str, parameters: Sequence[Any] = ((),)
) -> None:
    """Hand a statement to the driver, once for each set of parameters.

    :raises sqlalchemy.exc.DBAPIError: what the driver raises, as SQLAlchemy would
        raise it.
    """
    with _cursor(connection, text) as cursor:
        if len(parameters) > 1:
            connection.dialect.do_executemany(cursor, text, list(parameters))
        else:
            connection.dialect.do_execute(cursor, text, parameters[0])


def fetch_on_driver(connection: Any, text: str) -> List[Any]:
    """Hand a query to the driver and return its rows; SQLAlchemy begins nothing.

    :raises sqlalchemy.exc.DBAPIError: what the driver raises, as SQLAlchemy would
        raise it.
    """
    with _cursor(connection, text) as cursor:
        connection.dialect.do_execute(cursor, text, ())
        return list(cursor.fetchall())


@contextmanager
def _cursor(connection: Any, text: str) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except connection.dialect.dbapi.Error as error:
        # private, but what makes an error of the driver one of SQLAlchemy
        connection._handle_dbapi_exception(error, text, None, cursor, None)
    finally:
        cursor.close()


def commit_below(connection: Connection) -> None:
    """Commit what was done so far; SQLAlchemy goes on in its transaction."""
    if not is_autocommit(connection):
        commit_driver(connection)


def outcome_of(cursor: Any) -> Tuple[Optional[int], Optional[int], bool]:
    """Return what a cursor tells after a statement.

    :return: how many rows it changed, the last key it generated, and whether it has
        rows to give.
    """
    count = getattr(cursor, "rowcount", None)
    key = getattr(cursor, "lastrowid", None)
    return (
        count if isinstance(count, int) else None,
        key if isinstance(key, int) else None,
        cursor.description is not None,
    )


def pretend(
    cursor: Any, context: Any, count: Optional[int], key: Optional[int]
) -> None:
    """Have a result tell what it told after another statement.

    :param cursor: the cursor; drivers written in C may not let anybody change it.
    :param context: the execution context, which newer versions of SQLAlchemy ask first.
    :param count: how many rows the statement changed.
    :param key: the last key it generated.
    """
    for name, value in (("rowcount", count), ("lastrowid", key)):
        if value is not None:
            with suppress(AttributeError, TypeError):
                setattr(cursor, name, value)
    if count is not None and hasattr(context, "_rowcount"):
        context._rowcount = count
    if key is not None and context is not None:
        context.get_lastrowid = lambda: key
