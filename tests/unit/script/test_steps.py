"""Steps: their words, what they do to the rows, and what callbacks are told."""

from __future__ import annotations

from typing import Any
from typing import Set

import pytest

from alembic.script.revision import RevisionMap
from alembic.script.steps import MigrationStep
from alembic.script.steps import RevisionStep
from alembic.script.steps import StampStep
from tests.support.histories import history
from tests.support.histories import ODD_HISTORIES
from tests.support.histories import scripts

ROWS = history(
    ("root",),
    ("l1", "root"),
    ("r1", "root"),
    ("m", ("l1", "r1")),
    ("x1",),
    ("x2", "x1", "l1"),
    ("x3", "x2", ("l1", "r1")),
)


def _step(id_: str, up: bool) -> RevisionStep:
    history_ = RevisionMap(lambda: scripts(ROWS))
    script: Any = history_.get_revision(id_)
    return RevisionStep(history_, script, up)


@pytest.mark.parametrize(
    ("id_", "up", "text"),
    [
        ("root", True, "upgrade  -> root, message of root"),
        ("root", False, "downgrade root -> , message of root"),
        ("l1", True, "upgrade root -> l1, message of l1"),
        ("m", True, "upgrade l1, r1 -> m, message of m"),
        ("m", False, "downgrade m -> l1, r1, message of m"),
        # dependencies are not part of the line
        ("x3", True, "upgrade x2 -> x3, message of x3"),
    ],
)
def test_words(id_: str, up: bool, text: str) -> None:
    """A step is named as logs show it."""
    step = _step(id_, up)
    assert str(step) == text
    assert step.short_log == text.split(", message")[0]
    assert step.name == ("upgrade" if up else "downgrade")
    assert step.is_upgrade is up
    assert step.is_downgrade is not up
    assert step.doc == f"message of {id_}"


def test_ends_of_a_step() -> None:
    """A step knows both of its ends, with dependencies and without."""
    up, down = _step("x3", True), _step("x3", False)
    # l1 is required by x2 already
    assert up.from_revisions == down.to_revisions == ("x2", "r1")
    assert up.from_revisions_no_deps == down.to_revisions_no_deps == ("x2",)
    assert up.to_revisions == down.from_revisions == ("x3",)
    assert up.to_revisions_no_deps == down.from_revisions_no_deps == ("x3",)


@pytest.mark.parametrize(
    ("id_", "up", "rows", "does"),
    [
        ("root", True, set(), "create"),
        ("x1", True, {"m"}, "create"),
        ("l1", True, {"root"}, ("root", "l1")),
        ("r1", True, {"l1"}, "create"),
        ("m", True, {"l1", "r1"}, (["l1"], "r1", "m")),
        ("x2", True, {"x1", "l1"}, (["x1"], "l1", "x2")),
        ("x2", True, {"x1", "m"}, ("x1", "x2")),
        ("x3", True, {"x2", "r1"}, (["x2"], "r1", "x3")),
        ("root", False, {"root"}, "delete"),
        ("l1", False, {"l1"}, ("l1", "root")),
        ("l1", False, {"l1", "r1"}, "delete"),
        ("m", False, {"m"}, ("m", "l1", ("r1",))),
        ("m", False, {"m", "x3"}, "delete"),
        ("x3", False, {"x3"}, ("x3", "x2", ("r1",))),
        ("x3", False, {"x3", "m"}, ("x3", "x2")),
        ("x2", False, {"x2"}, ("x2", "x1", ("l1",))),
        ("x2", False, {"x2", "r1"}, ("x2", "x1", ("l1",))),
        # a row that is there already is not inserted again
        ("x2", False, {"x2", "l1"}, ("x2", "x1")),
    ],
)
def test_what_happens_to_the_rows(
    id_: str, up: bool, rows: Set[str], does: Any
) -> None:
    """Each step is one of five kinds, for the rows that it meets."""
    step = _step(id_, up)
    kinds = {
        "delete": step.should_delete_branch(rows),
        "create": step.should_create_branch(rows),
        "merge": step.should_merge_branches(rows),
        "unmerge": step.should_unmerge_branches(rows),
    }
    kind = next((kind for kind, holds in kinds.items() if holds), "update")
    assert sum(kinds.values()) == (kind != "update")
    found: Any = kind
    if kind == "merge":
        found = step.merge_branch_idents(rows)
    elif kind == "unmerge":
        found = step.unmerge_branch_idents(rows)
    elif kind == "update":
        found = step.update_version_num(rows)
    assert found == does
    assert step.delete_version_num == step.insert_version_num == id_


def test_equality() -> None:
    """Steps are equal when they do the same to the same file."""
    one = _step("m", True)
    script = one.revision
    assert one == MigrationStep.upgrade_from_script(one.revision_map, script)
    assert one != MigrationStep.downgrade_from_script(one.revision_map, script)
    assert one != "m"
    assert repr(one) == "RevisionStep('m', is_upgrade=True)"
    stamp = StampStep("a", "b", True, False)
    assert stamp == StampStep(("a",), ("b",), True, False)
    assert stamp != StampStep("b", "a", True, False)
    assert repr(stamp) == (
        "StampStep(('a',), ('b',), is_upgrade=True, branch_move=False)"
    )


def test_info_of_an_upgrade() -> None:
    """Callbacks are told identifiers and revisions of both sides."""
    info = _step("x3", True).info
    assert info.is_upgrade
    assert info.is_migration
    assert not info.is_stamp
    assert info.up_revision_id == "x3"
    assert info.up_revision_ids == info.destination_revision_ids == ("x3",)
    assert info.down_revision_ids == info.source_revision_ids == ("x2", "r1")
    assert info.up_revision is info.up_revisions[0] is info.destination_revisions[0]
    assert [r.revision for r in info.down_revisions] == ["x2", "r1"]
    assert info.source_revisions == info.down_revisions


def test_info_of_a_downgrade() -> None:
    """On the way down the source is the upper side."""
    info = _step("root", False).info
    assert not info.is_upgrade
    assert info.source_revision_ids == ("root",)
    assert info.destination_revision_ids == info.down_revision_ids == ()
    assert info.destination_revisions == ()


@pytest.mark.parametrize(
    ("step", "does"),
    [
        (StampStep(None, "b", True, True), "create"),
        (StampStep("a", None, False, True), "delete"),
        (StampStep("a", "b", True, False), ("a", "b")),
        (StampStep(("a", "c"), "b", True, False), (["a"], "c", "b")),
        (StampStep("a", ("b", "c"), False, False), ("a", "c", ["b"])),
    ],
)
def test_stamps(step: StampStep, does: Any) -> None:
    """A stamp moves rows as it was told."""
    rows = set(step.from_)
    found: Any
    if step.should_delete_branch(rows):
        found = "delete"
        assert step.delete_version_num == "a"
    elif step.should_create_branch(rows):
        found = "create"
        assert step.insert_version_num == "b"
    elif step.should_merge_branches(rows):
        found = step.merge_branch_idents(rows)
    elif step.should_unmerge_branches(rows):
        found = step.unmerge_branch_idents(rows)
    else:
        found = step.update_version_num(rows)
    assert found == does
    assert step.from_revisions == step.from_revisions_no_deps == step.from_
    assert step.to_revisions == step.to_revisions_no_deps == step.to_
    assert step.name == "stamp_revision"
    assert step.doc is None
    step.migration_fn()


def test_info_of_a_stamp() -> None:
    """Callbacks are told that nothing was run."""
    revisions = RevisionMap(lambda: scripts(ODD_HISTORIES["a line"]))
    up = StampStep("a", "c", True, False, revisions).info
    assert up.is_stamp
    assert not up.is_migration
    assert up.up_revision_id == "c"
    assert up.source_revision_ids == ("a",)
    down = StampStep("c", None, False, True, revisions).info
    assert down.up_revision_ids == ("c",)
    assert down.destination_revisions == ()
