"""The order of tables by what they refer to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy.sql import ddl

from alembic.sqla import dependencies
from alembic.sqla.dependencies import sorted_by_dependency

COUNT = 7
NUMBERS = st.integers(0, COUNT - 1)


def tables(references, use_alter=False):
    """Return tables, each with a foreign key for each pair it is the first of."""
    metadata = MetaData()
    for number in range(COUNT):
        Table(
            f"t{number}",
            metadata,
            Column("id", Integer, primary_key=True),
            *(
                Column(
                    f"to_{target}",
                    ForeignKey(f"t{target}.id", use_alter=use_alter, name=f"f{number}"),
                )
                for source, target in references
                if source == number
            ),
        )
    return list(metadata.tables.values())


def by_sqlalchemy(given):
    return [
        table for table, _ in ddl.sort_tables_and_constraints(given) if table in given
    ]


@given(st.sets(st.tuples(NUMBERS, NUMBERS), max_size=9), st.permutations(range(COUNT)))
def test_the_order_is_that_of_sqlalchemy(references, order):
    """Whatever refers to what, in circles and to itself too."""
    made = tables(references)
    given = [made[number] for number in order]
    assert sorted_by_dependency(given) == by_sqlalchemy(given)
    # what some of them refer to may not be among them
    some = given[: COUNT // 2]
    expected = [table for table in by_sqlalchemy(some) if table in some]
    assert sorted_by_dependency(some) == expected


def test_a_chain_of_tables_is_no_work_for_sqlalchemy(monkeypatch):
    """It would compare each table with all that are left, again and again."""
    made = tables([(2, 2), *((number, number + 1) for number in range(COUNT - 1))])
    monkeypatch.setattr(dependencies, "_by_sqlalchemy", None)
    assert sorted_by_dependency(made) == made[::-1]


@pytest.mark.parametrize("use_alter", [True, False])
def test_keys_that_come_later_do_not_count(use_alter):
    """A foreign key that is added by ALTER TABLE does not need its target at once."""
    made = tables([(0, 1)], use_alter)
    found = sorted_by_dependency(made)
    assert (found.index(made[0]) < found.index(made[1])) is use_alter


def test_dependencies_that_are_stated_count():
    """``Table.add_is_dependent_on()`` tells what no foreign key does."""
    made = tables([])
    made[0].add_is_dependent_on(made[COUNT - 1])
    found = sorted_by_dependency(made)
    assert found == by_sqlalchemy(made)
    assert found[-1] is made[0]
