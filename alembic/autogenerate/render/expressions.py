"""SQL expressions as Python: ``sa.text('now()')``."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.schema import Column
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.elements import Label

from alembic.sqla.expressions import literal_text
from alembic.sqla.expressions import without_open_parameters

from .names import ident
from .names import sqlalchemy_prefix

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext


def sql_of(
    expression: ClauseElement,
    autogen_context: AutogenContext,
    *,
    is_server_default: bool = False,
    is_index: bool = False,
) -> str:
    """Return the SQL of an expression as the database shall read it.

    :param expression: the expression; its values are written into the SQL.
    :param autogen_context: the context, whose dialect the SQL is for.
    :param is_server_default: write it as a server default.
    :param is_index: write it as an element of an index.
    """
    impl = autogen_context.migration_context.impl
    options = {"is_index": True} if is_index else {}
    sql = impl.render_ddl_sql_expr(
        expression, is_server_default=is_server_default, **options
    )
    if "%%" in sql and "%%" in impl.render_ddl_sql_expr(text("%")):
        # doubled for a driver that formats its statements; whoever runs the
        # generated code compiles the text again and doubles it again
        sql = sql.replace("%%", "%")
    return str(sql)


def textual_sql(sql: str) -> str:
    """Return SQL such that ``text()`` of it is this SQL, colons and all."""
    return str(literal_text(sql).text)


def potential_expression(
    value: Any,
    autogen_context: AutogenContext,
    *,
    wrap_in_element: bool = True,
    is_server_default: bool = False,
    is_index: bool = False,
) -> str:
    """Return the Python of a value that may be an SQL expression or hold some.

    :param value: an expression, a plain value, or a list, tuple or dictionary.
    :param autogen_context: the context to render in.
    :param wrap_in_element: ``True`` for ``sa.text('...')`` (the default), ``False``
        for the SQL as a plain string.
    :param is_server_default: write it as a server default.
    :param is_index: write it as an element of an index.
    """
    if isinstance(value, ClauseElement):
        return _expression(
            value, autogen_context, wrap_in_element, is_server_default, is_index
        )
    if type(value) is list:
        return f"[{', '.join(_member(item, autogen_context) for item in value)}]"
    if type(value) is tuple:
        members = ", ".join(_member(item, autogen_context) for item in value)
        return f"({members}{',' if len(value) == 1 else ''})"
    if isinstance(value, Mapping):
        pairs = (
            f"{key!r}: {_member(item, autogen_context)}" for key, item in value.items()
        )
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, str):
        return repr(ident(value))
    return repr(value)


def _member(value: Any, autogen_context: AutogenContext) -> str:
    if isinstance(value, Column):
        # options such as postgresql_include take columns by their names
        return repr(ident(value.name))
    return potential_expression(value, autogen_context)


def _expression(
    value: ClauseElement,
    autogen_context: AutogenContext,
    wrap_in_element: bool,
    is_server_default: bool,
    is_index: bool,
) -> str:
    sql = sql_of(
        # a reflected default may look as if it had some
        without_open_parameters(value),
        autogen_context,
        is_server_default=is_server_default,
        is_index=is_index,
    )
    if not wrap_in_element:
        return repr(textual_sql(sql))
    prefix = sqlalchemy_prefix(autogen_context)
    if not is_index:
        return f"{prefix}text({textual_sql(sql)!r})"
    label = f".label({ident(value.name)!r})" if isinstance(value, Label) else ""
    return f"{prefix}literal_column({sql!r}){label}"


def dialect_options(
    autogen_context: AutogenContext, options: Mapping[str, Any]
) -> list[str]:
    """Return the dialect options of an object as ``name=value`` pieces of Python.

    :param autogen_context: the context to render in.
    :param options: the ``dialect_kwargs`` of the object.
    """
    return [
        f"{name}={potential_expression(value, autogen_context)}"
        for name, value in options.items()
    ]
