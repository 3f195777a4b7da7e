"""SQL statements and rows as Python."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import TYPE_CHECKING

from sqlalchemy.sql.elements import ClauseElement

from alembic.operations.ops.data import BulkInsertOp
from alembic.operations.ops.data import ExecuteSQLOp

from .expressions import sql_of
from .expressions import textual_sql
from .names import ident
from .names import identifier
from .names import operation_prefix
from .names import sqlalchemy_prefix
from .registry import renders
from .types import repr_type

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext


@renders(ExecuteSQLOp)
def execute_sql(autogen_context: AutogenContext, op: ExecuteSQLOp) -> str:
    """Return the Python of executing a statement.

    A statement that is no string is written as the SQL of the database that is
    looked at, its values as literals.
    """
    if isinstance(op.sqltext, ClauseElement):
        sql = textual_sql(sql_of(op.sqltext, autogen_context))
        arguments = [f"{sqlalchemy_prefix(autogen_context)}text({sql!r})"]
    elif isinstance(op.sqltext, str):
        arguments = [repr(ident(op.sqltext))]
    else:
        raise NotImplementedError(
            f"cannot write down {op.sqltext!r}: give ExecuteSQLOp a string or an SQL "
            "expression"
        )
    if op.execution_options:
        arguments.append(f"execution_options={dict(op.execution_options)!r}")
    return f"{operation_prefix(autogen_context)}execute({', '.join(arguments)})"


@renders(BulkInsertOp)
def bulk_insert(autogen_context: AutogenContext, op: BulkInsertOp) -> List[str]:
    """Return the Python of inserting rows."""
    prefix = sqlalchemy_prefix(autogen_context)
    table: Any = op.table
    columns = [
        f"{prefix}column({identifier(autogen_context, column.name)!r}, "
        f"{repr_type(column.type, autogen_context)})"
        for column in table.columns
    ]
    pieces = [repr(identifier(autogen_context, table.name)), *columns]
    if getattr(table, "schema", None):
        pieces.append(f"schema={identifier(autogen_context, table.schema)!r}")
    arguments = [
        f"{prefix}table({', '.join(pieces)})",
        repr([dict(row) for row in op.rows]),
    ]
    if not op.multiinsert:
        arguments.append("multiinsert=False")
    body = ",\n".join(f"    {argument}" for argument in arguments)
    return [f"{operation_prefix(autogen_context)}bulk_insert(\n{body}\n)"]
