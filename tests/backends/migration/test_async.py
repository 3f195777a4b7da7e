"""Migrations through asynchronous drivers, several tasks of one loop at once."""

from __future__ import annotations

import asyncio

import pytest

from alembic.migration import MigrationContext
from tests.support.steps import execute
from tests.support.steps import FakeHistory
from tests.support.versions import ASYNC_DRIVERS


@pytest.fixture(params=ASYNC_DRIVERS)
def asynchronous(request):
    """A function that returns a new asynchronous engine on an empty database."""
    backend, _ = request.param.split("+")
    database = request.getfixturevalue(backend)
    from sqlalchemy.engine import make_url
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    url = make_url(database.url).set(drivername=request.param)

    def engine():
        return create_async_engine(url, poolclass=NullPool)

    engine.database = database
    return engine


def run(connection, history, opts):
    context = MigrationContext.configure(connection, opts={"fn": history, **opts})
    with context.begin_transaction():
        context.run_migrations()


async def upgrade(engine, history, **opts):
    async with engine.connect() as connection:
        await connection.run_sync(run, history, opts)
    await engine.dispose()


def versions(asynchronous):
    return asynchronous.database.execute("SELECT version_num FROM alembic_version")


def test_upgrade(asynchronous):
    """A run through run_sync is committed."""
    history = FakeHistory("a", {"a": execute("CREATE TABLE t (x INTEGER)")})
    asyncio.run(upgrade(asynchronous(), history))
    assert versions(asynchronous) == [("a",)]
    assert asynchronous.database.execute("SELECT * FROM t") == []


def test_all_or_nothing(asynchronous):
    """A failed run is rolled back whole."""

    def fail(context):
        context.execute("CREATE TABLE t (x INTEGER)")
        raise ZeroDivisionError

    history = FakeHistory("ab", {"b": fail})
    with pytest.raises(ZeroDivisionError):
        asyncio.run(upgrade(asynchronous(), history))
    history = FakeHistory("a")
    asyncio.run(upgrade(asynchronous(), history))
    assert history.asked[-1] == ()


def test_autocommit_block(asynchronous):
    """A statement that needs to be outside of a transaction does not hang."""
    statement = {
        "sqlite": "VACUUM",
        "postgresql": "CREATE INDEX CONCURRENTLY i ON t (x)",
    }[asynchronous.database.name]

    def body(context):
        context.execute("CREATE TABLE t (x INTEGER)")
        with context.autocommit_block():
            context.execute(statement)
        context.execute("INSERT INTO t VALUES (1)")

    async def limited():
        await asyncio.wait_for(
            upgrade(asynchronous(), FakeHistory("ab", {"b": body})), 30
        )

    asyncio.run(limited())
    assert versions(asynchronous) == [("b",)]
    assert asynchronous.database.execute("SELECT x FROM t") == [(1,)]


def test_tasks_of_one_loop(asynchronous):
    """Tasks that upgrade one database at once run each revision once, and none hangs."""
    histories = [
        FakeHistory(
            "abc",
            {
                "a": execute("CREATE TABLE t (x INTEGER)"),
                "b": execute("INSERT INTO t VALUES (1)"),
            },
        )
        for _ in range(3)
    ]

    async def together():
        await asyncio.wait_for(
            asyncio.gather(*(upgrade(asynchronous(), h) for h in histories)), 30
        )

    asyncio.run(together())
    assert sorted(sum((h.ran for h in histories), [])) == ["a", "b", "c"]
    assert asynchronous.database.execute("SELECT x FROM t") == [(1,)]
