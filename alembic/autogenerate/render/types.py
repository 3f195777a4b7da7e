"""Types as Python: ``sa.String(length=50)``, ``postgresql.JSONB()``."""

from __future__ import annotations

import ast
import inspect
import re
from functools import lru_cache
from typing import Any
from typing import Callable
from typing import Dict
from typing import Hashable
from typing import List
from typing import Optional
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import dialects
from sqlalchemy import types as sqltypes
from sqlalchemy.types import TypeEngine

from alembic.sqla.named_types import named_type
from alembic.sqla.named_types import type_key
from alembic.sqla.types import value_of
from alembic.sqla.types import variant_mapping

from .expressions import potential_expression
from .names import ident
from .names import sqlalchemy_prefix
from .names import user_prefix
from .names import verified_path
from .registry import user_defined_render

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext

_GENERIC_TYPES = "sqlalchemy.sql.sqltypes"
_DIALECT_MODULE = re.compile(r"sqlalchemy\.dialects\.(\w+)")


def repr_type(
    type_: TypeEngine[Any],
    autogen_context: AutogenContext,
    _skip_variants: bool = False,
) -> str:
    """Return the Python of a type, and note what it needs to import.

    Asked in this order: the ``render_item`` hook, the implementation of the database
    dialect, the type itself.

    :param type_: the type.
    :param autogen_context: the context to render in.
    """
    rendered = user_defined_render("type", type_, autogen_context)
    if rendered is not False:
        return rendered  # type: ignore[return-value]

    plain, variants = variant_mapping(type_)
    if variants and not _skip_variants:
        return _with_variants(plain, variants, autogen_context)

    impl = autogen_context.migration_context.impl
    of_dialect = impl.render_type(type_, autogen_context)
    if of_dialect:
        return str(of_dialect)

    existing = _existing_type(type_, autogen_context)
    if existing is not None:
        return _without_creating(existing, autogen_context)

    value = _value_of(type_)
    if value is None:
        return _source_of(type_, autogen_context)
    known = autogen_context.rendered_types
    key = (sqlalchemy_prefix(autogen_context), value)
    if key not in known:
        known[key] = _source_of(type_, autogen_context)
    return known[key]


def _value_of(type_: TypeEngine[Any]) -> Optional[Hashable]:
    """Return what makes two types the same Python; None where that cannot be told.

    A schema has thousands of columns of a handful of types, and ``repr()`` of a type
    takes long.
    """
    cls = type(type_)
    # others may say what they like, or need an import
    if cls.__module__ != _GENERIC_TYPES or cls.__repr__ is not TypeEngine.__repr__:
        return None
    return value_of(type_)


def _source_of(type_: TypeEngine[Any], autogen_context: AutogenContext) -> str:
    prefix, name = _where_it_lives(type_, autogen_context)
    name = _name_in_source(type_, name)
    return f"{prefix}{name}{_arguments(type_, autogen_context)}"


def _with_variants(
    plain: TypeEngine[Any], variants: Any, autogen_context: AutogenContext
) -> str:
    source = repr_type(plain, autogen_context, _skip_variants=True)
    for dialect_name in sorted(variants):
        variant = repr_type(variants[dialect_name], autogen_context)
        source += f".with_variant({variant}, {dialect_name!r})"
    return source


def _where_it_lives(
    type_: TypeEngine[Any], autogen_context: AutogenContext
) -> tuple[str, str]:
    """Return the prefix and the name of a type's class; import what they need."""
    cls = type(type_)
    module, name = cls.__module__, cls.__name__
    of_dialect = _DIALECT_MODULE.match(module)
    if of_dialect:
        dialect_name = of_dialect.group(1)
        # a class may pass itself off as one of a dialect, by its module and `repr()`
        source_name = _name_in_source(type_, name)
        if hasattr(getattr(dialects, dialect_name, None), source_name):
            autogen_context.imports.add(
                f"from sqlalchemy.dialects import {dialect_name}"
            )
            return f"{dialect_name}.", name
    elif module.startswith("sqlalchemy."):
        prefix = sqlalchemy_prefix(autogen_context)
        if getattr(sqlalchemy, name, None) is cls or not hasattr(sqltypes, name):
            return prefix, name
        return f"{prefix}types.", name
    if autogen_context.opts["user_module_prefix"] is None:
        path = verified_path(cls)
        if path is not None:
            autogen_context.imports.add(f"import {path[0]}")
            return f"{path[0]}.", path[1]
    return user_prefix(autogen_context, type_), name


def _arguments(type_: TypeEngine[Any], autogen_context: AutogenContext) -> str:
    """Return the arguments of a type with their parentheses.

    What ``repr()`` of a type says is taken for Python, but for the types in it, which
    need prefixes of their own.
    """
    cls = type(type_)
    special = _INCOMPLETE_REPR.get(cls.__name__)
    if special is not None and cls.__module__.startswith("sqlalchemy."):
        return f"({', '.join(special(type_, autogen_context))})"
    source = _completed(type_, repr(type_))
    if not _makes_the_type(cls, source):
        arguments = _arguments_by_signature(type_, autogen_context)
        if arguments is not None:
            return f"({', '.join(arguments)})"
    head, parenthesis, tail = source.partition("(")
    return parenthesis + _with_nested_types(type_, tail, autogen_context)


def _existing_type(
    type_: TypeEngine[Any], autogen_context: AutogenContext
) -> Optional[Any]:
    """Return the enum or domain that a type is, if it is there already."""
    known = autogen_context.existing_types
    found = named_type(type_, autogen_context.dialect) if known else None
    if found is None or not isinstance(type_, (sqltypes.Enum, type(found))):
        # an array of enums is none itself, a decorator has its own Python
        return None
    return found if type_key(found, autogen_context.dialect) in known else None


def _without_creating(type_: Any, autogen_context: AutogenContext) -> str:
    """Return the Python of an enum or domain that the database has already."""
    autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
    if hasattr(type_, "enums"):
        arguments = [repr(ident(label)) for label in type_.enums]
        arguments.append(f"name={ident(type_.name)!r}")
        if type_.schema is not None:
            arguments.append(f"schema={ident(type_.schema)!r}")
    else:
        arguments = _domain(type_, autogen_context)
    arguments.append("create_type=False")
    # 1.x has a private class for the elements of an array
    name = "ENUM" if hasattr(type_, "enums") else type(type_).__name__
    return f"postgresql.{name}({', '.join(arguments)})"


def _completed(type_: TypeEngine[Any], source: str) -> str:
    """Return what ``repr()`` says without what is not to be written, and with the rest.

    What is missing depends on the version of SQLAlchemy.
    """
    metadata = getattr(type_, "metadata", None)
    if metadata is not None:
        # the collection of tables that an enum belongs to has no name in a revision
        source = source.replace(f", metadata={metadata!r}", "")
    for name, usual in (("collation", None), ("create_type", True)):
        value = getattr(type_, name, usual)
        if value != usual and f"{name}=" not in source and source.endswith(")"):
            separator = "" if source.endswith("(") else ", "
            source = f"{source[:-1]}{separator}{name}={value!r})"
    if isinstance(type_, sqltypes.Enum) and not type_.native_enum:
        longest = max(map(len, type_.enums), default=0)
        # 1.3 leaves a length out that was given
        if (type_.length or 0) > longest and "length=" not in source:
            source = f"{source[:-1]}, length={type_.length!r})"
    return source


def _name_in_source(type_: TypeEngine[Any], name: str) -> str:
    """Return the name to write: the one that ``repr()`` uses, unless it is nested."""
    head = repr(type_).partition("(")[0]
    return name if head == type(type_).__name__ or not head.isidentifier() else head


def _makes_the_type(cls: type, source: str) -> bool:
    """Tell whether a ``repr()`` is a call that the class would accept."""
    if cls.__module__.startswith("sqlalchemy."):
        return True
    try:
        call = ast.parse(source, mode="eval").body
    except SyntaxError:
        return False
    if not isinstance(call, ast.Call):
        return False
    signature = _signature(cls)
    if signature is None:
        return True
    try:
        signature.bind(
            *call.args, **{kw.arg: kw.value for kw in call.keywords if kw.arg}
        )
    except TypeError:
        return False
    return True


def _arguments_by_signature(
    type_: TypeEngine[Any], autogen_context: AutogenContext
) -> Optional[List[str]]:
    """Return the arguments that a class's own signature asks for.

    :return: ``None`` when one that is needed cannot be read from the type, or has a
        value that cannot be written down.
    """
    cls: Any = type(type_)
    signature = _signature(cls)
    if signature is None:
        return None
    arguments = []
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        needed = parameter.default is parameter.empty
        value = getattr(type_, parameter.name, parameter.default)
        source = None if value is parameter.empty else _value(value, autogen_context)
        if source is None:
            if needed:
                return None
            continue
        if not needed and source == repr(parameter.default):
            continue
        keyword = "" if parameter.kind is parameter.POSITIONAL_ONLY else parameter.name
        arguments.append(f"{keyword}={source}" if keyword else source)
    return arguments


def _value(value: Any, autogen_context: AutogenContext) -> Optional[str]:
    if isinstance(value, TypeEngine):
        return repr_type(value, autogen_context)
    source = repr(value)
    try:
        ast.literal_eval(source)
    except (SyntaxError, ValueError):
        return None
    return source


def _with_nested_types(
    type_: TypeEngine[Any], source: str, autogen_context: AutogenContext
) -> str:
    """Give the types among the arguments of a type their own rendering.

    :param type_: the outer type.
    :param source: its arguments as ``repr()`` writes them.
    """
    for nested in _nested_types(type_):
        rendered = repr_type(nested, autogen_context)
        # not behind a dot: that one has its prefix already
        parts = re.split(rf"(?<![\w.]){re.escape(repr(nested))}", source)
        source = rendered.join(parts)
    return source


def _nested_types(type_: TypeEngine[Any]) -> List[TypeEngine[Any]]:
    cls: Any = type(type_)
    signature = _signature(cls)
    names = () if signature is None else tuple(signature.parameters)
    found = [getattr(type_, name, None) for name in names]
    found.extend(vars(type_).values())
    unique = {id(value): value for value in found if isinstance(value, TypeEngine)}
    return list(unique.values())


@lru_cache(maxsize=None)
def _signature(cls: Any) -> Optional[inspect.Signature]:
    """Return what a class is called with; ``None`` where Python does not tell."""
    # not that of the class: before Python 3.9 its base Generic hides it
    if cls.__init__ is object.__init__:
        return inspect.Signature()
    try:
        found = inspect.signature(cls.__init__)
    except (TypeError, ValueError):
        return None
    return found.replace(parameters=list(found.parameters.values())[1:])


def _domain(type_: Any, autogen_context: AutogenContext) -> List[str]:
    arguments = [repr(ident(type_.name)), repr_type(type_.data_type, autogen_context)]
    for name in ("collation", "default", "constraint_name", "not_null"):
        value = getattr(type_, name)
        if value is not None and value is not False:
            source = potential_expression(value, autogen_context)
            arguments.append(f"{name}={source}")
    if type_.check is not None:
        check = potential_expression(
            type_.check, autogen_context, wrap_in_element=False
        )
        arguments.append(f"check={check}")
    if type_.schema is not None:
        arguments.append(f"schema={ident(type_.schema)!r}")
    if not type_.create_type:
        arguments.append("create_type=False")
    return arguments


def _set(type_: Any, autogen_context: AutogenContext) -> List[str]:
    arguments = [repr(ident(value)) for value in type_.values]
    for name in ("charset", "collation"):
        if getattr(type_, name):
            arguments.append(f"{name}={getattr(type_, name)!r}")
    for name in ("ascii", "binary", "unicode", "national", "retrieve_as_bitwise"):
        if getattr(type_, name):
            arguments.append(f"{name}=True")
    return arguments


def _interval(type_: Any, autogen_context: AutogenContext) -> List[str]:
    arguments = [] if type_.native else ["native=False"]
    for name in ("second_precision", "day_precision"):
        value = getattr(type_, name)
        if value is not None:
            arguments.append(f"{name}={value!r}")
    return arguments


def _pickle(type_: Any, autogen_context: AutogenContext) -> List[str]:
    impl = type_.impl
    if isinstance(impl, TypeEngine) and repr(impl) != repr(sqltypes.LargeBinary()):
        return [f"impl={repr_type(impl, autogen_context)}"]
    return []


_INCOMPLETE_REPR: Dict[str, Callable[[Any, AutogenContext], List[str]]] = {
    "DOMAIN": _domain,
    "Interval": _interval,
    "PickleType": _pickle,
    "SET": _set,
}
"""Types of SQLAlchemy whose ``repr()`` leaves out what the database would notice."""
