"""Where PostgreSQL needs to be told how to turn a column's values into another type.

``ALTER COLUMN ... TYPE`` converts by itself what an assignment would convert; for all
else it wants ``USING``.
"""

from __future__ import annotations

import re
from copy import copy
from typing import Any
from typing import FrozenSet
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy import literal
from sqlalchemy.schema import DefaultClause
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import ARRAY
from sqlalchemy.types import NullType
from sqlalchemy.types import TypeEngine

from alembic.operations.ops.columns import AlterColumnOp
from alembic.sqla.defaults import is_computed
from alembic.sqla.expressions import literal_text
from alembic.sqla.named_types import named_type
from alembic.sqla.named_types import type_key
from alembic.sqla.types import compiled_type
from alembic.sqla.types import dialect_type

from .expressions import sql_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from alembic.autogenerate.autogen_context import AutogenContext

_TEXT = frozenset({"VARCHAR", "TEXT", "CHAR", "CITEXT", "BPCHAR", "CHARACTER", "NAME"})
_INTEGERS = frozenset({"SMALLINT", "INTEGER", "BIGINT", "SERIAL", "BIGSERIAL"})
_FLOATS = frozenset({"REAL", "FLOAT", "DOUBLE"})
_ASSIGNABLE = (
    _TEXT,
    _INTEGERS | _FLOATS | {"NUMERIC", "DECIMAL"},
    _INTEGERS | {"NUMERIC", "DECIMAL", "MONEY"},
    frozenset({"DATE", "TIMESTAMP"}),
    frozenset({"TIME", "INTERVAL"}),
    frozenset({"JSON", "JSONB"}),
    frozenset({"BIT"}),
    frozenset({"CIDR", "INET"}),
    frozenset({"MACADDR", "MACADDR8"}),
    _INTEGERS | {"OID", "REGCLASS"},
)
"""Families within which PostgreSQL assigns values of one type to another."""


_STRING = re.compile(r"('(?:[^']|'')*')(?:::[^':]+)?\Z")


def using_for_type_change(
    autogen_context: AutogenContext, op: AlterColumnOp
) -> Optional[str]:
    """Return the ``USING`` expression that a change of type needs.

    :param autogen_context: the context to render in.
    :param op: the change.
    :return: ``None`` where PostgreSQL converts by itself, where nothing is known of
        the type before, and on other databases.
    """
    dialect = autogen_context.dialect
    if dialect.name != "postgresql" or op.modify_type is None:
        return None
    if "postgresql_using" in op.kw:
        given = op.kw["postgresql_using"]
        return None if given is None else str(given)
    before, after = op.existing_type, op.modify_type
    if before is None or isinstance(before, NullType) or isinstance(after, NullType):
        return None
    before_text, after_text = _text(before, dialect), _text(after, dialect)
    if before_text is None or after_text is None:
        return None
    if _is_array(before, dialect) and _is_array(after, dialect):
        before_text, after_text = before_text.rstrip("[]"), after_text.rstrip("[]")
        brackets = "[]"
    elif _is_array(before, dialect) or _is_array(after, dialect):
        return None
    else:
        brackets = ""
    steps = _steps(before_text, after_text)
    if steps is None:
        return None
    column = dialect.identifier_preparer.quote(op.column_name)
    return column + "".join(f"::{step}{brackets}" for step in (*steps, after_text))


def converts_default(
    autogen_context: AutogenContext, op: AlterColumnOp, using: Optional[str]
) -> bool:
    """Tell whether a change of type has to take a default along.

    PostgreSQL converts a default where it converts values by itself, but one of an
    enum would still be written in terms of the enum, which then cannot be dropped.

    :param autogen_context: the context to render in.
    :param op: the change.
    :param using: what :func:`.using_for_type_change` said of it.
    """
    default = op.existing_server_default
    if default is None or default is False or is_computed(default):
        return False
    if op.modify_type is None or op.existing_type is None:
        return False
    dialect = autogen_context.dialect
    before = named_type(op.existing_type, dialect)
    after = named_type(op.modify_type, dialect)
    leaves_named_type = before is not None and (
        after is None or type_key(before, dialect) != type_key(after, dialect)
    )
    return (using is not None or leaves_named_type) and isinstance(
        default, (str, DefaultClause, ClauseElement)
    )


def before_conversion(op: AlterColumnOp) -> AlterColumnOp:
    """Return the operation that takes the default away."""
    return AlterColumnOp(
        op.table_name,
        op.column_name,
        schema=op.schema,
        existing_type=op.existing_type,
        modify_server_default=None,
    )


def without_default(op: AlterColumnOp) -> AlterColumnOp:
    """Return the change of type, and all that changes with it but the default."""
    change = copy(op)
    change.existing_server_default = change.modify_server_default = False
    return change


def after_conversion(
    autogen_context: AutogenContext, op: AlterColumnOp
) -> AlterColumnOp:
    """Return the operation that gives the column its default, new or converted."""
    default = op.modify_server_default
    if default is False:
        default = _converted(autogen_context, op)
    return AlterColumnOp(
        op.table_name,
        op.column_name if op.modify_name is None else op.modify_name,
        schema=op.schema,
        existing_type=op.modify_type,
        modify_server_default=default,
    )


def _converted(autogen_context: AutogenContext, op: AlterColumnOp) -> TextClause:
    default: Any = op.existing_server_default
    value = default.arg if isinstance(default, DefaultClause) else default
    expression = literal(value) if isinstance(value, str) else value
    sql = sql_of(expression, autogen_context, is_server_default=True)
    # a plain string, cast to the old type or not, needs no detour
    plain = _STRING.match(sql)
    sql = plain.group(1) if plain else f"({sql})"
    new_type: Any = op.modify_type
    return literal_text(f"{sql}::{compiled_type(new_type, autogen_context.dialect)}")


def _text(type_: TypeEngine[Any], dialect: Dialect) -> Optional[str]:
    try:
        return compiled_type(type_, dialect)
    except Exception:  # noqa: BLE001
        # a type of another database, or one that cannot be written: who knows
        return None


def _is_array(type_: TypeEngine[Any], dialect: Dialect) -> bool:
    return isinstance(dialect_type(type_, dialect), ARRAY)


def _steps(before: str, after: str) -> Optional[tuple[str, ...]]:
    """Return the types to go through on the way to a new type.

    :return: ``None`` where an assignment does it, an empty tuple for a plain cast.
    """
    old, new = _kind(before), _kind(after)
    if old == new or new in _TEXT:
        return None
    if any({old, new} <= family for family in _ASSIGNABLE):
        return None
    if old == "TIMESTAMP" and new == "TIME":
        return None
    if new == "BOOLEAN" and old in _INTEGERS - {"INTEGER"}:
        return ("INTEGER",)
    if old == "BOOLEAN" and new in _NUMBERS - {"INTEGER"}:
        return ("INTEGER",)
    if old in _TEXT or new in _BUILT_IN:
        return ()
    # an enum or domain of the application's own is made from text
    return ("TEXT",)


def _kind(text: str) -> str:
    """Return the first word of a type's text, which tells its family."""
    return text.partition("(")[0].split()[0].upper() if text.strip() else text


_NUMBERS: FrozenSet[str] = _INTEGERS | _FLOATS | {"NUMERIC", "DECIMAL"}
_BUILT_IN: FrozenSet[str] = frozenset().union(*_ASSIGNABLE) | {"BOOLEAN", "UUID"}
