"""Foreign keys as Python."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.schema import ForeignKeyConstraint

from alembic.operations.ops.foreign_keys import CreateForeignKeyOp

from .expressions import dialect_options
from .names import generated_name
from .names import ident
from .names import identifier
from .names import identifiers
from .names import operation_prefix
from .names import sqlalchemy_prefix
from .registry import renders
from .registry import renders_constraint
from .registry import user_defined_render

if TYPE_CHECKING:
    from sqlalchemy.schema import ForeignKey
    from sqlalchemy.schema import MetaData

    from alembic.autogenerate.autogen_context import AutogenContext

_OPTIONS = ("onupdate", "ondelete", "initially", "deferrable", "use_alter", "match")
_SCHEMAS = ("source_schema", "referent_schema")
_WITHOUT_EFFECT = ("link_to_name", "info", "comment")


@renders_constraint(ForeignKeyConstraint)
def render_foreign_key(
    constraint: ForeignKeyConstraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
) -> Optional[str]:
    """Return the Python of a foreign key inside ``op.create_table()``."""
    return foreign_key_call(constraint, autogen_context, namespace_metadata)


def foreign_key_call(
    constraint: ForeignKeyConstraint,
    autogen_context: AutogenContext,
    namespace_metadata: Optional[MetaData],
    *,
    use_alter: bool = True,
) -> Optional[str]:
    """Return the Python of a foreign key with or without its ``use_alter``."""
    rendered = user_defined_render("foreign_key", constraint, autogen_context)
    if rendered is not False:
        return rendered

    elements = list(constraint.elements)
    columns = identifiers(autogen_context, [fk.parent.name for fk in elements])
    namespace = namespace_metadata
    if namespace is None:
        namespace = constraint.parent.metadata
    targets = [
        target_of(element, namespace.schema, namespace_metadata) for element in elements
    ]
    options = _name_option(constraint, autogen_context)
    options.extend(_options_of(constraint, use_alter))
    options.extend(dialect_options(autogen_context, constraint.dialect_kwargs))
    # the comma stays when there is nothing behind it, as programs know this text
    return (
        f"{sqlalchemy_prefix(autogen_context)}ForeignKeyConstraint("
        f"{columns!r}, {targets!r}, {', '.join(options)})"
    )


def foreign_key_in_column(
    foreign_key: ForeignKey, autogen_context: AutogenContext
) -> str:
    """Return the Python of a foreign key inside ``sa.Column()``."""
    target = target_of(foreign_key, None, None)
    arguments = [repr(target)]
    constraint = foreign_key.constraint
    source: Any = foreign_key if constraint is None else constraint
    arguments.extend(_name_option(source, autogen_context))
    arguments.extend(_options_of(source, use_alter=False))
    arguments.extend(dialect_options(autogen_context, source.dialect_kwargs))
    return f"{sqlalchemy_prefix(autogen_context)}ForeignKey({', '.join(arguments)})"


def target_of(
    foreign_key: ForeignKey,
    metadata_schema: Optional[str],
    namespace_metadata: Optional[MetaData],
) -> str:
    """Return what a foreign key refers to, as ``schema.table.column``.

    :param foreign_key: one column of a foreign key constraint.
    :param metadata_schema: the schema of tables for which none is named.
    :param namespace_metadata: where the table that is referred to may be found; the
        column is then called by its name in the database, not by its key.
    """
    table_key, _, column_name = foreign_key.target_fullname.rpartition(".")
    if metadata_schema is not None and "." not in table_key:
        table_key = f"{metadata_schema}.{table_key}"
    if namespace_metadata is not None and not foreign_key.link_to_name:
        table = namespace_metadata.tables.get(table_key)
        column = None if table is None else table.columns.get(column_name)
        if column is not None:
            column_name = str(ident(column.name))
    return f"{table_key}.{column_name}"


def _name_option(constraint: Any, autogen_context: AutogenContext) -> List[str]:
    name = generated_name(autogen_context, constraint.name)
    return [] if name is None else [f"name={name!r}"]


def _options_of(constraint: Any, use_alter: bool) -> List[str]:
    return [
        f"{name}={getattr(constraint, name)!r}"
        for name in _OPTIONS
        if getattr(constraint, name) and (use_alter or name != "use_alter")
    ]


@renders(CreateForeignKeyOp)
def add_foreign_key(autogen_context: AutogenContext, op: CreateForeignKeyOp) -> str:
    """Return the Python of adding a foreign key."""
    arguments = [repr(generated_name(autogen_context, op.constraint_name))]
    if not autogen_context._has_batch:
        arguments.append(repr(identifier(autogen_context, op.source_table)))
    arguments.append(repr(identifier(autogen_context, op.referent_table)))
    arguments.append(repr(identifiers(autogen_context, op.local_cols)))
    arguments.append(repr(identifiers(autogen_context, op.remote_cols)))
    given: Dict[str, Any] = {
        name: value for name, value in op.kw.items() if value is not None
    }
    schemas = _SCHEMAS[1:] if autogen_context._has_batch else _SCHEMAS
    for name in schemas:
        if name in given:
            arguments.append(f"{name}={identifier(autogen_context, given[name])!r}")
    arguments.extend(f"{name}={given[name]!r}" for name in _OPTIONS if name in given)
    known = (*_SCHEMAS, *_OPTIONS, *_WITHOUT_EFFECT)
    rest = {name: value for name, value in given.items() if name not in known}
    arguments.extend(dialect_options(autogen_context, rest))
    prefix = operation_prefix(autogen_context)
    return f"{prefix}create_foreign_key({', '.join(arguments)})"
