"""A table as SQLite keeps it: the text of its CREATE TABLE, open to small changes.

What is not changed is written back as it was read, understood or not.
"""

from __future__ import annotations

from typing import Iterable
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

from .clauses import Clause
from .clauses import ColumnText
from .clauses import ConstraintText
from .tokens import BLANK
from .tokens import fold
from .tokens import join
from .tokens import normalized
from .tokens import same_name
from .tokens import SPACE
from .tokens import Token
from .tokens import tokenize


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
        if column is self.columns[0] and len(self.columns) > 1:
            following = self.columns[1]
            if all(token.kind == SPACE for token in column.lead + following.lead):
                following.lead = column.lead
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
            item.lead = spaces or [BLANK]
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
