"""Tables as operations: create, drop, rename."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Dict
from typing import List
from typing import MutableMapping
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from alembic.sqla import constraints

from ..schemaobj import SchemaObjects
from .base import AlterTableOp
from .base import MigrateOperation

if TYPE_CHECKING:
    from sqlalchemy.schema import MetaData
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.schema import Table

    from alembic.migration.migration_context import MigrationContext


class CreateTableOp(MigrateOperation):
    """Create a table.

    :param table_name: the name of the table.
    :param columns: its columns, constraints and indexes.
    :param schema: its schema.
    :param if_not_exists: do nothing when there is a table of this name, where the
        database can do that.
    :param kw: further arguments of ``sqlalchemy.Table``: ``comment``, ``info``,
        ``prefixes``, and dialect options such as ``mysql_engine``.
    """

    create_table: ClassVar[Callable[..., Table]]

    def __init__(
        self,
        table_name: str,
        columns: Sequence[SchemaItem],
        *,
        schema: Optional[str] = None,
        if_not_exists: Optional[bool] = None,
        _namespace_metadata: Optional[MetaData] = None,
        _constraints_included: bool = False,
        **kw: Any,
    ) -> None:
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.if_not_exists = if_not_exists
        self.info = kw.pop("info", {})
        self.comment: Optional[str] = kw.pop("comment", None)
        self.prefixes: Optional[Sequence[str]] = kw.pop("prefixes", None)
        self.kw: Dict[str, Any] = kw
        # the MetaData of the application, whose types may be shared by other tables
        self._namespace_metadata = _namespace_metadata
        # `unique` of a column is then there as a constraint of its own, too
        self._constraints_included = _constraints_included

    def reverse(self) -> DropTableOp:
        """Return the operation that drops the table, and can bring it back."""
        if not self._constraints_included:
            return DropTableOp.from_table(
                self.to_table(), _namespace_metadata=self._namespace_metadata
            )
        # what belongs to a table already is copied by whoever asks for another one
        options = {
            **self.kw,
            "comment": self.comment,
            "info": dict(self.info or {}),
            "prefixes": list(self.prefixes or ()),
        }
        return DropTableOp(
            self.table_name,
            schema=self.schema,
            table_kw=options,
            _reverse=CreateTableOp(
                self.table_name,
                list(self.columns),
                schema=self.schema,
                _namespace_metadata=self._namespace_metadata,
                _constraints_included=True,
                **options,
            ),
        )

    def to_diff_tuple(self) -> Tuple[str, Table]:
        """Return ``("add_table", table)``."""
        return ("add_table", self.to_table())

    @classmethod
    def from_table(
        cls, table: Table, *, _namespace_metadata: Optional[MetaData] = None
    ) -> CreateTableOp:
        """Return the operation that creates a table.

        Its indexes are not part of it: they are operations of their own.
        """
        return cls(
            table.name,
            _columns_and_constraints(table),
            schema=table.schema,
            _namespace_metadata=(
                table.metadata if _namespace_metadata is None else _namespace_metadata
            ),
            _constraints_included=True,
            **_table_options(table),
        )

    def to_table(self, migration_context: Optional[MigrationContext] = None) -> Table:
        """Return the table, in a MetaData of its own."""
        return SchemaObjects(migration_context).table(
            self.table_name,
            *self.columns,
            schema=self.schema,
            prefixes=list(self.prefixes) if self.prefixes else [],
            comment=self.comment,
            info=self.info.copy() if self.info else {},
            _constraints_included=self._constraints_included,
            **self.kw,
        )


class DropTableOp(MigrateOperation):
    """Drop a table.

    :param table_name: the name of the table.
    :param schema: its schema.
    :param if_exists: do nothing when there is no such table, where the database can
        do that.
    :param table_kw: further arguments of ``sqlalchemy.Table``.
    """

    drop_table: ClassVar[Callable[..., None]]

    def __init__(
        self,
        table_name: str,
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        table_kw: Optional[MutableMapping[Any, Any]] = None,
        _reverse: Optional[CreateTableOp] = None,
    ) -> None:
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.table_kw: Dict[Any, Any] = dict(table_kw or {})
        self.comment: Optional[str] = self.table_kw.pop("comment", None)
        self.info = self.table_kw.pop("info", None)
        self.prefixes: Optional[Sequence[str]] = self.table_kw.pop("prefixes", None)
        self._reverse = _reverse

    def to_diff_tuple(self) -> Tuple[str, Table]:
        """Return ``("remove_table", table)``."""
        return ("remove_table", self.to_table())

    def reverse(self) -> CreateTableOp:
        """Return the operation that creates the table again.

        Where only the name is known, the table will have no columns.
        """
        return CreateTableOp.from_table(
            self.to_table(),
            _namespace_metadata=(
                None if self._reverse is None else self._reverse._namespace_metadata
            ),
        )

    @classmethod
    def from_table(
        cls, table: Table, *, _namespace_metadata: Optional[MetaData] = None
    ) -> DropTableOp:
        """Return the operation that drops a table and remembers what it was."""
        return cls(
            table.name,
            schema=table.schema,
            table_kw=_table_options(table),
            _reverse=CreateTableOp.from_table(
                table, _namespace_metadata=_namespace_metadata
            ),
        )

    def to_table(self, migration_context: Optional[MigrationContext] = None) -> Table:
        """Return the table: the one remembered, or one that has no columns."""
        known = self._reverse
        return SchemaObjects(migration_context).table(
            self.table_name,
            *(known.columns if known is not None else ()),
            schema=self.schema,
            comment=self.comment,
            info=self.info.copy() if self.info else {},
            prefixes=list(self.prefixes) if self.prefixes else [],
            _constraints_included=known is not None and known._constraints_included,
            **self.table_kw,
        )


class RenameTableOp(AlterTableOp):
    """Rename a table.

    :param old_table_name: the name of the table.
    :param new_table_name: what it shall be called.
    :param schema: its schema, which stays the same.
    """

    rename_table: ClassVar[Callable[..., None]]

    def __init__(
        self,
        old_table_name: str,
        new_table_name: str,
        *,
        schema: Optional[str] = None,
    ) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name

    def reverse(self) -> RenameTableOp:
        """Return the operation that gives the table its old name again."""
        return type(self)(self.new_table_name, self.table_name, schema=self.schema)


def _columns_and_constraints(table: Table) -> List[SchemaItem]:
    items: List[SchemaItem] = list(table.columns)
    items.extend(constraints.in_creation_order(table.constraints))
    return items


def _table_options(table: Table) -> Dict[str, Any]:
    """Return what `sqlalchemy.Table` was told beside columns and constraints."""
    return {
        "comment": table.comment,
        "info": dict(table.info),
        "prefixes": list(constraints.table_prefixes(table)),
        **table.kwargs,
    }
