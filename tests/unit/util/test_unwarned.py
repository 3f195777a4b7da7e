"""Blocks without warnings, which may overlap."""

from __future__ import annotations

import warnings
from typing import Iterator
from typing import Type

import pytest

from alembic.util.unwarned import unwarned


@pytest.fixture(autouse=True)
def everything_is_an_error() -> Iterator[None]:
    """Filters of this test's own."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def is_shown(category: Type[Warning] = UserWarning) -> bool:
    """Whether a warning is not ignored."""
    try:
        warnings.warn("a word", category, stacklevel=1)
    except Warning:
        return True
    return False


def test_ignored_in_the_block() -> None:
    """A warning is ignored in the block, also where it was one before, and not after."""
    assert is_shown()
    for _ in range(2):
        with unwarned():
            assert not is_shown()
        assert is_shown()


def test_of_one_category() -> None:
    """With a category, the others are still shown."""
    with unwarned(RuntimeWarning):
        assert not is_shown(RuntimeWarning)
        assert is_shown()


def test_the_first_to_begin_ends_first() -> None:
    """As in two threads: the one that goes on is left alone, and nothing remains."""
    before = list(warnings.filters)
    one, other = unwarned(), unwarned()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert not is_shown()
    other.__exit__(None, None, None)
    assert is_shown()
    assert warnings.filters == before


def test_filters_of_others_stay() -> None:
    """What somebody else filters meanwhile is not taken away, be it the same."""
    with unwarned():
        warnings.simplefilter("ignore")
    assert not is_shown()


@pytest.mark.parametrize("theirs_ends_first", [True, False])
def test_overlapping_with_filters_that_are_put_back(theirs_ends_first: bool) -> None:
    """A block of `catch_warnings` in another thread does not keep ours for ever."""
    ours, theirs = unwarned(), warnings.catch_warnings()
    ours.__enter__()
    theirs.__enter__()
    for block in (theirs, ours) if theirs_ends_first else (ours, theirs):
        block.__exit__(None, None, None)
    assert is_shown()


def test_a_block_that_fails() -> None:
    """An error leaves nothing behind."""
    with pytest.raises(ZeroDivisionError), unwarned():
        raise ZeroDivisionError
    assert is_shown()
