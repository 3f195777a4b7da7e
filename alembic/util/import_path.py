"""Folders that are on `sys.path` while files of a project run, and no longer."""

from __future__ import annotations

import sys
from _thread import allocate_lock  # `threading` takes as long as a light command
from contextlib import contextmanager

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Dict
    from typing import Iterator
    from typing import List
    from typing import Sequence

_lock = allocate_lock()

# how many blocks, in all threads, have need of a folder that was put there for them
_needed: Dict[str, int] = {}


def put_first(folders: Sequence[str]) -> None:
    """Put folders before all others on `sys.path`, each only once, to stay there."""
    with _lock:
        _put(folders)
        for folder in folders:
            # the blocks in which it is now leave it
            _needed.pop(folder, None)


def _put(folders: Sequence[str]) -> List[str]:
    """Return those that were not there before."""
    new = [folder for folder in dict.fromkeys(folders) if folder not in sys.path]
    sys.path[:0] = new
    return new


@contextmanager
def first_on_sys_path(folders: Sequence[str]) -> Iterator[None]:
    """Have folders on `sys.path` during a block.

    One that was there before stays. Where several threads need the same folder, it goes
    with the last of them.
    """
    with _lock:
        ours = {*_put(folders), *(each for each in folders if each in _needed)}
        for folder in ours:
            _needed[folder] = _needed.get(folder, 0) + 1
    try:
        yield
    finally:
        with _lock:
            for folder in ours & _needed.keys():
                _needed[folder] -= 1
                if not _needed[folder]:
                    del _needed[folder]
                    _leave_out(folder)


def _leave_out(folder: str) -> None:
    # A new list: another thread's import may be walking through the present one, and
    # would pass over an entry when those behind it move up.
    rest = list(sys.path)
    if folder in rest:
        rest.remove(folder)
        sys.path = rest
