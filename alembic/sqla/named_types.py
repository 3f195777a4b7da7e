"""Types that PostgreSQL knows by name: enums and domains."""

from __future__ import annotations

import re
from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import ARRAY
from sqlalchemy.types import TypeEngine

from . import connections
from .driver import translated_schema
from .types import dialect_type
from .version import sqla_2_0

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


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


def never_null(type_: TypeEngine[Any], dialect: Dialect) -> bool:
    """Tell whether a type is a domain that is NOT NULL, so that no column allows it.

    :param type_: the type of a column.
    :param dialect: the dialect of the database.
    """
    return not isinstance(dialect_type(type_, dialect), ARRAY) and bool(
        getattr(named_type(type_, dialect), "not_null", False)
    )


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


_LABELS = """
SELECT e.enumlabel
FROM pg_catalog.pg_type t
LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typname = :name
AND CASE WHEN CAST(:schema AS text) IS NULL
    THEN pg_catalog.pg_type_is_visible(t.oid)
    ELSE n.nspname = CAST(:schema AS text) END
ORDER BY e.enumsortorder
"""

_DROP = re.compile(
    r"\bDROP\s+(?:TYPE|DOMAIN)\s+(?:IF\s+EXISTS\s+)?(?P<names>[^;]+)", re.IGNORECASE
)
_NAME = re.compile(r'(?:(?P<schema>"[^"]+"|\w+)\.)?(?P<name>"[^"]+"|\w+)')


def look_at_type(connection: Connection, type_: Any) -> Optional[List[str]]:
    """Return the labels of an enum as the database has it.

    :param connection: a connection to PostgreSQL.
    :param type_: an enum or domain, as `named_type` returns it.
    :return: nothing for a domain; None when there is no such type.
    """
    schema = translated_schema(connection, type_.schema)
    rows = connections.execute(
        connection, text(_LABELS), {"name": type_.name, "schema": schema}
    ).fetchall()
    return [row[0] for row in rows if row[0] is not None] if rows else None


def created(memo: Dict[Any, Any], type_: Any) -> Set[Tuple[Optional[str], str]]:
    """Return what SQLAlchemy thinks it has created: schemas and names of types.

    :param memo: the ``memo`` of what runs the DDL.
    :param type_: an enum or domain, as `named_type` returns it.
    """
    key = f"pg_{type_.__visit_name__}" if sqla_2_0 else "_pg_enums"
    found: Set[Tuple[Optional[str], str]] = memo.setdefault(key, set())
    return found


def forget_dropped(memo: Dict[Any, Any], sql: str) -> None:
    """Take the types that a statement drops off what was created.

    :param memo: the ``memo`` of what runs the DDL.
    :param sql: any statement.
    """
    for drop in _DROP.finditer(sql):
        for match in _NAME.finditer(drop.group("names")):
            name = (_folded(match.group("schema")), _folded(match.group("name")))
            for key, known in memo.items():
                if str(key).startswith(("pg_", "_pg_enums")):
                    known.discard(name)


def _folded(name: Optional[str]) -> Optional[str]:
    """Return an identifier as PostgreSQL understands it."""
    if name is None:
        return None
    return name[1:-1] if name[0] == '"' else name.lower()
