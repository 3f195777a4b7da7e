"""A table of the model as the database writes it, from a copy that is gone again."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import Any
from typing import Callable
from typing import cast
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SAWarning
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable
from sqlalchemy.schema import DropTable
from sqlalchemy.schema import Index
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table
from sqlalchemy.sql.functions import next_value
from sqlalchemy.types import SchemaType

from alembic.sqla.connections import begin_nested
from alembic.sqla.connections import scope_for_ddl
from alembic.sqla.constraints import all_table_check_constraints
from alembic.sqla.constraints import copy_item
from alembic.sqla.constraints import is_type_bound
from alembic.sqla.driver import is_autocommit
from alembic.sqla.expressions import copy_expression
from alembic.sqla.expressions import table_bound_expressions
from alembic.sqla.expressions import text_of
from alembic.sqla.reflection import complete_expressions
from alembic.sqla.reflection import execute_on_inspector
from alembic.sqla.reflection import inspector_of
from alembic.util.unwarned import unwarned

from .columns import complete_columns
from .expressions import settled_checks
from .postgresql_text import settled
from .sqlite_text import checks_of_table
from .sqlite_text import indexes_of_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import CheckConstraint
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import Constraint

    from alembic.ddl.impl import DefaultImpl

_NAME = "alembic_scratch"

_ROLLED_BACK = ("postgresql",)
"""Dialects on which CREATE is undone by a savepoint, and errors need one."""

SUPPORTED = ("postgresql", "mysql", "mariadb", "sqlite")
"""Dialects whose temporary tables are reflected like any others."""

_EXCLUSIONS = f"""
SELECT k.conname, pg_catalog.pg_get_constraintdef(k.oid), ARRAY(
    SELECT CAST(a.attname AS text) FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = k.conindid AND a.attnum > 0 ORDER BY a.attnum
)
FROM pg_catalog.pg_constraint k
WHERE k.contype = 'x' AND k.conrelid = CAST('pg_temp.{_NAME}' AS pg_catalog.regclass)
"""

Record = Dict[str, Any]


class Exclusion(NamedTuple):
    """An EXCLUDE constraint as PostgreSQL has it."""

    definition: str
    columns: List[str]
    """What the columns of its index are called."""


class Scratch:
    """What the database says of a copy of a table of the model.

    :ivar columns: the reflected record of each column, by name.
    :ivar indexes: the reflected record of each index that could be made, by its
        position among those asked for.
    :ivar checks: the text of each CHECK constraint, likewise.
    :ivar exclusions: each EXCLUDE constraint, likewise.
    """

    def __init__(self) -> None:
        self.columns: Dict[str, Record] = {}
        self.indexes: Dict[int, Record] = {}
        self.checks: Dict[int, str] = {}
        self.exclusions: Dict[int, Exclusion] = {}


def reflect_columns(
    connection: Connection, impl: DefaultImpl, table: Table
) -> Optional[Scratch]:
    """Return a table's columns as the database writes them.

    :param connection: where the copy is made; its transaction is not disturbed.
    :param impl: adjusts what is reflected, as for any table.
    :param table: the table of the model.
    :return: None when the copy could not be made.
    """
    return _reflect(connection, table, partial(_read_columns, impl=impl))


def reflect_indexes(
    connection: Connection, table: Table, indexes: List[Index]
) -> Optional[Scratch]:
    """Return indexes of a table of the model as the database writes them.

    :param indexes: the indexes; one that can not be made is missing in the result.
    """
    return _reflect(connection, table, _read_indexes, indexes=indexes)


def reflect_checks(
    connection: Connection, table: Table, checks: List[CheckConstraint]
) -> Optional[Scratch]:
    """Return CHECK constraints of a table of the model as the database writes them.

    :param checks: the constraints.
    """
    return _reflect(connection, table, _read_checks, constraints=checks)


def reflect_exclusions(
    connection: Connection, table: Table, exclusions: List[Any]
) -> Optional[Scratch]:
    """Return EXCLUDE constraints of a table of the model as PostgreSQL writes them.

    :param exclusions: the constraints.
    """
    return _reflect(connection, table, _read_exclusions, constraints=exclusions)


def _reflect(
    connection: Connection,
    table: Table,
    read: Callable[[Scratch, Inspector, Table], None],
    *,
    indexes: Sequence[Index] = (),
    constraints: Sequence[Constraint] = (),
) -> Optional[Scratch]:
    if connection.dialect.name not in SUPPORTED:
        return None
    # what the columns of a constraint or an index have as default does not matter
    with_defaults = not (indexes or constraints)
    for keep in (_any_column, _stands_alone if with_defaults else _has_plain_type):
        scratch = Scratch()
        try:
            copy = _copy(table, constraints, with_defaults, keep)
            # what SQLAlchemy thinks of the model it said when that was created
            with unwarned(SAWarning), _made(connection, copy):
                for position, index in enumerate(indexes):
                    _make_index(connection, copy, index, position)
                read(scratch, inspector_of(connection), copy)
        except (SQLAlchemyError, NotImplementedError, KeyError):
            # not allowed, or needs something that is not there yet
            continue
        return scratch
    return None


def _any_column(column: Column[Any]) -> bool:
    return True


def _has_plain_type(column: Column[Any]) -> bool:
    """Tell whether a column needs no type that may not be there yet."""
    return not isinstance(getattr(column.type, "item_type", column.type), SchemaType)


def _stands_alone(column: Column[Any]) -> bool:
    """Tell whether a column needs neither such a type nor such a sequence."""
    default = getattr(column.server_default, "arg", None)
    return _has_plain_type(column) and not (
        isinstance(default, next_value) or "nextval(" in (text_of(default) or "")
    )


def _copy(
    table: Table,
    constraints: Sequence[Constraint],
    with_defaults: bool,
    keep: Callable[[Column[Any]], bool],
) -> Table:
    """Return a temporary table with columns of a table and some constraints.

    :param with_defaults: the columns have the server defaults that they shall have.
    :param keep: which columns are needed.
    """
    options = {
        name: value
        for name, value in table.dialect_kwargs.items()
        if name.split("_")[0] in ("mysql", "mariadb", "sqlite")
        and "partition" not in name
    }
    copy = Table(_NAME, MetaData(), prefixes=["TEMPORARY"], **options)
    for column in filter(keep, table.columns):
        column_copy: Any = copy_item(column)
        column_copy.index = column_copy.unique = None
        column_copy.constraints.clear()
        if not with_defaults:
            column_copy.server_default = column_copy.computed = None
            column_copy.identity = None
        copy.append_column(column_copy)
    for position, constraint in enumerate(constraints):
        constraint_copy: Any = copy_item(constraint, target_table=copy)
        constraint_copy.name = f"{_NAME}_{position}"
        copy.append_constraint(constraint_copy)
    if not constraints:
        for check in all_table_check_constraints(copy):
            if not is_type_bound(check):
                copy.constraints.discard(check)
    return copy


@contextlib.contextmanager
def _made(connection: Connection, copy: Table) -> Iterator[None]:
    """Create a temporary table for the time of a block."""
    if connection.dialect.name in _ROLLED_BACK and not is_autocommit(connection):
        savepoint = begin_nested(connection)
        try:
            connection.execute(CreateTable(copy))
            yield
        finally:
            savepoint.rollback()
    else:
        with scope_for_ddl(connection):
            connection.execute(CreateTable(copy))
            try:
                yield
            finally:
                connection.execute(DropTable(copy))


def _make_index(
    connection: Connection, copy: Table, index: Index, position: int
) -> None:
    """Create an index of the model on the copy, if that is possible."""
    index_copy = Index(
        f"{_NAME}_{position}",
        *[copy_expression(element, copy) for element in table_bound_expressions(index)],
        unique=index.unique,
        _table=copy,
        **_options_for(index, copy),
    )
    nested = (
        connection.begin_nested()
        if connection.dialect.name in _ROLLED_BACK and not is_autocommit(connection)
        else None
    )
    try:
        connection.execute(CreateIndex(index_copy))
    except SQLAlchemyError:
        if nested is not None:
            nested.rollback()
    else:
        if nested is not None:
            nested.commit()


def _options_for(index: Index, copy: Table) -> Dict[str, Any]:
    """Return the dialect options of an index, about the columns of the copy."""
    options: Dict[str, Any] = {}
    for name, value in index.dialect_kwargs.items():
        if name.endswith("_concurrently"):
            continue
        if name.endswith("_where") and hasattr(value, "get_children"):
            value = copy_expression(value, copy)
        options[name] = value
    return options


def _read_columns(
    scratch: Scratch, inspector: Inspector, copy: Table, *, impl: DefaultImpl
) -> None:
    columns = cast(List[Record], inspector.get_columns(_NAME))
    complete_columns(inspector, None, _NAME, columns, is_temporary=True)
    for record in columns:
        impl.autogen_column_reflect(inspector, copy, record)
        scratch.columns[record["name"]] = record


def _read_indexes(scratch: Scratch, inspector: Inspector, copy: Table) -> None:
    indexes = (
        indexes_of_table(inspector, None, _NAME)
        if inspector.dialect.name == "sqlite"
        else cast(List[Record], inspector.get_indexes(_NAME))
    )
    if inspector.dialect.name == "postgresql":
        complete_expressions(inspector, None, indexes)
    for index in indexes:
        position = _position(index["name"])
        if position is not None:
            scratch.indexes[position] = index


def _read_checks(scratch: Scratch, inspector: Inspector, copy: Table) -> None:
    checks: Any = None
    if inspector.dialect.name == "sqlite":
        checks = checks_of_table(inspector, None, _NAME)
    if checks is None:
        checks = inspector.get_check_constraints(_NAME)
    for check in settled_checks(inspector.dialect, checks):
        position = _position(check["name"])
        if position is not None:
            scratch.checks[position] = check["sqltext"]


def _read_exclusions(scratch: Scratch, inspector: Inspector, copy: Table) -> None:
    for name, definition, columns in execute_on_inspector(inspector, text(_EXCLUSIONS)):
        position = _position(name)
        if position is not None:
            scratch.exclusions[position] = Exclusion(settled(definition), list(columns))


def _position(name: Optional[str]) -> Optional[int]:
    head, _, tail = (name or "").rpartition("_")
    return int(tail) if head == _NAME and tail.isdigit() else None


__all__: Tuple[str, ...] = (
    "Exclusion",
    "SUPPORTED",
    "Scratch",
    "reflect_checks",
    "reflect_columns",
    "reflect_exclusions",
    "reflect_indexes",
)
