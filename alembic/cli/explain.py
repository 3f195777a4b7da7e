"""Any error, as one line for the person who typed the command."""

from __future__ import annotations

import os
import re
import sys
from typing import Any
from typing import Iterator
from typing import Optional
from typing import Tuple

from ..util.exc import CommandError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_URL_PASSWORD = re.compile(r"(://[^\s:/@'\"]*:)[^\s'\"]*@")
_PASSWORD_WORD = re.compile(r"(\bpassword\s*=\s*)('[^']*'|\"[^\"]*\"|[^\s,;)]+)", re.I)
_STATEMENT_LENGTH = 300


def explain(error: BaseException) -> str:
    """Return what an error says, on one line and without passwords.

    An error that is not meant for people gets the place in the user's own files where
    it came up, and the option that shows the traceback.
    """
    if isinstance(error, CommandError):
        return without_secrets(_one_line(str(error)))
    text, place = _database_error(error), _place(error)
    if text is None:
        text = f"{type(error).__name__}: {_one_line(_message(error))}".rstrip(": ")
    if place is not None:
        text = f"{text} ({place})"
    return without_secrets(f"{text}; use --raiseerr to see the traceback")


def without_secrets(text: str) -> str:
    """Return a text with ``***`` for the passwords that it holds."""
    return _PASSWORD_WORD.sub(r"\1***", _URL_PASSWORD.sub(r"\1***@", text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return error.msg or ""
    return str(error)


def _database_error(error: BaseException) -> Optional[str]:
    """Return the text for an error of SQLAlchemy or a driver, else None."""
    # whoever raised one has imported it; light commands must not
    sqlalchemy: Any = sys.modules.get("sqlalchemy.exc")
    if sqlalchemy is None or not isinstance(error, sqlalchemy.SQLAlchemyError):
        return None
    original = getattr(error, "orig", None)
    if original is None:
        text = _one_line(str(error).partition("\n")[0])
        about_url = isinstance(error, sqlalchemy.NoSuchModuleError) or (
            isinstance(error, sqlalchemy.ArgumentError) and " URL " in text
        )
        hint = "; check sqlalchemy.url" if about_url else ""
        return f"{type(error).__name__}: {text}{hint}"
    kind = f"{type(original).__module__}.{type(original).__name__}"
    text = f"({kind}) {_one_line(str(original))}"
    statement = getattr(error, "statement", None)
    if statement:
        shown = _one_line(statement)
        if len(shown) > _STATEMENT_LENGTH:
            shown = shown[:_STATEMENT_LENGTH] + "..."
        text += f" [SQL: {shown}]"
    if getattr(error, "connection_invalidated", False):
        text = (
            f"The connection to the database was lost: {text}. Run the command again "
            "when the database answers; what was not committed was rolled back"
        )
    return text


def _place(error: BaseException) -> Optional[str]:
    """Return the innermost place in a file of the user's, such as env.py."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    place = None
    for filename, line in _frames(error):
        if _is_users(filename):
            place = f"{filename}, line {line}"
    return place


def _frames(error: BaseException) -> Iterator[Tuple[str, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _is_users(filename: str) -> bool:
    """Tell whether a file is neither ours nor of an installed package or of Python."""
    if filename.startswith(("<", _PACKAGE)):
        return False
    folders = filename.replace("\\", "/").split("/")
    if "site-packages" in folders or "dist-packages" in folders:
        return False
    return not filename.startswith(os.path.dirname(os.__file__) + os.sep)
