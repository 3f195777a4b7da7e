"""SQL text of SQLite cut into tokens, none of which is lost."""

from __future__ import annotations

import re
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple

SPACE = "space"
COMMENT = "comment"
WORD = "word"
QUOTED = "quoted"
STRING = "string"
NUMBER = "number"
OTHER = "other"

# a word is made of letters, digits, _ and $, and of all that is not ASCII; said by what
# it is not, because a range up to the last character takes long to compile
_PATTERN = re.compile(
    r"""
      (?P<space>   [ \t\n\f\r]+ )
    | (?P<comment> --[^\n]*\n? | /\*.*?(?:\*/|\Z) )
    | (?P<string>  [xX]?'(?:[^']|'')*' )
    | (?P<quoted>  "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] )
    | (?P<number>  0[xX][0-9a-fA-F]+
                 | (?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)? )
    | (?P<word>    [^\x00-@\[-^`{-\x7f][^\x00-\#%-/:-@\[-^`{-\x7f]* )
    | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)

_WITH_ESCAPES = re.compile(
    _PATTERN.pattern.replace(r"(?:[^']|'')*", r"(?:[^'\\]|''|\\.)*"), _PATTERN.flags
)

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Token(NamedTuple):
    """One piece of SQL text."""

    kind: str
    text: str

    @property
    def is_trivia(self) -> bool:
        """Whether it is white space or a comment."""
        return self.kind in (SPACE, COMMENT)

    @property
    def name(self) -> Optional[str]:
        """The name it spells where a name is expected, or None.

        SQLite takes a string in single quotes for a name, too, where only a name
        can stand.
        """
        if self.kind == WORD:
            return self.text
        if self.kind == QUOTED:
            close = self.text[-1]
            inner = self.text[1:-1]
            return inner if close == "]" else inner.replace(close * 2, close)
        if self.kind == STRING and self.text[0] == "'":
            return self.text[1:-1].replace("''", "'")
        return None

    def is_word(self, *words: str) -> bool:
        """Tell whether it is one of some keywords, written in any case."""
        return self.kind == WORD and self.text.upper() in words

    def is_other(self, text: str) -> bool:
        """Tell whether it is this sign."""
        return self.kind == OTHER and self.text == text


BLANK = Token(SPACE, " ")


def tokenize(sql: str, *, backslash_escapes: bool = False) -> List[Token]:
    """Cut SQL text into tokens; joined again they are the text.

    What is no token of SQLite, such as a quote that is never closed, comes back as
    single signs.

    :param sql: any text.
    :param backslash_escapes: a backslash in a string begins an escape, as in what MySQL
        writes; never so in SQLite.
    """
    pattern = _WITH_ESCAPES if backslash_escapes else _PATTERN
    return [
        Token(str(match.lastgroup), match.group()) for match in pattern.finditer(sql)
    ]


def join(tokens: Iterable[Token]) -> str:
    """Return the text of some tokens."""
    return "".join(token.text for token in tokens)


def significant(tokens: Iterable[Token]) -> List[Token]:
    """Return the tokens that are neither white space nor comments."""
    return [token for token in tokens if not token.is_trivia]


def fold(name: str) -> str:
    """Return a name as SQLite compares names: A-Z are a-z, other letters differ."""
    return name.translate(_LOWER)


def same_name(one: str, other: str) -> bool:
    """Tell whether SQLite takes two names for the same."""
    return fold(one) == fold(other)


def normalized(tokens: Iterable[Token]) -> List[str]:
    """Return tokens in a form in which layout, case and quoting do not matter."""
    result = []
    for token in significant(tokens):
        if token.kind in (WORD, QUOTED):
            result.append(fold(token.name or ""))
        else:
            result.append(token.text)
    return result


def closing(tokens: Sequence[Token], start: int) -> int:
    """Return the index of the parenthesis that closes the one at ``start``.

    :raises ValueError: when it is never closed.
    """
    depth = 0
    for index in range(start, len(tokens)):
        if tokens[index].is_other("("):
            depth += 1
        elif tokens[index].is_other(")"):
            depth -= 1
            if not depth:
                return index
    raise ValueError("a parenthesis is never closed")


def split_commas(tokens: Sequence[Token]) -> List[List[Token]]:
    """Split at the commas that are inside no parentheses."""
    parts: List[List[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.is_other("("):
            depth += 1
        elif token.is_other(")"):
            depth -= 1
        if token.is_other(",") and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def column_positions(tokens: Sequence[Token]) -> List[int]:
    """Return where an expression has names that can only be those of columns.

    Left out are functions, collations, types of a CAST, and what stands before a dot.

    :param tokens: the tokens of an expression or statement.
    """
    places = [index for index, token in enumerate(tokens) if not token.is_trivia]
    found = []
    for place, index in enumerate(places):
        token = tokens[index]
        if token.kind not in (WORD, QUOTED):
            continue
        after = tokens[places[place + 1]] if place + 1 < len(places) else None
        before = tokens[places[place - 1]] if place else None
        if after is not None and (after.is_other("(") or after.is_other(".")):
            continue
        if before is not None and before.is_word("COLLATE", "AS"):
            continue
        found.append(index)
    return found


def mentions(tokens: Sequence[Token], name: str) -> bool:
    """Tell whether an expression names a column.

    :param tokens: the tokens of the expression.
    :param name: the name of the column.
    """
    wanted = fold(name)
    return any(
        fold(tokens[index].name or "") == wanted for index in column_positions(tokens)
    )


def renamed(tokens: Sequence[Token], old: str, new: str) -> List[Token]:
    """Return an expression with a column named otherwise.

    :param tokens: the tokens of the expression.
    :param old: the name of the column now.
    :param new: its new name, as it is to be written, in quotes if it needs them.
    """
    result = list(tokens)
    wanted = fold(old)
    for index in column_positions(tokens):
        if fold(tokens[index].name or "") == wanted:
            result[index] = Token(WORD, new)
    return result


def unqualified(tokens: Sequence[Token], table: str) -> List[Token]:
    """Return an expression without a table's name in front of its columns.

    :param tokens: the tokens of the expression.
    :param table: the name to take away, as in ``table.column``.
    """
    result: List[Token] = []
    places = [index for index, token in enumerate(tokens) if not token.is_trivia]
    following = dict(zip(places, places[1:]))
    skip_until = -1
    for index, token in enumerate(tokens):
        if index <= skip_until:
            continue
        after = following.get(index)
        if (
            token.kind in (WORD, QUOTED)
            and same_name(token.name or "", table)
            and after is not None
            and tokens[after].is_other(".")
        ):
            skip_until = after
            continue
        result.append(token)
    return result


def trimmed(tokens: Sequence[Token]) -> Tuple[List[Token], List[Token], List[Token]]:
    """Split off the white space and comments around an element."""
    start, end = 0, len(tokens)
    while start < end and tokens[start].is_trivia:
        start += 1
    while end > start and tokens[end - 1].is_trivia:
        end -= 1
    return list(tokens[:start]), list(tokens[start:end]), list(tokens[end:])
