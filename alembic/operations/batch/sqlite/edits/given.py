"""What batch_alter_table() was given beside the changes: its ``*_args``."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from sqlalchemy import Column
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import types as sqltypes
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import Index

from .....sqla.constraints import is_type_bound
from .. import rendering
from ..clauses import Clause
from ..tokens import SPACE
from ..tokens import Token
from ..tokens import tokenize
from ..tokens import WORD
from .columns import same_type
from .drops import DropEdits


class GivenEdits(DropEdits):
    """Takes ``reflect_args``, ``table_args`` and ``table_kwargs`` into account."""

    def override_column(self, column: Column[Any]) -> None:
        """Take a column of ``reflect_args``: what the user says about its type.

        A type that the table declares otherwise is written anew, and the CHECK of a
        Boolean or Enum is added where it is missing.
        """
        key = self.find(column.name)
        if key is None:
            return
        text = self.columns[key]
        before = text.text
        new = rendering.type_text(self.dialect, column.type)
        self._override_types[key] = column.type
        if not same_type(new.type, text.type):
            text.set_type(new.find("type"))
        if column.server_default is not None and not text.is_generated:
            self._change_default(key, column.server_default)
        if text.text != before:
            self.reasons.append(f"column {column.name!r} is described otherwise")

    def add_overriding_checks(self) -> None:
        """Add the CHECKs of types in ``reflect_args`` that nobody has changed."""
        for key, type_ in list(self._override_types.items()):
            column = self.columns.get(key)
            if column is None:
                continue
            declared = rendering.type_text(self.dialect, type_).type
            if not same_type(declared, column.type):
                continue
            scratch = Table(self.state.name, MetaData(), Column(column.name, type_))
            for constraint in scratch.constraints:
                if is_type_bound(constraint) and not self._has(constraint):
                    self.add_constraint(constraint)

    def _has(self, constraint: Constraint) -> bool:
        name = rendering.constraint_name(constraint, self.dialect)
        if name is not None and self._constraint(name) is not None:
            return True
        wanted = rendering.constraint_text(self.dialect, constraint)
        return wanted is None or any(
            wanted.is_like(clause) for _, clause in self.table.clauses()
        )

    def add_table_args(
        self, table_args: Sequence[Any], table_kwargs: Mapping[str, Any]
    ) -> None:
        """Take ``table_args`` and ``table_kwargs``; what is there already stays."""
        scratch = Table(
            self.state.name,
            MetaData(),
            *[Column(c.name, sqltypes.NullType()) for c in self.table.columns],
        )
        for item in table_args:
            if isinstance(item, Index):
                self.create_index(item, if_not_exists=True)
            elif isinstance(item, Constraint):
                scratch.append_constraint(item)
                if not self._has(item):
                    self.add_constraint(item)
        if table_kwargs.get("sqlite_with_rowid") is False:
            self.table.set_option("WITHOUT ROWID")
        if table_kwargs.get("sqlite_strict"):
            self.table.set_option("STRICT")
        if table_kwargs.get("sqlite_autoincrement"):
            self._add_autoincrement()
        self.reasons.append("table_args or table_kwargs are given")

    def _add_autoincrement(self) -> None:
        key = self.table.rowid_alias
        if key is None or self.table.has_autoincrement:
            return
        column = self.table.column(key)
        clause = self.table.primary_key_clauses()[0]
        if column is None:
            return
        if column.find("primary key") is None:
            self.table.remove_clause(clause)
            named = f"CONSTRAINT {self._quote(clause.name)} " if clause.name else ""
            column.replace(
                ["primary key"], Clause("primary key", tokenize(f"{named}PRIMARY KEY"))
            )
            clause = self.table.primary_key_clauses()[0]
        clause.tokens += [Token(SPACE, " "), Token(WORD, "AUTOINCREMENT")]
