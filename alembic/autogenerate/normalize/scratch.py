"""A table of the model as the database writes it, from a copy that is gone again."""

from __future__ import annotations

import contextlib
import warnings
from typing import Any
from typing import cast
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.exc import SAWarning
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable
from sqlalchemy.schema import DropTable
from sqlalchemy.schema import Index
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table

from alembic.sqla.connections import scope_for_ddl
from alembic.sqla.constraints import all_table_check_constraints
from alembic.sqla.constraints import copy_item
from alembic.sqla.constraints import is_type_bound
from alembic.sqla.expressions import copy_expression
from alembic.sqla.expressions import table_bound_expressions
from alembic.sqla.reflection import inspector_of

from .sqlite_text import checks_of_table
from .sqlite_text import complete_columns
from .sqlite_text import indexes_of_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import CheckConstraint

    from alembic.ddl.impl import DefaultImpl

_NAME = "alembic_scratch"

_ROLLED_BACK = ("postgresql",)
"""Dialects on which CREATE is undone by a savepoint, and errors need one."""

SUPPORTED = ("postgresql", "mysql", "mariadb", "sqlite")
"""Dialects whose temporary tables are reflected like any others."""

Record = Dict[str, Any]


class Scratch:
    """What the database says of a copy of a table of the model.

    :ivar columns: the reflected record of each column, by name.
    :ivar indexes: the reflected record of each index that could be made, by its
        position among those asked for.
    :ivar checks: the text of each CHECK constraint, likewise.
    """

    def __init__(self) -> None:
        self.columns: Dict[str, Record] = {}
        self.indexes: Dict[int, Record] = {}
        self.checks: Dict[int, str] = {}


def reflect_columns(
    connection: Connection, impl: DefaultImpl, table: Table
) -> Optional[Scratch]:
    """Return a table's columns as the database writes them.

    :param connection: where the copy is made; its transaction is not disturbed.
    :param impl: adjusts what is reflected, as for any table.
    :param table: the table of the model.
    :return: None when the copy could not be made.
    """
    return _reflect(connection, impl, table, [], [])


def reflect_indexes(
    connection: Connection, impl: DefaultImpl, table: Table, indexes: List[Index]
) -> Optional[Scratch]:
    """Return indexes of a table of the model as the database writes them.

    :param indexes: the indexes; one that can not be made is missing in the result.
    """
    return _reflect(connection, impl, table, indexes, [])


def reflect_checks(
    connection: Connection,
    impl: DefaultImpl,
    table: Table,
    checks: List[CheckConstraint],
) -> Optional[Scratch]:
    """Return CHECK constraints of a table of the model as the database writes them.

    :param checks: the constraints.
    """
    return _reflect(connection, impl, table, [], checks)


def _reflect(
    connection: Connection,
    impl: DefaultImpl,
    table: Table,
    indexes: List[Index],
    checks: List[CheckConstraint],
) -> Optional[Scratch]:
    if connection.dialect.name not in SUPPORTED:
        return None
    scratch = Scratch()
    try:
        copy = _copy(table, checks, connection.dialect.name)
        with warnings.catch_warnings():
            # what SQLAlchemy thinks of the model it said when the model was created
            warnings.simplefilter("ignore", SAWarning)
            with _made(connection, copy):
                for position, index in enumerate(indexes):
                    _make_index(connection, copy, index, position)
                inspector = inspector_of(connection)
                _read(scratch, inspector, impl, copy, bool(indexes), bool(checks))
    except (SQLAlchemyError, NotImplementedError):
        # not allowed, or needs something that is not there yet
        return None
    return scratch


def _copy(table: Table, checks: List[CheckConstraint], dialect_name: str) -> Table:
    """Return a temporary table with the columns of a table and some of its checks."""
    options = {
        name: value
        for name, value in table.dialect_kwargs.items()
        if name.split("_")[0] in ("mysql", "mariadb", "sqlite")
        and "partition" not in name
    }
    copy = Table(_NAME, MetaData(), prefixes=["TEMPORARY"], **options)
    for column in table.columns:
        column_copy: Any = copy_item(column)
        column_copy.index = column_copy.unique = None
        column_copy.constraints.clear()
        copy.append_column(column_copy)
    for position, check in enumerate(checks):
        check_copy: Any = copy_item(check, target_table=copy)
        check_copy.name = f"{_NAME}_{position}"
        copy.append_constraint(check_copy)
    if not checks:
        for check in all_table_check_constraints(copy):
            if not is_type_bound(check):
                copy.constraints.discard(check)
    return copy


@contextlib.contextmanager
def _made(connection: Connection, copy: Table) -> Iterator[None]:
    """Create a temporary table for the time of a block."""
    if connection.dialect.name in _ROLLED_BACK and not _commits_by_itself(connection):
        savepoint = connection.begin_nested()
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


def _commits_by_itself(connection: Connection) -> bool:
    return bool(connection.get_isolation_level() == "AUTOCOMMIT")


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
        if connection.dialect.name in _ROLLED_BACK
        and not _commits_by_itself(connection)
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


def _read(
    scratch: Scratch,
    inspector: Inspector,
    impl: DefaultImpl,
    copy: Table,
    with_indexes: bool,
    with_checks: bool,
) -> None:
    is_sqlite = inspector.dialect.name == "sqlite"
    if with_indexes:
        indexes = (
            indexes_of_table(inspector, None, _NAME)
            if is_sqlite
            else cast(List[Record], inspector.get_indexes(_NAME))
        )
        for index in indexes:
            position = _position(index["name"])
            if position is not None:
                scratch.indexes[position] = index
    elif with_checks:
        checks: Any = checks_of_table(inspector, None, _NAME) if is_sqlite else None
        if checks is None:
            checks = inspector.get_check_constraints(_NAME)
        for check in checks:
            position = _position(check["name"])
            if position is not None:
                scratch.checks[position] = check["sqltext"]
    else:
        columns = cast(List[Record], inspector.get_columns(_NAME))
        if is_sqlite:
            complete_columns(inspector, None, _NAME, columns)
        for record in columns:
            impl.autogen_column_reflect(inspector, copy, record)
            scratch.columns[record["name"]] = record


def _position(name: Optional[str]) -> Optional[int]:
    head, _, tail = (name or "").rpartition("_")
    return int(tail) if head == _NAME and tail.isdigit() else None


__all__: Tuple[str, ...] = (
    "SUPPORTED",
    "Scratch",
    "reflect_checks",
    "reflect_columns",
    "reflect_indexes",
)
