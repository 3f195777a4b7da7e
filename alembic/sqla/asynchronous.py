"""Connections of asynchronous drivers, and how synchronous code runs on them."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Optional
from typing import TYPE_CHECKING
from typing import TypeVar

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_T = TypeVar("_T")


def behind_asynchronous(obj: Any) -> Optional[Connection]:
    """Return the Connection that synchronous code uses in place of an asynchronous one.

    :param obj: an ``AsyncConnection``, or what its ``run_sync()`` hands over.
    :return: the Connection, which works within `run_in_greenlet` alone; None when the
        object is anything else, or an ``AsyncConnection`` that is not open.
    """
    connection = obj
    if hasattr(obj, "run_sync"):
        connection = getattr(obj, "sync_connection", None)
    if getattr(getattr(connection, "dialect", None), "is_async", False):
        found: Connection = connection
        return found
    return None


async def run_in_greenlet(function: Callable[..., _T], *args: Any, **kw: Any) -> _T:
    """Call a synchronous function whose database driver may await.

    :param function: what to call.
    :param args: its arguments.
    :param kw: its keyword arguments.
    """
    from sqlalchemy.util import greenlet_spawn

    return await greenlet_spawn(function, *args, **kw)
