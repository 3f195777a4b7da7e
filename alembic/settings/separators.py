"""Lists of paths in an INI file: which character parts them, and the split."""

from __future__ import annotations

import os
import re

from ..util.exc import CommandError

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Callable
    from typing import List

_CHARACTERS = {
    "space": " ",
    "newline": "\n",
    "os": os.pathsep,
    ":": ":",
    ";": ";",
}

KNOWN_SEPARATORS = tuple(_CHARACTERS)
"""What ``path_separator`` may say."""


class InvalidSeparator(CommandError, ValueError):
    """``path_separator`` holds something that is no separator."""


def separator_char(option: str, value: str) -> str:
    """Return the character that the value of a separator option stands for.

    :param option: name of the option, for the error.
    :param value: its value: one of `KNOWN_SEPARATORS`.
    :raises InvalidSeparator: for any other value.
    """
    try:
        return _CHARACTERS[value]
    except KeyError:
        expected = ", ".join(repr(name) for name in KNOWN_SEPARATORS)
        raise InvalidSeparator(
            f"'{value}' is not a valid value for {option}; expected {expected}"
        ) from None


def split_paths(text: str, separator: str) -> List[str]:
    """Split a list of paths at a separator; blanks around each path are dropped.

    A space stands for any run of blanks, line breaks included.
    """
    if separator == " ":
        return text.split()
    return [path.strip() for path in text.split(separator) if path.strip()]


def _splitter(pattern: str) -> Callable[[str], List[str]]:
    # compiled when it is needed: most commands split nothing
    return lambda text: [path for path in re.split(pattern, text) if path]


split_spaces_commas = _splitter(r"[\s,]+")
"""How ``version_locations`` is split when no separator is configured."""

split_spaces_commas_colons = _splitter(r"[\s,:]+")
"""How ``prepend_sys_path`` is split when no separator is configured."""


def legacy_warning(option: str, characters: str) -> str:
    """Return the warning for an option that is split without a separator."""
    return (
        "No path_separator found in configuration; falling back to legacy splitting "
        f"on {characters} for {option}.  Consider adding path_separator=os to "
        "Alembic config."
    )
