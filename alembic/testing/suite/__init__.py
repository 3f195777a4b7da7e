"""Tests with which a dialect proves itself.

A test module of the dialect's package needs one line, and its conftest.py a fixture
that gives an engine::

    # conftest.py
    @pytest.fixture
    def alembic_engine():
        return create_engine("mydialect://...")

    # test_alembic.py
    from alembic.testing.suite import *

The tests make tables whose names begin with ``alembic_suite`` and drop them again.
Which tests run is decided by `alembic.testing.requirements.SuiteRequirements`; a
fixture ``alembic_requirements`` may give a subclass of it.
"""

from __future__ import annotations

from .test_autogenerate import TestAutogenerate
from .test_operations import TestOperations
from .test_version_table import TestVersionTable

__all__ = ["TestAutogenerate", "TestOperations", "TestVersionTable"]
