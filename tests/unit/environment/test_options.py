"""The options of a context are described in one place."""

from __future__ import annotations

import inspect

from alembic.environment import EnvironmentContext
from alembic.environment.options import context_options
from alembic.migration.options import ContextOptions

# these say which dialect; they are not options
NOT_OPTIONS = {"self", "connection", "url", "dialect_name", "dialect_opts", "kw"}


def test_every_argument_is_described():
    """Every argument of configure() that is an option is in ContextOptions."""
    arguments = set(inspect.signature(EnvironmentContext.configure).parameters)
    assert arguments - NOT_OPTIONS <= set(ContextOptions.__annotations__)


def test_a_new_dictionary():
    """The options of the command are not changed by those of env.py."""
    command = {"fn": 1}
    given = {"template_args": None, "on_version_apply": print, "tag": None}
    assert context_options(command, given, {"own": 2}) == {
        "fn": 1,
        "on_version_apply": (print,),
        "own": 2,
    }
    assert command == {"fn": 1}
