"""RevisionMap: loading, faults of a history, adding to it."""

from __future__ import annotations

import types
import warnings
from typing import Any
from typing import List
from typing import Type

import pytest

from alembic.script.revision import CycleDetected
from alembic.script.revision import DependencyCycleDetected
from alembic.script.revision import MissingRevision
from alembic.script.revision import MultipleHeads
from alembic.script.revision import Revision
from alembic.script.revision import RevisionError
from alembic.script.revision import RevisionMap
from alembic.script.script import Script
from tests.support.histories import history
from tests.support.histories import ODD_HISTORIES
from tests.support.histories import revision_map
from tests.support.histories import revisions


def _ids(found: Any) -> List[str]:
    return [one.revision for one in found]


def test_loading_waits_for_the_first_question() -> None:
    """Nothing is read before something is asked, and it is read once."""
    calls = []

    def generator() -> List[Revision]:
        calls.append(1)
        return [Revision("a", None)]

    loaded = RevisionMap(generator)
    assert calls == []
    assert loaded.heads == loaded.bases == ("a",)
    assert calls == [1]


def test_ends_are_in_the_order_of_loading() -> None:
    """Heads and bases are listed as their files are."""
    loaded = revision_map(ODD_HISTORIES["three labelled branches"])
    assert loaded.heads == ("red2", "green2", "blue1")
    assert revision_map(ODD_HISTORIES["two bases"]).bases == ("a1", "b1")


def test_head_that_is_depended_on() -> None:
    """A head that another branch needs is a head, but no effective one."""
    loaded = revision_map(ODD_HISTORIES["a base that depends"])
    assert loaded.heads == ("a1", "b2")
    assert loaded._real_heads == ("b2",)
    assert loaded.bases == ("a1", "b1")
    assert loaded._real_bases == ("a1",)


@pytest.mark.parametrize(
    ("rows", "error", "members"),
    [
        ([("a", "b"), ("b", "a")], CycleDetected, "a, b"),
        ([("x",), ("a", "b"), ("b", "a"), ("y", "x")], CycleDetected, "a, b"),
        (
            [("root",), ("a", ("root", "c")), ("b", "a"), ("c", "b"), ("top", "c")],
            CycleDetected,
            "a, b, c",
        ),
        ([("a", None, "b"), ("b", None, "a")], DependencyCycleDetected, "a, b"),
        (
            [("root",), ("b", "root", "c"), ("c", "b"), ("d", "c")],
            DependencyCycleDetected,
            "b, c",
        ),
        ([("a", None, None, "l"), ("b", "a"), ("c", "b", "l")], None, ""),
        (
            [("a", None, "l"), ("b", "a", None, "l")],
            DependencyCycleDetected,
            "a, b",
        ),
    ],
)
def test_cycles(rows: Any, error: Type[CycleDetected], members: str) -> None:
    """A cycle is found, and exactly the revisions that form it are named."""
    loaded = revision_map(history(*rows))
    if error is None:
        assert loaded.heads
        return
    with pytest.raises(error) as caught:
        loaded.heads  # noqa: B018
    assert type(caught.value) is error
    assert str(caught.value) == f"{error.kind} is detected in revisions ({members})"


def test_parent_that_does_not_exist() -> None:
    """A missing parent is a warning at loading, and an error where one walks into it."""
    loaded = revision_map(history(("aaaa1",), ("bbbb1",), ("cccc1", "aaaa2")))
    with pytest.warns(
        UserWarning,
        match=r"^Revision aaaa2 referenced from Revision\('cccc1', 'aaaa2'\) is not present$",
    ):
        assert loaded.heads == ("aaaa1", "bbbb1", "cccc1")
    assert _ids(loaded.iterate_revisions("bbbb1", "base")) == ["bbbb1"]
    with pytest.raises(MissingRevision) as caught:
        list(loaded.iterate_revisions("cccc1", "base"))
    assert caught.value.revision == "cccc1"
    assert caught.value.missing == "aaaa2"
    assert caught.value.relation == "down_revision"
    assert "did you mean 'aaaa1'?" in str(caught.value)


def test_dependency_that_does_not_exist() -> None:
    """A missing dependency is reported as one."""
    loaded = revision_map(history(("a",), ("b", "a", "zzz")))
    with pytest.warns(UserWarning, match="Revision zzz referenced from"):
        loaded.heads  # noqa: B018
    with pytest.raises(MissingRevision, match="names 'zzz' as its depends_on"):
        list(loaded.iterate_revisions("heads", "base"))


def test_same_identifier_twice() -> None:
    """Of two revisions with one id the later counts, with a warning, once."""
    loaded = RevisionMap(
        lambda: [Revision("a", None), Revision("b", None), Revision("b", "a")]
    )
    with pytest.warns(UserWarning, match="^Revision b is present more than once$"):
        assert loaded.heads == ("b",)


def test_same_identifier_in_two_files() -> None:
    """The warning names both files."""
    module: Any = types.ModuleType("m")
    module.down_revision = None
    loaded = RevisionMap(
        lambda: [Script(module, "a", "/v/one.py"), Script(module, "a", "/v/two.py")]
    )
    with pytest.warns(
        UserWarning,
        match="^Revision a is present more than once: in /v/one.py and in /v/two.py",
    ):
        assert loaded.heads == ("a",)


@pytest.mark.parametrize(
    "rows",
    [
        [("a", None, None, "l"), ("b", "a", None, "l")],
        [("a", None, None, "b"), ("b", "a")],
        [("a", None, None, "a")],
    ],
)
def test_label_that_is_taken(rows: Any) -> None:
    """A label that is another label or an identifier is refused."""
    with pytest.raises(RevisionError, match="^Branch name '.' in revision . already"):
        revision_map(history(*rows)).heads  # noqa: B018


def test_adding_a_revision() -> None:
    """What is added takes part in everything."""
    loaded = revision_map(ODD_HISTORIES["a line"])
    loaded.add_revision(Revision("e", "d", branch_labels="new"))
    assert loaded.heads == ("e",)
    assert _ids(loaded.get_revisions("new@head")) == ["e"]
    assert loaded.get_current_head() == "e"
    d = loaded.get_revision("d")
    assert d is not None
    assert d.nextrev == {"e"}


def test_adding_what_does_not_fit() -> None:
    """After a refused addition the history is as it was."""
    loaded = revision_map(ODD_HISTORIES["three labelled branches"])
    before = loaded.heads
    with pytest.raises(RevisionError, match="already used by revision red1"):
        loaded.add_revision(Revision("x", "red2", branch_labels="red"))
    assert loaded.heads == before
    red2 = loaded.get_revision("red2")
    assert red2 is not None
    assert red2.is_head


def test_replacing_a_revision() -> None:
    """Only a wanted replacement goes without a warning."""
    loaded = revision_map(ODD_HISTORIES["a line"])
    loaded.add_revision(Revision("d", "b"), _replace=True)
    assert loaded.heads == ("c", "d")
    with pytest.warns(UserWarning, match="Revision d is present more than once"):
        loaded.add_revision(Revision("d", "c"))
    assert loaded.heads == ("d",)


def test_missing_parents_are_warned_of_once() -> None:
    """Adding a revision does not repeat old warnings."""
    loaded = revision_map(history(("a", "gone")))
    with pytest.warns(UserWarning, match="Revision gone"):
        loaded.heads  # noqa: B018
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded.add_revision(Revision("b", "a"))


def test_the_same_revisions_in_a_new_map() -> None:
    """Revisions that were in one map carry nothing over into the next."""
    made = revisions(ODD_HISTORIES["dependencies across branches"])
    first = RevisionMap(lambda: made)
    assert first.heads == ("a3", "b3", "c1")
    second = RevisionMap(lambda: [r for r in made if not r.revision.startswith("c")])
    assert second._real_heads == ("a3", "b3")


def test_the_dictionary() -> None:
    """The map of all names has labels and the two signs of the base."""
    found = revision_map(ODD_HISTORIES["three labelled branches"])._revision_map
    assert found["red"] is found["red1"]
    assert found[None] is found[()] is None
    assert len(found) == 6 + 4 + 2


def test_current_head() -> None:
    """The head of the history, or of one branch."""
    loaded = revision_map(ODD_HISTORIES["three labelled branches"])
    assert loaded.get_current_head("green") == "green2"
    assert revision_map(()).get_current_head() is None
    with pytest.raises(MultipleHeads) as caught:
        loaded.get_current_head()
    assert str(caught.value) == (
        "Multiple heads are present for given argument 'head'; red2, green2, blue1"
    )


def test_filter_for_lineage() -> None:
    """What is neither below nor above a branch is left out; the rest keeps its form."""
    loaded = revision_map(ODD_HISTORIES["three labelled branches"])
    assert loaded.filter_for_lineage(["root", "red2", "blue1"], "red") == (
        "root",
        "red2",
    )
    kept = loaded.filter_for_lineage(loaded.get_revisions("heads"), "green@head")
    assert _ids(kept) == ["green2"]
    assert loaded.filter_for_lineage(["red2"], None) == ("red2",)
    across = revision_map(ODD_HISTORIES["dependencies across branches"])
    assert across.filter_for_lineage(["b2", "b1"], "a2") == ()
    assert across.filter_for_lineage(["b2", "b1"], "a2", include_dependencies=True) == (
        "b2",
    )


def test_ten_thousand_in_a_line() -> None:
    """A long history is loaded and planned without recursion."""
    size = 10_000
    loaded = RevisionMap(
        lambda: [Revision(f"r{n}", f"r{n - 1}" if n else None) for n in range(size)]
    )
    upward = _ids(loaded.iterate_revisions("head", "base", implicit_base=True))
    assert upward == [f"r{n}" for n in reversed(range(size))]
    downward = loaded.iterate_revisions(("r9999",), "r1", select_for_downgrade=True)
    assert len(list(downward)) == size - 2
