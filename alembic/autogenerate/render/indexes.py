"""Indexes as Python."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import Column

from alembic.operations.ops.indexes import CreateIndexOp
from alembic.operations.ops.indexes import DropIndexOp
from alembic.operations.ops.indexes import is_plain

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
    name, elements, unique, options = _contents(op)
    arguments = [repr(generated_name(autogen_context, name))]
    if not autogen_context._has_batch:
        arguments.append(repr(identifier(autogen_context, op.table_name)))
    columns = ", ".join(_element(element, autogen_context) for element in elements)
    arguments.append(f"[{columns}]")
    arguments.append(f"unique={bool(unique)!r}")
    arguments.extend(_schema(autogen_context, op.schema))
    arguments.extend(dialect_options(autogen_context, options))
    if op.if_not_exists is not None:
        arguments.append(f"if_not_exists={op.if_not_exists!r}")
    return f"{operation_prefix(autogen_context)}create_index({', '.join(arguments)})"


@renders(DropIndexOp)
def drop_index(autogen_context: AutogenContext, op: DropIndexOp) -> str:
    """Return the Python of dropping an index."""
    arguments = [repr(generated_name(autogen_context, op.index_name))]
    if not autogen_context._has_batch:
        table_name = identifier(autogen_context, op.table_name)
        arguments.append(f"table_name={table_name!r}")
    arguments.extend(_schema(autogen_context, op.schema))
    arguments.extend(dialect_options(autogen_context, _options_of(op)))
    if op.if_exists is not None:
        arguments.append(f"if_exists={op.if_exists!r}")
    return f"{operation_prefix(autogen_context)}drop_index({', '.join(arguments)})"


def _contents(op: CreateIndexOp) -> Tuple[Any, Sequence[Any], bool, Mapping[str, Any]]:
    """Return name, elements, uniqueness and options, from an index where needed."""
    if is_plain(op):
        return op.index_name, op.columns, op.unique, {}
    index: Any = op.to_index()
    return index.name, index.expressions, index.unique, index.dialect_kwargs


def _options_of(op: DropIndexOp) -> Mapping[str, Any]:
    if type(op).to_index is DropIndexOp.to_index and op.kw.keys() <= {"unique"}:
        return {}
    return op.to_index().dialect_kwargs


def index_elements(index: Index, autogen_context: AutogenContext) -> List[str]:
    """Return the Python of an index's columns and expressions, one by one."""
    return [_element(expression, autogen_context) for expression in index.expressions]


def _element(element: Any, autogen_context: AutogenContext) -> str:
    name = element.name if isinstance(element, Column) else element
    if isinstance(name, str):
        return repr(identifier(autogen_context, name))
    return potential_expression(element, autogen_context, is_index=True)


def _schema(autogen_context: AutogenContext, schema: Optional[str]) -> List[str]:
    if not schema or autogen_context._has_batch:
        return []
    return [f"schema={identifier(autogen_context, schema)!r}"]
