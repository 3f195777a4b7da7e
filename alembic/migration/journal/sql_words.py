"""SQL text of MySQL, MariaDB or Oracle, read word by word from its beginning."""

from __future__ import annotations

import re
from itertools import islice
from typing import Iterable
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple

_PATTERN = re.compile(
    r"""
      (?P<space>  \s+ | --[^\n]* | \#[^\n]* | /\*(?!!).*?(?:\*/|\Z) )
    | (?P<string> '(?:[^'\\]|''|\\.)*' )
    | (?P<quoted> `(?:[^`]|``)*` | "(?:[^"\\]|""|\\.)*" )
    | (?P<word>   [^\W\d][\w$]* | \d[\w$]* )
    | (?P<sign>   . )
    """,
    re.VERBOSE | re.DOTALL,
)

TableName = Tuple[Optional[str], str]
"""The schema, or None for the default one, and the name of a table."""


class Word(NamedTuple):
    """A word, a name in quotes, a string or a sign."""

    kind: str
    text: str

    @property
    def keyword(self) -> str:
        """The word in capitals; a sign as it is; nothing for names and strings."""
        return self.text.upper() if self.kind in ("word", "sign") else ""

    @property
    def name(self) -> Optional[str]:
        """The name it spells, or None."""
        if self.kind == "word":
            return self.text
        if self.kind == "quoted":
            quote = self.text[0]
            return self.text[1:-1].replace(quote * 2, quote)
        return None


def words_of(sql: str) -> Iterator[Word]:
    """Return the words of a statement; what is not asked for is not read."""
    for match in _PATTERN.finditer(sql):
        kind = str(match.lastgroup)
        if kind != "space":
            yield Word(kind, match.group())


class Reader:
    """Reads words from left to right; those that nobody asks for are not read at all.

    :param words: the words.
    """

    def __init__(self, words: Iterable[Word]) -> None:
        self._source = iter(words)
        self._words: List[Word] = []
        self.at = 0

    def _until(self, end: int) -> List[Word]:
        """Return the words from here to a position, or to the last one there is."""
        missing = end - len(self._words)
        if missing > 0:
            self._words.extend(islice(self._source, missing))
        return self._words[self.at : end]

    @property
    def at_end(self) -> bool:
        """Whether all words have been read."""
        return not self._until(self.at + 1)

    @property
    def next(self) -> str:
        """The next keyword or sign; nothing at the end and before other words."""
        return "".join(word.keyword for word in self._until(self.at + 1))

    def take(self, *keywords: str) -> bool:
        """Go past some keywords if they come next, one after the other."""
        end = self.at + len(keywords)
        if [word.keyword for word in self._until(end)] != list(keywords):
            return False
        self.at = end
        return True

    def take_any(self, *keywords: str) -> str:
        """Go past one of some keywords, and return it, if one comes next."""
        found = self.next
        if not found or found not in keywords:
            return ""
        self.at += 1
        return found

    def name(self) -> Optional[str]:
        """Go past a name and return it; None if there is none."""
        for word in self._until(self.at + 1):
            if word.name is not None:
                self.at += 1
                return word.name
        return None

    def table(self) -> Optional[TableName]:
        """Go past a table's name, which may begin with its schema."""
        first = self.name()
        if first is None:
            return None
        if self.take("."):
            second = self.name()
            return None if second is None else (first, second)
        return None, first

    def rest(self) -> List[Word]:
        """Return what has not been read."""
        self._words.extend(self._source)
        return self._words[self.at :]


def split_at_commas(words: List[Word]) -> List[List[Word]]:
    """Split at the commas that stand outside of parentheses."""
    parts: List[List[Word]] = [[]]
    depth = 0
    for word in words:
        sign = word.keyword
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def inside_parentheses(words: List[Word]) -> Optional[List[Word]]:
    """Return what stands in parentheses when that is all there is."""
    if len(words) < 2 or words[0].keyword != "(" or words[-1].keyword != ")":
        return None
    return words[1:-1]
