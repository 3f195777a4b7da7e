"""The limits of one run: set for each revision, and set back."""

from __future__ import annotations

import logging
from typing import Any
from typing import Callable
from typing import Optional

from ...sqla import connections
from .kinds import timeouts_for
from .limits import Limits
from .limits import of_revision
from .limits import STATEMENT
from .limits import TABLE_LOCK

log = logging.getLogger("alembic.runtime.migration")


class RunTimeouts:
    """Sets the limits of a run and of each revision on the connection.

    :param dialect_name: the kind of database.
    :param connection: returns the connection.
    :param typed: what was typed for this run; goes before what revisions say.
    :param configured: what holds for the environment.
    :param in_sessions: whether settings of the session may be made, which outlast a
        transaction; False behind poolers that share sessions.
    """

    def __init__(
        self,
        dialect_name: str,
        connection: Callable[[], Any],
        typed: Limits,
        configured: Limits,
        in_sessions: bool,
    ) -> None:
        self._dialect_name = dialect_name
        self._connection = connection
        self._typed = typed
        self._configured = configured
        self._in_sessions = in_sessions
        self._kind = timeouts_for(dialect_name)
        self._saved: Any = None
        self.limits = Limits()
        """What is in force now."""
        self._told = False

    def apply(self, step: Any) -> None:
        """Set the limits for a step that is about to run, in its transaction.

        :param step: the step.
        """
        limits = self._typed.over(of_revision(step)).over(self._configured)
        if not limits.are_given and not self.limits.are_given:
            return
        self._tell_what_is_missing(limits)
        if self._kind is None:
            return
        local = self._in_transaction()
        if self._kind.end_with_transaction and not (local or self._in_sessions):
            return
        self._replace(limits, local)
        self.limits = limits

    def _in_transaction(self) -> bool:
        return connections.in_transaction(self._connection())

    def _replace(self, limits: Limits, local: bool) -> None:
        """Set limits in place of those that are in force."""
        assert self._kind is not None
        connection = self._connection()
        if self._saved is None:
            self._saved = self._kind.read(connection)
        elif self.limits != limits:
            self._kind.restore(connection, self._saved, local)
        self._kind.write(connection, limits, local)

    def leave_transaction(self) -> None:
        """Set the limits for statements that commit by themselves."""
        if self._kind is not None and self._outlast_transaction:
            self._kind.write(self._connection(), self.limits, local=False)

    def before_transaction(self) -> None:
        """Set back what `leave_transaction` has set."""
        if self._kind is not None and self._outlast_transaction:
            self._kind.restore(self._connection(), self._saved, local=False)

    def enter_transaction(self) -> None:
        """Set the limits in a transaction that a revision goes on in."""
        if self._kind is not None and self._go_with_transaction:
            self._kind.write(self._connection(), self.limits, local=True)

    @property
    def _go_with_transaction(self) -> bool:
        """Whether there are limits that a transaction takes along when it ends."""
        kind = self._kind
        return kind is not None and kind.end_with_transaction and self.limits.are_given

    @property
    def _outlast_transaction(self) -> bool:
        """Whether limits are to be set for the session when a transaction has ended."""
        return self._in_sessions and self._go_with_transaction

    def restore(self) -> None:
        """Set everything back to what was found; for the end of a run."""
        if self._saved is None or self._kind is None:
            return
        saved, self._saved = self._saved, None
        self.limits = Limits()
        try:
            connection = self._connection()
            local = connections.in_transaction(connection)
            if local or not self._kind.end_with_transaction:
                self._kind.restore(connection, saved, local)
                if not local:
                    connections.rollback(connection)
        except Exception:
            # a transaction that failed takes its settings along when it is rolled back
            log.debug("The timeouts could not be set back", exc_info=True)

    def _tell_what_is_missing(self, limits: Limits) -> None:
        if self._told:
            return
        self._told = True
        missing = [
            name
            for name, limit, has in (
                (TABLE_LOCK, limits.table_lock, self._has("has_table_lock")),
                (STATEMENT, limits.statement, self._has("has_statement")),
            )
            if limit is not None and not has
        ]
        if missing:
            log.info(
                "Going without %s: %s has none",
                " and ".join(missing),
                self._dialect_name,
            )

    def _has(self, name: str) -> bool:
        return self._kind is not None and bool(getattr(self._kind, name))

    # -- errors

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Tell whether an error says that a lock was not had within the limit."""
        original: Optional[Any] = getattr(error, "orig", None)
        return (
            original is not None
            and self._kind is not None
            and self.limits.table_lock is not None
            and self._kind.is_lock_timeout(original)
        )

    def is_statement_timeout(self, error: BaseException) -> bool:
        """Tell whether an error says that a statement reached the limit."""
        original: Optional[Any] = getattr(error, "orig", None)
        return (
            original is not None
            and self._kind is not None
            and self.limits.statement is not None
            and self._kind.is_statement_timeout(original)
        )
