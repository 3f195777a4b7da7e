"""The order of columns in a table that is made anew."""

from __future__ import annotations

from typing import Any
from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.operations.batch.ordering import ColumnOrder
from alembic.operations.batch.ordering import partially_reordered
from alembic.util.exc import CommandError

PLACES = [
    ([("x", None, "a"), ("y", None, "a")], "axybc"),
    ([("x", "b", None), ("y", "b", None)], "axybc"),
    ([("x", None, "a"), ("y", None, "x")], "axybc"),
    ([("x", None, None), ("y", None, "c")], "abcyx"),
    ([("x", "c", "a")], "axbc"),
    ([("c", "a", None)], "cab"),
]


@pytest.mark.parametrize(("placed", "expected"), PLACES)
def test_columns_are_put_beside_others(placed: List[Any], expected: str) -> None:
    """A column stands right after or before the one it was put beside."""
    order = ColumnOrder("abc")
    for name, before, after in placed:
        order.place(name, before=before, after=after)
    assert "".join(order.names) == expected


@pytest.mark.parametrize(
    ("sequences", "expected"),
    [
        ([], "abcd"),
        (["da"], "bcda"),
        (["cb", "ba"], "cbad"),
        (["bd", "ca"], "bcad"),
        (["dcba"], "dcba"),
        (["cx", "xa"], "abcd"),
    ],
)
def test_partial_orders_are_kept(sequences: List[str], expected: str) -> None:
    """Columns of a sequence follow one another; the rest moves as little as it can."""
    assert "".join(partially_reordered("abcd", sequences)) == expected


@given(st.permutations(range(6)), st.data())
def test_any_partial_order_of_one_permutation(wanted: List[int], data: Any) -> None:
    """Sequences that agree with each other are all kept, and no column is lost."""
    subsets = st.lists(st.sampled_from(wanted), unique=True)
    sequences = [
        sorted(chosen, key=wanted.index)
        for chosen in data.draw(st.lists(subsets, max_size=4))
    ]
    result = partially_reordered(range(6), sequences)
    assert sorted(result) == list(range(6))
    for sequence in sequences:
        assert sorted(sequence, key=result.index) == sequence


def test_contradictions_are_refused() -> None:
    """Sequences that cannot all be kept are refused, with the columns."""
    with pytest.raises(CommandError, match="a, b would each have to stand before"):
        partially_reordered("abc", ["ab", "ba"])
