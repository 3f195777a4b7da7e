"""Revision and what a map makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from alembic.script import revision as face
from alembic.script.revision import DependencyLoopDetected
from alembic.script.revision import is_revision
from alembic.script.revision import LoopDetected
from alembic.script.revision import Revision
from alembic.script.revision import RevisionError
from alembic.script.revision import RevisionMap
from alembic.script.revision import tuple_rev_as_scalar
from tests.support.histories import ODD_HISTORIES
from tests.support.histories import revision_map


@pytest.mark.parametrize(
    ("given", "scalar"),
    [
        (None, None),
        ("a", "a"),
        (("a",), "a"),
        (["a"], "a"),
        (("a", "b"), ("a", "b")),
        ((), None),
        (("a", "a"), "a"),
    ],
)
def test_parents_in_one_form(given: Any, scalar: Any) -> None:
    """However parents are written, there is one form of them."""
    assert Revision("x", given).down_revision == scalar


def test_attributes_of_a_lonely_revision() -> None:
    """A revision that is in no map is a base and a head."""
    lonely = Revision("x", None, branch_labels="label")
    assert lonely.is_base
    assert lonely.is_head
    assert lonely.branch_labels == {"label"}
    assert lonely.nextrev == frozenset()
    assert lonely._normalized_down_revisions == ()


@pytest.mark.parametrize(
    ("id_", "shown"), [("a@b", "'@'"), ("a-b+c", "'+, -'"), (":", "':'")]
)
def test_forbidden_characters(id_: str, shown: str) -> None:
    """Characters that names of revisions give a meaning to are refused."""
    with pytest.raises(RevisionError) as caught:
        Revision(id_, None)
    assert (
        str(caught.value)
        == f"Character(s) {shown} not allowed in revision identifier {id_!r}"
    )


def test_loops() -> None:
    """A revision cannot name itself, as a parent or as a dependency."""
    with pytest.raises(LoopDetected, match=r"Self-loop is detected in revisions \(a\)"):
        Revision("a", ("b", "a"))
    with pytest.raises(
        DependencyLoopDetected,
        match=r"Dependency self-loop is detected in revisions \(a\)",
    ):
        Revision("a", "b", dependencies="a")


def test_repr() -> None:
    """The representation shows what was declared."""
    assert repr(Revision("a", None)) == "Revision('a', None)"
    full = Revision("a", ("b", "c"), dependencies="d", branch_labels=("y", "x"))
    assert (
        repr(full)
        == "Revision('a', ('b', 'c'), dependencies='d', branch_labels={'x', 'y'})"
    )


def test_helpers() -> None:
    """Single elements come out of tuples; other things are no revisions."""
    assert tuple_rev_as_scalar(None) is None
    assert tuple_rev_as_scalar(("a",)) == "a"
    assert tuple_rev_as_scalar(("a", "b")) == ("a", "b")
    assert is_revision(Revision("a", None)).revision == "a"
    with pytest.raises(AssertionError):
        is_revision("a")


def test_old_names() -> None:
    """The names that programs know the inner attributes by still answer."""
    history = revision_map(ODD_HISTORIES["dependencies across branches"])
    b3 = history.get_revision("b3")
    assert b3 is not None
    assert b3._versioned_down_revisions == ("b2",)
    assert b3._resolved_dependencies == ("a2", "a1")
    assert b3._all_down_revisions == ("b2", "a2", "a1")
    # a2 is required by b2 already
    assert b3._normalized_down_revisions == ("b2", "a1")
    assert b3._all_nextrev == {"c1"}
    assert b3.is_head
    assert not b3._is_real_head
    assert face._revision_illegal_chars == ("@", "-", "+", ":")


def test_add_nextrev() -> None:
    """A follower is told apart from one that only depends."""
    first = Revision("a", None)
    first.add_nextrev(Revision("b", "a"))
    first.add_nextrev(Revision("c", None, dependencies="a"))
    assert first.nextrev == {"b"}
    assert first._all_nextrev == {"b", "c"}
    assert first._is_real_branch_point
    assert not first.is_branch_point


@pytest.mark.parametrize(
    ("id_", "labels"),
    [
        ("root", set()),
        ("red2", {"red"}),
        ("blue1", {"blue", "azure"}),
    ],
)
def test_labels_spread_upwards(id_: str, labels: set[str]) -> None:
    """All that follows a label is on its branch, the branch point is not."""
    found = revision_map(ODD_HISTORIES["three labelled branches"]).get_revision(id_)
    assert found is not None
    assert found.branch_labels == labels


def test_labels_spread_down_to_the_branch_point() -> None:
    """A label given late names the branch from its beginning, and through merges."""
    history = RevisionMap(
        lambda: [
            Revision("root", None),
            Revision("a1", "root"),
            Revision("a2", "a1", branch_labels="late"),
            Revision("b1", "root"),
            Revision("m", ("a2", "b1")),
        ]
    )
    labels = {k: v.branch_labels for k, v in history._revision_map.items() if k and v}
    assert labels["a1"] == labels["a2"] == labels["m"] == {"late"}
    assert labels["root"] == labels["b1"] == set()
