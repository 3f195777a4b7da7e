"""The index of headers: right under every change of files, and never in the way."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.script import index as index_module
from alembic.script import revision_file
from alembic.script.discovery import revision_files
from alembic.script.index import HeaderIndex
from alembic.script.index import SWITCH
from alembic.script.revision_file import Header

SIZE = 60


def _source(id_: str, down: Optional[str] = None) -> str:
    return f'"""{id_}"""\nrevision = {id_!r}\ndown_revision = {down!r}\n'


def _write(folder: Path, name: str, text: str, settled: bool = True) -> None:
    """Write a file; a settled one has not been changed for a long time."""
    path = folder / name
    before = path.stat().st_ctime_ns if path.exists() else None
    path.write_text(text)
    if settled:
        _settle(path)
        # a file that has not been changed for a long time was not in the tick before
        while path.stat().st_ctime_ns == before:
            _settle(path)


def _settle(path: Path) -> None:
    # the time of change cannot be set, so let the clock go on instead
    os.utime(path, (1_600_000_000, 1_600_000_000))


@pytest.fixture(name="reads", autouse=True)
def reads_fixture(monkeypatch: pytest.MonkeyPatch) -> List[bytes]:
    """The sources that have been read."""
    reads: List[bytes] = []
    real = revision_file.read_header

    def counting(source: bytes) -> object:
        reads.append(source)
        return real(source)

    monkeypatch.setattr(revision_file, "read_header", counting)
    monkeypatch.delenv(SWITCH, raising=False)
    return reads


@pytest.fixture(name="later")
def later_fixture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is an hour ahead, so that all files are settled."""
    real = time.time_ns
    monkeypatch.setattr(index_module.time, "time_ns", lambda: real() + 3600 * 10**9)


@pytest.fixture(name="just_after")
def just_after_fixture(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """A function that stops the clock a moment after the last change of a file."""

    def stop(path: Path) -> None:
        now = path.stat().st_ctime_ns + 1_000_000
        monkeypatch.setattr(index_module.time, "time_ns", lambda: now)

    return stop


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Iterator[Path]:
    """A folder of revision files."""
    for number in range(SIZE):
        _write(tmp_path, f"r{number:02}.py", _source(f"r{number:02}"))
    yield tmp_path
    tmp_path.chmod(0o755)


def _headers(folder: Path) -> Dict[str, Optional[str]]:
    """Return the ids that one run sees, by file."""
    index = HeaderIndex(str(folder))
    found = {}
    for file in revision_files(str(folder)):
        header = index.header(file)
        found[Path(file[0]).name] = None if header is None else header.revision
    index.save()
    return found


def _index_file(folder: Path) -> Path:
    name = f"alembic-headers.{sys.implementation.cache_tag}"
    return folder / "__pycache__" / name


def test_second_run_reads_nothing(
    folder: Path, reads: List[bytes], later: None
) -> None:
    """What has been read once is known the next time."""
    first = _headers(folder)
    assert len(reads) == SIZE
    assert _headers(folder) == first
    assert len(reads) == SIZE
    assert first["r07.py"] == "r07"


def test_nothing_is_written_for_a_few_files(tmp_path: Path, later: None) -> None:
    """A small folder gets no index."""
    _write(tmp_path, "a.py", _source("a"))
    _headers(tmp_path)
    assert not _index_file(tmp_path).exists()


def test_changed_files_are_read_again(
    folder: Path, reads: List[bytes], later: None
) -> None:
    """Changed, new, renamed and deleted files are noticed; the rest is not read."""
    _headers(folder)
    reads.clear()
    _write(folder, "r00.py", _source("longer"))
    _write(folder, "new.py", _source("new"))
    (folder / "r01.py").rename(folder / "moved.py")
    (folder / "r02.py").unlink()
    found = _headers(folder)
    assert found["r00.py"] == "longer"
    assert found["new.py"] == "new"
    assert found["moved.py"] == "r01"
    assert "r01.py" not in found
    assert "r02.py" not in found
    assert len(reads) == 3
    reads.clear()
    assert _headers(folder) == found
    assert reads == []


def test_same_size_and_same_time(folder: Path, later: None) -> None:
    """An edit that keeps size and time of modification is noticed."""
    _headers(folder)
    before = (folder / "r00.py").stat()
    _write(folder, "r00.py", _source("x00"))
    after = (folder / "r00.py").stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert _headers(folder)["r00.py"] == "x00"


def test_replaced_by_an_older_file(folder: Path, later: None) -> None:
    """A file that takes the place of another, with its times, is noticed."""
    other = folder / "other.txt"
    _write(folder, other.name, _source("y00"))
    _headers(folder)
    os.replace(other, folder / "r00.py")
    assert _headers(folder)["r00.py"] == "y00"


def test_edits_in_quick_succession(folder: Path) -> None:
    """Files that may be edited within the same tick of the clock are not remembered."""
    for number in range(30):
        _write(folder, "r00.py", _source(f"z{number:02}"), settled=False)
        assert _headers(folder)["r00.py"] == f"z{number:02}"


def test_fresh_files_are_not_remembered(
    folder: Path,
    reads: List[bytes],
    later: None,
    just_after: Callable[[Path], None],
) -> None:
    """A file that was changed a moment ago is read again the next time."""
    _headers(folder)
    _write(folder, "r00.py", _source("a"), settled=False)
    just_after(folder / "r00.py")
    for _ in range(3):
        reads.clear()
        assert _headers(folder)["r00.py"] == "a"
        assert reads == [_source("a").encode()]


@pytest.mark.parametrize(
    ("changed", "now", "settled"),
    [
        (5_000_000_123, 5_000_000_200, False),
        (5_000_000_123, 5_100_000_123, True),
        # a clock of whole seconds ticks rarely
        (5_000_000_000, 5_100_000_000, False),
        (5_000_000_000, 7_000_000_000, False),
        (5_000_000_000, 7_200_000_000, True),
        # the future
        (9_000_000_001, 5_000_000_000, False),
    ],
)
def test_settled(changed: int, now: int, settled: bool) -> None:
    """A file is settled when a later change would have another time."""
    assert index_module._is_settled(("a.py", 1, changed, changed, 1), now) is settled


def test_deleted_index(folder: Path, reads: List[bytes], later: None) -> None:
    """The index may be deleted at any time."""
    first = _headers(folder)
    _index_file(folder).unlink()
    assert _headers(folder) == first
    assert len(reads) == 2 * SIZE


@given(st.data())
def test_damaged_index(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A damaged index is as good as none, whatever the damage."""
    folder = tmp_path_factory.mktemp("versions")
    for number in range(SIZE):
        _write(folder, f"{number}.py", _source(f"r{number}"))
    index = HeaderIndex(str(folder))
    index_file = _index_file(folder)
    for _, signs in revision_files(str(folder)):
        assert signs is not None
        index._seen[signs] = (f"r{signs[0][:-3]}", None, None, None, None)
    index._learned = SIZE
    index.save()
    content = bytearray(index_file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= data.draw(st.integers(1, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    index_file.write_bytes(bytes(content))
    assert set(_headers(folder).values()) == {f"r{n}" for n in range(SIZE)}


def test_folder_that_cannot_be_written_to(
    folder: Path, later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only folder costs nothing but time."""

    def refuse(*arg: object, **kw: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("alembic.util.files.write_whole", refuse)
    assert len(_headers(folder)) == SIZE
    assert not _index_file(folder).exists()


def test_switched_off(
    folder: Path, later: None, monkeypatch: pytest.MonkeyPatch, reads: List[bytes]
) -> None:
    """The environment variable switches reading and writing off."""
    monkeypatch.setenv(SWITCH, "0")
    _headers(folder)
    assert not _index_file(folder).exists()
    monkeypatch.setenv(SWITCH, "1")
    _headers(folder)
    assert _index_file(folder).exists()
    monkeypatch.setenv(SWITCH, "off")
    reads.clear()
    _headers(folder)
    assert len(reads) == SIZE


def test_cache_elsewhere(
    folder: Path,
    later: None,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a cache prefix the folder itself stays clean."""
    prefix = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(sys, "pycache_prefix", str(prefix))
    _headers(folder)
    assert not (folder / "__pycache__").exists()
    assert len(list(prefix.rglob("alembic-headers.*"))) == 1


def test_files_that_must_be_executed(
    folder: Path, later: None, reads: List[bytes]
) -> None:
    """That a file has to be executed is remembered as well."""
    _write(folder, "computed.py", "revision = 'a' + 'b'\ndown_revision = None\n")
    assert _headers(folder)["computed.py"] is None
    reads.clear()
    assert _headers(folder)["computed.py"] is None
    assert reads == []


@given(st.data())
def test_random_changes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Under any sequence of changes, each run sees the files as they are."""
    folder = tmp_path_factory.mktemp("versions")
    expected: Dict[str, str] = {}
    for number in range(55):
        _write(folder, f"r{number:02}.py", _source(f"r{number:02}"))
        expected[f"r{number:02}.py"] = f"r{number:02}"
    for turn in range(data.draw(st.integers(1, 6))):
        for _ in range(data.draw(st.integers(0, 4))):
            name = data.draw(st.sampled_from(sorted(expected)))
            what = data.draw(st.sampled_from(["edit", "delete", "swap", "copy"]))
            other = data.draw(st.sampled_from(sorted(expected)))
            if what == "edit":
                expected[name] = f"e{turn}{data.draw(st.integers(0, 9))}"
                settled = data.draw(st.booleans())
                _write(folder, name, _source(expected[name]), settled)
            elif what == "delete" and len(expected) > 50:
                (folder / name).unlink()
                del expected[name]
            elif what == "swap" and name != other:
                (folder / name).rename(folder / "aside.txt")
                (folder / other).rename(folder / name)
                (folder / "aside.txt").rename(folder / other)
                expected[name], expected[other] = expected[other], expected[name]
            elif what == "copy":
                (folder / name).write_bytes((folder / other).read_bytes())
                expected[name] = expected[other]
        assert _headers(folder) == expected


def _history(folder: Path) -> Optional[List[Tuple[str, Any, Any]]]:
    """Return the history that a run finds; it keeps one when it finds none."""
    index = HeaderIndex(str(folder))
    files = revision_files(str(folder))
    found = index.history(files)
    if found is None:
        ties = [("tied to", str(index.header(file))) for file in files]
        index.keep_history(files, ties)
        index.save()
        return None
    return [(Path(file[0]).name, header, ties) for file, header, ties in found]


def test_history_of_unchanged_files(
    folder: Path, reads: List[bytes], later: None
) -> None:
    """A history is found again as long as the files are the very same."""
    assert _history(folder) is None
    reads.clear()
    found = _history(folder)
    assert found is not None
    assert len(found) == SIZE
    name, header, ties = found[7]
    assert (name, header) == ("r07.py", ("r07", None, None, None, "r07"))
    assert ties == ("tied to", str(Header(*header)))
    assert reads == []


def test_history_joins_headers_that_are_known(folder: Path, later: None) -> None:
    """An index that has all headers and no history gets one."""
    _headers(folder)
    assert _history(folder) is None
    assert _history(folder) is not None


def _edit(folder: Path) -> None:
    _write(folder, "r00.py", _source("x00"))


def _rename(folder: Path) -> None:
    (folder / "r01.py").rename(folder / "moved.py")


def _delete(folder: Path) -> None:
    (folder / "r02.py").unlink()


def _add(folder: Path) -> None:
    _write(folder, "new.py", _source("new"))


def _swap(folder: Path) -> None:
    (folder / "r03.py").rename(folder / "aside.txt")
    (folder / "r04.py").rename(folder / "r03.py")
    (folder / "aside.txt").rename(folder / "r04.py")


@pytest.mark.parametrize("change", [_edit, _rename, _delete, _add, _swap])
def test_history_of_changed_files(
    folder: Path, later: None, change: Callable[[Path], None]
) -> None:
    """Any change of the files makes another history."""
    _history(folder)
    change(folder)
    assert _history(folder) is None
    assert _history(folder) is not None


def test_no_history_where_a_file_is_executed(folder: Path, later: None) -> None:
    """What an executed file says may be another thing each time."""
    _write(folder, "r00.py", "revision = 'a' + 'b'\ndown_revision = None\n")
    assert _history(folder) is None
    assert _history(folder) is None


def test_no_history_of_fresh_files(
    folder: Path, later: None, just_after: Callable[[Path], None]
) -> None:
    """A file that was changed just now may be changed again without a trace."""
    _headers(folder)
    _write(folder, "r00.py", _source("a"), settled=False)
    just_after(folder / "r00.py")
    for _ in range(3):
        assert _history(folder) is None


def test_another_version_reads_again(
    folder: Path, reads: List[bytes], later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version of Alembic has read does not count."""
    _history(folder)
    reads.clear()
    monkeypatch.setattr(index_module, "_FORMAT", b"alembic headers of another\n")
    assert _history(folder) is None
    assert len(reads) == SIZE
