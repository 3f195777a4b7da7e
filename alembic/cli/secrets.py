"""Passwords, which no line that is printed may hold."""

from __future__ import annotations

import re
from typing import Any
from typing import Iterable
from typing import Iterator
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..settings import Config

_URL_PASSWORD = re.compile(r"(://[^\s:/@'\"]*:)[^\s'\"]*@")
_PASSWORD_WORD = re.compile(
    r"(\b(?:password|passwd|pwd)\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s,;)]+)", re.I
)
_IN_URL = re.compile(r"://[^:/@]*:(.*)@", re.S)
_SECRET_NAME = re.compile(r"passw|pwd|secret|token", re.I)

# a shorter one is part of too many words
_SHORTEST = 4


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """Return a text with ``***`` for the passwords that it holds.

    :param text: any text.
    :param known: passwords that are known, besides what looks like one.
    """
    text = _PASSWORD_WORD.sub(r"\1***", _URL_PASSWORD.sub(r"\1***@", text))
    for password in sorted(set(known), key=len, reverse=True):
        text = text.replace(password, "***")
    return text


def known_passwords(config: Optional[Config]) -> List[str]:
    """Return the passwords in the configuration and on the command line.

    A driver may put any part of a URL into its errors, decoded, and a password may hold
    any character; so it is looked for as it is, too.

    :param config: the options of the project; None, or one that cannot be read: none.
    """
    found: Set[str] = set()
    for name, value in _settings(config):
        written = _IN_URL.search(value)
        if written:
            found.update(_forms(written.group(1)))
        elif _SECRET_NAME.search(name):
            found.update(_forms(value))
    return [password for password in found if len(password) >= _SHORTEST]


def _forms(password: str) -> Iterator[str]:
    from urllib.parse import unquote
    from urllib.parse import unquote_plus

    for text in (password, password.replace("%%", "%")):
        for form in (text, unquote(text), unquote_plus(text)):
            yield form
            # a parser that stops at the first @ takes the rest for the host
            yield from form.split("@")[1:]
            # as it is in a text that was folded into one line
            yield " ".join(form.split())


def _settings(config: Optional[Config]) -> Iterator[Tuple[str, str]]:
    """Yield each option with its name, as it is written."""
    if config is None:
        return
    for typed in getattr(config.cmd_opts, "x", None) or ():
        name, _, value = typed.partition("=")
        yield name, value
    try:
        parser = config.file_config
        for section in parser.sections():
            yield from parser.items(section, raw=True)
        yield from _strings("", config.toml_alembic_config)
    except Exception:
        # it is just this that cannot be read
        return


def _strings(name: str, value: Any) -> Iterator[Tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(str(key), item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(name, item)
