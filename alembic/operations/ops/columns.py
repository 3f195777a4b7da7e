"""Columns as operations: add, drop, alter."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import cast
from typing import ClassVar
from typing import Dict
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.types import NULLTYPE

from ..schemaobj import SchemaObjects
from .base import AlterTableOp

if TYPE_CHECKING:
    from sqlalchemy.schema import Column

    from alembic.migration.migration_context import MigrationContext


class AddColumnOp(AlterTableOp):
    """Add a column to a table.

    :param table_name: the name of the table.
    :param column: the column.
    :param schema: the schema of the table.
    :param if_not_exists: do nothing when the table has a column of this name, where
        the database can do that.
    :param inline_references: write the column's foreign key into ``ADD COLUMN``
        instead of adding a constraint afterwards.
    :param inline_primary_key: write ``PRIMARY KEY`` into ``ADD COLUMN``.
    :param kw: further options for the implementation.
    """

    add_column: ClassVar[Callable[..., None]]
    batch_add_column: ClassVar[Callable[..., None]]

    def __init__(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: Optional[str] = None,
        if_not_exists: Optional[bool] = None,
        inline_references: Optional[bool] = None,
        inline_primary_key: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key
        self.kw: Dict[str, Any] = kw

    def reverse(self) -> DropColumnOp:
        """Return the operation that drops the column, and can bring it back."""
        op = DropColumnOp.from_column_and_tablename(
            self.schema, self.table_name, self.column
        )
        op.if_exists = self.if_not_exists
        return op

    def to_diff_tuple(self) -> Tuple[str, Optional[str], str, Column[Any]]:
        """Return ``("add_column", schema, table_name, column)``."""
        return ("add_column", self.schema, self.table_name, self.column)

    def to_column(self) -> Column[Any]:
        """Return the column."""
        return self.column

    @classmethod
    def from_column(cls, col: Column[Any]) -> AddColumnOp:
        """Return the operation that adds a column to the table it belongs to."""
        table: Any = col.table
        return cls(table.name, col, schema=table.schema)

    @classmethod
    def from_column_and_tablename(
        cls, schema: Optional[str], tname: str, col: Column[Any]
    ) -> AddColumnOp:
        """Return the operation that adds a column to a table given by name."""
        return cls(tname, col, schema=schema)


class DropColumnOp(AlterTableOp):
    """Drop a column of a table.

    :param table_name: the name of the table.
    :param column_name: the name of the column.
    :param schema: the schema of the table.
    :param if_exists: do nothing when there is no such column, where the database can
        do that.
    :param kw: further options, such as ``mssql_drop_default``.
    """

    drop_column: ClassVar[Callable[..., None]]
    batch_drop_column: ClassVar[Callable[..., None]]

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        _reverse: Optional[AddColumnOp] = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.if_exists = if_exists
        self.kw: Dict[str, Any] = kw
        self._reverse = _reverse

    def to_diff_tuple(self) -> Tuple[str, Optional[str], str, Column[Any]]:
        """Return ``("remove_column", schema, table_name, column)``."""
        return ("remove_column", self.schema, self.table_name, self.to_column())

    def reverse(self) -> AddColumnOp:
        """Return the operation that adds the column again.

        :raises ValueError: when only the name of the column is known.
        """
        if self._reverse is None:
            raise ValueError(
                "operation is not reversible; original column is not present: make "
                "the operation with DropColumnOp.from_column_and_tablename()"
            )
        op = AddColumnOp.from_column_and_tablename(
            self.schema, self.table_name, self._reverse.column
        )
        op.if_not_exists = self.if_exists
        return op

    @classmethod
    def from_column_and_tablename(
        cls, schema: Optional[str], tname: str, col: Column[Any]
    ) -> DropColumnOp:
        """Return the operation that drops a column and remembers what it was."""
        return cls(
            tname,
            col.name,
            schema=schema,
            _reverse=AddColumnOp.from_column_and_tablename(schema, tname, col),
        )

    def to_column(
        self, migration_context: Optional[MigrationContext] = None
    ) -> Column[Any]:
        """Return the column: the one remembered, or one that has but a name."""
        if self._reverse is not None:
            return self._reverse.column
        return SchemaObjects(migration_context).column(self.column_name, NULLTYPE)


_UNSET: Dict[str, Any] = {
    "type": None,
    "nullable": None,
    "server_default": False,
    "comment": False,
}
"""For each property of a column, the ``modify_`` value that changes nothing."""

_DIFF_ORDER = ("type", "nullable", "server_default", "comment")
_EXISTING_ORDER = ("nullable", "type", "server_default", "comment")


class AlterColumnOp(AlterTableOp):
    """Change a column of a table.

    ``modify_*`` is what shall be, ``existing_*`` what is.

    :param table_name: the name of the table.
    :param column_name: the name of the column.
    :param schema: the schema of the table.
    :param existing_type: the type before the change.
    :param existing_server_default: the default before it; False when not known.
    :param existing_nullable: whether it was nullable; None when not known.
    :param existing_comment: the comment before it.
    :param modify_nullable: nullable or not; None to leave it.
    :param modify_comment: the new comment, None for none; False to leave it.
    :param modify_server_default: the new default, None for none; False to leave it.
    :param modify_name: the new name; None to leave it.
    :param modify_type: the new type; None to leave it.
    :param kw: further options, such as ``autoincrement`` or ``postgresql_using``.
    """

    alter_column: ClassVar[Callable[..., None]]
    batch_alter_column: ClassVar[Callable[..., None]]

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: Optional[str] = None,
        existing_type: Optional[Any] = None,
        existing_server_default: Any = False,
        existing_nullable: Optional[bool] = None,
        existing_comment: Optional[str] = None,
        modify_nullable: Optional[bool] = None,
        modify_comment: Any = False,
        modify_server_default: Any = False,
        modify_name: Optional[str] = None,
        modify_type: Optional[Any] = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.existing_type = existing_type
        self.existing_server_default = existing_server_default
        self.existing_nullable = existing_nullable
        self.existing_comment = existing_comment
        self.modify_nullable = modify_nullable
        self.modify_comment = modify_comment
        self.modify_server_default = modify_server_default
        self.modify_name = modify_name
        self.modify_type = modify_type
        self.kw: Dict[str, Any] = kw

    def _modified(self, what: str) -> bool:
        return getattr(self, f"modify_{what}") is not _UNSET[what]

    def to_diff_tuple(self) -> Any:
        """Return a list of tuples, one for each property that changes.

        Each is ``("modify_<property>", schema, table_name, column_name, existing,
        old, new)``, where ``existing`` tells the other properties.
        """
        return [
            (
                "modify_default" if what == "server_default" else f"modify_{what}",
                self.schema,
                self.table_name,
                self.column_name,
                {
                    f"existing_{other}": getattr(self, f"existing_{other}")
                    for other in _EXISTING_ORDER
                    if other != what
                },
                getattr(self, f"existing_{what}"),
                getattr(self, f"modify_{what}"),
            )
            for what in _DIFF_ORDER
            if self._modified(what)
        ]

    def has_changes(self) -> bool:
        """Tell whether the operation would change anything."""
        return (
            self.modify_name is not None
            or any(self._modified(what) for what in _UNSET)
            or any(name.startswith("modify_") for name in self.kw)
        )

    def reverse(self) -> AlterColumnOp:
        """Return the operation that sets what was before.

        What is not known of the state before is left out.
        """
        kw = dict(self.kw)
        for name in self.kw:
            if name.startswith("modify_"):
                existing = "existing_" + name[len("modify_") :]
                kw[existing] = self.kw[name]
                if existing in self.kw:
                    kw[name] = self.kw[existing]
                else:
                    del kw[name]
        for what in _UNSET:
            changed = self._modified(what)
            existing, modify = f"existing_{what}", f"modify_{what}"
            kw[existing] = getattr(self, modify if changed else existing)
            if changed:
                kw[modify] = getattr(self, existing)
        column_name = self.column_name
        if self.modify_name is not None:
            kw["modify_name"], column_name = column_name, self.modify_name
        return type(self)(self.table_name, column_name, schema=self.schema, **kw)


def column_names(columns: Any) -> List[str]:
    """Return the names of some columns, in their order."""
    return [cast(str, column.name) for column in columns]
