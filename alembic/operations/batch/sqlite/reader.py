"""Text of a CREATE TABLE -> `TableText`, after the grammar of SQLite."""

from __future__ import annotations

from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

from .clauses import Clause
from .clauses import ColumnText
from .clauses import ConstraintText
from .table_text import TableText
from .tokens import closing
from .tokens import OTHER
from .tokens import significant
from .tokens import split_commas
from .tokens import Token
from .tokens import tokenize
from .tokens import trimmed
from .tokens import WORD

_TABLE_CONSTRAINT = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_COLUMN_CLAUSE = (
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "AS",
    "DEFERRABLE",
)


class Unreadable(ValueError):
    """The text is not a CREATE TABLE with a list of columns."""


def parse_table(sql: str) -> TableText:
    """Read a CREATE TABLE.

    :param sql: the text, as ``sqlite_master`` has it.
    :raises Unreadable: when it is something else, such as a virtual table.
    """
    try:
        return _table(tokenize(sql))
    except (ValueError, IndexError) as error:
        raise Unreadable(str(error)) from error


def parse_column(sql: str) -> ColumnText:
    """Read the definition of a column, such as ``z INTEGER NOT NULL``.

    :raises Unreadable: when it is none.
    """
    try:
        lead, core, trail = trimmed(tokenize(sql))
        return _column([], core, [])
    except (ValueError, IndexError) as error:
        raise Unreadable(str(error)) from error


def parse_constraint(sql: str) -> Clause:
    """Read a constraint of a table, such as ``UNIQUE (a, b)``.

    :raises Unreadable: when it is none.
    """
    try:
        lead, core, trail = trimmed(tokenize(sql))
        return _table_constraints([], core, [])[0].clause
    except (ValueError, IndexError) as error:
        raise Unreadable(str(error)) from error


def _table(tokens: List[Token]) -> TableText:
    found = significant(tokens)
    if not found or not found[0].is_word("CREATE"):
        raise Unreadable("it does not begin with CREATE")
    opening = next(
        (index for index, token in enumerate(tokens) if token.is_other("(")), None
    )
    head = significant(tokens[:opening])
    words = [token for token in head if token.is_word("TABLE")]
    if opening is None or not words or any(t.is_word("VIRTUAL") for t in head[:2]):
        raise Unreadable("it is no table with a list of columns")
    if any(token.is_word("AS") for token in head[-1:]):
        raise Unreadable("it has no list of columns")
    name_index = max(i for i, t in enumerate(tokens[:opening]) if not t.is_trivia)
    name = tokens[name_index].name
    if name is None:
        raise Unreadable("it has no name")
    end = closing(tokens, opening)
    columns: List[ColumnText] = []
    constraints: List[ConstraintText] = []
    for element in split_commas(tokens[opening + 1 : end]):
        lead, core, trail = trimmed(element)
        if not core:
            raise Unreadable("it has an empty element")
        if constraints or core[0].is_word(*_TABLE_CONSTRAINT):
            constraints.extend(_table_constraints(lead, core, trail))
        else:
            columns.append(_column(lead, core, trail))
    if not columns:
        raise Unreadable("it has no columns")
    return TableText(
        name, tokens[name_index + 1 : opening], columns, constraints, tokens[end + 1 :]
    )


class _Reader:
    """A place in a list of tokens that moves on over clauses."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.index = 0

    def skip_trivia(self) -> List[Token]:
        start = self.index
        while self.index < len(self.tokens) and self.tokens[self.index].is_trivia:
            self.index += 1
        return list(self.tokens[start : self.index])

    def peek(self, offset: int = 0) -> Token:
        """Return a significant token ahead; an empty one after the last."""
        index = self.index
        while True:
            while index < len(self.tokens) and self.tokens[index].is_trivia:
                index += 1
            if index >= len(self.tokens):
                return Token(OTHER, "")
            if not offset:
                return self.tokens[index]
            index += 1
            offset -= 1

    @property
    def done(self) -> bool:
        return not self.peek().text

    def take(self) -> Token:
        self.skip_trivia()
        token = self.tokens[self.index]
        self.index += 1
        return token

    def take_group(self) -> None:
        self.skip_trivia()
        if not self.tokens[self.index].is_other("("):
            raise ValueError("a parenthesis is missing")
        self.index = closing(self.tokens, self.index) + 1

    def optional(self, *words: str) -> bool:
        """Take a sequence of keywords if it is what comes."""
        if all(self.peek(i).is_word(word) for i, word in enumerate(words)):
            for _ in words:
                self.take()
            return True
        return False

    def conflict_clause(self) -> None:
        if self.optional("ON", "CONFLICT"):
            self.take()

    def foreign_key_clause(self) -> None:
        """Take what follows REFERENCES."""
        self.take()
        if self.peek().is_other("("):
            self.take_group()
        while True:
            if self.optional("MATCH"):
                self.take()
            elif self.optional("ON"):
                self.take()
                if self.optional("SET") or self.optional("NO"):
                    self.take()
                else:
                    self.take()
            elif self.peek().is_word("DEFERRABLE") or (
                self.peek().is_word("NOT") and self.peek(1).is_word("DEFERRABLE")
            ):
                self.optional("NOT")
                self.take()
                if self.optional("INITIALLY"):
                    self.take()
            else:
                return


def _column(
    lead: Sequence[Token], core: Sequence[Token], trail: Sequence[Token]
) -> ColumnText:
    if core[0].name is None:
        raise Unreadable(f"{core[0].text!r} is no name of a column")
    reader = _Reader(core)
    name = reader.take()
    parts: List[Clause] = []
    while not reader.done:
        before = reader.skip_trivia()
        start = reader.index
        kind, constraint_name = _column_clause(reader)
        parts.append(Clause(kind, core[start : reader.index], constraint_name, before))
    return ColumnText(lead, name, parts, trail)


def _starts_clause(reader: _Reader) -> bool:
    return reader.peek().is_word(*_COLUMN_CLAUSE) or (
        reader.peek().is_word("GENERATED") and reader.peek(1).is_word("ALWAYS")
    )


def _column_clause(reader: _Reader) -> Tuple[str, Optional[str]]:
    """Take one clause of a column and return its kind and name."""
    name: Optional[str] = None
    while reader.peek().is_word("CONSTRAINT"):
        reader.take()
        name = reader.take().name
    if reader.optional("PRIMARY", "KEY"):
        reader.optional("ASC")
        reader.optional("DESC")
        reader.conflict_clause()
        reader.optional("AUTOINCREMENT")
        return "primary key", name
    if reader.optional("NOT", "NULL"):
        reader.conflict_clause()
        return "not null", name
    if reader.optional("NULL"):
        reader.conflict_clause()
        return "null", name
    if reader.optional("UNIQUE"):
        reader.conflict_clause()
        return "unique", name
    if reader.optional("CHECK"):
        reader.take_group()
        reader.conflict_clause()
        return "check", name
    if reader.optional("DEFAULT"):
        if reader.peek().is_other("("):
            reader.take_group()
        elif reader.take().text in ("+", "-"):
            reader.take()
        return "default", name
    if reader.optional("COLLATE"):
        reader.take()
        return "collate", name
    if reader.optional("REFERENCES"):
        reader.foreign_key_clause()
        return "foreign key", name
    if reader.optional("GENERATED", "ALWAYS", "AS") or reader.optional("AS"):
        reader.take_group()
        if reader.peek().kind == WORD and not _starts_clause(reader):
            reader.take()
        return "generated", name
    if reader.done:
        # a name at the end that names nothing; SQLite ignores it
        return "other", name
    kind = "other"
    if not _starts_clause(reader):
        kind = "type"
    else:
        reader.take()
    while not reader.done and not _starts_clause(reader):
        if reader.peek().is_other("("):
            reader.take_group()
        else:
            reader.take()
    return kind, name


def _table_constraints(
    lead: Sequence[Token], core: Sequence[Token], trail: Sequence[Token]
) -> List[ConstraintText]:
    """Read constraints of a table; SQLite lets the comma between two be left out."""
    reader = _Reader(core)
    found: List[ConstraintText] = []
    while not reader.done:
        before = reader.skip_trivia()
        start = reader.index
        kind, name = _table_clause(reader)
        clause = Clause(kind, core[start : reader.index], name)
        found.append(ConstraintText(lead if not found else before, clause))
    found[-1].trail = list(trail)
    return found


def _table_clause(reader: _Reader) -> Tuple[str, Optional[str]]:
    name: Optional[str] = None
    while reader.peek().is_word("CONSTRAINT"):
        reader.take()
        name = reader.take().name
    if reader.optional("PRIMARY", "KEY"):
        reader.take_group()
        reader.conflict_clause()
        return "primary key", name
    if reader.optional("UNIQUE"):
        reader.take_group()
        reader.conflict_clause()
        return "unique", name
    if reader.optional("CHECK"):
        reader.take_group()
        reader.conflict_clause()
        return "check", name
    if reader.optional("FOREIGN", "KEY"):
        reader.take_group()
        if not reader.optional("REFERENCES"):
            raise Unreadable("a foreign key refers to nothing")
        reader.foreign_key_clause()
        return "foreign key", name
    while not reader.done and not reader.peek().is_word(*_TABLE_CONSTRAINT):
        if reader.peek().is_other("("):
            reader.take_group()
        else:
            reader.take()
    if reader.peek().is_word("PRIMARY", "FOREIGN"):
        raise Unreadable(f"{reader.peek().text} is not followed by KEY")
    return "other", name
