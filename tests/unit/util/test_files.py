"""alembic.util.files, templating, pyfiles, editor: files in and out."""

from __future__ import annotations

import os
import py_compile
import stat

import pytest

from alembic.util import coerce_resource_to_filename
from alembic.util import CommandError
from alembic.util import load_python_file
from alembic.util import open_in_editor
from alembic.util import pyc_file_from_path
from alembic.util import template_to_file
from alembic.util.files import write_whole


def test_write_whole_makes_and_replaces(tmp_path):
    """A file gets all its bytes, new or replaced, and keeps its permissions."""
    path = tmp_path / "f"
    write_whole(path, b"one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~_umask()
    path.chmod(0o640)
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["f"]


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_mask_of_new_files_is_not_set(tmp_path, monkeypatch):
    """It belongs to all threads: two that set it at once would leave it open."""
    wanted = 0o666 & ~_umask()

    def refuse(mask):
        raise AssertionError("the mask was set")

    monkeypatch.setattr(os, "umask", refuse)
    for exclusive in (False, True):
        path = tmp_path / f"f{exclusive}"
        write_whole(path, b"one", exclusive=exclusive)
        assert stat.S_IMODE(path.stat().st_mode) == wanted


def test_write_whole_exclusive_never_overwrites(tmp_path):
    """With `exclusive` an existing file is refused and stays as it was."""
    path = tmp_path / "f"
    write_whole(path, b"one", exclusive=True)
    with pytest.raises(FileExistsError):
        write_whole(path, b"two", exclusive=True)
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["f"]


def test_exclusive_works_without_hard_links(tmp_path, monkeypatch):
    """A file system that cannot link still refuses an existing file."""

    def no_links(*arg):
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "f"
    write_whole(path, b"one", exclusive=True)
    with pytest.raises(FileExistsError):
        write_whole(path, b"two", exclusive=True)
    assert path.read_bytes() == b"one"


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    """When the last step fails, the old file stays and no temporary one is left."""
    path = tmp_path / "f"
    path.write_bytes(b"one")

    def full(*arg):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["f"]


def test_template_to_file(tmp_path):
    """A template becomes a file in the wanted encoding."""
    template = tmp_path / "t.mako"
    template.write_text("x = ${value}\n")
    template_to_file(str(template), str(tmp_path / "out"), "latin-1", value="é")
    assert (tmp_path / "out").read_bytes() == b"x = \xe9\n"


def test_template_can_be_appended(tmp_path):
    """Appending keeps what stands in the file."""
    template = tmp_path / "t.mako"
    template.write_text("new\n")
    out = tmp_path / "out"
    out.write_text("old")
    template_to_file(str(template), str(out), "utf-8", append_with_newlines=True)
    assert out.read_text() == "old\n\nnew\n"


@pytest.mark.parametrize("text", ["${nowhere}", "% if x:\n", "${1/0}"])
def test_a_broken_template_is_one_line_and_no_file(tmp_path, text):
    """The error names the template; no file appears."""
    template = tmp_path / "broken.mako"
    template.write_text(text)
    with pytest.raises(CommandError) as caught:
        template_to_file(str(template), str(tmp_path / "out"), "utf-8")
    assert "broken.mako" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_load_python_file(tmp_path):
    """A file is executed as a module named after it, outside `sys.modules`."""
    (tmp_path / "some-file.py").write_text("value = __name__")
    module = load_python_file(tmp_path, "some-file.py")
    assert module.value == "some_file_py"
    assert module.__file__ == str(tmp_path / "some-file.py")


def test_load_python_file_falls_back_to_compiled(tmp_path):
    """Without the source its compiled file is taken."""
    source = tmp_path / "mod.py"
    source.write_text("value = 5")
    py_compile.compile(str(source))
    assert pyc_file_from_path(source) is not None
    source.unlink()
    assert load_python_file(tmp_path, "mod.py").value == 5


def test_load_python_file_absent(tmp_path):
    """A file that is nowhere is an ImportError that names it."""
    with pytest.raises(ImportError, match=r"nothing\.py"):
        load_python_file(tmp_path, "nothing.py")


def test_resources_are_paths_or_package_folders(tmp_path, monkeypatch):
    """`package:folder` is found through the package, anything else is a path."""
    (tmp_path / "some_pkg_here" / "inner").mkdir(parents=True)
    (tmp_path / "some_pkg_here" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = coerce_resource_to_filename("some_pkg_here:inner/deep")
    assert found == tmp_path / "some_pkg_here" / "inner" / "deep"
    assert str(coerce_resource_to_filename("a/b")) == os.path.join("a", "b")


@pytest.mark.parametrize("resource", ["no_such_package_x:a", "os:a"])
def test_an_unusable_package_is_explained(resource):
    """A package that is missing or no folder is named with what to do."""
    with pytest.raises(CommandError, match=resource.split(":")[0]):
        coerce_resource_to_filename(resource)


def test_editor_from_the_environment(tmp_path):
    """The first variable that is set wins and may carry arguments."""
    record = tmp_path / "record"
    editor = tmp_path / "my editor"
    editor.write_text(f'#!/bin/sh\necho "$@" > {record}\n')
    editor.chmod(0o755)
    environ = {"PATH": os.environ["PATH"], "VISUAL": "false"}
    open_in_editor("the-file", {**environ, "ALEMBIC_EDITOR": str(editor)})
    assert record.read_text() == "the-file\n"
    open_in_editor("the-file", {**environ, "ALEMBIC_EDITOR": f"'{editor}' -w"})
    assert record.read_text() == "-w the-file\n"


def test_editor_failing_or_absent():
    """A failing editor and no editor at all are both explained."""
    with pytest.raises(CommandError, match="Error executing editor"):
        open_in_editor("f", {"PATH": os.environ["PATH"], "EDITOR": "false"})
    with pytest.raises(CommandError, match="EDITOR"):
        open_in_editor("f", {"PATH": "/nowhere"})
