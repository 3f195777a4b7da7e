"""Keeps Python's search for cyclic garbage from slowing down a short-lived program.

SQLAlchemy makes a few hundred thousand objects when it is imported and drops none of
them; looking through all of them again and again, and twice more at the end, takes up
to a quarter of what a command takes. A program that merely calls Alembic is left as
it is.
"""

from __future__ import annotations

import gc

# what the versions of Python begin with
_DEFAULTS = (700, 2000)
_RELAXED = (50_000, 20, 50)
_WATCHFUL = (2_000, 20, 50)

_relaxed = False
_others_have_run = False


def relax() -> None:
    """Look for garbage less often; for a process that is ours alone.

    Nothing is done where somebody has set the collector to his taste.
    """
    global _relaxed
    # other implementations of Python have no thresholds
    threshold = getattr(gc, "get_threshold", lambda: (None,))()[0]
    if gc.isenabled() and threshold in _DEFAULTS and hasattr(gc, "freeze"):
        gc.set_threshold(*_RELAXED)
        _relaxed = True


def keep_what_is_loaded() -> None:
    """Never again look through what has been loaded up to now, such as the history.

    Nothing is done without `relax` before, or once code of the project has run: what
    that leaves behind, such as an open file, is still cleared away at the end.
    """
    if _relaxed and not _others_have_run:
        gc.freeze()


def make_way() -> None:
    """Keep what is loaded, for the last time: code of the project runs from now on."""
    global _others_have_run
    keep_what_is_loaded()
    _others_have_run = True


def expect_garbage() -> None:
    """Look for garbage more often again, now that all has been imported.

    A revision leaves tables behind that refer to their columns and these to them; of
    what they take, some thousand objects are kept at a time and not ten thousand.
    Without `relax` before it does nothing.
    """
    if _relaxed and gc.get_threshold() == _RELAXED:
        gc.set_threshold(*_WATCHFUL)
