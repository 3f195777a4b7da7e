"""Primary keys, unique and check constraints as Python, and dropping any."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import PrimaryKeyConstraint
from sqlalchemy.schema import UniqueConstraint
from sqlalchemy.sql.elements import ClauseElement

from alembic.operations.ops.constraints import CreateCheckConstraintOp
from alembic.operations.ops.constraints import CreatePrimaryKeyOp
from alembic.operations.ops.constraints import CreateUniqueConstraintOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.sqla.constraints import is_type_bound
from alembic.util.messaging import warn

from .expressions import dialect_options
from .expressions import potential_expression
from .names import generated_name
from .names import identifier
from .names import identifiers
from .names import operation_prefix
from .names import sqlalchemy_prefix
from .registry import constraint_renderers
from .registry import renders
from .registry import renders_constraint
from .registry import user_defined_render

if TYPE_CHECKING:
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import MetaData

    from alembic.autogenerate.autogen_context import AutogenContext

UNNAMED_CONSTRAINT_WARNING = [
    "# WARNING: constraint name is None; this directive will fail as",
    "# rendered.  Add a name, or use a naming convention; see",
    "# https://alembic.sqlalchemy.org/en/latest/naming.html",
]
"""Written above a directive that would have to find a constraint by nothing."""

_DEFERRAL = ("deferrable", "initially")
_WITHOUT_EFFECT = ("info", "comment")


def render_constraint(
    constraint: Constraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
) -> Optional[str]:
    """Return the Python of a constraint inside ``op.create_table()``.

    :param constraint: the constraint.
    :param autogen_context: the context to render in.
    :param namespace_metadata: where tables that it refers to may be found.
    :return: the Python, or ``None`` when there is nothing to write.
    """
    try:
        renderer = constraint_renderers.dispatch(constraint)
    except ValueError:
        warn(f"No renderer is established for object {constraint!r}")
        return f"[Unknown Python object {constraint!r}]"
    rendered: Optional[str] = renderer(constraint, autogen_context, namespace_metadata)
    return rendered


@renders_constraint(PrimaryKeyConstraint)
def render_primary_key(
    constraint: PrimaryKeyConstraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
) -> Optional[str]:
    """Return the Python of a primary key inside ``op.create_table()``."""
    rendered = user_defined_render("primary_key", constraint, autogen_context)
    if rendered is not False:
        return rendered
    if not constraint.columns:
        return None
    arguments = _column_names(constraint, autogen_context)
    arguments.extend(_name_option(constraint, autogen_context))
    arguments.extend(_options(autogen_context, _options_of(constraint)))
    prefix = sqlalchemy_prefix(autogen_context)
    return f"{prefix}PrimaryKeyConstraint({', '.join(arguments)})"


@renders_constraint(UniqueConstraint)
def render_unique_constraint(
    constraint: UniqueConstraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
) -> Optional[str]:
    """Return the Python of a unique constraint inside ``op.create_table()``."""
    rendered = user_defined_render("unique", constraint, autogen_context)
    if rendered is not False:
        return rendered
    arguments = _column_names(constraint, autogen_context)
    arguments.extend(_deferral(_options_of(constraint)))
    arguments.extend(_name_option(constraint, autogen_context))
    arguments.extend(dialect_options(autogen_context, constraint.dialect_kwargs))
    prefix = sqlalchemy_prefix(autogen_context)
    return f"{prefix}UniqueConstraint({', '.join(arguments)})"


@renders_constraint(CheckConstraint)
def render_check_constraint(
    constraint: CheckConstraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
) -> Optional[str]:
    """Return the Python of a check constraint inside ``op.create_table()``.

    There is none for a constraint that a type brings along, as Boolean and Enum do.
    """
    rendered = user_defined_render("check", constraint, autogen_context)
    if rendered is not False:
        return rendered
    if is_type_bound(constraint):
        return None
    return check_constraint_call(constraint, autogen_context)


def check_constraint_call(
    constraint: CheckConstraint, autogen_context: AutogenContext
) -> str:
    """Return the Python of a check constraint, whoever has it."""
    arguments = [_condition(constraint.sqltext, autogen_context)]
    arguments.extend(_name_option(constraint, autogen_context))
    arguments.extend(_options(autogen_context, _options_of(constraint)))
    prefix = sqlalchemy_prefix(autogen_context)
    return f"{prefix}CheckConstraint({', '.join(arguments)})"


def _condition(condition: Union[str, ClauseElement], context: AutogenContext) -> str:
    return potential_expression(condition, context, wrap_in_element=False)


def _column_names(constraint: Any, autogen_context: AutogenContext) -> List[str]:
    return [
        repr(identifier(autogen_context, column.name)) for column in constraint.columns
    ]


def _name_option(constraint: Constraint, autogen_context: AutogenContext) -> List[str]:
    name = generated_name(autogen_context, constraint.name)
    return [] if name is None else [f"name={name!r}"]


def _options_of(constraint: Constraint) -> Dict[str, Any]:
    options: Dict[str, Any] = {
        name: getattr(constraint, name)
        for name in _DEFERRAL
        if getattr(constraint, name)
    }
    options.update(constraint.dialect_kwargs)
    return options


def _deferral(options: Mapping[str, Any]) -> List[str]:
    return [f"{name}={options[name]!r}" for name in _DEFERRAL if options.get(name)]


def _options(autogen_context: AutogenContext, options: Mapping[str, Any]) -> List[str]:
    """Return deferral and dialect options as pieces of Python."""
    rest = {
        name: value
        for name, value in options.items()
        if name not in _DEFERRAL and name not in _WITHOUT_EFFECT
    }
    return _deferral(options) + dialect_options(autogen_context, rest)


def _name_and_table(
    autogen_context: AutogenContext, name: Optional[str], table_name: str
) -> List[str]:
    """Return how a directive begins; the table of a batch block is known."""
    arguments = [repr(generated_name(autogen_context, name))]
    if not autogen_context._has_batch:
        arguments.append(repr(identifier(autogen_context, table_name)))
    return arguments


def _schema(autogen_context: AutogenContext, schema: Optional[str]) -> List[str]:
    if not schema or autogen_context._has_batch:
        return []
    return [f"schema={identifier(autogen_context, schema)!r}"]


@renders(CreatePrimaryKeyOp)
def add_primary_key(autogen_context: AutogenContext, op: CreatePrimaryKeyOp) -> str:
    """Return the Python of adding a primary key."""
    arguments = _name_and_table(autogen_context, op.constraint_name, op.table_name)
    arguments.append(repr(identifiers(autogen_context, op.columns)))
    arguments.extend(_schema(autogen_context, op.schema))
    prefix = operation_prefix(autogen_context)
    return f"{prefix}create_primary_key({', '.join(arguments)})"


@renders(CreateUniqueConstraintOp)
def add_unique_constraint(
    autogen_context: AutogenContext, op: CreateUniqueConstraintOp
) -> List[str]:
    """Return the Python of adding a unique constraint."""
    arguments = _name_and_table(autogen_context, op.constraint_name, op.table_name)
    arguments.append(repr(identifiers(autogen_context, op.columns)))
    arguments.extend(_deferral(op.kw))
    arguments.extend(_schema(autogen_context, op.schema))
    rest = {name: value for name, value in op.kw.items() if name not in _DEFERRAL}
    arguments.extend(_options(autogen_context, rest))
    prefix = operation_prefix(autogen_context)
    return [f"{prefix}create_unique_constraint({', '.join(arguments)})"]


@renders(CreateCheckConstraintOp)
def add_check_constraint(
    autogen_context: AutogenContext, op: CreateCheckConstraintOp
) -> str:
    """Return the Python of adding a check constraint."""
    arguments = _name_and_table(autogen_context, op.constraint_name, op.table_name)
    arguments.append(_condition(op.condition, autogen_context))
    arguments.extend(_schema(autogen_context, op.schema))
    arguments.extend(_options(autogen_context, op.kw))
    prefix = operation_prefix(autogen_context)
    return f"{prefix}create_check_constraint({', '.join(arguments)})"


@renders(DropConstraintOp)
def drop_constraint(autogen_context: AutogenContext, op: DropConstraintOp) -> List[str]:
    """Return the Python of dropping a constraint.

    One without a name is found by its columns; where these are not known either, a
    comment says that the directive needs a name.
    """
    arguments = _name_and_table(autogen_context, op.constraint_name, op.table_name)
    arguments.extend(_schema(autogen_context, op.schema))
    if op.constraint_type:
        arguments.append(f"type_={op.constraint_type!r}")
    comment: Sequence[str] = ()
    if op.constraint_name is None:
        if op.constraint_type and op.columns:
            columns = identifiers(autogen_context, op.columns)
            arguments.append(f"columns={columns!r}")
        else:
            comment = UNNAMED_CONSTRAINT_WARNING
    if op.if_exists is not None and not autogen_context._has_batch:
        arguments.append(f"if_exists={op.if_exists!r}")
    prefix = operation_prefix(autogen_context)
    return [*comment, f"{prefix}drop_constraint({', '.join(arguments)})"]
