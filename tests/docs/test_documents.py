"""What runs the documents sees a block that is not true."""

from __future__ import annotations

import pytest

from tests.support import documents
from tests.support.documents import Block
from tests.support.documents import merged_ini
from tests.support.documents import merged_python
from tests.support.documents import Reading
from tests.support.documents import stories
from tests.support.transcript import ROOT

pytest.importorskip("docutils", reason="docutils, of the extra docs, reads documents")


def session(text: str) -> Block:
    return Block("x.rst:1", "console", text)


@pytest.mark.parametrize(
    "text",
    [
        "$ echo a\na\n",
        "$ echo a; echo b; echo c\na\n...\n",
        "$ echo a long line\na … line\n",
        "$ printf 'a\\nb\\n'\n...\nb\n",
        "$ echo 2026-01-02 03:04:05.6\n1999-09-09 09:09:09\n",
        "$ echo FAILED: no; exit 3\nFAILED: no\n",
        "$ pwd\n/home/ada/shop\n",
        "$ true\n",
    ],
)
def test_true_session(tmp_path, text):
    """What is shown is what is printed, with what is left open."""
    Reading(tmp_path).follow([session(text)])


@pytest.mark.parametrize(
    "text",
    [
        "$ echo a\nb\n",
        "$ echo a; echo b\na\n",
        "$ echo a\na\nb\n",
        "$ false\n",
        "$ echo FAILED: no\nFAILED: no\n",
        "$ echo abcdef012345 abcdef012346\nabcdef012345 abcdef012345\n",
        "no prompt\n",
        "$ echo a:1: SADeprecationWarning: a\na:1: SADeprecationWarning: a\n",
    ],
)
def test_false_session(tmp_path, text):
    """Another line, a line more or less, another status or identifier is told."""
    with pytest.raises(AssertionError, match=r"x\.rst:1"):
        Reading(tmp_path).follow([session(text)])


def test_identifiers_are_those_of_the_reader(tmp_path):
    """An identifier stands for the one that was printed first in its place."""
    reading = Reading(tmp_path)
    reading.follow(
        [
            session("$ echo 0123456789ab\nffff00001111\n"),
            session("$ touch ffff00001111_x.py; ls\n0123456789ab_x.py\n"),
        ]
    )
    assert reading.names["ffff00001111"] == "0123456789ab"


def test_lines_of_commands_at_the_same_time(tmp_path, monkeypatch):
    """They stay lines: each is written at once, whatever the tests run with."""
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    code = "import sys; print(sys.stdout.write_through)"
    Reading(tmp_path).follow([session(f"$ python -c '{code}'\nFalse\n")])


def test_command_that_does_not_end(tmp_path, monkeypatch):
    """It is ended, with all that it has started."""
    monkeypatch.setattr(documents, "_PATIENCE", 0.5)
    with pytest.raises(AssertionError, match="did not end"):
        Reading(tmp_path).follow([session("$ sleep 1000 | sleep 1000\n")])


@pytest.mark.parametrize(
    "block",
    [
        Block("x.rst:1", "", "words"),
        Block("x.rst:1", "ini", "a = b"),
        Block("x.rst:1", "python", "x = 1", "in nowhere.py"),
        Block("x.rst:1", "python", "1 / 0"),
    ],
)
def test_block_that_cannot_be_run(tmp_path, block):
    """It has to say where it belongs, or why it is left out."""
    with pytest.raises(AssertionError, match=r"x\.rst:1"):
        Reading(tmp_path).follow([block])
    block.not_run = "for a reason"
    Reading(tmp_path).follow([block])


def test_fragments_of_python():
    """What a fragment names is replaced; the rest finds a place above functions."""
    text = "import a\n\nx = 1\n\n\ndef f():\n    pass\n\n\nf()\n"
    fragment = "import b\n\n# why\nx = 2\ny = 3\n\n\ndef f():\n    return x\n"
    merged = merged_python(text, fragment)
    assert merged.startswith("import a\nimport b\n\n# why\nx = 2\n")
    assert merged.index("y = 3") < merged.index("return x") < merged.index("f()\n", 60)
    assert "pass" not in merged


def test_fragments_of_ini():
    """An option is replaced or added in its section, or in a new one."""
    text = "[alembic]\na = 1\n# b = 2\n\n[other]\na = 3\n"
    merged = merged_ini(text, "a = 4\nb = 5\n[new]\nc = 6\n")
    assert merged == (
        "[alembic]\na = 4\n# b = 2\nb = 5\n\n[other]\na = 3\n\n[new]\nc = 6\n"
    )


def test_the_cookbook_is_a_cookbook():
    """It has twenty recipes at least, and none that is not run."""
    found = [
        story
        for path in (ROOT / "docs" / "cookbook").glob("*.rst")
        for story in stories(path)
    ]
    assert len({story.title for story in found}) >= 20
    assert [story.where for story in found if not story.runs] == []


def test_starts(tmp_path):
    """A start that is not known is told."""
    from tests.support.starts import begin

    with pytest.raises(AssertionError, match="the shop"):
        begin("a castle", tmp_path)
