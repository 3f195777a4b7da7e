"""Offline mode: a connection that takes statements and has no answers."""

from __future__ import annotations

import os
import traceback
from typing import Any
from typing import Callable
from typing import NoReturn
from typing import TYPE_CHECKING

import sqlalchemy

from ..sqla import connections
from ..util.exc import CommandError

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_NOT_THE_USERS = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,
    os.path.dirname(os.path.abspath(sqlalchemy.__file__)) + os.sep,
)


class OfflineResult:
    """What executing a statement returns where no statement is executed.

    It is false, as the None that stood here was; reading from it says what is wrong
    and where.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            # copy, pickle and their kin only ask whether it is there
            raise AttributeError(name)
        self._refuse(f".{name}")

    def __iter__(self) -> NoReturn:
        self._refuse("a loop over its rows")

    def _refuse(self, how: str) -> NoReturn:
        text = " ".join(str(self._statement).split())
        if len(text) > 60:
            text = text[:57] + "..."
        raise CommandError(
            f"{_where()} needs the result of a query ({how} of {text!r}), but with "
            "--sql no statement reaches a database; put it under 'if not "
            "op.get_context().as_sql:' or run without --sql"
        )


def _where() -> str:
    """Name the revision that is running, with file and line of the user's code."""
    place, revision = "", None
    for frame, line in traceback.walk_stack(None):
        file = os.path.abspath(frame.f_code.co_filename)
        is_revision = "down_revision" in frame.f_globals
        if frame.f_code.co_filename.startswith("<") and not is_revision:
            # what SQLAlchemy makes of text
            continue
        if file.startswith(_NOT_THE_USERS):
            continue
        place = place or f"{file}, line {line}"
        if is_revision:
            revision = frame.f_globals.get("revision")
            break
    if revision is not None:
        return f"Revision {revision} ({place})"
    return f"{place}," if place else "This migration"


class _NoConnection(CommandError, AttributeError):
    """Something was asked of the stand-in that only a connection has.

    To those who ask whether it has that, it has not.
    """


def _refuse(how: str) -> NoReturn:
    raise _NoConnection(
        f"{_where()} needs a connection ({how}), but with --sql there is none; put it "
        "under 'if not op.get_context().as_sql:' or run without --sql"
    )


def stdout_connection(dialect: Dialect, write: Callable[[Any], None]) -> Any:
    """Return a stand-in for a connection, for offline mode.

    :param dialect: the dialect it claims to speak.
    :param write: receives each construct that is executed.
    """

    def execute(construct: Any, *multiparams: Any, **params: Any) -> OfflineResult:
        if params or any(multiparams):
            raise CommandError(
                f"{_where()} gives the parameters of a statement apart from it, which "
                "a script written by --sql cannot hold; write the values into the "
                "statement, such as text(...).bindparams(...) or insert().values(...)"
            )
        write(construct)
        return OfflineResult(construct)

    return connections.mock_connection(dialect, execute, _refuse)
