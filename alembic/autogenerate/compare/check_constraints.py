"""CHECK constraints of both sides, by name."""

from __future__ import annotations

from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from alembic.sqla.constraints import all_table_check_constraints
from alembic.sqla.constraints import in_creation_order
from alembic.sqla.constraints import is_written_by
from alembic.sqla.names import final_constraint_name

from .inspector import InspectorConv
from .reflected import make_check_constraint

if TYPE_CHECKING:
    from sqlalchemy.schema import CheckConstraint
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext


def named_checks_of_database(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    conn_table: Table,
) -> Optional[Dict[str, CheckConstraint]]:
    """Return the CHECK constraints found in a table that have a name.

    :param autogen_context: its filters may leave some out.
    :param schema: the schema of the table.
    :param tname: the name of the table.
    :param conn_table: the reflected table, to which the constraints will belong.
    :return: by name; ``None`` when the dialect does not reflect them.
    """
    inspector = InspectorConv(autogen_context.inspector)
    try:
        records = inspector.get_check_constraints(tname, schema)
    except NotImplementedError:
        return None
    return {
        str(record["name"]): make_check_constraint(record, conn_table)
        for record in records
        if record["name"] is not None
        and autogen_context.run_name_filters(
            record["name"],
            "check_constraint",
            {"table_name": tname, "schema_name": schema},
        )
    }


def named_checks_of_model(
    autogen_context: AutogenContext, metadata_table: Table
) -> Dict[str, CheckConstraint]:
    """Return the CHECK constraints that a table of the model will have, by name.

    Those of types (Boolean, Enum) are among them where the database gets them.

    :param autogen_context: knows the dialect, which has the last word on names.
    :param metadata_table: a table of the model.
    """
    return {
        name: constraint
        for name, constraint in _of_model(autogen_context, metadata_table)
        if name is not None
    }


def unnamed_checks_of_model(
    autogen_context: AutogenContext, metadata_table: Table
) -> List[CheckConstraint]:
    """Return the CHECK constraints whose names the model leaves to the database.

    :param autogen_context: knows the dialect.
    :param metadata_table: a table of the model.
    """
    return [
        constraint
        for name, constraint in _of_model(autogen_context, metadata_table)
        if name is None
    ]


def _of_model(
    autogen_context: AutogenContext, metadata_table: Table
) -> Iterator[Tuple[Optional[str], CheckConstraint]]:
    impl = autogen_context.migration_context.impl
    for constraint in in_creation_order(all_table_check_constraints(metadata_table)):
        if is_written_by(constraint, impl):
            yield final_constraint_name(constraint, impl.dialect), constraint
