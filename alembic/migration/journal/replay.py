"""A run that is continued: each statement beside the one that the journal has."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import NoReturn
from typing import Optional

from ...util.exc import CommandError
from .alterations import Effect
from .effects import Seen
from .entries import Entry
from .entries import State
from .entries import Unfinished
from .expectations import statement_of
from .statements import Kind
from .statements import Statement

Look = Callable[[Effect, Optional[str]], Seen]
"""Asks the database whether an effect is there; see `effects.look`."""


class Replay:
    """Goes through the statements that were run before.

    :param unfinished: the journal of the revision.
    :param file: the digest of the revision file now.
    :param look: asks the database.

    :ivar stale_from: the position from which on entries no longer hold, if there is.
    """

    def __init__(self, unfinished: Unfinished, file: str, look: Look) -> None:
        self.unfinished = unfinished
        self._same_file = bool(file) and file == unfinished.header.file
        self._look = look
        self._at = 0
        self.stale_from: Optional[int] = None

    @property
    def next(self) -> Optional[Entry]:
        """The entry that comes next; None when all were met."""
        entries = self.unfinished.entries
        return entries[self._at] if self._at < len(entries) else None

    def answer(self, key: str) -> Any:
        """Return what a directive was told before its statement, None if nothing."""
        entry = self.next
        if entry is None or entry.state is State.FAILED:
            return None
        return entry.answers.get(key)

    def meet(self, now: Entry, statement: Statement, has_read: bool) -> Optional[Entry]:
        """Return the entry whose statement need not run again; None: run it.

        :param now: the statement that is about to run.
        :param statement: what it does.
        :param has_read: whether the revision has asked the database anything since
            the statement before.
        :raises CommandError: when it is not what was run, or nobody can tell.
        """
        while True:
            entry = self.next
            if entry is None:
                return None
            if entry.state is State.FAILED:
                if entry.checksum == now.checksum or entry is self.unfinished.failed:
                    self._again(entry, now)
                    return None
            elif entry is self.unfinished.in_doubt:
                return self._in_doubt(entry, now, statement, has_read)
            elif entry.state is State.ACCEPTED or self._same(
                entry, now, statement, has_read
            ):
                return self._done(entry)
            if not (has_read and statement_of(entry).kind is Kind.SCHEMA):
                self._changed(entry, now)
            # what the database answered lets the revision do without it now
            self._at += 1

    def end(self, has_read: bool) -> None:
        """The revision has ended; check that nothing is left that was run.

        :raises CommandError: when something is.
        """
        while self.next is not None:
            entry = self.next
            self._at += 1
            if entry.state in (State.FAILED, State.ACCEPTED):
                continue
            if has_read and statement_of(entry).kind is Kind.SCHEMA:
                continue
            if entry is self.unfinished.in_doubt and self._seen(entry) is Seen.NOT_DONE:
                continue
            self._changed(entry, None)

    def _again(self, entry: Entry, now: Entry) -> None:
        """Run what had failed."""
        self._at += 1
        now.position = entry.position
        if self.next is None:
            self.stale_from = entry.position

    def _done(self, entry: Entry) -> Entry:
        self._at += 1
        if entry.gave_rows:
            raise CommandError(
                f"{self._where(entry)} returned rows, which cannot be had again "
                f"without running it again; {self._by_hand}"
            )
        return entry

    def _same(
        self, entry: Entry, now: Entry, statement: Statement, has_read: bool
    ) -> bool:
        if entry.checksum != now.checksum:
            # its text may repeat what the database said before
            subject = statement.effect.subject
            return (
                has_read
                and bool(subject)
                and statement.kind is Kind.SCHEMA
                and statement_of(entry).effect.subject == subject
            )
        # values such as dates and keys may be others each time
        return entry.parameters == now.parameters or self._same_file

    def _in_doubt(
        self, entry: Entry, now: Entry, statement: Statement, has_read: bool
    ) -> Optional[Entry]:
        """Find out whether the statement that was cut off took effect."""
        same = self._same(entry, now, statement, has_read)
        seen = self._look(statement.effect, entry.before) if same else self._seen(entry)
        if seen is Seen.NOT_DONE:
            self._at += 1
            now.position = self.stale_from = entry.position
            return None
        if seen is Seen.DONE:
            if not same:
                if has_read:
                    self._at += 1
                    return None
                self._changed(entry, now)
            return self._done(entry)
        if seen is Seen.PARTLY:
            raise CommandError(
                f"{self._where(entry)} was cut off and took effect in part. Complete "
                "it by hand and type 'alembic resolve --applied', or undo it and type "
                "'alembic resolve --rolled-back'; then run the command again"
            )
        raise CommandError(
            f"{self._where(entry)} was cut off, and the database does not show whether "
            "it took effect. If it did, type 'alembic resolve --applied', if not, "
            "'alembic resolve --rolled-back'; then run the command again"
        )

    def _seen(self, entry: Entry) -> Seen:
        return self._look(statement_of(entry).effect, entry.before)

    def _changed(self, entry: Entry, now: Optional[Entry]) -> NoReturn:
        if now is None:
            found = "is not there any more"
        elif now.checksum == entry.checksum:
            found = "has other values now"
        else:
            found = f"is now: {now.shown}"
        doubtful = self.unfinished.in_doubt
        first = ""
        if doubtful is not None and doubtful is not entry:
            first = (
                "say first, by 'alembic resolve --applied' or '--rolled-back', whether "
                f"statement {doubtful.position} ({doubtful.shown}), which was cut off, "
                "took effect; then "
            )
        raise CommandError(
            f"{self._where(entry)}, which has been run, {found}. Let the revision "
            "begin as it did and put what is new behind it; if what was run is right "
            f"as it is, {first}type 'alembic resolve --applied' and run the command "
            f"again; or {self._by_hand}"
        )

    @property
    def _by_hand(self) -> str:
        return by_hand(self.unfinished)

    def _where(self, entry: Entry) -> str:
        return (
            f"{self.unfinished.header.name} did not end, and its statement "
            f"{entry.position} ({entry.shown})"
        )


def by_hand(unfinished: Unfinished) -> str:
    """Return how to begin anew, for the end of a message."""
    return (
        "undo by hand what was done and begin anew with 'alembic stamp "
        f"{unfinished.origin}'"
    )
