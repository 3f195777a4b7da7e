"""alembic.util.sequences: values and sequences."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.util import asbool
from alembic.util import dedupe_tuple
from alembic.util import immutabledict
from alembic.util import not_none
from alembic.util import rev_id
from alembic.util import to_list
from alembic.util import to_tuple
from alembic.util import unique_list


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("abc", ("abc",)),
        (None, None),
        (["a", "b"], ("a", "b")),
        (("a",), ("a",)),
        (5, (5,)),
        ((), ()),
    ],
)
def test_to_tuple_and_to_list_take_a_string_for_one_value(value, expected):
    """None stays None, a string or number is one value, an iterable is unpacked."""
    assert to_tuple(value) == expected
    assert to_list(value) == (None if expected is None else list(expected))


def test_default_stands_for_none_only():
    """The default replaces None but not an empty sequence."""
    assert to_tuple(None, ()) == ()
    assert to_list(None, []) == []
    assert to_tuple([], ("x",)) == ()


@given(st.lists(st.text(max_size=2)))
def test_uniqueness_keeps_the_first_and_the_order(values):
    """Each element stays once, where it was seen first."""
    once = unique_list(values)
    assert sorted(set(values)) == sorted(once)
    assert [values.index(v) for v in once] == sorted(values.index(v) for v in once)
    assert dedupe_tuple(tuple(values)) == tuple(once)


@pytest.mark.parametrize("word", ["true", "YES", " on ", "y", "t", "1", True, 7])
def test_asbool_true(word):
    """Words for yes are true in any case."""
    assert asbool(word) is True


@pytest.mark.parametrize("word", ["false", "No", "off", "n", "f", "0", False, None, 0])
def test_asbool_false(word):
    """Words for no are false, as is nothing."""
    assert asbool(word) is False


def test_asbool_refuses_other_words():
    """A word that is neither is an error that quotes it."""
    with pytest.raises(ValueError, match="String is not true/false: 'maybe'"):
        asbool("maybe")


def test_rev_id_is_twelve_hex_digits_and_new():
    """Identifiers fit the version table and do not repeat."""
    ids = {rev_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch("[0-9a-f]{12}", one) for one in ids)


def test_not_none():
    """A value passes through, None is refused."""
    assert not_none(0) == 0
    with pytest.raises(AssertionError):
        not_none(None)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.__setitem__("a", 2),
        lambda d: d.__delitem__("a"),
        lambda d: d.clear(),
        lambda d: d.pop("a"),
        lambda d: d.popitem(),
        lambda d: d.setdefault("b", 1),
        lambda d: d.update(b=1),
        lambda d: d.__ior__({"b": 1}),
    ],
)
def test_immutabledict_refuses_changes(change):
    """Every way of changing it raises and leaves it alone."""
    value = immutabledict({"a": 1})
    with pytest.raises(TypeError, match="immutable"):
        change(value)
    assert value == {"a": 1}


def test_immutabledict_makes_new_ones():
    """Union, copying, pickling and hashing give equal immutable ones."""
    value = immutabledict({"a": 1})
    assert value.union({"b": 2}) == {"a": 1, "b": 2}
    assert type(value.union(None)) is immutabledict
    assert copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value
    assert hash(value) == hash(immutabledict({"a": 1}))
