"""pytest-alembic on this project: its tests, run in a project of ours."""

from __future__ import annotations

import re

import pytest

from tests.libraries.sides import Side

pytestmark = pytest.mark.peer

OPTIONS = ("-p", "no:cacheprovider", "-v", "--color=no", "--tb=line")


def outcomes(side: Side, status: int) -> None:
    """Run pytest in the project and take notice of each test's outcome."""
    done = side.terminal.run([side.python, "-m", "pytest", *OPTIONS])
    assert done.status == status, f"{side.name}\n{done}"
    side.look(
        "outcomes", re.findall(r"^(\S+ (?:PASSED|FAILED|ERROR))", done.stdout, re.M)
    )


def good(side: Side) -> None:
    """Test a history that is in order."""
    side.stage(1, "revision --autogenerate -m books --rev-id a1", "upgrade head")
    side.stage(2, "revision --autogenerate -m year --rev-id b2", "upgrade head")
    side.stage(2, "downgrade base")
    outcomes(side, 0)


def test_a_good_history_passes(stage):
    """Its own tests and those of the runner pass."""
    ours = stage.agree(good, "tested")
    assert len(ours.seen[-1]["outcomes"]) == 6


def bad(side: Side) -> None:
    """Test a history with two heads and models that have gone on."""
    (side.folder / "test_by_hand.py").unlink()
    side.stage(1, "revision --autogenerate -m books --rev-id a1")
    side.stage(
        1,
        "revision -m one --rev-id b2",
        "revision -m two --rev-id c3 --head a1 --splice",
    )
    side.terminal.environ["STAGE"] = "2"
    outcomes(side, 1)


def test_a_bad_history_fails(stage):
    """The same tests of the library fail."""
    stage.agree(bad, "tested")
