"""The order in which tables are dropped."""

from __future__ import annotations

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from alembic.autogenerate.compare.sorting import children_first
from alembic.autogenerate.compare.sorting import parents_first


def tables(edges, count):
    metadata = sa.MetaData()
    return [
        sa.Table(
            f"t{n:02}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *[
                sa.Column(f"r{target}", sa.ForeignKey(f"t{target:02}.id"))
                for source, target in sorted(edges)
                if source == n
            ],
        )
        for n in range(count)
    ]


def names(found):
    return [table.name for table in found]


def test_independent_tables_keep_their_order() -> None:
    """Tables that do not depend on each other stay as they were given."""
    assert names(parents_first(tables([], 3))) == ["t00", "t01", "t02"]


def test_a_parent_comes_before_its_child() -> None:
    """A table follows the one it refers to, and precedes it when dropped."""
    given_tables = tables([(0, 2)], 3)
    assert names(parents_first(given_tables)) == ["t02", "t00", "t01"]
    assert names(children_first(given_tables)) == ["t01", "t00", "t02"]


def test_a_circle_is_no_obstacle() -> None:
    """Tables of a circle all come out, once."""
    found = names(parents_first(tables([(0, 1), (1, 0), (2, 2)], 3)))
    assert sorted(found) == ["t00", "t01", "t02"]


def test_tables_that_are_not_there_do_not_matter() -> None:
    """A reference to a table that is not sorted changes nothing."""
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("x", sa.ForeignKey("gone.id")))
    assert names(parents_first([table])) == ["t"]


def test_a_long_chain_needs_no_recursion() -> None:
    """Three thousand tables in a row are sorted."""
    count = 3000
    chain = tables([(n, n + 1) for n in range(99)], 100)
    assert names(parents_first(chain)) == names(chain[::-1])
    metadata = sa.MetaData()
    long = [
        sa.Table(f"x{n}", metadata, sa.Column("id", sa.ForeignKey(f"x{n + 1}.id")))
        for n in range(count)
    ]
    assert names(parents_first(long)) == names(long[::-1])


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_any_graph_without_circles_is_in_order(edges) -> None:
    """Where edges only lead down, every parent stands before its children."""
    edges = {(max(edge), min(edge)) for edge in edges if edge[0] != edge[1]}
    found = names(parents_first(tables(edges, 8)))
    for source, target in edges:
        assert found.index(f"t{target:02}") < found.index(f"t{source:02}")
