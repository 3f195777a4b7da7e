"""Words to the person at the terminal: messages, progress of a step, warnings."""

from __future__ import annotations

import sys
import warnings
from contextlib import contextmanager

TYPE_CHECKING = False

if TYPE_CHECKING:
    import logging
    from typing import Any
    from typing import Iterable
    from typing import Iterator
    from typing import NoReturn
    from typing import Optional
    from typing import TextIO
    from typing import Union

    log: logging.Logger

_INDENT = "  "


def __getattr__(name: str) -> Any:
    # a command that has no failure to tell never loads the logging of Python
    if name == "log":
        import logging

        # a program that configures no logging sees no log lines on its standard error
        logging.getLogger("alembic").addHandler(logging.NullHandler())
        globals()["log"] = logging.getLogger("alembic.util.messaging")
        return globals()["log"]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def write_outstream(stream: TextIO, *text: Any, quiet: bool = False) -> None:
    """Write to a stream; characters that its encoding lacks become ``?``.

    :param stream: a text stream.
    :param text: what to write, one after the other.
    :param quiet: write nothing.
    """
    if quiet:
        return
    whole = "".join(map(str, text))
    if not whole.isascii():
        encoding = getattr(stream, "encoding", None) or "ascii"
        whole = whole.encode(encoding, "replace").decode(encoding)
    stream.write(whole)


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        # none, none that is a file, or one that is closed
        return False


def _terminal_width() -> Optional[int]:
    """Return the columns of the terminal on standard output, or None."""
    if not _is_terminal(sys.stdout):
        return None
    import shutil

    return shutil.get_terminal_size().columns


def msg(
    msg: str, newline: bool = True, flush: bool = False, quiet: bool = False
) -> None:
    """Print a message on standard output, folded to the width of a terminal.

    :param msg: the text.
    :param newline: end with a line break.
    :param flush: flush the stream.
    :param quiet: print nothing.
    """
    if quiet:
        return
    width = _terminal_width()
    if width is None:
        lines = [msg]
    else:
        import textwrap

        lines = [_INDENT + line for line in textwrap.wrap(msg, max(20, width - 5))] or [
            ""
        ]
    write_outstream(sys.stdout, "\n".join(lines), "\n" if newline else "")
    if flush:
        sys.stdout.flush()


@contextmanager
def status(
    status_msg: str, newline: bool = False, quiet: bool = False
) -> Iterator[None]:
    """Print what is being done, then whether it was done.

    :param status_msg: what is being done; `` ...`` is put behind it.
    :param newline: put the outcome on a line of its own.
    :param quiet: print nothing.

    Example::

        with status("Generating env.py"):
            write(...)
    """
    msg(status_msg + " ...", newline=newline, flush=True, quiet=quiet)
    try:
        yield
    except BaseException:
        write_outstream(sys.stdout, "  FAILED\n", quiet=quiet)
        raise
    write_outstream(sys.stdout, "  done\n", quiet=quiet)


def err(message: str, quiet: bool = False) -> NoReturn:
    """Log and print a failure and leave the program.

    :param message: one line for a person.
    :param quiet: log it only.
    :raises SystemExit: always, with status -1, which a shell shows as 255.
    """
    log_failure(message, None if quiet else sys.stdout)
    msg(f"FAILED: {message}", quiet=quiet)
    sys.exit(-1)


def log_failure(message: str, printed_on: Optional[TextIO]) -> None:
    """Log a failure; a terminal on which it is printed as well shows it only once.

    :param message: one line for a person.
    :param printed_on: where it is printed; None: nowhere.
    """
    from .messaging import log

    def leave_out(record: Any) -> bool:
        return False

    handlers = []
    logger: Optional[logging.Logger] = log if _is_terminal(printed_on) else None
    while logger is not None:
        handlers += [
            handler
            for handler in logger.handlers
            if _is_terminal(getattr(handler, "stream", None))
        ]
        logger = logger.parent if logger.propagate else None
    for handler in handlers:
        handler.addFilter(leave_out)
    try:
        log.error(message)
    finally:
        for handler in handlers:
            handler.removeFilter(leave_out)


def warn(msg: str, stacklevel: int = 2) -> None:
    """Issue a `UserWarning` that points at the caller."""
    warnings.warn(msg, UserWarning, stacklevel=stacklevel)


def warn_deprecated(msg: str, stacklevel: int = 2) -> None:
    """Issue a `DeprecationWarning` that points at the caller."""
    warnings.warn(msg, DeprecationWarning, stacklevel=stacklevel)


def format_as_comma(value: Optional[Union[str, Iterable[str]]]) -> str:
    """Return one or several words as a comma-separated text; None as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return ", ".join(value)


def obfuscate_url_pw(input_url: str) -> str:
    """Return a database URL as text with ``***`` for its password."""
    from ..sqla import urls

    return urls.obfuscate(input_url)
