"""alembic.util.progress: work tells what it does to whoever listens."""

from __future__ import annotations

from typing import Any
from typing import List

import pytest

from alembic.util import progress


def test_without_listener_steps_are_as_they_came() -> None:
    """Where nobody listens nothing is counted, and a generator stays one."""
    steps = iter(["a", "b"])
    assert progress.follow(steps) is steps
    assert not progress.is_wanted()


def test_each_step_is_told_when_it_is_done() -> None:
    """A step is told of when the next one is asked for, with its place and text."""
    told: List[Any] = []
    with progress.listening(told.append):
        assert progress.is_wanted()
        seen = []
        for step in progress.follow(iter(["a", "b"])):
            seen.append((step, len(told)))
    assert seen == [("a", 0), ("b", 1)]
    assert [(one.number, one.total, one.text) for one in told] == [
        (1, 2, "a"),
        (2, 2, "b"),
    ]
    assert all(one.seconds >= 0 for one in told)


def test_step_that_fails_is_not_told() -> None:
    """A step that raises has not been done."""
    told: List[Any] = []

    def run() -> None:
        for _ in progress.follow(["a"]):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), progress.listening(told.append):
        run()
    assert told == []
    assert not progress.is_wanted()


def test_listener_that_leaves_meanwhile() -> None:
    """As in another thread: the others are told all the same."""
    told: List[Any] = []
    leaving = progress.listening(lambda event: leaving.__exit__(None, None, None))
    leaving.__enter__()
    with progress.listening(told.append):
        progress.tell("event")
    assert told == ["event"]
