"""Random pairs of schemas: what is generated runs, and then nothing is left."""

from __future__ import annotations

import os
import warnings
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SAWarning

from tests.support.convergence import generate
from tests.support.convergence import round_trip
from tests.support.random_metadata import build
from tests.support.random_metadata import insert_rows
from tests.support.random_metadata import ROWS
from tests.support.random_schemas import pair
from tests.support.versions import has
from tests.support.versions import needs

PAIRS = int(os.environ.get("ALEMBIC_CONVERGENCE_PAIRS", "60"))
"""How many pairs on each database; 500 in the long run."""

FIRST = int(os.environ.get("ALEMBIC_CONVERGENCE_FIRST", "0"))
"""The seed of the first pair; another one for other pairs."""

BACKENDS = [
    "sqlite",
    "postgresql",
    # before, it does not read a comment behind a default with a sign or a fraction
    pytest.param("mariadb", marks=needs("1.3.24")),
]


@pytest.fixture
def schemas(empty) -> Iterator[List[Optional[str]]]:
    """The schemas that tables may name: none, the default one, and another."""
    if empty.name == "sqlite":
        yield [None]
        return
    default = empty.engine.url.database if empty.name == "mariadb" else "public"
    other = f"{empty.engine.url.database}_other"
    cascade = "" if empty.name == "mariadb" else " CASCADE"
    empty.execute(f"DROP SCHEMA IF EXISTS {other}{cascade}", f"CREATE SCHEMA {other}")
    yield [None, default, other]
    if empty.name == "mariadb":
        empty.execute("SET foreign_key_checks = 0", f"DROP SCHEMA {other}")


def options(schemas: List[Optional[str]]) -> Dict[str, Any]:
    return {
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name in schemas,
    }


def count_rows(connection: Any, table: Any) -> int:
    count: Any = sa.func.count()
    query = sa.select(count) if has("1.4") else sa.select([count])
    return connection.execute(query.select_from(table)).scalar()


@pytest.mark.parametrize("seed", range(FIRST, FIRST + PAIRS))
@pytest.mark.parametrize("empty", BACKENDS, indirect=True)
def test_any_schema_leads_to_any_other_and_back(empty, schemas, seed) -> None:
    """Upgrade and downgrade run, leave no difference, and no row is lost on the way."""
    dialect = empty.dialect_name
    before, after = pair(dialect, seed, schemas)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        round_trip(
            empty.engine,
            lambda metadata: build(before, dialect, metadata),
            lambda metadata: build(after, dialect, metadata),
            fill=lambda connection: insert_rows(before, dialect, connection),
            **options(schemas),
        )
        kept = [
            table
            for table in build(before, dialect).tables.values()
            if table.key in build(after, dialect).tables
        ]
        with empty.engine.connect() as connection:
            counts = [count_rows(connection, table) for table in kept]
    assert set(counts) <= {ROWS}


@pytest.mark.parametrize("seed", range(1000, 1020))
@pytest.mark.parametrize("empty", BACKENDS, indirect=True)
def test_unchanged_tables_are_left_alone_for_speed_only(empty, seed) -> None:
    """The same is generated when every table is built and compared."""
    dialect = empty.dialect_name
    before, after = pair(dialect, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        with empty.engine.begin() as connection:
            build(before, dialect).create_all(connection)
        # a filter sees every object, so that none can be left out
        _, slow, _ = generate(
            empty.engine, build(after, dialect), include_object=lambda *args: True
        )
        _, fast, _ = generate(empty.engine, build(after, dialect))
    assert fast == slow
