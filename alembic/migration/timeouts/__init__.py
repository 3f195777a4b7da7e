"""How long migrations may wait for locks and run statements, and what happens then."""

from __future__ import annotations

from .limits import count
from .limits import in_seconds
from .limits import Limits
from .limits import limits
from .limits import of_revision
from .patience import Patience
from .patience import PAUSE
from .patience import RETRIES
from .run_timeouts import RunTimeouts
from .script_timeouts import ScriptTimeouts

__all__ = [
    "count",
    "in_seconds",
    "Limits",
    "limits",
    "of_revision",
    "Patience",
    "PAUSE",
    "RETRIES",
    "RunTimeouts",
    "ScriptTimeouts",
]
