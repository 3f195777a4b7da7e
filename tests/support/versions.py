"""What tests ask of the SQLAlchemy they run under."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import List

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


def rows_since(version: str, make: Callable[[], List[Any]]) -> List[Any]:
    """Return rows of a table, or one row that is skipped where they cannot be made.

    :param version: the SQLAlchemy that has what the rows are made of.
    :param make: makes the rows; not called on an older SQLAlchemy.
    :return: the rows. On an older SQLAlchemy a single row of the number 0, marked as
        skipped, so that the report of the tests says what was left out.
    """
    if has(version):
        return make()
    return [pytest.param(0, marks=needs(version))]
