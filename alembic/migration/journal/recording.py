"""One revision under way: what it runs is written down, what was run is left out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional

from sqlalchemy import exc as sa_exc

from ...sqla import driver
from ...sqla.cursors import outcome_of
from ...sqla.cursors import pretend
from .effects import can_be_seen
from .effects import fingerprint
from .effects import look
from .entries import Entry
from .entries import Header
from .entries import State
from .entries import Unfinished
from .expectations import can_be_left_out
from .replay import Replay
from .statements import Kind
from .statements import Statement
from .statements import understand
from .store import Store

_NOTHING = {"oracle": "BEGIN NULL; END;"}
"""What runs in place of a statement that need not run again."""


class Recording:
    """The statements of one revision, as they reach the cursor.

    A change of data is in one transaction with its entry, which waits to be sent until
    something commits. A change of the schema commits by itself: its entry is sent
    first, and so is durable before it begins. If nothing follows, it is in doubt.

    :param store: the journal's table.
    :param header: the revision.
    :param unfinished: what an earlier run of it has left, if anything.
    :param commits: whether the transaction is ours to commit.

    :ivar can_go_on: after `give_up`, whether the revision may run again at once.
    """

    def __init__(
        self,
        store: Store,
        header: Header,
        unfinished: Optional[Unfinished],
        commits: bool,
    ) -> None:
        self._store = store
        self._header = header
        self._commits = commits
        self._replay: Optional[Replay] = None
        self._position = 1
        self._header_is_sent = False
        if unfinished is not None:
            self._replay = Replay(unfinished, header.file, self._look)
            self._position = len(unfinished.entries) + 1
            self._header_is_sent = True
        self._connection: Any = None
        self._muted = True
        self._locked = False
        self._has_read = False
        self._answers: Dict[str, Any] = {}
        # not sent; sent and perhaps not committed; all that were sent
        self._pending: List[Entry] = []
        self._uncommitted: List[Entry] = []
        self._sent: Dict[int, Entry] = {}
        self._to_mark: Dict[int, State] = {}
        self._stale_from: Optional[int] = None
        self._running: Optional[Entry] = None
        self._running_is: Optional[Statement] = None
        self._last_failed: Optional[Entry] = None
        self._stands_in: Optional[Entry] = None
        self.can_go_on = False

    @property
    def _is_continued(self) -> bool:
        """Whether there are statements left that were run before."""
        return self._replay is not None and self._replay.next is not None

    @property
    def has_rows(self) -> bool:
        """Whether the table has rows of this revision."""
        return self._header_is_sent

    # -- told by the connection

    def before(self, connection: Any, text: str, parameters: Any) -> Optional[str]:
        """A statement is about to run; return what to run in its place, or None."""
        if self._muted:
            return None
        self._connection = connection
        self._settle()
        if connection.dialect.paramstyle in ("format", "pyformat"):
            text = text.replace("%%", "%")
        statement = understand(text)
        if statement.kind is Kind.READ:
            self._has_read = True
            return None
        if self._commits:
            # before anything that a commit could disturb
            self._store.create()
        if statement.kind is Kind.SESSION:
            return None
        if statement.kind is Kind.COMMIT:
            self.committing()
            return None
        entry = Entry.of_statement(self._position, text, parameters)
        entry.answers, self._answers = self._answers, {}
        if self._is_continued and not _is_retry(self._last_failed, entry):
            self._stands_in = self._replayed(entry, statement)
            if self._stands_in is not None:
                return _NOTHING.get(connection.dialect.name, "DO 0")
        self._begin(entry, statement)
        return None

    def after(self, cursor: Any, context: Any) -> None:
        """The statement has run without an error."""
        if self._muted:
            return
        if self._stands_in is not None:
            pretend(cursor, context, self._stands_in.count, self._stands_in.key)
            self._stands_in = None
            return
        entry, self._running = self._running, None
        if entry is None:
            return
        entry.state = State.DONE
        entry.count, entry.key, entry.gave_rows = outcome_of(cursor)
        statement, self._running_is = self._running_is, None
        assert statement is not None
        self._settle_done(entry, statement)

    def committing(self) -> None:
        """The transaction is about to be committed."""
        if not self._muted:
            self._send()
            self._uncommitted.clear()

    def rolling_back(self) -> None:
        """The transaction is about to be rolled back."""
        if self._muted or not self._uncommitted:
            return
        # a commit may have come between; sending them again does no harm
        self._stale_from = self._uncommitted[0].position
        if self._stale_from == 1:
            self._stale_from, self._header_is_sent = 0, False
        self._pending[:0] = self._uncommitted
        self._uncommitted.clear()

    def answer(self, key: str, ask: Callable[[], Any]) -> Any:
        """Return what the database answers to a directive, or answered before.

        :param key: what is asked.
        :param ask: asks the database. Its answer is kept as JSON.
        """
        found = None if self._replay is None else self._replay.answer(key)
        if found is None:
            with self._aside():
                found = ask()
        self._answers[key] = found
        return found

    # -- running

    def _begin(self, entry: Entry, statement: Statement) -> None:
        """A statement is about to run for real."""
        failed, self._last_failed = self._last_failed, None
        if failed is not None and _is_retry(failed, entry):
            # the attempt that failed is as if it had not been
            entry = failed
            entry.state = State.STARTED
            self._to_mark.pop(entry.position, None)
        elif entry.position not in self._sent:
            self._pending.append(entry)
            self._position = entry.position + 1
        self._has_read = False
        self._running, self._running_is = entry, statement
        autocommits = driver.is_autocommit(self._connection)
        if statement.kind in (Kind.SCHEMA, Kind.LOCK) or autocommits:
            changes = statement.effect.changes
            if changes is not None and not statement.effect.facts:
                with self._aside():
                    entry.before = fingerprint(self._connection, changes)
            self._send()
            self._locked = statement.kind is Kind.LOCK

    def _settle_done(self, entry: Entry, statement: Statement) -> None:
        """Write down that a statement is done, where nothing else would tell."""
        if statement.kind is Kind.UNLOCK:
            self._locked = False
            self._send()
            if self._commits:
                self._store.commit()
            return
        if entry.position not in self._sent:
            return
        if statement.kind is Kind.SCHEMA:
            self._uncommitted.clear()
        if self._locked or (
            statement.kind is Kind.SCHEMA
            and can_be_seen(self._connection, statement.effect)
        ):
            return
        self._store.mark(entry.position, State.DONE)
        if self._commits:
            self._store.commit()

    def _settle(self) -> None:
        """A statement that never came to its end has failed, and nobody minds."""
        entry, self._running = self._running, None
        if entry is not None:
            entry.state = State.FAILED
            self._last_failed = entry
            if entry.position in self._sent:
                self._to_mark[entry.position] = State.FAILED

    def _send(self) -> None:
        """Send what has not been sent; it becomes durable with the next commit."""
        if self._locked:
            return
        if self._stale_from is not None:
            self._store.forget_from(self._stale_from)
            self._stale_from = None
        for position, state in self._to_mark.items():
            self._store.mark(position, state)
        self._to_mark.clear()
        if not self._pending:
            return
        self._store.create()
        self._store.append(
            None if self._header_is_sent else self._header, self._pending
        )
        self._header_is_sent = True
        self._uncommitted.extend(self._pending)
        self._sent.update((entry.position, entry) for entry in self._pending)
        self._pending.clear()

    # -- continuing

    def _replayed(self, entry: Entry, statement: Statement) -> Optional[Entry]:
        """Return what stands for a statement that was run before, if it was."""
        assert self._replay is not None
        found = self._replay.meet(entry, statement, self._has_read)
        self._has_read = False
        if found is not None:
            return found
        if self._replay.stale_from is not None:
            self._stale_from, self._replay.stale_from = self._replay.stale_from, None
        elif entry.position < self._position:
            # it failed once, and others came after it
            self._sent[entry.position] = entry
        return None

    def _look(self, effect: Any, before: Optional[str]) -> Any:
        with self._aside():
            return look(self._connection, effect, before)

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Run a block whose statements are not the revision's."""
        before, self._muted = self._muted, True
        try:
            yield
        finally:
            self._muted = before

    # -- beginning and ending

    def body_begins(self) -> None:
        """The revision's function is called."""
        self._muted = False

    def body_ended(self) -> None:
        """The revision's function has returned."""
        self._settle()
        if self._replay is not None:
            self._replay.end(self._has_read)
        self._muted = True

    def give_up(self, error: BaseException) -> Optional[Unfinished]:
        """The run ends here; write down how far it came, with the transaction over.

        :param error: why.
        :return: what is left unfinished, if anything.
        """
        self._muted = True
        if self._running is not None and _was_refused(error):
            self._running.state = State.FAILED
        stored = None
        if self._connection is not None and self._store.exists:
            stored = self._store.read(newest=True)
        self.can_go_on = self._had_no_effect() and (
            stored is None or can_be_left_out(stored.done)
        )
        if stored is None:
            return None
        for entry in stored.entries:
            mine = self._sent.get(entry.position)
            if mine is None or mine.state is State.STARTED or mine.state is entry.state:
                continue
            if mine.state is State.FAILED or entry is stored.entries[-1]:
                self._store.mark(entry.position, mine.state)
                entry.state = mine.state
        if not stored.done and stored.in_doubt is None:
            self._store.forget_from(0)
            return None
        return stored

    def _had_no_effect(self) -> bool:
        """Tell whether a statement that was refused has done nothing at all.

        A procedure may have done a part of its work.
        """
        statement = self._running_is
        if self._running is None or statement is None:
            return True
        return self._running.state is State.FAILED and (
            statement.kind is Kind.DATA
            or can_be_seen(self._connection, statement.effect)
        )


def _is_retry(failed: Optional[Entry], entry: Entry) -> bool:
    """Tell whether a statement is the one that has just failed."""
    return failed is not None and (failed.checksum, failed.parameters) == (
        entry.checksum,
        entry.parameters,
    )


def _was_refused(error: Optional[BaseException]) -> bool:
    """Tell whether an error, or what led to it, is an answer of the database."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, sa_exc.DBAPIError):
            return not error.connection_invalidated
        error = error.__cause__ or error.__context__
    return False
