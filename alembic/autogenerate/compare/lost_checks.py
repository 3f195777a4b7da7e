"""CHECK constraints without a name, which SQLite drops along with their columns."""

from __future__ import annotations

from typing import Iterator
from typing import List
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from alembic.operations.batch.sqlite.tokens import tokenize
from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import DropColumnOp
from alembic.operations.ops.constraints import CreateCheckConstraintOp
from alembic.operations.ops.containers import ModifyTableOps
from alembic.sqla.expressions import literal_text

from .chosen_names import check_name
from .inspector import InspectorConv

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import OpContainer


def bring_checks_back(autogen_context: AutogenContext, container: OpContainer) -> None:
    """Add the constraints again that came with columns that are added again.

    Those with a name have operations of their own. These get one, as they cannot be
    dropped without it.

    :param autogen_context: the comparison.
    :param container: the operations of an upgrade, which may make columns anew, or of
        a downgrade, which brings back those that the upgrade drops; changed in place.
    """
    if autogen_context.dialect.name != "sqlite":
        return
    for op in container.ops:
        if isinstance(op, ModifyTableOps):
            added = {o.column.name for o in op.ops if isinstance(o, AddColumnOp)}
            gone = {o.column_name for o in op.ops if isinstance(o, DropColumnOp)}
            op.ops.extend(
                _lost_checks(
                    autogen_context, op.schema, op.table_name, added, gone - added
                )
            )


def _lost_checks(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    added: Set[str],
    gone: Set[str],
) -> Iterator[CreateCheckConstraintOp]:
    if not added:
        return
    inspector = InspectorConv(autogen_context.inspector)
    known = {column["name"] for column in inspector.get_columns(tname, schema)}
    checks = inspector.get_check_constraints(tname, schema)
    taken: List[str] = [check["name"] for check in checks if check["name"]]
    for check in checks:
        words = {token.name for token in tokenize(check["sqltext"])}
        columns = {word for word in words & known if word is not None}
        if check["name"] or not columns & added or columns & gone:
            continue
        name = check_name(autogen_context.dialect, tname, sorted(columns), taken)
        taken.append(name)
        yield CreateCheckConstraintOp(
            name, tname, literal_text(check["sqltext"]), schema=schema
        )
