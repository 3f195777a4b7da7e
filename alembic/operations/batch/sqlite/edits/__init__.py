"""The changes of a batch, made on the text of the table.

Nothing is executed here. What comes out is the new text, what each of its columns is
filled with, and whether SQLite's own ALTER TABLE could do the same. Each module adds
one family of changes to the class; `TableEdit` is the whole.
"""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Sequence
from typing import Tuple

from sqlalchemy import Column
from sqlalchemy import Table

from ...ordering import partially_reordered
from ..clauses import Clause
from ..tokens import SPACE
from ..tokens import tokenize
from .given import GivenEdits


class TableEdit(GivenEdits):
    """A table's text with changes applied one after the other.

    The methods named like operations take what `BatchOperationsImpl` recorded.
    """

    def create_table_comment(self, table: Table) -> None:
        """Do nothing: SQLite has no comments."""

    def drop_table_comment(self, table: Table) -> None:
        """Do nothing: SQLite has no comments."""

    def create_column_comment(self, column: Column[Any]) -> None:
        """Do nothing: SQLite has no comments."""

    # the end

    def finish(self, partial_reordering: Sequence[Sequence[str]]) -> None:
        """Settle what depends on all changes: the order and a new primary key.

        :param partial_reordering: sequences of columns in the order they shall have.
        """
        self.settle_drops()
        self._add_key_to_come()
        for column in self.added.values():
            reason = self.why_not_natively_added(column)
            if reason:
                self.reasons.append(f"column {column.name!r} {reason}")
        wanted = [
            [key for key in map(self.find, sequence) if key is not None]
            for sequence in partial_reordering
        ]
        order = partially_reordered(self.order.names, wanted)
        natural = [key for key in self.columns if key not in self.added]
        natural += [key for key in self.added if key in self.columns]
        if order != natural:
            self.reasons.append("the order of the columns changes")
        self.order.names = order
        self._lay_out(order)

    def prepare_copy(self) -> None:
        """Make the text fit for a table that has another name for a while."""
        for clause, name in self._names.items():
            self._write_name(clause, name)
        for _, clause in self.table.clauses():
            clause.unqualify(self.state.name)

    def _lay_out(self, order: Sequence[str]) -> None:
        """Put the columns into order; what stands around each place stays there."""
        columns = [self.columns[key] for key in order]
        if columns == self.table.columns:
            return
        places = [(c.lead, c.trail) for c in self.table.columns]
        comments = any(t.kind != SPACE for lead, trail in places for t in lead + trail)
        self.table.columns = columns
        if not comments:
            for column, (lead, trail) in zip(columns, places):
                column.lead, column.trail = lead, trail

    def _add_key_to_come(self) -> None:
        """Make added columns the primary key where the table has none any more."""
        keys = [key for key in self._key_columns_to_come if key in self.columns]
        if not keys or self.table.primary_key_clauses():
            return
        if len(keys) == 1:
            self.columns[keys[0]].add(Clause("primary key", tokenize("PRIMARY KEY")))
        else:
            names = ", ".join(self._quote(self.columns[key].name) for key in keys)
            self.table.add_constraint(
                Clause("primary key", tokenize(f"PRIMARY KEY ({names})"))
            )
        self.reasons.append("the primary key changes")

    def _write_name(self, clause: Clause, name: str) -> None:
        """Write the name that a convention gives to a constraint into the text."""
        for owner, candidate in list(self.table.clauses()):
            if candidate is not clause:
                continue
            named = tokenize(f"CONSTRAINT {self._quote(name)} ")
            if owner is None or clause.kind not in ("unique", "foreign key"):
                clause.tokens = named + clause.tokens
            else:
                # only constraints of the table are found again with their names
                column = self._quote(owner.name)
                start = (
                    f"FOREIGN KEY({column}) "
                    if clause.kind == "foreign key"
                    else f"UNIQUE ({column})"
                )
                rest = clause.tokens if clause.kind != "unique" else clause.tokens[1:]
                owner.parts.remove(clause)
                self.table.add_constraint(
                    Clause(clause.kind, named + tokenize(start) + rest, name)
                )
            clause.name = name

    @property
    def transfers(self) -> List[Tuple[str, str]]:
        """The columns to fill and what with, both as SQL."""
        return [
            (self._quote(self.columns[key].name), self.sources[key])
            for key in self.order.names
            if key in self.sources
        ]
