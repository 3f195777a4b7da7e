"""Generates a script for a database and runs it there, upwards and downwards."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List

import sqlalchemy

from alembic.autogenerate import produce_migrations
from alembic.autogenerate import render
from alembic.autogenerate.autogen_context import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations import ops
from tests.support.rendering import OPTIONS

COMPARE = {"compare_type": True, "compare_server_default": True}


class Generated:
    """The script that takes a database to a model, as Python.

    :ivar upgrade: the body of ``upgrade()``.
    :ivar downgrade: the body of ``downgrade()``.
    :ivar script: the operations.
    """

    def __init__(self, connection: Any, metadata: Any, **opts: Any) -> None:
        self.opts = {**COMPARE, **OPTIONS, **opts, "target_metadata": metadata}
        context = MigrationContext.configure(connection, opts=self.opts)
        self.script = produce_migrations(context, metadata)
        rendering = AutogenContext(context, metadata, autogenerate=False)
        self.upgrade = self._body(rendering, self.script.upgrade_ops)
        self.downgrade = self._body(rendering, self.script.downgrade_ops)
        self.imports = sorted(rendering.imports)

    @staticmethod
    def _body(context: AutogenContext, container: Any) -> str:
        body = render._render_cmd_body(container, context)
        return "" if "\npass\n" in body else body

    def run(self, connection: Any, body: str) -> None:
        """Run one of the bodies on a connection and commit."""
        context = MigrationContext.configure(connection, opts=self.opts)
        namespace: Dict[str, Any] = {"sa": sqlalchemy, "op": Operations(context)}
        source = "\n".join([*self.imports, body])
        with context.begin_transaction():
            exec(compile(source, "<generated>", "exec"), namespace)


def migrate(engine: Any, metadata: Any, **opts: Any) -> Generated:
    """Take a database to a model by a generated script; return the script."""
    with engine.connect() as connection:
        generated = Generated(connection, metadata, **opts)
    with engine.connect() as connection:
        generated.run(connection, generated.upgrade)
    return generated


def back(engine: Any, generated: Generated) -> None:
    """Run a script's downgrade."""
    with engine.connect() as connection:
        generated.run(connection, generated.downgrade)


def difference(engine: Any, metadata: Any, **opts: Any) -> List[ops.MigrateOperation]:
    """Return the operations that would take a database to a model."""
    with engine.connect() as connection:
        return Generated(connection, metadata, **opts).script.upgrade_ops.ops
