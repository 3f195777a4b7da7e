"""A table as SQLite keeps it: the text of its CREATE TABLE, open to small changes.

What is not changed is written back as it was read, understood or not.
"""

from __future__ import annotations

from typing import Iterable
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

from .tokens import closing
from .tokens import fold
from .tokens import join
from .tokens import normalized
from .tokens import OTHER
from .tokens import renamed
from .tokens import same_name
from .tokens import significant
from .tokens import SPACE
from .tokens import split_commas
from .tokens import Token
from .tokens import tokenize
from .tokens import unqualified
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


class Clause:
    """A part of a column's definition, or a constraint of the table.

    :ivar kind: ``type``, ``primary key``, ``not null``, ``null``, ``unique``,
        ``check``, ``default``, ``collate``, ``foreign key``, ``generated`` or
        ``other``.
    :ivar name: the name that CONSTRAINT gives to it, or None.
    :ivar lead: white space and comments before it.
    :ivar tokens: its own tokens, from CONSTRAINT on.
    """

    def __init__(
        self,
        kind: str,
        tokens: Sequence[Token],
        name: Optional[str] = None,
        lead: Sequence[Token] = (),
    ) -> None:
        self.kind = kind
        self.tokens = list(tokens)
        self.name = name
        self.lead = list(lead)

    def __repr__(self) -> str:
        return f"<Clause {self.kind}: {self.text}>"

    @property
    def text(self) -> str:
        """The clause as SQL."""
        return join(self.tokens)

    def is_like(self, other: Clause) -> bool:
        """Tell whether another clause says the same, layout and name apart."""
        return self.kind == other.kind and normalized(self.body) == normalized(
            other.body
        )

    @property
    def body(self) -> List[Token]:
        """Its tokens without ``CONSTRAINT name``."""
        found = significant(self.tokens)
        if found and found[0].is_word("CONSTRAINT"):
            start = self.tokens.index(found[2])
            return self.tokens[start:]
        return self.tokens

    @property
    def columns(self) -> List[str]:
        """The columns that a constraint of the table lists, if it is not a CHECK."""
        group = self._group(0)
        if self.kind == "check" or group is None:
            return []
        start, end = group
        return [
            found[0].name or ""
            for found in map(significant, split_commas(self.tokens[start + 1 : end]))
            if found
        ]

    @property
    def parent(self) -> Optional[str]:
        """The table that a foreign key refers to."""
        position = self._references()
        if position is None:
            return None
        found = significant(self.tokens[position + 1 :])
        return found[0].name if found else None

    @property
    def parent_columns(self) -> List[str]:
        """The columns that a foreign key names in the other table; maybe none."""
        group = self._parent_group()
        if group is None:
            return []
        start, end = group
        return [
            found[0].name or ""
            for found in map(significant, split_commas(self.tokens[start + 1 : end]))
            if found
        ]

    def rename_column(self, old: str, new: str) -> None:
        """Name a column otherwise.

        :param old: its name now.
        :param new: its new name as it is written in SQL.
        """
        if self.kind in ("check", "generated"):
            self.tokens = renamed(self.tokens, old, new)
        elif self.kind in ("primary key", "unique", "foreign key"):
            group = self._group(0)
            if group is not None and not self._is_parent_group(group):
                self._rename_between(group, old, new)

    def remove_key_column(self, name: str) -> None:
        """Take a column out of the list of a key that has others too."""
        group = self._group(0)
        if group is None:
            return
        start, end = group
        inner: List[Token] = []
        for part in split_commas(self.tokens[start + 1 : end]):
            if same_name(significant(part)[0].name or "", name):
                continue
            if inner:
                inner.append(Token(OTHER, ","))
            inner += part if inner else _trim(part)[1]
        self.tokens[start + 1 : end] = inner

    def rename_parent_column(self, old: str, new: str) -> None:
        """Name a column of the table referred to otherwise."""
        group = self._parent_group()
        if group is not None:
            self._rename_between(group, old, new)

    def unqualify(self, table: str) -> None:
        """Write ``column`` where an expression has ``table.column``."""
        if self.kind in ("check", "generated"):
            self.tokens = unqualified(self.tokens, table)

    def remove_words(self, *words: str) -> None:
        """Take keywords out, such as AUTOINCREMENT."""
        kept: List[Token] = []
        for token in self.tokens:
            if token.is_word(*words):
                while kept and kept[-1].kind == SPACE:
                    kept.pop()
            else:
                kept.append(token)
        self.tokens = kept

    def has_word(self, word: str) -> bool:
        """Tell whether it has a keyword outside of parentheses."""
        depth = 0
        for token in self.tokens:
            depth += token.is_other("(") - token.is_other(")")
            if not depth and token.is_word(word):
                return True
        return False

    def _rename_between(self, group: Tuple[int, int], old: str, new: str) -> None:
        start, end = group
        first = True
        for index in range(start + 1, end):
            token = self.tokens[index]
            if token.is_trivia:
                continue
            if first and token.name is not None and same_name(token.name, old):
                self.tokens[index] = Token(WORD, new)
            first = token.is_other(",")

    def _group(self, start: int) -> Optional[Tuple[int, int]]:
        for index in range(start, len(self.tokens)):
            if self.tokens[index].is_other("("):
                return index, closing(self.tokens, index)
        return None

    def _references(self) -> Optional[int]:
        depth = 0
        for index, token in enumerate(self.tokens):
            depth += token.is_other("(") - token.is_other(")")
            if not depth and token.is_word("REFERENCES"):
                return index
        return None

    def _parent_group(self) -> Optional[Tuple[int, int]]:
        position = self._references()
        return None if position is None else self._group(position)

    def _is_parent_group(self, group: Tuple[int, int]) -> bool:
        return group == self._parent_group()


class ColumnText:
    """A column of the table.

    :ivar lead: what stands before its name: white space and comments.
    :ivar name_token: its name as written.
    :ivar parts: its type, if it has one, and its clauses, in their order.
    :ivar trail: white space and comments after its last part.
    """

    def __init__(
        self,
        lead: Sequence[Token],
        name_token: Token,
        parts: Sequence[Clause],
        trail: Sequence[Token] = (),
    ) -> None:
        self.lead = list(lead)
        self.name_token = name_token
        self.parts = list(parts)
        self.trail = list(trail)

    def __repr__(self) -> str:
        return f"<ColumnText {self.text}>"

    @property
    def name(self) -> str:
        """Its name without quotes."""
        return self.name_token.name or ""

    @property
    def type(self) -> str:
        """Its declared type as written; an empty string for none."""
        found = self.find("type")
        return found.text if found is not None else ""

    @property
    def text(self) -> str:
        """Its definition as SQL, without what stands around it."""
        return self.name_token.text + "".join(
            join(part.lead) + part.text for part in self.parts
        )

    @property
    def is_generated(self) -> bool:
        """Whether it is computed from other columns."""
        return self.find("generated") is not None

    def find(self, kind: str) -> Optional[Clause]:
        """Return its first clause of a kind, or None."""
        for part in self.parts:
            if part.kind == kind:
                return part
        return None

    def remove(self, *kinds: str) -> List[Clause]:
        """Take all clauses of some kinds out and return them."""
        gone = [part for part in self.parts if part.kind in kinds]
        self.parts = [part for part in self.parts if part.kind not in kinds]
        return gone

    def add(self, clause: Clause) -> None:
        """Write a clause at the end."""
        clause.lead = [_BLANK]
        self.parts.append(clause)

    def set_type(self, clause: Optional[Clause]) -> None:
        """Declare another type.

        :param clause: the clause of the type, from another definition; None for no
            type.
        """
        old = self.find("type")
        if old is not None and clause is not None:
            old.tokens = list(clause.tokens)
        elif old is not None:
            self.parts.remove(old)
        elif clause is not None:
            self.parts.insert(0, Clause("type", clause.tokens, lead=[_BLANK]))

    def replace(self, kinds: Sequence[str], clause: Clause) -> None:
        """Put a clause in the place of the first one of some kinds, or at the end."""
        for index, part in enumerate(self.parts):
            if part.kind in kinds:
                clause.lead = part.lead
                self.parts[index] = clause
                self.parts[index + 1 :] = [
                    later
                    for later in self.parts[index + 1 :]
                    if later.kind not in kinds
                ]
                return
        self.add(clause)


class ConstraintText:
    """A constraint of the table, between its commas."""

    def __init__(
        self, lead: Sequence[Token], clause: Clause, trail: Sequence[Token] = ()
    ) -> None:
        self.lead = list(lead)
        self.clause = clause
        self.trail = list(trail)

    def __repr__(self) -> str:
        return f"<ConstraintText {self.clause.text}>"


_BLANK = Token(SPACE, " ")


class TableText:
    """The text of one CREATE TABLE.

    :ivar name: the table's name without quotes.
    :ivar columns: its columns, in order.
    :ivar constraints: its constraints that belong to no single column.
    :ivar options: what follows the closing parenthesis.
    """

    def __init__(
        self,
        name: str,
        before_parenthesis: Sequence[Token],
        columns: Sequence[ColumnText],
        constraints: Sequence[ConstraintText],
        options: Sequence[Token],
    ) -> None:
        self.name = name
        self._before_parenthesis = list(before_parenthesis)
        self.columns = list(columns)
        self.constraints = list(constraints)
        self.options = list(options)

    @classmethod
    def parse(cls, sql: str) -> TableText:
        """Read a CREATE TABLE.

        :param sql: the text, as ``sqlite_master`` has it.
        :raises Unreadable: when it is something else, such as a virtual table.
        """
        try:
            return _parse(tokenize(sql))
        except (ValueError, IndexError) as error:
            raise Unreadable(str(error)) from error

    def render(self, written_name: str) -> str:
        """Return the CREATE TABLE.

        :param written_name: the table's name as SQL, with its schema and in quotes if
            it needs them.
        """
        body = ",".join(
            [
                join(column.lead) + column.text + join(column.trail)
                for column in self.columns
            ]
            + [
                join(item.lead) + item.clause.text + join(item.trail)
                for item in self.constraints
            ]
        )
        return (
            f"CREATE TABLE {written_name}{join(self._before_parenthesis)}"
            f"({body}){join(self.options)}"
        )

    # questions

    def column(self, name: str) -> Optional[ColumnText]:
        """Return a column by its name, or None."""
        for column in self.columns:
            if same_name(column.name, name):
                return column
        return None

    @property
    def without_rowid(self) -> bool:
        """Whether the table is WITHOUT ROWID."""
        return "without" in normalized(self.options)

    @property
    def primary_key(self) -> List[str]:
        """The columns of the primary key, in order."""
        for column in self.columns:
            if column.find("primary key") is not None:
                return [column.name]
        for item in self.constraints:
            if item.clause.kind == "primary key":
                return item.clause.columns
        return []

    @property
    def has_autoincrement(self) -> bool:
        """Whether ids are never used again."""
        return any(
            token.is_word("AUTOINCREMENT")
            for clause in self.primary_key_clauses()
            for token in clause.tokens
        )

    @property
    def has_conflict_clauses(self) -> bool:
        """Whether a constraint says what happens to rows that break it."""
        return any(clause.has_word("CONFLICT") for _, clause in self.clauses())

    @property
    def rowid_alias(self) -> Optional[str]:
        """The column that is another name of the rowid, or None."""
        key = self.primary_key
        if len(key) != 1 or self.without_rowid:
            return None
        column = self.column(key[0])
        if column is None or fold(column.type) != "integer":
            return None
        clause = column.find("primary key")
        # a quirk that SQLite keeps: not with DESC, if written at the column
        return None if clause is not None and clause.has_word("DESC") else column.name

    def primary_key_clauses(self) -> List[Clause]:
        """Return the clause of the primary key, in a list of one or none."""
        found = [
            part
            for column in self.columns
            for part in column.parts
            if part.kind == "primary key"
        ]
        found += [
            item.clause
            for item in self.constraints
            if item.clause.kind == "primary key"
        ]
        return found

    def clauses(self) -> Iterable[Tuple[Optional[ColumnText], Clause]]:
        """Go through all clauses, each with the column it stands at, or None."""
        for column in self.columns:
            for part in column.parts:
                yield column, part
        for item in self.constraints:
            yield None, item.clause

    # changes

    def add_column(self, column: ColumnText, position: Optional[int] = None) -> None:
        """Add a column.

        :param column: the column, from another text.
        :param position: the index it shall have; None for the end.
        """
        self._take_layout(column)
        where = len(self.columns) if position is None else position
        self.columns.insert(where, column)

    def add_constraint(self, clause: Clause) -> None:
        """Add a constraint after all others."""
        item = ConstraintText([], clause)
        self._take_layout(item)
        self.constraints.append(item)

    def remove_clause(self, clause: Clause) -> None:
        """Take a clause out, wherever it stands."""
        for column in self.columns:
            if clause in column.parts:
                column.parts.remove(clause)
                return
        for item in self.constraints:
            if item.clause is clause:
                self._rescue_trail(item)
                self.constraints.remove(item)
                return

    def remove_column(self, column: ColumnText) -> None:
        """Take a column out, and nothing else."""
        self._rescue_trail(column)
        self.columns.remove(column)

    def set_option(self, words: str) -> None:
        """Add an option of the table, such as ``WITHOUT ROWID``, if it is not there."""
        have = " ".join(normalized(self.options))
        if words.lower() not in have:
            comma = "," if have else ""
            self.options += tokenize(f"{comma} {words}")

    def _take_layout(self, item: object) -> None:
        """Indent a new element as its neighbours are."""
        spaces: List[Token] = []
        if self.columns:
            for token in reversed(self.columns[-1].lead):
                if token.kind != SPACE:
                    break
                spaces.insert(0, token)
        if isinstance(item, (ColumnText, ConstraintText)):
            item.lead = spaces or [_BLANK]
            item.trail = []
            last = (list(self.columns) + list(self.constraints))[-1:]
            for neighbour in last:
                # the line break before the closing parenthesis stays there
                if all(token.kind == SPACE for token in neighbour.trail):
                    item.trail, neighbour.trail = neighbour.trail, []

    def _rescue_trail(self, item: object) -> None:
        elements = list(self.columns) + list(self.constraints)
        if len(elements) > 1 and elements[-1] is item:
            assert isinstance(item, (ColumnText, ConstraintText))
            if not elements[-2].trail:
                elements[-2].trail = [t for t in item.trail if t.kind == SPACE]


def _parse(tokens: List[Token]) -> TableText:
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
        lead, core, trail = _trim(element)
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


def parse_column(sql: str) -> ColumnText:
    """Read the definition of a column, such as ``z INTEGER NOT NULL``.

    :raises Unreadable: when it is none.
    """
    try:
        lead, core, trail = _trim(tokenize(sql))
        return _column([], core, [])
    except (ValueError, IndexError) as error:
        raise Unreadable(str(error)) from error


def parse_constraint(sql: str) -> Clause:
    """Read a constraint of a table, such as ``UNIQUE (a, b)``.

    :raises Unreadable: when it is none.
    """
    try:
        lead, core, trail = _trim(tokenize(sql))
        return _table_constraints([], core, [])[0].clause
    except (ValueError, IndexError) as error:
        raise Unreadable(str(error)) from error


def _trim(tokens: Sequence[Token]) -> Tuple[List[Token], List[Token], List[Token]]:
    """Split off the white space and comments around an element."""
    start, end = 0, len(tokens)
    while start < end and tokens[start].is_trivia:
        start += 1
    while end > start and tokens[end - 1].is_trivia:
        end -= 1
    return list(tokens[:start]), list(tokens[start:end]), list(tokens[end:])


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
