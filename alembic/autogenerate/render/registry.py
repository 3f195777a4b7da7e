"""Which function renders which operation, and how the program can step in."""

from __future__ import annotations

import textwrap
from typing import Any
from typing import Callable
from typing import List
from typing import Optional
from typing import Sequence
from typing import Type
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import Union

from typing_extensions import Literal

from alembic.util.dispatch import Dispatcher
from alembic.util.sequences import to_list

if TYPE_CHECKING:
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import MetaData

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation

RenderItemFn = Callable[
    [str, Any, "AutogenContext"], Union[str, None, "Literal[False]"]
]
"""The ``render_item`` hook: kind, object, context -> Python, or ``False`` to pass."""

OperationRenderer = Callable[["AutogenContext", Any], Union[str, Sequence[str]]]
ConstraintRenderer = Callable[
    [Any, "AutogenContext", Optional["MetaData"]], Optional[str]
]
_R = TypeVar("_R", bound=OperationRenderer)
_C = TypeVar("_C", bound=ConstraintRenderer)

_REMARK_WIDTH = 78
"""Of the text of a comment, so that the line has 88 with its indentation."""

default_renderers = Dispatcher()
"""The renderers that ship, as they were before any program changed them."""

renderers = Dispatcher()
"""The renderers in use, by class of operation; programs register theirs here::

    from alembic.autogenerate import renderers

    @renderers.dispatch_for(CreateViewOp)
    def render_create_view(autogen_context, op):
        return "op.create_view(%r)" % op.name
"""


class _ConstraintRenderers(Dispatcher):
    """Finds a renderer by class or, failing that, by what SQLAlchemy calls its kind.

    So the class of one database's constraint can be known without its dialect being
    loaded.
    """

    def dispatch(self, obj: Any, qualifier: str = "default") -> Callable[..., Any]:
        try:
            return super().dispatch(obj, qualifier)
        except ValueError:
            kind = getattr(obj, "__visit_name__", None)
            found = self._registry.get((kind, "default"))
            if found is None:
                raise
            return found


constraint_renderers = _ConstraintRenderers()
"""How constraints look inside ``op.create_table()``, by class of constraint."""


def renders(operation_class: Type[MigrateOperation]) -> Callable[[_R], _R]:
    """Register the renderer of an operation that ships."""

    def register(function: _R) -> _R:
        default_renderers.dispatch_for(operation_class)(function)
        return renderers.dispatch_for(operation_class)(function)

    return register


def renders_constraint(
    constraint: Union[Type[Constraint], str],
) -> Callable[[_C], _C]:
    """Register the renderer of a constraint inside ``op.create_table()``.

    :param constraint: its class, or what SQLAlchemy calls its kind.
    """

    def register(function: _C) -> _C:
        return constraint_renderers.dispatch_for(constraint)(function)

    return register


def render_op(autogen_context: AutogenContext, op: MigrateOperation) -> List[str]:
    """Return the Python of one operation as a list of lines or statements.

    :param autogen_context: the context to render in.
    :param op: the operation; its remarks become comments above it.
    :raises ValueError: when no renderer is registered for its class.
    """
    renderer = renderers.dispatch(op)
    statements = list(to_list(renderer(autogen_context, op)))
    remarks = [
        f"# {line}"
        for remark in getattr(op, "remarks", ())
        for line in textwrap.wrap(remark, _REMARK_WIDTH, break_long_words=False)
    ]
    return [*remarks, *statements]


def render_op_text(autogen_context: AutogenContext, op: MigrateOperation) -> str:
    """Return the Python of one operation as text.

    :param autogen_context: the context to render in.
    :param op: the operation.
    :raises ValueError: when no renderer is registered for its class.
    """
    return "\n".join(render_op(autogen_context, op))


def user_defined_render(
    type_: str, object_: Any, autogen_context: AutogenContext
) -> Union[str, None, Literal[False]]:
    """Ask the ``render_item`` hook for the Python of an object.

    :param type_: the kind of object: ``"type"``, ``"column"``, ``"server_default"``,
        ``"primary_key"``, ``"foreign_key"``, ``"unique"``, ``"check"``, ``"exclude"``.
    :param object_: the object.
    :param autogen_context: the context to render in.
    :return: what the hook returned; ``False`` where there is none or it has no
        opinion.
    """
    hook: Optional[RenderItemFn] = autogen_context.opts.get("render_item")
    if hook is None:
        return False
    return hook(type_, object_, autogen_context)
