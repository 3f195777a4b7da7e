"""The journal of one migration context: its life from run to run."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Iterator
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy import exc as sa_exc
from typing_extensions import Protocol

from ...script.steps import StampStep
from ...sqla import driver
from ...sqla.cursors import watch
from ...util.exc import CommandError
from .effects import CannotTell
from .effects import holds
from .effects import look
from .effects import Seen
from .entries import Header
from .entries import header_of
from .entries import State
from .entries import Unfinished
from .expectations import expectations
from .expectations import has_lost_tables
from .expectations import statement_of
from .recording import Recording
from .replay import by_hand
from .statements import Kind
from .store import Store

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from ...ddl.impl import DefaultImpl
    from ..transactions import Transactions

log = logging.getLogger("alembic.runtime.migration")


class _Owner(Protocol):
    """What this module asks of a `MigrationContext`."""

    connection: Any
    impl: DefaultImpl
    transactions: Transactions
    _version: Table


class Journal:
    """Writes down the statements of the revision that runs, so that it can go on.

    Where schema changes cannot be rolled back, a revision that fails or is killed in
    the middle is neither applied nor not. The next run leaves out what was done.

    :param owner: the migration context, of a database that needs a journal.
    """

    def __init__(self, owner: _Owner) -> None:
        self._owner = owner
        self._store = Store(
            lambda: owner.connection,
            owner._version.name,  # noqa: SLF001
            lambda: driver.physical_schema(owner.connection, owner._version),  # noqa: SLF001
        )
        self._recording: Optional[Recording] = None
        self._watched: Any = None
        self._end_watch: Callable[[], None] = lambda: None
        self._has_looked = False
        self._found: Optional[Unfinished] = None
        self.can_go_on = False
        """Whether the step that has just failed may run again at once."""
        self._left: Optional[Unfinished] = None

    @property
    def table_name(self) -> str:
        """The name of its table, which stands beside the version table."""
        return self._store.name

    # -- told by the connection

    def _watch(self, connection: Any) -> None:
        """Watch a connection until `close`: to begin and to end take their time."""
        if self._watched is not connection:
            self._end_watch()
            self._watched, self._end_watch = connection, watch(connection, self)

    def before(self, connection: Any, text: str, parameters: Any) -> Optional[str]:
        """A statement is about to run; return what to run in its place, or None."""
        if self._recording is None:
            return None
        return self._recording.before(connection, text, parameters)

    def after(self, cursor: Any, context: Any) -> None:
        """The statement has run without an error."""
        if self._recording is not None:
            self._recording.after(cursor, context)

    def committing(self) -> None:
        """The transaction is about to be committed."""
        if self._recording is not None:
            self._recording.committing()

    def rolling_back(self) -> None:
        """The transaction is about to be rolled back."""
        if self._recording is not None:
            self._recording.rolling_back()

    # -- around a step

    @contextmanager
    def around(self, step: Any, heads: Iterable[str]) -> Iterator[None]:
        """Write down what a step runs; put it around the step's transaction.

        :param step: the step.
        :param heads: the versions in the version table.
        :raises CommandError: when another revision has to be finished first.
        """
        if isinstance(step, StampStep):
            yield
            return
        found = self._look(heads)
        header = header_of(step, heads)
        if found is not None:
            found = self._to_continue(found, header)
        recording = self._recording = Recording(
            self._store, header, found, commits=not self._owner.transactions.is_external
        )
        self._watch(self._owner.connection)
        answers = self._owner.impl.answers
        self._owner.impl.answers = recording.answer
        try:
            yield
        except BaseException as error:
            self._give_up(recording, error)
            raise
        finally:
            self._owner.impl.answers = answers
            self._recording = None

    def body_begins(self) -> None:
        """The revision's function is called now; what came before is not part of it."""
        if self._recording is not None:
            self._recording.body_begins()

    def body_ended(self) -> None:
        """The revision's function has returned; what follows is not part of it.

        :raises CommandError: when statements that were run before were left out.
        """
        if self._recording is not None:
            self._recording.body_ended()

    def version_written(self, step: Any) -> None:
        """The version table says that the step was run: forget its statements.

        Both are committed together.

        :param step: the step; a stamp ends whatever was unfinished.
        """
        if isinstance(step, StampStep):
            self.forget()
            return
        recording, found = self._recording, self._found
        if found is not None or (recording is not None and recording.has_rows):
            self._store.forget_from(0)
            self._found = None

    def _give_up(self, recording: Recording, error: BaseException) -> None:
        """Write down how far a step came that failed."""
        connection = self._owner.connection
        self.can_go_on, self._left = False, None
        if (
            self._owner.transactions.is_external
            or connection.closed
            or connection.invalidated
        ):
            return
        try:
            left = recording.give_up(error)
            self._store.commit()
            self.can_go_on = recording.can_go_on
            # what is refused says it all by itself
            self._left = None if isinstance(error, CommandError) else left
        except sa_exc.DBAPIError:
            # the statement is in doubt then, which the next run will look into
            log.debug("The journal could not be brought up to date", exc_info=True)
        self._has_looked = False

    def tell(self) -> None:
        """Log what a run that failed has left, and how to go on."""
        if self._left is not None:
            log.warning(
                "%s. When the cause is gone, '%s' goes on behind what is done",
                self._left,
                self._left.command,
            )

    def _to_continue(self, found: Unfinished, header: Header) -> Optional[Unfinished]:
        """Return what to continue, None to begin anew; refuse what cannot be."""
        if not found.header.is_of(header):
            raise CommandError(
                f"{found}. Finish it first, with '{found.command}'; or {by_hand(found)}"
            )
        if has_lost_tables(found.done):
            raise CommandError(
                f"{found}. It needs a temporary table that went with its session; "
                f"{by_hand(found)}"
            )
        self._settle(found)
        if self._was_undone(found):
            log.warning("%s, and was undone since; it begins anew", found)
            self._store.forget_from(0)
            self._store.commit()
            self._found = None
            return None
        log.info("%s; continuing behind them", found)
        return found

    def _settle(self, found: Unfinished) -> None:
        """Write down what became of the statement that was cut off, if that shows.

        Before anything else is said about the revision: who is then told to type
        ``alembic resolve`` must not be asked about what can be seen.
        """
        doubtful = found.in_doubt
        if doubtful is None:
            return
        effect = statement_of(doubtful).effect
        if effect.repeatable:
            # whether it took effect does not matter, and is not to be seen
            return
        seen = look(self._owner.connection, effect, doubtful.before)
        if seen is Seen.DONE:
            self._set(doubtful, State.DONE)
        elif seen is Seen.NOT_DONE:
            self._set(doubtful, State.FAILED)
        if not self._owner.transactions.is_external:
            self._store.commit()

    def _was_undone(self, found: Unfinished) -> bool:
        """Tell whether somebody has undone by hand all that was done.

        :raises CommandError: when it is some of it.
        """
        done = found.done
        missing, kept = [], 0
        for expectation in expectations(done, found.in_doubt):
            try:
                if holds(self._owner.connection, expectation.fact):
                    kept += 1
                else:
                    missing.append(expectation)
            except CannotTell:
                continue
        if not missing:
            return False
        if not kept and all(statement_of(entry).kind is Kind.SCHEMA for entry in done):
            return True
        entry, fact = missing[0]
        raise CommandError(
            f"{found}. But it is not true any more that {fact}, as its statement "
            f"{entry.position} had it ({entry.shown}). Bring that back and run the "
            f"command again, or {by_hand(found)}"
        )

    # -- between runs

    def _look(self, heads: Iterable[str], newest: bool = True) -> Optional[Unfinished]:
        """Return what an earlier run has left, unless the database has moved on."""
        if not self._has_looked:
            self._found = self._store.read(newest)
            self._has_looked = True
        found = self._found
        if found is not None and found.header.heads != tuple(sorted(heads)):
            log.warning(
                "%s, but the version table was changed since, from %s to %s; what was "
                "written down of it is dropped",
                found,
                found.origin,
                " ".join(sorted(heads)) or "base",
            )
            self._store.forget_from(0)
            self._store.commit()
            self._found = None
        return self._found

    def unfinished(self, heads: Iterable[str]) -> Optional[Unfinished]:
        """Return the revision that was begun and did not end; None if there is none.

        :param heads: the versions in the version table.
        """
        found = self._store.read()
        if found is not None and found.header.heads != tuple(sorted(heads)):
            return None
        return found

    def resolve(self, heads: Iterable[str], applied: bool) -> Unfinished:
        """Take the word of a person for what the database does not show.

        :param heads: the versions in the version table.
        :param applied: True: the statement that was cut off took effect; when none
            was, what was run is right, whatever the revision says now. False: it did
            not, and is to run again.
        :return: the unfinished revision, as it is now.
        :raises CommandError: when nothing is unfinished, or nothing is in doubt.
        """
        found = self._look(heads)
        if found is None:
            raise CommandError(
                "No revision is unfinished in this database; see 'alembic current'"
            )
        doubtful = found.in_doubt
        if doubtful is None and not applied:
            raise CommandError(
                f"{found}. None of them is in doubt; run '{found.command}', or "
                f"{by_hand(found)}"
            )
        if doubtful is None:
            for entry in found.done:
                self._set(entry, State.ACCEPTED)
        else:
            self._set(doubtful, State.DONE if applied else State.FAILED)
        return found

    def _set(self, entry: Any, state: State) -> None:
        self._store.mark(entry.position, state)
        entry.state = state

    def forget(self) -> None:
        """Forget the revision that is unfinished, if there is one."""
        if self._store.read(newest=True) is not None:
            self._store.forget_from(0)
            self._found = None

    def close(self) -> None:
        """Drop the table when nothing is in it; for the end of a run.

        In a transaction of the caller's that waits for its commit.
        """
        self._end_watch()
        self._watched, self._end_watch = None, lambda: None
        if not self._store.exists or self._owner.transactions.current is not None:
            return
        connection = self._owner.connection
        if connection.closed or connection.invalidated:
            return
        if not self._owner.transactions.is_external:
            self._drop_if_empty()
            return
        _Closing(connection, self._drop_if_empty)

    def _drop_if_empty(self) -> None:
        try:
            if self._store.is_empty():
                self._store.drop()
            else:
                self._store.commit()
        except sa_exc.DBAPIError:
            # whoever may not drop tables keeps an empty one
            log.debug("The journal's table could not be dropped", exc_info=True)


class _Closing:
    """Waits for a transaction of the caller's to end.

    Dropping a table commits; so it has to come when the caller wants that anyhow.
    """

    def __init__(self, connection: Any, drop: Callable[[], None]) -> None:
        self._drop: Optional[Callable[[], None]] = drop
        watch(connection, self)

    def before(self, connection: Any, text: str, parameters: Any) -> Optional[str]:
        """Take no interest in statements."""
        return None

    def after(self, cursor: Any, context: Any) -> None:
        """Take no interest in statements."""

    def committing(self) -> None:
        """The caller commits."""
        drop, self._drop = self._drop, None
        if drop is not None:
            drop()

    def rolling_back(self) -> None:
        """What was run is unfinished now; the table is needed."""
        self._drop = None
