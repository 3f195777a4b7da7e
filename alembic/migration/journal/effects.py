"""Whether a statement took effect, as the database itself shows."""

from __future__ import annotations

import hashlib
import re
from enum import Enum
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import Iterator
from typing import Optional
from typing import Set

from sqlalchemy import exc as sa_exc

from ...sqla import connections
from ...sqla import driver
from ...sqla.reflection import inspector_of
from .alterations import Effect
from .alterations import Fact
from .sql_words import TableName

_MYSQL = ("mysql", "mariadb")


class Seen(Enum):
    """What a look at the database says about a statement."""

    DONE = "done"
    NOT_DONE = "not done"
    PARTLY = "partly done"
    UNKNOWN = "unknown"


class CannotTell(Exception):
    """This database does not say whether a fact holds."""


def look(connection: Any, effect: Effect, fingerprint_before: Optional[str]) -> Seen:
    """Tell whether a statement took effect, as far as it can be seen.

    What can be repeated counts as not done.

    :param connection: the connection to ask on.
    :param effect: what the statement does.
    :param fingerprint_before: what `fingerprint` said before the statement.
    """
    if effect.facts:
        try:
            holding = [holds(connection, fact) for fact in effect.facts]
        except CannotTell:
            return Seen.UNKNOWN
        if all(holding):
            return Seen.DONE
        return Seen.PARTLY if any(holding) else Seen.NOT_DONE
    if effect.repeatable:
        return Seen.NOT_DONE
    if effect.changes is not None and fingerprint_before is not None:
        now = fingerprint(connection, effect.changes)
        return Seen.NOT_DONE if now == fingerprint_before else Seen.DONE
    return Seen.UNKNOWN


def can_be_seen(connection: Any, effect: Effect) -> bool:
    """Tell whether a later look will say if a statement took effect."""
    if effect.facts:
        return all(_known(connection, fact) for fact in effect.facts)
    return effect.repeatable or (
        effect.changes is not None and connection.dialect.name in _MYSQL
    )


def fingerprint(connection: Any, table: TableName) -> Optional[str]:
    """Return a digest of a table's definition, or None where it cannot be had.

    :param connection: the connection to ask on.
    :param table: the table.
    """
    dialect = connection.dialect
    if dialect.name not in _MYSQL:
        return None
    quote = dialect.identifier_preparer.quote_identifier
    name = ".".join(quote(part) for part in table if part is not None)
    try:
        row = driver.execute_as_is(connection, f"SHOW CREATE TABLE {name}").fetchone()
    except sa_exc.DBAPIError:
        return ""
    text = re.sub(r"\bAUTO_INCREMENT=\d+ ?", "", row[1])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def holds(connection: Any, fact: Fact) -> bool:
    """Tell whether a fact holds in the database.

    :raises CannotTell: when the database does not say.
    """
    if not _known(connection, fact):
        raise CannotTell(str(fact))
    is_there = any(
        _LOOKS[fact.kind](connection, spelled) for spelled in _spelled(connection, fact)
    )
    return is_there is fact.present


def _spelled(connection: Any, fact: Fact) -> Iterator[Fact]:
    """Yield a fact with each name that its table may go by."""
    yield fact
    schema, table = fact.table
    folded = (schema and schema.lower(), table.lower())
    if connection.dialect.name == "oracle" and folded != fact.table:
        # a name that was not in quotes, which SQLAlchemy knows in lower case
        yield fact._replace(table=folded)


def _known(connection: Any, fact: Fact) -> bool:
    return fact.kind in _LOOKS and (
        fact.kind not in _OF_MYSQL or connection.dialect.name in _MYSQL
    )


# -- one look for each kind of thing


def _is_table(connection: Any, fact: Fact) -> bool:
    schema, name = fact.table
    return connections.has_table(connection, name, schema)


def _names(found: Iterable[Any]) -> Set[str]:
    return {str(one["name"]).lower() for one in found if one.get("name")}


def _among(
    methods: Iterable[str],
) -> Callable[[Any, Fact], bool]:
    """Return a look for a name in what some methods of the inspector list."""

    def is_there(connection: Any, fact: Fact) -> bool:
        inspector: Any = inspector_of(connection)
        schema, table = fact.table
        try:
            return any(
                fact.name.lower()
                in _names(getattr(inspector, method)(table, schema=schema))
                for method in methods
            )
        except sa_exc.NoSuchTableError:
            return False

    return is_there


def _has_primary_key(connection: Any, fact: Fact) -> bool:
    inspector: Any = inspector_of(connection)
    schema, table = fact.table
    try:
        found = inspector.get_pk_constraint(table, schema=schema)
    except sa_exc.NoSuchTableError:
        return False
    return bool(found and found["constrained_columns"])


def _is_view(connection: Any, fact: Fact) -> bool:
    inspector: Any = inspector_of(connection)
    views = inspector.get_view_names(schema=fact.table[0])
    return fact.name.lower() in {str(view).lower() for view in views}


def _is_schema(connection: Any, fact: Fact) -> bool:
    inspector: Any = inspector_of(connection)
    return fact.name.lower() in {
        str(name).lower() for name in inspector.get_schema_names()
    }


def _listed(table: str, schema: str, name: str, type_: str = "") -> Callable[..., bool]:
    """Return a look into a table of MySQL's information_schema."""
    query = (
        f"SELECT 1 FROM information_schema.{table} WHERE {name} = :name "
        f"AND {schema} = COALESCE(:schema, DATABASE())"
    ) + (f" AND routine_type = '{type_}'" if type_ else "")

    def is_there(connection: Any, fact: Fact) -> bool:
        schema, found = fact.table
        row = driver.fetch_row(connection, query, name=found, schema=schema)
        return row is not None

    return is_there


_OF_MYSQL: Dict[str, Callable[[Any, Fact], bool]] = {
    "event": _listed("events", "event_schema", "event_name"),
    "function": _listed("routines", "routine_schema", "routine_name", "FUNCTION"),
    "procedure": _listed("routines", "routine_schema", "routine_name", "PROCEDURE"),
    # there a sequence is a kind of table
    "sequence": _is_table,
    "trigger": _listed("triggers", "trigger_schema", "trigger_name"),
}

_LOOKS: Dict[str, Callable[[Any, Fact], bool]] = {
    "column": _among(["get_columns"]),
    "constraint": _among(
        ["get_foreign_keys", "get_unique_constraints", "get_check_constraints"]
    ),
    "foreign key": _among(["get_foreign_keys"]),
    "index": _among(["get_indexes", "get_unique_constraints"]),
    "primary key": _has_primary_key,
    "schema": _is_schema,
    "table": _is_table,
    "view": _is_view,
    **_OF_MYSQL,
}
