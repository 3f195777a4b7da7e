"""CHECK constraints that types bring along, such as those of Boolean and Enum."""

from __future__ import annotations

from typing import Collection
from typing import List
from typing import Set
from typing import TYPE_CHECKING

from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.sqla.constraints import columns_of
from alembic.sqla.constraints import is_type_bound
from alembic.sqla.names import column_names
from alembic.sqla.types import without_check

if TYPE_CHECKING:
    from sqlalchemy.schema import CheckConstraint

    from alembic.operations.ops.base import MigrateOperation


def come_along(
    operations: List[MigrateOperation], checks: Collection[CheckConstraint]
) -> Set[CheckConstraint]:
    """Return the constraints that operations on columns create by themselves.

    :param operations: what was found of a table so far.
    :param checks: constraints of the model.
    """
    columns = {op.column.name for op in operations if isinstance(op, AddColumnOp)}
    columns.update(
        op.column_name
        for op in operations
        if isinstance(op, AlterColumnOp)
        and op.modify_type is not None
        and without_check(op.modify_type) is op.modify_type
    )
    return {check for check in checks if _is_about(check, columns)}


def leave_out(
    operations: List[MigrateOperation], checks: Collection[CheckConstraint]
) -> None:
    """Let no operation create a constraint that has an operation of its own.

    A constraint that comes with the type of a column would be there twice, and a
    downgrade could not drop it where it has no name.

    :param operations: what was found of a table so far; changed in place.
    :param checks: the constraints of the model that have operations of their own, or
        that need none.
    """
    for op in operations:
        if (
            isinstance(op, AlterColumnOp)
            and op.modify_type is not None
            and any(_is_about(check, {op.column_name}) for check in checks)
        ):
            op.modify_type = without_check(op.modify_type)


def _is_about(check: CheckConstraint, columns: Collection[str]) -> bool:
    return is_type_bound(check) and any(
        name in columns for name in column_names(columns_of(check))
    )
