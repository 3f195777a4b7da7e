"""IF EXISTS and IF NOT EXISTS where a database does not read these words."""

from __future__ import annotations

import copy
from typing import Any
from typing import NamedTuple
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateTable
from sqlalchemy.schema import DropConstraint
from sqlalchemy.schema import DropIndex
from sqlalchemy.schema import DropTable

from ..sqla import connections
from ..sqla.elements import ExecutableDDLElement
from ..sqla.names import final_constraint_name
from .base import AddColumn
from .base import DropColumn

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect

_WORDS = ("if_exists", "if_not_exists")
_DROPS = (DropColumn, DropConstraint, DropIndex, DropTable)


def condition_of(construct: Any) -> Optional[str]:
    """Return the condition that a statement was given, by its name as an argument.

    :param construct: any statement, or a string.
    :return: ``"if_exists"``, ``"if_not_exists"``, or None.
    """
    given = [word for word in _WORDS if getattr(construct, word, None)]
    return given[0] if given else None


def without_condition(construct: Any) -> Any:
    """Return a statement as it is without its condition."""
    plain = copy.copy(construct)
    for word in _WORDS:
        if hasattr(plain, word):
            setattr(plain, word, None)
    return plain


class Guarded(ExecutableDDLElement):
    """A statement that does nothing where its object is there already, or is not.

    For databases that have no such words of their own, but can be told otherwise; how,
    is said with ``@compiles`` by their dialects.

    :param statement: the statement, with ``if_exists`` or without; what creates does
        nothing where its object is there, what drops where it is not.
    """

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = without_condition(statement)

    @property
    def drops(self) -> bool:
        """Whether the statement drops something, rather than creating it."""
        return isinstance(self.statement, _DROPS)


class Target(NamedTuple):
    """What a statement creates or drops."""

    kind: str
    """``"table"``, ``"column"``, ``"index"``, ``"constraint"``."""
    table: str
    schema: Optional[str]
    name: Optional[str]
    """Not quoted; that of the table for a table, None where the database chooses."""


def target_of(statement: Any, dialect: Dialect) -> Target:
    """Return what a statement creates or drops.

    :param statement: one that may have a condition.
    :param dialect: the dialect whose rules decide how constraints are called.
    """
    if isinstance(statement, (AddColumn, DropColumn)):
        return Target(
            "column",
            str(statement.table_name),
            statement.schema,
            str(statement.column.name),
        )
    element: Any = statement.element
    if isinstance(statement, (CreateTable, DropTable)):
        return Target("table", element.name, element.schema, element.name)
    kind = "index" if element.__visit_name__ == "index" else "constraint"
    name = final_constraint_name(element, dialect)
    if dialect.name in ("mysql", "mariadb") and (
        element.__visit_name__ == "primary_key_constraint"
    ):
        name = "PRIMARY"
    return Target(kind, element.table.name, element.table.schema, name)


def is_there(connection: Connection, target: Target) -> bool:
    """Tell whether a database has what a statement would create or drop.

    :param connection: the connection to ask on.
    :param target: a column or an index.
    """
    look = {"column": connections.has_column, "index": connections.has_index}
    return look[target.kind](connection, target.table, str(target.name), target.schema)
