"""Revisions as text, in the form that scripts parse."""

from __future__ import annotations

from typing import Any
from typing import Dict

import pytest

from alembic.script.revision import RevisionMap
from alembic.script.script import Script
from tests.support.histories import history
from tests.support.histories import scripts

ROWS = history(
    ("a",),
    ("b", "a", None, ("l2", "l1")),
    ("c", "a"),
    ("m", ("b", "c")),
    ("t",),
    ("v", None, ("l1", "t")),
)


def _script(id_: str, current: bool = False) -> Script:
    found: Any = RevisionMap(lambda: scripts(ROWS)).get_revision(id_)
    found._db_current_indicator = current
    return found


@pytest.mark.parametrize(
    ("id_", "options", "text"),
    [
        ("a", {}, "a (branchpoint)"),
        ("a", {"tree_indicators": False}, "a"),
        ("a", {"include_parents": True}, "<base> -> a (branchpoint)"),
        ("b", {"include_branches": True}, "b (l1, l2)"),
        ("m", {}, "m (head) (mergepoint)"),
        ("m", {"tree_indicators": False}, "m (head)"),
        (
            "m",
            {"include_branches": True, "include_doc": True, "include_parents": True},
            "b, c -> m (l1, l2) (head) (mergepoint), message of m",
        ),
        ("t", {}, "t (effective head)"),
        ("v", {"include_parents": True}, "<base> (l1, t) -> v (head)"),
    ],
)
def test_one_line(id_: str, options: Dict[str, bool], text: str) -> None:
    """The line of a revision has what was asked for, in a fixed order."""
    assert _script(id_).cmd_format(False, **options) == text


def test_current() -> None:
    """A revision that the database is at is marked."""
    assert _script("a", True).cmd_format(False) == "a (current) (branchpoint)"
    assert _script("m", True).cmd_format(False) == "m (head) (current) (mergepoint)"
    first = _script("m", True).cmd_format(True).splitlines()[0]
    assert first == "Rev: m (head) (mergepoint) (current)"


def test_head_only() -> None:
    """Nothing is said about heads when neither kind of sign is wanted."""
    script = _script("m")
    assert script._head_only(tree_indicators=False, head_indicators=False) == "m"
    assert str(script) == "b, c -> m (head) (mergepoint), message of m"


@pytest.mark.parametrize(
    ("id_", "lines"),
    [
        (
            "a",
            ["Rev: a (branchpoint)", "Parent: <base>", "Branches into: b, c"]
            + ["Path: /versions/a.py", "", "    message of a"],
        ),
        (
            "m",
            ["Rev: m (head) (mergepoint)", "Merges: b, c", "Branch names: l1, l2"]
            + ["Path: /versions/m.py", "", "    message of m"],
        ),
        (
            "v",
            ["Rev: v (head)", "Parent: <base>", "Also depends on: l1, t"]
            + ["Path: /versions/v.py", "", "    message of v"],
        ),
    ],
)
def test_block(id_: str, lines: Any) -> None:
    """The block of a revision names its relations, its file and its docstring."""
    assert _script(id_).log_entry == "\n".join(lines) + "\n"


def test_docstrings() -> None:
    """The first paragraph goes into lines, the whole into blocks."""
    script = _script("c")
    script.module.__doc__ = "\n\n  First\nline.\n\n  Second.\n\n"
    assert script.doc == "First\nline."
    assert script.longdoc == "First\nline.\n\n  Second."
    assert script.log_entry.endswith("\n\n    First\n    line.\n    \n      Second.\n")
    script.module.__doc__ = None
    assert script.doc == script.longdoc == ""
    assert script.log_entry.endswith("Path: /versions/c.py\n\n\n")
