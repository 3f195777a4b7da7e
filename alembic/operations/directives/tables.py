"""Tables: create, drop, rename, and their comments."""

from __future__ import annotations

from typing import Any
from typing import Optional
from typing import TYPE_CHECKING

from .. import ops
from ..abstract import OperationsCore

if TYPE_CHECKING:
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.schema import Table


class TableDirectives(OperationsCore):
    """What can be done with tables."""

    def create_table(
        self,
        table_name: str,
        *columns: SchemaItem,
        if_not_exists: Optional[bool] = None,
        **kw: Any,
    ) -> Table:
        """Create a table, its indexes and its comments.

        :param table_name: the name of the table.
        :param columns: columns, constraints and indexes, as ``sqlalchemy.Table``
            takes them. A foreign key may point to any table by name.
        :param if_not_exists: do nothing when there is a table of this name.
        :param kw: further arguments of ``sqlalchemy.Table``: ``schema``,
            ``comment``, ``prefixes``, ``info``, and options of a dialect such as
            ``mysql_engine``.
        :return: the table, ready for `bulk_insert`.
        :raises CommandError: for arguments that cannot be part of a table.

        Constraints that have no name get one from the naming convention of
        ``target_metadata``, if there is one.

        Example::

            account = op.create_table(
                "account",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("name", sa.String(50), nullable=False),
                sa.Column("group_id", sa.Integer(), sa.ForeignKey("group.id")),
                sa.UniqueConstraint("name", name="uq_account_name"),
            )
            op.bulk_insert(account, [{"id": 1, "name": "root"}])
        """
        table: Table = self._run(
            ops.CreateTableOp, table_name, columns, if_not_exists=if_not_exists, **kw
        )
        return table

    def drop_table(
        self,
        table_name: str,
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Drop a table.

        :param table_name: the name of the table.
        :param schema: its schema.
        :param if_exists: do nothing when there is no such table.
        :param kw: further arguments of ``sqlalchemy.Table``.

        Example::

            op.drop_table("account")
        """
        self._run(
            ops.DropTableOp, table_name, schema=schema, if_exists=if_exists, table_kw=kw
        )

    def rename_table(
        self,
        old_table_name: str,
        new_table_name: str,
        *,
        schema: Optional[str] = None,
    ) -> None:
        """Rename a table.

        Constraints and indexes keep their names.

        :param old_table_name: the name of the table.
        :param new_table_name: what it shall be called, without a schema.
        :param schema: its schema, which stays the same.

        Example::

            op.rename_table("account", "customer")
        """
        self._run(ops.RenameTableOp, old_table_name, new_table_name, schema=schema)

    def create_table_comment(
        self,
        table_name: str,
        comment: Optional[str],
        *,
        existing_comment: Optional[str] = None,
        schema: Optional[str] = None,
    ) -> None:
        """Set the comment of a table.

        :param table_name: the name of the table.
        :param comment: the new comment; None for none.
        :param existing_comment: the comment before the change, which a downgrade
            sets again.
        :param schema: the schema of the table.

        Example::

            op.create_table_comment("account", "people who may log in")
        """
        self._run(
            ops.CreateTableCommentOp,
            table_name,
            comment,
            existing_comment=existing_comment,
            schema=schema,
        )

    def drop_table_comment(
        self,
        table_name: str,
        *,
        existing_comment: Optional[str] = None,
        schema: Optional[str] = None,
    ) -> None:
        """Take the comment of a table away.

        :param table_name: the name of the table.
        :param existing_comment: the comment before the change, which a downgrade
            sets again.
        :param schema: the schema of the table.

        Example::

            op.drop_table_comment("account")
        """
        self._run(
            ops.DropTableCommentOp,
            table_name,
            existing_comment=existing_comment,
            schema=schema,
        )


class BatchTableDirectives(OperationsCore):
    """What can be done with the table of a batch as a whole."""

    def create_table_comment(
        self, comment: Optional[str], *, existing_comment: Optional[str] = None
    ) -> None:
        """Set the comment of the table; see `Operations.create_table_comment`."""
        self._run(
            ops.CreateTableCommentOp,
            self.impl.table_name,
            comment,
            existing_comment=existing_comment,
            schema=self.impl.schema,
        )

    def drop_table_comment(self, *, existing_comment: Optional[str] = None) -> None:
        """Take its comment away; see `Operations.drop_table_comment`."""
        self._run(
            ops.DropTableCommentOp,
            self.impl.table_name,
            existing_comment=existing_comment,
            schema=self.impl.schema,
        )
