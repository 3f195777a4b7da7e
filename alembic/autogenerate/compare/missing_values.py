"""NOT NULL columns without a default, added to tables that have rows.

Nobody but the author of the revision knows what the rows shall have there, so a comment
above the operation says what to write.
"""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Iterable
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.containers import ModifyTableOps
from alembic.sqla.connections import has_rows
from alembic.sqla.defaults import counts_by_itself

if TYPE_CHECKING:
    from sqlalchemy.schema import Column

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import OpContainer


def remark_on_missing_values(
    autogen_context: AutogenContext, containers: Iterable[OpContainer]
) -> None:
    """Put a remark on each operation that will not find values for its column.

    :param autogen_context: the comparison; its database is asked for rows.
    :param containers: the operations of the upgrade and of the downgrade.
    """
    connection: Any = autogen_context.connection
    known: Dict[Tuple[Optional[str], str], bool] = {}
    for container in containers:
        for changes in container.ops:
            if not isinstance(changes, ModifyTableOps):
                continue
            name = (changes.schema, changes.table_name)
            for op in changes.ops:
                if not isinstance(op, AddColumnOp) or not _needs_value(op.column):
                    continue
                if name not in known:
                    known[name] = has_rows(connection, name[1], name[0])
                if known[name]:
                    op.remarks = [_remark(name[1], op.column.name)]


def _needs_value(column: Column[Any]) -> bool:
    """Tell whether a row that is there already must be given a value."""
    return not (
        column.nullable or column.server_default is not None or counts_by_itself(column)
    )


def _remark(table: str, column: str) -> str:
    return (
        f"The table {table!r} has rows, and none of them has a value for {column!r}. "
        "Add server_default=..., or add the column with nullable=True, fill it with "
        "op.execute() and then say op.alter_column(..., nullable=False)."
    )
