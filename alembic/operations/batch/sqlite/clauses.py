"""The parts of a CREATE TABLE: columns, their clauses, and constraints."""

from __future__ import annotations

from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

from .tokens import BLANK
from .tokens import closing
from .tokens import join
from .tokens import normalized
from .tokens import OTHER
from .tokens import renamed
from .tokens import same_name
from .tokens import significant
from .tokens import SPACE
from .tokens import split_commas
from .tokens import Token
from .tokens import trimmed
from .tokens import unqualified
from .tokens import WORD


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
            inner += part if inner else trimmed(part)[1]
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
        clause.lead = [BLANK]
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
            self.parts.insert(0, Clause("type", clause.tokens, lead=[BLANK]))

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
