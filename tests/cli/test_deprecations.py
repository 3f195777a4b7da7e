"""Deprecations of SQLAlchemy are errors in commands too, not only within the tests."""

from __future__ import annotations

import pytest
from sqlalchemy import exc

KINDS = [
    name
    for name, found in vars(exc).items()
    if isinstance(found, type)
    and issubclass(found, (DeprecationWarning, PendingDeprecationWarning))
]


def warn(category):
    return f"import warnings; from sqlalchemy.exc import *; warnings.warn('old', {category})"


@pytest.mark.parametrize("category", KINDS)
def test_command(terminal, category):
    """A command that prints one fails its test, whatever its exit status."""
    with pytest.raises(AssertionError, match="deprecated: .*: old"):
        terminal.python(warn(category))


def test_env(project):
    """So does one that env.py causes."""
    env = project.terminal.read("migrations/env.py")
    project.terminal.write(
        "migrations/env.py", f"{warn('SADeprecationWarning')}\n{env}"
    )
    with pytest.raises(AssertionError, match="deprecated: .*env.py.*: old"):
        project.alembic("current")


def test_others(terminal):
    """A warning that is not about SQLAlchemy's future is the user's own affair."""
    done = terminal.python(warn("SAWarning")).ok()
    assert "SAWarning: old" in done.stderr
    done = terminal.python(warn("DeprecationWarning")).ok()
    assert "DeprecationWarning: old" in done.stderr


def test_other_packages(terminal):
    """What an installed package does is its own affair, unless it is SQLAlchemy."""
    line = "import warnings; from sqlalchemy.exc import SADeprecationWarning as c; "
    line += "warnings.warn_explicit('old', c, '/site-packages/{}/x.py', 1)"
    terminal.python(line.format("other")).ok()
    with pytest.raises(AssertionError, match="deprecated: .*: old"):
        terminal.python(line.format("sqlalchemy"))
