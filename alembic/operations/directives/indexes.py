"""Indexes: create, drop."""

from __future__ import annotations

from typing import Any
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING
from typing import Union

from .. import ops
from ..abstract import OperationsCore

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.sql.elements import TextClause

    IndexElements = Sequence[Union[str, TextClause, ColumnElement[Any]]]


class IndexDirectives(OperationsCore):
    """What can be done with indexes."""

    def create_index(
        self,
        index_name: Optional[str],
        table_name: str,
        columns: IndexElements,
        *,
        schema: Optional[str] = None,
        unique: bool = False,
        if_not_exists: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Create an index.

        :param index_name: its name; None leaves it to the naming convention of
            ``target_metadata``, or to SQLAlchemy's own, ``ix_<table>_<column>``.
        :param table_name: the name of the table.
        :param columns: column names, ``text()`` and SQL expressions.
        :param schema: the schema of the table.
        :param unique: refuse equal rows.
        :param if_not_exists: do nothing when there is an index of this name.
        :param kw: options of a dialect: ``postgresql_using``, ``postgresql_where``,
            ``postgresql_include``, ``mysql_length``, ``mssql_clustered`` and so on.
            ``postgresql_concurrently=True`` builds the index without locking the
            table, outside of the transaction.

        Example::

            op.create_index("ix_account_name", "account", [sa.text("lower(name)")])
        """
        self._run(
            ops.CreateIndexOp,
            index_name,
            table_name,
            columns,
            schema=schema,
            unique=unique,
            if_not_exists=if_not_exists,
            **kw,
        )

    def drop_index(
        self,
        index_name: str,
        table_name: Optional[str] = None,
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Drop an index.

        :param index_name: the name of the index.
        :param table_name: the name of its table, which MySQL, MariaDB and SQL Server
            need.
        :param schema: the schema of the table.
        :param if_exists: do nothing when there is no such index.
        :param kw: options of a dialect, such as ``postgresql_concurrently``.
        :raises CommandError: when a name is missing.

        Example::

            op.drop_index("ix_account_name", table_name="account")
        """
        self._run(
            ops.DropIndexOp,
            index_name,
            table_name,
            schema=schema,
            if_exists=if_exists,
            **kw,
        )


class BatchIndexDirectives(OperationsCore):
    """What can be done with indexes of the table of a batch."""

    def create_index(
        self, index_name: Optional[str], columns: IndexElements, **kw: Any
    ) -> None:
        """Create an index of the table; see `Operations.create_index`."""
        self._run(
            ops.CreateIndexOp,
            index_name,
            self.impl.table_name,
            columns,
            schema=self.impl.schema,
            **kw,
        )

    def drop_index(self, index_name: str, **kw: Any) -> None:
        """Drop an index of the table; see `Operations.drop_index`."""
        self._run(
            ops.DropIndexOp,
            index_name,
            self.impl.table_name,
            schema=self.impl.schema,
            **kw,
        )
