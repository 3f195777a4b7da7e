"""Which files of a folder are revision files, and in which order."""

from __future__ import annotations

import os
import py_compile
import sys
from pathlib import Path
from typing import List

import pytest

from alembic.script.discovery import revision_files


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A folder with all kinds of files."""
    names = [
        "b.py", "a.py", "10.py", "2.py", "M.py", "_x.py", "a-b c.py", "x.pyc.py",
        ".#a.py", ".hidden.py", "._a.py", "__init__.py", "__init__x.py",
        "a.py~", "#a.py#", "a.py.bak", "q.PY", "readme.txt",
        "sub/s.py", "sub/deep/d.py", "aside/t.py", "__pycache__/p.py", ".git/g.py",
    ]  # fmt: skip
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "folder.py").mkdir()
    return tmp_path


def _names(folder: Path, **options: bool) -> List[str]:
    found = revision_files(str(folder), **options)
    return [str(Path(path).relative_to(folder)) for path, _ in found]


TOP = ["10.py", "2.py", "M.py", "_x.py", "a-b c.py", "a.py", "b.py", "x.pyc.py"]


def test_one_folder(folder: Path) -> None:
    """Python files count, by name; hidden files and editors' copies do not."""
    assert _names(folder) == TOP


def test_subfolders(folder: Path) -> None:
    """On request subfolders follow, by name, without hidden ones and caches."""
    below = ["aside/t.py", "sub/s.py", "sub/deep/d.py"]
    assert _names(folder, recursive=True) == [*TOP, *below]
    signs = [signs for _, signs in revision_files(str(folder), recursive=True)]
    assert [one[0] for one in signs if one is not None] == [*TOP, *below]


def test_system_that_lists_no_opened_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a folder is listed by its path, the files are the same."""
    expected = revision_files(str(folder), recursive=True)
    monkeypatch.setattr("os.supports_fd", set())
    assert revision_files(str(folder), recursive=True) == expected


def test_signs(folder: Path) -> None:
    """Each file comes with its path and what tells that it has changed."""
    found = {Path(one[0]).name: one for one in revision_files(str(folder))}
    path, signs = found["a.py"]
    stat = (folder / "a.py").stat()
    assert path == str(folder / "a.py")
    assert signs == (
        "a.py", stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino
    )  # fmt: skip


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """A missing folder has no files."""
    assert _names(tmp_path / "nope") == []
    (tmp_path / "file").write_text("")
    assert _names(tmp_path / "file") == []


def test_broken_link(tmp_path: Path) -> None:
    """A link that leads nowhere is no file."""
    (tmp_path / "a.py").symlink_to(tmp_path / "gone.py")
    assert _names(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_pipe(tmp_path: Path) -> None:
    """What is no file is passed over, and a pipe is not waited for."""
    os.mkfifo(str(tmp_path / "a.py"))
    assert _names(tmp_path) == []
    assert _names(tmp_path / "a.py") == []


def test_compiled_files(tmp_path: Path) -> None:
    """Compiled files count only on request and only without their source."""
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.py").write_text("")
    py_compile.compile(str(tmp_path / "a.py"), str(tmp_path / "a.pyc"))
    py_compile.compile(str(tmp_path / "b.py"), str(tmp_path / "b.pyc"))
    cached = py_compile.compile(
        str(tmp_path / "c.py"),
        cfile=str(tmp_path / "__pycache__" / f"c.{sys.implementation.cache_tag}.pyc"),
    )
    assert cached is not None
    (tmp_path / "__pycache__" / "c.cpython-27.pyc").write_bytes(b"old")
    (tmp_path / "__pycache__" / "alembic-headers.x").write_bytes(b"")
    (tmp_path / "a.py").unlink()
    (tmp_path / "c.py").unlink()
    assert _names(tmp_path) == ["b.py", "d.py"]
    found = revision_files(str(tmp_path), sourceless=True)
    names = [Path(path).name for path, _ in found]
    assert names == ["b.py", "d.py", "a.pyc", Path(cached).name]
    assert found[2][1] is None
    assert found[3] == (cached, None)
