"""Sequences that the model names and the database does not have yet.

Sequences that only the database has stay: most of them nobody declares.
"""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateSequence
from sqlalchemy.schema import DropSequence
from sqlalchemy.schema import Sequence

from alembic.sqla.defaults import sequences_of
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .statements import compiled
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import UpgradeOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.tables")


def setup(plugin: Plugin) -> None:
    """Register the comparator, ahead of the one that creates tables."""
    plugin.add_autogenerate_comparator(
        _create_sequences, "schema", "sequences", priority=DispatchPriority.FIRST
    )


def _create_sequences(
    autogen_context: AutogenContext,
    upgrade_ops: UpgradeOps,
    schemas: Set[Optional[str]],
) -> PriorityDispatchResult:
    """Append CREATE SEQUENCE for what tables and columns of the model count with.

    :param schemas: the schemas of the database that take part.
    """
    wanted = _of_model(autogen_context, schemas)
    if not wanted:
        return PriorityDispatchResult.CONTINUE
    inspector: Any = autogen_context.inspector
    existing: Dict[Optional[str], Set[str]] = {}
    for (schema, name), sequence in sorted(
        wanted.items(), key=lambda item: (item[0][0] or "", item[0][1])
    ):
        if schema not in existing:
            existing[schema] = set(inspector.get_sequence_names(schema=schema))
        if name not in existing[schema] and not _comes_with_its_table(
            autogen_context, schema, name
        ):
            upgrade_ops.ops.append(
                ReversibleSQLOp(
                    compiled(CreateSequence(sequence), autogen_context.dialect),
                    compiled(DropSequence(sequence), autogen_context.dialect),
                )
            )
            log.info("Detected added sequence '%s'", name)
    return PriorityDispatchResult.CONTINUE


def _comes_with_its_table(
    autogen_context: AutogenContext, schema: Optional[str], name: str
) -> bool:
    """Tell whether a new table's SERIAL column will make a sequence of a name.

    A revision writes the key of a table without its sequence, so that PostgreSQL
    counts by one of its own; if that can have the name the model asks for, there is
    nothing to create.
    """
    dialect: Any = autogen_context.dialect
    if dialect.name != "postgresql":
        return False
    for table in autogen_context.sorted_tables:
        key = list(table.primary_key.columns)
        if (
            len(key) == 1
            and isinstance(key[0].default, Sequence)
            and key[0].default.name == name == f"{table.name}_{key[0].name}_seq"
            and schema
            == (None if table.schema == dialect.default_schema_name else table.schema)
        ):
            inspector: Any = autogen_context.inspector
            return table.name not in inspector.get_table_names(schema=schema)
    return False


def _of_model(
    autogen_context: AutogenContext, schemas: Set[Optional[str]]
) -> Dict[Tuple[Optional[str], str], Sequence]:
    dialect: Any = autogen_context.dialect
    if not dialect.supports_sequences or dialect.name not in ("postgresql", "mysql"):
        return {}
    found: Dict[Tuple[Optional[str], str], Sequence] = {}
    for sequence in sequences_of(autogen_context.metadata):
        if sequence.optional and dialect.sequences_optional:
            # the database counts without it
            continue
        schema = (
            None if sequence.schema == dialect.default_schema_name else sequence.schema
        )
        if schema in schemas:
            found[schema, sequence.name] = sequence
    return found
