"""alembic.cli.progress: what a person at a terminal sees of a long migration."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from alembic import command
from alembic.cli.main import CommandLine
from alembic.cli.progress import duration
from alembic.cli.progress import TerminalProgress
from alembic.util import progress
from alembic.util.progress import Copying
from alembic.util.progress import StepDone


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_line_for_each_step() -> None:
    """A revision gets a line: which of how many, what, and how long it took."""
    stream = io.StringIO()
    show = TerminalProgress(stream)
    show(StepDone(3, 12, "upgrade a -> b, add a table", 0.42))
    assert stream.getvalue() == "  3 of 12: upgrade a -> b, add a table (0.4 s)\n"


def test_bar_is_drawn_over_itself_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar grows on one line, which is empty when the copy is over."""
    monkeypatch.delenv("TERM", raising=False)
    stream = io.StringIO()
    show = TerminalProgress(stream)
    show(Copying("big", 0.1, 0.2))
    assert stream.getvalue() == ""
    show(Copying("big", 0.5, 2.0))
    bar = "  copying big [###############...............] 50%, 2.0 s"
    assert stream.getvalue() == f"\r\r{bar}"
    show(Copying("big", 0.5, 2.01))
    assert stream.getvalue() == f"\r\r{bar}"
    show(Copying("big", 1, 4.0))
    assert stream.getvalue() == f"\r\r{bar}\r{' ' * len(bar)}\r"


def test_no_bar_without_a_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that cannot go back to the start of a line gets no bar."""
    monkeypatch.setenv("TERM", "dumb")
    stream = io.StringIO()
    TerminalProgress(stream)(Copying("big", 0.5, 2.0))
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    """A time is said in seconds, and in minutes when there are any."""
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("stream", "flags", "shown"),
    [
        (Terminal, [], True),
        (Terminal, ["-q"], False),
        (io.StringIO, [], False),
    ],
    ids=["terminal", "quiet", "pipe"],
)
def test_only_a_person_at_a_terminal_sees_it(
    monkeypatch: pytest.MonkeyPatch, stream: Any, flags: Any, shown: bool
) -> None:
    """Neither a pipe nor a quiet run shows anything; log lines stay as they are."""
    listened = []

    def upgrade(config: Any, revision: str, **kw: Any) -> None:
        listened.append(progress.is_wanted())
        progress.tell(StepDone(1, 1, "upgrade", 0))

    line = CommandLine()
    monkeypatch.setattr(sys, "stderr", stream())
    options = line.parser.parse_args([*flags, "upgrade", "head"])
    monkeypatch.setattr(command, "upgrade", upgrade)
    options.cmd = (upgrade, ["revision"], [])
    line.run_cmd(line._config(options), options)
    assert listened == [shown]
    assert sys.stderr.getvalue() == ("  1 of 1: upgrade (0.0 s)\n" if shown else "")
