"""Commands awaited in an application: every kind of env.py, driver and hand-over."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time

import pytest

from alembic import aio
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from tests.support.versions import ASYNC_DRIVERS
from tests.support.versions import needs_driver

# as projects had it before env.py could be run within a loop
PLAIN_ASYNC_ENV = """
import asyncio

from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config


def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def connect():
    engine = async_engine_from_config(context.config.get_section("alembic"))
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(connect())
"""

REVISION = """
from alembic import context, op

revision = {revision!r}
down_revision = {down!r}


def upgrade():
    op.execute({statement!r})
    for hook in context.config.attributes.get("hooks", ()):
        hook(revision)


def downgrade():
    pass
"""

STATEMENTS = {
    "a": "CREATE TABLE t (x INTEGER)",
    "b": "INSERT INTO t VALUES (1)",
    "c": "INSERT INTO t VALUES (2)",
}


@pytest.fixture
def project(tmp_path):
    """A function that gives the Config of a new project with three revisions."""

    def make(label, url, template="async", env=None, **attributes):
        folder = tmp_path / f"project{label}"
        folder.mkdir()
        config = Config(folder / "alembic.ini", attributes=attributes)
        command.init(config, str(folder / "migrations"), template=template)
        config = Config(folder / "alembic.ini", attributes=attributes)
        config.remove_main_option("prepend_sys_path")
        config.set_main_option("sqlalchemy.url", url)
        if env is not None:
            (folder / "migrations" / "env.py").write_text(env)
        before = None
        for revision, statement in STATEMENTS.items():
            text = REVISION.format(revision=revision, down=before, statement=statement)
            path = folder / "migrations" / "versions" / f"{revision}.py"
            path.write_text(text)
            before = revision
        return config

    return make


@pytest.fixture(params=ASYNC_DRIVERS)
def target(request):
    """An empty database, and its URL for an asynchronous driver."""
    backend, _ = request.param.split("+")
    database = request.getfixturevalue(backend)
    database.async_url = database.url.replace(
        database.url.split(":", 1)[0], request.param, 1
    )
    return database


def rows(database):
    return [row[0] for row in database.execute("SELECT x FROM t ORDER BY x")]


def version(database):
    return [
        row[0] for row in database.execute("SELECT version_num FROM alembic_version")
    ]


def tables(database):
    from sqlalchemy import inspect

    with database.engine.connect() as connection:
        return inspect(connection).get_table_names()


# -- the functions


@pytest.mark.parametrize("name", command.__all__)
def test_every_command_can_be_awaited(name):
    """Each command is there with its name, parameters and documentation."""
    function = getattr(aio, name)
    original = getattr(command, name)
    assert inspect.iscoroutinefunction(function)
    assert inspect.signature(function) == inspect.signature(original)
    assert function.__doc__ == original.__doc__
    assert (function.__module__, function.__name__) == ("alembic.aio", name)


def test_all_commands_are_listed():
    """What is a command for `alembic.command` is one here."""
    assert aio.__all__ == command.__all__


def test_the_result_is_handed_back(project):
    """What a command returns is what awaiting it returns."""
    config = project("", "sqlite://")
    script = asyncio.run(aio.revision(config, "more", rev_id="d"))
    assert script.revision == "d"
    assert ScriptDirectory.from_config(config).get_heads() == ["d"]


def test_errors_are_handed_on(project):
    """A command that fails raises in who awaits it."""
    config = project("", "sqlite://", template="generic")
    with pytest.raises(CommandError, match="Can't locate revision"):
        asyncio.run(aio.upgrade(config, "nowhere"))


# -- env.py with an engine of its own


@pytest.mark.parametrize("env", [None, PLAIN_ASYNC_ENV], ids=["template", "plain"])
def test_asynchronous_env(target, project, env):
    """An env.py that begins a loop of its own runs inside of a running loop."""
    config = project("", target.async_url, env=env)
    asyncio.run(aio.upgrade(config, "head"))
    assert version(target) == ["c"]
    assert rows(target) == [1, 2]


def test_synchronous_env(database, project):
    """An env.py with a synchronous driver runs while the loop goes on."""
    ticks = []

    async def both():
        async def tick():
            while True:
                ticks.append(threading.current_thread())
                await asyncio.sleep(0)

        ticking = asyncio.ensure_future(tick())
        await aio.upgrade(config, "head")
        ticking.cancel()

    seen = []

    def hook(revision):
        seen.append(threading.current_thread())
        wanted = len(ticks) + 1
        deadline = time.monotonic() + 120
        while len(ticks) < wanted and time.monotonic() < deadline:
            time.sleep(0.001)
        assert len(ticks) >= wanted

    config = project("", database.url, template="generic", hooks=[hook])
    asyncio.run(both())
    assert version(database) == ["c"]
    assert not set(seen) & set(ticks)


@needs_driver("aiosqlite", "1.4")
def test_context_variables_are_seen(sqlite, project):
    """A context variable of the task is what the migrations see."""
    from contextvars import ContextVar

    tenant = ContextVar("tenant", default="nobody")
    seen = []
    hooks = [lambda revision: seen.append(tenant.get())]
    config = project("", f"sqlite+aiosqlite:///{sqlite.folder}/d.db", hooks=hooks)

    async def main():
        tenant.set("somebody")
        await aio.upgrade(config, "head")

    asyncio.run(main())
    assert seen == ["somebody"] * 3


# -- a connection handed over


def engine_of(target):
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    return create_async_engine(target.async_url, poolclass=NullPool)


@pytest.mark.parametrize("template", ["async", "generic"])
def test_connection_of_the_loop(target, project, template):
    """A connection of an AsyncEngine is used by env.py, and still the caller's."""
    config = project("", "driver://nowhere", template=template)

    async def main():
        engine = engine_of(target)
        async with engine.connect() as connection:
            config.attributes["connection"] = connection
            await aio.upgrade(config, "head")
            assert config.attributes["connection"] is connection
            assert not connection.closed
            assert not connection.in_transaction()
        await engine.dispose()

    asyncio.run(main())
    assert version(target) == ["c"]


def test_transaction_of_the_caller(target, project):
    """Inside of a transaction of the caller's nothing is committed."""
    config = project("", "driver://nowhere")

    async def main():
        engine = engine_of(target)
        async with engine.connect() as connection:
            transaction = await connection.begin()
            config.attributes["connection"] = connection
            await aio.upgrade(config, "head")
            await transaction.rollback()
        await engine.dispose()

    asyncio.run(main())
    assert tables(target) == []


def test_connection_from_run_sync(target, project):
    """What `run_sync` hands over can be handed on."""
    config = project("", "driver://nowhere")

    async def main():
        engine = engine_of(target)
        async with engine.connect() as connection:
            config.attributes["connection"] = connection.sync_connection
            await aio.upgrade(config, "head")
        await engine.dispose()

    asyncio.run(main())
    assert version(target) == ["c"]


def test_env_that_ignores_the_connection(target, project):
    """An env.py that begins another loop all the same is told what to do."""
    config = project("", target.async_url, env=PLAIN_ASYNC_ENV)

    async def main():
        engine = engine_of(target)
        async with engine.connect() as connection:
            config.attributes["connection"] = connection
            with pytest.warns(RuntimeWarning, match="never awaited"), pytest.raises(
                CommandError, match=r"attributes\['connection'\]"
            ):
                await aio.upgrade(config, "head")
            assert config.attributes["connection"] is connection
        await engine.dispose()

    asyncio.run(main())


def test_synchronous_connection(database, project):
    """A synchronous connection can be handed over as ever."""
    config = project("", "driver://nowhere", template="generic")
    options = {"check_same_thread": False} if database.name == "sqlite" else {}
    with database.new_engine(connect_args=options).connect() as connection:
        config.attributes["connection"] = connection
        asyncio.run(aio.upgrade(config, "head"))
    assert version(database) == ["c"]


# -- several at once


@needs_driver("aiosqlite", "1.4")
@needs_driver("asyncpg", "1.4")
@pytest.mark.parametrize("by_connection", [False, True], ids=["threads", "connections"])
def test_several_databases_at_once(fresh_database, project, by_connection):
    """Commands that run at once on different databases never mix."""
    places = [fresh_database("sqlite", str(n)) for n in range(3)]
    places.append(fresh_database("postgresql", "p"))
    seen = {}

    async def one(number, place):
        driver = "sqlite+aiosqlite" if place.name == "sqlite" else "postgresql+asyncpg"
        place.async_url = driver + place.url[place.url.index(":") :]
        seen[number] = []
        config = project(number, place.async_url, hooks=[seen[number].append])
        goal = "abc"[number % 3]
        if not by_connection:
            await aio.upgrade(config, goal)
            return
        engine = engine_of(place)
        async with engine.connect() as connection:
            config.attributes["connection"] = connection
            await aio.upgrade(config, goal)
        await engine.dispose()

    async def main():
        await asyncio.gather(*(one(n, place) for n, place in enumerate(places)))

    asyncio.run(main())
    assert [version(place) for place in places] == [["a"], ["b"], ["c"], ["a"]]
    assert seen == {0: ["a"], 1: ["a", "b"], 2: ["a", "b", "c"], 3: ["a"]}


def test_one_database_at_once(target, project):
    """Commands that run at once on one database wait for each other."""
    ran = []
    configs = [project(n, target.async_url, hooks=[ran.append]) for n in range(3)]

    async def main():
        await asyncio.gather(*(aio.upgrade(config, "head") for config in configs))

    asyncio.run(main())
    assert ran == ["a", "b", "c"]
    assert rows(target) == [1, 2]


# -- cancelling


def cancelled_within(config, revision, target):
    """Cancel an upgrade while a revision runs; return whether it had ended by then."""
    began = threading.Event()
    go_on = threading.Event()
    ended = []

    def hook(running):
        if running == revision:
            began.set()
            assert go_on.wait(120)
            ended.append(running)

    config.attributes["hooks"] = [hook]

    async def main():
        task = asyncio.ensure_future(aio.upgrade(config, "head"))
        await asyncio.get_running_loop().run_in_executor(None, began.wait, 120)
        task.cancel()
        await asyncio.sleep(0)
        # a second time: it does not leave the thread alone either
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        return list(ended)

    return asyncio.run(main())


def test_cancelled_between_revisions(target, project):
    """A cancelled run ends before its next revision, and is rolled back."""
    config = project("", target.async_url)
    assert cancelled_within(config, "b", target) == ["b"]
    assert "t" not in tables(target)


def test_cancelled_with_a_transaction_for_each(target, project):
    """What revisions have committed stays when a run is cancelled."""
    config = project("", target.async_url)
    env = ScriptDirectory.from_config(config).env_py_location
    with open(env, encoding="utf-8") as file:
        text = file.read()
    with open(env, "w", encoding="utf-8") as file:
        file.write(
            text.replace(
                "connection=connection,",
                "connection=connection, transaction_per_migration=True,",
            )
        )
    assert cancelled_within(config, "b", target) == ["b"]
    assert version(target) == ["b"]
    assert rows(target) == [1]


def test_cancelled_while_waiting(target, project):
    """A run that waits for another migration ends when it is cancelled."""
    began = threading.Event()
    go_on = threading.Event()

    def hook(revision):
        began.set()
        assert go_on.wait(120)

    first = project("1", target.async_url, hooks=[hook])
    second = project("2", target.async_url)

    async def main():
        running = asyncio.ensure_future(aio.upgrade(first, "head"))
        await asyncio.get_running_loop().run_in_executor(None, began.wait, 120)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(aio.upgrade(second, "head"), 1)
        assert not running.done()
        go_on.set()
        await running

    asyncio.run(main())
    assert rows(target) == [1, 2]


def test_cancelled_on_a_connection_of_the_loop(target, project):
    """On a connection of the loop the running statement is what ends."""
    config = project("", "driver://nowhere")

    async def main():
        engine = engine_of(target)
        async with engine.connect() as connection:
            config.attributes["connection"] = connection
            task = asyncio.ensure_future(aio.upgrade(config, "head"))
            config.attributes["hooks"] = [lambda revision: task.cancel()]
            with pytest.raises(asyncio.CancelledError):
                await task
            assert config.attributes["connection"] is connection
        await engine.dispose()

    asyncio.run(main())
    assert "t" not in tables(target)


@needs_driver("aiosqlite", "1.4")
def test_nothing_stays_installed(sqlite, project):
    """After a cancelled run `alembic.op` and `alembic.context` speak to nothing."""
    from alembic import context
    from alembic import op

    config = project("", f"sqlite+aiosqlite:///{sqlite.folder}/d.db")
    sqlite.url = f"sqlite:///{sqlite.folder}/d.db"
    cancelled_within(config, "b", sqlite)
    assert op._proxy is None
    assert context._proxy is None
