"""Warnings as errors, for the test run of a package that builds on this one."""

from __future__ import annotations

import warnings

from sqlalchemy import exc as sa_exc


def setup_filters() -> None:
    """Make warnings of SQLAlchemy, and deprecations in general, errors."""
    warnings.filterwarnings("error", category=sa_exc.SAWarning)
    warnings.filterwarnings("error", category=sa_exc.SADeprecationWarning)
    warnings.filterwarnings("error", category=DeprecationWarning)
