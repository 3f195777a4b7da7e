"""The order in which revisions are listed."""

from __future__ import annotations

from typing import Any
from typing import List

import pytest

from tests.support.histories import history
from tests.support.histories import revision_map

LEAVES = [
    ("a1",),
    ("b1", "a1"),
    ("c1", "a1"),
    ("d1", "a1"),
    ("b2", "b1"),
    ("c2", "c1"),
    ("d2", "d1"),
]


# the orders of Alembic 1.20.1, where dependencies leave it no choice
@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        (LEAVES, "b2 b1 c2 c1 d2 d1 a1"),
        (LEAVES[::-1], "d2 d1 c2 c1 b2 b1 a1"),
        ([*LEAVES, ("m", ("d2", "c2", "b2"))], "m d2 d1 c2 c1 b2 b1 a1"),
        (
            [
                ("a1",),
                ("b1",),
                ("b2", "b1"),
                ("b3", "b2"),
                ("a2", "a1", "b2"),
                ("a3", "a2"),
            ],
            "b3 a3 a2 a1 b2 b1",
        ),
        (
            [
                ("c1", None, "b1"),
                ("c2", "c1", "a2"),
                ("b1",),
                ("b2", "b1"),
                ("b3", "b2"),
            ]
            + [("a1",), ("a2", "a1", "b2"), ("a3", "a2")],
            "c2 c1 b3 a3 a2 a1 b2 b1",
        ),
        (
            [("r1", "r0"), ("r2", ("r1", "r0")), ("r3", "r0"), ("r4", ("r1", "r0"))]
            + [("r0",)],
            "r2 r4 r3 r1 r0",
        ),
    ],
)
def test_order_of_a_listing(rows: Any, ids: str) -> None:
    """A line is followed to its end before the next, first parents first."""
    found = revision_map(history(*rows)).iterate_revisions("heads", "base")
    assert [one.revision for one in found] == ids.split()


def test_many_branches_off_one_base() -> None:
    """Thousands of branches are listed without crossing all of them for each."""
    size = 3000
    rows: List[Any] = [("root",)]
    rows += [(f"b{n:04}", "root") for n in range(size)]
    found = revision_map(history(*rows)).iterate_revisions("heads", "base")
    assert [one.revision for one in found] == [
        *(f"b{n:04}" for n in range(size)),
        "root",
    ]
