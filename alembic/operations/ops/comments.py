"""Table comments as operations."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from ..schemaobj import SchemaObjects
from .base import AlterTableOp

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.migration.migration_context import MigrationContext


class CreateTableCommentOp(AlterTableOp):
    """Set the comment of a table.

    :param table_name: the name of the table.
    :param comment: the new comment; None for none.
    :param schema: the schema of the table.
    :param existing_comment: the comment before the change.
    """

    create_table_comment: ClassVar[Callable[..., None]]
    batch_create_table_comment: ClassVar[Callable[..., None]]

    def __init__(
        self,
        table_name: str,
        comment: Optional[str],
        *,
        schema: Optional[str] = None,
        existing_comment: Optional[str] = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.comment = comment
        self.existing_comment = existing_comment

    def reverse(self) -> Union[CreateTableCommentOp, DropTableCommentOp]:
        """Return the operation that sets the comment before, or drops this one."""
        if self.existing_comment is None:
            return DropTableCommentOp(
                self.table_name, schema=self.schema, existing_comment=self.comment
            )
        return CreateTableCommentOp(
            self.table_name,
            self.existing_comment,
            schema=self.schema,
            existing_comment=self.comment,
        )

    def to_table(self, migration_context: Optional[MigrationContext] = None) -> Table:
        """Return a throw-away table that has the comment.

        The comment before the change is ``existing_comment`` in its ``info``.
        """
        existing = self.existing_comment
        return SchemaObjects(migration_context).table(
            self.table_name,
            schema=self.schema,
            comment=self.comment,
            info={} if existing is None else {"existing_comment": existing},
        )

    def to_diff_tuple(self) -> Tuple[Any, ...]:
        """Return ``("add_table_comment", table, existing_comment)``."""
        return ("add_table_comment", self.to_table(), self.existing_comment)


class DropTableCommentOp(AlterTableOp):
    """Take the comment of a table away.

    :param table_name: the name of the table.
    :param schema: the schema of the table.
    :param existing_comment: the comment before the change.
    """

    drop_table_comment: ClassVar[Callable[..., None]]
    batch_drop_table_comment: ClassVar[Callable[..., None]]

    def __init__(
        self,
        table_name: str,
        *,
        schema: Optional[str] = None,
        existing_comment: Optional[str] = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.existing_comment = existing_comment

    def reverse(self) -> CreateTableCommentOp:
        """Return the operation that sets the comment again."""
        return CreateTableCommentOp(
            self.table_name, self.existing_comment, schema=self.schema
        )

    def to_table(self, migration_context: Optional[MigrationContext] = None) -> Table:
        """Return a throw-away table of the name."""
        return SchemaObjects(migration_context).table(
            self.table_name, schema=self.schema
        )

    def to_diff_tuple(self) -> Tuple[Any, ...]:
        """Return ``("remove_table_comment", table)``."""
        return ("remove_table_comment", self.to_table())
