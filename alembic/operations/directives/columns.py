"""Columns: add, drop, alter."""

from __future__ import annotations

from typing import Any
from typing import Optional
from typing import Type
from typing import TYPE_CHECKING
from typing import Union

from typing_extensions import Literal

from .. import ops
from ..abstract import OperationsCore

if TYPE_CHECKING:
    from sqlalchemy import Computed
    from sqlalchemy import Identity
    from sqlalchemy.schema import Column
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.sql.elements import TextClause
    from sqlalchemy.types import TypeEngine

    ServerDefault = Union[
        str, bool, TextClause, ColumnElement[Any], Computed, Identity, None
    ]
    ColumnType = Union[TypeEngine[Any], Type[TypeEngine[Any]], None]
    Comment = Union[str, Literal[False], None]


class ColumnDirectives(OperationsCore):
    """What can be done with columns."""

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: Optional[str] = None,
        if_not_exists: Optional[bool] = None,
        inline_references: Optional[bool] = None,
        inline_primary_key: Optional[bool] = None,
    ) -> None:
        """Add a column to a table, with its constraints, index and comment.

        :param table_name: the name of the table.
        :param column: the column. A ``default`` of Python is not applied to rows that
            exist: a column that is NOT NULL needs a ``server_default`` where there
            are rows.
        :param schema: the schema of the table.
        :param if_not_exists: do nothing when there is a column of this name.
        :param inline_references: write the foreign key of the column as
            ``REFERENCES`` into the same statement, not as one of its own.
        :param inline_primary_key: write ``PRIMARY KEY`` into the statement; otherwise
            the column does not become part of the primary key.
        :raises CommandError: when ``column`` is not a column.

        Example::

            op.add_column("account", sa.Column("last_seen", sa.DateTime()))
            op.add_column(
                "account",
                sa.Column("group_id", sa.Integer(), sa.ForeignKey("group.id")),
            )
        """
        self._run(
            ops.AddColumnOp,
            table_name,
            column,
            schema=schema,
            if_not_exists=if_not_exists,
            inline_references=inline_references,
            inline_primary_key=inline_primary_key,
        )

    def drop_column(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> None:
        """Drop a column of a table.

        :param table_name: the name of the table.
        :param column_name: the name of the column.
        :param schema: the schema of the table.
        :param kw: ``if_exists`` to do nothing when there is no such column. On SQL
            Server, ``mssql_drop_default``, ``mssql_drop_check`` and
            ``mssql_drop_foreign_key`` drop the constraints that would forbid it; their
            names are looked up by the server.

        Example::

            op.drop_column("account", "last_seen")
        """
        self._run(ops.DropColumnOp, table_name, column_name, schema=schema, **kw)

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: Optional[bool] = None,
        comment: Comment = False,
        server_default: ServerDefault = False,
        new_column_name: Optional[str] = None,
        type_: ColumnType = None,
        existing_type: ColumnType = None,
        existing_server_default: ServerDefault = False,
        existing_nullable: Optional[bool] = None,
        existing_comment: Optional[str] = None,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> None:
        """Change a column: its type, name, default, nullability, comment.

        Only what is given is changed. MySQL and MariaDB, however, write the column
        anew, and SQL Server in part: what is not told to them as ``existing_*`` is
        lost, and ``existing_type`` they must have.

        :param table_name: the name of the table.
        :param column_name: the name of the column, as it is.
        :param nullable: True for NULL, False for NOT NULL.
        :param comment: the new comment, None for none.
        :param server_default: the new default: a string, ``text()``, an expression,
            ``Computed``, ``Identity``; None for none.
        :param new_column_name: the new name.
        :param type_: the new type. The CHECK constraint of a Boolean or Enum is
            added with it.
        :param existing_type: the type before the change; its CHECK constraint is
            dropped when ``type_`` is given.
        :param existing_server_default: the default before the change.
        :param existing_nullable: whether the column was nullable.
        :param existing_comment: the comment before the change.
        :param schema: the schema of the table.
        :param kw: ``autoincrement`` and ``existing_autoincrement`` (MySQL),
            ``postgresql_using`` for the expression that converts the values,
            ``mssql_drop_default``, ``mssql_drop_check``.
        :raises CommandError: for arguments that cannot work.

        Example::

            op.alter_column(
                "account",
                "name",
                type_=sa.String(100),
                existing_type=sa.String(50),
                existing_nullable=False,
            )
        """
        self._run(
            ops.AlterColumnOp,
            table_name,
            column_name,
            schema=schema,
            existing_type=existing_type,
            existing_server_default=existing_server_default,
            existing_nullable=existing_nullable,
            existing_comment=existing_comment,
            modify_name=new_column_name,
            modify_type=type_,
            modify_server_default=server_default,
            modify_nullable=nullable,
            modify_comment=comment,
            **kw,
        )


class BatchColumnDirectives(OperationsCore):
    """What can be done with columns of the table of a batch."""

    def add_column(
        self,
        column: Column[Any],
        *,
        insert_before: Optional[str] = None,
        insert_after: Optional[str] = None,
        if_not_exists: Optional[bool] = None,
        inline_references: Optional[bool] = None,
        inline_primary_key: Optional[bool] = None,
    ) -> None:
        """Add a column to the table; see `Operations.add_column`.

        :param insert_before: the name of a column to stand before, where the table is
            written anew.
        :param insert_after: the name of a column to stand after.
        """
        self._run(
            ops.AddColumnOp,
            self.impl.table_name,
            column,
            schema=self.impl.schema,
            if_not_exists=if_not_exists,
            inline_references=inline_references,
            inline_primary_key=inline_primary_key,
            **_given(insert_before=insert_before, insert_after=insert_after),
        )

    def drop_column(self, column_name: str, **kw: Any) -> None:
        """Drop a column of the table; see `Operations.drop_column`."""
        self._run(
            ops.DropColumnOp,
            self.impl.table_name,
            column_name,
            schema=self.impl.schema,
            **kw,
        )

    def alter_column(
        self,
        column_name: str,
        *,
        nullable: Optional[bool] = None,
        comment: Comment = False,
        server_default: ServerDefault = False,
        new_column_name: Optional[str] = None,
        type_: ColumnType = None,
        existing_type: ColumnType = None,
        existing_server_default: ServerDefault = False,
        existing_nullable: Optional[bool] = None,
        existing_comment: Optional[str] = None,
        insert_before: Optional[str] = None,
        insert_after: Optional[str] = None,
        **kw: Any,
    ) -> None:
        """Change a column of the table; see `Operations.alter_column`.

        :param insert_before: the name of a column to stand before, where the table is
            written anew.
        :param insert_after: the name of a column to stand after.
        """
        self._run(
            ops.AlterColumnOp,
            self.impl.table_name,
            column_name,
            schema=self.impl.schema,
            existing_type=existing_type,
            existing_server_default=existing_server_default,
            existing_nullable=existing_nullable,
            existing_comment=existing_comment,
            modify_name=new_column_name,
            modify_type=type_,
            modify_server_default=server_default,
            modify_nullable=nullable,
            modify_comment=comment,
            **_given(insert_before=insert_before, insert_after=insert_after),
            **kw,
        )


def _given(**kw: Any) -> Any:
    """Return the arguments that are not None."""
    return {name: value for name, value in kw.items() if value is not None}
