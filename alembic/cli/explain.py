"""Any error, as one line for the person who typed the command."""

from __future__ import annotations

import os
import re
import sys

from ..util.exc import CommandError
from .secrets import known_passwords
from .secrets import without_secrets

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Iterator
    from typing import Optional
    from typing import Tuple

    from ..settings import Config

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_STATEMENT_LENGTH = 300


def explain(error: BaseException, config: Optional[Config] = None) -> str:
    """Return what an error says, on one line and without passwords.

    An error that is not meant for people gets the place in the user's own files where
    it came up, and the option that shows the traceback.

    :param error: any error.
    :param config: the options of the project, whose passwords are left out.
    """
    passwords = known_passwords(config)
    if isinstance(error, CommandError):
        return without_secrets(_one_line(str(error)), passwords)
    if isinstance(error, OSError) and error.filename and _place(error) is None:
        # the name and the reason say all there is to say
        line = f"Cannot use {str(error.filename)!r}: {error.strerror}"
        return without_secrets(_one_line(line), passwords)
    text, place = _no_url(error, config) or _database_error(error), _place(error)
    if text is None:
        text = f"{type(error).__name__}: {_one_line(_message(error))}".rstrip(": ")
    if place is not None:
        # operations tell their place too, but only the name of the file
        known = f" ({os.path.basename(place)})"
        text = f"{text[: -len(known)] if text.endswith(known) else text} ({place})"
    text += _hint(error, config)
    return without_secrets(f"{text}; use --raiseerr to see the traceback", passwords)


# the package that brings a driver, where it goes by another name than the module
_DRIVERS = {
    "MySQLdb": "mysqlclient",
    "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary",
}


def _missing_module(error: ModuleNotFoundError) -> str:
    if _asked_for_by_url(error):
        driver = _DRIVERS.get(error.name or "", error.name)
        return (
            "; it is the driver that the URL of the database asks for: "
            f"pip install '{driver}', or name another one, as in mysql+pymysql://"
        )
    return (
        "; is its folder in prepend_sys_path of alembic.ini, and is Alembic installed "
        "beside your application?"
    )


# the words of Python for import statements and attributes
_LACKS_OF_SQLALCHEMY = re.compile(
    r"No module named 'sqlalchemy\."
    r"|cannot import name '\w+' from 'sqlalchemy\b"
    r"|module 'sqlalchemy\b.*' has no attribute"
)


# of SQLite, of the operating system, and of MySQL in several places
_NO_ROOM = re.compile(
    r"disk is full|No space left on device|The table '.*' is full|No more room in"
)


def _missing_in_sqlalchemy() -> str:
    from importlib.metadata import version

    return (
        f"; the installed SQLAlchemy {version('SQLAlchemy')} does not have it, a newer "
        "one may"
    )


def _hint(error: BaseException, config: Optional[Config]) -> str:
    """Return what helps against errors whose own words do not say it."""
    if isinstance(error, (ImportError, AttributeError)) and _LACKS_OF_SQLALCHEMY.search(
        str(error)
    ):
        return _missing_in_sqlalchemy()
    if isinstance(error, ModuleNotFoundError):
        return _missing_module(error)
    original = getattr(error, "orig", None)
    text = str(original or "")
    if "unable to open database file" in text:
        url = _option(config, "sqlalchemy.url")
        where = f" (sqlalchemy.url = {url})" if url else ""
        return f"; its folder has to exist and to be writable{where}"
    if "readonly database" in text:
        return "; SQLite has to write the file and beside it, in its folder"
    if original is not None and _NO_ROOM.search(text):
        return "; make room on the disk of the database and run the command again"
    if (
        original is not None
        and getattr(error, "statement", None) is None
        and not getattr(error, "connection_invalidated", False)
    ):
        return "; check that the database answers, and sqlalchemy.url"
    return ""


def _no_url(error: BaseException, config: Optional[Config]) -> Optional[str]:
    """Return the line for an env.py that was to connect, but is told nowhere to."""
    # engine_from_config() looks for the key without its prefix
    if (
        config is None
        or not isinstance(error, KeyError)
        or error.args not in (("url",), ("sqlalchemy.url",))
        or _option(config, "sqlalchemy.url") is not None
    ):
        return None
    return config.explain_missing("sqlalchemy.url")


def _option(config: Optional[Config], name: str) -> Any:
    try:
        return config.get_alembic_option(name) if config else None
    except CommandError:
        return None


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
        if about_url and text.endswith(":postgres"):
            hint += ", which has to begin with postgresql"
        return f"{type(error).__name__}: {text}{hint}"
    kind = f"{type(original).__module__}.{type(original).__name__}"
    operation, help_ = _told_by_operation(error)
    text = f"{operation}({kind}) {_one_line(str(original))}"
    statement = getattr(error, "statement", None)
    if statement:
        shown = _one_line(statement)
        if len(shown) > _STATEMENT_LENGTH:
            shown = shown[:_STATEMENT_LENGTH] + "..."
        text += f" [SQL: {shown}]"
    text += help_
    if getattr(error, "connection_invalidated", False):
        text = (
            f"The connection to the database was lost: {text}. Run the command again "
            "when the database answers; what was not committed was rolled back"
        )
    return text


_DETAIL = re.compile(r"in ((?:op|batch_op)\..+?), [^,]+, line \d+(; .*)?", re.DOTALL)
"""What an operation adds to the error that it met."""


def _told_by_operation(error: BaseException) -> Tuple[str, str]:
    """Return which operation met an error, and what may help, each with its colon."""
    for detail in getattr(error, "detail", ()):
        match = _DETAIL.fullmatch(detail)
        if match is not None:
            return f"{match.group(1)}: ", match.group(2) or ""
    return "", ""


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


def _asked_for_by_url(error: BaseException) -> bool:
    """Tell whether SQLAlchemy wanted to import something."""
    files = [filename for filename, _ in _frames(error)]
    return bool(files) and "/sqlalchemy/" in files[-1].replace("\\", "/")


def _is_users(filename: str) -> bool:
    """Tell whether a file is neither ours nor of an installed package or of Python."""
    if filename.startswith(("<", _PACKAGE)):
        return False
    folders = filename.replace("\\", "/").split("/")
    if "site-packages" in folders or "dist-packages" in folders:
        return False
    return not filename.startswith(os.path.dirname(os.__file__) + os.sep)
