"""What long work tells of itself while it runs, for whoever shows it to a person.

Work emits events, which are plain values; without a listener that costs nothing. The
command line listens when there is somebody at a terminal.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Iterator
from typing import List
from typing import TypeVar

_S = TypeVar("_S")


class StepDone:
    """One of several steps has been done.

    :ivar number: which one, beginning with 1.
    :ivar total: how many there are.
    :ivar text: what it was.
    :ivar seconds: how long it took.
    """

    def __init__(self, number: int, total: int, text: str, seconds: float) -> None:
        self.number = number
        self.total = total
        self.text = text
        self.seconds = seconds


class Copying:
    """Rows of a table are being copied.

    :ivar table: the name of the table.
    :ivar share: how much has been copied, from 0 to 1; 1 comes once, at the end.
    :ivar seconds: for how long it has been going on.
    """

    def __init__(self, table: str, share: float, seconds: float) -> None:
        self.table = table
        self.share = share
        self.seconds = seconds


Listener = Callable[[Any], None]

_listeners: List[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have a function called with every event of the work inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def is_wanted() -> bool:
    """Whether anybody listens."""
    return bool(_listeners)


def tell(event: Any) -> None:
    """Hand an event to all who listen."""
    # in another thread a block may end meanwhile
    for listener in tuple(_listeners):
        listener(event)


def follow(steps: Iterable[_S]) -> Iterable[_S]:
    """Return steps that tell when each of them has been done.

    :param steps: each is done when the next one is asked for.
    """
    return _followed(list(steps)) if _listeners else steps


def _followed(steps: List[_S]) -> Iterator[_S]:
    for number, step in enumerate(steps, 1):
        begun = time.monotonic()
        yield step
        seconds = time.monotonic() - begun
        tell(StepDone(number, len(steps), str(step), seconds))
