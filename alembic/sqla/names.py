"""Names of constraints and indexes: none, left to a convention, or final."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import cast
from typing import Optional
from typing import Union

from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import Column
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import Index
from sqlalchemy.schema import Table
from sqlalchemy.sql import base as sql_base
from sqlalchemy.sql import elements
from sqlalchemy.sql import naming
from sqlalchemy.sql.elements import conv as conv
from sqlalchemy.sql.elements import quoted_name as quoted_name
from sqlalchemy.util import md5_hex
from typing_extensions import TypeGuard

from .version import sqla_1_4
from .version import sqla_2_0

__all__ = [
    "NONE_NAME",
    "NoneName",
    "constraint_is_named",
    "constraint_name_defined",
    "constraint_name_for_table",
    "constraint_name_or_none",
    "constraint_name_string",
    "conv",
    "column_names",
    "conv_constraint_names",
    "final_constraint_name",
    "name_type_bound_constraints",
    "quoted_name",
    "quotes_matter",
    "schema_is_default",
    "table_key",
]

_private: Any = sql_base if sqla_2_0 else elements

_strings_as_markers: bool = not sqla_1_4 and hasattr(elements, "_defer_none_name")
"""Early 1.3 has two markers, a name left to the convention and a missing name left to
the convention, and both are strings; late 1.3 has the one marker of 1.4."""

if not _strings_as_markers:
    _none_name = _private._NONE_NAME
    _none_name_type = type(_none_name)
else:
    _none_name = _private._defer_none_name("_unnamed_")
    _none_name_type = _private._defer_name

NONE_NAME: Any = _none_name
"""The marker for "no name was given, a naming convention may supply one"."""

NoneName: Any = _none_name_type
"""The type of `NONE_NAME`."""

constraint_name_for_table: Callable[[Any, Any], Any] = cast(
    Any, naming
)._constraint_name_for_table
"""The name a table's naming convention gives to a constraint, or None."""

ConstraintName = Union[None, str, Any]
"""What ``Constraint.name`` may hold: None, a string, or `NONE_NAME`."""


def constraint_name_defined(name: ConstraintName) -> bool:
    """Tell whether a name is given, or promised by a naming convention.

    :param name: the ``name`` of a constraint or index.
    :return: True for a string and for `NONE_NAME`, False for None.
    """
    return name is NONE_NAME or isinstance(name, (str, NoneName))


def constraint_name_string(name: ConstraintName) -> TypeGuard[str]:
    """Tell whether a name is a plain string, so not left to a convention."""
    if not sqla_1_4 and isinstance(name, NoneName):
        return False
    return isinstance(name, str)


def constraint_name_or_none(name: ConstraintName) -> Optional[str]:
    """Return the name when it is a plain string, else None."""
    return name if constraint_name_string(name) else None


def constraint_is_named(
    constraint: Union[Constraint, Index], dialect: Optional[Dialect]
) -> bool:
    """Tell whether a constraint will have a name in the database.

    :param constraint: a constraint or index that belongs to a table.
    :param dialect: the dialect whose length limits apply to generated names.
    """
    return final_constraint_name(constraint, dialect) is not None


def final_constraint_name(
    constraint: Union[Constraint, Index], dialect: Optional[Dialect]
) -> Optional[str]:
    """Return the name a constraint will have in the database, not quoted.

    Naming conventions are applied, and a generated name that is too long for the
    dialect is shortened as it will be in DDL.

    :param constraint: a constraint or index that belongs to a table.
    :param dialect: the dialect whose length limits apply; None for the default one.
    :return: the name, or None when the database chooses one.
    """
    if constraint.name is None:
        return None
    if dialect is None:
        from sqlalchemy.engine.default import DefaultDialect

        dialect = DefaultDialect()
    if sqla_1_4:
        preparer: Any = dialect.identifier_preparer
        name: Optional[str] = preparer.format_constraint(
            constraint, _alembic_quote=False
        )
        return name
    if not isinstance(constraint.name, NoneName):
        return _shortened(constraint, constraint.name, dialect)
    convention_name = constraint_name_for_table(constraint, constraint.table)
    if convention_name is None:
        if not _strings_as_markers or isinstance(
            constraint.name, _private._defer_none_name
        ):
            return None
        convention_name = constraint.name
    return _shortened(constraint, convention_name, dialect)


def _shortened(
    constraint: Union[Constraint, Index], name: Any, dialect: Dialect
) -> str:
    """Return a name as 1.3 writes it: generated ones cut to the dialect's limit."""
    limit = dialect.max_identifier_length
    if isinstance(constraint, Index):
        limit = getattr(dialect, "max_index_name_length", None) or limit
    if isinstance(name, cast(Any, elements)._truncated_label) and len(name) > limit:
        return f"{name[: limit - 8]}_{md5_hex(name)[-4:]}"
    return str(name)


def name_type_bound_constraints(table: Table, source_table: Table) -> None:
    """Give the CHECK constraints of Boolean and Enum types their final names.

    The names are those they have in ``source_table``: its naming convention is
    consulted, and what it says is fixed on the constraints of ``table``.

    :param table: the table whose constraints are named.
    :param source_table: the table whose name and convention decide.
    """
    for constraint in table.constraints:
        if (
            isinstance(constraint, CheckConstraint)
            and getattr(constraint, "_type_bound", False)
            and constraint_name_defined(constraint.name)
        ):
            name = constraint_name_for_table(constraint, source_table)
            if name is not None:
                constraint.name = conv(name)


def conv_constraint_names(table: Table) -> None:
    """Fix the names of a table's constraints against naming conventions.

    :param table: a table, usually reflected, whose names come from a database.
    """
    for constraint in table.constraints:
        if constraint_name_string(constraint.name):
            constraint.name = conv(constraint.name)
    for index in table.indexes:
        if constraint_name_string(index.name):
            index.name = conv(index.name)


def table_key(name: str, schema: Optional[str]) -> str:
    """Return the key of a table in ``MetaData.tables``.

    :param name: the name of the table.
    :param schema: its schema, or None.
    """
    return name if schema is None else f"{schema}.{name}"


def schema_is_default(schema: Optional[str], dialect: Dialect) -> bool:
    """Tell whether a schema is the one that needs no naming.

    :param schema: a schema name, or None.
    :param dialect: a dialect that has connected, so that it knows its default.
    """
    return schema is None or schema == getattr(dialect, "default_schema_name", None)


def column_names(columns: Any) -> list[str]:
    """Return the names of some columns, in their order."""
    return [column.name for column in columns if isinstance(column, Column)]


def quotes_matter(name: quoted_name, dialect: Dialect) -> bool:
    """Tell whether a name's own setting of quotes makes it another name.

    :param name: the name of a table, column, schema or index.
    :param dialect: the dialect that would decide about quotes by itself.
    :return: True when a plain string of the same letters would mean something else:
        quotes are refused where they are needed, or asked for where the database
        would fold the plain name to its own case.
    """
    if name.quote is None:
        return False
    preparer: Any = dialect.identifier_preparer
    needed = bool(preparer._requires_quotes("".join(name)))
    if not name.quote:
        return needed
    return not needed and bool(getattr(dialect, "requires_name_normalize", False))


def plain_percents(sql: str, dialect: Dialect) -> str:
    """Return compiled SQL with its percent signs as they were given.

    Dialects whose drivers format statements double them in names.

    :param sql: SQL made by the dialect's preparer or compiler.
    :param dialect: the dialect.
    """
    preparer: Any = dialect.identifier_preparer
    return sql.replace("%%", "%") if preparer._double_percents else sql


def doubled_percents(sql: str, dialect: Dialect) -> str:
    """Return plain SQL as a part of compiled SQL, the opposite of `plain_percents`.

    :param sql: SQL as a database shows it.
    :param dialect: the dialect.
    """
    preparer: Any = dialect.identifier_preparer
    return sql.replace("%", "%%") if preparer._double_percents else sql
