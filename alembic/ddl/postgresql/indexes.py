"""Indexes of PostgreSQL: are two the same, and building them CONCURRENTLY."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.schema import Column

from ...sqla import connections
from ...sqla import driver
from ...sqla import expressions
from ...sqla.constraints import dialect_options
from ...sqla.reflection import reports_index_options
from ...sqla.reflection import reports_operator_classes
from ..default_text import NAME
from ..default_text import name_token
from ..default_text import SIGN
from ..default_text import Token
from ..default_text import WORD
from ..signatures import ComparisonResult
from .expression_text import same_expression
from .expression_text import tokens_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.schema import Index

    from ..contracts import ComparesExpressions


class Element(NamedTuple):
    """One element of an index."""

    text: str
    """As SQL, for messages."""
    tokens: Tuple[Token, ...]
    """In the one wording, order and operator class taken off."""
    is_cast: bool
    """Is there a cast in it, which the tokens leave out?"""
    order: str
    """``desc``, ``nulls first``, ...; nothing for the default."""
    operator_class: Optional[str]
    """If it is known."""
    trails: bool
    """Was the operator class written at the end of the text?"""


_ORDERS = {
    ("asc",): "",
    ("nulls", "last"): "",
    ("asc", "nulls", "last"): "",
    ("asc", "nulls", "first"): "nulls first",
    ("nulls", "first"): "nulls first",
    ("desc",): "desc",
    ("desc", "nulls", "first"): "desc",
    ("desc", "nulls", "last"): "desc nulls last",
}
"""What may stand at the end of an element, and what it comes to."""


def elements_of(impl: ComparesExpressions, index: Index) -> List[Element]:
    """Return the elements of an index in the wording that is compared.

    :param impl: compiles them.
    :param index: the index, of the model or reflected.
    """
    ops: Dict[str, str] = dict(dialect_options(index, "postgresql").get("ops") or {})
    return [
        _element(impl, index, expression, ops)
        for expression in expressions.table_bound_expressions(index)
    ]


def _element(
    impl: ComparesExpressions, index: Index, expression: Any, ops: Dict[str, str]
) -> Element:
    if isinstance(expression, Column):
        name = expression.name
        operator_class = ops.get(expression.key) or ops.get(name)
        return Element(name, (name_token(name),), False, "", operator_class, False)
    sql = impl.render_ddl_sql_expr(expression)
    tokens = _unqualified(tokens_of(sql), index)
    tokens, order = _without_order(tokens)
    tokens, trailing = _without_operator_class(tokens)
    plain = expressions.without_modifiers(expression)
    key = getattr(plain, "key", None) or getattr(plain, "name", None)
    operator_class = trailing or ops.get(str(key)) or ops.get(sql)
    return Element(
        text=sql,
        tokens=tokens,
        is_cast="::" in sql or "cast(" in sql.lower(),
        order=order,
        operator_class=operator_class.lower() if operator_class else None,
        trails=trailing is not None,
    )


def _unqualified(tokens: Tuple[Token, ...], index: Index) -> Tuple[Token, ...]:
    """Leave the table's name out where it stands before a column's."""
    table = index.table.name if index.table is not None else None
    result: List[Token] = []
    position = 0
    while position < len(tokens):
        if tokens[position][1] == table and tokens[position + 1 : position + 2] == (
            (SIGN, "."),
        ):
            position += 2
            continue
        result.append(tokens[position])
        position += 1
    return tuple(result)


def _without_order(tokens: Tuple[Token, ...]) -> Tuple[Tuple[Token, ...], str]:
    """Take ``DESC NULLS LAST`` and the like off the end."""
    for length in (3, 2, 1):
        if len(tokens) <= length:
            continue
        tail = tokens[-length:]
        words = tuple(text for _, text in tail)
        if all(kind == WORD for kind, _ in tail) and words in _ORDERS:
            return tokens[:-length], _ORDERS[words]
    return tokens, ""


_CONTINUES = frozenset(
    (
        *("and", "or", "not", "is", "null", "true", "false", "in", "distinct"),
        *("case", "when", "then", "else", "end", "from", "for", "unknown"),
        *("at", "time", "zone", "collate", "array"),
    )
)
"""Words that are a part of the expression, whatever stands before them."""


def _without_operator_class(
    tokens: Tuple[Token, ...],
) -> Tuple[Tuple[Token, ...], Optional[str]]:
    """Take the name of an operator class off the end."""
    if len(tokens) < 2 or tokens[-1][0] != WORD or tokens[-1][1] in _CONTINUES:
        return tokens, None
    before = tokens[-2]
    if before[0] == SIGN and before[1] != ")" and before[1] != "]":
        return tokens, None
    if before[0] == WORD and before[1] in _CONTINUES - {"end", "null", "true", "false"}:
        return tokens, None
    return tokens[:-1], tokens[-1][1]


def compare(
    impl: ComparesExpressions, metadata_index: Index, reflected_index: Index
) -> ComparisonResult:
    """Compare two indexes of one name.

    :param impl: compiles their expressions.
    :param metadata_index: the index of the model.
    :param reflected_index: the index that was found.
    """
    messages: List[str] = []
    skipped: List[str] = []
    unique = impl._compare_index_unique(  # noqa: SLF001 - dialects may override it
        metadata_index, reflected_index
    )
    if unique:
        messages.append(unique)
    meta = elements_of(impl, metadata_index)
    found = elements_of(impl, reflected_index)
    if len(meta) != len(found):
        messages.append(f"expression number {len(found)} to {len(meta)}")
    for number, (one, other) in enumerate(zip(meta, found), 1):
        if not _same_element(one, other):
            messages.append(f"expression #{number} {other.text!r} to {one.text!r}")
        elif one.operator_class != other.operator_class:
            if reports_operator_classes:
                messages.append(
                    f"operator class #{number} {other.operator_class!r} to "
                    f"{one.operator_class!r}"
                )
            elif one.trails:
                skipped.append(
                    f"expression #{number} {one.text!r} detected as including operator "
                    "clause."
                )
    messages.extend(_options_that_differ(impl, metadata_index, reflected_index))
    if messages:
        return ComparisonResult.Different(messages)
    if skipped:
        return ComparisonResult.Skip(skipped)
    return ComparisonResult.Equal()


def _same_element(one: Element, other: Element) -> bool:
    if one.tokens != other.tokens or one.order != other.order:
        return False
    # x::text and x have the same tokens, but are not the same to index
    is_name = len(one.tokens) == 1 and one.tokens[0][0] in (WORD, NAME)
    return not is_name or one.is_cast == other.is_cast


def _options_that_differ(
    impl: ComparesExpressions, metadata_index: Index, reflected_index: Index
) -> List[str]:
    """Return what to say of WHERE, USING, INCLUDE and the rest."""
    meta = dialect_options(metadata_index, "postgresql")
    found = dialect_options(reflected_index, "postgresql")
    if not meta and not found:
        return []
    messages: List[str] = []
    before = bool(found.get("nulls_not_distinct"))
    after = bool(meta.get("nulls_not_distinct"))
    if before != after:
        messages.append(f"nulls_not_distinct={before} to nulls_not_distinct={after}")
    if not reports_index_options:
        # nothing else is reflected
        return messages
    before_using = (found.get("using") or "btree").lower()
    after_using = (meta.get("using") or "btree").lower()
    if before_using != after_using:
        messages.append(f"using {before_using!r} to {after_using!r}")
    before_where, after_where = (
        _where(impl, index.get("where")) for index in (found, meta)
    )
    if not same_expression(before_where or "", after_where or ""):
        messages.append(f"where {before_where!r} to {after_where!r}")
    before_include, after_include = (
        sorted(getattr(column, "name", column) for column in index.get("include") or ())
        for index in (found, meta)
    )
    if before_include != after_include:
        messages.append(f"include {before_include} to {after_include}")
    before_with, after_with = (_storage(index.get("with")) for index in (found, meta))
    if before_with != after_with:
        messages.append(f"with {before_with} to {after_with}")
    return messages


def _where(impl: ComparesExpressions, condition: Any) -> Optional[str]:
    """Return the condition of a partial index as SQL."""
    if condition is None or isinstance(condition, str):
        return condition
    return impl.render_ddl_sql_expr(condition)


def _storage(options: Any) -> Dict[str, str]:
    """Return storage parameters, all as text."""
    return {str(name): str(value) for name, value in (options or {}).items()}


def find_invalid(connection: Connection, index: Index) -> Optional[str]:
    """Return the name, as SQL, of an index that a failed concurrent build has left.

    PostgreSQL keeps such an index, marks it invalid, and refuses a second one of that
    name.

    :param connection: the connection to ask on.
    :param index: the index that is to be built.
    :return: the name to drop; None when there is no such index.
    """
    table: Any = index.table
    row = connections.execute(
        connection,
        text(
            "SELECT n.nspname FROM pg_catalog.pg_index x "
            "JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid "
            "JOIN pg_catalog.pg_class t ON t.oid = x.indrelid "
            "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relname = :name AND t.relname = :table AND NOT x.indisvalid "
            "AND (CAST(:schema AS text) IS NULL OR n.nspname = :schema) "
            "AND (CAST(:schema AS text) IS NOT NULL "
            "OR pg_catalog.pg_table_is_visible(t.oid))"
        ),
        {
            "name": str(index.name),
            "table": table.name,
            "schema": driver.physical_schema(connection, table),
        },
    ).fetchone()
    if row is None:
        return None
    preparer: Any = connection.dialect.identifier_preparer
    return f"{preparer.quote(row[0])}.{preparer.quote(str(index.name))}"
