"""Transactions: who begins them, who ends them, and what must not be ended."""

from __future__ import annotations

from contextlib import contextmanager
from contextlib import nullcontext
from typing import Any
from typing import ContextManager
from typing import Iterator
from typing import Optional
from typing import TYPE_CHECKING
from typing import Union

from typing_extensions import Protocol

from ..sqla import connections
from ..sqla import driver
from ..sqla.cursors import commit_below
from ..sqla.snapshots import snapshot_ignored
from ..util.exc import CommandError
from .sqlite_begin import begin_immediate

if TYPE_CHECKING:
    from sqlalchemy.engine import Transaction

    from ..ddl.impl import DefaultImpl
    from .lock import RunLock
    from .timeouts import RunTimeouts


class _Owner(Protocol):
    """What this module asks of a `MigrationContext`."""

    connection: Any
    impl: DefaultImpl
    as_sql: bool
    lock: RunLock
    timeouts: RunTimeouts


class Transactions:
    """The transactions of one migration context.

    There are four ways to run:

    * offline, where BEGIN and COMMIT are written;
    * inside a transaction of the caller's, which is left alone;
    * in one transaction for the whole run;
    * in one for each revision: when that is asked for, and where the database commits
      schema changes anyhow.

    On SQLite a transaction is begun for real, because its driver would not do so
    before the first change of data and schema changes would then not be rolled back.
    This waits until there is something to write (`claim`), so that commands that only
    look never keep others from writing.

    :param owner: the migration context.
    :param per_migration: whether one transaction for each revision is asked for.
    :param transactional_ddl: the option; None: as the dialect says.
    :param claim_at_once: begin for real with the transaction, not later.
    :param timeout: how many seconds to wait for SQLite's write lock.

    :ivar current: the transaction in progress, when it is ours.
    :ivar is_external: whether the connection came in inside a transaction.
    """

    def __init__(
        self,
        owner: _Owner,
        *,
        per_migration: bool,
        transactional_ddl: Optional[bool],
        claim_at_once: bool,
        timeout: float,
    ) -> None:
        self._owner = owner
        self.current: Optional[Transaction] = None
        self.is_external = not owner.as_sql and connections.in_transaction(
            owner.connection
        )
        self._timeout = timeout
        self._claim_at_once = claim_at_once
        self._claims = (
            owner.impl.dialect.name == "sqlite"
            and not owner.as_sql
            and transactional_ddl is not False
        )
        self._is_claimed = False
        self.breaks = 0
        """How often a revision has ended the transaction that it ran in."""
        self.is_atomic = owner.impl.transactional_ddl or self._claims
        """Whether schema changes are rolled back with the transaction."""
        self.each_migration = per_migration or not self.is_atomic
        """Whether each revision has a transaction of its own."""

    # -- beginning

    def begin(
        self, for_migration: bool
    ) -> Union[TransactionHandle, ContextManager[Optional[bool]]]:
        """Begin a transaction, if this is where one is wanted.

        :param for_migration: True around one revision, False around the run.
        :return: a context manager; what it gives is a `TransactionHandle` when a
            transaction is begun here.
        """
        if self.is_external or for_migration != self.each_migration:
            return nullcontext()
        if self._owner.as_sql:
            return self._write_transaction()
        if self.current is not None:
            # begun already; the outer one ends it
            return nullcontext()
        self._begin()
        if for_migration or self._claim_at_once:
            self.claim()
        return TransactionHandle(self)

    def around_run(
        self,
    ) -> Union[TransactionHandle, ContextManager[Optional[bool]]]:
        """Begin for a run whose env.py did not, where its work would else be lost.

        That is SQLite: there, an env.py without ``begin_transaction()`` has always had
        its revisions committed. Elsewhere it says that it commits by itself.
        """
        if self._claims and self.current is None:
            return self.begin(for_migration=False)
        return nullcontext()

    def _begin(self) -> None:
        self.current = connections.begin(self._connection())

    def claim(self) -> None:
        """Begin for real where the driver has not done so yet."""
        if not self._claims:
            return
        connection = self._connection()
        if self._is_claimed and driver.driver_is_in_transaction(connection):
            return
        if driver.is_autocommit(connection):
            return
        begin_immediate(connection, self._timeout, is_ours=self.current is not None)
        # a transaction of the caller's may have ended by the next time
        self._is_claimed = self.current is not None

    def keep(self) -> None:
        """Begin again after a revision that ended the transaction of the run."""
        if self.current is None or self.each_migration:
            return
        if not self.current.is_active:
            self._begin()
        self.claim()

    def renew(self) -> None:
        """End the transaction and begin another, which sees what is there now.

        A transaction of the caller's is left alone.
        """
        if self.is_external:
            return
        if self.current is not None:
            self._end(commit=True)
            self._begin()
        elif self.each_migration:
            connection = self._connection()
            if connections.in_transaction(connection):
                connections.commit(connection)
            else:
                # before SQLAlchemy 2.0 the driver alone knows what a SELECT has begun
                commit_below(connection)

    def past_snapshot(self) -> ContextManager[None]:
        """Let a block change rows that were committed since the transaction began.

        Only a transaction of the caller's can be older than the lock of the run.
        """
        if not self.is_external:
            return nullcontext()
        return snapshot_ignored(self._connection())

    def start_over(self) -> bool:
        """Roll back what the run has done, and begin again.

        :return: whether there was a transaction of the run to do that with.
        """
        if self.is_external or self.current is None:
            return False
        self._end(commit=False)
        self._begin()
        return True

    @contextmanager
    def _write_transaction(self) -> Iterator[None]:
        """Write BEGIN and COMMIT around the block, where they apply."""
        impl = self._owner.impl
        if not impl.transactional_ddl:
            yield
            return
        impl.emit_begin()
        yield
        impl.emit_commit()

    def _connection(self) -> Any:
        if self._owner.connection is None:
            raise CommandError(
                "A transaction needs a connection; give one to configure(), or use "
                "as_sql=True"
            )
        return self._owner.connection

    # -- ending

    def _end(self, commit: bool) -> None:
        transaction, self.current = self.current, None
        self._is_claimed = False
        if transaction is None:
            return
        if not transaction.is_active:
            # a revision has ended it, and may have begun another
            self.breaks += 1
            end = connections.commit if commit else connections.rollback
            end(self._connection())
        elif commit:
            transaction.commit()
        else:
            transaction.rollback()

    def commit(self) -> None:
        """Commit the transaction, if it is ours, and give the lock back."""
        if self.current is None:
            return
        lock = self._owner.lock
        if not self.each_migration:
            lock.release_with_commit()
        try:
            self._end(commit=True)
        finally:
            if not self.each_migration:
                lock.release()

    def rollback(self) -> None:
        """Roll the transaction back, if it is ours, and give the lock back."""
        if self.current is None:
            return
        try:
            self._end(commit=False)
        finally:
            if not self.each_migration:
                self._owner.lock.release()

    # -- pausing

    @contextmanager
    def autocommit(self) -> Iterator[None]:
        """Commit, let the block run without a transaction, and begin another.

        :raises CommandError: when the transaction is not ours to commit.
        """
        owner = self._owner
        if owner.as_sql:
            writes = owner.impl.transactional_ddl
            if writes:
                owner.impl.emit_commit()
            owner.timeouts.leave_transaction()
            yield
            owner.timeouts.before_transaction()
            if writes:
                owner.impl.emit_begin()
            owner.timeouts.enter_transaction()
            return
        base = self._connection()
        if driver.is_autocommit(base):
            # inside of another such block, or the application wants it for all
            yield
            return
        was_ours, was_claimed = self.current is not None, self._is_claimed
        if not was_ours and connections.in_transaction(base):
            raise CommandError(
                "autocommit_block() has to commit, but the transaction in progress "
                "was begun by the caller of the migrations; pass a connection that is "
                "not in a transaction, or use context.begin_transaction() instead of "
                "connection.begin() in env.py"
            )
        if was_ours:
            self.breaks += 1
            self._end(commit=True)
        level = base.get_isolation_level()
        self._use(driver.autocommitting(base))
        try:
            owner.timeouts.leave_transaction()
            yield
            connections.commit(self._connection())
        finally:
            lost = driver.is_lost(base) or driver.is_lost(self._connection())
            if lost:
                driver.share_loss(base)
            else:
                connections.rollback(self._connection())
                owner.timeouts.before_transaction()
                connections.rollback(self._connection())
                base.execution_options(isolation_level=level)
            self._use(base)
            if was_ours and not lost:
                self._begin()
                if was_claimed:
                    self.claim()
                owner.timeouts.enter_transaction()

    def _use(self, connection: Any) -> None:
        """Use a connection, which before SQLAlchemy 2.0 may be a copy, from now on."""
        self._owner.connection = self._owner.impl.connection = connection


class TransactionHandle:
    """A transaction of ours, whichever it is at the moment.

    `autocommit_block` ends a transaction and begins another; this stands for both.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    @property
    def _proxied_transaction(self) -> Optional[Transaction]:
        return self._transactions.current

    @property
    def is_active(self) -> bool:
        """Whether the transaction can still be committed."""
        current = self._transactions.current
        return current is not None and bool(current.is_active)

    def commit(self) -> None:
        """Commit; does nothing when the transaction has ended."""
        self._transactions.commit()

    def rollback(self) -> None:
        """Roll back; does nothing when the transaction has ended."""
        self._transactions.rollback()

    def __enter__(self) -> TransactionHandle:
        return self

    def __exit__(self, type_: Any, value: Any, traceback: Any) -> None:
        if type_ is None:
            self._transactions.commit()
        else:
            self._transactions.rollback()
