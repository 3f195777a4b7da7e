"""Tables and columns of constraints; copies of schema items."""

from __future__ import annotations

import contextlib
from typing import Any
from typing import cast
from typing import Iterable
from typing import List
from typing import Mapping
from typing import Set
from typing import TypeVar
from typing import Union

from sqlalchemy.exc import ArgumentError
from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import Column
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import DefaultClause
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import Index
from sqlalchemy.schema import SchemaItem
from sqlalchemy.schema import Table

from .expressions import find_columns
from .version import sqla_1_4
from .version import sqla_2_0

_S = TypeVar("_S", bound=SchemaItem)
_C = TypeVar("_C", bound=Constraint)


def copy_item(item: _S, **kw: Any) -> _S:
    """Return a copy of a column or constraint that belongs to no table.

    :param item: the column or constraint.
    :param kw: options of SQLAlchemy's own copy, such as ``target_table``.
    """
    any_item: Any = item
    if not sqla_2_0 and isinstance(any_item, DefaultClause):
        # before 2.0 plain defaults do not know how to copy themselves
        plain: Any = DefaultClause(any_item.arg, for_update=any_item.for_update)
        return cast(_S, plain)
    copy: Any = any_item._copy(**kw) if sqla_1_4 else any_item.copy(**kw)
    operator_classes = getattr(item, "ops", None)
    if operator_classes:
        # a copy of an exclude constraint comes without them
        copy.ops = operator_classes
    return cast(_S, copy)


def table_of(constraint: Union[Constraint, Index]) -> Table:
    """Return the table a constraint belongs to."""
    if isinstance(constraint, ForeignKeyConstraint):
        parent = constraint.parent
        assert parent is not None
        return cast(Table, parent)
    return cast(Table, constraint.table)


def columns_of(constraint: Union[Constraint, Index]) -> List[Column[Any]]:
    """Return the columns of a constraint on its own table, in order.

    For a CHECK constraint these are the columns its expression names, which are known
    only when it is not plain text.

    :param constraint: any constraint or index.
    """
    if isinstance(constraint, ForeignKeyConstraint):
        return [element.parent for element in constraint.elements]
    if isinstance(constraint, CheckConstraint):
        return sorted(find_columns(constraint.sqltext), key=lambda col: col.name)
    return list(cast(Any, constraint).columns)


def is_type_bound(constraint: Constraint) -> bool:
    """Tell whether a constraint was made by a type, such as Boolean or Enum."""
    return bool(getattr(constraint, "_type_bound", False))


def mark_type_bound(constraint: Constraint) -> None:
    """Say of a constraint that a type made it."""
    cast(Any, constraint)._type_bound = True


def mark_not_valid(constraint: Constraint) -> None:
    """Say of a CHECK or foreign key constraint that PostgreSQL has it as NOT VALID.

    Nothing is said where SQLAlchemy, before 1.4.32, does not know the option.
    """
    with contextlib.suppress(ArgumentError):
        cast(Any, constraint).kwargs["postgresql_not_valid"] = True


def is_written_by(constraint: Any, speaker: Any) -> bool:
    """Tell whether a constraint's own rule lets it be written on a dialect.

    A Boolean's CHECK, for instance, is not written where booleans are native.

    :param constraint: any constraint.
    :param speaker: anything with the ``dialect`` that would write it.
    """
    rule = getattr(constraint, "_create_rule", None)
    return rule is None or bool(rule(speaker))


def all_table_check_constraints(table: Table) -> Set[CheckConstraint]:
    """Return every CHECK constraint of a table, those of its columns included."""
    found = {c for c in table.constraints if isinstance(c, CheckConstraint)}
    for column in table.columns:
        found.update(c for c in column.constraints if isinstance(c, CheckConstraint))
    return found


def remove_column(collection: Any, column: Any) -> None:
    """Take a column out of a column collection.

    :param collection: a table's ``columns`` or a constraint's.
    :param column: the column to take out.
    """
    target = collection
    if sqla_1_4 and not hasattr(target, "remove"):
        # read-only views keep the collection they look at
        target = getattr(collection, "_parent", collection)
    target.remove(column)


def drop_column_from_table(table: Table, column: Column[Any]) -> None:
    """Take a column out of a table's collection of columns.

    :param table: the table that has it.
    :param column: the column to take out.
    """
    remove_column(cast(Any, table)._columns, column)


def exclude_constraint_parts(constraint: Any) -> List[Any]:
    """Return a PostgreSQL EXCLUDE constraint's ``(expression, name, operator)``."""
    return list(constraint._render_exprs)


def in_creation_order(items: Iterable[_C]) -> List[_C]:
    """Return constraints in the order they were written down.

    :param items: constraints, such as the set that is ``Table.constraints``.
    """
    return sorted(items, key=lambda item: int(getattr(item, "_creation_order", 0)))


def table_prefixes(table: Table) -> List[str]:
    """Return the words a table has between CREATE and TABLE, such as TEMPORARY."""
    return list(cast(Any, table)._prefixes)


def prefix_table(table: Table, word: str) -> None:
    """Put a word between CREATE and TABLE.

    :param table: a table of our own; it is changed.
    :param word: such as UNLOGGED.
    """
    cast(Any, table)._prefixes = [*table_prefixes(table), word]


def dialect_options(item: Any, dialect_name: str) -> Mapping[str, Any]:
    """Return the options of one dialect that an index or constraint was given.

    :param item: the index or constraint.
    :param dialect_name: the dialect, whose name the options begin with.
    :return: the options without that name; nothing at all when none of any dialect
        were given, which is quick to tell.
    """
    if "dialect_options" not in vars(item):
        return {}
    options: Mapping[str, Any] = item.dialect_options[dialect_name]
    return options


def move_named_checks(table: Table) -> None:
    """Let a table hold the CHECK constraints with names that its columns hold.

    :param table: a table of our own; it is changed.
    """
    for column in table.columns:
        for constraint in sorted(column.constraints, key=lambda one: str(one.name)):
            if isinstance(constraint.name, str):
                column.constraints.discard(constraint)
                table.append_constraint(
                    CheckConstraint(cast(Any, constraint).sqltext, name=constraint.name)
                )
