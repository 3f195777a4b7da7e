"""HeaderIndex: remembers the headers of revision files from one run to the next.

Reading thousands of headers takes longer than all else that ``alembic heads`` does. So
they are kept in one file in the ``__pycache__`` of the version location. An entry
counts only for a file of the same name, size, times and inode; the whole counts only
when its checksum is right. Beside the headers lies what ties them together, which
counts only when the files are all the same and no other one has come. Deleting the
file is safe, and so is a folder that cannot be written to. The environment variable
``ALEMBIC_HEADER_INDEX=0`` switches it off.

It has nothing to do with compiled modules: ``PYTHONDONTWRITEBYTECODE`` does not count
for it, `sys.pycache_prefix` does.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
import zlib
from functools import cached_property

from .. import __version__

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Dict
    from typing import Iterable
    from typing import List
    from typing import Optional
    from typing import Sequence
    from typing import Tuple

    from .discovery import Found
    from .discovery import Signs
    from .revision_file import Header

    Row = Tuple[Any, ...]
    Content = Tuple[List[Signs], List[Optional[Row]], Optional[List[Row]]]
    """The signs of the files, the header of each of them, what they are tied to."""

SWITCH = "ALEMBIC_HEADER_INDEX"

# another version may read a header in another way
_FORMAT = f"alembic headers 2 of {__version__}\n".encode()

# a file with fewer changes than this is not worth a new index where there is none
_WORTHWHILE = 50

# two changes within one tick of the file system's clock look alike, so what has
# changed within the last moments is not remembered; some clocks tick every 2 seconds
_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_100_000_000
_SECOND_NS = 1_000_000_000

_NOTHING: Content = ([], [], None)


class HeaderIndex:
    """The headers of the files in one version location, and what ties them together.

    :param location: the folder.
    """

    def __init__(self, location: str) -> None:
        self.path = _index_path(location)
        self._signs, self._headers, self._ties = self._load()
        self._seen: Dict[Signs, Optional[Row]] = {}
        self._learned = 0
        self._made: Optional[List[Row]] = None

    @cached_property
    def _known(self) -> Dict[Signs, Optional[Row]]:
        return dict(zip(self._signs, self._headers))

    def history(
        self, files: Sequence[Found]
    ) -> Optional[Iterable[Tuple[Found, Row, Row]]]:
        """Return the history that was kept for these very files; None for others.

        :param files: all files of the location, in their order.
        :returns: each file with its header and its ties.
        """
        if self._ties is None or [signs for _, signs in files] != self._signs:
            return None
        # a history is kept only where each file has a header
        headers: List[Row] = self._headers  # type: ignore[assignment]
        return zip(files, headers, self._ties)

    def keep_history(self, files: Sequence[Found], ties: List[Row]) -> None:
        """Remember what ties these files together.

        Nothing is kept where a file had to be executed or was changed just now.

        :param files: all files of the location, whose headers have been asked for.
        :param ties: plain values, a row for each file in their order.
        """
        if len(ties) == len(files) and [signs for _, signs in files] == [
            signs for signs, header in self._seen.items() if header is not None
        ]:
            self._made = ties

    def header(self, found: Found) -> Optional[Header]:
        """Return the header of a file; None when it must be executed.

        :raises OSError: when the file cannot be read.
        """
        path, signs = found
        assert signs is not None, f"{path} is not a source"
        # a run that finds its history here loads nothing that reads files
        from .revision_file import Header
        from .revision_file import read_header

        if signs in self._known:
            row = self._seen[signs] = self._known[signs]
            return None if row is None else Header(*row)
        now = time.time_ns()
        with open(path, "rb") as stream:
            header = read_header(stream.read())
        if _is_settled(signs, now):
            self._seen[signs] = None if header is None else tuple(header)
            self._learned += 1
        return header

    def save(self) -> None:
        """Write the index when it has changed and that is worth it."""
        if self.path is None or not self._is_worth_saving():
            return
        from ..util.files import write_whole

        content: Content = (list(self._seen), list(self._seen.values()), self._made)
        # this version writes a text once, however often it occurs
        payload = marshal.dumps(content, 4)
        checksum = b"%08x\n" % zlib.crc32(payload)
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            write_whole(self.path, _FORMAT + checksum + payload)
        except OSError:
            # a read-only folder costs time and nothing else
            return

    def _is_worth_saving(self) -> bool:
        if not self._signs:
            return self._learned >= _WORTHWHILE
        return (
            bool(self._learned)
            or self._seen.keys() != self._known.keys()
            or (self._made is not None and self._ties is None)
        )

    def _load(self) -> Content:
        if self.path is None:
            return _NOTHING
        try:
            with open(self.path, "rb") as stream:
                content = stream.read()
        except OSError:
            return _NOTHING
        start = len(_FORMAT) + 9
        payload = memoryview(content)[start:]
        if content[:start] != _FORMAT + b"%08x\n" % zlib.crc32(payload):
            return _NOTHING
        try:
            kept: Content = marshal.loads(payload)
        except (ValueError, EOFError, TypeError):
            return _NOTHING
        return kept


def _is_settled(signs: Signs, now: int) -> bool:
    """Whether a later change of the file would show in its times."""
    _, _, modified, changed, _ = signs
    # Windows calls the time of creation ctime
    last = changed if os.name == "posix" else modified
    coarse = last % _SECOND_NS == 0
    return now - last > (_COARSE_TICK_NS if coarse else _TICK_NS)


def _index_path(location: str) -> Optional[str]:
    if os.environ.get(SWITCH, "1").strip().lower() in ("0", "false", "no", "off"):
        return None
    name = f"alembic-headers.{sys.implementation.cache_tag}"
    prefix = getattr(sys, "pycache_prefix", None)
    if prefix:
        whole = os.path.abspath(location)
        return os.path.join(prefix, *whole.strip(os.sep).split(os.sep), name)
    return os.path.join(location, "__pycache__", name)
