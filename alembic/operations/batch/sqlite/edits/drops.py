"""Columns taken out of a table's text, with what is about them alone."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Optional
from typing import Sequence

from sqlalchemy import Column

from .....util.exc import CommandError
from ...errors import NoSuchColumn
from ..clauses import Clause
from ..clauses import ColumnText
from ..dependents import refuse_blind_drops
from ..schema_objects import index_parts
from ..tokens import mentions
from ..tokens import same_name
from .columns import ColumnEdits

_KEYS = ("primary key", "unique", "foreign key")


class DropEdits(ColumnEdits):
    """Drops columns."""

    def drop_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        if_exists: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Drop a column; what becomes of its indexes and constraints, comes last.

        :raises CommandError: when something outside the table depends on it.
        """
        key = self.find(column.name)
        if key is None:
            if if_exists:
                return
            raise NoSuchColumn(self.state.name, column.name)
        text = self.columns[key]
        if key in self.added:
            del self.added[key]
        else:
            refuse_blind_drops(self.connection, self.state, [text.name])
            self.dropped.append(text)
        if any(part.kind in _KEYS for part in text.parts):
            self.reasons.append(f"column {text.name!r} has a constraint")
        self.table.remove_column(text)
        del self.columns[key]
        self.sources.pop(key, None)
        self.order.remove(key)

    def settle_drops(self) -> None:
        """Take away what means nothing without the dropped columns.

        This comes after all changes, so that a batch may drop a column first and the
        index over it later. What is about a column that was dropped and added again
        stays.

        :raises CommandError: when something is about other columns too.
        """
        if not self.columns:
            raise CommandError(
                f"Can't drop all columns of table {self.state.name!r}; to drop the "
                "table, use op.drop_table()"
            )
        for column in self.dropped:
            if self.named(column.name) is None:
                self._refuse_drop_by_generated(column)
                self._drop_clauses_about(column)
                self._drop_indexes_about(column.name)
            elif self._is_mentioned(column.name):
                self.reasons.append(f"column {column.name!r} is replaced")

    def _is_mentioned(self, column: str) -> bool:
        """Tell whether an index or constraint, but of itself, is about a column."""
        return any(
            index_parts(index.sql or "").mentions(column)
            for index in self.state.indexes
        ) or any(
            any(same_name(name, column) for name in clause.columns)
            or (
                clause.kind in ("check", "generated")
                and mentions(clause.tokens, column)
            )
            for _, clause in self.table.clauses()
        )

    def _refuse_drop_by_generated(self, column: ColumnText) -> None:
        for other in self.table.columns:
            generated = other.find("generated")
            if generated is not None and mentions(generated.tokens, column.name):
                raise CommandError(
                    f"Can't drop column {column.name!r} of table "
                    f"{self.state.name!r}: column {other.name!r} is computed from it; "
                    "drop that column too, in the same batch"
                )

    def _drop_clauses_about(self, column: ColumnText) -> None:
        """Drop the constraints that mean nothing without a column."""
        for owner, clause in list(self.table.clauses()):
            if clause.kind == "check" and mentions(clause.tokens, column.name):
                others = [
                    c.name
                    for c in self.table.columns
                    if mentions(clause.tokens, c.name)
                ]
                if others:
                    named = f" {clause.name!r}" if clause.name else ""
                    raise CommandError(
                        f"Can't drop column {column.name!r} of table "
                        f"{self.state.name!r}: the CHECK constraint{named} is also "
                        f"about {', '.join(map(repr, others))} ({clause.text}); drop "
                        "it too, in the same batch"
                        + ("" if clause.name else " (give it a name to do so)")
                    )
                self.remove_clause(clause)
            elif owner is None and any(
                same_name(name, column.name) for name in clause.columns
            ):
                self._drop_from_key(clause, column.name)
            elif (
                clause.kind == "foreign key"
                and same_name(clause.parent or "", self.state.name)
                and any(same_name(c, column.name) for c in clause.parent_columns)
            ):
                self.remove_clause(clause)

    def _drop_from_key(self, clause: Clause, column: str) -> None:
        """Drop a key that has a column; a primary key keeps its other columns."""
        rest = [name for name in clause.columns if not same_name(name, column)]
        if clause.kind != "primary key" or not rest:
            self.remove_clause(clause)
            return
        clause.remove_key_column(column)
        self.reasons.append("the primary key changes")

    def _drop_indexes_about(self, column: str) -> None:
        """Drop the indexes over a column alone; refuse where others are in it."""
        for index in list(self.state.indexes):
            parts = index_parts(index.sql or "")
            if not parts.mentions(column):
                continue
            others = parts.mentioned([c.name for c in self.table.columns])
            if others:
                raise CommandError(
                    f"Can't drop column {column!r} of table {self.state.name!r}: index "
                    f"{index.name!r} is also about {', '.join(map(repr, others))}; "
                    f"drop the index too with batch_op.drop_index({index.name!r}), "
                    "in the same batch, and create the one that shall take its place"
                )
            self._remove_index(index)


def computed_first(columns: Sequence[ColumnText]) -> List[ColumnText]:
    """Return columns in an order in which SQLite lets them be dropped one by one.

    A column goes after those that are computed from it.

    :param columns: the columns to be dropped.
    """
    waiting = list(columns)
    ordered: List[ColumnText] = []
    while waiting:
        free = [
            column
            for column in waiting
            if not any(
                other is not column
                and any(
                    part.kind == "generated" and mentions(part.tokens, column.name)
                    for part in other.parts
                )
                for other in waiting
            )
        ]
        ordered += free or waiting
        waiting = [column for column in waiting if column not in ordered]
    return ordered
