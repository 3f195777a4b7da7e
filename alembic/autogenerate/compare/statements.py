"""Statements of SQL that know how they are undone."""

from __future__ import annotations

from typing import Any
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.sql.elements import TextClause

from alembic.operations.ops.data import ExecuteSQLOp
from alembic.sqla.expressions import literal_text
from alembic.sqla.names import plain_percents

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class ReversibleSQLOp(ExecuteSQLOp):
    """A statement, and the one that undoes it.

    :param sql: the statement.
    :param undo: what undoes it.
    :ivar enum: schema and name of the enumeration that it changes, if it is one; the
        default schema is None.
    :ivar new_schema: the schema that it creates, if it does.
    """

    enum: Optional[Tuple[Optional[str], str]] = None
    new_schema: Optional[str] = None

    def __init__(self, sql: str, undo: str) -> None:
        super().__init__(_as_text(sql))
        self._sql = sql
        self._undo = undo

    def reverse(self) -> ReversibleSQLOp:
        """Return the statement that undoes this one."""
        return type(self)(self._undo, self._sql)

    def to_diff_tuple(self) -> Tuple[str, Any]:
        """Return ``("execute", statement)``."""
        return ("execute", self._sql)


class RetypeSQLOp(ReversibleSQLOp):
    """A statement that gives a column another type.

    :param column: the schema, the table and the name of the column.
    """

    def __init__(self, sql: str, undo: str, column: Tuple[str, str, str]) -> None:
        super().__init__(sql, undo)
        self.column = column

    def reverse(self) -> RetypeSQLOp:
        """Return the statement that gives the column its type again."""
        return RetypeSQLOp(self._undo, self._sql, self.column)


def quoted(name: str, dialect: Dialect) -> str:
    """Return a name as SQL, in quotes where it needs them.

    :param name: the name of a table, column, schema or type.
    :param dialect: whose rules of quoting count.
    """
    return plain_percents(dialect.identifier_preparer.quote(name), dialect)


def qualified(schema: Optional[str], name: str, dialect: Dialect) -> str:
    """Return a name with its schema, if that is given, as SQL."""
    parts = [schema, name] if schema else [name]
    return ".".join(quoted(part, dialect) for part in parts)


def compiled(element: Any, dialect: Dialect) -> str:
    """Return a DDL element as the text of a statement."""
    return plain_percents(str(element.compile(dialect=dialect)).strip(), dialect)


def _as_text(sql: str) -> Union[str, TextClause]:
    """Return a statement so that no colon in it is taken for a parameter."""
    return literal_text(sql) if ":" in sql else sql
