"""Finds the revision files of a version location."""

from __future__ import annotations

import os
import sys
from operator import attrgetter
from stat import S_ISREG

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Iterable
    from typing import Iterator
    from typing import List
    from typing import Optional
    from typing import Set
    from typing import Tuple

    Signs = Tuple[str, int, int, int, int]
    """The path of a source inside its version location, its size, times and inode."""


_CACHE = "__pycache__"
_SUFFIXES = (".py", ".pyc", ".pyo")
_POSIX = os.name == "posix"


class Found:
    """A revision file, and the signs by which a change of it is noticed.

    :ivar path: its path.
    :ivar signs: its signs; None for a compiled file.
    """

    # a NamedTuple would load typing, a good part of a light command
    __slots__ = ("path", "signs")

    def __init__(self, path: str, signs: Optional[Signs]) -> None:
        self.path = path
        self.signs = signs


def revision_files(
    location: str, *, recursive: bool = False, sourceless: bool = False
) -> List[Found]:
    """Return the revision files of a folder, by name; those of subfolders after it.

    Hidden files, copies that editors leave behind and ``__init__.py`` are none.

    :param location: the folder; one that does not exist has no files.
    :param recursive: look into subfolders too.
    :param sourceless: take compiled files, also from ``__pycache__``, for which there
        is no source.
    """
    found: List[Found] = []
    folders = [""]
    while folders:
        inside = folders.pop()
        files, subfolders = _listed(os.path.join(location, inside))
        found.extend(_sources(files, inside))
        if sourceless:
            names = {entry.name for entry in files}
            found.extend(_compiled(os.path.join(location, inside), names))
        if recursive:
            folders.extend(os.path.join(inside, name) for name in reversed(subfolders))
    return found


def _listed(folder: str) -> Tuple[List[os.DirEntry[str]], List[str]]:
    """Return the files of a folder and the names of its subfolders, sorted."""
    files: List[os.DirEntry[str]] = []
    subfolders: List[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith("."):
                    continue
                if name.endswith(_SUFFIXES) and not entry.is_dir():
                    files.append(entry)
                elif name != _CACHE and entry.is_dir():
                    subfolders.append(name)
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    files.sort(key=attrgetter("name"))
    subfolders.sort()
    return files, subfolders


def _is_source(name: str) -> bool:
    return name.endswith(".py") and not name.startswith(("__init__", "."))


def _sources(files: Iterable[os.DirEntry[str]], inside: str) -> Iterator[Found]:
    """Yield the sources among the files of a folder."""
    for entry in files:
        name = entry.name
        if not _is_source(name):
            continue
        try:
            # the entry's own answer is incomplete on Windows
            stat = entry.stat() if _POSIX else os.stat(entry.path)
        except FileNotFoundError:
            continue
        if S_ISREG(stat.st_mode):
            yield Found(
                entry.path,
                (
                    os.path.join(inside, name) if inside else name,
                    stat.st_size,
                    stat.st_mtime_ns,
                    stat.st_ctime_ns,
                    stat.st_ino,
                ),
            )


def _compiled(folder: str, names: Set[str]) -> Iterator[Found]:
    """Yield compiled files whose source is not among ``names``."""
    seen = {os.path.splitext(name)[0] for name in names if _is_source(name)}
    candidates = [(folder, name) for name in sorted(names)]
    cache = os.path.join(folder, _CACHE)
    if os.path.isdir(cache):
        candidates += [(cache, name) for name in sorted(os.listdir(cache))]
    for where, name in candidates:
        stem, suffix = os.path.splitext(name)
        if suffix not in (".pyc", ".pyo") or name.startswith(("__init__", ".")):
            continue
        if where == cache:
            stem, _, tag = stem.partition(".")
            if tag.partition(".")[0] != sys.implementation.cache_tag:
                continue
        if stem not in seen:
            seen.add(stem)
            path = os.path.join(where, name)
            yield Found(path, None)
