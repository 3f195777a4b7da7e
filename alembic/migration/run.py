"""One run over one database: what is to be done, and doing it."""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from itertools import chain
from typing import Any
from typing import ContextManager
from typing import Dict
from typing import Iterable
from typing import Iterator
from typing import Mapping
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from typing_extensions import Protocol

from ..sqla import connections
from ..util.collector import expect_garbage
from ..util.exc import CommandError
from ..util.interruption import checkpoint
from ..util.progress import follow
from .timeouts import of_revision
from .version_table import HeadMaintainer

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from ..ddl import DefaultImpl
    from ..script import ScriptDirectory
    from .journal import Journal
    from .journal import Unfinished
    from .lock import RunLock
    from .record import MigrationRecord
    from .timeouts import Patience
    from .timeouts import RunTimeouts
    from .transactions import Transactions
    from .version_table import VersionTable

log = logging.getLogger("alembic.runtime.migration")

Heads = Tuple[str, ...]


class _Context(Protocol):
    """What a run asks of its `MigrationContext`."""

    connection: Any
    impl: DefaultImpl
    opts: Dict[str, Any]
    script: Optional[ScriptDirectory]
    as_sql: bool
    purge: bool
    on_version_apply_callbacks: Tuple[Any, ...]
    lock: RunLock
    transactions: Transactions
    timeouts: RunTimeouts
    patience: Patience
    record: Optional[MigrationRecord]
    journal: Optional[Journal]
    versions: VersionTable
    _migrations_fn: Any
    _version: Table

    def begin_transaction(self, _per_migration: bool = False) -> Any: ...

    def get_current_heads(self) -> Heads: ...

    def _has_version_table(self) -> bool: ...

    def _ensure_version_table(self, purge: bool = False) -> None: ...


class Run:
    """What changes a database of a context, or says that it has changed.

    Nobody else does so meanwhile: each public method takes the lock when there is
    something to do, and gives it back unless the transaction is the caller's.

    :param context: the `MigrationContext`.
    """

    def __init__(self, context: Any) -> None:
        self._context: _Context = context

    def migrate(self, kw: Mapping[str, Any]) -> None:
        """Plan and run the steps; see `MigrationContext.run_migrations`.

        :param kw: handed to each step.
        """
        context = self._context
        context.impl.start_migrations()
        with context.transactions.around_run():
            try:
                if context.transactions.each_migration or context.as_sql:
                    self._run_all(kw)
                else:
                    context.patience.run(lambda: self._run_all(kw), self._start_over)
            finally:
                context.timeouts.restore()
                if context.journal is not None:
                    context.journal.close()
                self._let_go()

    def stamp(self, script_directory: ScriptDirectory, revision: str) -> None:
        """Write a revision down without running it; see `MigrationContext.stamp`."""
        context = self._context
        try:
            heads = self._heads_to_stamp()
            steps = script_directory._stamp_revs(revision, heads)  # noqa: SLF001
            if steps and not context.as_sql:
                context._ensure_version_table()  # noqa: SLF001 - others override it
            maintainer = HeadMaintainer(context, heads)
            for step in steps:
                self._perform(step, maintainer, {})
            if not steps and context.record is not None and not context.as_sql:
                context.record.declare(heads)
            if not steps and context.journal is not None:
                context.journal.forget()
        finally:
            self._let_go()

    def resolve(self, heads: Iterable[str], applied: bool) -> Unfinished:
        """Decide about a statement in doubt; see `MigrationContext.resolve`."""
        context = self._context
        if context.journal is None:
            raise CommandError(
                "No revision is ever unfinished in this database, or 'journal' is "
                "false; there is nothing to resolve"
            )
        self._claim()
        try:
            with context.begin_transaction(_per_migration=True):
                return context.journal.resolve(heads, applied)
        finally:
            self._let_go()

    # -- the steps

    def _run_all(self, kw: Mapping[str, Any]) -> None:
        """Plan and run the steps."""
        context = self._context
        if context.record is not None:
            context.record.start()
        heads, steps = self._plan_offline() if context.as_sql else self._plan()
        maintainer = HeadMaintainer(context, heads)
        expect_garbage()
        step = None
        for step in steps if context.as_sql else follow(steps):
            if context.transactions.each_migration and not context.as_sql:
                self._run_each(step, maintainer, kw)
            else:
                with context.begin_transaction(_per_migration=True):
                    self._run_step(step, maintainer, kw)
        if step is None and getattr(context._migrations_fn, "is_stamp", False):  # noqa: SLF001
            self._declare(heads)

    def _start_over(self) -> bool:
        """Undo what the run has done in its transaction, as far as that can be done."""
        if not self._context.transactions.start_over():
            return False
        if self._context.lock.went_with_transaction:
            self._context.lock.release()
        return True

    def _run_each(
        self, step: Any, maintainer: HeadMaintainer, kw: Mapping[str, Any]
    ) -> None:
        """Run a step in a transaction of its own."""
        context = self._context
        heads = set(maintainer.heads)

        def attempt() -> None:
            with self._written_down(step, heads), context.begin_transaction(
                _per_migration=True
            ):
                self._run_step(step, maintainer, kw)

        def start_over() -> bool:
            maintainer.heads = set(heads)
            if context.record is not None:
                context.record.start()
            if context.transactions.is_external:
                return False
            # what was not rolled back is left out
            journal = context.journal
            return context.transactions.is_atomic or (
                journal is not None and journal.can_go_on
            )

        try:
            context.patience.run(attempt, start_over)
        except BaseException:
            if context.journal is not None:
                context.journal.tell()
            raise

    def _written_down(self, step: Any, heads: Iterable[str]) -> ContextManager[None]:
        """Have the journal follow a step, where there is one."""
        if self._context.journal is None:
            return nullcontext()
        return self._context.journal.around(step, heads)

    def _run_step(
        self, step: Any, maintainer: HeadMaintainer, kw: Mapping[str, Any]
    ) -> None:
        context = self._context
        if context.as_sql:
            if not maintainer.heads:
                context._ensure_version_table()  # noqa: SLF001 - others override it
            log.info("Running %s", step)
            context.impl.static_output(f"-- Running {step.short_log}")
            context.timeouts.apply(step)
        else:
            checkpoint()
            context.transactions.keep()
            if context.lock.went_with_transaction:
                self._claim_again(maintainer.heads)
            log.info("Running %s", step)
            context.timeouts.apply(step)
        self._perform(step, maintainer, kw)
        for callback in context.on_version_apply_callbacks:
            heads = set(maintainer.heads)
            callback(ctx=context, step=step.info, heads=heads, run_args=kw)

    def _perform(
        self, step: Any, maintainer: HeadMaintainer, kw: Mapping[str, Any]
    ) -> None:
        """Run a step and write it down, in the transaction in progress."""
        journal = self._context.journal
        record = None if self._context.as_sql else self._context.record
        if record is not None:
            record.before(maintainer.heads, step)
        started = time.perf_counter()
        if journal is not None:
            journal.body_begins()
        commits = self._context.transactions.breaks
        try:
            step.migration_fn(**kw)
        except Exception:
            self._tell_of_commits(step, commits)
            raise
        seconds = time.perf_counter() - started
        if journal is not None:
            journal.body_ended()
        with self._context.transactions.past_snapshot():
            maintainer.update_to_step(step)
            if journal is not None:
                journal.version_written(step)
        if record is not None:
            record.after(maintainer.heads, step, seconds)

    def _tell_of_commits(self, step: Any, commits: int) -> None:
        """Warn that a step that failed cannot be rolled back as a whole.

        :param commits: how often a revision had ended its transaction before the step.
        """
        transactions = self._context.transactions
        if transactions.is_atomic and transactions.breaks > commits:
            log.warning(
                "%s has failed behind a commit of its own, for autocommit_block() or "
                "CONCURRENTLY: what it changed up to there stays, and is met when it "
                "runs again. Such statements are best alone in a revision",
                step,
            )

    def _declare(self, heads: Heads) -> None:
        """Record what a stamp says when it has nothing to change."""
        context = self._context
        if context.as_sql or (context.record is None and context.journal is None):
            return
        self._claim()
        with context.begin_transaction(_per_migration=True):
            if context.journal is not None:
                context.journal.forget()
            if context.record is not None:
                context.record.declare(heads)

    # -- what is to be done

    def _plan_offline(self) -> Tuple[Heads, Iterable[Any]]:
        heads = self._context.get_current_heads()
        return heads, self._work(heads)

    def _plan(self) -> Tuple[Heads, Iterable[Any]]:
        """Return where the database stands and what to do, with the lock if need be."""
        context = self._context
        if context.opts.get("dont_mutate", False):
            heads = context.get_current_heads()
            return heads, self._work(heads)
        if context.transactions.is_external and context.lock.reading_holds_tables:
            # what is looked at before cannot be let go of
            self._claim()
        if context.purge or not context._has_version_table():  # noqa: SLF001
            self._claim()
            with context.begin_transaction(_per_migration=True):
                context._ensure_version_table(purge=context.purge)  # noqa: SLF001
            heads = context.versions.heads(newest=True)
            return heads, self._work(heads)
        heads = context.versions.heads()
        steps = iter(self._work(heads))
        first = next(steps, None)
        if first is None:
            return heads, ()
        self._claim()
        newest = context.versions.heads(newest=True)
        if set(newest) != set(heads):
            return newest, self._work(newest)
        return heads, chain((first,), steps)

    def _work(self, heads: Heads) -> Iterable[Any]:
        """Ask ``fn`` for the steps; check that they can be written down."""
        plan = self._context._migrations_fn  # noqa: SLF001
        if plan is None:
            raise CommandError(
                "There is nothing to run: this context was configured without 'fn'; "
                "run migrations by the commands, or give EnvironmentContext an fn"
            )
        try:
            steps: Iterable[Any] = plan(heads, self._context)
        except CommandError as error:
            self._explain_unknown(heads, error)
            raise
        if isinstance(steps, (list, tuple)):
            for step in steps:
                of_revision(step)
            self._context.versions.refuse_too_long(
                revision for step in steps for revision in _rows_after(step)
            )
        return steps

    def _explain_unknown(self, heads: Iterable[str], error: CommandError) -> None:
        """Say more when the reason is a version that no revision file has."""
        script = self._context.script
        if script is None or self._context.as_sql:
            return
        for head in heads:
            try:
                known = script.get_revision(head)
            except CommandError:
                known = None
            if known is None or known.revision != head:
                raise CommandError(
                    f"Can't locate revision identified by '{head}': table "
                    f"'{self._context._version.fullname}' says that the database is "  # noqa: SLF001
                    f"there, but no file under {script.dir} has that revision. Bring "
                    "the file back, or, if the schema is what a known revision makes, "
                    "'alembic stamp --purge <revision>'"
                ) from error

    def _heads_to_stamp(self) -> Heads:
        """Return where the database stands, with the lock in hand."""
        context = self._context
        if context.as_sql:
            return context.get_current_heads()
        # who began the transaction ends it, and does not tell
        context.lock.take(by_transaction=context.transactions.current is None)
        if context.connection is not None and connections.in_transaction(
            context.connection
        ):
            context.transactions.claim()
        if not context._has_version_table():  # noqa: SLF001 - others override it
            return ()
        return context.versions.heads(newest=True)

    # -- the lock

    def _claim(self) -> None:
        """Keep others from migrating this database until this run is done."""
        lock, transactions = self._context.lock, self._context.transactions
        lock.take(
            by_transaction=transactions.is_external
            or (transactions.current is None and not transactions.each_migration)
        )
        if lock.snapshot_is_stale:
            transactions.renew()
        if transactions.is_external or not transactions.each_migration:
            transactions.claim()

    def _let_go(self) -> None:
        """Let others migrate, unless a transaction of ours has not ended yet."""
        if self._context.transactions.current is None:
            self._context.lock.release()

    def _claim_again(self, heads: Iterable[str]) -> None:
        """Take the lock that went with the transaction of the step before."""
        context = self._context
        context.lock.release()
        context.lock.take(by_transaction=True)
        found = context.versions.heads(newest=True)
        if set(found) != set(heads):
            raise CommandError(
                f"Another migration took this database to {', '.join(found) or 'base'} "
                "between two steps of this one, as lock = transaction cannot prevent; "
                "run the command again"
            )


def _rows_after(step: Any) -> Iterator[str]:
    """Return the versions that a step writes into the version table."""
    yield from getattr(step, "to_revisions_no_deps", ())
