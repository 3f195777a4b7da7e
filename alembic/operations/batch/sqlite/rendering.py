"""SQLAlchemy's columns and constraints -> pieces of a table's text."""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import literal
from sqlalchemy import MetaData
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import Table
from sqlalchemy import types as sqltypes
from sqlalchemy import UniqueConstraint

from ....ddl.base import AddColumn
from ....sqla.constraints import copy_item
from ....sqla.defaults import is_computed
from ....sqla.defaults import is_identity
from ....sqla.expressions import render_expression
from ....sqla.names import constraint_name_or_none
from ....sqla.names import final_constraint_name
from .clauses import Clause
from .clauses import ColumnText
from .reader import parse_column
from .reader import parse_constraint
from .tokens import join
from .tokens import same_name
from .tokens import tokenize

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Constraint
    from sqlalchemy.types import TypeEngine

    from .table_text import TableText

KINDS = {
    PrimaryKeyConstraint: "primary key",
    UniqueConstraint: "unique",
    ForeignKeyConstraint: "foreign key",
    CheckConstraint: "check",
}
"""The kind of clause that each class of constraint is written as."""


def column_text(dialect: Dialect, column: Column[Any], **inline: Any) -> ColumnText:
    """Return a column as it would be added to a table.

    :param dialect: the dialect of the connection.
    :param column: the column.
    :param inline: ``inline_references`` and ``inline_primary_key`` of add_column().
    """
    statement = str(AddColumn("t", column, **inline).compile(dialect=dialect))
    tokens = tokenize(statement)
    word = next(i for i, token in enumerate(tokens) if token.is_word("COLUMN"))
    return parse_column(join(tokens[word + 1 :]))


def type_text(dialect: Dialect, type_: TypeEngine[Any]) -> ColumnText:
    """Return a column that has a type, perhaps a collation, and nothing else."""
    return column_text(dialect, Column("x", type_))


def default_text(dialect: Dialect, default: Any) -> Optional[Clause]:
    """Return the DEFAULT or GENERATED clause of a server default; None for none.

    :param default: what ``server_default`` of a column takes.
    """
    if default is None:
        return None
    holder: Column[Any]
    if getattr(default, "column", None) is not None:
        default = copy_item(default)
    if is_computed(default) or is_identity(default):
        # these are given as arguments of their own
        holder = Column("x", sqltypes.Integer, default)
    else:
        holder = Column("x", sqltypes.Integer, server_default=default)
    Table("t", MetaData(), holder)
    text = column_text(dialect, holder)
    return text.find("generated") or text.find("default")


def python_default(dialect: Dialect, column: Column[Any]) -> Optional[str]:
    """Return what a column's ``default=`` puts into rows, as SQL; None for nothing.

    A function is called once, for all rows.
    """
    default: Any = column.default
    if default is None or getattr(default, "is_sequence", False):
        return None
    value = default.arg(None) if default.is_callable else default.arg
    if not default.is_clause_element:
        value = literal(value, column.type)
    return render_expression(value, dialect)


def constraint_text(dialect: Dialect, constraint: Constraint) -> Optional[Clause]:
    """Return a constraint as it stands in CREATE TABLE.

    :return: None when the dialect leaves it out, as SQLite does with foreign keys
        into another schema.
    """
    compiler: Any = cast(Any, dialect).ddl_compiler(dialect, None)
    sql = compiler.process(constraint)
    return parse_constraint(str(sql)) if sql else None


def names_by_convention(
    dialect: Dialect,
    table: TableText,
    naming_convention: Mapping[str, Any],
    parent_keys: Any,
) -> Dict[Clause, str]:
    """Return the names that a convention gives to a table's nameless constraints.

    :param dialect: the dialect, whose limit for the length of names applies.
    :param table: the table.
    :param naming_convention: as `sqlalchemy.MetaData` takes it.
    :param parent_keys: function that returns the primary key columns of a table.
    """
    found: Dict[Clause, str] = {}
    for column, clause in table.clauses():
        if clause.name is not None:
            continue
        columns = [column.name] if column is not None else clause.columns
        metadata = MetaData(naming_convention=dict(naming_convention))
        scratch = Table(
            table.name,
            metadata,
            *[Column(c.name, sqltypes.Integer) for c in table.columns],
        )
        constraint = _scratch_constraint(clause, columns, scratch, parent_keys)
        if constraint is not None:
            scratch.append_constraint(constraint)
            name = final_constraint_name(constraint, dialect)
            if name is not None:
                found[clause] = name
    return found


def _scratch_constraint(
    clause: Clause, columns: List[str], table: Table, parent_keys: Any
) -> Any:
    """Return a constraint like a clause, for a naming convention to look at."""
    own = [_column_of(table, column) for column in columns]
    if clause.kind == "primary key":
        return PrimaryKeyConstraint(*own)
    if clause.kind == "unique":
        return UniqueConstraint(*own)
    if clause.kind != "foreign key" or clause.parent is None:
        return None
    targets = clause.parent_columns or parent_keys(clause.parent)
    if len(targets) != len(own):
        return None
    if same_name(clause.parent, table.name):
        parent = table
    else:
        parent = Table(
            clause.parent,
            table.metadata,
            *[Column(target, sqltypes.Integer) for target in targets],
        )
    return ForeignKeyConstraint(own, [_column_of(parent, target) for target in targets])


def _column_of(table: Table, name: str) -> Column[Any]:
    for column in table.columns:
        if same_name(column.name, name):
            return column
    # a key of another table may be written with a column it does not have
    added: Column[Any] = Column(name, sqltypes.Integer)
    table.append_column(added)
    return added


def constraint_name(constraint: Constraint, dialect: Dialect) -> Optional[str]:
    """Return the name a constraint is known by in the database, or None."""
    name = constraint_name_or_none(constraint.name)
    if name is None and constraint.name is not None:
        return final_constraint_name(constraint, dialect)
    return name
