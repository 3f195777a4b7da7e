"""Statements: DDL elements, inserts, and dialects that write scripts."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any
from typing import cast
from typing import TYPE_CHECKING

from sqlalchemy import literal
from sqlalchemy import schema as sqlalchemy_schema
from sqlalchemy.exc import CompileError
from sqlalchemy.schema import DDLElement as _DDLElement
from sqlalchemy.types import ARRAY
from sqlalchemy.types import JSON
from sqlalchemy.types import NullType

from .types import compiled_type
from .version import sqla_1_4
from .version import sqla_2_0

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import ExecutableDDLElement as ExecutableDDLElement
elif sqla_2_0:
    ExecutableDDLElement = sqlalchemy_schema.ExecutableDDLElement
else:
    ExecutableDDLElement = _DDLElement


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


def script_dialect(dialect: Dialect) -> Dialect:
    """Return a dialect that writes SQL for a script instead of for a driver.

    What is only meant for the driver is left out: ``%`` is not doubled, and a
    parameter without a value is written ``:name``.

    :param dialect: the dialect of the database; it is not changed.
    """
    clone: Any = copy.copy(dialect)
    clone.paramstyle = "named"
    clone.positional = False
    # what was made for the original knows its way of writing parameters
    clone.__dict__.pop("_type_memos", None)
    clone.identifier_preparer = clone.preparer(clone)
    if sqla_2_0:
        clone.type_compiler_instance = clone.type_compiler_cls(clone)
        clone.type_compiler = clone.type_compiler_instance
    else:
        clone.type_compiler = type(clone.type_compiler)(clone)
    clone.statement_compiler = type(
        "ScriptCompiler", (_LiteralCompiler, dialect.statement_compiler), {}
    )
    return cast("Dialect", clone)


class _LiteralCompiler:
    """Writes values as literals also where their type does not know how."""

    dialect: Dialect

    def render_literal_bindparam(self, bindparam: Any, **kw: Any) -> str:
        """Return a parameter as SQL; None may be a value, as JSON's ``null`` is."""
        has_value = bindparam.value is not None or bindparam.callable is not None
        if not has_value and bindparam.type.should_evaluate_none:
            return self.render_literal_value(None, bindparam.type)
        as_usual: Any = cast(Any, super()).render_literal_bindparam
        return cast(str, as_usual(bindparam, **kw))

    def render_literal_value(self, value: Any, type_: Any) -> str:
        """Return a value as SQL.

        :param value: the value.
        :param type_: its type; one that is not known is found out from the value.
        """
        as_usual: Any = cast(Any, super()).render_literal_value
        if isinstance(type_, NullType) and value is not None:
            type_ = literal(value).type
        if isinstance(value, (bytes, bytearray, memoryview)):
            return _BYTES.get(self.dialect.name, "X'{}'").format(bytes(value).hex())
        if isinstance(value, timedelta) and self.dialect.name == "postgresql":
            # as its drivers do: a day is no number of seconds there
            seconds = f"{value.seconds}.{value.microseconds:06}"
            return f"'{value.days} days {seconds} seconds'::interval"
        if isinstance(type_, ARRAY) and isinstance(value, (list, tuple)):
            # what is in it does not always tell the type, least of all nothing
            return f"{self._array(value, type_)}::{compiled_type(type_, self.dialect)}"
        try:
            return cast(str, as_usual(value, type_))
        except (CompileError, NotImplementedError):
            bound = _as_bound(value, type_, self.dialect)
            if bound is None or type(bound) is type(value):
                raise
            return self.render_literal_value(bound, literal(bound).type)

    def _array(self, values: Any, type_: Any) -> str:
        """Return an array, of any number of dimensions, as SQL without its type."""
        items = (
            self._array(value, type_)
            if isinstance(value, (list, tuple))
            else "NULL"
            if value is None
            else self.render_literal_value(value, type_.item_type)
            for value in values
        )
        return f"ARRAY[{', '.join(items)}]"


_BYTES = {
    "postgresql": "'\\x{}'::bytea",
    "mssql": "0x{}",
    "oracle": "hextoraw('{}')",
}


def _as_bound(value: Any, type_: Any, dialect: Any) -> Any:
    """Return a value as a driver would get it, or None when a type does not say.

    :param value: a value that its type cannot write as a literal.
    :param type_: the type.
    :param dialect: the dialect to write for.
    """
    if isinstance(type_, JSON):
        serialize = getattr(dialect, "_json_serializer", None) or json.dumps
        return serialize(value)
    process = type_.dialect_impl(dialect).bind_processor(dialect)
    return process(value) if process is not None else None


def sql_for_script(construct: Any, dialect: Dialect, literal_binds: bool) -> str:
    """Return the text of a statement as a script shall hold it.

    :param construct: any SQLAlchemy statement.
    :param dialect: the dialect to write for, made by `script_dialect`.
    :param literal_binds: fail when a value cannot be written as a literal, instead of
        leaving its parameter in the text.
    :raises sqlalchemy.exc.CompileError: when it cannot be written.
    """
    if is_ddl(construct):
        return _undoubled(str(construct.compile(dialect=dialect)), dialect)
    if not _has_open_parameter(construct):
        try:
            compiled = construct.compile(
                dialect=dialect, compile_kwargs={"literal_binds": True}
            )
        except (CompileError, NotImplementedError):
            if literal_binds:
                raise
        else:
            return _undoubled(str(compiled), dialect)
    return str(construct.compile(dialect=dialect))


def _undoubled(text: str, dialect: Dialect) -> str:
    """Return a text without doubled percent signs, which drivers of 1.3 insist on."""
    if not sqla_1_4 and any(
        "psycopg2" in base.__name__.lower() or "mysqldb" in base.__name__.lower()
        for base in type(dialect).__mro__
    ):
        return text.replace("%%", "%")
    return text


def _has_open_parameter(construct: Any) -> bool:
    """Tell whether a statement has a parameter that was given no value."""
    from sqlalchemy.sql.visitors import traverse

    found = []

    def look(bind: Any) -> None:
        if bind.required and bind.value is None and bind.callable is None:
            found.append(bind)

    traverse(construct, {}, {"bindparam": look})
    return bool(found)


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
