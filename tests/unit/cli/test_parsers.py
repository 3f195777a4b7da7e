"""Claims about parsers that are made when they are touched."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from argparse import HelpFormatter
from io import StringIO
from typing import Any
from typing import Callable
from typing import Dict

import pytest

from alembic.cli import parsers
from alembic.config import CommandLine


def _fill(parser: ArgumentParser) -> None:
    parser.add_argument("--fast", action="store_true")


def _late() -> parsers.LateParser:
    parser = parsers.LateParser(prog="work", description="Works.")
    parser.when_made(_fill)
    return parser


def test_nothing_is_made_before_it_is_needed() -> None:
    """A command line has made no parser of a command before it parses."""
    line = CommandLine(prog="alembic")
    made = [
        name for name, one in line.subparsers.choices.items() if "_actions" in vars(one)
    ]
    assert made == []


def test_only_the_typed_command_is_made() -> None:
    """Parsing makes the parser of the command that was typed, and no other."""
    line = CommandLine(prog="alembic")
    assert line.parser.parse_args(["upgrade", "head"]).revision == "head"
    made = [
        name for name, one in line.subparsers.choices.items() if "_actions" in vars(one)
    ]
    assert made == ["upgrade"]


def test_a_check_of_its_help_does_not_make_it() -> None:
    """Python 3.14 lets each parser check its own help; ours is made later."""
    parser = _late()
    parser._check_help(object())
    assert "_actions" not in vars(parser)
    assert parser.parse_args(["--fast"]).fast is True


def test_colours_come_with_the_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.14 gives colours to each formatter; ours asks for them when it writes.

    What the standard formatter would set is there then, as it was last told.
    """
    asked = []

    def set_color(formatter: Any, color: bool, **kw: Any) -> None:
        asked.append(color)
        formatter._palette = [color, kw]

    monkeypatch.setattr(HelpFormatter, "_set_color", set_color, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    formatter: Any = parsers.Formatter("work")
    formatter._set_color(False)
    formatter._set_color(True, file="stderr")
    assert asked == []
    assert formatter._palette == [True, {"file": "stderr"}]
    assert asked == [True]
    with pytest.raises(AttributeError, match="'Formatter' object has no attribute 'x'"):
        formatter.x


@pytest.mark.parametrize(
    ("wishes", "at_a_terminal", "coloured"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"PYTHON_COLORS": "1"}, False, True),
    ],
)
def test_colours_are_looked_for_where_some_may_be(
    monkeypatch: pytest.MonkeyPatch,
    wishes: Dict[str, str],
    at_a_terminal: bool,
    coloured: bool,
) -> None:
    """In a pipe nobody asks for them, unless the environment does."""
    for name in ("FORCE_COLOR", "PYTHON_COLORS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in wishes.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", StringIO())
    stderr = StringIO()
    monkeypatch.setattr(stderr, "isatty", lambda: at_a_terminal)
    monkeypatch.setattr(sys, "stderr", stderr)
    asked = []
    monkeypatch.setattr(
        HelpFormatter,
        "_set_color",
        lambda formatter, color: asked.append(color),
        raising=False,
    )
    formatter: Any = parsers.Formatter("work")
    formatter._set_color(True)
    with pytest.raises(AttributeError):
        formatter._palette
    assert asked == [coloured]


_TOUCHES: Dict[str, Callable[[ArgumentParser], Any]] = {
    "reading": lambda parser: parser.description,
    "setting": lambda parser: setattr(parser, "epilog", "The end."),
    "adding": lambda parser: parser.add_argument("--slow"),
    "parsing": lambda parser: parser.parse_args([]),
    "help": lambda parser: parser.format_help(),
    "defaults": lambda parser: parser.set_defaults(one=1),
}


@pytest.mark.parametrize("touch", _TOUCHES.values(), ids=_TOUCHES.keys())
def test_every_touch_makes_it_whole(touch: Callable[[ArgumentParser], Any]) -> None:
    """Whatever is done first, the parser then has its own arguments, once."""
    parser = _late()
    touch(parser)
    assert parser.parse_args(["--fast"]).fast is True
    assert parser.format_help().count("--fast") == 2
    assert parser.description == "Works."


def test_what_is_set_first_stays() -> None:
    """Setting an attribute before the parser is made is not undone by making it."""
    parser = _late()
    parser.epilog = "The end."
    assert "The end." in parser.format_help()


def test_an_unknown_attribute_is_missed() -> None:
    """A parser has no more attributes than those of argparse."""
    with pytest.raises(AttributeError, match="nonsense"):
        _late().nonsense  # noqa: B018


@pytest.mark.parametrize(
    ("columns", "expected"), [("100", 100), ("0", 80), ("wide", 80), (None, 80)]
)
def test_help_is_as_wide_as_asked(
    columns: Any, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable COLUMNS counts; what is no terminal has 80 columns."""
    monkeypatch.setattr("sys.__stdout__", None)
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    parsers._columns.cache_clear()
    try:
        assert parsers._columns() == expected
    finally:
        parsers._columns.cache_clear()
