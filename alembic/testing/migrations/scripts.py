"""The script of ``--sql``, run on the database that the migrations were run on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from typing import Iterator
from typing import List

from ...migration.migration_context import MigrationContext
from ...operations.base import Operations
from ...script.steps import MigrationStep
from ...sqla import connections
from ...sqla.expressions import literal_text
from . import snapshot
from .snapshot import Observer
from .walks import agree
from .walks import aside
from .walks import listed
from .walks import Walk


class OnlineThenOffline(Walk):
    """The work of `check_offline_equals_online`."""

    def walk(self, context: Any, observer: Observer) -> Iterator[MigrationStep]:
        yield from super().walk(context, observer)
        with aside(context):
            online = observer.look()
            rows = snapshot.row_counts(context)
            heads = set(context.get_current_heads())
            snapshot.empty(context)
            for statement in self.script_of(context):
                self._run_statement(context, statement)
            offline = observer.look()
            agree(online, offline, "The script of --sql makes something else")
            if set(context.get_current_heads()) != heads:
                raise AssertionError(
                    "The script of --sql ends at "
                    f"{', '.join(context.get_current_heads()) or 'base'}, the "
                    f"migrations at {', '.join(sorted(heads))}"
                )
            counted = snapshot.row_counts(context)
            if counted != rows:
                raise AssertionError(
                    "The script of --sql makes other rows:"
                    + listed(
                        [
                            f"table {name} has {counted[name]}, not {count}"
                            for name, count in rows.items()
                            if counted[name] != count
                        ]
                    )
                )

    def script_of(self, context: Any) -> List[str]:
        """Return the statements that ``upgrade heads --sql`` writes."""
        buffer = _Statements(context.impl)
        opts = {
            **context.opts,
            "as_sql": True,
            "literal_binds": True,
            "output_buffer": buffer,
            "output_encoding": None,
            "starting_rev": None,
            "fn": lambda heads, offline: [self.told(step) for step in self.upward()],
        }
        environment = context.environment_context
        with _offline(environment):
            offline = MigrationContext.configure(
                dialect=context.dialect, opts=opts, environment_context=environment
            )
            with Operations.context(offline):
                offline.run_migrations()
        return buffer.statements

    @staticmethod
    def _run_statement(context: Any, statement: str) -> None:
        try:
            connections.execute(context.connection, literal_text(statement))
        except Exception as error:
            raise AssertionError(
                f"The script of --sql cannot be run: {error}"
            ) from error


class _Statements:
    """A file for the writer of scripts, which keeps the statements apart.

    Each is written in one piece; comments, separators and transactions are left out.
    """

    def __init__(self, impl: Any) -> None:
        self.statements: List[str] = []
        self._terminator: str = impl.command_terminator

    def write(self, piece: str) -> None:
        statement = piece.strip()
        if self._terminator and statement.endswith(self._terminator):
            statement = statement[: -len(self._terminator)].rstrip()
        lines = [line for line in statement.splitlines() if line.strip()]
        if all(line.lstrip().startswith("--") for line in lines):
            return
        if statement.upper() in _NO_STATEMENTS:
            return
        self.statements.append(statement)

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""


_NO_STATEMENTS = {
    "BEGIN",
    "BEGIN TRANSACTION",
    "COMMIT",
    "COMMIT TRANSACTION",
    "GO",
    "/",
    "SET TRANSACTION READ WRITE",
}


@contextmanager
def _offline(environment: Any) -> Iterator[None]:
    """Let revisions that ask find offline mode."""
    options = getattr(environment, "context_opts", {})
    before = options.get("as_sql", False)
    options["as_sql"] = True
    try:
        yield
    finally:
        options["as_sql"] = before
