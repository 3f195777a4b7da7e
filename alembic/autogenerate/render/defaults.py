"""Server defaults as Python, computed and identity columns among them."""

from __future__ import annotations

from typing import Any
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.schema import DefaultClause
from sqlalchemy.schema import FetchedValue
from sqlalchemy.sql.elements import ClauseElement

from alembic.sqla import defaults

from .expressions import dialect_options
from .expressions import potential_expression
from .names import ident
from .names import sqlalchemy_prefix
from .registry import user_defined_render

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext


def render_server_default(
    default: Any, autogen_context: AutogenContext, repr_: bool = True
) -> Optional[str]:
    """Return the Python of a server default.

    :param default: a string, an expression, a ``DefaultClause``, ``FetchedValue``,
        ``Computed`` or ``Identity``; ``None`` for none.
    :param autogen_context: the context to render in.
    :param repr_: ``False`` to get a plain string without its quotes.
    :return: the Python, or ``None`` for no default.
    """
    rendered = user_defined_render("server_default", default, autogen_context)
    if rendered is not False:
        return rendered
    if defaults.is_computed(default):
        return render_computed(default, autogen_context)
    if defaults.is_identity(default):
        return render_identity(default, autogen_context)
    if isinstance(default, DefaultClause):
        default = default.arg
    if isinstance(default, ClauseElement):
        return potential_expression(default, autogen_context, is_server_default=True)
    if isinstance(default, FetchedValue):
        return render_fetched_value(autogen_context)
    if isinstance(default, str):
        return repr(ident(default)) if repr_ else default
    return None if default is None else str(default)


def is_positional(server_default: Any) -> bool:
    """Tell whether a default stands among the positional arguments of a column."""
    return defaults.is_computed(server_default) or defaults.is_identity(server_default)


def render_fetched_value(autogen_context: AutogenContext) -> str:
    """Return the Python of a default that only the database knows."""
    return f"{sqlalchemy_prefix(autogen_context)}FetchedValue()"


def render_computed(computed: Any, autogen_context: AutogenContext) -> str:
    """Return the Python of a ``Computed``."""
    sql = potential_expression(computed.sqltext, autogen_context, wrap_in_element=False)
    persisted = (
        "" if computed.persisted is None else f"persisted={computed.persisted!r}"
    )
    # the comma stays when there is nothing behind it, as programs know this text
    return f"{sqlalchemy_prefix(autogen_context)}Computed({sql}, {persisted})"


def render_identity(identity: Any, autogen_context: AutogenContext) -> str:
    """Return the Python of an ``Identity``."""
    options = dialect_options(
        autogen_context, defaults.identity_options(identity, dialect_kwargs=True)
    )
    return f"{sqlalchemy_prefix(autogen_context)}Identity({', '.join(options)})"
