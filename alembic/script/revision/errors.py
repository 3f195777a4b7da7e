"""What can be wrong with a revision history, or with the name of a revision.

The tree::

    RevisionError
    +-- ResolutionError            a name means no revision, or several
    +-- TooFewRevisions            a number of steps leads beyond the last revision
    +-- MultipleHeads              one head was asked for and there are several
    +-- RangeNotAncestorError      the ends of a range are not on one line
    +-- MissingRevision            a revision names a parent that does not exist
    +-- CycleDetected              revisions come before themselves
        +-- LoopDetected           a revision is its own parent
        +-- DependencyCycleDetected
            +-- DependencyLoopDetected

`alembic.script.translate_errors` turns them into `CommandError` for people.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Optional
    from typing import Sequence
    from typing import Tuple


class RevisionError(Exception):
    """Something is wrong with a history, or with what was asked about it."""


class ResolutionError(RevisionError):
    """A name does not lead to exactly the revisions that were asked for.

    :ivar argument: the name that was given.
    :ivar candidates: identifiers that it may have meant; empty when there are none.
    """

    def __init__(
        self, message: str, argument: str, candidates: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.argument = argument
        self.candidates: Tuple[str, ...] = tuple(candidates)


class TooFewRevisions(RevisionError):
    """More steps were asked for than there are."""


class MultipleHeads(RevisionError):
    """One head was asked for, and there are several.

    :ivar heads: their identifiers.
    :ivar argument: the name that was given.
    """

    def __init__(self, heads: Sequence[str], argument: Optional[str]) -> None:
        super().__init__(
            f"Multiple heads are present for given argument {argument!r}; "
            f"{', '.join(heads)}"
        )
        self.heads = heads
        self.argument = argument


class RangeNotAncestorError(RevisionError):
    """The lower end of a range does not lie below its upper end.

    :ivar lower: the lower end as it was given; None is the base.
    :ivar upper: the upper end.
    """

    def __init__(self, lower: Any, upper: Any) -> None:
        super().__init__(
            f"Revision {lower or 'base'} is not an ancestor of revision "
            f"{upper or 'base'}"
        )
        self.lower = lower
        self.upper = upper


class MissingRevision(RevisionError):
    """A revision names a parent or a dependency that no revision has as its id.

    :ivar revision: the identifier of the revision that names it.
    :ivar missing: the identifier that does not exist.
    :ivar relation: ``"down_revision"`` or ``"depends_on"``.
    :ivar where: the file of the revision, if it has one.
    :ivar candidates: existing identifiers that look like the missing one.
    """

    def __init__(
        self,
        revision: str,
        missing: str,
        relation: str,
        where: Optional[str] = None,
        candidates: Sequence[str] = (),
    ) -> None:
        place = f"{revision!r} ({where})" if where else repr(revision)
        hint = f"did you mean {candidates[0]!r}? Correct" if candidates else "correct"
        super().__init__(
            f"Revision {place} names {missing!r} as its {relation}, but no revision "
            f"has that id; {hint} {relation}, or bring the missing file back"
        )
        self.revision = revision
        self.missing = missing
        self.relation = relation
        self.where = where
        self.candidates: Tuple[str, ...] = tuple(candidates)


class CycleDetected(RevisionError):
    """Revisions that come before themselves.

    :ivar revisions: the identifiers of those that form the cycle.
    """

    kind = "Cycle"

    def __init__(self, revisions: Sequence[str]) -> None:
        super().__init__(
            f"{self.kind} is detected in revisions ({', '.join(revisions)})"
        )
        self.revisions = revisions


class DependencyCycleDetected(CycleDetected):
    """A cycle that goes through ``depends_on``."""

    kind = "Dependency cycle"


class LoopDetected(CycleDetected):
    """A revision that is its own parent."""

    kind = "Self-loop"

    def __init__(self, revision: str) -> None:
        super().__init__([revision])


class DependencyLoopDetected(DependencyCycleDetected, LoopDetected):
    """A revision that depends on itself."""

    kind = "Dependency self-loop"

    def __init__(self, revision: str) -> None:
        CycleDetected.__init__(self, [revision])
