"""Finds the revision files of a version location."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from stat import S_ISREG

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Iterable
    from typing import Iterator
    from typing import List
    from typing import Optional
    from typing import Tuple

    Signs = Tuple[str, int, int, int, int]
    """The path of a source inside its version location, its size, times and inode."""

    Found = Tuple[str, Optional[Signs]]
    """The path of a revision file, and the signs by which a change of it is noticed;
    None for a compiled file."""


_CACHE = "__pycache__"
_COMPILED = (".pyc", ".pyo")
_POSIX = os.name == "posix"


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
        folder = os.path.join(location, inside)
        sources, compiled, subfolders = _listed(folder, inside)
        found.extend(sources)
        if sourceless:
            found.extend(_without_source(folder, sources, compiled))
        if recursive:
            folders.extend(os.path.join(inside, name) for name in reversed(subfolders))
    return found


def _listed(folder: str, inside: str) -> Tuple[List[Found], List[str], List[str]]:
    """Return what is in a folder, sorted.

    :param folder: the folder.
    :param inside: its path in the version location.
    :returns: the sources, the names of compiled files, and those of the subfolders.
    """
    sources: List[Found] = []
    compiled: List[str] = []
    subfolders: List[str] = []
    start, start_inside = os.path.join(folder, ""), os.path.join(inside, "")
    try:
        with _entries(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith("."):
                    continue
                if name.endswith(".py"):
                    # asked here, what the system tells is not kept for all at once
                    signs = _signs(entry, f"{start_inside}{name}")
                    if signs is not None:
                        if not name.startswith("__init__"):
                            sources.append((f"{start}{name}", signs))
                        continue
                if entry.is_dir():
                    if name != _CACHE:
                        subfolders.append(name)
                elif name.endswith(_COMPILED):
                    compiled.append(name)
    except (FileNotFoundError, NotADirectoryError):
        return [], [], []
    sources.sort()
    compiled.sort()
    subfolders.sort()
    return sources, compiled, subfolders


@contextmanager
def _entries(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """Open a folder; its entries are valid until it is closed."""
    if os.scandir not in os.supports_fd:
        with os.scandir(folder) as entries:
            yield entries
        return
    # the system then looks up the name of each file and not its whole path
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with os.scandir(descriptor) as entries:
            yield entries
    finally:
        os.close(descriptor)


def _signs(entry: os.DirEntry[str], inside: str) -> Optional[Signs]:
    """Return the signs of a file; None for what is no file."""
    try:
        # the entry's own answer is incomplete on Windows
        stat = entry.stat() if _POSIX else os.stat(entry.path)
    except FileNotFoundError:
        return None
    if not S_ISREG(stat.st_mode):
        return None
    return (inside, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def _without_source(
    folder: str, sources: Iterable[Found], compiled: Iterable[str]
) -> Iterator[Found]:
    """Yield the compiled files of a folder, and of its cache, that have no source."""
    seen = {os.path.splitext(os.path.basename(path))[0] for path, _ in sources}
    candidates = [(folder, name) for name in compiled]
    cache = os.path.join(folder, _CACHE)
    if os.path.isdir(cache):
        candidates += [(cache, name) for name in sorted(os.listdir(cache))]
    for where, name in candidates:
        stem, suffix = os.path.splitext(name)
        if suffix not in _COMPILED or name.startswith(("__init__", ".")):
            continue
        if where == cache:
            stem, _, tag = stem.partition(".")
            if tag.partition(".")[0] != sys.implementation.cache_tag:
                continue
        if stem not in seen:
            seen.add(stem)
            yield os.path.join(where, name), None
