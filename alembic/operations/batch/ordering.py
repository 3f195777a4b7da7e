"""In which order the columns of a changed table stand."""

from __future__ import annotations

import heapq
from typing import Dict
from typing import Hashable
from typing import Iterable
from typing import List
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TypeVar

from ...util.exc import CommandError

_T = TypeVar("_T", bound=Hashable)


class ColumnOrder:
    """The order of a table's columns while columns are added and moved.

    :param names: the columns there are, in their order.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names: List[str] = list(names)
        self._after: Dict[str, List[str]] = {}

    def place(
        self, name: str, before: Optional[str] = None, after: Optional[str] = None
    ) -> None:
        """Put a column beside another one, or at the end.

        Columns put after the same one keep the order in which they were put there.

        :param name: the column; it may be among the names already.
        :param before: the column that shall follow it.
        :param after: the column that it shall follow; goes before ``before``.
        """
        if name in self.names:
            self.names.remove(name)
        if after is not None:
            index = self.names.index(after) + 1
            followers = self._after.setdefault(after, [])
            while index < len(self.names) and self.names[index] in followers:
                index += 1
            followers.append(name)
        elif before is not None:
            index = self.names.index(before)
        else:
            index = len(self.names)
        self.names.insert(index, name)

    def remove(self, name: str) -> None:
        """Take a column out."""
        self.names.remove(name)


def partially_reordered(
    names: Sequence[_T], sequences: Iterable[Sequence[_T]]
) -> List[_T]:
    """Return names so that those in each sequence follow one another in that order.

    Names in no sequence stay where they are as far as that is possible.

    :param names: the names in their present order.
    :param sequences: each a few names in the order they shall have. Names that are
        not there are passed over.
    :raises CommandError: when the sequences contradict each other.
    """
    rank = {name: index for index, name in enumerate(names)}
    edges: Set[Tuple[int, int]] = set()
    for sequence in sequences:
        known = [rank[name] for name in sequence if name in rank]
        edges.update(zip(known, known[1:]))
    waiting = [0] * len(names)
    followers: Dict[int, List[int]] = {}
    for first, second in edges:
        waiting[second] += 1
        followers.setdefault(first, []).append(second)
    ready = [index for index, count in enumerate(waiting) if not count]
    result: List[_T] = []
    while ready:
        index = heapq.heappop(ready)
        result.append(names[index])
        for follower in followers.get(index, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, follower)
    if len(result) < len(names):
        rest = [str(name) for name in names if name not in result]
        raise CommandError(
            "partial_reordering asks for an order that cannot be: "
            f"{', '.join(rest)} would each have to stand before the others"
        )
    return result
