"""Finds a constraint in the database when the operation does not name it.

A constraint that was created without a name has one that the database chose. Who
drops it knows its kind and its columns; the database knows the rest.
"""

from __future__ import annotations

import re
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from alembic.sqla.driver import translated_schema
from alembic.sqla.names import final_constraint_name
from alembic.sqla.reflection import inspector_of
from alembic.sqla.reflection import is_made_for_partition

from . import arguments

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector

    from .abstract import OperationsCore
    from .ops import DropConstraintOp

_LABELS: Dict[Optional[str], str] = {
    "unique": "unique constraint",
    "foreignkey": "foreign key",
    "primary": "primary key",
    "check": "check constraint",
    None: "constraint",
}


class Found(NamedTuple):
    """A constraint of the database."""

    kind: str
    """As ``type_`` of `Operations.drop_constraint`."""

    name: Optional[str]
    """Its name; None where the database keeps none, as SQLite may."""

    columns: Tuple[str, ...]
    """The names of its columns; empty for a check constraint."""

    def __str__(self) -> str:
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.name or 'one without a name'}{columns}"


def find_by_columns(operations: OperationsCore, operation: DropConstraintOp) -> Found:
    """Return the constraint that an operation without a name means.

    :param operations: whose connection is asked; without one, the naming convention
        must tell the name.
    :param operation: the operation.
    :raises CommandError: when there is none, or more than one.
    """
    context = operations.migration_context
    kind, columns = operation.constraint_type, operation.columns
    label = _LABELS.get(kind, "constraint")
    if context.as_sql:
        return _named_by_convention(operations, operation)
    present = _constraints_of(operations, operation)
    matching = [
        found
        for found in present
        if (columns is None or set(columns) == set(found.columns))
        # every table has but one primary key; of the others it might be another one
        and (columns is not None or kind == "primary")
    ]
    if len(matching) > 1 and columns:
        # what has a name of its own is not what was left without one
        matching = [
            found
            for found in matching
            if re.fullmatch(rf"{re.escape(columns[0])}(_\d+)?", found.name or "")
        ] or matching
    if len(matching) == 1:
        return matching[0]
    listing = ", ".join(str(found) for found in present) or "none"
    if not columns:
        problem = "the constraint has no name"
    elif matching:
        problem = f"more than one {label} is on columns {columns!r}"
    else:
        problem = f"there is no {label} on columns {columns!r}"
    raise arguments.misuse(
        operation,
        f"{problem}; the {label}s of the table are: {listing}",
        _what_to_give(kind, columns),
        operations.word,
    )


def find_kind(operations: OperationsCore, operation: DropConstraintOp) -> Optional[str]:
    """Return the kind of the constraint that an operation names.

    MySQL drops each kind in its own words.

    :return: None when there is none of that name, or more than one.
    """
    kinds = {
        found.kind
        for found in _constraints_of(operations, operation)
        if found.name == operation.constraint_name
    }
    return kinds.pop() if len(kinds) == 1 else None


def _what_to_give(kind: Optional[str], columns: Optional[Sequence[str]]) -> str:
    wanted = ["constraint_name"]
    if kind is None:
        wanted.append("type_")
    if columns is None and kind != "check":
        wanted.append("columns=[...]")
    return "give " + " or ".join(wanted)


def _named_by_convention(
    operations: OperationsCore, operation: DropConstraintOp
) -> Found:
    """Return the constraint as the naming convention of the models calls it."""
    kind, columns = operation.constraint_type, operation.columns
    constraint: Any = None
    if operation._reverse is not None:
        constraint = operation._reverse.to_constraint(operations.migration_context)
    elif columns and kind in ("unique", "primary"):
        make: Callable[..., Any] = (
            operations.schema_obj.unique_constraint
            if kind == "unique"
            else operations.schema_obj.primary_key_constraint
        )
        constraint = make(None, operation.table_name, columns, schema=operation.schema)
    if constraint is not None:
        name = final_constraint_name(constraint, operations.migration_context.dialect)
        if name:
            return Found(kind or "", name, tuple(columns or ()))
    raise arguments.misuse(
        operation,
        "the constraint has no name, and in --sql mode there is no database to look "
        "for it",
        f"give constraint_name{_usual_name(operations, operation)}",
        operations.word,
    )


def _usual_name(operations: OperationsCore, operation: DropConstraintOp) -> str:
    """Return a hint: what PostgreSQL calls a constraint that has no name."""
    suffix = {"unique": "key", "foreignkey": "fkey"}.get(
        operation.constraint_type or ""
    )
    if operations.migration_context.dialect.name != "postgresql":
        return ""
    if operation.constraint_type == "primary":
        return f", which is usually '{operation.table_name}_pkey'"
    if suffix is None or not operation.columns:
        return ""
    name = "_".join((operation.table_name, *operation.columns, suffix))
    return f", which is usually {name!r}"


def _constraints_of(
    operations: OperationsCore, operation: DropConstraintOp
) -> List[Found]:
    """Return the constraints of the operation's table, of its kind or of any."""
    answer = operations.migration_context.impl.answers(
        f"constraints {operation.schema}.{operation.table_name} "
        f"{operation.constraint_type}",
        lambda: _ask_for_constraints(operations, operation),
    )
    # lists, if it was kept as JSON
    return [Found(kind, name, tuple(columns)) for kind, name, columns in answer]


def _ask_for_constraints(
    operations: OperationsCore, operation: DropConstraintOp
) -> List[Found]:
    connection: Any = operations.migration_context.connection
    inspector = inspector_of(connection)
    schema = translated_schema(connection, operation.schema)
    present: List[Found] = []
    for kind, look in _LOOK.items():
        if operation.constraint_type in (None, kind):
            try:
                present += look(inspector, operation.table_name, schema)
            except NotImplementedError:
                # this dialect cannot tell constraints of this kind
                continue
    return present


def _uniques(inspector: Inspector, table: str, schema: Optional[str]) -> List[Found]:
    return [
        Found("unique", record["name"], _names(record["column_names"]))
        for record in inspector.get_unique_constraints(table, schema=schema)
    ]


def _foreign_keys(
    inspector: Inspector, table: str, schema: Optional[str]
) -> List[Found]:
    return [
        Found("foreignkey", record["name"], _names(record["constrained_columns"]))
        for record in inspector.get_foreign_keys(table, schema=schema)
        if inspector.dialect.name != "postgresql"
        or not is_made_for_partition(inspector, schema, table, record["name"])
    ]


def _primary_key(
    inspector: Inspector, table: str, schema: Optional[str]
) -> List[Found]:
    record: Any = inspector.get_pk_constraint(table, schema=schema)
    columns = _names(record.get("constrained_columns") or ())
    return [Found("primary", record.get("name"), columns)] if columns else []


def _checks(inspector: Inspector, table: str, schema: Optional[str]) -> List[Found]:
    return [
        Found("check", record["name"], ())
        for record in inspector.get_check_constraints(table, schema=schema)
    ]


def _names(columns: Sequence[Optional[str]]) -> Tuple[str, ...]:
    return tuple(column for column in columns if column is not None)


_LOOK: Dict[str, Callable[[Any, str, Optional[str]], List[Found]]] = {
    "unique": _uniques,
    "foreignkey": _foreign_keys,
    "primary": _primary_key,
    "check": _checks,
}
