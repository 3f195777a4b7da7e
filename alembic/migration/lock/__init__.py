"""One migration at a time: a lock for each kind of database."""

from __future__ import annotations

from .base import DatabaseLock
from .base import LockKey
from .base import LockUnavailable
from .kinds import lock_for
from .run_lock import RunLock

__all__ = ["DatabaseLock", "LockKey", "LockUnavailable", "lock_for", "RunLock"]
