"""alembic.cli.completion: what the tab key offers."""

from __future__ import annotations

import sys
from argparse import Namespace

import pytest

from alembic.config import CommandLine
from tests.support.projects import new_project


@pytest.fixture
def offer(terminal, monkeypatch):
    """Return a function: command, argument and beginning of a word -> completions."""
    monkeypatch.chdir(terminal.folder)
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    parsers = []
    monkeypatch.setitem(
        sys.modules, "argcomplete", Namespace(autocomplete=parsers.append)
    )

    def make(command, dest, prefix=""):
        line = CommandLine()
        line.main(["-q", "list_templates"])
        [action] = [
            action
            for action in line.subparsers.choices[command]._actions
            if action.dest == dest
        ]
        options = line.parser.parse_args([])
        return action.completer(prefix=prefix, parsed_args=options)

    make.parsers = parsers
    return make


def test_revisions_labels_and_symbols(offer, terminal):
    """Every argument that holds a revision offers those of the project."""
    project = new_project(terminal)
    project.revision("abc1", branch_label="left")
    project.revision("abd2")
    assert offer("upgrade", "revision", "ab") == ["abd2", "abc1"]
    assert offer("show", "rev", "le") == ["left"]
    assert offer("stamp", "revisions", "he") == ["head", "heads"]
    assert offer("revision", "head", "abc") == ["abc1"]


def test_templates(offer):
    """The option --template offers what init can use."""
    assert offer("init", "template", "p") == ["pyproject", "pyproject_async"]


def test_nothing_outside_of_a_project(offer):
    """No error for who presses the key."""
    assert offer("upgrade", "revision") == []


def test_argcomplete_gets_the_parser(offer):
    """It answers with all commands and flags."""
    offer("init", "template")
    assert len(offer.parsers) == 1
    assert "upgrade" in offer.parsers[0].format_help()
