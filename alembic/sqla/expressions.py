"""Text in indexes, literals, and copies of expressions."""

from __future__ import annotations

import re
from typing import Any
from typing import cast
from typing import Iterable
from typing import List
from typing import Optional
from typing import Set
from typing import Union

from sqlalchemy import text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import Column
from sqlalchemy.schema import Index
from sqlalchemy.schema import Table
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.sql.visitors import traverse
from sqlalchemy.types import NULLTYPE

from .version import sqla_2_0

_BIND = re.compile(r"(?<![:\w$\\]):(?=[\w$]+(?![:\w$]))")
"""A colon that ``text()`` would take for the start of a bind parameter."""


def literal_text(sql: str) -> TextClause:
    """Return a text construct that has no bind parameters.

    A colon that ``text()`` would read as a parameter is escaped; a colon that the
    caller escaped already, ``\\:``, comes out as a plain colon, as in ``text()``.

    :param sql: SQL as it shall reach the database.
    """
    if ":" not in sql:
        return text(sql)
    return text(_BIND.sub(r"\\:", sql))


def open_parameter(value: Any) -> Optional[str]:
    """Return the name of a parameter of ``text()`` that has no value, or None.

    :param value: anything.
    """
    if isinstance(value, TextClause):
        for bind in cast(Any, value)._bindparams.values():
            if bind.required and bind.value is None and bind.callable is None:
                return str(bind.key)
    return None


def without_open_parameters(value: Any) -> Any:
    """Return ``text()`` of a schema with colons where it has parameters without values.

    Nothing gives them values there, so SQLAlchemy would write NULL for them.

    :param value: anything; only ``text()`` changes.
    """
    return literal_text(value.text) if open_parameter(value) is not None else value


class TextualIndexElement(ColumnElement):  # type: ignore[type-arg]
    """A piece of SQL text that stands where an index wants a column."""

    __visit_name__ = "_textual_idx_element"
    inherit_cache = False

    def __init__(self, table: Table, text: TextClause) -> None:
        self.table = table
        self.text = text
        self.key = text.text
        # Index looks at the column for the table it belongs to
        self.fake_column = _own_column(table, text.text)

    def get_children(self, **kw: Any) -> Any:
        return [self.fake_column]


def _own_column(table: Table, name: str) -> Column[Any]:
    """Return a throw-away table's column of a name, made when it is missing."""
    if name not in table.columns:
        table.append_column(Column(name, NULLTYPE))
    return table.columns[name]


@compiles(TextualIndexElement)
def _render_textual_index_element(
    element: TextualIndexElement, compiler: Any, **kw: Any
) -> str:
    return cast(str, compiler.process(element.text, **kw))


def textual_index_column(
    table: Table, expression: Union[str, TextClause, ColumnElement[Any]]
) -> ColumnElement[Any]:
    """Return what to put into an ``Index`` of a throw-away table.

    :param table: the table the index will belong to; a column is added where needed.
    :param expression: a column name, SQL text, or an expression.
    :raises ValueError: for anything else.
    """
    if isinstance(expression, str):
        return _own_column(table, expression)
    if isinstance(expression, TextClause):
        return TextualIndexElement(table, without_open_parameters(expression))
    if isinstance(expression, TextualIndexElement):
        return TextualIndexElement(table, expression.text)
    if isinstance(expression, (ColumnElement, BindParameter)):
        return cast("ColumnElement[Any]", copy_expression(expression, table))
    raise ValueError(
        f"an index is made of column names, text() and SQL expressions, not of "
        f"{expression!r}"
    )


def copy_expression(expression: Any, target_table: Table) -> Any:
    """Return a copy of an expression that speaks of another table's columns.

    :param expression: an expression over some table's columns.
    :param target_table: the table whose columns of the same names take their place;
        columns it does not have are added to it.
    """

    def replace(element: Any, **kw: Any) -> Any:
        if isinstance(element, Column) and element.table is not target_table:
            if element.key in target_table.columns:
                return target_table.columns[element.key]
            copy = Column(element.name, element.type, key=element.key)
            target_table.append_column(copy)
            return copy
        return None

    any_traverse: Any = replacement_traverse
    return any_traverse(expression, {}, replace)


class LiteralBindParameter(BindParameter):  # type: ignore[type-arg]
    """A bound value that is always written into the SQL as a literal."""

    inherit_cache = False


@compiles(LiteralBindParameter)
def _render_literal_bind_parameter(
    element: LiteralBindParameter, compiler: Any, **kw: Any
) -> str:
    return cast(str, compiler.render_literal_bindparam(element, **kw))


def find_columns(clause: Any) -> Set[Column[Any]]:
    """Return the table columns an expression names."""
    found: Set[Column[Any]] = set()
    traverse(clause, {}, {"column": found.add})
    return found


def is_expression(expr: Any) -> bool:
    """Tell whether an index element is more than the name of a column.

    ``column.desc()`` is still the name of a column, with a modifier.
    """
    plain = without_modifiers(expr)
    return not isinstance(plain, ColumnClause) or bool(plain.is_literal)


def without_modifiers(expression: Any) -> Any:
    """Return an index element without ``DESC``, ``NULLS LAST`` and the like."""
    while isinstance(expression, UnaryExpression):
        expression = expression.element
    return expression


def is_expression_index(index: Index) -> bool:
    """Tell whether any element of an index is more than the name of a column."""
    return any(is_expression(expression) for expression in index.expressions)


def table_bound_expressions(index: Index) -> Iterable[Any]:
    """Return the elements of an index, names replaced by the table's columns."""
    any_index: Any = index
    if index.table is None:
        return cast(Iterable[Any], index.expressions)
    if sqla_2_0:
        return cast(Iterable[Any], any_index._table_bound_expressions)
    elements: List[Any] = []
    columns = iter(index.columns)
    for expression in index.expressions:
        if isinstance(expression, str):
            elements.append(next(columns))
        else:
            elements.append(expression)
    return elements


def render_expression(
    expression: Any, dialect: Dialect, include_table: bool = False, **kw: Any
) -> str:
    """Return the SQL text of an expression with its values written into it.

    :param expression: an expression, or text that is returned as it is.
    :param dialect: the dialect to write for.
    :param include_table: write columns as ``table.column``.
    :param kw: further ``compile_kwargs``.
    """
    if isinstance(expression, str):
        return expression
    compile_kw = {"literal_binds": True, "include_table": include_table}
    compile_kw.update(kw)
    return str(expression.compile(dialect=dialect, compile_kwargs=compile_kw))


def text_of(expression: Any) -> Optional[str]:
    """Return the text of a ``text()`` construct, else None."""
    return expression.text if isinstance(expression, TextClause) else None


def is_clause(value: Any) -> bool:
    """Tell whether a value is an SQL expression rather than plain data."""
    return isinstance(value, ClauseElement)


def escaped(sql: str) -> str:
    """Return SQL for ``text()`` in which no colon begins a parameter."""
    return _BIND.sub(r"\\:", sql)


def grouped(expression: Any) -> Any:
    """Return an expression in parentheses."""
    from sqlalchemy.sql.elements import Grouping

    return Grouping(expression)


def needs_grouping_in_index(expression: Any) -> bool:
    """Tell whether an index element needs parentheses of its own on MySQL.

    Names of columns, modifiers, casts, constants and plain text do not.
    """
    from sqlalchemy.sql.elements import BinaryExpression
    from sqlalchemy.sql.functions import FunctionElement

    return isinstance(expression, (BinaryExpression, FunctionElement))


def is_operation(expression: Any) -> bool:
    """Tell whether an expression is an operator with what stands on its two sides."""
    from sqlalchemy.sql.elements import BinaryExpression

    return isinstance(expression, BinaryExpression)
