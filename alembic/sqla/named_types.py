"""Types that PostgreSQL knows by name: enums and domains."""

from __future__ import annotations

from typing import Any
from typing import Optional
from typing import Tuple

from sqlalchemy.engine import Dialect
from sqlalchemy.types import ARRAY
from sqlalchemy.types import TypeEngine

from .types import dialect_type


def named_type(type_: TypeEngine[Any], dialect: Dialect) -> Optional[Any]:
    """Return the enum or domain that a column of a type needs, else None.

    :param type_: the type of a column; of an array, its elements count.
    :param dialect: the dialect of a PostgreSQL database.
    :return: the type as that dialect knows it, with ``name`` and ``schema``.
    """
    if dialect.name != "postgresql":
        return None
    from sqlalchemy.dialects import postgresql

    # newer than SQLAlchemy 1.4; no type is an instance of no class
    domain: Any = getattr(postgresql, "DOMAIN", ())

    def known_to_dialect(type_: TypeEngine[Any]) -> Any:
        # early in 2.0 the dialect's copy of a domain is without CHECK and NOT NULL
        return type_ if isinstance(type_, domain) else dialect_type(type_, dialect)

    found = known_to_dialect(type_)
    if isinstance(found, ARRAY):
        found = known_to_dialect(found.item_type)
    if isinstance(found, postgresql.ENUM):
        return found if found.name else None
    return found if isinstance(found, domain) else None


def type_key(type_: Any, dialect: Dialect) -> Tuple[Optional[str], str]:
    """Return schema and name of a named type; the default schema is None."""
    schema = type_.schema
    # a dialect that never connected may not know its default
    default = getattr(dialect, "default_schema_name", None)
    return (None if schema == default else schema, type_.name)


def qualified_name(type_: Any, dialect: Dialect) -> str:
    """Return the name of a named type, with its schema, as SQL writes it."""
    quote = dialect.identifier_preparer.quote
    name = quote(type_.name)
    return f"{quote(type_.schema)}.{name}" if type_.schema else name


def create_statement(type_: Any, dialect: Dialect) -> str:
    """Return the SQL that creates an enum or domain."""
    name = qualified_name(type_, dialect)
    if hasattr(type_, "enums"):
        labels = ", ".join("'{}'".format(e.replace("'", "''")) for e in type_.enums)
        return f"CREATE TYPE {name} AS ENUM ({labels})"
    from sqlalchemy.dialects.postgresql import CreateDomainType

    any_dialect: Any = dialect
    sql = str(CreateDomainType(type_).compile(dialect=any_dialect))
    if any_dialect.identifier_preparer._double_percents:
        sql = sql.replace("%%", "%")
    return sql


def drop_statement(type_: Any, dialect: Dialect) -> str:
    """Return the SQL that drops an enum or domain."""
    kind = "TYPE" if hasattr(type_, "enums") else "DOMAIN"
    return f"DROP {kind} {qualified_name(type_, dialect)}"
