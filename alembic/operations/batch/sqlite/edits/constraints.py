"""Constraints and indexes added to a table's text and taken out of it."""

from __future__ import annotations

from typing import Any
from typing import Optional

from sqlalchemy.schema import Constraint
from sqlalchemy.schema import Index

from .....sqla.constraints import columns_of
from .....sqla.constraints import is_type_bound
from .....util.exc import CommandError
from ...errors import NamelessConstraint
from ...errors import NoSuchConstraint
from ...errors import NoSuchIndex
from .. import rendering
from ..clauses import Clause
from ..schema_objects import SchemaObject
from ..tokens import fold
from ..tokens import same_name
from .base import EditBase


class ConstraintEdits(EditBase):
    """Adds and drops constraints and indexes."""

    def add_constraint(self, const: Constraint, **kw: Any) -> None:
        """Add a constraint; one of the same name and kind is replaced.

        :raises CommandError: when the name belongs to a constraint of another kind.
        """
        clause = rendering.constraint_text(self.dialect, const)
        if clause is None:
            return
        for name in clause.columns:
            key = self._key(name)
            if self.columns[key].name != name:
                clause.rename_column(name, self._quote(self.columns[key].name))
        if is_type_bound(const) and any(
            clause.is_like(other) for _, other in self.table.clauses()
        ):
            return
        if clause.kind == "primary key":
            for old in self.table.primary_key_clauses():
                self.remove_clause(old)
            self._key_columns_to_come.clear()
        elif clause.name is not None:
            self._replace_namesake(clause)
        self.table.add_constraint(clause)
        self.reasons.append(f"a {clause.kind} constraint is added")

    def _replace_namesake(self, clause: Clause) -> None:
        namesake = self._constraint(clause.name or "")
        if namesake is None:
            return
        if namesake.kind != clause.kind:
            raise CommandError(
                f"Can't create constraint {clause.name!r}: table {self.state.name!r} "
                f"has a {namesake.kind} constraint of that name; drop it first, in the "
                "same batch"
            )
        self.remove_clause(namesake)

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Drop a constraint by its name or, where it has none, by its columns.

        What a type such as Boolean makes is passed over when it is not there.
        """
        name = rendering.constraint_name(const, self.dialect)
        kind = rendering.KINDS.get(type(const))
        found: Optional[Clause] = None
        if name is not None:
            found = self._constraint(name, kind)
        if found is None and is_type_bound(const):
            found = self._like(const)
        elif found is None and kind is not None:
            found = self._of_columns(const, kind)
        if found is not None:
            self.remove_clause(found)
        elif is_type_bound(const) or kw.get("if_exists"):
            return
        elif name and any(part.name == name for c in self.dropped for part in c.parts):
            # it went with its column
            return
        elif name is None:
            raise NamelessConstraint()
        else:
            raise NoSuchConstraint(name)

    def _like(self, const: Constraint) -> Optional[Clause]:
        """Return the nameless constraint that says the same, or None."""
        wanted = rendering.constraint_text(self.dialect, const)
        for _, clause in self.table.clauses():
            if wanted is not None and clause.name is None and clause.is_like(wanted):
                return clause
        return None

    def _of_columns(self, const: Constraint, kind: str) -> Optional[Clause]:
        """Return the nameless constraint of a kind over some columns, or None."""
        if kind == "check":
            return None
        wanted = {fold(column.name) for column in columns_of(const)}
        for owner, clause in self.table.clauses():
            columns = clause.columns if owner is None else [owner.name]
            if clause.kind == kind and clause.name is None:
                if wanted == set(map(fold, columns)):
                    return clause
                if kind == "primary key" and not wanted and const.name is None:
                    return clause
        return None

    def _constraint(self, name: str, kind: Optional[str] = None) -> Optional[Clause]:
        """Return the constraint of a name, written or by convention."""
        for by_convention in (False, True):
            for _, clause in self.table.clauses():
                found = self._names.get(clause) if by_convention else clause.name
                if (
                    found is not None
                    and same_name(found, name)
                    and kind in (None, clause.kind)
                ):
                    return clause
        return None

    def remove_clause(self, clause: Clause) -> None:
        """Take a clause out of the table."""
        self.table.remove_clause(clause)
        self.reasons.append(f"a {clause.kind} constraint is dropped")

    # indexes

    def create_index(self, idx: Index, **kw: Any) -> None:
        """Create an index when the table is ready."""
        if kw.pop("if_not_exists", False) and self._has_index(str(idx.name)):
            return
        for column in idx.columns:
            key = self.find(column.name)
            if key is not None and self.columns[key].name != column.name:
                # the index is of a table made for it; its columns are its own
                column.name = self.columns[key].name
        self.new_indexes.append((idx, kw))

    def _has_index(self, name: str) -> bool:
        """Tell whether any table has an index of a name, after all drops."""
        return self.state.index(name) is not None or any(
            other.type == "index" and same_name(other.name, name)
            for other in self.state.others
        )

    def drop_index(self, idx: Index, **kw: Any) -> None:
        """Drop an index, one made in this batch too."""
        name = str(idx.name)
        for entry in self.new_indexes:
            if entry[0].name is not None and same_name(str(entry[0].name), name):
                self.new_indexes.remove(entry)
                return
        found = self.state.index(name)
        if found is not None:
            self._remove_index(found)
        elif not kw.get("if_exists"):
            raise NoSuchIndex(name)

    def _remove_index(self, index: SchemaObject) -> None:
        self.state.indexes.remove(index)
        self.dropped_indexes.append(index)
