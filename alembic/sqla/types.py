"""Affinity, variants and copies of column types."""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Hashable
from typing import Mapping
from typing import Optional
from typing import Tuple
from typing import Type

from sqlalchemy import types as sqltypes
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from .version import sqla_1_4
from .version import sqla_2_0

_PLAIN = frozenset([bool, int, str, type, type(None)])
"""Kinds of values that say all of themselves, and never change."""

_EVENTS = "dispatch"
"""Where a Boolean or an Enum keeps who listens for its table being made."""


def value_of(type_: TypeEngine[Any]) -> Optional[Hashable]:
    """Return what tells a type of SQLAlchemy from those that are not the same.

    A schema has thousands of columns, but only a handful of types; what was found out
    about one of them can be kept by this.

    :param type_: any type.
    :return: None for a type of the program, or one that holds more than plain values,
        such as another type or a list of labels.
    """
    cls = type(type_)
    if not cls.__module__.startswith("sqlalchemy."):
        return None
    state = vars(type_)
    if _EVENTS in state:
        state = {name: value for name, value in state.items() if name != _EVENTS}
    kinds = tuple(map(type, state.values()))
    if not _PLAIN.issuperset(kinds):
        return None
    # 1 and True are equal, but not written the same
    return (cls, *state, *state.values(), *kinds)


def affinity(type_: TypeEngine[Any]) -> Optional[Type[TypeEngine[Any]]]:
    """Return the family of a type, such as ``String`` or ``Integer``."""
    any_type: Any = type_
    family: Optional[Type[TypeEngine[Any]]] = any_type._type_affinity
    return family


def same_affinity(one: TypeEngine[Any], other: TypeEngine[Any]) -> bool:
    """Tell whether two types are of one family."""
    return affinity(one) is affinity(other)


def variant_mapping(
    type_: TypeEngine[Any],
) -> Tuple[TypeEngine[Any], Mapping[str, TypeEngine[Any]]]:
    """Return a type without its variants, and the variants by dialect name."""
    any_type: Any = type_
    if sqla_2_0:
        mapping = any_type._variant_mapping
        return any_type, mapping
    if isinstance(type_, _variant_class()):
        return any_type.impl, any_type.mapping
    return any_type, {}


def has_variants(type_: TypeEngine[Any]) -> bool:
    """Tell whether a type was made with ``with_variant()``."""
    return bool(variant_mapping(type_)[1])


def resolve_variant(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Return the variant of a type that counts on a dialect.

    :param type_: any type.
    :param dialect: the dialect.
    :return: the variant, or the plain type when there is none for the dialect.
    """
    plain, mapping = variant_mapping(type_)
    return mapping.get(dialect.name, plain)


def _variant_class() -> Any:
    return cast(Any, sqltypes).Variant


def dialect_type(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Return the type that a dialect uses for a type, decorators taken off.

    :param type_: any type.
    :param dialect: the dialect.
    """
    found: Any = type_.dialect_impl(dialect)
    if isinstance(found, sqltypes.TypeDecorator):
        found = cast(Any, found).impl
        if isinstance(found, type):
            found = found()
    return cast("TypeEngine[Any]", found)


def compiled_type(type_: TypeEngine[Any], dialect: Dialect) -> str:
    """Return the SQL text of a type on a dialect, such as ``VARCHAR(50)``."""
    any_dialect: Any = dialect
    compiler = (
        any_dialect.type_compiler_instance if sqla_2_0 else any_dialect.type_compiler
    )
    return str(compiler.process(type_))


def copy_type(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return a copy of a type, without the events of the column it belonged to."""
    return cast("TypeEngine[Any]", cast(Any, type_).copy())


def has_check_constraint(type_: TypeEngine[Any]) -> bool:
    """Tell whether a type asks for a CHECK constraint, as Boolean and Enum can."""
    return isinstance(type_, sqltypes.SchemaType) and bool(
        getattr(type_, "create_constraint", False)
    )


checks_are_asked_for: bool = sqla_1_4
"""Do Boolean and Enum bring a CHECK constraint only when they are told to?"""


def without_check(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return a type as it is but for the CHECK constraint that it asks for.

    :param type_: any type.
    :return: the type itself where it asks for none, or where that cannot be taken from
        it: a decorator or a class of the program's own says so in its own code.
    """
    if (
        not checks_are_asked_for
        or not has_check_constraint(type_)
        or has_variants(type_)
        or not type(type_).__module__.startswith("sqlalchemy.")
    ):
        return type_
    copy: Any = copy_type(type_)
    copy.create_constraint = False
    return cast("TypeEngine[Any]", copy)
