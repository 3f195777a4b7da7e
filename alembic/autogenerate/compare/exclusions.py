"""EXCLUDE constraints of PostgreSQL, by name and definition."""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text

from alembic.operations.ops.constraints import AddConstraintOp
from alembic.sqla.names import constraint_name_or_none
from alembic.sqla.reflection import execute_on_inspector
from alembic.util.dispatch import PriorityDispatchResult

from .statements import qualified
from .statements import quoted
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.constraints")

_EXCLUSIONS = """
SELECT n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid)
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'x' AND NOT c.relispartition
"""


def setup(plugin: Plugin) -> None:
    """Register the comparator."""
    plugin.add_autogenerate_comparator(
        _compare_exclusions, "table", "exclusions", qualifier="postgresql"
    )


def _compare_exclusions(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Add those that only the model has, drop those that only the database has.

    Two of one name are taken for the same. Those without a name are left alone.
    """
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    found = exclusions_of_table(autogen_context, schema, tname)
    wanted = exclusions_of_model(metadata_table)
    dialect = autogen_context.dialect
    table = qualified(schema, tname, dialect)
    if None not in wanted:
        # else which of them is which can not be told
        for name in sorted(found.keys() - wanted.keys()):
            modify_table_ops.ops.append(
                ReversibleSQLOp(
                    f"ALTER TABLE {table} DROP CONSTRAINT {quoted(name, dialect)}",
                    f"ALTER TABLE {table} ADD CONSTRAINT {quoted(name, dialect)} "
                    f"{found[name]}",
                )
            )
            log.info("Detected removed exclude constraint %r on table %r", name, tname)
    for name in sorted(str(name) for name in wanted.keys() - found.keys() if name):
        modify_table_ops.ops.append(AddConstraintOp.from_constraint(wanted[name]))
        log.info("Detected added exclude constraint %r on table %r", name, tname)
    return PriorityDispatchResult.CONTINUE


def exclusions_of_model(table: Table) -> Dict[Optional[str], Any]:
    """Return the EXCLUDE constraints of a table of the model, by name."""
    from sqlalchemy.dialects.postgresql import ExcludeConstraint

    return {
        constraint_name_or_none(constraint.name): constraint
        for constraint in table.constraints
        if isinstance(constraint, ExcludeConstraint)
    }


def exclusions_of_table(
    autogen_context: AutogenContext, schema: Optional[str], tname: str
) -> Dict[str, str]:
    """Return the definition of each EXCLUDE constraint of a table, by name.

    All of the database are asked for at once, and remembered.
    """
    inspector = autogen_context.inspector
    cache: Any = inspector.info_cache
    key = ("alembic", "exclusions")
    if key not in cache:
        found: Dict[Tuple[str, str], Dict[str, str]] = {}
        rows = execute_on_inspector(inspector, text(_EXCLUSIONS)).fetchall()
        for in_schema, table, name, definition in rows:
            found.setdefault((in_schema, table), {})[name] = definition
        cache[key] = found
    by_table: Dict[Tuple[str, str], Dict[str, str]] = cache[key]
    default_schema: str = autogen_context.dialect.default_schema_name or ""
    return by_table.get((schema or default_schema, tname), {})
