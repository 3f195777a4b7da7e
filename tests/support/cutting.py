"""Cuts a run off at one of its statements, as if its process had been killed there."""

from __future__ import annotations

from typing import Any
from typing import Optional

from alembic.migration import MigrationContext


class Cut(BaseException):
    """The process is no more."""


def cut_before(engine: Any, part: str) -> None:
    """Cut a run off when the first statement with some text in it was to run.

    What was to be durable before it is.
    """
    execute = engine.dialect.do_execute

    def do_execute(cursor: Any, statement: str, *args: Any) -> None:
        if part in statement:
            cursor.connection.commit()
            cursor.connection.close()
            raise Cut
        execute(cursor, statement, *args)

    engine.dialect.do_execute = do_execute


def cut_behind(engine: Any, part: str) -> None:
    """Cut a run off when the first statement with some text in it has taken effect."""
    execute = engine.dialect.do_execute

    def do_execute(cursor: Any, statement: str, *args: Any) -> None:
        execute(cursor, statement, *args)
        if part in statement:
            cursor.connection.close()
            raise Cut

    engine.dialect.do_execute = do_execute


def run(database: Any, history: Any, engine: Optional[Any] = None, **opts: Any) -> Any:
    """Run a history on a database as env.py would."""
    connection = (engine or database.engine).connect()
    try:
        context = MigrationContext.configure(connection, opts={"fn": history, **opts})
        with context.begin_transaction():
            context.run_migrations()
    finally:
        if not connection.invalidated:
            try:
                connection.close()
            except Exception:
                # it was cut
                connection.invalidate()
    return history
