"""Every form of a name, on histories of several shapes."""

from __future__ import annotations

from typing import Any
from typing import List

import pytest

from alembic.script.revision import MultipleHeads
from alembic.script.revision import RangeNotAncestorError
from alembic.script.revision import ResolutionError
from alembic.script.revision import RevisionError
from alembic.script.revision import RevisionMap
from tests.support.histories import history
from tests.support.histories import revision_map

BUSHY = history(
    ("aaa1",),
    ("aab2", "aaa1", None, "lab"),
    ("aab3", "aab2"),
    ("c001", "aaa1", None, "aabel"),
    ("c002", "c001"),
    ("x001", None, None, "my-branch"),
    ("x002", "x001", "aab2"),
    ("x003", "x002", ("lab", "c001")),
    ("mm01", ("aab3", "c002")),
    ("mm02", "mm01"),
)


@pytest.fixture(name="bushy")
def bushy_fixture() -> RevisionMap:
    """A history with two heads, a merge, labels and dependencies."""
    return revision_map(BUSHY)


def _ids(found: Any) -> List[str]:
    return [one.revision for one in found]


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        (None, []),
        ((), []),
        ("base", []),
        ("lab@base", []),
        ("heads", ["x003", "mm02"]),
        ("aaa1", ["aaa1"]),
        ("aaa", ["aaa1"]),
        ("mm02", ["mm02"]),
        ("lab", ["aab2"]),
        ("aabe", ["c001"]),
        ("lab@head", ["mm02"]),
        ("lab@heads", ["mm02"]),
        ("my-branch@head", ["x003"]),
        ("my-br@heads", ["x003"]),
        ("c001@head", ["mm02"]),
        ("c00@head", None),
        ("lab@aab3", ["aab3"]),
        ("my-branch@x003", ["x003"]),
        ("my-branch@x00", None),
        (("aaa1", "x001"), ["aaa1", "x001"]),
        (["heads"], ["x003", "mm02"]),
        ("-1", ["x002", "mm01"]),
        ("lab@-1", ["mm01"]),
        ("mm02-1", ["mm01"]),
        ("x003-2", ["x001"]),
        ("x003-3", []),
        ("x001+2", ["x003"]),
        ("x001+0", ["x001"]),
        ("lab@aaa1+2", ["aab3"]),
        ("my-branch@head-1", ["x002"]),
        ("lab@base+2", ["aab2"]),
        ("lab@mm02-2", ["aab3"]),
    ],
)
def test_what_names_mean(bushy: RevisionMap, name: Any, ids: Any) -> None:
    """A name means its revisions; some mean too many."""
    if ids is None:
        with pytest.raises(ResolutionError, match="Multiple revisions start with"):
            bushy.get_revisions(name)
    else:
        assert _ids(bushy.get_revisions(name)) == ids


@pytest.mark.parametrize(
    ("name", "error", "text"),
    [
        ("nope", ResolutionError, "No such revision or branch 'nope'"),
        (
            "zz",
            ResolutionError,
            "No such revision or branch 'zz'; please ensure at least four characters "
            "are present for partial revision identifier matches",
        ),
        (
            "aab",
            ResolutionError,
            "Multiple revisions start with 'aab': 'aab2', 'aab3', 'aabel'...",
        ),
        ("lab@c002", ResolutionError, "Revision c002 is not a member of branch 'lab'"),
        ("nope@head", ResolutionError, "No such branch: 'nope'"),
        ("nope@base", ResolutionError, "No such branch: 'nope'"),
        ("nope@x001", ResolutionError, "No such branch: 'nope'"),
        (
            "head",
            MultipleHeads,
            "Multiple heads are present for given argument 'head'; x003, mm02",
        ),
        ("x003-4", RevisionError, "Walked too far: x003-4 is below the base"),
        (
            "x001+7",
            RevisionError,
            "Relative revision x001+7 didn't produce 7 migrations",
        ),
        (
            "aaa1+1",
            RevisionError,
            "Ambiguous walk: from aaa1 the way leads to aab2 and to c001; name one of "
            "them instead of counting",
        ),
        (
            "mm02-2",
            RevisionError,
            "Ambiguous walk: from mm01 the way leads to aab3 and to c002; name one of "
            "them instead of counting",
        ),
    ],
)
def test_names_that_mean_nothing(
    bushy: RevisionMap, name: str, error: Any, text: str
) -> None:
    """A name that cannot be followed is refused with the reason."""
    with pytest.raises(error) as caught:
        bushy.get_revisions(name)
    assert str(caught.value) == text


def test_one_revision(bushy: RevisionMap) -> None:
    """`get_revision` gives one, or None for the base, never several."""
    found = bushy.get_revision("lab@head")
    assert found is not None
    assert found.revision == "mm02"
    assert bushy.get_revision("base") is None
    assert bushy.get_revision(None) is None
    with pytest.raises(MultipleHeads):
        bushy.get_revision("heads")


def test_resolve_branch(bushy: RevisionMap) -> None:
    """A branch is known by its label or by any of its revisions."""
    assert bushy._resolve_branch("lab").revision == "aab2"
    assert bushy._resolve_branch("c002").revision == "c002"
    with pytest.raises(ResolutionError, match="No such branch: 'nope'"):
        bushy._resolve_branch("nope")


def test_several_heads_on_one_branch() -> None:
    """``label@head`` is refused where the branch has branched again."""
    found = revision_map(
        history(("a", None, None, "l"), ("b", "a"), ("c", "a"), ("z",))
    )
    assert _ids(found.get_revisions("l@heads")) == ["b", "c"]
    with pytest.raises(MultipleHeads, match="given argument 'l@head'; b, c"):
        found.get_revisions("l@head")


@pytest.mark.parametrize(
    ("upper", "lower", "ids"),
    [
        ("mm02", "aab2", ["mm02", "mm01", "aab3"]),
        ("mm02", ("aab2", "c001"), ["mm02", "mm01", "aab3", "c002"]),
        ("mm02", "mm02", []),
        ("x003", "x001", ["x003", "x002"]),
        ("x003", "base", ["x003", "x002", "x001", "c001", "aab2", "aaa1"]),
        ("heads", "mm02", []),
        ("heads", "my-branch@base", ["x003", "x002", "x001", "c001", "aab2", "aaa1"]),
        ("lab@+1", "aaa1", ["aab2"]),
        ("+2", "aab2", ["mm01", "aab3"]),
        ("aab2+1", "aab2", ["aab3"]),
        ("current", "aab2", []),
        ("+0", "aab2", []),
        ("base", None, []),
    ],
)
def test_ranges(bushy: RevisionMap, upper: Any, lower: Any, ids: List[str]) -> None:
    """A range is what comes after its lower end, up to its upper end."""
    assert _ids(bushy.iterate_revisions(upper, lower)) == ids
    lowest = _ids(bushy.get_revisions(lower))
    inclusive = _ids(bushy.iterate_revisions(upper, lower, inclusive=True))
    assert sorted(inclusive) == sorted(set(ids + lowest))


@pytest.mark.parametrize(
    ("upper", "lower", "ids"),
    [
        ("mm02", "aab2", ["mm02", "mm01", "aab3", "c002", "c001"]),
        ("x003", "x001", ["x003", "x002", "aab2", "c001", "aaa1"]),
        ("mm02", "x001", ["mm02", "mm01", "aab3", "aab2", "c002", "c001", "aaa1"]),
        ("aaa1", "mm02", []),
    ],
)
def test_ranges_from_an_implicit_base(
    bushy: RevisionMap, upper: Any, lower: Any, ids: List[str]
) -> None:
    """With the base implied, all that the upper end needs is in the range."""
    assert _ids(bushy.iterate_revisions(upper, lower, implicit_base=True)) == ids


@pytest.mark.parametrize(
    ("upper", "lower", "text"),
    [
        ("mm02", "x001", "Revision x001 is not an ancestor of revision mm02"),
        ("base", "mm02", "Revision mm02 is not an ancestor of revision base"),
        (
            "x003",
            ("x001", "mm01"),
            "Revision ('x001', 'mm01') is not an ancestor of revision x003",
        ),
    ],
)
def test_ends_on_different_lines(
    bushy: RevisionMap, upper: Any, lower: Any, text: str
) -> None:
    """A range whose ends are not on one line is refused."""
    with pytest.raises(RangeNotAncestorError) as caught:
        list(bushy.iterate_revisions(upper, lower))
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("target", "current", "text"),
    [
        ("+5", "aab2", "Relative revision +5 didn't produce 5 migrations"),
        ("-1", "aab2", "Relative revision -1 didn't produce 1 migrations"),
        (
            "+1",
            ("aab3", "c002"),
            "Ambiguous upgrade from multiple current revisions: +1 may be counted from "
            "aab3 or from c002; name the branch, as in aab3@+1",
        ),
        (
            "aaa1@+1",
            ("x003",),
            "Ambiguous upgrade from multiple current revisions: aaa1@+1 may be counted "
            "from aab2 or from c001; name the branch, as in aab2@+1",
        ),
        (
            "heads",
            ("aab2", "aaa1"),
            "Requested revision aab2 overlaps with other requested revisions aaa1",
        ),
    ],
)
def test_upgrades_that_cannot_be_counted(
    bushy: RevisionMap, target: str, current: Any, text: str
) -> None:
    """A count that leads nowhere, or to several places, is refused."""
    with pytest.raises(RevisionError) as caught:
        list(bushy.iterate_revisions(target, current, implicit_base=True))
    assert str(caught.value) == text


def test_counts_that_may_fall_short(bushy: RevisionMap) -> None:
    """On request, counting goes as far as there are revisions."""
    up = bushy.iterate_revisions("+9", "aab3", assert_relative_length=False)
    assert _ids(up) == ["mm02", "mm01"]
    down = bushy.iterate_revisions(
        ("x002",), "-9", select_for_downgrade=True, assert_relative_length=False
    )
    assert _ids(down) == ["x002", "x001"]


@pytest.mark.parametrize(
    ("current", "target", "ids"),
    [
        (("mm02",), "-1", ["mm02"]),
        (("x003",), "-3", ["x003", "x002", "x001"]),
        (("mm02", "x003"), "my-branch@-2", ["x003", "x002"]),
        (("mm02", "x003"), "lab@-2", ["mm02", "mm01"]),
        (("mm02", "x003"), "my-branch@base", ["x003", "x002", "x001"]),
        (("aab3", "c002"), "lab@aaa1", ["aab3", "aab2"]),
        (("aab3", "c002"), "aaa1", ["aab3", "aab2", "c002", "c001"]),
        (("aab3", "c002"), "aab3-1", ["aab3"]),
        (("x003", "c002"), "x001-1", ["x003", "x002", "x001"]),
        (("mm02", "x003"), "aab2", ["mm02", "mm01", "aab3"]),
        (("mm02",), "mm02", []),
        (("mm02",), "current", []),
        (("aab3",), "my-branch@base", []),
        ((), "base", []),
        (("mm02",), "-0", []),
    ],
)
def test_downgrades(
    bushy: RevisionMap, current: Any, target: str, ids: List[str]
) -> None:
    """Going down takes away what the name says, and leaves other branches alone."""
    found = bushy.iterate_revisions(current, target, select_for_downgrade=True)
    assert _ids(found) == ids


@pytest.mark.parametrize(
    ("current", "target", "text"),
    [
        (
            ("mm02", "x003"),
            "-1",
            "Ambiguous downgrade from multiple current revisions: -1 may be counted "
            "from mm02 or from x003; name the branch, as in mm02@-1",
        ),
        ((), "-1", "Relative revision -1 didn't produce 1 migrations"),
        (("mm02",), "+1", "Relative revision +1 didn't produce 1 migrations"),
        (("x003",), "-4", "Relative revision -4 didn't produce 4 migrations"),
        (("aab3",), "my-branch@-1", "Relative revision -1 didn't produce 1 migrations"),
        (("x003",), "aab2", "Revision aab2 is not an ancestor of revision ('x003',)"),
        (("aab2",), "aab3", "Revision aab3 is not an ancestor of revision ('aab2',)"),
    ],
)
def test_downgrades_that_are_refused(
    bushy: RevisionMap, current: Any, target: str, text: str
) -> None:
    """Going down to where one is not, or by an ambiguous count, is refused."""
    with pytest.raises(RevisionError) as caught:
        list(bushy.iterate_revisions(current, target, select_for_downgrade=True))
    assert str(caught.value) == text


def test_downgrade_inclusive(bushy: RevisionMap) -> None:
    """On request the destination is part of what is listed."""
    found = bushy.iterate_revisions(
        ("aab3",), "aab2", inclusive=True, select_for_downgrade=True
    )
    assert _ids(found) == ["aab3", "aab2"]


def test_revisions_called_like_symbols() -> None:
    """A revision cannot take the meaning of a symbol away."""
    found = revision_map(history(("base",), ("head", "base"), ("x", "head")))
    assert _ids(found.get_revisions("head")) == ["x"]
    assert _ids(found.get_revisions("base")) == []
    assert _ids(found.iterate_revisions("head", "base")) == ["x", "head", "base"]
