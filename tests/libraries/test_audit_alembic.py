"""Audit-Alembic on this project: a callback for each step that is applied."""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side

pytestmark = pytest.mark.peer


def grow(side: Side) -> None:
    """Move in each way that makes a record."""
    side.stage(
        1,
        "revision --autogenerate -m one --rev-id a1",
        "upgrade head",
        "revision -m two --rev-id b2",
        "revision -m three --rev-id c3 --head a1 --splice",
        "upgrade heads",
        "merge heads -m four --rev-id d4",
        "upgrade head",
        "downgrade -2",
        "stamp heads",
    )
    rows = side.database.execute("SELECT * FROM alembic_version_history ORDER BY 1")
    plain = [
        {k: v for k, v in row._mapping.items() if "chang" not in k and k != "id"}
        for row in rows
    ]
    side.look("record", plain)


def test_the_record_is_the_same(stage):
    """Each step calls back with the same facts."""
    stage.agree(grow, "audited")
