"""advanced-alchemy on this project: a Config with templates and arguments of its own."""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side
from tests.support.shape import tables

pytestmark = pytest.mark.peer


def grow(side: Side) -> None:
    """Begin with the library's template, generate, go up and down."""
    side.terminal.environ["STAGE"] = "1"
    side.run("drive", "list", "init", "a1", "upgrade", "check", "current")
    side.terminal.environ["STAGE"] = "2"
    side.run("drive", "b2", "upgrade", "check", "history", "heads")
    side.revision("a1", "notes/versions")
    side.revision("b2", "notes/versions")
    side.look("tables", tables(side.database))
    side.run("drive", "downgrade", "current", "upgrade", "stamp", "current")


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_commands_of_the_library(stage, backend):
    """What is printed, written and migrated is the same."""
    stage.agree(grow, "awaited", backend)
