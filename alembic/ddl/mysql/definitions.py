"""A column as MySQL and MariaDB describe it, taken apart.

MODIFY and CHANGE replace the whole definition of a column; what they do not repeat is
lost. This finds all that has to be repeated.
"""

from __future__ import annotations

import re
from typing import Any
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple

from sqlalchemy.types import UserDefinedType

_PIECE = re.compile(
    r"""
    \s*(?:
        (?P<comment>/\*!\d+\s*(?P<inside>.*?)\*/)
      | (?P<string>_?\w*'(?:[^'\\]|''|\\.)*')
      | (?P<name>`(?:[^`]|``)*`)
      | (?P<open>\()
      | (?P<word>[^\s()'`]+)
    )
    """,
    re.VERBOSE | re.DOTALL,
)


class ColumnDefinition(NamedTuple):
    """The parts of a column's definition, each as SQL text."""

    type: str
    """With UNSIGNED and the like, without character set and collation."""
    charset: str
    """``CHARACTER SET x COLLATE y``, or nothing."""
    generated: str
    """``GENERATED ALWAYS AS (...) STORED``, or nothing."""
    nullable: bool
    default: Optional[str]
    """With ON UPDATE; None when there is none."""
    autoincrement: bool
    comment: Optional[str]
    """None when there is none."""
    rest: str
    """What is left: CHECK, INVISIBLE and the like."""


class VerbatimType(UserDefinedType):  # type: ignore[type-arg]
    """A column type whose SQL is known and written as it is.

    :param sql: the text of the type.
    """

    cache_ok = True

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def get_col_spec(self, **kw: Any) -> str:
        """Return the text of the type."""
        return self.sql


def find_column(create_table: str, name: str) -> Optional[ColumnDefinition]:
    """Return a column out of what ``SHOW CREATE TABLE`` says, or None.

    :param create_table: the statement.
    :param name: the name of the column, in any case.
    """
    wanted = name.lower()
    for line in create_table.splitlines():
        match = re.match(r"\s+`((?:[^`]|``)*)`\s+(.*?),?\s*$", line, re.DOTALL)
        if match and match.group(1).replace("``", "`").lower() == wanted:
            return parse(match.group(2))
    return None


def parse(definition: str) -> ColumnDefinition:
    """Take the definition of a column apart.

    :param definition: what follows the column's name.
    """
    pieces = _pieces(definition)
    type_: List[str] = [pieces[0]]
    index = 1
    # the arguments of the type belong to its name: varchar(5)
    if index < len(pieces) and pieces[index].startswith("("):
        type_[0] += pieces[index]
        index += 1
    found: List[Tuple[str, str]] = []
    while index < len(pieces):
        kind, length = _clause(pieces, index)
        *words, last = pieces[index : index + length]
        # the parentheses of a call stay with its name
        is_call = last.startswith("(") and length == _LENGTHS_OF_CALLS.get(kind)
        clause = " ".join(words) + ("" if is_call or not words else " ") + last
        found.append((kind, clause))
        index += length

    def text(*kinds: str) -> str:
        return " ".join(piece for kind, piece in found if kind in kinds)

    default = text("default", "on update")
    comment = text("comment")
    return ColumnDefinition(
        type=" ".join([*type_, text("modifier")]).strip(),
        charset=text("character set", "collate"),
        generated=text("generated"),
        nullable="not null" not in {kind for kind, _ in found},
        default=_default(default),
        autoincrement=bool(text("auto_increment")),
        comment=_unquoted(comment.split(" ", 1)[1]) if comment else None,
        rest=text("rest"),
    )


def _default(text: str) -> Optional[str]:
    """Return a default without the word DEFAULT; that of NULL is none."""
    if not text:
        return None
    text = re.sub(r"^default\s+", "", text, flags=re.IGNORECASE)
    bare = re.sub(r"^null\b\s*", "", text, flags=re.IGNORECASE)
    return bare or None


def _unquoted(literal: str) -> str:
    """Return what a string literal says, escapes undone."""

    def plain(match: Any) -> str:
        char: str = match.group(1)
        return {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}.get(char, char)

    text = literal[1:-1].replace("''", "'")
    return re.sub(r"\\(.)", plain, text, flags=re.DOTALL)


def _pieces(definition: str) -> List[str]:
    """Split a definition into words, strings and parentheses with what they hold."""
    pieces: List[str] = []
    position = 0
    while position < len(definition):
        match = _PIECE.match(definition, position)
        if match is None:
            break
        position = match.end()
        if match.group("comment"):
            pieces.extend(_pieces(match.group("inside").strip()))
        elif match.group("open"):
            end = _closing(definition, position)
            pieces.append(definition[position - 1 : end])
            position = end
        else:
            pieces.append(match.group().strip())
    return pieces


def _closing(text: str, position: int) -> int:
    """Return where the parenthesis ends that opened before a position."""
    depth = 1
    while position < len(text) and depth:
        match = re.compile(r"'(?:[^'\\]|''|\\.)*'|`[^`]*`|.", re.DOTALL).match(
            text, position
        )
        assert match is not None
        position = match.end()
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
    return position


_LENGTHS_OF_CALLS = {"default": 3, "on update": 4}
"""How many pieces a clause has that ends with the parentheses of a call."""

_MODIFIERS = frozenset(
    ("unsigned", "zerofill", "signed", "binary", "precision", "varying")
)


def _clause(pieces: List[str], index: int) -> Tuple[str, int]:
    """Return what begins at an index of the pieces, and how many belong to it."""
    word = pieces[index].lower()
    following = [piece.lower() for piece in pieces[index + 1 : index + 6]]
    if word in _MODIFIERS:
        return "modifier", 1
    if word == "character" and following[:1] == ["set"]:
        return "character set", 3
    if word == "collate":
        return "collate", 2
    if word == "not" and following[:1] == ["null"]:
        return "not null", 2
    if word == "null":
        return "null", 1
    if word == "default":
        return "default", 2 + _call(pieces, index + 2)
    if word == "on" and following[:1] == ["update"]:
        return "on update", 3 + _call(pieces, index + 3)
    if word == "auto_increment":
        return "auto_increment", 1
    if word == "comment":
        return "comment", 2
    if word == "generated" or (word == "as" and following[:1]):
        length = pieces[index:].index(next(p for p in pieces[index:] if p[0] == "("))
        stored = pieces[index + length + 1 : index + length + 2]
        kept = [p for p in stored if p.lower() in ("stored", "virtual", "persistent")]
        return "generated", length + 1 + len(kept)
    if word in ("check", "srid", "storage", "column_format"):
        return "rest", 2
    return "rest", 1


def _call(pieces: List[str], index: int) -> int:
    """Return 1 when the parentheses of a call stand at an index, else 0."""
    return int(index < len(pieces) and pieces[index].startswith("("))
