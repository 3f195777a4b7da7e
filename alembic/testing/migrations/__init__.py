"""Checks for the migrations of a project, each a function and a ready test.

Five lines in a project's tests are enough::

    from alembic.config import Config
    from alembic.testing.migrations import MigrationChecks

    class TestMigrations(MigrationChecks):
        config = Config("alembic.ini")

The database that env.py connects to must be empty, and is empty again afterwards.
"""

from __future__ import annotations

from .checks import check_downgrade_leaves_no_trace
from .checks import check_models_agree
from .checks import check_offline_equals_online
from .checks import check_one_head
from .checks import check_up_down_up
from .checks import MigrationChecks

__all__ = [
    "MigrationChecks",
    "check_downgrade_leaves_no_trace",
    "check_models_agree",
    "check_offline_equals_online",
    "check_one_head",
    "check_up_down_up",
]
