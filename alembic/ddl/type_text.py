"""Column types as tokens of their SQL text, and whether two of them are alike."""

from __future__ import annotations

import re
from typing import AbstractSet
from typing import Dict
from typing import Iterable
from typing import List
from typing import Mapping
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple


class Params(NamedTuple):
    """A type as written in SQL: ``VARCHAR(50) COLLATE "C"``.

    All is in lower case but for what stands in parentheses.
    """

    token0: str
    """The first word, ``varchar``."""

    tokens: List[str]
    """The words after it, those in `kwargs` left out."""

    args: List[str]
    """What stands in parentheses, such as ``["50"]`` or ``["'a'", "'b'"]``."""

    kwargs: Dict[str, str]
    """Words with a value: ``{"collate": "C"}``."""


_TOKEN = re.compile(
    r"""
    (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)
    | (?P<open>\()
    | (?P<array>\[\s*\d*\s*\])
    | (?P<word>[^\s()"`\[\].]+)
    """,
    re.VERBOSE,
)

_ARGUMENT = re.compile(
    r"""\s*((?:[Nn]?'(?:[^']|'')*'|"(?:[^"]|"")*"|[^,'"])+)\s*(?:,|$)"""
)


def tokenize(text: str) -> Params:
    """Take the SQL text of a type apart.

    :param text: such as ``TIMESTAMP(3) WITHOUT TIME ZONE`` or ``ENUM('a','b')``.
    """
    words: List[str] = []
    args: List[str] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            position += 1
            continue
        position = match.end()
        if match.lastgroup == "open":
            end = _closing(text, position)
            if not args:
                args = split_arguments(text[position:end])
            position = end + 1
        elif match.lastgroup == "array":
            # the dimensions of an array are not kept by the database
            if not words or words[-1] != "[]":
                words.append("[]")
        elif match.lastgroup == "quoted":
            words.append(match.group()[1:-1].lower())
        else:
            words.append(match.group().lower())
    if not words:
        words = [""]
    words, kwargs = _with_values(words)
    return Params(words[0], words[1:], args, kwargs)


def _closing(text: str, position: int) -> int:
    """Return where the parenthesis closes that opened before a position."""
    depth = 1
    quote: Optional[str] = None
    for index in range(position, len(text)):
        char = text[index]
        if quote is not None:
            if char == quote:
                quote = None
        elif char in "'\"`":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return index
    return len(text)


def split_arguments(text: str) -> List[str]:
    """Split what stands in a type's parentheses at its commas.

    :param text: such as ``10, 2`` or ``'a','b,c'``.
    """
    return [
        argument.strip() for argument in _ARGUMENT.findall(text) if argument.strip()
    ]


def _with_values(words: Sequence[str]) -> Tuple[List[str], Dict[str, str]]:
    """Take ``collate X`` and ``character set X`` out of the words of a type."""
    plain: List[str] = []
    kwargs: Dict[str, str] = {}
    index = 0
    while index < len(words):
        word = words[index]
        if word == "collate" and index and index + 1 < len(words):
            kwargs["collate"] = words[index + 1]
            index += 2
        elif (
            word == "character"
            and index
            and words[index + 1 : index + 2] == ["set"]
            and index + 2 < len(words)
        ):
            kwargs["character set"] = words[index + 2]
            index += 3
        else:
            plain.append(word)
            index += 1
    return plain, kwargs


def name_of(params: Params) -> str:
    """Return the words of a type: ``double precision``."""
    return " ".join([params.token0, *params.tokens])


def are_synonyms(one: str, other: str, synonyms: Iterable[AbstractSet[str]]) -> bool:
    """Tell whether two names are one type.

    :param one: a name in lower case.
    :param other: another.
    :param synonyms: sets of names in upper case that mean the same.
    """
    if one == other:
        return True
    one, other = one.upper(), other.upper()
    return any(one in names and other in names for names in synonyms)


def fill_arguments(
    args: Sequence[str], implied: Optional[Sequence[str]]
) -> Tuple[str, ...]:
    """Return the arguments of a type with those that the database implies.

    :param args: those that are written.
    :param implied: those that count when none, or fewer, are written.
    """
    given = tuple(args)
    if not implied:
        return given
    if not given:
        return tuple(implied)
    return given + tuple(implied[len(given) :])


def same_arguments(
    one: Sequence[str],
    other: Sequence[str],
    complete: bool,
    implied: Optional[Sequence[str]] = None,
) -> bool:
    """Tell whether two types of one name have the same arguments.

    :param one: the arguments of the one.
    :param other: the arguments of the other.
    :param complete: whether an absent argument is known to be absent; when False,
        only arguments that both have are compared.
    :param implied: the arguments that count when none are written.
    """
    if not complete:
        if not one or not other:
            return True
        shared = min(len(one), len(other))
        if _all_numbers(one) and _all_numbers(other):
            return list(one[:shared]) == list(other[:shared])
        return list(one) == list(other)
    return fill_arguments(one, implied) == fill_arguments(other, implied)


def _all_numbers(args: Iterable[str]) -> bool:
    return all(arg.isdigit() for arg in args)


def same_values(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two types agree in the words with a value that both have."""
    return all(one[word] == other[word] for word in one.keys() & other.keys())
