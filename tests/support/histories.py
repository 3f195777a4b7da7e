"""Revision histories for tests: odd ones by name, random ones, and a model of them.

The model answers by brute force, from definitions, what `alembic.script` answers by
walking.
"""

from __future__ import annotations

import types
from typing import Any
from typing import Callable
from typing import Dict
from typing import FrozenSet
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple

from hypothesis import strategies as st

from alembic.script.revision import Revision
from alembic.script.revision import RevisionMap
from alembic.script.script import Script


class Row(NamedTuple):
    """One revision, as a test writes it down."""

    id: str
    down: Tuple[str, ...] = ()
    needs: Tuple[str, ...] = ()
    labels: Tuple[str, ...] = ()


History = Tuple[Row, ...]


def history(*rows: Sequence[Any]) -> History:
    """Return a history from ``(id, down, needs, labels)``, each None, one or many."""

    def many(value: Any) -> Tuple[str, ...]:
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else tuple(value)

    return tuple(Row(row[0], *(many(value) for value in row[1:])) for row in rows)


ODD_HISTORIES: Dict[str, History] = {
    "empty": (),
    "one": history(("a",)),
    "a line": history(("a",), ("b", "a"), ("c", "b"), ("d", "c")),
    "two bases": history(("a1",), ("b1",), ("a2", "a1"), ("b2", "b1"), ("b3", "b2")),
    "three labelled branches": history(
        ("root",),
        ("red1", "root", None, "red"),
        ("red2", "red1"),
        ("green1", "root", None, "green"),
        ("green2", "green1"),
        ("blue1", "root", None, ("blue", "azure")),
    ),
    "a merge of three": history(
        ("root",),
        ("x1", "root"),
        ("y1", "root"),
        ("y2", "y1"),
        ("z1", "root"),
        ("all", ("x1", "y2", "z1")),
        ("after", "all"),
    ),
    "dependencies across branches": history(
        ("a1", None, None, "a"),
        ("a2", "a1"),
        ("a3", "a2"),
        ("b1", None, None, "b"),
        ("b2", "b1", "a2"),
        ("b3", "b2", ("a2", "a1")),
        ("c1", None, "b3", "c"),
    ),
    "a base that depends": history(("a1",), ("b1", None, "a1"), ("b2", "b1")),
    "merged and branched again": history(
        ("root",),
        ("l1", "root"),
        ("r1", "root"),
        ("m1", ("l1", "r1")),
        ("l2", "m1"),
        ("r2", "m1"),
        ("m2", ("l2", "r2")),
    ),
    "spliced": history(
        ("a",), ("b", "a"), ("c", "b"), ("b_1", "a"), ("b_2", "b_1", "c")
    ),
    "merge with a dependency inside": history(
        ("root",),
        ("l1", "root"),
        ("l2", "l1"),
        ("r1", "root", "l1"),
        ("m", ("l2", "r1")),
        ("side", "root", "m"),
    ),
}
"""Histories that have made trouble, and plain ones, by what is odd about them."""


def revisions(rows: History) -> List[Revision]:
    """Return fresh revisions."""
    return [
        Revision(row.id, row.down, dependencies=row.needs, branch_labels=row.labels)
        for row in rows
    ]


def revision_map(rows: History) -> RevisionMap:
    """Return the map of a history without files."""
    return RevisionMap(lambda: revisions(rows))


def scripts(
    rows: History, ran: Optional[Callable[[str, str], None]] = None
) -> List[Script]:
    """Return scripts whose functions say ``ran("upgrade", id)``."""

    def said(what: str, id_: str) -> Callable[..., None]:
        def function(**kw: Any) -> None:
            if ran is not None:
                ran(what, id_)

        function.__name__ = what
        return function

    found = []
    for row in rows:
        module: Any = types.ModuleType(row.id)
        module.__doc__ = f"message of {row.id}"
        module.revision = row.id
        module.down_revision = row.down or None
        module.depends_on = row.needs or None
        module.branch_labels = row.labels or None
        module.upgrade = said("upgrade", row.id)
        module.downgrade = said("downgrade", row.id)
        found.append(Script(module, row.id, f"/versions/{row.id}.py"))
    return found


class Folder:
    """What planning needs of a script directory, without a folder."""

    def __init__(self, rows: History) -> None:
        self.revision_map = RevisionMap(lambda: scripts(rows))


class Model:
    """What is true of a history by definition."""

    def __init__(self, rows: History) -> None:
        self.rows = rows
        self._below: Dict[Tuple[str, bool], Set[str]] = {}
        owner = {label: row.id for row in rows for label in row.labels}
        self.down: Dict[str, Tuple[str, ...]] = {row.id: row.down for row in rows}
        self.needs: Dict[str, Tuple[str, ...]] = {
            row.id: tuple(owner.get(need, need) for need in row.needs) for row in rows
        }

    def below(self, id_: str, needs: bool = True) -> Set[str]:
        """All that comes before a revision, and itself."""
        if (id_, needs) not in self._below:
            self._below[id_, needs] = self._all_that_is_below(id_, needs)
        return self._below[id_, needs]

    def _all_that_is_below(self, id_: str, needs: bool) -> Set[str]:
        found: Set[str] = set()
        pending = [id_]
        while pending:
            here = pending.pop()
            if here not in found:
                found.add(here)
                pending.extend(self.down[here])
                pending.extend(self.needs[here] if needs else ())
        return found

    def all_below(self, ids: Iterable[str], needs: bool = True) -> Set[str]:
        """All that comes before any of several revisions, and these."""
        return set().union(*(self.below(id_, needs) for id_ in ids))

    def all_above(self, ids: Iterable[str], needs: bool = True) -> Set[str]:
        """All that comes after any of several revisions, and these."""
        wanted = set(ids)
        return {id_ for id_ in self.down if wanted & self.below(id_, needs)}

    def lineage(self, id_: str) -> Set[str]:
        """All that is below or above a revision on its branch."""
        return self.below(id_, False) | self.all_above([id_], False)

    def effective_heads(self, applied: Iterable[str]) -> FrozenSet[str]:
        """The rows that the version table has when these, and all below, are applied.

        That is each of them that no other of them stands on.
        """
        present = set(applied)
        stood_on = {
            below for id_ in present for below in (*self.down[id_], *self.needs[id_])
        }
        return frozenset(present - stood_on)

    def is_ordered(self, ids: Sequence[str]) -> bool:
        """Whether each comes before all that it stands on."""
        seen: Set[str] = set()
        for id_ in ids:
            seen.add(id_)
            if seen & self.below(id_) != {id_}:
                return False
        return True


class VersionRows:
    """The rows of a version table, changed by steps in the documented order."""

    def __init__(self, rows: Iterable[str]) -> None:
        self.rows = set(rows)

    def _delete(self, row: str) -> None:
        assert row in self.rows, f"no row {row} to delete among {self.rows}"
        self.rows.remove(row)

    def _insert(self, row: str) -> None:
        assert row not in self.rows, f"row {row} is already among {self.rows}"
        self.rows.add(row)

    def take(self, step: Any) -> None:
        """Do to the rows what a step asks for."""
        heads = set(self.rows)
        if step.should_delete_branch(heads):
            self._delete(step.delete_version_num)
        elif step.should_create_branch(heads):
            self._insert(step.insert_version_num)
        elif step.should_merge_branches(heads):
            deleted, source, target = step.merge_branch_idents(heads)
            for row in deleted:
                self._delete(row)
            self._delete(source)
            self._insert(target)
        elif step.should_unmerge_branches(heads):
            source, target, inserted = step.unmerge_branch_idents(heads)
            for row in inserted:
                self._insert(row)
            self._delete(source)
            self._insert(target)
        else:
            source, target = step.update_version_num(heads)
            self._delete(source)
            self._insert(target)


@st.composite
def histories(draw: st.DrawFn, max_size: int = 40) -> History:
    """Draw a history: branches, merges, several bases, labels, dependencies."""
    size = draw(st.integers(1, max_size))
    random = draw(st.randoms(use_true_random=False))
    merging, needing, basing, labelling = (
        draw(st.sampled_from(chances))
        for chances in ([0, 0.2, 0.5], [0, 0.2, 0.6], [0, 0.1, 0.4], [0, 0.1, 0.3])
    )
    rows: List[Row] = []
    tips: List[str] = []
    for number in range(size):
        id_ = f"{random.randrange(16**3):03x}_{number}"
        known = [row.id for row in rows]
        down: Tuple[str, ...] = ()
        needs: Tuple[str, ...] = ()
        if known and random.random() >= basing:
            if random.random() < merging:
                down = tuple(
                    random.sample(known, min(len(known), random.randint(2, 3)))
                )
            else:
                down = (random.choice(tips if random.random() < 0.7 else known),)
        others = [other for other in known if other not in down]
        if others and random.random() < needing:
            needs = tuple(random.sample(others, min(len(others), random.randint(1, 3))))
        labels = (f"label{number}",) if random.random() < labelling else ()
        rows.append(Row(id_, down, needs, labels))
        tips = [tip for tip in tips if tip not in down] + [id_]
    random.shuffle(rows)
    return tuple(rows)


@st.composite
def states(draw: st.DrawFn, rows: History) -> FrozenSet[str]:
    """Draw the rows that a version table may have under a history."""
    ids = [row.id for row in rows]
    some = draw(st.lists(st.sampled_from(ids), max_size=4)) if ids else []
    model = Model(rows)
    return model.effective_heads(model.all_below(some))
