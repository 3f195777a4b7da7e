"""The stage on which stories about libraries are played."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.libraries.sides import Stage

# the tests of a project are run in its copy, by what is installed there
collect_ignore = ["projects"]


@pytest.fixture
def stage(tmp_path: Path, fresh_database) -> Stage:
    """Plays a story with Alembic 1.20.1 and with this project."""
    return Stage(tmp_path, fresh_database)
