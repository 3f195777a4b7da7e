"""Keeping the record during a run, and asking it."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterable
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from ... import __version__
from ...script.checksum import checksum
from . import entries as kinds
from . import findings
from .entries import Entry
from .findings import Finding
from .table import RecordTable

if TYPE_CHECKING:
    from ...script import ScriptDirectory

_LONGEST = 255


class MigrationRecord:
    """What ran on one database: which revision, when, by whom, how long.

    :param name: the name of the table.
    :param schema: its schema; None for the default one.
    :param connection: returns the connection to the database.
    :param script: the revisions; without them nothing is compared.
    """

    def __init__(
        self,
        name: str,
        schema: Optional[str],
        connection: Callable[[], Any],
        script: Optional[ScriptDirectory],
    ) -> None:
        self.table = RecordTable(name, schema)
        self._connection = connection
        self._script = script
        self._entries: Optional[List[Entry]] = None

    # -- asking

    def entries(self) -> List[Entry]:
        """Return all lines, the oldest first; none when the table is not there yet."""
        connection = self._connection()
        if not self.table.exists(connection):
            return []
        return self.table.entries(connection)

    def findings(self, heads: Collection[str]) -> List[Finding]:
        """Return what record and files disagree about.

        :param heads: where the database is.
        """
        entries = self.entries()
        if not entries or self._script is None:
            return []
        return findings.find(self._script, entries, tuple(heads))

    def complaints(self, heads: Collection[str]) -> List[Tuple[str, str]]:
        """Return the same as lines for people, each with its kind: one of a kind.

        :param heads: where the database is.
        """
        found = self.findings(heads)
        return list(findings.explain(found, self.table.name, tuple(heads)))

    # -- keeping

    def start(self) -> None:
        """Forget what was read: a run begins, or begins again."""
        self._entries = None

    def before(self, heads: Collection[str], step: Any) -> None:
        """Get ready for the first step: the table, and what is not in it yet.

        :param heads: where the database is.
        :param step: the step that is about to run.
        """
        if self._entries is not None:
            return
        connection = self._connection()
        if self.table.exists(connection):
            self._entries = self.table.entries(connection)
        else:
            self.table.create(connection)
            self._entries = []
        if not step.info.is_stamp:
            self._catch_up(heads)

    def after(self, heads: Collection[str], step: Any, seconds: float) -> None:
        """Write down a step that has run.

        :param heads: where the database is now.
        :param step: the step.
        :param seconds: how long it took.
        """
        info = step.info
        if info.is_stamp:
            self._declare(heads)
            return
        direction = kinds.UPGRADE if info.is_upgrade else kinds.DOWNGRADE
        milliseconds = round(seconds * 1000)
        self._write(direction, info.up_revision_ids, heads, milliseconds)

    def declare(self, heads: Collection[str]) -> None:
        """Take the files below the heads for applied, as they are now.

        :param heads: where the database is.
        """
        connection = self._connection()
        if not self.table.exists(connection):
            self.table.create(connection)
        self._entries = self.table.entries(connection)
        self._declare(heads)

    def _declare(self, heads: Collection[str]) -> None:
        if self._script is None:
            return
        recorded = kinds.applied(self._known)
        present = findings.below(self._script, heads)
        gone = set(recorded).difference(present)
        self._write(kinds.UNSTAMP, sorted(gone), heads)
        new = [
            id_
            for id_ in present
            if id_ not in recorded or recorded[id_].checksum != self._checksum(id_)
        ]
        self._write(kinds.STAMP, self._oldest_first(new), heads)

    def _catch_up(self, heads: Collection[str]) -> None:
        """Write down what others, who keep no record, have done since."""
        if self._script is None:
            return
        recorded = set(kinds.applied(self._known))
        present = findings.below(self._script, heads)
        unknown = present.difference(recorded) - findings.slipped_in(
            self._script, self._known, present
        )
        self._write(kinds.LOST, sorted(recorded.difference(present)), heads)
        self._write(kinds.FOUND, self._oldest_first(unknown), heads)

    @property
    def _known(self) -> List[Entry]:
        if self._entries is None:
            self._entries = self.entries()
        return self._entries

    def _oldest_first(self, ids: Iterable[str]) -> List[str]:
        assert self._script is not None, "without files there is no order"
        return findings.oldest_first(self._script, ids)

    def _checksum(self, id_: str) -> Optional[str]:
        if self._script is None or id_ not in self._script.revision_map.graph.nodes:
            return None
        return checksum(self._script.get_revision(id_).path)

    def _write(
        self,
        direction: str,
        revisions: Sequence[str],
        heads: Collection[str],
        milliseconds: Optional[int] = None,
    ) -> None:
        if not revisions:
            return
        known = self._known
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        first = known[-1].id + 1 if known else 1
        written = [
            Entry(
                id=first + number,
                revision=revision,
                direction=direction,
                ran_by=_who(),
                ran_at=now,
                duration_ms=milliseconds,
                checksum=self._checksum(revision),
                tool_version=__version__,
                heads=",".join(sorted(heads)),
            )
            for number, revision in enumerate(revisions)
        ]
        self.table.append(self._connection(), written)
        known.extend(written)


def _who() -> str:
    """Return the user and the machine, as ``user@host``."""
    import getpass
    import os
    import socket

    try:
        user = getpass.getuser()
    except (ImportError, KeyError, OSError):
        # in a container: a number without a name
        user = str(getattr(os, "getuid", lambda: "unknown")())
    return f"{user}@{socket.gethostname()}"[:_LONGEST]
