"""What PostgreSQL knows of tables and constraints and SQLAlchemy does not reflect."""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Dict
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import UniqueConstraint

from alembic.sqla.constraints import mark_not_valid
from alembic.sqla.reflection import execute_on_inspector
from alembic.sqla.reflection import is_made_for_partition
from alembic.sqla.reflection import remembered

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import Table

_NOT_FOR_MODELS = """
SELECT c.relname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'f')
AND ({partition} EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend d
    WHERE d.classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
    AND d.objid = c.oid AND d.deptype = 'e'
))
"""

_UNUSUAL_CONSTRAINTS = """
SELECT n.nspname, c.relname, k.conname, k.condeferrable, k.condeferred, k.confmatchtype,
    CASE WHEN NOT k.convalidated THEN pg_catalog.pg_get_constraintdef(k.oid) END
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (k.contype = 'u' AND k.condeferrable)
OR (k.contype = 'f' AND k.confmatchtype IN ('f', 'p'))
OR (k.contype IN ('c', 'f') AND NOT k.convalidated)
"""

_MATCH_TYPES = {"f": "FULL", "p": "PARTIAL"}


class Constraint(NamedTuple):
    """The options of a constraint, where they are not the usual ones."""

    deferrable: Optional[bool]
    initially: Optional[str]
    match: Optional[str]
    not_valid: Optional[str]
    """The definition of a constraint that is NOT VALID."""


USUAL = Constraint(None, None, None, None)
"""The options of most constraints."""


def tables_not_for_models(inspector: Inspector, schema: Optional[str]) -> Set[str]:
    """Return tables of a schema that nobody declares: partitions, and extensions' own.

    :param inspector: an inspector of a PostgreSQL database.
    :param schema: the schema; None for the default one.
    """
    dialect: Any = inspector.dialect
    has_partitions = (dialect.server_version_info or (10,)) >= (10,)
    rows = execute_on_inspector(
        inspector,
        text(_NOT_FOR_MODELS.format(partition="c.relispartition OR " * has_partitions)),
        schema=schema or dialect.default_schema_name,
    ).fetchall()
    return {row[0] for row in rows}


def constraint_options(
    inspector: Inspector, schema: Optional[str], table: str, name: Optional[str]
) -> Constraint:
    """Return the options of a unique, CHECK or foreign key constraint.

    All of the database are asked for at once, and remembered.

    :param inspector: an inspector of a PostgreSQL database.
    :param schema: the schema of the table; None for the default one.
    :param table: the name of the table.
    :param name: the name of the constraint.
    """
    found = remembered(inspector, lambda: _fetch(inspector), "constraint options")
    schema = schema or inspector.dialect.default_schema_name
    return found.get((schema, table, name), USUAL)


def complete_constraints(inspector: Inspector, table: Table) -> None:
    """Give the constraints of a reflected table the options that were not reflected.

    Those that no model declares are taken out.

    :param inspector: an inspector of a PostgreSQL database.
    :param table: a table that was reflected through it.
    """
    for constraint in list(table.constraints):
        if isinstance(constraint, ForeignKeyConstraint) and is_made_for_partition(
            inspector, table.schema, table.name, cast(Any, constraint.name)
        ):
            table.constraints.discard(constraint)
        elif isinstance(constraint, (UniqueConstraint, ForeignKeyConstraint)):
            options = constraint_options(
                inspector, table.schema, table.name, cast(Any, constraint.name)
            )
            if options is not USUAL:
                any_constraint: Any = constraint
                any_constraint.deferrable = options.deferrable
                any_constraint.initially = options.initially
                if options.match:
                    any_constraint.match = options.match
                if options.not_valid:
                    mark_not_valid(constraint)


def _fetch(inspector: Inspector) -> Dict[Tuple[Optional[str], ...], Constraint]:
    rows = execute_on_inspector(inspector, text(_UNUSUAL_CONSTRAINTS)).fetchall()
    return {
        (schema, table, name): Constraint(
            deferrable or None,
            "DEFERRED" if deferred else None,
            _MATCH_TYPES.get(_as_str(match)),
            not_valid,
        )
        for schema, table, name, deferrable, deferred, match, not_valid in rows
    }


def _as_str(char: Any) -> str:
    """Return a value of the type "char", which some drivers give as bytes."""
    return char.decode() if isinstance(char, bytes) else str(char)
