"""Renders operations as Python, and runs that Python to get operations again."""

from __future__ import annotations

import warnings
from typing import Any
from typing import Dict
from typing import List

import sqlalchemy
from sqlalchemy.engine.default import DefaultDialect

from alembic.autogenerate import render
from alembic.autogenerate.autogen_context import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import ops
from alembic.operations.recording import RecordingOperations
from tests.support.recorder import Recorder

OPTIONS = {
    "sqlalchemy_module_prefix": "sa.",
    "alembic_module_prefix": "op.",
    "user_module_prefix": None,
    "render_item": None,
    "render_as_batch": False,
}


def rendering_context(dialect_name: Any = None, **opts: Any) -> AutogenContext:
    """Return a context to render in, for a dialect or for the one called "default"."""
    if dialect_name is None:
        migration_context = MigrationContext.configure(dialect=DefaultDialect())
    else:
        migration_context = MigrationContext.configure(dialect_name=dialect_name)
    return AutogenContext(
        migration_context, opts={**OPTIONS, **opts}, autogenerate=False
    )


def rendered(op: Any, dialect_name: Any = None, **opts: Any) -> str:
    """Return the Python of one operation."""
    return render.render_op_text(rendering_context(dialect_name, **opts), op)


def rendered_in_batch(op: Any, dialect_name: Any = None) -> str:
    """Return the Python of one operation inside a batch block."""
    context = rendering_context(dialect_name)
    with context._within_batch():
        return render.render_op_text(context, op)


def run(body: str, imports: Any, dialect_name: Any) -> List[ops.MigrateOperation]:
    """Run rendered Python and return the operations that it asked for."""
    recording = RecordingOperations(Recorder(dialect_name or "sqlite").context)
    namespace: Dict[str, Any] = {"op": recording, "sa": sqlalchemy}
    source = "\n".join([*sorted(imports), body])
    exec(compile(source, "<rendered>", "exec"), namespace)
    return recording.recorded


def again(operations: Any, dialect_name: Any = None, **opts: Any) -> Any:
    """Render operations and run the result.

    :return: the text, and the operations that running it asked for.
    """
    context = rendering_context(dialect_name, **opts)
    body = render._render_cmd_body(ops.UpgradeOps(operations), context)
    return body, run(body, context.imports, dialect_name)


def sql_of(operations: Any, dialect_name: str) -> List[str]:
    """Return the SQL that operations would run, written for a dialect."""
    recorder = Recorder(dialect_name)
    with warnings.catch_warnings():
        # an older SQLAlchemy says what Oracle does not have
        warnings.filterwarnings("ignore", "Oracle does not contain native UPDATE")
        for operation in _flat(operations):
            recorder.op.invoke(operation)
    return recorder.statements


def _flat(operations: Any) -> List[Any]:
    found: List[Any] = []
    for operation in operations:
        if isinstance(operation, ops.OpContainer):
            found.extend(_flat(operation.ops))
        else:
            found.append(operation)
    return found
