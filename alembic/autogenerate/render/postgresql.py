"""What only PostgreSQL has, as Python: exclude constraints, casts of columns."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Mapping
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.sql.elements import ColumnClause

from alembic.operations.ops.exclude import CreateExcludeConstraintOp
from alembic.sqla.constraints import exclude_constraint_parts

from .expressions import potential_expression
from .names import generated_name
from .names import ident
from .names import identifier
from .names import operation_prefix
from .names import sqlalchemy_prefix
from .registry import renders
from .registry import renders_constraint
from .registry import user_defined_render

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import ExcludeConstraint
    from sqlalchemy.schema import MetaData

    from alembic.autogenerate.autogen_context import AutogenContext


@renders_constraint("exclude_constraint")
def render_exclude_constraint(
    constraint: ExcludeConstraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
) -> Optional[str]:
    """Return the Python of an exclude constraint inside ``op.create_table()``."""
    rendered = user_defined_render("exclude", constraint, autogen_context)
    if rendered is not False:
        return rendered
    autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
    arguments = _elements(autogen_context, constraint)
    arguments.extend(_options(autogen_context, constraint, vars(constraint)))
    name = generated_name(autogen_context, constraint.name)
    if name is not None:
        arguments.append(f"name={name!r}")
    return f"postgresql.ExcludeConstraint({', '.join(arguments)})"


@renders(CreateExcludeConstraintOp)
def add_exclude_constraint(
    autogen_context: AutogenContext, op: CreateExcludeConstraintOp
) -> str:
    """Return the Python of adding an exclude constraint."""
    constraint = op.to_constraint()
    arguments = [repr(generated_name(autogen_context, op.constraint_name))]
    if not autogen_context._has_batch:
        arguments.append(repr(identifier(autogen_context, op.table_name)))
    arguments.extend(_elements(autogen_context, constraint))
    arguments.extend(_options(autogen_context, constraint, vars(constraint)))
    if op.schema and not autogen_context._has_batch:
        arguments.append(f"schema={identifier(autogen_context, op.schema)!r}")
    prefix = operation_prefix(autogen_context)
    return f"{prefix}create_exclude_constraint({', '.join(arguments)})"


def _elements(
    autogen_context: AutogenContext, constraint: ExcludeConstraint
) -> List[str]:
    return [
        f"({_element(autogen_context, expression, name)}, {operator!r})"
        for expression, name, operator in exclude_constraint_parts(constraint)
    ]


def _element(
    autogen_context: AutogenContext, expression: Any, name: Optional[str]
) -> str:
    """Return a column as ``sa.column('name')``, an expression as its SQL."""
    prefix = sqlalchemy_prefix(autogen_context)
    if isinstance(expression, str):
        return f"{prefix}column({ident(expression)!r})"
    if isinstance(expression, ColumnClause):
        if expression.is_literal:
            return f"{prefix}literal_column({ident(expression.name)!r})"
        return f"{prefix}column({identifier(autogen_context, expression.name)!r})"
    return potential_expression(expression, autogen_context)


def _options(
    autogen_context: AutogenContext,
    constraint: ExcludeConstraint,
    given: Mapping[str, Any],
) -> List[str]:
    options: List[str] = []
    if constraint.where is not None:
        where = potential_expression(constraint.where, autogen_context)
        options.append(f"where={where}")
    for name in ("deferrable", "initially", "using", "ops"):
        value = given.get(name)
        if value:
            options.append(f"{name}={value!r}")
    return options
