"""Columns, and their being added, dropped and altered, as Python."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Optional
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.schema import CheckConstraint

from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.columns import DropColumnOp
from alembic.sqla.constraints import is_type_bound
from alembic.sqla.defaults import AUTOINCREMENT_DEFAULT
from alembic.sqla.defaults import is_identity

from .casts import after_conversion
from .casts import before_conversion
from .casts import converts_default
from .casts import using_for_type_change
from .casts import without_default
from .constraints import check_constraint_call
from .defaults import is_positional
from .defaults import render_server_default
from .expressions import dialect_options
from .expressions import potential_expression
from .foreign_keys import foreign_key_in_column
from .names import identifier
from .names import operation_prefix
from .names import sqlalchemy_prefix
from .registry import renders
from .registry import user_defined_render
from .types import repr_type

if TYPE_CHECKING:
    from sqlalchemy.schema import Column

    from alembic.autogenerate.autogen_context import AutogenContext

_ALTER_INDENT = " " * 11
_AUTOINCREMENT = ("autoincrement", "existing_autoincrement")


def render_column(column: Column[Any], autogen_context: AutogenContext) -> str:
    """Return the Python of a column.

    Its primary key, unique constraint, index and foreign keys are not part of it:
    they are operations or constraints of their own.

    :param column: the column.
    :param autogen_context: the context to render in.
    """
    return column_call(column, autogen_context)


def column_call(
    column: Column[Any],
    autogen_context: AutogenContext,
    *,
    inline_references: bool = False,
    inline_primary_key: bool = False,
) -> str:
    """Return the Python of a column, with what only ``ADD COLUMN`` writes inline.

    :param column: the column.
    :param autogen_context: the context to render in.
    :param inline_references: write its foreign keys.
    :param inline_primary_key: write ``primary_key=True``.
    """
    rendered = user_defined_render("column", column, autogen_context)
    if rendered is not False:
        return rendered  # type: ignore[return-value]

    arguments = [
        repr(identifier(autogen_context, column.name)),
        repr_type(column.type, autogen_context),
    ]
    if inline_references:
        arguments.extend(
            foreign_key_in_column(key, autogen_context)
            for key in sorted(column.foreign_keys, key=lambda key: key.target_fullname)
        )
    arguments.extend(_own_checks(column, autogen_context))
    keywords: List[str] = []
    if column.server_default is not None:
        default = render_server_default(column.server_default, autogen_context)
        if default and is_positional(column.server_default):
            arguments.append(default)
        elif default:
            keywords.append(f"server_default={default}")
    if inline_primary_key:
        keywords.append("primary_key=True")
    if column.autoincrement not in (None, AUTOINCREMENT_DEFAULT):
        keywords.append(f"autoincrement={column.autoincrement!r}")
    if column.nullable is not None:
        keywords.append(f"nullable={column.nullable!r}")
    if column.system:
        keywords.append("system=True")
    if column.comment is not None:
        keywords.append(f"comment={column.comment!r}")
    keywords.extend(dialect_options(autogen_context, column.dialect_kwargs))
    prefix = sqlalchemy_prefix(autogen_context)
    return f"{prefix}Column({', '.join(arguments + keywords)})"


def _own_checks(column: Column[Any], autogen_context: AutogenContext) -> List[str]:
    checks = [
        check_constraint_call(constraint, autogen_context)
        for constraint in column.constraints
        if isinstance(constraint, CheckConstraint) and not is_type_bound(constraint)
    ]
    return sorted(checks)


@renders(AddColumnOp)
def add_column(autogen_context: AutogenContext, op: AddColumnOp) -> str:
    """Return the Python of adding a column."""
    in_batch = autogen_context._has_batch
    arguments = [] if in_batch else [_name(autogen_context, op.table_name)]
    arguments.append(
        column_call(
            op.column,
            autogen_context,
            inline_references=bool(op.inline_references),
            inline_primary_key=bool(op.inline_primary_key),
        )
    )
    if in_batch:
        for place in ("insert_before", "insert_after"):
            if op.kw.get(place):
                arguments.append(f"{place}={_name(autogen_context, op.kw[place])}")
    elif op.schema:
        arguments.append(f"schema={_name(autogen_context, op.schema)}")
    if op.if_not_exists is not None and (op.if_not_exists or not in_batch):
        arguments.append(f"if_not_exists={op.if_not_exists!r}")
    for flag in ("inline_references", "inline_primary_key"):
        if getattr(op, flag):
            arguments.append(f"{flag}=True")
    return f"{operation_prefix(autogen_context)}add_column({', '.join(arguments)})"


@renders(DropColumnOp)
def drop_column(autogen_context: AutogenContext, op: DropColumnOp) -> str:
    """Return the Python of dropping a column."""
    column_name = _name(autogen_context, op.column_name)
    options = dialect_options(autogen_context, op.kw)
    if autogen_context._has_batch:
        arguments = [column_name, *options]
        if op.if_exists:
            arguments.append("if_exists=True")
    else:
        arguments = [_name(autogen_context, op.table_name), column_name]
        if op.schema:
            arguments.append(f"schema={_name(autogen_context, op.schema)}")
        arguments.extend(options)
        if op.if_exists is not None:
            arguments.append(f"if_exists={op.if_exists!r}")
    return f"{operation_prefix(autogen_context)}drop_column({', '.join(arguments)})"


@renders(AlterColumnOp)
def alter_column(
    autogen_context: AutogenContext, op: AlterColumnOp
) -> Union[str, List[str]]:
    """Return the Python of altering a column, one changed property a line.

    Where PostgreSQL has to be told how to convert the values, it cannot convert a
    default either: that is taken away before and put back afterwards.
    """
    using = using_for_type_change(autogen_context, op)
    if not converts_default(autogen_context, op, using):
        return _alter_column(autogen_context, op, using)
    return [
        _alter_column(autogen_context, before_conversion(op), None),
        _alter_column(autogen_context, without_default(op), using),
        _alter_column(autogen_context, after_conversion(autogen_context, op), None),
    ]


def _alter_column(
    autogen_context: AutogenContext, op: AlterColumnOp, using: Optional[str]
) -> str:
    names = [op.column_name]
    if not autogen_context._has_batch:
        names.insert(0, op.table_name)
    arguments = [", ".join(_name(autogen_context, name) for name in names)]
    arguments.extend(_alterations(autogen_context, op))
    arguments.extend(_further_options(autogen_context, op, using))
    unchanged = op.modify_server_default is False
    # an identity is altered in another way than it is made
    is_altered = is_identity(op.modify_server_default) and is_identity(
        op.existing_server_default
    )
    if (unchanged or is_altered) and _is_given(op.existing_server_default):
        existing = render_server_default(op.existing_server_default, autogen_context)
        arguments.append(f"existing_server_default={existing}")
    if op.schema and not autogen_context._has_batch:
        arguments.append(f"schema={_name(autogen_context, op.schema)}")
    separator = f",\n{_ALTER_INDENT}"
    prefix = operation_prefix(autogen_context)
    return f"{prefix}alter_column({separator.join(arguments)})"


def _alterations(autogen_context: AutogenContext, op: AlterColumnOp) -> List[str]:
    """Return what changes, and what there is, as far as it is known."""
    found: List[str] = []
    if op.existing_type is not None:
        found.append(f"existing_type={repr_type(op.existing_type, autogen_context)}")
    if op.modify_server_default is not False:
        default = render_server_default(op.modify_server_default, autogen_context)
        found.append(f"server_default={default}")
    if op.modify_name is not None:
        found.append(f"new_column_name={_name(autogen_context, op.modify_name)}")
    if op.modify_type is not None:
        found.append(f"type_={repr_type(op.modify_type, autogen_context)}")
    if op.modify_nullable is not None:
        found.append(f"nullable={op.modify_nullable!r}")
    if op.modify_comment is not False:
        found.append(f"comment={op.modify_comment!r}")
    if op.existing_comment is not None:
        found.append(f"existing_comment={op.existing_comment!r}")
    if op.modify_nullable is None and op.existing_nullable is not None:
        found.append(f"existing_nullable={op.existing_nullable!r}")
    return found


def _further_options(
    autogen_context: AutogenContext, op: AlterColumnOp, using: Optional[str]
) -> List[str]:
    """Return the options that only some databases know."""
    options = {
        name: value
        for name, value in op.kw.items()
        # what plugins note of their own comparisons
        if not name.startswith(("modify_", "existing_")) or name in _AUTOINCREMENT
    }
    if using is not None:
        options.setdefault("postgresql_using", using)
    ordered = [name for name in _AUTOINCREMENT if name in options]
    ordered.extend(sorted(name for name in options if name not in _AUTOINCREMENT))
    if autogen_context._has_batch:
        known = ordered
    else:
        # a place among the columns is a matter of batch mode
        known = [n for n in ordered if n not in ("insert_before", "insert_after")]
    return [
        f"{name}={potential_expression(options[name], autogen_context)}"
        for name in known
        if options[name] is not None
    ]


def _is_given(default: Any) -> bool:
    return default is not False and default is not None


def _name(autogen_context: AutogenContext, name: Optional[str]) -> str:
    return repr(identifier(autogen_context, name))
