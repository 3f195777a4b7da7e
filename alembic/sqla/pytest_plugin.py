"""SQLAlchemy's plugin for pytest, with which packages of dialects run their tests."""

from __future__ import annotations

from typing import Any

from .version import sqla_2_1

IS_2_1: bool = sqla_2_1
"""Whether requirements that ask for SQLAlchemy 2.1 are met."""


def is_active() -> bool:
    """Tell whether pytest runs with SQLAlchemy's plugin."""
    from sqlalchemy.testing import config

    functions = getattr(config, "_fixture_functions", None)
    return functions is not None and type(functions).__name__[:5] != "_Null"


def base_class() -> Any:
    """Return the class whose subclasses are all that the plugin takes for tests."""
    from sqlalchemy.testing import fixtures

    return fixtures.TestBase


def engine() -> Any:
    """Return the engine of the database that is being tested."""
    from sqlalchemy.testing import config

    return config.db


def requirements() -> Any:
    """Return the requirements that the package has named, or None."""
    from sqlalchemy.testing import config

    return config.requirements
