"""Indexes as Python."""

from __future__ import annotations

from typing import List
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.schema import Column

from alembic.operations.ops.indexes import CreateIndexOp
from alembic.operations.ops.indexes import DropIndexOp

from .expressions import dialect_options
from .expressions import potential_expression
from .names import generated_name
from .names import identifier
from .names import operation_prefix
from .registry import renders

if TYPE_CHECKING:
    from sqlalchemy.schema import Index

    from alembic.autogenerate.autogen_context import AutogenContext


@renders(CreateIndexOp)
def add_index(autogen_context: AutogenContext, op: CreateIndexOp) -> str:
    """Return the Python of creating an index."""
    index = op.to_index()
    arguments = [repr(generated_name(autogen_context, index.name))]
    if not autogen_context._has_batch:
        arguments.append(repr(identifier(autogen_context, op.table_name)))
    arguments.append(f"[{', '.join(index_elements(index, autogen_context))}]")
    arguments.append(f"unique={bool(index.unique)!r}")
    arguments.extend(_schema(autogen_context, op.schema))
    arguments.extend(dialect_options(autogen_context, index.dialect_kwargs))
    if op.if_not_exists is not None:
        arguments.append(f"if_not_exists={op.if_not_exists!r}")
    return f"{operation_prefix(autogen_context)}create_index({', '.join(arguments)})"


@renders(DropIndexOp)
def drop_index(autogen_context: AutogenContext, op: DropIndexOp) -> str:
    """Return the Python of dropping an index."""
    index = op.to_index()
    arguments = [repr(generated_name(autogen_context, op.index_name))]
    if not autogen_context._has_batch:
        table_name = identifier(autogen_context, op.table_name)
        arguments.append(f"table_name={table_name!r}")
    arguments.extend(_schema(autogen_context, op.schema))
    arguments.extend(dialect_options(autogen_context, index.dialect_kwargs))
    if op.if_exists is not None:
        arguments.append(f"if_exists={op.if_exists!r}")
    return f"{operation_prefix(autogen_context)}drop_index({', '.join(arguments)})"


def index_elements(index: Index, autogen_context: AutogenContext) -> List[str]:
    """Return the Python of an index's columns and expressions, one by one."""
    return [
        repr(identifier(autogen_context, expression.name))
        if isinstance(expression, Column)
        else potential_expression(expression, autogen_context, is_index=True)
        for expression in index.expressions
    ]


def _schema(autogen_context: AutogenContext, schema: Optional[str]) -> List[str]:
    if not schema or autogen_context._has_batch:
        return []
    return [f"schema={identifier(autogen_context, schema)!r}"]
