"""Parsers that cost something only when they are used."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from argparse import HelpFormatter
from functools import lru_cache

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Callable
    from typing import NoReturn
    from typing import Optional

    Fill = Callable[[ArgumentParser], None]
    """Gives a parser its arguments."""


_MARGIN = 2
_COLUMNS_ELSEWHERE = 80


class LateParser(ArgumentParser):
    """The parser of one command, which is made when somebody touches it.

    A command line is asked for one command, but knows fifteen; making the parsers of
    all would take longer than to answer.
    """

    def __init__(self, **kw: Any) -> None:
        # nothing of ArgumentParser's own exists yet: reading or setting any of it
        # comes to __getattr__ or __setattr__
        self.__dict__["_how"] = kw

    def when_made(self, fill: Fill) -> None:
        """Say what gives the parser its arguments."""
        if "_how" in self.__dict__:
            self.__dict__["_fill"] = fill
        else:
            fill(self)

    def _make(self) -> None:
        kw = self.__dict__.pop("_how")
        fill: Optional[Fill] = self.__dict__.pop("_fill", None)
        super().__init__(**kw)
        if fill is not None:
            fill(self)

    def _check_help(self, action: Any) -> None:
        # Python 3.14 asks each parser whether its own help is sound
        if "_how" not in self.__dict__:
            super()._check_help(action)  # type: ignore[misc]

    def error(self, message: str) -> NoReturn:
        """Complain, with an example where something is missing."""
        if self.epilog and message.startswith("the following arguments are required"):
            message += f". {self.epilog}"
        super().error(message)

    def __getattr__(self, name: str) -> Any:
        if "_how" not in self.__dict__:
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}"
            )
        self._make()
        return getattr(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if "_how" in self.__dict__:
            self._make()
        super().__setattr__(name, value)


class Formatter(HelpFormatter):
    """Writes help as wide as the terminal, which it measures once.

    argparse makes one for each argument that is added, and asks the module shutil,
    which loads all kinds of archives. Since Python 3.14 it asks a slow module for the
    colours too; here it does when something is written that may have some.
    """

    def __init__(self, prog: str, **kw: Any) -> None:
        kw.setdefault("width", max(_columns() - _MARGIN, 11))
        super().__init__(prog, **kw)

    def _set_color(self, color: bool, **kw: Any) -> None:
        self.__dict__["_colors"] = color, kw

    def __getattr__(self, name: str) -> Any:
        # what the standard formatter sets together with the colours
        color, kw = self.__dict__.pop("_colors", (None, None))
        if kw is None:
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}"
            )
        super()._set_color(color and _may_be_coloured(), **kw)  # type: ignore[misc]
        return getattr(self, name)


@lru_cache(maxsize=None)
def _columns() -> int:
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns > 0:
        return columns
    try:
        stream: Any = sys.__stdout__
        return os.get_terminal_size(stream.fileno()).columns or _COLUMNS_ELSEWHERE
    except (AttributeError, ValueError, OSError):
        # no stream, a closed one, or one that is no terminal
        return _COLUMNS_ELSEWHERE


def _may_be_coloured() -> bool:
    """Tell whether there is a terminal, or a wish for colours without one."""
    if os.environ.keys() & {"FORCE_COLOR", "PYTHON_COLORS"}:
        return True
    return _is_terminal(sys.stdout) or _is_terminal(sys.stderr)


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        # no stream, or a closed one
        return False
