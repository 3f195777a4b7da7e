"""Warnings that are not shown while a piece of work is done, in any thread.

``warnings.catch_warnings()`` puts back the filters that it found. Where two threads, or
two tasks of a loop, are in such blocks at the same time, the one that ends last puts
back those of the other, and the program goes on without its warnings.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Iterator
    from typing import Type


class _Filter(tuple):  # type: ignore[type-arg]
    """A filter as `warnings` keeps them, equal to no other one."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = tuple.__hash__


@contextmanager
def unwarned(category: Type[Warning] = Warning) -> Iterator[None]:
    """Ignore warnings inside of the block.

    Blocks may overlap in any way; what is taken away in the end is what was put there.

    :param category: the class of those that are ignored.
    """
    # action, message, category, module, line
    ours = _Filter(("ignore", None, category, None, 0))
    filters: Any = warnings.filters
    filters.insert(0, ours)
    try:
        yield
    finally:
        # other code may have put another list, made of this one, in its place
        _take_out(filters, ours)
        _take_out(warnings.filters, ours)


def _take_out(filters: Any, ours: _Filter) -> None:
    # no question first: what happens in one step happens in one thread
    try:
        filters.remove(ours)
    except ValueError:
        return
