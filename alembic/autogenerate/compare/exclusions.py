"""EXCLUDE constraints of PostgreSQL, by name and definition."""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text

from alembic.autogenerate.normalize import Exclusion
from alembic.autogenerate.normalize import judge_of
from alembic.autogenerate.normalize import settled
from alembic.operations.ops.exclude import CreateExcludeConstraintOp
from alembic.sqla.constraints import in_creation_order
from alembic.sqla.names import final_constraint_name
from alembic.sqla.reflection import execute_on_inspector
from alembic.sqla.reflection import remembered
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .chosen_names import exclusion_name
from .disturbed import columns_named
from .disturbed import disturbed_columns
from .disturbed import undeclared
from .statements import qualified
from .statements import quoted
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
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
    """Register the comparator, behind those that say what happens to the columns."""
    plugin.add_autogenerate_comparator(
        _compare_exclusions, "table", "exclusions", priority=DispatchPriority.LAST
    )


def _compare_exclusions(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Append what adds and changes the EXCLUDE constraints that the model declares."""
    compare_exclusions(
        autogen_context, modify_table_ops, schema, tname, conn_table, metadata_table
    )
    return PriorityDispatchResult.CONTINUE


def compare_exclusions(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
    *,
    drop_undeclared: bool = False,
) -> None:
    """Append what makes the EXCLUDE constraints those of the model.

    Two of one name are the same when PostgreSQL defines them alike, or when it cannot
    be asked. One that the model leaves unnamed is the same as any that is defined
    alike; where there is none it gets the name that PostgreSQL would choose. When it
    cannot be asked it is left alone.

    :param drop_undeclared: also drop what only the database has. Otherwise that is
        dropped with a column that it names.
    """
    dialect = autogen_context.dialect
    if conn_table is None or dialect.name != "postgresql":
        return
    found = exclusions_of_table(autogen_context, schema, tname)
    table = qualified(schema, tname, dialect)
    operations = modify_table_ops.ops
    if metadata_table is None:
        # so that the downgrade, which creates the table again, brings them back
        operations.extend(
            _drop(dialect, table, name, found[name]) for name in sorted(found)
        )
        return
    constraints = exclusions_of_model(metadata_table)
    if not found and not constraints:
        return
    wanted, unnamed, has_unknown = _by_definition(
        autogen_context, metadata_table, constraints, found
    )
    disturbed = disturbed_columns(
        autogen_context, operations, schema, tname, conn_table, metadata_table
    )
    first: List[MigrateOperation] = []
    last: List[MigrateOperation] = []
    for name, definition in sorted(found.items()):
        named = columns_named(definition, conn_table, dialect)
        if name in wanted:
            stays = wanted[name].definition in (definition, None)
        else:
            stays = (
                definition in unnamed
                or has_unknown
                or not (drop_undeclared or named & disturbed.dropped)
            )
        if stays and name not in wanted and definition not in unnamed:
            autogen_context.left_alone.append(
                undeclared("EXCLUDE", name, schema, tname)
            )
        if stays:
            wanted.pop(name, None)
            if not named & disturbed.remade:
                continue
        drop = _drop(dialect, table, name, definition)
        first.append(drop)
        if stays:
            # a column that it names is made anew
            last.append(drop.reverse())
        else:
            log.info("Detected removed exclude constraint %r on table %r", name, tname)
    for name in sorted(wanted):
        last.append(_add(dialect, name, wanted[name].constraint))
        log.info("Detected added exclude constraint %r on table %r", name, tname)
    operations[:] = [*first, *operations, *last]


def _drop(dialect: Dialect, table: str, name: str, definition: str) -> ReversibleSQLOp:
    constraint = quoted(name, dialect)
    return ReversibleSQLOp(
        f"ALTER TABLE {table} DROP CONSTRAINT {constraint}",
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}",
    )


class _Wanted(NamedTuple):
    """A constraint of the model, and how PostgreSQL would define it, where known."""

    constraint: Any
    definition: Optional[str]


def _by_definition(
    autogen_context: AutogenContext,
    metadata_table: Table,
    constraints: List[Any],
    found: Dict[str, str],
) -> Tuple[Dict[str, _Wanted], Set[str], bool]:
    """Return constraints of the model with their definitions.

    :param found: the definitions in the database, by name.
    :return: those with a name by it, with the names for those without that the
        database does not have; the definitions of the others without a name; and
        whether one of these is not known.
    """
    judge = judge_of(autogen_context)
    made: List[Optional[Exclusion]] = [None] * len(constraints)
    if judge is not None and constraints:
        made = judge.exclusions(metadata_table, constraints)
    wanted: Dict[str, _Wanted] = {}
    nameless: List[Tuple[Any, Optional[Exclusion]]] = []
    for constraint, exclusion in zip(constraints, made):
        name = final_constraint_name(constraint, autogen_context.dialect)
        if name is None:
            nameless.append((constraint, exclusion))
        else:
            wanted[name] = _Wanted(constraint, exclusion and exclusion.definition)
    existing = {text: name for name, text in found.items() if name not in wanted}
    unnamed: Set[str] = set()
    for constraint, exclusion in nameless:
        if exclusion is None:
            continue
        if exclusion.definition in existing:
            unnamed.add(exclusion.definition)
            continue
        taken = {*wanted, *(existing[text] for text in unnamed)}
        name = exclusion_name(metadata_table.name, exclusion.columns, taken)
        wanted[name] = _Wanted(constraint, exclusion.definition)
    return wanted, unnamed, any(exclusion is None for _, exclusion in nameless)


def _add(dialect: Dialect, name: str, constraint: Any) -> MigrateOperation:
    """Return what adds a constraint of the model, by a name that it may not have."""
    op = CreateExcludeConstraintOp.from_constraint(constraint)
    if final_constraint_name(constraint, dialect) is not None:
        return op
    return CreateExcludeConstraintOp(
        name,
        op.table_name,
        op.elements,
        where=op.where,
        schema=op.schema,
        **op.kw,
    )


def exclusions_of_model(table: Table) -> List[Any]:
    """Return the EXCLUDE constraints of a table of the model."""
    from sqlalchemy.dialects.postgresql import ExcludeConstraint

    return [
        constraint
        for constraint in in_creation_order(table.constraints)
        if isinstance(constraint, ExcludeConstraint)
    ]


def exclusions_of_table(
    autogen_context: AutogenContext, schema: Optional[str], tname: str
) -> Dict[str, str]:
    """Return the definition of each EXCLUDE constraint of a table, by name.

    All of the database are asked for at once, and remembered.
    """
    inspector = autogen_context.inspector

    def ask() -> Dict[Tuple[str, str], Dict[str, str]]:
        found: Dict[Tuple[str, str], Dict[str, str]] = {}
        rows = execute_on_inspector(inspector, text(_EXCLUSIONS)).fetchall()
        for in_schema, table, name, definition in rows:
            found.setdefault((in_schema, table), {})[name] = settled(definition)
        return found

    by_table = remembered(inspector, ask, "exclusions")
    default_schema: str = autogen_context.dialect.default_schema_name or ""
    return by_table.get((schema or default_schema, tname), {})
