"""Revision: one node of a history."""

from __future__ import annotations

from ...util.sequences import to_tuple
from .errors import DependencyLoopDetected
from .errors import LoopDetected
from .errors import RevisionError

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Collection
    from typing import FrozenSet
    from typing import Optional
    from typing import Set
    from typing import Tuple
    from typing import Union

    RevIdType = Union[str, Collection[str]]
    """One identifier or several."""


_revision_illegal_chars = ("@", "-", "+", ":")
_ILLEGAL = frozenset(_revision_illegal_chars)

_NOTHING: FrozenSet[str] = frozenset()


def tuple_rev_as_scalar(
    rev: Optional[Collection[str]],
) -> Optional[Union[str, Collection[str]]]:
    """Return None for nothing, the element of a single one, else what was given."""
    if not rev:
        return None
    if isinstance(rev, str) or len(rev) > 1:
        return rev
    return next(iter(rev))


class Revision:
    """One revision: its identifier and what it stands on.

    :param revision: the identifier. ``@ - + :`` have a meaning in names of revisions
        and cannot be part of it.
    :param down_revision: the revision or revisions before it; None for a base.
    :param dependencies: identifiers or branch labels of revisions that must be
        applied before it, on whichever branch.
    :param branch_labels: names for the branch that starts here.
    :raises RevisionError: for an identifier with a forbidden character.
    :raises LoopDetected: for a revision that names itself.
    """

    revision: str = None  # type: ignore[assignment]
    """The identifier."""

    down_revision: Optional[Union[str, Tuple[str, ...]]] = None
    """What comes before: None, an identifier, or a tuple of several."""

    dependencies: Optional[Union[str, Tuple[str, ...]]] = None
    """What it needs besides, in the words of its author."""

    branch_labels: Set[str] = None  # type: ignore[assignment]
    """The labels of the branch that it is on; a map adds inherited ones."""

    declared_labels: Tuple[str, ...] = ()
    """The labels that its author gave it."""

    nextrev: FrozenSet[str] = _NOTHING
    """Identifiers of the revisions that come directly after it."""

    above: FrozenSet[str] = _NOTHING
    """Those, and identifiers of the revisions that depend on it."""

    parents: Tuple[str, ...] = ()
    """Identifiers of the revisions that come directly before it."""

    needs: Tuple[str, ...] = ()
    """The dependencies as identifiers; made by a map."""

    own_needs: Tuple[str, ...] = ()
    """Those of them that no revision before it on its branch has too."""

    place: int = 0
    """Where it comes among the revisions of a map, in order of loading."""

    def __init__(
        self,
        revision: str,
        down_revision: Optional[RevIdType],
        dependencies: Optional[RevIdType] = None,
        branch_labels: Optional[RevIdType] = None,
    ) -> None:
        if not _ILLEGAL.isdisjoint(revision):
            self.verify_rev_id(revision)
        down: Tuple[str, ...] = to_tuple(down_revision, default=())
        needs: Tuple[str, ...] = to_tuple(dependencies, default=())
        if revision in down:
            raise LoopDetected(revision)
        if revision in needs:
            raise DependencyLoopDetected(revision)
        self.revision = revision
        self.parents = tuple(dict.fromkeys(down)) if len(down) > 1 else down
        self.down_revision = _scalar(self.parents)
        self.dependencies = _scalar(needs)
        self.declared_labels = to_tuple(branch_labels, default=())
        self.branch_labels = set(self.declared_labels)

    @classmethod
    def verify_rev_id(cls, revision: str) -> None:
        """Refuse an identifier that could not be told from an expression.

        :raises RevisionError: when it holds one of ``@ - + :``.
        """
        found = sorted(_ILLEGAL.intersection(revision))
        if found:
            raise RevisionError(
                f"Character(s) '{', '.join(found)}' not allowed in revision "
                f"identifier {revision!r}"
            )

    def __repr__(self) -> str:
        parts = [repr(self.revision), repr(self.down_revision)]
        if self.dependencies:
            parts.append(f"dependencies={self.dependencies!r}")
        if self.branch_labels:
            labels = ", ".join(map(repr, sorted(self.branch_labels)))
            parts.append(f"branch_labels={{{labels}}}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def add_nextrev(self, revision: Revision) -> None:
        """Note that another revision comes after this one, or depends on it."""
        self.above = self.above.union((revision.revision,))
        if self.revision in revision.parents:
            self.nextrev = self.nextrev.union((revision.revision,))

    @property
    def below(self) -> Tuple[str, ...]:
        """All that must be applied directly before it: parents, then dependencies."""
        return self._parents_and(self.needs) if self.needs else self.parents

    @property
    def own_below(self) -> Tuple[str, ...]:
        """The same, with ``own_needs`` for the dependencies."""
        return self._parents_and(self.own_needs) if self.own_needs else self.parents

    def _parents_and(self, needs: Tuple[str, ...]) -> Tuple[str, ...]:
        return tuple(dict.fromkeys(self.parents + needs))

    @property
    def is_head(self) -> bool:
        """Whether no revision comes after it."""
        return not self.nextrev

    @property
    def is_real_head(self) -> bool:
        """Whether nothing comes after it or depends on it."""
        return not self.above

    @property
    def is_base(self) -> bool:
        """Whether no revision comes before it."""
        return not self.parents

    @property
    def is_real_base(self) -> bool:
        """Whether it stands on nothing and depends on nothing."""
        return not (self.parents or self.dependencies)

    @property
    def is_branch_point(self) -> bool:
        """Whether several revisions come directly after it."""
        return len(self.nextrev) > 1

    @property
    def is_real_branch_point(self) -> bool:
        """Whether several revisions come after it or depend on it."""
        return len(self.above) > 1

    @property
    def is_merge_point(self) -> bool:
        """Whether several revisions come directly before it."""
        return len(self.parents) > 1

    # older names of the same things, which programs use
    _versioned_down_revisions = property(lambda self: self.parents)
    _resolved_dependencies = property(lambda self: self.needs)
    _normalized_resolved_dependencies = property(lambda self: self.own_needs)
    _all_down_revisions = property(lambda self: self.below)
    _normalized_down_revisions = property(lambda self: self.own_below)
    _all_nextrev = property(lambda self: self.above)
    _orig_branch_labels = property(lambda self: self.declared_labels)
    _is_real_head = property(lambda self: self.is_real_head)
    _is_real_base = property(lambda self: self.is_real_base)
    _is_real_branch_point = property(lambda self: self.is_real_branch_point)


def is_revision(rev: Any) -> Revision:
    """Return ``rev`` for the type checker.

    :raises AssertionError: when it is not a `Revision`.
    """
    assert isinstance(rev, Revision), f"not a revision: {rev!r}"
    return rev


def _scalar(ids: Tuple[str, ...]) -> Optional[Union[str, Tuple[str, ...]]]:
    if len(ids) == 1:
        return ids[0]
    return ids or None
