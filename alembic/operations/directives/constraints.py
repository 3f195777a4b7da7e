"""Constraints: create one of each kind, drop any."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING
from typing import Union

from .. import ops
from ..abstract import OperationsCore

if TYPE_CHECKING:
    from sqlalchemy.schema import Table
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.sql.elements import TextClause

    Condition = Union[str, ColumnElement[bool], TextClause]


class ConstraintDirectives(OperationsCore):
    """What can be done with constraints."""

    def create_primary_key(
        self,
        constraint_name: Optional[str],
        table_name: str,
        columns: List[str],
        *,
        schema: Optional[str] = None,
    ) -> None:
        """Add a primary key to a table that has none.

        :param constraint_name: its name; None leaves it to the naming convention of
            ``target_metadata``, or to the database.
        :param table_name: the name of the table.
        :param columns: the names of the columns.
        :param schema: the schema of the table.

        Example::

            op.create_primary_key("pk_account", "account", ["id"])
        """
        self._run(
            ops.CreatePrimaryKeyOp, constraint_name, table_name, columns, schema=schema
        )

    def create_unique_constraint(
        self,
        constraint_name: Optional[str],
        table_name: str,
        columns: Sequence[str],
        *,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> Any:
        """Add a unique constraint to a table.

        :param constraint_name: its name; None leaves it to the naming convention of
            ``target_metadata``, or to the database.
        :param table_name: the name of the table.
        :param columns: the names of the columns.
        :param schema: the schema of the table.
        :param kw: ``deferrable``, ``initially``, and options of a dialect such as
            ``postgresql_nulls_not_distinct``.

        Example::

            op.create_unique_constraint("uq_account_name", "account", ["name"])
        """
        return self._run(
            ops.CreateUniqueConstraintOp,
            constraint_name,
            table_name,
            columns,
            schema=schema,
            **kw,
        )

    def create_check_constraint(
        self,
        constraint_name: Optional[str],
        table_name: str,
        condition: Condition,
        *,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> None:
        """Add a check constraint to a table.

        :param constraint_name: its name; None leaves it to the database.
        :param table_name: the name of the table.
        :param condition: what must hold of each row: SQL text, in which a colon is
            just a colon, or an expression.
        :param schema: the schema of the table.
        :param kw: ``deferrable``, ``initially``, and options of a dialect.

        Example::

            op.create_check_constraint(
                "ck_account_name", "account", sa.func.length(sa.column("name")) > 2
            )
        """
        self._run(
            ops.CreateCheckConstraintOp,
            constraint_name,
            table_name,
            condition,
            schema=schema,
            **kw,
        )

    def create_foreign_key(
        self,
        constraint_name: Optional[str],
        source_table: str,
        referent_table: str,
        local_cols: List[str],
        remote_cols: List[str],
        *,
        onupdate: Optional[str] = None,
        ondelete: Optional[str] = None,
        deferrable: Optional[bool] = None,
        initially: Optional[str] = None,
        match: Optional[str] = None,
        source_schema: Optional[str] = None,
        referent_schema: Optional[str] = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key to a table.

        :param constraint_name: its name; None leaves it to the naming convention of
            ``target_metadata``, or to the database.
        :param source_table: the name of the table that refers.
        :param referent_table: the name of the table that is referred to.
        :param local_cols: the names of the columns that refer.
        :param remote_cols: the names of the columns referred to, in the same order.
        :param onupdate: what happens when the row referred to changes, such as
            ``"CASCADE"``.
        :param ondelete: what happens when it is deleted, such as ``"SET NULL"``.
        :param deferrable: whether the check may wait for the end of the transaction.
        :param initially: ``"DEFERRED"`` or ``"IMMEDIATE"``.
        :param match: ``"FULL"`` or ``"SIMPLE"``.
        :param source_schema: the schema of the table that refers.
        :param referent_schema: the schema of the table that is referred to.
        :param dialect_kw: options of a dialect, such as ``postgresql_not_valid``.
        :raises CommandError: when the columns do not pair.

        Example::

            op.create_foreign_key(
                "fk_account_group", "account", "group", ["group_id"], ["id"],
                ondelete="CASCADE",
            )
        """
        self._run(
            ops.CreateForeignKeyOp,
            constraint_name,
            source_table,
            referent_table,
            local_cols,
            remote_cols,
            onupdate=onupdate,
            ondelete=ondelete,
            deferrable=deferrable,
            initially=initially,
            match=match,
            source_schema=source_schema,
            referent_schema=referent_schema,
            **dialect_kw,
        )

    def create_exclude_constraint(
        self, constraint_name: str, table_name: str, *elements: Any, **kw: Any
    ) -> Optional[Table]:
        """Add an exclude constraint to a table; PostgreSQL only.

        :param constraint_name: its name.
        :param table_name: the name of the table.
        :param elements: pairs of a column name or expression and an operator.
        :param kw: ``where`` for the condition of the rows that count, ``using`` for
            the index method, ``ops`` for operator classes, ``schema``,
            ``deferrable``, ``initially``.

        Example::

            op.create_exclude_constraint(
                "no_overlap", "booking", ("room", "="), ("during", "&&"),
                where="not cancelled", using="gist",
            )
        """
        table: Optional[Table] = self._run(
            ops.CreateExcludeConstraintOp,
            constraint_name,
            table_name,
            list(elements),
            **kw,
        )
        return table

    def drop_constraint(
        self,
        constraint_name: Optional[str],
        table_name: str,
        type_: Optional[str] = None,
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        columns: Optional[Sequence[str]] = None,
    ) -> None:
        """Drop a constraint of a table.

        :param constraint_name: its name. With None it is looked up in the database
            by ``type_`` and ``columns``, or made by the naming convention.
        :param table_name: the name of the table.
        :param type_: ``"foreignkey"``, ``"primary"``, ``"unique"`` or ``"check"``.
            MySQL and MariaDB need it where there is no connection to ask.
        :param schema: the schema of the table.
        :param if_exists: do nothing when there is no such constraint.
        :param columns: the names of its columns, for a constraint whose name is not
            known.
        :raises CommandError: when it has no name and cannot be found.
        :raises TypeError: when ``type_`` is none of the kinds.

        Example::

            op.drop_constraint("fk_account_group", "account", type_="foreignkey")
            op.drop_constraint(None, "account", type_="unique", columns=["name"])
        """
        self._run(
            ops.DropConstraintOp,
            constraint_name,
            table_name,
            type_,
            schema=schema,
            if_exists=if_exists,
            columns=columns,
        )


class BatchConstraintDirectives(OperationsCore):
    """What can be done with constraints of the table of a batch."""

    def create_primary_key(
        self, constraint_name: Optional[str], columns: List[str]
    ) -> None:
        """Give the table a primary key; see `Operations.create_primary_key`.

        Where the table is written anew, the key replaces the one it has.
        """
        self._run(
            ops.CreatePrimaryKeyOp,
            constraint_name,
            self.impl.table_name,
            columns,
            schema=self.impl.schema,
        )

    def create_unique_constraint(
        self, constraint_name: Optional[str], columns: Sequence[str], **kw: Any
    ) -> Any:
        """Add a unique constraint; see `Operations.create_unique_constraint`."""
        return self._run(
            ops.CreateUniqueConstraintOp,
            constraint_name,
            self.impl.table_name,
            columns,
            schema=self.impl.schema,
            **kw,
        )

    def create_check_constraint(
        self, constraint_name: Optional[str], condition: Condition, **kw: Any
    ) -> None:
        """Add a check constraint; see `Operations.create_check_constraint`."""
        self._run(
            ops.CreateCheckConstraintOp,
            constraint_name,
            self.impl.table_name,
            condition,
            schema=self.impl.schema,
            **kw,
        )

    def create_foreign_key(
        self,
        constraint_name: Optional[str],
        referent_table: str,
        local_cols: List[str],
        remote_cols: List[str],
        *,
        referent_schema: Optional[str] = None,
        onupdate: Optional[str] = None,
        ondelete: Optional[str] = None,
        deferrable: Optional[bool] = None,
        initially: Optional[str] = None,
        match: Optional[str] = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key; see `Operations.create_foreign_key`."""
        self._run(
            ops.CreateForeignKeyOp,
            constraint_name,
            self.impl.table_name,
            referent_table,
            local_cols,
            remote_cols,
            onupdate=onupdate,
            ondelete=ondelete,
            deferrable=deferrable,
            initially=initially,
            match=match,
            source_schema=self.impl.schema,
            referent_schema=referent_schema,
            **dialect_kw,
        )

    def create_exclude_constraint(
        self, constraint_name: str, *elements: Any, **kw: Any
    ) -> Optional[Table]:
        """Add an exclude constraint; see `Operations.create_exclude_constraint`."""
        kw.setdefault("schema", self.impl.schema)
        table: Optional[Table] = self._run(
            ops.CreateExcludeConstraintOp,
            constraint_name,
            self.impl.table_name,
            list(elements),
            **kw,
        )
        return table

    def drop_constraint(
        self,
        constraint_name: Optional[str],
        type_: Optional[str] = None,
        *,
        columns: Optional[Sequence[str]] = None,
    ) -> None:
        """Drop a constraint of the table; see `Operations.drop_constraint`."""
        self._run(
            ops.DropConstraintOp,
            constraint_name,
            self.impl.table_name,
            type_,
            schema=self.impl.schema,
            columns=columns,
        )
