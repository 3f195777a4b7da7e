"""SQL for a script: a dialect that writes every value as a literal."""

from __future__ import annotations

import copy
import json
import math
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from decimal import Decimal
from typing import Any
from typing import Callable
from typing import cast
from typing import Mapping
from typing import NoReturn
from typing import Optional
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import literal
from sqlalchemy.exc import CompileError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.visitors import traverse
from sqlalchemy.types import ARRAY
from sqlalchemy.types import JSON
from sqlalchemy.types import NullType
from sqlalchemy.types import TypeDecorator

from .elements import is_ddl
from .types import compiled_type
from .version import sqla_1_4
from .version import sqla_2_0

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def script_dialect(
    dialect: Dialect, schema_translate_map: Optional[Mapping[Any, Any]] = None
) -> Dialect:
    """Return a dialect that writes SQL for a script instead of for a driver.

    What is only meant for the driver is left out: ``%`` is not doubled, and a
    parameter without a value is written ``:name``.

    :param dialect: the dialect of the database; it is not changed.
    :param schema_translate_map: the schemas to write in place of others.
    """
    clone: Any = copy.copy(dialect)
    clone.paramstyle = "named"
    clone.positional = False
    # what was made for the original knows its way of writing parameters
    clone.__dict__.pop("_type_memos", None)
    clone.identifier_preparer = clone.preparer(clone)
    if schema_translate_map:
        clone.identifier_preparer.schema_for_object = _translation(schema_translate_map)
    if dialect.name == "postgresql":
        # what a server that was never asked has been by default since 9.1
        clone.__dict__.setdefault("_backslash_escapes", False)
    if sqla_2_0:
        clone.type_compiler_instance = clone.type_compiler_cls(clone)
        clone.type_compiler = clone.type_compiler_instance
    else:
        clone.type_compiler = type(clone.type_compiler)(clone)
    clone.statement_compiler = type(
        "ScriptCompiler", (_LiteralCompiler, dialect.statement_compiler), {}
    )
    return cast("Dialect", clone)


def _translation(schema_translate_map: Mapping[Any, Any]) -> Callable[[Any], Any]:
    """Return the function that tells the schema to write for a table."""

    def schema_for_object(item: Any) -> Any:
        return schema_translate_map.get(item.schema, item.schema)

    return schema_for_object


class _LiteralCompiler:
    """Writes values as literals also where their type does not know how."""

    dialect: Dialect

    if not sqla_1_4:

        def visit_bindparam(self, bindparam: Any, **kw: Any) -> str:
            """Return a parameter as SQL; None was no value to write before 1.4."""
            is_none = bindparam.value is None and bindparam.callable is None
            if kw.get("literal_binds") and is_none and not bindparam.required:
                return self.render_literal_bindparam(bindparam)
            as_usual: Any = cast(Any, super()).visit_bindparam
            return cast(str, as_usual(bindparam, **kw))

    def render_literal_bindparam(self, bindparam: Any, **kw: Any) -> str:
        """Return a parameter as SQL; None may be a value, as JSON's ``null`` is."""
        if bindparam.value is None and bindparam.callable is None:
            if not bindparam.type.should_evaluate_none:
                return "NULL"
            return self.render_literal_value(None, bindparam.type)
        as_usual: Any = cast(Any, super()).render_literal_bindparam
        return cast(str, as_usual(bindparam, **kw))

    def render_literal_value(self, value: Any, type_: Any) -> str:
        """Return a value as SQL.

        :param value: the value.
        :param type_: its type; one that is not known is found out from the value.
        """
        if isinstance(type_, NullType) and value is not None:
            type_ = literal(value).type
            if not sqla_1_4 and isinstance(type_, NullType):
                # it would write NULL for anything
                return _before_2_0(value, self.dialect) or _unknown(value)
        if _is_converted(type_):
            value = type_.process_bind_param(value, self.dialect)
            if value is None:
                return "NULL"
            return self.render_literal_value(
                value, type_.load_dialect_impl(self.dialect)
            )
        text = self._as_drivers_send(value, type_)
        if text is not None:
            return text
        text = self._as_usual(value, type_)
        if self.dialect.name == "mssql" and text[:1] == "'" and not text.isascii():
            # which is how drivers send all text; without, the code page decides
            return f"N{text}"
        return text

    def _as_usual(self, value: Any, type_: Any) -> str:
        """Return a value as SQLAlchemy writes it, or as a driver would get it."""
        as_usual: Any = cast(Any, super()).render_literal_value
        try:
            return cast(str, as_usual(value, type_))
        except (CompileError, NotImplementedError, TypeError):
            text = None if sqla_2_0 else _before_2_0(value, self.dialect)
            if text is not None:
                return text
            bound = _as_bound(value, type_, self.dialect)
            if bound is None or type(bound) is type(value):
                if isinstance(type_, NullType):
                    _unknown(value)
                raise
            return self.render_literal_value(bound, literal(bound).type)

    def _as_drivers_send(self, value: Any, type_: Any) -> Optional[str]:
        """Return a value as SQL where SQLAlchemy's form means another one, or none."""
        name = self.dialect.name
        if isinstance(value, (bytes, bytearray, memoryview)):
            return _BYTES.get(name, "X'{}'").format(bytes(value).hex())
        if name == "postgresql" and isinstance(value, timedelta):
            # a day is no number of seconds there
            seconds = f"{value.seconds}.{value.microseconds:06}"
            return f"'{value.days} days {seconds} seconds'::interval"
        if name == "postgresql" and isinstance(value, (float, Decimal)):
            # neither of them is a number to its parser
            return None if math.isfinite(value) else f"'{value}'"
        if name == "oracle" and isinstance(value, timedelta):
            return f"NUMTODSINTERVAL({value.total_seconds()}, 'SECOND')"
        if name == "postgresql" and isinstance(type_, ARRAY):
            # what is in it does not always tell the type, least of all nothing
            return f"{self._array(value, type_)}::{compiled_type(type_, self.dialect)}"
        if name == "mssql" and isinstance(value, datetime) and value.tzinfo is None:
            # with a blank, the language of the login decides what is the month
            text = f"'{value.isoformat('T')}'"
            # DATETIME takes no more than milliseconds, but is rounded to
            return f"CAST({text} AS DATETIME2)" if value.microsecond else text
        if isinstance(value, datetime) and value.tzinfo is not None:
            if name == "oracle":
                text = value.isoformat(" ", "microseconds")
                return f"TO_TIMESTAMP_TZ('{text}', '{_ORACLE_MOMENT}.FF TZH:TZM')"
            if name in ("mysql", "mariadb"):
                # which keep no zone
                return self.render_literal_value(value.replace(tzinfo=None), type_)
        return None

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


def _is_converted(type_: Any) -> bool:
    """Tell whether a type of the user's converts values, for drivers and scripts."""
    return (
        isinstance(type_, TypeDecorator)
        and type(type_).process_bind_param is not TypeDecorator.process_bind_param
        and type(type_).process_literal_param is TypeDecorator.process_literal_param
    )


_BYTES = {
    "postgresql": "'\\x{}'::bytea",
    "mssql": "0x{}",
    "oracle": "hextoraw('{}')",
}
_ORACLE_MOMENT = "YYYY-MM-DD HH24:MI:SS"


def _before_2_0(value: Any, dialect: Dialect) -> Optional[str]:
    """Return a date, time or UUID as SQL, which its type could not do before 2.0."""
    is_oracle = dialect.name == "oracle"
    if isinstance(value, datetime):
        text = f"'{value.isoformat(' ')}'"
        if is_oracle and value.microsecond:
            return f"TO_TIMESTAMP({text}, '{_ORACLE_MOMENT}.FF')"
        return f"TO_DATE({text}, '{_ORACLE_MOMENT}')" if is_oracle else text
    if isinstance(value, date):
        text = f"'{value.isoformat()}'"
        return f"TO_DATE({text}, 'YYYY-MM-DD')" if is_oracle else text
    if isinstance(value, time):
        return f"'{value.isoformat()}'"
    return f"'{value}'" if isinstance(value, UUID) else None


def _unknown(value: Any) -> NoReturn:
    raise CompileError(
        f"Cannot write the value {value!r} into a script; give its column a type, such "
        "as sa.column('name', sa.JSON)"
    )


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
        return str(construct.compile(dialect=dialect))
    if _says_itself(construct, dialect):
        return str(construct.text)
    if not _has_open_parameter(construct):
        try:
            compiled = construct.compile(
                dialect=dialect, compile_kwargs={"literal_binds": True}
            )
        except (CompileError, NotImplementedError):
            if literal_binds:
                raise
        else:
            return str(compiled)
    return str(construct.compile(dialect=dialect))


def _says_itself(construct: Any, dialect: Any) -> bool:
    """Tell whether a statement is text that the compiler would give back as it is.

    Scripts are full of such, and a compiler takes its time. Dialects and programs may
    have a way of their own to write text.
    """
    return (
        type(construct) is TextClause
        and not construct._bindparams
        and "\\" not in construct.text
        and "%" not in construct.text
        and dialect.statement_compiler.visit_textclause is SQLCompiler.visit_textclause
        and not hasattr(TextClause, "_compiler_dispatcher")
    )


def _has_open_parameter(construct: Any) -> bool:
    """Tell whether a statement has a parameter that was given no value."""
    found = []

    def look(bind: Any) -> None:
        if bind.required and bind.value is None and bind.callable is None:
            found.append(bind)

    traverse(construct, {}, {"bindparam": look})
    return bool(found)
