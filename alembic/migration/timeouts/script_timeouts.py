"""The limits of one run, written into a script."""

from __future__ import annotations

from typing import List

from typing_extensions import Protocol

from .limits import Limits
from .run_timeouts import RunTimeouts


class _Script(Protocol):
    """What is asked of the `DefaultImpl` that writes the script."""

    command_terminator: str
    writes_transaction: bool

    def static_output(self, text: str) -> None: ...


class ScriptTimeouts(RunTimeouts):
    """Writes the limits of each revision in front of its statements.

    Whoever runs the script has a session of his own: what it had before is not known,
    so what holds there by default is set back.

    :param dialect_name: the kind of database.
    :param script: writes the script.
    :param typed: what was typed for this run; goes before what revisions say.
    :param configured: what holds for the environment.
    :param in_sessions: whether settings of the session may be made.
    """

    def __init__(
        self,
        dialect_name: str,
        script: _Script,
        typed: Limits,
        configured: Limits,
        in_sessions: bool,
    ) -> None:
        super().__init__(dialect_name, lambda: None, typed, configured, in_sessions)
        self._script = script
        self._session = Limits()

    def _in_transaction(self) -> bool:
        return self._script.writes_transaction

    def _replace(self, limits: Limits, local: bool) -> None:
        assert self._kind is not None
        before = self.limits
        if not (local and self._kind.end_with_transaction):
            before, self._session = self._session, limits
        self._write_all(self._kind.script(limits, before, local))

    def _write_all(self, statements: List[str]) -> None:
        for statement in statements:
            self._script.static_output(statement + self._script.command_terminator)

    def leave_transaction(self) -> None:
        """Write the limits for statements that commit by themselves."""
        if self._outlast_transaction:
            self._replace(self.limits, local=False)

    def before_transaction(self) -> None:
        """Write the reverse of `leave_transaction`."""
        if self._outlast_transaction:
            self.restore()

    def enter_transaction(self) -> None:
        """Write the limits in a transaction that a revision goes on in."""
        if self._go_with_transaction:
            self._replace(self.limits, local=True)

    def restore(self) -> None:
        """Write the reverse of what was set for the session."""
        if self._kind is not None and self._session.are_given:
            self._write_all(self._kind.script(Limits(), self._session, local=False))
        self._session = Limits()
