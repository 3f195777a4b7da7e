"""Walks over a history: what is below, what is above, and in which order.

All of it is iterative and takes time in proportion to the revisions that are met.
"""

from __future__ import annotations

from .graph import Graph
from .model import Revision

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Collection
    from typing import Dict
    from typing import Iterable
    from typing import List
    from typing import Optional
    from typing import Set
    from typing import Tuple


def ancestors(
    graph: Graph, ids: Iterable[str], *, dependencies: bool = True
) -> Set[str]:
    """Return revisions and all that must be applied before them.

    :param ids: where to start; they are part of the answer.
    :param dependencies: follow ``depends_on`` too.
    :raises MissingRevision: when the walk meets a parent that does not exist.
    """
    nodes, missing = graph.nodes, graph.missing
    found = set(ids)
    pending = list(found)
    while pending:
        id_ = pending.pop()
        if id_ in missing:
            graph.refuse_missing(id_)
        node = nodes[id_]
        for parent in node.below if dependencies else node.parents:
            if parent not in found:
                found.add(parent)
                pending.append(parent)
    return found


def descendants(
    graph: Graph,
    ids: Iterable[str],
    *,
    dependencies: bool = True,
    within: Optional[Collection[str]] = None,
) -> Set[str]:
    """Return revisions and all that come after them.

    :param ids: where to start; they are part of the answer.
    :param dependencies: follow ``depends_on`` too.
    :param within: only walk over these.
    """
    nodes = graph.nodes
    found = {id_ for id_ in ids if within is None or id_ in within}
    pending = list(found)
    while pending:
        node = nodes[pending.pop()]
        for child in node.above if dependencies else node.nextrev:
            if child not in found and (within is None or child in within):
                found.add(child)
                pending.append(child)
    return found


def lineage(graph: Graph, id_: str, *, dependencies: bool = False) -> Set[str]:
    """Return all that is below a revision or above it, and itself."""
    return ancestors(graph, (id_,), dependencies=dependencies) | descendants(
        graph, (id_,), dependencies=dependencies
    )


def topmost(graph: Graph, ids: Collection[str]) -> List[str]:
    """Return those of ``ids`` that are not below another of them, in their order."""
    unique = list(dict.fromkeys(ids))
    if len(unique) < 2:
        return unique
    below = ancestors(graph, {p for id_ in unique for p in graph.parents(id_)})
    return [id_ for id_ in unique if id_ not in below]


def newest_first(graph: Graph, chosen: Set[str]) -> List[Revision]:
    """Return revisions so that each comes before all that it stands on.

    One line of history is followed to its end before the next is begun: the first
    parent continues the line, further ones begin lines of their own. A revision that
    others still have to come before is left for the earliest line that leads to it.
    Where nothing else decides, the order of loading does, so the same files always
    give the same order.

    :param chosen: identifiers; what is between two of them should be chosen too.
    """
    return _Lines(graph, chosen).run()


_LISTED = -1


class _Lines:
    """The lines that are being followed; each knows its neighbours in age."""

    def __init__(self, graph: Graph, chosen: Set[str]) -> None:
        self.nodes = graph.nodes
        self.chosen = chosen
        # how many revisions above each have not been listed yet
        self.waiting: Dict[str, int] = dict.fromkeys(chosen, 0)
        waiting = self.waiting
        for id_ in chosen:
            for parent in graph.nodes[id_].below:
                if parent in waiting:
                    waiting[parent] += 1
        # each line's next revision, and the other way round; what is listed may stay
        self.tips: List[str] = []
        self.line_of: Dict[str, int] = {}
        self.before: List[int] = []
        self.after: List[int] = []
        # the oldest and the youngest line; -1 stands for none
        self.first = self.last = -1
        tops = [id_ for id_ in chosen if not self.waiting[id_]]
        for top in sorted(tops, key=lambda id_: self.nodes[id_].place):
            self._open(top)

    def run(self) -> List[Revision]:
        listed: List[Revision] = []
        line = self.first
        while line != -1:
            tip = self.tips[line]
            if self.waiting[tip]:
                line = self._leading_to(tip)
                continue
            node = self._straight_down(self.nodes[tip], listed)
            listed.append(node)
            line = self._advance(line, node)
        return listed

    def _straight_down(self, node: Revision, listed: List[Revision]) -> Revision:
        """List revisions for as long as there is no choice; return the next one.

        Most of a history is like that, and most of what `_advance` does needless.
        """
        nodes, waiting, line_of = self.nodes, self.waiting, self.line_of
        while len(node.parents) == 1 and not node.needs:
            parent = node.parents[0]
            if waiting.get(parent) != 1 or parent in line_of:
                break
            listed.append(node)
            waiting[node.revision] = _LISTED
            node = nodes[parent]
        return node

    def _advance(self, line: int, node: Revision) -> int:
        """Move a line below ``node``; return the line to go on with."""
        chosen, waiting, line_of = self.chosen, self.waiting, self.line_of
        waiting[node.revision] = _LISTED
        for parent in node.below:
            if parent in chosen:
                waiting[parent] -= 1
        continued = False
        for parent in node.own_below:
            if parent not in chosen or parent in line_of:
                continue
            if continued:
                self._open(parent)
            else:
                self.tips[line] = parent
                line_of[parent] = line
                continued = True
        return line if continued else self._close(line)

    def _open(self, tip: str) -> None:
        line = len(self.tips)
        self.tips.append(tip)
        self.line_of[tip] = line
        self.before.append(self.last)
        self.after.append(-1)
        if self.last == -1:
            self.first = line
        else:
            self.after[self.last] = line
        self.last = line

    def _close(self, line: int) -> int:
        """Take a line out; return the one before it, else the first."""
        before, after = self.before[line], self.after[line]
        if before == -1:
            self.first = after
        else:
            self.after[before] = after
        if after == -1:
            self.last = before
        else:
            self.before[after] = before
        return self.first if before == -1 else before

    def _leading_to(self, tip: str) -> int:
        """Return the oldest line that has yet to come down to ``tip``."""
        own = self.line_of[tip]
        oldest_other = self.after[own] if own == self.first else self.first
        seen = {tip}
        pending: List[Tuple[str, ...]] = [tuple(self.nodes[tip].above)]
        best = -1
        while pending:
            for id_ in pending.pop():
                if id_ in seen or self.waiting.get(id_, _LISTED) == _LISTED:
                    continue
                seen.add(id_)
                line = self.line_of.get(id_, -1)
                if line == oldest_other:
                    return line
                if line != -1 and (best == -1 or line < best):
                    best = line
                pending.append(tuple(self.nodes[id_].above))
        return best
