"""Revisions without files: steps made of functions, for tests of running them."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple


class FakeStep:
    """One upgrade of a history without branches.

    :param down: the revision before, or None.
    :param revision: the revision.
    :param migrate: what it does.
    """

    is_upgrade = True

    def __init__(
        self, down: Optional[str], revision: str, migrate: Callable[..., None]
    ) -> None:
        self.down = down
        self.revision = revision
        self.migration_fn = migrate

    def __str__(self) -> str:
        return f"{self.short_log}, does {self.revision}"

    @property
    def short_log(self) -> str:
        return f"upgrade {self.down or ''} -> {self.revision}"

    @property
    def info(self) -> FakeStep:
        return self

    is_stamp = False

    @property
    def up_revision_ids(self) -> Tuple[str, ...]:
        return (self.revision,)

    @property
    def to_revisions_no_deps(self) -> Tuple[str, ...]:
        return (self.revision,)

    def should_delete_branch(self, heads: Set[str]) -> bool:
        return False

    def should_create_branch(self, heads: Set[str]) -> bool:
        return self.down is None

    def should_merge_branches(self, heads: Set[str]) -> bool:
        return False

    def should_unmerge_branches(self, heads: Set[str]) -> bool:
        return False

    @property
    def insert_version_num(self) -> str:
        return self.revision

    def update_version_num(self, heads: Set[str]) -> Tuple[Optional[str], str]:
        return self.down, self.revision


class FakeHistory:
    """The ``fn`` of a migration context: upgrades to the last of some revisions.

    :param revisions: their identifiers, the oldest first.
    :param bodies: what a revision does, as a function of the migration context; a
        revision that is not named does nothing.

    :ivar asked: the heads for which steps were asked for, one entry a call.
    :ivar ran: the revisions that were run.
    """

    def __init__(
        self,
        revisions: Sequence[str],
        bodies: Optional[Dict[str, Callable[[Any], Any]]] = None,
    ) -> None:
        self.revisions = list(revisions)
        self.bodies = bodies or {}
        self.asked: List[Tuple[str, ...]] = []
        self.ran: List[str] = []

    def __call__(self, heads: Tuple[str, ...], context: Any) -> List[FakeStep]:
        self.asked.append(heads)
        start = self.revisions.index(heads[0]) + 1 if heads else 0
        return [
            FakeStep(
                self.revisions[at - 1] if at else None,
                self.revisions[at],
                self._body(self.revisions[at], context),
            )
            for at in range(start, len(self.revisions))
        ]

    def _body(self, revision: str, context: Any) -> Callable[..., None]:
        def migrate(**kw: Any) -> None:
            self.ran.append(revision)
            self.bodies.get(revision, lambda context: None)(context)

        return migrate


def execute(*statements: str) -> Callable[[Any], None]:
    """Return the body of a revision that executes statements."""

    def body(context: Any) -> None:
        for statement in statements:
            context.execute(statement)

    return body
