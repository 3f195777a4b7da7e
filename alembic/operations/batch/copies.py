"""Copies of columns, constraints and indexes for the new version of a table."""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Dict
from typing import Iterable
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import Set
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import DefaultClause
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import MetaData
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import FetchedValue

from ...sqla import expressions
from ...sqla.constraints import columns_of
from ...sqla.constraints import copy_item
from ...sqla.constraints import table_prefixes
from ...sqla.defaults import is_computed
from ...sqla.defaults import is_identity
from ...sqla.elements import insert_from_select as insert_from_select
from ...sqla.foreign_keys import is_self_referential
from ...sqla.foreign_keys import target_tokens
from ...sqla.names import conv
from ...sqla.names import name_type_bound_constraints
from ...sqla.names import table_key
from .sqlite.tokens import column_positions
from .sqlite.tokens import join
from .sqlite.tokens import renamed
from .sqlite.tokens import tokenize

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine


def column(original: Column[Any], key: Optional[str] = None) -> Column[Any]:
    """Return a copy of a column that brings no index and no constraint along.

    :param original: the column.
    :param key: the name the batch knows it by; its own by default.
    """
    copy = copy_item(original)
    # what these stand for is in the table's own constraints and indexes
    copy.unique = copy.index = None
    # before SQLAlchemy 2.0 a copy only keeps what was given in so many words
    copy.nullable = original.nullable
    copy.key = key or original.name
    copy.constraints = set()
    copy.foreign_keys = set()
    return copy


def bare_table(table: Table) -> Table:
    """Return a table of the same name and columns, with nothing else."""
    return Table(
        table.name,
        MetaData(),
        *[Column(c.name, c.type) for c in table.columns],
        schema=table.schema,
    )


def without_key(original: Column[Any]) -> Column[Any]:
    """Return a column that is not in the primary key."""
    copy = column(original, original.key)
    copy.primary_key = False
    return copy


def changed_column(
    original: Column[Any],
    *,
    type_: Optional[TypeEngine[Any]] = None,
    nullable: Optional[bool] = None,
    server_default: Any = False,
    name: Optional[str] = None,
    autoincrement: Any = None,
    comment: Any = False,
) -> Column[Any]:
    """Return a column with some changes; what is not given stays.

    The key stays the name under which the batch knows the column.
    """
    column_copy: Any = original
    if type_ is not None:
        # a type such as Boolean takes note of its column when that is made
        column_copy.type = type_
    column_copy = column(original, original.key)
    if nullable is not None:
        column_copy.nullable = nullable
    if server_default is not False:
        column_copy = _with_default(column_copy, server_default)
    if autoincrement is not None:
        column_copy.autoincrement = autoincrement
    if comment is not False:
        column_copy.comment = comment
    if name is not None:
        column_copy.name = name
    return cast("Column[Any]", column_copy)


def _with_default(original: Column[Any], default: Any) -> Column[Any]:
    """Return a column with another server default, computed and identity included."""
    args: List[Any] = []
    keywords: Dict[str, Any] = {"default": original.default}
    if is_computed(default) or is_identity(default):
        args.append(copy_item(default) if default.column is not None else default)
    elif default is not None and not isinstance(default, FetchedValue):
        keywords["server_default"] = DefaultClause(default)
    elif default is not None:
        keywords["server_default"] = default
    made: Any = Column(
        original.name,
        original.type,
        *args,
        key=original.key,
        primary_key=original.primary_key,
        nullable=original.nullable,
        autoincrement=original.autoincrement,
        comment=original.comment,
        **keywords,
    )
    return cast("Column[Any]", made)


def table_options(table: Table) -> Dict[str, Any]:
    """Return the keyword arguments that a table was made with."""
    options: Dict[str, Any] = dict(table.dialect_kwargs)
    prefixes = table_prefixes(table)
    if prefixes:
        options["prefixes"] = prefixes
    if table.comment:
        options["comment"] = table.comment
    return options


def new_table(
    original: Table,
    name: str,
    columns: Mapping[str, Column[Any]],
    constraints: Sequence[Constraint],
    table_args: Sequence[Any],
    options: Mapping[str, Any],
    rekeyed: Mapping[str, str],
) -> Table:
    """Return the new version of a table.

    :param original: the table as it is.
    :param name: the name of the new version.
    :param columns: its columns, by the names the batch knows them by.
    :param constraints: its constraints; they are copied.
    :param table_args: what the user adds.
    :param options: keyword arguments of the table.
    :param rekeyed: names that the batch has given to others: old -> new.
    """
    if any(
        isinstance(item, PrimaryKeyConstraint)
        and any(_is_among(c.name, columns, rekeyed) for c in columns_of(item))
        for item in constraints
    ):
        # the constraint says which columns it has, in which order
        columns = {key: without_key(c) for key, c in columns.items()}
    table = Table(
        name,
        MetaData(),
        *columns.values(),
        *[copy_item(a) if _is_owned(a) else a for a in table_args],
        schema=original.schema,
        **dict(options),
    )
    for item in constraints:
        copy = constraint(item, original, table, rekeyed)
        if copy is not None:
            table.append_constraint(copy)
    name_type_bound_constraints(table, original)
    return table


def _is_among(
    name: str, columns: Mapping[str, Column[Any]], rekeyed: Mapping[str, str]
) -> bool:
    key = rekeyed.get(name, name)
    return key in columns or any(c.name == name for c in columns.values())


def _is_owned(item: Any) -> bool:
    return getattr(item, "parent", None) is not None


def constraint(
    item: Constraint, original: Table, table: Table, rekeyed: Mapping[str, str]
) -> Optional[Constraint]:
    """Return a copy of a constraint, over the new table's columns.

    :param item: the constraint.
    :param original: the table it belongs to.
    :param table: the new version of the table.
    :param rekeyed: names that the batch has given to other columns: old -> new.
    :return: None for a primary key of which no column is left.
    """
    copy: Any
    any_item: Any = item
    if isinstance(item, CheckConstraint):
        copy = CheckConstraint(
            _speaking_of(item.sqltext, table),
            name=any_item.name,
            deferrable=item.deferrable,
            initially=item.initially,
            **item.dialect_kwargs,
        )
        return _named_alike(item, copy)
    keys = [rekeyed.get(c.name, c.name) for c in columns_of(item)]
    if isinstance(item, PrimaryKeyConstraint):
        keys = [key for key in keys if _find(table, key) is not None]
        if not keys:
            return None
        copy = PrimaryKeyConstraint(
            *[_column(table, key) for key in keys],
            name=any_item.name,
            **item.dialect_kwargs,
        )
        return _named_alike(item, copy)
    if isinstance(item, ForeignKeyConstraint):
        copy = ForeignKeyConstraint(
            [_column(table, key) for key in keys],
            _targets(item, original, table, rekeyed),
            name=any_item.name,
            onupdate=item.onupdate,
            ondelete=item.ondelete,
            deferrable=item.deferrable,
            initially=item.initially,
            match=item.match,
            **item.dialect_kwargs,
        )
        return _named_alike(item, copy)
    if isinstance(item, UniqueConstraint):
        copy = UniqueConstraint(
            *[_column(table, key) for key in keys],
            name=any_item.name,
            deferrable=item.deferrable,
            initially=item.initially,
            **item.dialect_kwargs,
        )
        return _named_alike(item, copy)
    return copy_item(item, target_table=table)


def _named_alike(original: Constraint, copy: Any) -> Constraint:
    """Keep a naming convention from changing the name of a copy."""
    if isinstance(original.name, str):
        copy.name = conv(original.name)
    return cast(Constraint, copy)


def _find(table: Table, name: str) -> Optional[Column[Any]]:
    """Return a column by the name the batch knows it by, or by the one it has."""
    if name in table.columns:
        return table.columns[name]
    for candidate in table.columns:
        if candidate.name == name:
            return candidate
    return None


def _column(table: Table, name: str) -> Column[Any]:
    found = _find(table, name)
    assert found is not None, name
    return found


def _targets(
    constraint: ForeignKeyConstraint,
    original: Table,
    table: Table,
    rekeyed: Mapping[str, str],
) -> List[Any]:
    """Return the columns a foreign key points to, in stand-ins for their tables."""
    own = is_self_referential(constraint) or (
        target_tokens(constraint.elements[0]).table_name == original.name
        and target_tokens(constraint.elements[0]).schema in (None, original.schema)
    )
    found: List[Any] = []
    for element in constraint.elements:
        target = target_tokens(element)
        name = target.column_name or element.parent.name
        schema = original.schema if own else target.schema
        key = table_key(target.table_name, schema)
        stand_in = table.metadata.tables.get(key)
        if stand_in is None:
            stand_in = Table(target.table_name, table.metadata, schema=schema)
        if own:
            mine = _find(table, rekeyed.get(name, name))
            name = name if mine is None else mine.name
        if name not in stand_in.columns:
            stand_in.append_column(Column(name, element.parent.type))
        found.append(stand_in.columns[name])
    return found


def _speaking_of(expression: Any, table: Table) -> Any:
    """Return an expression with the names that the columns of a table have now.

    :param expression: text or an expression over columns.
    :param table: the table, whose keys are the names that its columns had.
    """
    text = expressions.text_of(expression)
    if text is None:
        return expressions.copy_expression(expression, table)
    tokens = tokenize(text)
    for column_ in table.columns:
        if column_.key != column_.name:
            tokens = renamed(tokens, column_.key, _quoted(column_.name))
    changed = join(tokens)
    return expression if changed == text else expressions.literal_text(changed)


def _quoted(name: str) -> str:
    """Return a name as the SQL standard writes it."""
    if name.isidentifier() and name == name.lower():
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _option(value: Any, table: Table) -> Any:
    """Return an option of an index with the names that columns have now."""
    if expressions.is_clause(value):
        return _speaking_of(value, table)
    if isinstance(value, (list, tuple)):
        return [_option_name(item, table) for item in value]
    if isinstance(value, dict):
        return {_option_name(key, table): item for key, item in value.items()}
    return value


def _option_name(value: Any, table: Table) -> Any:
    found = _find(table, value) if isinstance(value, str) else None
    return value if found is None else found.name


def check_columns(constraint: CheckConstraint, columns: Iterable[str]) -> Set[str]:
    """Return those of some columns that a CHECK is about.

    :param constraint: the constraint, with a text or an expression.
    :param columns: the names the batch knows them by.
    """
    text = expressions.text_of(constraint.sqltext)
    if text is None:
        named = {c.name for c in expressions.find_columns(constraint.sqltext)}
    else:
        tokens = tokenize(text)
        named = {tokens[index].name or "" for index in column_positions(tokens)}
    folded = {name.lower() for name in named}
    return {key for key in columns if key.lower() in folded}


def index_columns(index: Index, table: Table) -> Set[str]:
    """Return the columns of a table that an index is about."""
    own = {column_.name for column_ in table.columns}
    named: Set[str] = set()
    for expression in expressions.table_bound_expressions(index):
        for found in expressions.find_columns(expression):
            named.add(found.name)
        text = expressions.text_of(getattr(expression, "text", expression))
        if text is not None:
            tokens = tokenize(text)
            named |= {tokens[i].name or "" for i in column_positions(tokens)}
    return named & own


def index(original: Index, table: Table) -> Index:
    """Return a copy of an index for the new version of its table.

    :param original: the index.
    :param table: the table, whose keys are the names that columns had.
    """
    elements: List[Any] = []
    for expression in expressions.table_bound_expressions(original):
        if isinstance(expression, Column):
            own = _find(table, expression.name)
            if own is not None:
                elements.append(own)
                continue
        elements.append(expressions.textual_index_column(table, expression))
    made: Any = Index(
        original.name,
        *elements,
        unique=original.unique,
        **{
            name: _option(value, table)
            for name, value in cast(Any, original).dialect_kwargs.items()
        },
    )
    if made.table is None:
        cast(Any, table).append_constraint(made)
    return cast(Index, made)
