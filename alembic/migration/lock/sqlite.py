"""SQLite: a locked file beside the database."""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from typing import Any
from typing import Callable
from typing import Optional

from ...sqla import driver
from .base import DatabaseLock
from .base import LockKey
from .base import LockUnavailable

if sys.platform == "win32":
    import msvcrt

    # far behind the text, which others may so read
    _BYTE = 1 << 30

    def _lock_file(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock_file(descriptor: int) -> None:
        # not lockf(): its locks belong to the process, so that threads share them
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class SQLiteLock(DatabaseLock):
    """A lock of the operating system on ``<database>-<version table>.lock``.

    SQLite's own write lock ends with each transaction; this one lasts as long as the
    run does, through revisions that commit, and says who has it. The operating system
    takes it back when the process dies. The empty file that is then left does no harm.
    """

    slice = 0.05

    def __init__(
        self, connection: Callable[[], Any], key: LockKey, by_transaction: bool
    ) -> None:
        super().__init__(connection, key, by_transaction)
        self._descriptor: Optional[int] = None
        self._path: Optional[str] = None

    def _find_path(self) -> Optional[str]:
        """Return where the lock file belongs; None for a database in memory."""
        wanted = (self.key.schema or "main").lower()
        rows = driver.execute_as_is(self._connection(), "PRAGMA database_list")
        for _, name, path in rows.fetchall():
            if name.lower() == wanted and path:
                table = re.sub(r"\W", "_", self.key.table)
                return f"{os.path.realpath(path)}-{table}.lock"
        return None

    def try_to_take(self, wait: float) -> bool:
        if wait:
            driver.pause(self._connection(), wait)
        if self._path is None:
            self._path = self._find_path()
            if self._path is None:
                # nobody else sees this database
                return True
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise LockUnavailable(f"cannot write {self._path}: {error}") from error
        try:
            _lock_file(descriptor)
            if not _is_file(descriptor, self._path):
                # the one who had it has removed it meanwhile
                os.close(descriptor)
                return False
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        _write_holder(descriptor)
        return True

    def holder(self) -> str:
        try:
            with open(self._path or "", encoding="utf-8", errors="replace") as file:
                return file.readline(200).strip() or "another process"
        except OSError:
            return "another process"

    def hand_to_transaction(self) -> bool:
        return False

    def give_back(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None or self._path is None:
            return
        # removed while it is still ours: whoever opened it before looks again
        if sys.platform != "win32":
            _remove(self._path)
        os.close(descriptor)
        if sys.platform == "win32":
            _remove(self._path)


def _write_holder(descriptor: int) -> None:
    """Say in the file who has the lock, which is had whether there is room or not."""
    try:
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(
            descriptor,
            f"process {os.getpid()} on {socket.gethostname()}, since "
            f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode(),
        )
    except OSError:
        pass


def _is_file(descriptor: int, path: str) -> bool:
    """Tell whether an open file is the one that is found under a path now."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
