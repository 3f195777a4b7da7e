"""What operations of other packages do already, so that it is not done twice.

There are packages that look after PostgreSQL's enumerations or schemas, each with
operations of its own. Where one of them speaks of a type or schema, this project does
not.
"""

from __future__ import annotations

from typing import Iterable
from typing import Iterator
from typing import Set
from typing import TYPE_CHECKING

from alembic.operations.ops.containers import OpContainer

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.autogenerate.autogen_context import TypeKey
    from alembic.operations.ops.base import MigrateOperation
    from alembic.operations.ops.containers import UpgradeOps


def types_of_extensions(
    autogen_context: AutogenContext, ops: Iterable[MigrateOperation]
) -> Set[TypeKey]:
    """Return the types that operations of other packages are about.

    :param autogen_context: knows the default schema.
    :param ops: operations of any kind. One that is not this project's and has a
        ``name``, and perhaps a ``schema``, may be about a type of that name.
    """
    default_schema = getattr(autogen_context.dialect, "default_schema_name", None)
    found: Set[TypeKey] = set()
    for op in _flat(ops):
        name = getattr(op, "name", None)
        if isinstance(name, str) and type(op).__module__.split(".")[0] != "alembic":
            schema = getattr(op, "schema", None)
            found.add((None if schema == default_schema else schema, name))
    return found


def leave_to_extensions(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> None:
    """Take out what this project would do to types and schemas of an extension.

    :param upgrade_ops: the operations; its list is changed in place.
    """
    types = types_of_extensions(autogen_context, upgrade_ops.ops)
    # an operation about a schema as such holds it as an object with a name
    schemas = {
        getattr(getattr(op, "schema", None), "name", None) for op in upgrade_ops.ops
    } - {None}
    if types or schemas:
        upgrade_ops.ops[:] = [
            op
            for op in upgrade_ops.ops
            if getattr(op, "enum", None) not in types
            and getattr(op, "new_schema", None) not in schemas
        ]


def _flat(ops: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    for op in ops:
        if isinstance(op, OpContainer):
            yield from _flat(op.ops)
        else:
            yield op
