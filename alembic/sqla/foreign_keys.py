"""What a foreign key points to."""

from __future__ import annotations

from typing import Any
from typing import NamedTuple
from typing import Optional
from typing import Tuple

from sqlalchemy.schema import ForeignKey
from sqlalchemy.schema import ForeignKeyConstraint

from .names import table_key
from .version import sqla_2_1


class ForeignKeyTarget(NamedTuple):
    """Where a foreign key points to, as far as its text tells."""

    schema: Optional[str]
    table_name: str
    column_name: Optional[str]


def target_tokens(fk: ForeignKey) -> ForeignKeyTarget:
    """Return schema, table and column a foreign key names.

    The table need not exist in the same MetaData.
    """
    tokens: Any = fk._column_tokens
    if sqla_2_1:
        return ForeignKeyTarget(tokens.schema, tokens.table_name, tokens.column_name)
    return ForeignKeyTarget(*tokens)


def target_table_key(fk: ForeignKey) -> Optional[str]:
    """Return the ``MetaData.tables`` key of the table a foreign key points to."""
    any_fk: Any = fk
    if sqla_2_1:
        key: Optional[str] = any_fk.target_table_key
    else:
        key = any_fk._table_key()
    return key


def target_is_named(fk: ForeignKey) -> bool:
    """Tell whether a foreign key was written as a string, not as a Column."""
    return isinstance(fk._colspec, str)


ForeignKeySpec = Tuple[
    Optional[str],
    str,
    "list[str]",
    Optional[str],
    str,
    "list[str]",
    Optional[str],
    Optional[str],
    Optional[bool],
    Optional[str],
]


def foreign_key_spec(constraint: ForeignKeyConstraint) -> ForeignKeySpec:
    """Return a foreign key as plain values.

    :param constraint: a constraint that belongs to a table.
    :return: source schema, source table, source columns, target schema, target table,
        target columns, ON UPDATE, ON DELETE, DEFERRABLE, INITIALLY.
    """
    table: Any = constraint.table
    first = target_tokens(constraint.elements[0])
    target_schema: Optional[str]
    resolved = _resolved_columns(constraint)
    if resolved is not None:
        target_schema, target_table, target_columns = resolved
    else:
        target_schema, target_table = first.schema, first.table_name
        target_columns = [
            target_tokens(element).column_name or element.parent.name
            for element in constraint.elements
        ]
        if target_schema is None:
            target_schema = table.metadata.schema
    return (
        table.schema,
        table.name,
        [element.parent.name for element in constraint.elements],
        target_schema,
        target_table,
        target_columns,
        constraint.onupdate,
        constraint.ondelete,
        constraint.deferrable,
        constraint.initially,
    )


def _resolved_columns(
    constraint: ForeignKeyConstraint,
) -> Optional[Tuple[Optional[str], str, list[str]]]:
    """Return the target by its Table object when it can be found, else None."""
    source: Any = constraint.table
    first = constraint.elements[0]
    if target_is_named(first):
        target: Any = source.metadata.tables.get(target_table_key(first))
        if target is None:
            return None
        if any(
            (target_tokens(element).column_name or element.parent.name)
            not in target.columns
            for element in constraint.elements
        ):
            return None
    else:
        target = first.column.table
    return (
        target.schema,
        target.name,
        [element.column.name for element in constraint.elements],
    )


def is_self_referential(constraint: ForeignKeyConstraint) -> bool:
    """Tell whether a foreign key points to the table it belongs to."""
    source: Any = constraint.table
    spec = target_tokens(constraint.elements[0])
    target_key = table_key(spec.table_name, spec.schema or source.metadata.schema)
    own = table_key(source.name, source.schema)
    return own == target_key or own == table_key(spec.table_name, spec.schema)
