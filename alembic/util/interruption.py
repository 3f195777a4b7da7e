"""A request, from outside, that a run ends early, and the places where it may.

It is a context variable, so that it reaches the threads and tasks that a run begins
with a copy of its context, and no other run.
"""

from __future__ import annotations

from contextvars import ContextVar

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Optional


class Interrupted(BaseException):
    """The run was asked to end.

    No ``Exception``: like the interrupt from the keyboard it passes by the handlers of
    an env.py, and transactions are rolled back on its way.
    """


class Interruption:
    """Whether a run is asked to end; set in one thread, seen in others.

    :ivar requested: whether it is.
    """

    def __init__(self) -> None:
        self.requested = False

    def install(self) -> None:
        """Have `checkpoint` ask this object, in the present context."""
        _current.set(self)

    def request(self) -> None:
        """Ask the run to end at its next checkpoint."""
        self.requested = True


_current: ContextVar[Optional[Interruption]] = ContextVar("Interruption", default=None)


def checkpoint() -> None:
    """End here if that was asked for.

    :raises Interrupted: when it was.
    """
    interruption = _current.get()
    if interruption is not None and interruption.requested:
        raise Interrupted("the run was asked to end")
