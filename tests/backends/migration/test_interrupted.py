"""Cut off by kill -9: the next run ends where an undisturbed one does."""

from __future__ import annotations

import os
import random

import pytest

from tests.support.interrupted import contents
from tests.support.interrupted import write_history
from tests.support.killer import Killer

ROUNDS = int(os.environ.get("ALEMBIC_KILL_ROUNDS", "12"))
"""How many runs are killed on each database; 1000 in the long run."""


@pytest.fixture
def killer(database, tmp_path):
    found = Killer(write_history(tmp_path / "scripts"), database.url)
    yield found
    found.close()


def undisturbed(killer, url):
    """Return what is there after each command of a round, and what it took."""
    # the first round also makes the version table
    killer.ended("upgrade", "head")
    killer.ended("downgrade", "base")
    up = killer.ended("upgrade", "head")
    at_head = contents(url)
    down = killer.ended("downgrade", "base")
    at_base = contents(url)
    return (("upgrade", "head", up, at_head), ("downgrade", "base", down, at_base))


def test_killed_at_random(database, killer):
    """Killed at any moment, up or down, the next run leads to the same end."""
    commands = undisturbed(killer, database.url)
    moments = random.Random(8)
    killed = 0
    for round_ in range(ROUNDS // 2):
        command, target, took, expected = commands[round_ % 2]
        while True:
            after = moments.uniform(0, took["seconds"] * 1.2)
            if not killed:
                # the machine may have been busier when it was measured
                after /= 10
            outcome = killer.run(command, target, after=after)
            killed += outcome["status"] == "killed"
            if moments.random() < 0.6:
                break
        killer.ended(command, target)
        assert contents(database.url) == expected, f"round {round_}"
    assert killed


def test_killed_between_any_two_statements(database, killer):
    """Killed before any call of the driver, the next run leads to the same end."""
    commands = undisturbed(killer, database.url)
    points = [
        (place, at)
        for place, (_, _, took, _) in enumerate(commands)
        for at in range(1, took["calls"] + 1)
    ]
    if len(points) > ROUNDS // 2:
        points = random.Random(8).sample(points, ROUNDS // 2)
    for place, at in points:
        killer.ended(*commands[1 - place][:2])
        command, target, _, expected = commands[place]
        outcome = killer.run(command, target, at=at)
        assert outcome["status"] == "killed", (command, at, outcome)
        killer.ended(command, target)
        assert contents(database.url) == expected, (command, at)
