"""Which indexes MySQL made for foreign keys."""

from __future__ import annotations

import pytest

from alembic.autogenerate.compare.mysql import is_index_of_foreign_key


@pytest.mark.parametrize(
    ("index", "columns", "expected"),
    [
        ("fk", ["a"], True),
        ("a", ["a"], True),
        ("a_2", ["a"], True),
        ("a_x", ["a"], False),
        ("ix", ["a"], False),
        ("fk", ["b"], False),
        ("fk", ["a", "b"], False),
    ],
)
def test_an_index_of_a_foreign_key(index, columns, expected) -> None:
    """It has the key's columns, and the key's name or that of its first column."""
    assert is_index_of_foreign_key(index, columns, "fk", ["a"]) is expected


def test_a_name_is_no_pattern() -> None:
    """A column name is compared as it is."""
    assert not is_index_of_foreign_key("axb", ["a.b"], "fk", ["a.b"])
