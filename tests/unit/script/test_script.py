"""Script: a revision file, executed when it must be."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import pytest

from alembic.script import Script
from alembic.script.base import Script as OldScript
from alembic.script.revision_file import Header
from alembic.util.exc import CommandError


def _file(folder: Path, text: str, name: str = "x.py") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_from_a_module() -> None:
    """A script can be made of a module, as programs do."""
    module: Any = types.ModuleType("m")
    module.__doc__ = "doc"
    module.down_revision = "a"
    module.branch_labels = ["l"]
    module.depends_on = None
    script = OldScript(module, "b", Path("/v/b.py"))
    assert script.module is module
    assert script.path == "/v/b.py"
    assert script._script_path == Path("/v/b.py")
    assert (script.revision, script.down_revision) == ("b", "a")
    assert script.branch_labels == {"l"}
    assert script._format_down_revision() == "a"
    assert script.doc == "doc"


def test_module_is_executed_at_first_touch(tmp_path: Path) -> None:
    """Reading needs no execution; touching the module executes it once."""
    path = _file(
        tmp_path,
        '"""doc"""\nrevision = "a"\ndown_revision = None\n'
        "with open(__file__ + '.ran', 'a') as stream:\n    stream.write('x')\n",
    )
    script = Script.from_source(Path(path).read_bytes(), path)
    assert script.doc == "doc"
    assert not Path(path + ".ran").exists()
    assert script.module.revision == "a"
    assert script.module is script.module
    assert Path(path + ".ran").read_text() == "x"
    other = types.ModuleType("other")
    script.module = other
    assert script.module is other


def test_file_that_changed_meanwhile(tmp_path: Path) -> None:
    """A file that is another revision when it is executed is refused."""
    path = _file(tmp_path, "revision = 'b'\ndown_revision = None\n")
    script = Script.from_header(Header("a", None, None, None, None), path)
    with pytest.raises(CommandError, match="read as revision 'a' and executed as 'b'"):
        script.module  # noqa: B018


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\n", r"Could not determine revision id from filename x\.py\. Be sure"),
        ("revision = None\ndown_revision = None\n", "Could not determine revision id"),
        ("revision = ''\ndown_revision = None\n", "Could not determine revision id"),
        ("revision = 1\ndown_revision = None\n", "'revision' is 1, but an identifier"),
        ("revision = str('a')\n", "does not declare 'down_revision'"),
        ("revision = (\n", r"x\.py, line [12]: SyntaxError: "),
        ("import nope_nope\n", r"line 1: ModuleNotFoundError: No module named"),
        ("def f():\n    1 / 0\n\nf()\n", r"x\.py, line 4|x\.py, line 2"),
        ("raise SystemError\n", "line 1: SystemError"),
    ],
)
def test_files_that_are_no_revisions(tmp_path: Path, text: str, reason: str) -> None:
    """A file that cannot be a revision is refused with its name and the reason."""
    path = _file(tmp_path, text)
    with pytest.raises(CommandError, match=reason) as caught:
        Script.from_source(text.encode(), path)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_command_error_in_a_file(tmp_path: Path) -> None:
    """An error that is meant for people stays as it is."""
    text = "from alembic.util import CommandError\nraise CommandError('my words')\n"
    with pytest.raises(CommandError, match="^my words$"):
        Script.from_execution(_file(tmp_path, text))


def test_identifier_in_the_name(tmp_path: Path) -> None:
    """Files of the first releases have their identifier as a name."""
    path = _file(tmp_path, "down_revision = None\n", "3f2a.py")
    assert Script.from_execution(path).revision == "3f2a"


def test_files_with_odd_names(tmp_path: Path) -> None:
    """A file may have any name."""
    text = "revision = str('a')\ndown_revision = None\n"
    path = _file(tmp_path, text, "2024-01-01 a.b (c).py")
    assert Script.from_execution(path).revision == "a"
