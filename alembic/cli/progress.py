"""Shows a person at a terminal how far a migration has come."""

from __future__ import annotations

import os
from typing import Any
from typing import TextIO

from ..util.messaging import write_outstream
from ..util.progress import Copying
from ..util.progress import StepDone

# a copy that is over sooner needs no bar
_SECONDS_BEFORE_BAR = 0.5
_BAR = 30


class TerminalProgress:
    """Writes a line for each revision, and a bar for as long as a table is copied.

    :param stream: the terminal; standard error, where the log lines go as well.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        # a terminal without a cursor would show each state of the bar
        self._has_cursor = os.environ.get("TERM") != "dumb"
        self._last = ""

    def __call__(self, event: Any) -> None:
        """Show an event of `alembic.util.progress`."""
        if isinstance(event, StepDone):
            self._write(
                f"  {event.number} of {event.total}: {event.text} "
                f"({duration(event.seconds)})\n"
            )
        elif isinstance(event, Copying) and self._has_cursor:
            self._copying(event)

    def _copying(self, event: Copying) -> None:
        if event.share >= 1:
            bar = ""
        elif event.seconds < _SECONDS_BEFORE_BAR:
            return
        else:
            full = int(event.share * _BAR)
            bar = (
                f"  copying {event.table} [{'#' * full}{'.' * (_BAR - full)}] "
                f"{event.share:.0%}, {duration(event.seconds)}"
            )
        if bar == self._last:
            return
        # back to the start of the line, over what is written there
        self._write(f"\r{' ' * len(self._last)}\r{bar}")
        self._last = bar

    def _write(self, text: str) -> None:
        write_outstream(self._stream, text)
        self._stream.flush()


def duration(seconds: float) -> str:
    """Return a time as a person says it: ``0.4 s``, ``12 s``, ``3 min 5 s``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
