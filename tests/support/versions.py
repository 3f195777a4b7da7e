"""What tests ask of the SQLAlchemy they run under."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.base import PGDialect

from alembic.sqla.version import parse_version
from alembic.sqla.version import sqlalchemy_version
from alembic.sqla.version import version_tuple


def has(version: str) -> bool:
    """Tell whether the installed SQLAlchemy is of a version or newer."""
    return version_tuple >= parse_version(version)


def reason(version: str) -> str:
    """Return why a test that needs a version of SQLAlchemy is skipped."""
    return f"needs SQLAlchemy {version}, this is {sqlalchemy_version}"


def postgresql_knows(construct: type, option: str) -> bool:
    """Tell whether a construct, such as ``Index``, takes an option of PostgreSQL."""
    name = option.partition("_")[2]
    return name in dict(PGDialect.construct_arguments)[construct]


def needs(version: str) -> Any:
    """Return a mark that skips a test on a SQLAlchemy older than a version."""
    return pytest.mark.skipif(not has(version), reason=reason(version))


def needs_driver(driver: str, version: str) -> Any:
    """Return a mark for a test that needs a driver, and a SQLAlchemy that knows it."""
    if importlib.util.find_spec(driver) is None:
        return pytest.mark.skip(reason=f"{driver} is not installed")
    return needs(version)


ASYNC_DRIVERS = [
    pytest.param(f"{backend}+{driver}", marks=needs_driver(driver, version))
    for backend, driver, version in (
        ("sqlite", "aiosqlite", "1.4"),
        ("postgresql", "asyncpg", "1.4"),
        ("postgresql", "psycopg", "2.0"),
    )
]
"""Names of asynchronous drivers, as parameters of tests."""
