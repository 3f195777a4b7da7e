"""Headers of revision files: read as executing would have them, or not at all."""

from __future__ import annotations

import sys
import warnings
from typing import Any
from typing import Dict
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.script import revision_file
from alembic.script.revision_file import Header
from alembic.script.revision_file import read_header

USUAL = '''"""add a table

Revision ID: ae10
Revises:
"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'ae10'
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("create table t (id int)")
'''


def _executed(source: bytes) -> Optional[Header]:
    """Return the header that executing a file gives; None when that fails."""
    names: Dict[str, Any] = {"__name__": "x"}
    try:
        exec(compile(source, "x.py", "exec"), names)
    except Exception:
        return None

    def normal(value: Any) -> Any:
        return tuple(value) if isinstance(value, (list, tuple)) else value

    if "revision" not in names or "down_revision" not in names:
        return None
    return Header(
        names["revision"],
        normal(names["down_revision"]),
        normal(names.get("branch_labels")),
        normal(names.get("depends_on")),
        names.get("__doc__"),
    )


def test_usual_file() -> None:
    """The file that a template writes is read."""
    header = read_header(USUAL.encode())
    doc = "add a table\n\nRevision ID: ae10\nRevises:\n"
    assert header == Header("ae10", None, None, None, doc)


READABLE = {
    "bound below": "revision='a'\ndown_revision=None\ndef f(): pass\nrevision='b'\n",
    "plain": "revision = 'a'\ndown_revision = 'b'\n",
    "double quotes": 'revision = "a"\ndown_revision = "b"\n',
    "tuples": "revision = 'a'\ndown_revision = ('b', 'c')\ndepends_on = ('d',)\n",
    "tuple that is none": "revision = 'a'\ndown_revision = ('b')\n",
    "lists": "revision = 'a'\ndown_revision = ['b', 'c']\nbranch_labels = []\n",
    "over lines": "revision = 'a'\ndown_revision = (\n  'b',\n  'c',\n)\n",
    "joined texts": "revision = 'a' 'b'\ndown_revision = None\n",
    "escapes": "revision = 'a\\x62'\ndown_revision = None\n",
    "comments": "# x\nrevision = 'a'  # the id\ndown_revision = None  # base\n",
    "no docstring": "import os\nrevision = 'a'\ndown_revision = None\n",
    "indented docstring": '"""a\n\n    b\n      c\n    """\nrevision="a"\ndown_revision=None\n',
    "quotes in docstring": '"""say "hi" to \'me\'"""\nrevision="a"\ndown_revision=None\n',
    "other docstring quotes": "'''x'''\nrevision='a'\ndown_revision=None\n",
    "raw docstring": 'r"""a\\d"""\nrevision="a"\ndown_revision=None\n',
    "assigned twice": "revision = 'a'\nrevision = 'b'\ndown_revision = None\n",
    "semicolons": "revision = 'a'; down_revision = None\n",
    "other statements": "x = 1\nif x:\n    y = 2\nrevision='a'\ndown_revision=None\n",
    "definition in docstring": '"""x\ndef upgrade():\n"""\nrevision="a"\ndown_revision=None\n',
    "windows lines": "revision = 'a'\r\ndown_revision = None\r\ndef f():\r\n    pass\r\n",
    "no last line break": "revision = 'a'\ndown_revision = None",
    "not ASCII": '"""Üñï"""\nrevision = "ä"\ndown_revision = None\n',
    "words in the body": USUAL + "    # depends_on the revision\n",
    "decorator": "revision='a'\ndown_revision=None\n@property\ndef f(): pass\n",
    "star in a comment": "revision='a'  # 2 * 3\ndown_revision=None\n",
    "multiplication": "x = 2 * 3\nrevision='a'\ndown_revision=None\n",
    "execute": USUAL + "def f(op):\n    op.execute('x')\n",
}

UNREADABLE = {
    "annotation alone": "revision: str\nrevision = 'a'\ndown_revision = None\n",
    "same name inside a function": USUAL + "def f():\n    return revision\n",
    "computed": "revision = 'a' + 'b'\ndown_revision = None\n",
    "f-string": "revision = f'a{1}'\ndown_revision = None\n",
    "from another": "revision = 'a'\ndown_revision = revision\n",
    "in an if": "if True:\n    revision = 'a'\ndown_revision = None\n",
    "in a try": "try:\n    revision = 'a'\nexcept E:\n    pass\ndown_revision = None\n",
    "in a loop": "for revision in 'a': pass\ndown_revision = None\n",
    "in a with": "with open(__file__) as revision: pass\ndown_revision = None\n",
    "walrus": "(revision := 'a')\ndown_revision = None\n",
    "unpacked": "revision, down_revision = 'a', None\n",
    "chained": "revision = down_revision = 'a'\n",
    "augmented": "revision = 'a'\ndown_revision = None\nrevision += 'b'\n",
    "deleted": "revision = 'a'\ndown_revision = None\nbranch_labels = 'x'\ndel branch_labels\n",
    "changed list": "revision='a'\ndown_revision=['b']\ndown_revision.append('c')\n",
    "imported": "from os import sep as revision\ndown_revision = None\n",
    "imported by name": "import revision\ndown_revision = None\n",
    "star import": "revision = 'a'\ndown_revision = None\nfrom os.path import *\n",
    "function of that name": "revision='a'\ndown_revision=None\ndef revision(): pass\n",
    "class of that name": "revision='a'\ndown_revision=None\nclass down_revision: pass\n",
    "global": "revision='a'\ndown_revision=None\ndef f():\n    global revision\n    revision='b'\nf()\n",
    "globals": "revision='a'\ndown_revision=None\nglobals()['revision'] = 'b'\n",
    "exec": "revision='a'\ndown_revision=None\nexec('revision = 1')\n",
    "vars": "revision='a'\ndown_revision=None\ndef f():\n    pass\nvars()['revision'] = 'b'\n",
    "sys.modules": "import sys\nrevision='a'\ndown_revision=None\nm = sys.modules[__name__]\n",
    "docstring bound": "revision='a'\ndown_revision=None\n__doc__ = 'other'\n",
    "docstring bound below": "revision='a'\ndown_revision=None\ndef f(): pass\n__doc__ = 'x'\n",
    "module getattr": "revision='a'\ndown_revision=None\ndef __getattr__(n): return 'x'\n",
    "set": "revision='a'\ndown_revision={'b', 'c'}\n",
    "number": "revision=1\ndown_revision=None\n",
    "bytes": "revision=b'a'\ndown_revision=None\n",
    "dictionary": "revision='a'\ndown_revision={'b': 1}\n",
    "none": "revision=None\ndown_revision=None\n",
    "empty": "revision=''\ndown_revision=None\n",
    "absent": "down_revision=None\n",
    "no down_revision": "revision='a'\n",
    "nothing": "",
    "broken": "revision = 'a'\ndown_revision = = None\n",
    "null byte": "revision = 'a\0'\ndown_revision = None\n",
    "only in a function": "def f():\n    revision = 'a'\n    down_revision = None\n",
    "exception name": "try:\n    x\nexcept E as revision: pass\ndown_revision=None\nrevision='a'\n",
}


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read(name: str) -> None:
    """The header that is read is the one that executing gives."""
    source = READABLE[name].encode()
    header = read_header(source)
    assert header is not None
    assert header == _executed(source.replace(b"from alembic import op\n", b""))


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_has_to_be_executed(name: str) -> None:
    """Where executing might give something else, there is no answer."""
    assert read_header(UNREADABLE[name].encode()) is None


def test_encodings() -> None:
    """A declared encoding counts, and wrong bytes are no header."""
    text = (
        '# -*- coding: latin-1 -*-\n"""\xe4"""\nrevision="\xe4"\ndown_revision=None\n'
    )
    header = read_header(text.encode("latin-1"))
    assert header is not None
    assert (header.revision, header.doc) == ("\xe4", "\xe4")
    assert read_header(b'revision="\xe4"\ndown_revision=None\n') is None
    header = read_header(b"\xef\xbb\xbf" + b"revision='a'\ndown_revision=None\n")
    assert header is not None


def test_body_is_not_parsed() -> None:
    """A body that is no valid Python does not hide the header."""
    assert read_header(USUAL.encode() + b"def broken(:\n") is not None


@pytest.mark.parametrize("name", READABLE)
def test_quick_reading_agrees_with_parsing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pattern for usual headers gives what parsing gives."""
    source = READABLE[name].encode()
    quick = read_header(source)
    monkeypatch.setattr(revision_file, "_read_usual", lambda head: None)
    assert read_header(source) == quick


def test_usual_file_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that a template writes is read without a parser."""
    monkeypatch.setattr(revision_file, "_read", None)
    assert read_header(USUAL.encode()) is not None


def test_unusual_end_of_a_head() -> None:
    """A statement below a long docstring and many names is read in no time.

    A pattern that fits in several ways would take longer than anyone can wait.
    """
    unusual = USUAL.replace("add a table", 'add a "table" to the schema\n' * 40)
    unusual = unusual.replace("\n\ndef upgrade", "\nrows = [1, 2]\n\ndef upgrade")
    unusual = unusual.replace(
        "revision: str",
        "down_revision: Union[str, None] = None\n" * 40 + "revision: str",
    )
    header = read_header(unusual.encode())
    assert header is not None
    assert header.revision == "ae10"


_NAMES = ("revision", "down_revision", "branch_labels", "depends_on", "__doc__", "x")
_VALUES = (
    "None",
    "'a'",
    '"b"',
    "('a', 'b')",
    "('a',)",
    "['c']",
    "('d')",
    "x",
    "'a'+'b'",
)
_TEMPLATES = (
    "{n} = {v}",
    "{n}: str = {v}",
    "{n}: Union[str, None] = {v}  # {n} = {v}",
    "if x: {n} = {v}",
    "def f():\n    {n} = {v}",
    "def f():\n    global {n}\n    {n} = {v}\nf()",
    "class {n}: pass",
    "import os as {n}",
    "{n} = {m} = {v}",
    "{n} += {v}",
    "del {n}",
    '"""{n} = {v}"""',
    "# {n} = {v}",
    "for {n} in [{v}]: pass",
    "x = [{n} for {n} in [{v}]]",
    "try:\n    {n} = {v}\nexcept Exception as {m}: pass",
    "globals()['{n}'] = {v}",
    "({n} := {v})",
    "{n} = {v}; {m} = {v}",
    "print({n})",
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(_TEMPLATES),
            st.sampled_from(_NAMES),
            st.sampled_from(_NAMES),
            st.sampled_from(_VALUES),
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_sound_or_silent(lines: Any, usual: bool) -> None:
    """Whatever a file does to its names, a header that is read is the true one."""
    before = "from typing import Union\nx = 'x'\n"
    if usual:
        before += "revision = 'r'\ndown_revision = None\n"
    text = before + "".join(t.format(n=n, m=m, v=v) + "\n" for t, n, m, v in lines)
    header = read_header(text.encode())
    if header is None:
        return
    executed = _executed(text.replace("print(", "str(").encode())
    if executed is not None:
        assert header == executed


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    """No content of a file is an error."""
    header = read_header(content)
    assert header is None or isinstance(header, Header)


@given(st.text(alphabet="\"'\\\n \tdefabc#=", max_size=60))
def test_any_docstring(text: str) -> None:
    """A docstring is read as the interpreter reads it, or not at all."""
    source = f'"""{text}"""\nrevision = "a"\ndown_revision = None\n'.encode()
    header = read_header(source)
    executed = _executed(source)
    if header is not None and executed is not None:
        assert header == executed


@pytest.mark.skipif(sys.version_info < (3, 10), reason="there are no patterns before")
def test_patterns() -> None:
    """A match statement that binds a name is noticed."""
    for pattern in ("revision", "[*revision]", "{**revision}", "str() as revision"):
        source = (
            "revision = 'a'\ndown_revision = None\n"
            f"match 'x':\n    case {pattern}:\n        pass\n"
        )
        assert read_header(source.encode()) is None


def test_warnings_are_left_to_execution() -> None:
    """Reading a header warns of nothing, since executing the file will."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = "x = '\\d'\nrevision = 'a'\ndown_revision = None\n"
        assert read_header(source.encode()) is not None
