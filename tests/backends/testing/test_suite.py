"""Our own databases run the suite that other people's dialects run."""

from __future__ import annotations

import pytest

from alembic.testing.suite import *  # noqa: F403 - this is what is tested


@pytest.fixture
def alembic_engine(database):
    """The engine of a fresh database, as a dialect's conftest.py would give it."""
    return database.engine
