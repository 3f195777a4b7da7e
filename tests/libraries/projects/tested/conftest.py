"""What pytest-alembic needs to know of the project."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa


@pytest.fixture
def alembic_config(request):
    """Say where the revisions are, and what rows to put in at which."""
    rows = {"b2": {"__tablename__": "book", "id": 7, "title": "Emma"}}
    return {
        "file": "alembic.ini",
        "at_revision_data": rows if "rows" in request.node.name else {},
    }


@pytest.fixture
def alembic_engine():
    """Give an engine on the database of the story."""
    engine = sa.create_engine(os.environ["DATABASE_URL"])
    yield engine
    engine.dispose()
