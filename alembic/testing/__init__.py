"""The test kit: for dialects of your own, and for the migrations of a project.

`alembic.testing.migrations` checks a project's migrations and needs no pytest. The rest
is for packages that bring a dialect or a plugin, and is written for pytest.
"""

from __future__ import annotations

import importlib
from typing import Any
from typing import List
from unittest import mock as mock

from .assertions import assert_raises
from .assertions import assert_raises_message
from .assertions import emits_python_deprecation_warning
from .assertions import emits_warning
from .assertions import eq_
from .assertions import eq_ignore_whitespace
from .assertions import expect_deprecated
from .assertions import expect_raises
from .assertions import expect_raises_message
from .assertions import expect_sqlalchemy_deprecated
from .assertions import expect_warnings
from .assertions import is_
from .assertions import is_false
from .assertions import is_not_
from .assertions import is_true
from .assertions import ne_
from .assertions import uses_deprecated
from .util import resolve_lambda

__all__ = [
    "TestBase",
    "assert_raises",
    "assert_raises_message",
    "combinations",
    "emits_python_deprecation_warning",
    "emits_warning",
    "eq_",
    "eq_ignore_whitespace",
    "expect_deprecated",
    "expect_raises",
    "expect_raises_message",
    "expect_sqlalchemy_deprecated",
    "expect_warnings",
    "fixture",
    "is_",
    "is_false",
    "is_not_",
    "is_true",
    "ne_",
    "provide_metadata",
    "resolve_lambda",
    "skip_if",
    "uses_deprecated",
]

# names of SQLAlchemy's own kit, which does its work under its pytest plugin; the home
# of each, and None for a module
_OF_SQLALCHEMY = {
    "combinations": "config",
    "config": None,
    "engines": None,
    "exclusions": None,
    "fixture": "config",
    "provide_metadata": "util",
    "skip_if": "exclusions",
    "variation": "config",
    "Variation": "config",
}

_MODULES = (
    "assertions",
    "env",
    "fixtures",
    "migrations",
    "plugin",
    "requirements",
    "schemacompare",
    "suite",
    "util",
    "warnings",
)


def __getattr__(name: str) -> Any:
    if name == "TestBase":
        from .fixtures import TestBase

        return TestBase
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _OF_SQLALCHEMY:
        home = _OF_SQLALCHEMY[name]
        if home is None:
            return importlib.import_module(f"sqlalchemy.testing.{name}")
        return getattr(importlib.import_module(f"sqlalchemy.testing.{home}"), name)
    if name == "requires":
        return getattr(importlib.import_module("sqlalchemy.testing"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted({*globals(), *__all__, *_MODULES, *_OF_SQLALCHEMY})
