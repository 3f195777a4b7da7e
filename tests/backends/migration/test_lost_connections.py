"""A connection that is lost in the middle: one line, nothing lost, a second run right."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from alembic.cli.explain import explain
from alembic.migration import MigrationContext
from tests.support.steps import FakeHistory

PID = {"postgresql": "SELECT pg_backend_pid()", "mariadb": "SELECT CONNECTION_ID()"}
KILL = {
    "postgresql": "SELECT pg_terminate_backend({pid})",
    "mariadb": "KILL {pid}",
}


@pytest.fixture(params=sorted(PID))
def server(request):
    """A database behind a server, which can end a session."""
    return request.getfixturevalue(request.param)


def end(server, context):
    """Have the server end the session of a context, as when it is restarted."""
    pid = context.connection.execute(text(PID[server.name])).scalar()
    server.execute(KILL[server.name].format(pid=pid))


def bodies(server, where):
    """Three revisions; the connection is lost at one place of the second."""

    def first(context):
        context.execute("CREATE TABLE t_a (x INTEGER)")

    def second(context):
        if where == "before":
            end(server, context)
        context.execute("CREATE TABLE t_b (x INTEGER)")
        if where == "between":
            end(server, context)
        if where == "autocommit":
            with context.autocommit_block():
                end(server, context)
                context.execute("INSERT INTO t_b VALUES (0)")
        context.execute("INSERT INTO t_b VALUES (1)")
        if where == "after":
            end(server, context)

    def third(context):
        if where == "at the end":
            end(server, context)
        context.execute("CREATE TABLE t_c (x INTEGER)")

    return {"a": first, "b": second, "c": third}


def upgrade(server, where, **opts):
    made = bodies(server, where)
    history = FakeHistory(sorted(made), made)
    with server.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"fn": history, **opts})
        with context.begin_transaction():
            context.run_migrations()
    return history


def versions(server):
    return server.execute("SELECT version_num FROM alembic_version")


@pytest.mark.parametrize("each", [False, True])
@pytest.mark.parametrize(
    "where", ["before", "between", "autocommit", "after", "at the end"]
)
def test_lost_connection(server, where, each):
    """The error says what happened, and the next run ends as if nothing had."""
    options = {
        "transaction_per_migration": each,
        "table_lock_timeout": 20,
        "statement_timeout": 20,
        "record_table": "alembic_record",
    }
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each driver has its own
        upgrade(server, where, **options)
    line = explain(caught.value)
    assert "\n" not in line
    assert "The connection to the database was lost" in line
    if where == "autocommit" and server.name == "postgresql":
        # what was committed before the block is there, as its documentation says
        server.execute("DROP TABLE t_b")
    upgrade(server, "nowhere", **options)
    assert versions(server) == [("c",)]
    wanted = 2 if where == "autocommit" and server.name == "mariadb" else 1
    assert len(server.execute("SELECT * FROM t_b")) in (1, wanted)
    ran = server.execute("SELECT revision FROM alembic_record ORDER BY id")
    assert ran == [("a",), ("b",), ("c",)]
