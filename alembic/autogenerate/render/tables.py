"""Tables as Python: create, drop, rename, comment."""

from __future__ import annotations

import ast
import sys
from typing import AbstractSet
from typing import Any
from typing import Dict
from typing import Iterable
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import Column
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import Table

from alembic.operations.ops.comments import CreateTableCommentOp
from alembic.operations.ops.comments import DropTableCommentOp
from alembic.operations.ops.tables import CreateTableOp
from alembic.operations.ops.tables import DropTableOp
from alembic.operations.ops.tables import RenameTableOp

from .columns import render_column
from .constraints import render_constraint
from .expressions import potential_expression
from .foreign_keys import foreign_key_call
from .names import identifier
from .names import operation_prefix
from .registry import renders

if TYPE_CHECKING:
    from sqlalchemy.schema import MetaData

    from alembic.autogenerate.autogen_context import AutogenContext

MAX_PYTHON_ARGS = 255
"""Up to so many columns and constraints are separate arguments of a call.

Python before 3.7 allowed no more; beyond it they are written as one ``*[...]``.
"""


def max_python_args() -> int:
    """Return the limit in force, which programs may change on the package."""
    package = sys.modules[__name__.rpartition(".")[0]]
    return int(getattr(package, "MAX_PYTHON_ARGS", MAX_PYTHON_ARGS))


@renders(CreateTableOp)
def add_table(autogen_context: AutogenContext, op: CreateTableOp) -> str:
    """Return the Python of creating a table, one column or constraint a line."""
    items = _items(autogen_context, op)
    if len(items) > max_python_args():
        body = f"*[{_lines(items)}]"
    else:
        body = _lines(items)
    options = _options(autogen_context, op)
    separator = ",\n" if body and options else ""
    return (
        f"{operation_prefix(autogen_context)}create_table("
        f"{identifier(autogen_context, op.table_name)!r},\n"
        f"{body}{separator}{_lines(options)}\n)"
    )


def _lines(pieces: List[str]) -> str:
    return ",\n".join(pieces)


def _items(autogen_context: AutogenContext, op: CreateTableOp) -> List[str]:
    columns, constraints = _contents(op)
    existing_types: AbstractSet[Any] = getattr(op, "existing_types", frozenset())
    with autogen_context.types_exist(existing_types):
        rendered = [render_column(column, autogen_context) for column in columns]
    return [source for source in rendered if source] + sorted(
        source
        for source in (
            _constraint(constraint, autogen_context, op._namespace_metadata)
            for constraint in constraints
        )
        if source
    )


def _contents(op: CreateTableOp) -> Tuple[Iterable[Any], Iterable[Any]]:
    """Return the columns and constraints of the table."""
    columns = [item for item in op.columns if isinstance(item, Column)]
    constraints = [item for item in op.columns if isinstance(item, Constraint)]
    owners = {_owner(item) for item in (*columns, *constraints)}
    if (
        # a subclass may have a say in what the table is
        type(op).to_table is CreateTableOp.to_table
        and op._constraints_included
        and len(columns) + len(constraints) == len(op.columns)
        and len(owners) == 1
        and None not in owners
    ):
        # the contents of one table as they are: no need to make it anew
        return columns, constraints
    table = op.to_table()
    return table.columns, table.constraints


def _owner(item: Any) -> Optional[Table]:
    if isinstance(item, Column):
        return item.table
    parent = getattr(item, "parent", None)
    return parent if isinstance(parent, Table) else None


def _constraint(
    constraint: Constraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
) -> Optional[str]:
    if isinstance(constraint, ForeignKeyConstraint) and constraint.use_alter:
        # CREATE TABLE would leave it out without a word. Where a circle of tables
        # needs it to come later, the comparison has made it an operation of its own
        return foreign_key_call(
            constraint, autogen_context, namespace_metadata, use_alter=False
        )
    return render_constraint(constraint, autogen_context, namespace_metadata)


def _options(autogen_context: AutogenContext, op: CreateTableOp) -> List[str]:
    options: List[str] = []
    if op.schema:
        options.append(f"schema={identifier(autogen_context, op.schema)!r}")
    if op.comment is not None:
        options.append(f"comment={op.comment!r}")
    info = _what_can_be_written(op.info or {})
    if info:
        options.append(f"info={info!r}")
    options.extend(
        # MySQL's reflection names an option "mysql_default charset"
        f"{name.replace(' ', '_')}={potential_expression(op.kw[name], autogen_context)}"
        for name in sorted(op.kw)
    )
    if op.prefixes:
        options.append(f"prefixes={list(op.prefixes)!r}")
    if op.if_not_exists is not None:
        options.append(f"if_not_exists={op.if_not_exists!r}")
    return options


def _what_can_be_written(info: Dict[Any, Any]) -> Dict[Any, Any]:
    """Return the entries of ``info`` whose ``repr()`` is Python.

    The others are the program's own objects; no database ever sees any of them.
    """
    return {
        key: value
        for key, value in info.items()
        if _is_literal(key) and _is_literal(value)
    }


def _is_literal(value: Any) -> bool:
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (SyntaxError, ValueError):
        return False


@renders(DropTableOp)
def drop_table(autogen_context: AutogenContext, op: DropTableOp) -> str:
    """Return the Python of dropping a table."""
    arguments = [repr(identifier(autogen_context, op.table_name))]
    if op.schema:
        arguments.append(f"schema={identifier(autogen_context, op.schema)!r}")
    if op.if_exists is not None:
        arguments.append(f"if_exists={op.if_exists!r}")
    return f"{operation_prefix(autogen_context)}drop_table({', '.join(arguments)})"


@renders(RenameTableOp)
def rename_table(autogen_context: AutogenContext, op: RenameTableOp) -> str:
    """Return the Python of renaming a table."""
    arguments = [
        repr(identifier(autogen_context, op.table_name)),
        repr(identifier(autogen_context, op.new_table_name)),
    ]
    if op.schema:
        arguments.append(f"schema={identifier(autogen_context, op.schema)!r}")
    return f"{operation_prefix(autogen_context)}rename_table({', '.join(arguments)})"


@renders(CreateTableCommentOp)
def create_table_comment(
    autogen_context: AutogenContext, op: CreateTableCommentOp
) -> str:
    """Return the Python of setting a table's comment."""
    return _comment_directive(
        autogen_context, "create_table_comment", op, [repr(op.comment)]
    )


@renders(DropTableCommentOp)
def drop_table_comment(autogen_context: AutogenContext, op: DropTableCommentOp) -> str:
    """Return the Python of taking a table's comment away."""
    return _comment_directive(autogen_context, "drop_table_comment", op, [])


def _comment_directive(
    autogen_context: AutogenContext, directive: str, op: Any, arguments: List[str]
) -> str:
    arguments = [*arguments, f"existing_comment={op.existing_comment!r}"]
    if not autogen_context._has_batch:
        arguments.insert(0, repr(identifier(autogen_context, op.table_name)))
        arguments.append(f"schema={identifier(autogen_context, op.schema)!r}")
    lines = ",\n".join(f"    {argument}" for argument in arguments)
    return f"{operation_prefix(autogen_context)}{directive}(\n{lines}\n)"
