"""What tests ask of the SQLAlchemy they run under."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from alembic.sqla.version import parse_version
from alembic.sqla.version import sqlalchemy_version
from alembic.sqla.version import version_tuple


def has(version: str) -> bool:
    """Tell whether the installed SQLAlchemy is of a version or newer."""
    return version_tuple >= parse_version(version)


def reason(version: str) -> str:
    """Return why a test that needs a version of SQLAlchemy is skipped."""
    return f"needs SQLAlchemy {version}, this is {sqlalchemy_version}"


def needs(version: str) -> Any:
    """Return a mark that skips a test on a SQLAlchemy older than a version."""
    return pytest.mark.skipif(not has(version), reason=reason(version))


def needs_driver(driver: str, version: str) -> Any:
    """Return a mark for a test that needs a driver, and a SQLAlchemy that knows it."""
    if importlib.util.find_spec(driver) is None:
        return pytest.mark.skip(reason=f"{driver} is not installed")
    return needs(version)
