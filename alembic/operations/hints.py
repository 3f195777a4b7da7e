"""What to write where the database refuses an operation, by what it says of it."""

from __future__ import annotations

import re
from typing import Any
from typing import Callable
from typing import List
from typing import Tuple
from typing import Type

from . import ops


def hint(operation: ops.MigrateOperation, error: Exception) -> str:
    """Return what may help against an error, after a semicolon; nothing if unknown.

    :param operation: the operation that failed.
    :param error: what the database, or SQLAlchemy, said.
    """
    original = getattr(error, "orig", None)
    said = str(error if original is None else original)
    for op_class, pattern, words in _HINTS:
        if isinstance(operation, op_class):
            match = re.search(pattern, said)
            helps = words(operation, match) if match is not None else ""
            if helps:
                return f"; {helps}"
    return ""


def _server_default(operation: Any, match: Any) -> str:
    return (
        f"give column {operation.column.name!r} a server_default, for the rows that "
        "are there"
    )


def _fill(operation: Any, match: Any) -> str:
    name = operation.column_name
    if operation.modify_nullable is not False or operation.modify_type is not None:
        return ""
    return (
        f"fill the rows first, with op.execute('UPDATE {operation.table_name} "
        f"SET {name} = ... WHERE {name} IS NULL')"
    )


def _using(operation: Any, match: Any) -> str:
    return f"give postgresql_using={match.group(1)!r}"


def _same_keys(operation: Any, match: Any) -> str:
    return f"give {match.group(1)} in every row, or multiinsert=False"


_HINTS: List[Tuple[Type[Any], str, Callable[[Any, Any], str]]] = [
    (
        ops.AddColumnOp,
        "contains null values|Cannot add a NOT NULL column",
        _server_default,
    ),
    (
        ops.AlterColumnOp,
        "contains null values|Data truncated for column|NULL value in column|"
        "Invalid use of NULL value",
        _fill,
    ),
    (ops.AlterColumnOp, r'might need to specify "USING (.*?)"', _using),
    (
        ops.BulkInsertOp,
        r"A value is required for bind parameter ('.*?'), in parameter group",
        _same_keys,
    ),
]
"""Operations, what is said of them, and what helps."""
