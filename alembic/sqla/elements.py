"""Statements: DDL elements, inserts, and the schema they name."""

from __future__ import annotations

from typing import Any
from typing import TYPE_CHECKING

from sqlalchemy import schema as sqlalchemy_schema
from sqlalchemy.schema import Column
from sqlalchemy.schema import DDLElement as _DDLElement
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table

from .version import sqla_1_4
from .version import sqla_2_0
from .version import sqla_2_1

if TYPE_CHECKING:
    from sqlalchemy.schema import ExecutableDDLElement as ExecutableDDLElement
elif sqla_2_0:
    ExecutableDDLElement = sqlalchemy_schema.ExecutableDDLElement
else:
    ExecutableDDLElement = _DDLElement


ddl_has_conditions: bool = sqla_1_4
"""Do the elements for tables and indexes write IF EXISTS and IF NOT EXISTS?"""

mssql_drop_index_has_if_exists: bool = sqla_2_1
"""Does ``DropIndex`` write IF EXISTS on SQL Server?"""

drop_constraint_has_if_exists: bool = sqla_2_0
"""Does ``DropConstraint`` write IF EXISTS?"""


def is_ddl(construct: Any) -> bool:
    """Tell whether a construct is CREATE, ALTER, DROP and the like."""
    return isinstance(construct, _DDLElement)


def plain_insert(table: Any) -> Any:
    """Return an INSERT for a table that does not ask for the keys it generates.

    :param table: a ``Table`` or ``table()``.
    """
    if not sqla_1_4:
        return table.insert(inline=True)
    return table.insert().inline()


class _BearsSchema:
    """Something with a schema, for `effective_schema` to ask about."""

    _use_schema_map = True

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def _translate_schema(self, effective_schema: Any, map_: Any) -> Any:
        # what SQLAlchemy 1.3 asks each object; the rule of all but quoted names
        return map_.get(effective_schema, effective_schema)


def effective_schema(preparer: Any, schema: Any) -> Any:
    """Return the schema to write, after ``schema_translate_map``.

    :param preparer: the identifier preparer of the compiler.
    :param schema: the schema that was given, or None.
    """
    return preparer.schema_for_object(_BearsSchema(schema))


def compiled_with_literals(statement: Any, dialect: Any, connection: Any) -> Any:
    """Return a statement compiled with its values in it, and its schemas translated.

    :param statement: the statement.
    :param dialect: the dialect to write for.
    :param connection: the one whose ``schema_translate_map`` counts; None for none.
    """
    options: Any = {"compile_kwargs": {"literal_binds": True}}
    if connection is not None:
        map_ = connection.get_execution_options().get("schema_translate_map")
        if map_ and sqla_1_4:
            options["render_schema_translate"] = True
        if map_:
            options["schema_translate_map"] = map_
    return statement.compile(dialect=dialect, **options)


def as_translated(table: Any) -> Any:
    """Return a ``sa.table()`` as a Table, whose schema SQLAlchemy translates."""
    if isinstance(table, Table):
        return table
    columns = [Column(column.name, column.type) for column in table.c]
    return Table(table.name, MetaData(), *columns, schema=table.schema)


def insert_from_select(table: Any, names: Any, expressions: Any) -> Any:
    """Return an INSERT that fills a table from a SELECT.

    :param table: the table to fill. A column of it that is not named gets its default
        of Python, once computed for all rows, or what the database gives it.
    :param names: the names of the columns to fill.
    :param expressions: what each is filled with.
    """
    from sqlalchemy import select

    query: Any = select(*expressions) if sqla_1_4 else select(expressions)
    return table.insert().from_select(names, query)
