"""Columns added to a table's text, and changed in it."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Optional

from sqlalchemy import Column
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import types as sqltypes
from sqlalchemy.types import TypeEngine

from .....ddl.sqlite_foreign_keys import references
from .....sqla.constraints import is_type_bound
from .....sqla.expressions import render_expression
from .....sqla.reflection import inspector_of
from .....util.exc import CommandError
from .. import rendering
from ..clauses import Clause
from ..clauses import ColumnText
from ..schema_objects import with_renamed_column
from ..tokens import fold
from ..tokens import normalized
from ..tokens import same_name
from ..tokens import tokenize
from .constraints import ConstraintEdits

_VOLATILE_DEFAULTS = ("CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP")


class ColumnEdits(ConstraintEdits):
    """Adds columns and changes them."""

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        insert_before: Optional[str] = None,
        insert_after: Optional[str] = None,
        *,
        if_not_exists: Optional[bool] = None,
        inline_references: Optional[bool] = None,
        inline_primary_key: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Add a column; see `DefaultImpl.add_column` for the parameters.

        :raises CommandError: when the table has a column of that name.
        """
        if self.named(column.name) is not None:
            if if_not_exists:
                return
            raise CommandError(
                f"Can't add column {column.name!r}: table {self.state.name!r} has a "
                "column of that name"
            )
        text = rendering.column_text(
            self.dialect,
            column,
            inline_references=inline_references,
            inline_primary_key=inline_primary_key,
        )
        key = fold(column.name)
        if key in self.columns:
            # the column that had the name is known by its new one from here on
            self._rekey(key, fold(self.columns[key].name))
        self.columns[key] = text
        self.added[key] = text
        self.table.add_column(text)
        self.order.place(
            key,
            before=self._key(insert_before) if insert_before else None,
            after=self._key(insert_after) if insert_after else None,
        )
        filling = rendering.python_default(self.dialect, column)
        if filling is not None and not text.is_generated:
            self.sources[key] = filling
        if column.primary_key and text.find("primary key") is None:
            self._key_columns_to_come.append(key)

    def why_not_natively_added(self, column: ColumnText) -> Optional[str]:
        """Return what ALTER TABLE ADD COLUMN would object to, or None."""
        default = column.find("default")
        empty = default is None
        if default is not None:
            value = [t for t in default.body if not t.is_trivia][1:]
            if value[0].is_other("(") or value[0].is_word(*_VOLATILE_DEFAULTS):
                return "has a default that is not constant"
            empty = value[0].is_word("NULL")
        generated = column.find("generated")
        if generated is not None and generated.has_word("STORED"):
            return "is generated and stored"
        for kind in ("primary key", "unique"):
            if column.find(kind) is not None:
                return f"has {kind.upper()}"
        if column.find("not null") is not None and empty and generated is None:
            return "is NOT NULL without a default"
        if column.find("foreign key") is not None and not empty:
            return "refers to another table and has a default"
        return None

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        nullable: Optional[bool] = None,
        server_default: Any = False,
        name: Optional[str] = None,
        type_: Optional[TypeEngine[Any]] = None,
        autoincrement: Any = None,
        comment: Any = False,
        *,
        insert_before: Optional[str] = None,
        insert_after: Optional[str] = None,
        existing_type: Optional[TypeEngine[Any]] = None,
        **kw: Any,
    ) -> None:
        """Change a column; see `DefaultImpl.alter_column` for the parameters.

        SQLite has no comments, so ``comment`` changes nothing.
        """
        key = self._key(column_name)
        column = self.columns[key]
        before = column.text
        if type_ is not None:
            self._change_type(key, sqltypes.to_instance(type_), existing_type)
        if nullable is not None:
            self._change_nullable(column, nullable)
        if server_default is not False:
            self._change_default(key, server_default)
        if name is not None and name != column.name:
            self._rename(key, name)
        if insert_before or insert_after:
            self.order.place(
                key,
                before=self._key(insert_before) if insert_before else None,
                after=self._key(insert_after) if insert_after else None,
            )
        if column.text != before and key not in self.added:
            self.reasons.append(f"column {column_name!r} changes")

    def _change_type(
        self, key: str, type_: TypeEngine[Any], existing: Optional[TypeEngine[Any]]
    ) -> None:
        column = self.columns[key]
        new = rendering.type_text(self.dialect, type_)
        old_type = existing if existing is not None else self._override_types.get(key)
        if old_type is not None:
            self._drop_type_bound(column, sqltypes.to_instance(old_type))
        if same_type(new.type, column.type) and new.find("collate") is None:
            return
        column.set_type(new.find("type"))
        collation = new.find("collate")
        if collation is not None:
            column.replace(["collate"], collation)
        if fold(new.type) != "integer":
            for clause in self.table.primary_key_clauses():
                # only an INTEGER PRIMARY KEY counts upwards
                if [column.name] == self.table.primary_key:
                    clause.remove_words("AUTOINCREMENT")
        if key in self.sources:
            self.sources[key] = self._cast(column.name, old_type, type_)

    def _drop_type_bound(self, column: ColumnText, type_: TypeEngine[Any]) -> None:
        """Take away the CHECK that a type such as Boolean had made."""
        scratch = Table(self.state.name, MetaData(), Column(column.name, type_))
        for constraint in scratch.constraints:
            if is_type_bound(constraint):
                self.drop_constraint(constraint)

    def _cast(
        self,
        name: str,
        existing: Optional[TypeEngine[Any]],
        type_: TypeEngine[Any],
    ) -> str:
        if existing is None:
            existing = self._inspected_type(name)
        holder: Column[Any] = Column(name, existing)
        Table(self.state.name, MetaData(), holder)
        transfer: Dict[str, Any] = {"expr": holder}
        self.impl.cast_for_batch_migrate(holder, transfer, type_)
        return render_expression(transfer["expr"], self.dialect, include_table=False)

    def _inspected_type(self, name: str) -> TypeEngine[Any]:
        if self._inspected_types is None:
            self._inspected_types = {
                fold(record["name"]): record["type"]
                for record in inspector_of(self.connection).get_columns(
                    self.state.name, schema=self.state.schema
                )
            }
        return self._inspected_types.get(fold(name), sqltypes.NULLTYPE)

    def _change_nullable(self, column: ColumnText, nullable: bool) -> None:
        if nullable:
            column.remove("not null")
        elif column.find("not null") is None:
            column.replace(["null"], Clause("not null", tokenize("NOT NULL")))

    def _change_default(self, key: str, server_default: Any) -> None:
        column = self.columns[key]
        was_generated = column.is_generated
        clause = rendering.default_text(self.dialect, server_default)
        if clause is None:
            column.remove("default", "generated")
        else:
            column.replace(["default", "generated"], clause)
        if column.is_generated:
            self.sources.pop(key, None)
        elif was_generated and key not in self.added:
            self.sources[key] = self._quote(column.name)

    def _rename(self, key: str, name: str) -> None:
        """Rename a column in the text of the table, where SQLite cannot itself."""
        taken = self.named(name)
        if taken is not None and taken != key:
            raise CommandError(
                f"Can't rename column {self.columns[key].name!r} to {name!r}: table "
                f"{self.state.name!r} has a column of that name"
            )
        column = self.columns[key]
        old, written = column.name, self._quote(name)
        if key not in self.added:
            self._refuse_blind_rename(old)
        column.name_token = tokenize(written)[0]
        for _, clause in self.table.clauses():
            clause.rename_column(old, written)
            if clause.parent is not None and same_name(clause.parent, self.state.name):
                clause.rename_parent_column(old, written)
        self.state.indexes = [
            with_renamed_column(index, old, written) for index in self.state.indexes
        ]

    def _refuse_blind_rename(self, old: str) -> None:
        """Refuse a rename that only SQLite 3.25 could carry to all places."""
        users = [
            o for _, o in self.state.leaning_views() + self.state.leaning_triggers()
        ]
        users += self.state.triggers
        found = [f"{o.type} {o.name!r}" for o in users if o.names(old)]
        found += [
            f"a foreign key of table {reference.child!r}"
            for reference in references(
                self.connection, self.state.name, self.state.schema
            )
            if not same_name(reference.child, self.state.name)
            and any(same_name(name or "", old) for name in reference.parent_columns)
        ]
        if found:
            raise CommandError(
                f"Can't rename column {old!r} of table {self.state.name!r}: this "
                f"SQLite cannot carry the new name into {', '.join(found)}; drop it "
                "before the batch and make it again afterwards, or use SQLite 3.25 or "
                "later"
            )


def same_type(one: str, other: str) -> bool:
    """Tell whether two declared types are the same, layout and case apart."""
    return normalized(tokenize(one)) == normalized(tokenize(other))
