"""The tests that pytest-alembic brings along."""

from __future__ import annotations

from pytest_alembic.tests import test_model_definitions_match_ddl
from pytest_alembic.tests import test_single_head_revision
from pytest_alembic.tests import test_up_down_consistency
from pytest_alembic.tests import test_upgrade

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]
