"""Steps of a plan: what each does to the rows of the version table.

A step knows revisions only; the SQL is written by `alembic.migration`, which asks in
this order: `should_delete_branch`, `should_create_branch`, `should_merge_branches`,
`should_unmerge_branches`, and otherwise updates one row.

The rows of the version table are the applied revisions that no other applied revision
stands on, be it as a parent or as a dependency.
"""

from __future__ import annotations

from ..util.messaging import format_as_comma
from ..util.sequences import to_tuple
from .revision import Revision
from .revision import RevisionMap
from .script import Script

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Callable
    from typing import Collection
    from typing import List
    from typing import Optional
    from typing import Set
    from typing import Tuple
    from typing import Union


class MigrationStep:
    """One move of a database from some revisions to others."""

    from_revisions_no_deps: Tuple[str, ...]
    to_revisions_no_deps: Tuple[str, ...]
    is_upgrade: bool
    migration_fn: Callable[..., Any]
    doc: Optional[str]

    @property
    def name(self) -> str:
        """Name of the function that does the work: ``upgrade``, for instance."""
        return self.migration_fn.__name__

    @classmethod
    def upgrade_from_script(
        cls, revision_map: RevisionMap, script: Script
    ) -> RevisionStep:
        """Return the step that applies a revision."""
        return RevisionStep(revision_map, script, True)

    @classmethod
    def downgrade_from_script(
        cls, revision_map: RevisionMap, script: Script
    ) -> RevisionStep:
        """Return the step that takes a revision away."""
        return RevisionStep(revision_map, script, False)

    @property
    def is_downgrade(self) -> bool:
        """Whether the step leads down."""
        return not self.is_upgrade

    @property
    def short_log(self) -> str:
        """The step in a few words: ``upgrade a -> b``."""
        return (
            f"{self.name} {format_as_comma(self.from_revisions_no_deps)} -> "
            f"{format_as_comma(self.to_revisions_no_deps)}"
        )

    def __str__(self) -> str:
        return f"{self.short_log}, {self.doc}" if self.doc else self.short_log


class RevisionStep(MigrationStep):
    """The step that runs ``upgrade()`` or ``downgrade()`` of a revision file.

    Making one executes the file.

    :param revision_map: the history.
    :param revision: the revision file.
    :param is_upgrade: which of its two functions to run.
    """

    def __init__(
        self, revision_map: RevisionMap, revision: Script, is_upgrade: bool
    ) -> None:
        self.revision_map = revision_map
        self.revision = revision
        self.is_upgrade = is_upgrade
        self.migration_fn = revision.function("upgrade" if is_upgrade else "downgrade")

    def __repr__(self) -> str:
        return f"RevisionStep({self.revision.revision!r}, is_upgrade={self.is_upgrade})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, RevisionStep)
            and other.revision is self.revision
            and other.is_upgrade == self.is_upgrade
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def doc(self) -> Optional[str]:  # type: ignore[override]
        """First paragraph of the file's docstring."""
        return self.revision.doc

    @property
    def from_revisions(self) -> Tuple[str, ...]:
        """Identifiers that the step leads away from, dependencies included."""
        return self._below(True) if self.is_upgrade else self._itself

    @property
    def from_revisions_no_deps(self) -> Tuple[str, ...]:  # type: ignore[override]
        """Identifiers that the step leads away from."""
        return self._below(False) if self.is_upgrade else self._itself

    @property
    def to_revisions(self) -> Tuple[str, ...]:
        """Identifiers that the step leads to, dependencies included."""
        return self._itself if self.is_upgrade else self._below(True)

    @property
    def to_revisions_no_deps(self) -> Tuple[str, ...]:  # type: ignore[override]
        """Identifiers that the step leads to."""
        return self._itself if self.is_upgrade else self._below(False)

    @property
    def _itself(self) -> Tuple[str, ...]:
        return (self.revision.revision,)

    def _below(self, dependencies: bool) -> Tuple[str, ...]:
        return self.revision.own_below if dependencies else self.revision.parents

    # -- what happens to the rows

    def should_delete_branch(self, heads: Set[str]) -> bool:
        """Whether the row goes and none takes its place."""
        return (
            self.is_downgrade
            and self.revision.revision in heads
            and not self._restored(heads)
        )

    def should_create_branch(self, heads: Set[str]) -> bool:
        """Whether a row is added and none goes."""
        return self.is_upgrade and not self._replaced(heads)

    def should_merge_branches(self, heads: Set[str]) -> bool:
        """Whether one row takes the place of several."""
        return self.is_upgrade and len(self._replaced(heads)) > 1

    def should_unmerge_branches(self, heads: Set[str]) -> bool:
        """Whether several rows take the place of one."""
        return self.is_downgrade and len(self._restored(heads)) > 1

    def merge_branch_idents(self, heads: Set[str]) -> Tuple[List[str], str, str]:
        """Return the rows to delete, the row to update, and what it becomes."""
        replaced = self._replaced(heads) if self.is_upgrade else self._itself
        return list(replaced[:-1]), replaced[-1], self._target(heads)

    def unmerge_branch_idents(
        self, heads: Set[str]
    ) -> Tuple[str, str, Tuple[str, ...]]:
        """Return the row to update, what it becomes, and the rows to insert."""
        source = self._replaced(heads) if self.is_upgrade else self._itself
        inserted = () if self.is_upgrade else self._restored(heads)[1:]
        return source[0], self._target(heads), inserted

    def update_version_num(self, heads: Set[str]) -> Tuple[str, str]:
        """Return the row to update and what it becomes."""
        source = self._replaced(heads) if self.is_upgrade else self._itself
        return source[0], self._target(heads)

    @property
    def delete_version_num(self) -> str:
        """The row to delete."""
        return self.revision.revision

    @property
    def insert_version_num(self) -> str:
        """The row to insert."""
        return self.revision.revision

    def _target(self, heads: Set[str]) -> str:
        if self.is_upgrade:
            return self.revision.revision
        return self._restored(heads)[0]

    def _replaced(self, heads: Collection[str]) -> Tuple[str, ...]:
        """Return the rows that this revision makes superfluous when applied."""
        return tuple(id_ for id_ in self.revision.below if id_ in heads)

    def _restored(self, heads: Collection[str]) -> Tuple[str, ...]:
        """Return the rows that come back when this revision is taken away.

        That is what it stood on, as far as nothing else that is applied stands on it.
        """
        below = self.revision.below
        rows = set(heads)
        rows.discard(self.revision.revision)
        if len(below) == 1 and not rows:
            return below
        return tuple(
            id_
            for id_ in below
            if id_ not in rows and not self._is_held(id_, rows.union(below) - {id_})
        )

    def _is_held(self, id_: str, rows: Set[str]) -> bool:
        """Whether a revision is below one of the rows.

        Looks upwards, where there is little besides the revision that goes; a walk
        downwards from the rows would cross the whole history for each step.
        """
        nodes = self.revision_map.graph.nodes
        seen = {self.revision.revision, id_}
        pending = [id_]
        while pending:
            here = pending.pop()
            if here in rows:
                return True
            for above in nodes[here].above:
                if above not in seen:
                    seen.add(above)
                    pending.append(above)
        return False

    @property
    def info(self) -> MigrationInfo:
        """What ``on_version_apply`` callbacks are told."""
        return MigrationInfo(
            revision_map=self.revision_map,
            is_upgrade=self.is_upgrade,
            is_stamp=False,
            up_revisions=self.revision.revision,
            down_revisions=self._below(True),
        )


class StampStep(MigrationStep):
    """The step that changes the version table and nothing else.

    :param from_: identifiers of the rows that go.
    :param to_: identifiers of the rows that come.
    :param is_upgrade: whether that leads up.
    :param branch_move: whether a row is only added, or only taken away.
    :param revision_map: the history.
    """

    doc: Optional[str] = None

    def __init__(
        self,
        from_: Optional[Union[str, Collection[str]]],
        to_: Optional[Union[str, Collection[str]]],
        is_upgrade: bool,
        branch_move: bool,
        revision_map: Optional[RevisionMap] = None,
    ) -> None:
        self.from_: Tuple[str, ...] = to_tuple(from_, default=())
        self.to_: Tuple[str, ...] = to_tuple(to_, default=())
        self.is_upgrade = is_upgrade
        self.branch_move = branch_move
        self.migration_fn = self.stamp_revision
        self.revision_map = revision_map

    def stamp_revision(self, **kw: Any) -> None:
        """Do nothing: the rows are all that changes."""

    def __repr__(self) -> str:
        return (
            f"StampStep({self.from_!r}, {self.to_!r}, is_upgrade={self.is_upgrade}, "
            f"branch_move={self.branch_move})"
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, StampStep)
            and other.from_ == self.from_
            and other.to_ == self.to_
            and other.branch_move == self.branch_move
            and other.is_upgrade == self.is_upgrade
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def from_revisions(self) -> Tuple[str, ...]:
        """Identifiers that the step leads away from."""
        return self.from_

    @property
    def to_revisions(self) -> Tuple[str, ...]:
        """Identifiers that the step leads to."""
        return self.to_

    @property
    def from_revisions_no_deps(self) -> Tuple[str, ...]:  # type: ignore[override]
        """Identifiers that the step leads away from."""
        return self.from_

    @property
    def to_revisions_no_deps(self) -> Tuple[str, ...]:  # type: ignore[override]
        """Identifiers that the step leads to."""
        return self.to_

    @property
    def delete_version_num(self) -> str:
        """The row to delete."""
        assert len(self.from_) == 1, f"{self} takes several rows away"
        return self.from_[0]

    @property
    def insert_version_num(self) -> str:
        """The row to insert."""
        assert len(self.to_) == 1, f"{self} adds several rows"
        return self.to_[0]

    def should_delete_branch(self, heads: Set[str]) -> bool:
        """Whether a row goes and none takes its place."""
        return self.is_downgrade and self.branch_move

    def should_create_branch(self, heads: Set[str]) -> bool:
        """Whether a row is added and none goes."""
        return (
            self.is_upgrade and self.branch_move and not set(self.to_).issubset(heads)
        )

    def should_merge_branches(self, heads: Set[str]) -> bool:
        """Whether one row takes the place of several."""
        return len(self.from_) > 1

    def should_unmerge_branches(self, heads: Set[str]) -> bool:
        """Whether several rows take the place of one."""
        return len(self.to_) > 1

    def merge_branch_idents(self, heads: Set[str]) -> Tuple[List[str], str, str]:
        """Return the rows to delete, the row to update, and what it becomes."""
        return list(self.from_[:-1]), self.from_[-1], self.to_[0]

    def unmerge_branch_idents(self, heads: Set[str]) -> Tuple[str, str, List[str]]:
        """Return the row to update, what it becomes, and the rows to insert."""
        return self.from_[0], self.to_[-1], list(self.to_[:-1])

    def update_version_num(self, heads: Set[str]) -> Tuple[str, str]:
        """Return the row to update and what it becomes."""
        assert len(self.from_) == len(self.to_) == 1, f"{self} is no single update"
        return self.from_[0], self.to_[0]

    @property
    def info(self) -> MigrationInfo:
        """What ``on_version_apply`` callbacks are told."""
        up, down = (self.to_, self.from_) if self.is_upgrade else (self.from_, self.to_)
        assert self.revision_map is not None, "a stamp without a history has no info"
        return MigrationInfo(
            revision_map=self.revision_map,
            is_upgrade=self.is_upgrade,
            is_stamp=True,
            up_revisions=up,
            down_revisions=down,
        )


class MigrationInfo:
    """What a step does, for ``on_version_apply`` callbacks.

    :ivar is_upgrade: whether the step leads up.
    :ivar is_stamp: whether it only changes the version table.
    :ivar up_revision_id: identifier of the upper revision; of the first of several.
    :ivar up_revision_ids: identifiers of the upper revisions.
    :ivar down_revision_ids: identifiers of the lower revisions.
    :ivar revision_map: the history.
    """

    is_upgrade: bool
    is_stamp: bool
    up_revision_id: Optional[str]
    up_revision_ids: Tuple[str, ...]
    down_revision_ids: Tuple[str, ...]
    revision_map: RevisionMap

    def __init__(
        self,
        revision_map: RevisionMap,
        is_upgrade: bool,
        is_stamp: bool,
        up_revisions: Union[str, Tuple[str, ...]],
        down_revisions: Union[str, Tuple[str, ...]],
    ) -> None:
        self.revision_map = revision_map
        self.is_upgrade = is_upgrade
        self.is_stamp = is_stamp
        self.up_revision_ids = to_tuple(up_revisions, default=())
        self.up_revision_id = self.up_revision_ids[0] if self.up_revision_ids else None
        self.down_revision_ids = to_tuple(down_revisions, default=())

    @property
    def is_migration(self) -> bool:
        """Whether a revision file is run: the opposite of ``is_stamp``."""
        return not self.is_stamp

    @property
    def source_revision_ids(self) -> Tuple[str, ...]:
        """Identifiers of the revisions before the step."""
        return self.down_revision_ids if self.is_upgrade else self.up_revision_ids

    @property
    def destination_revision_ids(self) -> Tuple[str, ...]:
        """Identifiers of the revisions after the step."""
        return self.up_revision_ids if self.is_upgrade else self.down_revision_ids

    @property
    def up_revision(self) -> Optional[Revision]:
        """The upper revision; the first of several."""
        return self.revision_map.get_revision(self.up_revision_id)

    @property
    def up_revisions(self) -> Tuple[Revision, ...]:
        """The upper revisions."""
        return self.revision_map.get_revisions(self.up_revision_ids)

    @property
    def down_revisions(self) -> Tuple[Revision, ...]:
        """The lower revisions."""
        return self.revision_map.get_revisions(self.down_revision_ids)

    @property
    def source_revisions(self) -> Tuple[Revision, ...]:
        """The revisions before the step."""
        return self.revision_map.get_revisions(self.source_revision_ids)

    @property
    def destination_revisions(self) -> Tuple[Revision, ...]:
        """The revisions after the step."""
        return self.revision_map.get_revisions(self.destination_revision_ids)
