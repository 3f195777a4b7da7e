"""Constraints of PostgreSQL that are NOT VALID, where the model has them valid.

A model that says NOT VALID tells how the constraint is created. Once the database has
validated it, it stays so.
"""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import Iterator
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.schema import ForeignKeyConstraint

from alembic.autogenerate.normalize import judge_of
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.sqla.foreign_keys import foreign_key_spec
from alembic.sqla.names import constraint_name_or_none
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .check_constraints import named_checks_of_model
from .check_constraints import unnamed_checks_of_model
from .inspector import InspectorConv
from .postgresql import constraint_options
from .statements import qualified
from .statements import quoted
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.constraints")


class ValidateConstraintOp(ReversibleSQLOp):
    """Validate a constraint; undone by making it anew as NOT VALID.

    :param table: the name of its table, as SQL.
    :param name: its name, as SQL.
    :param definition: what PostgreSQL says of it, with its NOT VALID.
    :param constraint_name: its name.
    """

    def __init__(
        self, table: str, name: str, definition: str, constraint_name: str
    ) -> None:
        super().__init__(
            f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}, "
            f"ADD CONSTRAINT {name} {definition}",
        )
        self.constraint_name = constraint_name

    def reverse(self) -> ReversibleSQLOp:
        """Return the statement that makes the constraint anew."""
        return ReversibleSQLOp(self._undo, self._sql)


def setup(plugin: Plugin) -> None:
    """Register the comparator, behind those that drop and create constraints."""
    plugin.add_autogenerate_comparator(
        _compare_validity, "table", "validity", priority=DispatchPriority.LAST
    )


def _compare_validity(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Append VALIDATE CONSTRAINT where only the database says NOT VALID."""
    dialect = autogen_context.dialect
    if conn_table is None or metadata_table is None or dialect.name != "postgresql":
        return PriorityDispatchResult.CONTINUE
    remade = {
        op.constraint_name
        for op in modify_table_ops.ops
        if isinstance(op, DropConstraintOp)
    }
    table = qualified(schema, tname, dialect)
    for name, definition in _not_valid(autogen_context, schema, tname, conn_table):
        if name in remade:
            continue
        declared = _declared(
            autogen_context, schema, tname, conn_table, metadata_table, name
        )
        if declared is None or declared.dialect_kwargs.get("postgresql_not_valid"):
            continue
        modify_table_ops.ops.append(
            ValidateConstraintOp(table, quoted(name, dialect), definition, name)
        )
        log.info("Detected constraint %r on table %r that is not valid", name, tname)
    return PriorityDispatchResult.CONTINUE


def _not_valid(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    conn_table: Table,
) -> Iterator[Any]:
    """Give the name and the definition of the table's constraints that are so."""
    inspector = autogen_context.inspector
    reflector = InspectorConv(inspector)
    names = {fk.name for fk in _foreign_keys(conn_table)}
    names.update(
        record["name"] for record in reflector.get_check_constraints(tname, schema)
    )
    for name in sorted(str(name) for name in names if name):
        definition = constraint_options(inspector, schema, tname, name).not_valid
        if definition is not None:
            yield name, definition


def _declared(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    conn_table: Table,
    metadata_table: Table,
    name: str,
) -> Any:
    """Return the constraint of the model that one of the database was made from."""
    for fk in _foreign_keys(conn_table):
        if constraint_name_or_none(fk.name) == name:
            columns = list(foreign_key_spec(fk)[2])
            return next(
                (
                    other
                    for other in _foreign_keys(metadata_table)
                    if list(foreign_key_spec(other)[2]) == columns
                ),
                None,
            )
    named = named_checks_of_model(autogen_context, metadata_table)
    if name in named:
        return named[name]
    unnamed = unnamed_checks_of_model(autogen_context, metadata_table)
    judge = judge_of(autogen_context)
    if judge is None or not unnamed:
        return None
    records = InspectorConv(autogen_context.inspector).get_check_constraints(
        tname, schema
    )
    found: Dict[Any, Any] = {record["name"]: record["sqltext"] for record in records}
    texts = judge.checks(metadata_table, unnamed)
    return next(
        (check for check, text in zip(unnamed, texts) if text == found[name]), None
    )


def _foreign_keys(table: Table) -> Iterator[ForeignKeyConstraint]:
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            yield constraint
