"""Flask-Alembic on this project: contexts and steps without any env.py."""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side
from tests.support.shape import tables

pytestmark = pytest.mark.peer


def grow(side: Side) -> None:
    """Make revisions, move and merge by the library's functions."""
    side.run("drive")
    side.revision("r1", "migrations")
    side.look("tables", sorted(tables(side.database)))


def test_a_program_migrates_itself(stage):
    """What the library's functions return, print and do is the same."""
    ours = stage.agree(grow, "flask_alembic_shop")
    assert "current: ['r1', 'r2']" in ours.seen[0]["output"]
