"""Names of revisions: ``head``, ``base``, ``ae1``, ``branch@head``, ``+2`` ..."""

from __future__ import annotations

import re

from .errors import MultipleHeads
from .errors import ResolutionError
from .errors import RevisionError
from .errors import TooFewRevisions
from .graph import Graph
from .model import Revision
from .walk import ancestors
from .walk import descendants
from .walk import lineage
from .walk import topmost

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Collection
    from typing import Iterable
    from typing import List
    from typing import Optional
    from typing import Sequence
    from typing import Set
    from typing import Tuple

    Goal = Tuple[Optional[Revision], Tuple[str, ...]]
    """Where a downgrade goes: to a revision, taking these roots and all above away."""

# compiled when a name may match: most runs have none that does
_RELATIVE = r"(?:(.+?)@)?([^@+\-:]+)?([+-])([0-9]+)"

SYMBOLS = frozenset(("head", "heads", "base", "current"))
"""Words that are no identifiers, even where a revision is called so."""

_HINT_BELOW = 4
_LISTED_CANDIDATES = 3


class Relative:
    """A name that counts steps: ``label@id+2``, where label and id may be absent."""

    # a NamedTuple would load typing, a good part of a light command
    def __init__(
        self, text: str, label: Optional[str], id_: Optional[str], sign: str, steps: int
    ) -> None:
        self.text = text
        self.label = label
        self.id_ = id_
        self.sign = sign
        self.steps = steps

    @property
    def start(self) -> str:
        """The name of the revision that counting begins at."""
        return f"{self.id_}" if self.label is None else f"{self.label}@{self.id_}"

    @property
    def of_heads(self) -> str:
        """The name of the heads that counting begins at where there is no id."""
        return "heads" if self.label is None else f"{self.label}@heads"

    def too_short(self) -> RevisionError:
        """Return the error for a walk that ends before its last step."""
        asked = f"{self.sign}{self.steps}" if self.id_ is None else self.text
        return TooFewRevisions(
            f"Relative revision {asked} didn't produce {self.steps} migrations"
        )


class Symbols:
    """Answers which revisions a name means in one history."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    # -- names that stand for themselves

    def branch(self, label: str) -> Revision:
        """Return the revision that a branch label, or an identifier, stands for.

        :raises ResolutionError: when there is none, or several.
        """
        try:
            return self._by_id(label)
        except ResolutionError as error:
            if error.candidates:
                raise
            raise ResolutionError(f"No such branch: {label!r}", label) from None

    def revisions(self, name: Any) -> Tuple[Revision, ...]:
        """Return all revisions that a name means, or several names; base is nothing.

        :param name: None, a name, or an iterable of names.
        :raises ResolutionError: when a name means nothing, or is ambiguous.
        :raises MultipleHeads: for ``head`` where there are several.
        """
        if name is None:
            return ()
        if isinstance(name, Revision):
            return (name,)
        if not isinstance(name, str):
            return tuple(found for one in name for found in self.revisions(one))
        exact = self.graph.nodes.get(name) or self.graph.labels.get(name)
        if exact is not None and name not in SYMBOLS:
            return (exact,)
        relative = self.relative(name)
        if relative is not None and (relative.id_ or relative.sign == "-"):
            return self._counted(relative)
        label, symbol = split_branch(name)
        if symbol in ("head", "heads"):
            return self._heads(name, label, symbol)
        if symbol == "base":
            if label is not None:
                self.branch(label)
            return ()
        owner = None if label is None else self.branch(label)
        return (self._by_id(symbol, owner, label),)

    def revision(self, name: Any) -> Optional[Revision]:
        """Return the one revision that a name means; None for the base.

        :raises MultipleHeads: when it means several.
        :raises ResolutionError: when it means none, or is ambiguous.
        """
        found = self.revisions(name)
        if len(found) > 1:
            text = name if isinstance(name, str) else ", ".join(map(str, name))
            raise MultipleHeads([one.revision for one in found], text)
        return found[0] if found else None

    def bases_of(self, name: Any) -> Tuple[str, ...]:
        """Return the bases of the branch in ``label@base``; otherwise all bases."""
        label = split_branch(name)[0] if isinstance(name, str) else None
        if label is None:
            return self.graph.bases
        below = self._ancestors_of(self.branch(label))
        return tuple(base for base in self.graph.bases if base in below)

    # -- names that count from where the database is

    def relative(self, name: Any) -> Optional[Relative]:
        """Return the parts of a name that counts steps; None for anything else."""
        if not isinstance(name, str) or name in self.graph.labels:
            return None
        if "+" not in name and "-" not in name:
            return None
        match = re.fullmatch(_RELATIVE, name)
        if match is None:
            return None
        label, id_, sign, count = match.groups()
        return Relative(name, label, id_, sign, int(count))

    def upgrade_targets(
        self, current: Sequence[Revision], name: Any, assert_relative_length: bool
    ) -> Tuple[Revision, ...]:
        """Return where an upgrade goes.

        :param current: the revisions that the database is at.
        :param name: the destination; ``+N`` counts from ``current``.
        :param assert_relative_length: refuse a count that leads beyond a head.
        """
        if name == "current":
            return tuple(current)
        relative = self.relative(name)
        if relative is None:
            return self.revisions(name)
        if relative.id_ is not None:
            return self._counted(relative, exactly=assert_relative_length)
        if relative.sign == "-":
            raise relative.too_short()
        start, branch = self._present(current, relative, "upgrade")
        found, taken = self._climb(start, relative.steps, branch)
        if taken != relative.steps and assert_relative_length:
            raise relative.too_short()
        return (found,) if found is not None else ()

    def downgrade_goal(
        self, current: Sequence[Revision], name: Any, assert_relative_length: bool
    ) -> Goal:
        """Return where a downgrade goes.

        :param current: the revisions that the database is at.
        :param name: the destination; ``-N`` counts from ``current``.
        :param assert_relative_length: refuse a count that leads below the base.
        """
        if name == "current":
            return (None, ())
        relative = self.relative(name)
        if relative is not None and relative.id_ is None:
            return self._counted_goal(current, relative, assert_relative_length)
        label = split_branch(name)[0] if isinstance(name, str) else None
        goal = self.revision(name)
        if goal is not None:
            branch = None if label is None else self._lineage(label)
            return (goal, _within(goal.nextrev, branch))
        if relative is not None:
            # counted down to below the first revision: that of its own branch only
            return self._goal_below(self.revision(relative.start))
        return (None, self.bases_of(name))

    def filter_for_lineage(
        self, ids: Collection[str], name: str, dependencies: bool = False
    ) -> Set[str]:
        """Return those of ``ids`` that are below or above what ``name`` means."""
        label, symbol = split_branch(name)
        owners = [self.branch(label)] if label is not None else self.revisions(symbol)
        related: Set[str] = set()
        for owner in owners:
            related |= lineage(self.graph, owner.revision, dependencies=dependencies)
        return related.intersection(ids)

    # -- how

    def _heads(
        self, name: str, label: Optional[str], symbol: str
    ) -> Tuple[Revision, ...]:
        heads: Sequence[str] = self.graph.heads
        if label is not None:
            above = descendants(
                self.graph, (self.branch(label).revision,), dependencies=False
            )
            heads = [head for head in heads if head in above]
        if symbol == "head" and len(heads) > 1:
            raise MultipleHeads(heads, name)
        return tuple(self.graph.nodes[head] for head in heads)

    def _by_id(
        self,
        symbol: str,
        owner: Optional[Revision] = None,
        label: Optional[str] = None,
    ) -> Revision:
        """Return the revision with an identifier, or with one that starts so."""
        graph = self.graph
        related = None if owner is None else lineage(graph, owner.revision)
        found = graph.nodes.get(symbol) or graph.labels.get(symbol)
        if found is None:
            found = self._by_prefix(symbol, related)
        if related is not None and found.revision not in related:
            raise ResolutionError(
                f"Revision {found.revision} is not a member of branch {label!r}",
                found.revision,
            )
        return found

    def _by_prefix(self, symbol: str, related: Optional[Set[str]]) -> Revision:
        hits = {}
        if symbol:
            for names in (self.graph.nodes, self.graph.labels):
                for name, node in names.items():
                    if name.startswith(symbol) and (
                        related is None or node.revision in related
                    ):
                        hits[name] = node
        if len({node.revision for node in hits.values()}) == 1:
            return next(iter(hits.values()))
        if hits:
            few = ", ".join(map(repr, list(hits)[:_LISTED_CANDIDATES]))
            raise ResolutionError(
                f"Multiple revisions start with {symbol!r}: {few}...",
                symbol,
                list(hits),
            )
        text = f"No such revision or branch {symbol!r}"
        if len(symbol) < _HINT_BELOW:
            text += (
                "; please ensure at least four characters are present for partial "
                "revision identifier matches"
            )
        raise ResolutionError(text, symbol)

    def _counted(
        self, relative: Relative, exactly: bool = True
    ) -> Tuple[Revision, ...]:
        """Return what ``id+N`` or ``id-N`` means, or ``-N``: below each head."""
        starts: Sequence[Optional[Revision]]
        if relative.id_ is not None:
            starts = [self.revision(relative.start)]
        else:
            starts = self.revisions(relative.of_heads)
        branch = None if relative.label is None else self._lineage(relative.label)
        move = self._descend if relative.sign == "-" else self._climb
        found = []
        for start in starts:
            end, taken = move(start, relative.steps, branch)
            if taken != relative.steps and exactly:
                if relative.sign == "-" and relative.id_ is not None:
                    raise RevisionError(
                        f"Walked too far: {relative.text} is below the base"
                    )
                raise relative.too_short()
            if end is not None:
                found.append(end)
        return tuple(found)

    def _counted_goal(
        self, current: Sequence[Revision], relative: Relative, exactly: bool
    ) -> Goal:
        if relative.sign == "+":
            raise relative.too_short()
        start, branch = self._present(current, relative, "downgrade")
        goal, taken = self._descend(start, relative.steps, branch)
        if taken != relative.steps and exactly:
            raise relative.too_short()
        if start is None or goal is None:
            return self._goal_below(start)
        own = self._ancestors_of(start) if branch is None else branch
        return (goal, _within(goal.nextrev, own))

    def _goal_below(self, start: Optional[Revision]) -> Goal:
        """Return the base of one revision's branch as a goal."""
        below = set() if start is None else self._ancestors_of(start)
        return (None, _within(self.graph.bases, below))

    def _present(
        self, current: Sequence[Revision], relative: Relative, verb: str
    ) -> Tuple[Optional[Revision], Optional[Set[str]]]:
        """Return where counting begins, and the branch that it is limited to."""
        branch = None if relative.label is None else self._lineage(relative.label)
        here: List[str] = [one.revision for one in current]
        if branch is not None:
            applied = ancestors(self.graph, here)
            here = self.graph.in_order(applied & branch)
            below: Set[str] = set()
            for id_ in here:
                below.update(self.graph.versioned_parents(id_))
            here = [id_ for id_ in here if id_ not in below]
        elif verb == "downgrade":
            here = topmost(self.graph, here)
        if len(here) > 1:
            raise RevisionError(
                f"Ambiguous {verb} from multiple current revisions: {relative.text} "
                f"may be counted from {' or from '.join(here)}; name the branch, as in "
                f"{here[0]}@{relative.text.rpartition('@')[2]}"
            )
        return (self.graph.nodes[here[0]] if here else None), branch

    def _climb(
        self, start: Optional[Revision], count: int, branch: Optional[Set[str]]
    ) -> Tuple[Optional[Revision], int]:
        """Go up; return where that ends and after how many steps."""
        here, taken = start, 0
        while taken < count:
            above = self.graph.bases if here is None else here.nextrev
            following = self._one_of(above, branch, here)
            if following is None:
                break
            here, taken = following, taken + 1
        return here, taken

    def _descend(
        self, start: Optional[Revision], count: int, branch: Optional[Set[str]]
    ) -> Tuple[Optional[Revision], int]:
        """Go down; return where that ends, None being the base, and the steps."""
        here, taken = start, 0
        while taken < count and here is not None:
            below = self.graph.versioned_parents(here.revision)
            here, taken = self._one_of(below, branch, here), taken + 1
        return here, taken

    def _one_of(
        self,
        ids: Collection[str],
        branch: Optional[Set[str]],
        here: Optional[Revision],
    ) -> Optional[Revision]:
        ways = _within(ids, branch)
        if len(ways) > 1:
            raise RevisionError(
                f"Ambiguous walk: from {here.revision if here else 'base'} the way "
                f"leads to {' and to '.join(self.graph.in_order(ways))}; name one of "
                "them instead of counting"
            )
        return self.graph.nodes[ways[0]] if ways else None

    def _lineage(self, label: str) -> Set[str]:
        return lineage(self.graph, self.branch(label).revision)

    def _ancestors_of(self, revision: Revision) -> Set[str]:
        return ancestors(self.graph, (revision.revision,), dependencies=False)


def split_branch(name: str) -> Tuple[Optional[str], str]:
    """Return the parts of ``label@name``; the label is None when there is none."""
    label, at, symbol = name.partition("@")
    return (label or None, symbol) if at else (None, name)


def _within(ids: Iterable[str], branch: Optional[Set[str]]) -> Tuple[str, ...]:
    return tuple(ids if branch is None else (id_ for id_ in ids if id_ in branch))
