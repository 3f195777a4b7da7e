"""GeoAlchemy2's tools for Alembic on this project.

The databases of the tests have no PostGIS, so what is generated is written as SQL and
not run.
"""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side

pytestmark = pytest.mark.peer


def generate(side: Side) -> None:
    """Generate tables, columns and indexes that are spatial."""
    side.stage(1, "revision --autogenerate -m roads --rev-id a1", "upgrade head")
    side.revision("a1")
    side.stage(2, "revision --autogenerate -m places --rev-id b2")
    side.revision("b2")
    if side.database.name == "postgresql":
        # SQLite's part of the library has to ask the database
        side.stage(2, "upgrade a1:b2 --sql")
    side.stage(2, "downgrade b2:a1 --sql", "check")


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_what_is_generated(stage, backend):
    """The rewriter, the renderers and the operations of the library do the same."""
    ours = stage.agree(generate, "places", backend)
    assert "op.create_geospatial_table('place'" in ours.seen[3]["code"]
