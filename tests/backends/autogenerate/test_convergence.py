"""Random pairs of schemas: what is generated runs, and then nothing is left."""

from __future__ import annotations

import os
import warnings

import pytest
from sqlalchemy.exc import SAWarning

from tests.support.convergence import generate
from tests.support.convergence import round_trip
from tests.support.random_schemas import build
from tests.support.random_schemas import Generator

PAIRS = int(os.environ.get("ALEMBIC_CONVERGENCE_PAIRS", "60"))
"""How many pairs on each database; 500 in the long run."""


def specs(dialect: str, seed: int):
    generator = Generator(dialect, seed)
    before = generator.schema()
    generator.repair(before)
    if seed % 3:
        after = generator.mutate(before)
    else:
        after = generator.schema()
        generator.repair(after)
    return generator, before, after


@pytest.mark.parametrize("seed", range(PAIRS))
@pytest.mark.parametrize("empty", ["sqlite", "postgresql", "mariadb"], indirect=True)
def test_any_schema_leads_to_any_other_and_back(empty, seed) -> None:
    """Upgrade and downgrade run, and neither leaves a difference behind."""
    generator, before, after = specs(empty.dialect_name, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        round_trip(
            empty.engine,
            lambda metadata: build(before, generator, metadata),
            lambda metadata: build(after, generator, metadata),
        )


@pytest.mark.parametrize("seed", range(1000, 1020))
@pytest.mark.parametrize("empty", ["sqlite", "postgresql", "mariadb"], indirect=True)
def test_unchanged_tables_are_left_alone_for_speed_only(empty, seed) -> None:
    """The same is generated when every table is built and compared."""
    generator, before, after = specs(empty.dialect_name, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        with empty.engine.begin() as connection:
            build(before, generator).create_all(connection)
        # a filter sees every object, so that none can be left out
        _, slow, _ = generate(
            empty.engine, build(after, generator), include_object=lambda *args: True
        )
        _, fast, _ = generate(empty.engine, build(after, generator))
    assert fast == slow
