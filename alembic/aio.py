"""The commands as coroutine functions: ``await aio.upgrade(config, "head")``.

Each function of `alembic.command` is here under its name, with its parameters and its
result. It can be awaited in an application whose event loop runs::

    from alembic import aio
    from alembic.config import Config

    async def start():
        await aio.upgrade(Config("alembic.ini"), "head")

The command runs in a thread of its own, so the loop goes on, and env.py may be of
either kind: one with a synchronous driver, or one that calls ``asyncio.run()``.

A connection of an ``AsyncEngine`` belongs to its loop. When one is handed over, the
command runs in the loop's thread, and the loop goes on whenever the database is waited
for::

    async with engine.connect() as connection:
        config.attributes["connection"] = connection
        await aio.upgrade(config, "head")

Cancelling, as ``asyncio.wait_for()`` does, ends a run in a thread before its next
revision and while it waits for another migration; the revision that runs is finished
first. What is not committed is rolled back, and all that is over when the cancellation
arrives at whoever awaits. On a connection of the loop it ends the running statement.
"""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any
from typing import Callable
from typing import Coroutine
from typing import TYPE_CHECKING
from typing import TypeVar

from typing_extensions import ParamSpec

from . import command
from .util.exc import CommandError
from .util.interruption import Interruption

if TYPE_CHECKING:
    from .settings import Config

_P = ParamSpec("_P")
_T = TypeVar("_T")

__all__ = list(command.__all__)


def _awaitable(
    function: Callable[_P, _T],
) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Return a coroutine function that does what a command does."""

    @functools.wraps(function)
    async def run(*args: _P.args, **kw: _P.kwargs) -> _T:
        connection = _config_of(args, kw).attributes.get("connection")
        if connection is not None:
            from .sqla.asynchronous import behind_asynchronous

            synchronous = behind_asynchronous(connection)
            if synchronous is not None:
                return await _on_connection(function, synchronous, args, kw)
        return await _in_thread(function, args, kw)

    run.__module__ = __name__
    return run


def _config_of(args: Any, kw: Any) -> Config:
    """Return the first parameter of a command, however it was given."""
    config: Config = args[0] if args else kw["config"]
    return config


async def _in_thread(function: Callable[..., _T], args: Any, kw: Any) -> _T:
    """Run a command in a thread of its own; end it early when this is cancelled."""
    interruption = Interruption()
    context = copy_context()
    context.run(interruption.install)
    with _Thread() as thread:
        running = asyncio.get_running_loop().run_in_executor(
            thread, functools.partial(context.run, function, *args, **kw)
        )
        try:
            # shielded: what runs in the thread goes on whatever becomes of its future
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            interruption.request()
            await _until_done(running)
            raise


class _Thread(ThreadPoolExecutor):
    """One thread, which is idle when the block around its use ends."""

    def __init__(self) -> None:
        super().__init__(max_workers=1, thread_name_prefix="alembic")

    def __exit__(self, *error: Any) -> None:
        # waiting for the thread would keep the loop from its other tasks
        self.shutdown(wait=False)


async def _until_done(running: asyncio.Future[_T]) -> None:
    """Wait for a command to end, whatever its outcome, however often cancelled."""
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:
            continue
    # looked at, so that asyncio does not report it as lost
    running.exception()


async def _on_connection(
    function: Callable[..., _T], connection: Any, args: Any, kw: Any
) -> _T:
    """Run a command with a connection that belongs to the running loop."""
    from .sqla.asynchronous import run_in_greenlet

    attributes = _config_of(args, kw).attributes
    given = attributes["connection"]
    attributes["connection"] = connection
    try:
        return await run_in_greenlet(function, *args, **kw)
    except RuntimeError as error:
        if "event loop" not in str(error):
            raise
        raise CommandError(
            "env.py begins an event loop although it was handed a connection of the "
            "running one; let it use config.attributes['connection'] when there is "
            f"one, as 'alembic init -t async' does: {error}"
        ) from error
    finally:
        attributes["connection"] = given


branches = _awaitable(command.branches)
check = _awaitable(command.check)
current = _awaitable(command.current)
downgrade = _awaitable(command.downgrade)
edit = _awaitable(command.edit)
ensure_version = _awaitable(command.ensure_version)
heads = _awaitable(command.heads)
history = _awaitable(command.history)
init = _awaitable(command.init)
list_templates = _awaitable(command.list_templates)
merge = _awaitable(command.merge)
resolve = _awaitable(command.resolve)
revision = _awaitable(command.revision)
show = _awaitable(command.show)
stamp = _awaitable(command.stamp)
upgrade = _awaitable(command.upgrade)
