"""Finds the revision files of a version location."""

from __future__ import annotations

import os
import sys
from operator import attrgetter
from stat import S_ISREG
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple

_CACHE = "__pycache__"


class Found(NamedTuple):
    """A revision file: its path, and the signs by which a change is noticed."""

    path: str
    name: str
    """Its path inside the version location."""
    signs: Optional[Tuple[int, int, int, int]]
    """Size, times and inode; None for a compiled file."""


def revision_files(
    location: str, *, recursive: bool = False, sourceless: bool = False
) -> Iterator[Found]:
    """Yield the revision files of a folder, by name; those of subfolders after it.

    Hidden files, copies that editors leave behind and ``__init__.py`` are none.

    :param location: the folder; one that does not exist has no files.
    :param recursive: look into subfolders too.
    :param sourceless: take compiled files, also from ``__pycache__``, for which there
        is no source.
    """
    folders = [""]
    while folders:
        inside = folders.pop()
        files, subfolders = _listed(os.path.join(location, inside))
        for entry in files:
            if _is_source(entry.name):
                found = _found(entry, inside)
                if found is not None:
                    yield found
        if sourceless:
            names = {entry.name for entry in files}
            yield from _compiled(os.path.join(location, inside), inside, names)
        if recursive:
            folders.extend(os.path.join(inside, name) for name in reversed(subfolders))


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
                if name.endswith((".py", ".pyc", ".pyo")) and not entry.is_dir():
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


def _found(entry: os.DirEntry[str], inside: str) -> Optional[Found]:
    try:
        # the entry's own answer is incomplete on Windows
        stat = entry.stat() if os.name == "posix" else os.stat(entry.path)
    except FileNotFoundError:
        return None
    if not S_ISREG(stat.st_mode):
        return None
    name = os.path.join(inside, entry.name) if inside else entry.name
    signs = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    return Found(entry.path, name, signs)


def _compiled(folder: str, inside: str, names: Set[str]) -> Iterator[Found]:
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
            yield Found(path, os.path.join(inside, name), None)
