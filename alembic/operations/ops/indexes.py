"""Indexes as operations: create, drop."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Dict
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.schema import Column

from alembic.sqla import names

from ..schemaobj import SchemaObjects
from .base import as_columns
from .base import MigrateOperation

if TYPE_CHECKING:
    from sqlalchemy.schema import Index
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.sql.elements import TextClause

    from alembic.migration.migration_context import MigrationContext


class CreateIndexOp(MigrateOperation):
    """Create an index.

    :param index_name: its name; None leaves it to the naming convention.
    :param table_name: the name of the table.
    :param columns: column names, ``text()`` and SQL expressions.
    :param schema: the schema of the table.
    :param unique: refuse equal rows.
    :param if_not_exists: do nothing when there is an index of this name, where the
        database can do that.
    :param kw: further options, such as ``postgresql_using``.
    """

    create_index: ClassVar[Callable[..., None]]
    batch_create_index: ClassVar[Callable[..., None]]

    def __init__(
        self,
        index_name: Optional[str],
        table_name: str,
        columns: Sequence[Union[str, TextClause, ColumnElement[Any]]],
        *,
        schema: Optional[str] = None,
        unique: bool = False,
        if_not_exists: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.columns = as_columns(columns)
        self.schema = schema
        self.unique = unique
        self.if_not_exists = if_not_exists
        self.kw: Dict[str, Any] = kw

    def reverse(self) -> DropIndexOp:
        """Return the operation that drops the index, and can bring it back."""
        if not is_plain(self):
            return DropIndexOp.from_index(self.to_index())
        return DropIndexOp(
            self.index_name,
            self.table_name,
            schema=self.schema,
            _reverse=CreateIndexOp(
                self.index_name,
                self.table_name,
                list(self.columns),
                schema=self.schema,
                unique=bool(self.unique),
            ),
            unique=bool(self.unique),
        )

    def to_diff_tuple(self) -> Tuple[str, Index]:
        """Return ``("add_index", index)``."""
        return ("add_index", self.to_index())

    @classmethod
    def from_index(cls, index: Index) -> CreateIndexOp:
        """Return the operation that creates an index of a table."""
        table = index.table
        assert table is not None, "the index belongs to no table"
        return cls(
            names.constraint_name_or_none(index.name),
            table.name,
            list(index.expressions),
            schema=table.schema,
            unique=bool(index.unique),
            **index.kwargs,
        )

    def to_index(self, migration_context: Optional[MigrationContext] = None) -> Index:
        """Return the index, on a throw-away table."""
        return SchemaObjects(migration_context).index(
            self.index_name,
            self.table_name,
            self.columns,
            schema=self.schema,
            unique=self.unique,
            **self.kw,
        )


class DropIndexOp(MigrateOperation):
    """Drop an index.

    :param index_name: the name of the index.
    :param table_name: the name of its table, which some databases need.
    :param schema: the schema of the table.
    :param if_exists: do nothing when there is no such index, where the database can
        do that.
    :param kw: further options, such as ``postgresql_concurrently``.
    """

    drop_index: ClassVar[Callable[..., None]]
    batch_drop_index: ClassVar[Callable[..., None]]

    def __init__(
        self,
        index_name: Optional[str],
        table_name: Optional[str] = None,
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        _reverse: Optional[CreateIndexOp] = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.kw: Dict[str, Any] = kw
        self._reverse = _reverse

    def to_diff_tuple(self) -> Tuple[str, Index]:
        """Return ``("remove_index", index)``."""
        return ("remove_index", self.to_index())

    def reverse(self) -> CreateIndexOp:
        """Return the operation that creates the index again.

        Where the columns are not known, those of the result are made up.
        """
        return CreateIndexOp.from_index(self.to_index())

    @classmethod
    def from_index(cls, index: Index) -> DropIndexOp:
        """Return the operation that drops an index and remembers what it was."""
        table = index.table
        assert table is not None, "the index belongs to no table"
        return cls(
            names.constraint_name_or_none(index.name),
            table.name,
            schema=table.schema,
            _reverse=CreateIndexOp.from_index(index),
            unique=bool(index.unique),
            **index.kwargs,
        )

    def to_index(self, migration_context: Optional[MigrationContext] = None) -> Index:
        """Return the index, on a throw-away table.

        Where the columns are not known, there is one made-up column.
        """
        return SchemaObjects(migration_context).index(
            self.index_name,
            self.table_name,
            ["x"] if self._reverse is None else self._reverse.columns,
            schema=self.schema,
            **self.kw,
        )


def is_plain(operation: CreateIndexOp) -> bool:
    """Tell whether `CreateIndexOp.to_index` would say no more than the operation does.

    So it is with a name, columns and no options. To make an index, and the table that
    it must have, takes longer than all that is done with a plain one.
    """
    return (
        # a subclass may have a say in what the index is
        type(operation).to_index is CreateIndexOp.to_index
        and names.constraint_name_string(operation.index_name)
        and bool(operation.table_name)
        and not operation.kw
        and all(isinstance(column, (str, Column)) for column in operation.columns)
    )
