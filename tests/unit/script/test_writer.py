"""What a person types cannot break out of the file that it is written into."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Dict
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.script import ScriptDirectory
from alembic.script.writer import Message
from alembic.script.writer import render
from alembic.script.writer import syntax_error
from alembic.util.exc import CommandError

BODY = """
revision = ${repr(up_revision)}
down_revision = None
def upgrade(): pass
"""

TEMPLATES: Dict[str, str] = {
    "docstring": '"""${message}\n\nRevision ID: ${up_revision}\n"""' + BODY,
    "closed at once": '"""${message}"""' + BODY,
    "single quotes": "'''${message}'''" + BODY,
    "text of one line": '"${message}"' + BODY,
    "comment": "# ${message}\n" + BODY,
    "comment in front": '# ${message}\n"""doc"""' + BODY,
    "value": "__doc__ = ${repr(message)}\n" + BODY,
    "upper case": '"""${message.upper()}"""' + BODY,
}

NASTY = [
    'three quotes """ inside',
    "three quotes ''' inside",
    'quote at the end"',
    "quote at the end'",
    "backslash at the end\\",
    "\\",
    '\\"""',
    '"',
    '""',
    '"""',
    "two\nlines",
    "\n\nimport os\n",
    '"""\nimport os\n"""',
    "${1/0}",
    "<% import os %>",
    "## not a comment",
    "% if x:",
    "%(rev)s",
    "null \0 byte",
    "bell \a and return \r\n",
    "coding: utf-7",
    "# coding: latin-1 \xe4",
    "\u2028 and \x0c",
    "a surrogate \udc80",
    "日本",
    "{braces}",
]


def _rendered(folder: Path, template: str, message: str, encoding: str) -> bytes:
    path = folder / "script.py.mako"
    path.write_text(template)
    return render(str(path), encoding, message, {"up_revision": "a"})


@pytest.mark.parametrize("message", NASTY)
@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_message_stays_inside(
    tmp_path: Path, name: str, message: str, encoding: str
) -> None:
    """Wherever a template puts a message, the program around it stays the same."""
    try:
        content = _rendered(tmp_path, TEMPLATES[name], message, encoding)
    except CommandError as error:
        # only where a template has put it in a way of its own
        assert name == "upper case"  # noqa: PT017
        assert "\n" not in str(error)  # noqa: PT017
        return
    tree = ast.parse(content)
    kinds = [type(node).__name__ for node in tree.body]
    assert kinds[-3:] == ["Assign", "Assign", "FunctionDef"]
    assert len(kinds) == (3 if name == "comment" else 4)
    if name in ("closed at once", "single quotes", "text of one line"):
        assert ast.get_docstring(tree, clean=False) == message
    if name == "docstring":
        doc = ast.get_docstring(tree, clean=False) or ""
        assert doc.startswith(message)


@given(st.text(max_size=40), st.sampled_from(sorted(TEMPLATES)))
def test_any_message(
    tmp_path_factory: pytest.TempPathFactory, message: str, name: str
) -> None:
    """Any message is written so that it is read as typed, or is refused."""
    folder = tmp_path_factory.mktemp("templates")
    try:
        content = _rendered(folder, TEMPLATES[name], message, "utf-8")
    except CommandError:
        assert name == "upper case"  # noqa: PT017
        return
    tree = ast.parse(content)
    assert [type(node).__name__ for node in tree.body][-1] == "FunctionDef"
    if name == "closed at once":
        assert ast.get_docstring(tree, clean=False) == message


def test_usual_messages_look_as_typed(tmp_path: Path) -> None:
    """Nothing is escaped that need not be."""
    message = 'Add "users", it\'s 100% done; see #12\n\nSecond paragraph.'
    content = _rendered(tmp_path, TEMPLATES["docstring"], message, "utf-8").decode()
    assert content.startswith(f'"""{message}\n')


def test_message_as_a_value() -> None:
    """To a template's code a message is what was typed; as text it is escaped."""
    message = Message.escaped('a\\"""', "utf-8", False)
    assert message == 'a\\"""'
    assert repr(message) == repr('a\\"""')
    assert str(message) == f"{message}" == 'a\\\\\\"\\"\\"'


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20
    ),
    st.text(max_size=20),
)
def test_any_identifier_and_label(
    tmp_path_factory: pytest.TempPathFactory, rev_id: str, label: str
) -> None:
    """Any identifier and label is written inside the folder and read again, or refused."""
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "versions").mkdir()
    (folder / "script.py.mako").write_text(
        '"""${message}\n\nRevision ID: ${up_revision}\nLabels: ${branch_labels}\n"""\n'
        "revision = ${repr(up_revision)}\ndown_revision = None\n"
        "branch_labels = ${repr(branch_labels)}\n"
    )
    script = ScriptDirectory(folder, messaging_opts={"quiet": True})
    before = {path for path in folder.rglob("*") if path.is_file()}
    try:
        new = script.generate_revision(rev_id, "m", branch_labels=label)
    except CommandError as error:
        assert "\n" not in str(error)  # noqa: PT017
        assert {path for path in folder.rglob("*") if path.is_file()} == before
        return
    assert new is not None
    assert Path(new.path).parent == folder / "versions"
    again = ScriptDirectory(folder).get_revision(rev_id)
    assert again.branch_labels == {label}
    assert again.module.revision == rev_id


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"x = 1\n", None),
        (b"x = '\\d' is 'y'\n", None),
        (b"x = 1\ny = (\n", 2),
        (b"x = 1\n\nreturn x\n", 3),
    ],
)
def test_what_python_would_not_run_is_found(
    content: bytes, line: Optional[int]
) -> None:
    """A file is checked as it will be compiled, and no warning of it is given."""
    wrong = syntax_error(content)
    assert (None if wrong is None else wrong[0]) == line
