"""Tests with which a dialect proves itself.

A test module of the dialect's package needs one line, and its conftest.py a fixture
that gives an engine::

    # conftest.py
    @pytest.fixture
    def alembic_engine():
        return create_engine("mydialect://...")

    # test_alembic.py
    from alembic.testing.suite import *

A package whose tests run with SQLAlchemy's pytest plugin needs that one line alone: the
engines and the requirements are those that the plugin was given.

The tests make tables whose names begin with ``alembic_`` and drop them again. Which
tests run is decided by `alembic.testing.requirements.SuiteRequirements`; a fixture
``alembic_requirements`` may give a subclass of it. Where a single test does not apply,
subclass its class under the same name and override it.
"""

from __future__ import annotations

from ..fixtures import AlterColRoundTripFixture
from ._autogen_fixtures import AutogenFixtureTest
from .test_autogen_comments import AutogenerateCommentsTest
from .test_autogen_comments import AutogenerateEmptyCommentsTest
from .test_autogen_computed import AutogenerateComputedTest
from .test_autogen_diffs import AlterColumnTest
from .test_autogen_diffs import AutoincrementTest
from .test_autogen_fks import AutogenerateFKOptionsTest
from .test_autogen_fks import AutogenerateForeignKeysTest
from .test_autogen_fks import IncludeHooksTest
from .test_autogen_identity import AutogenerateIdentityTest
from .test_autogenerate import TestAutogenerate
from .test_environment import MigrationTransactionTest
from .test_op import BackendAlterColumnTest
from .test_operations import TestOperations
from .test_version_table import TestVersionTable

__all__ = [
    "AlterColRoundTripFixture",
    "AlterColumnTest",
    "AutogenFixtureTest",
    "AutogenerateCommentsTest",
    "AutogenerateComputedTest",
    "AutogenerateEmptyCommentsTest",
    "AutogenerateFKOptionsTest",
    "AutogenerateForeignKeysTest",
    "AutogenerateIdentityTest",
    "AutoincrementTest",
    "BackendAlterColumnTest",
    "IncludeHooksTest",
    "MigrationTransactionTest",
    "TestAutogenerate",
    "TestOperations",
    "TestVersionTable",
]
