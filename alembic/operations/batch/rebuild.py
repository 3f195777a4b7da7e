"""A table as SQLAlchemy sees it, made anew with changes: move and copy.

This is the way of ``copy_from``, of ``--sql`` mode, and of databases other than SQLite.
A live SQLite table is changed on the text that SQLite keeps of it, which knows more
than a `sqlalchemy.Table` can say; that is in `alembic.operations.batch.sqlite`.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from typing import cast
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import Table
from sqlalchemy.schema import Constraint

from ...sqla.constraints import is_written_by
from ...sqla.driver import is_mariadb
from . import copies
from . import numbering
from .changed_table import ChangedTable
from .ordering import partially_reordered
from .recorded import temporary_name

if TYPE_CHECKING:
    from ...ddl.impl import DefaultImpl


class ApplyBatchImpl(ChangedTable):
    """A table with changes applied, and the new table that comes of them.

    The methods named like operations take what `BatchOperationsImpl` recorded;
    `create()` then makes the new table and puts it in the place of the old one.

    :param impl: the dialect's implementation.
    :param table: the table as it is.
    :param table_args: further arguments for the new ``Table``.
    :param table_kwargs: further keyword arguments for it.
    :param reflected: whether ``table`` was reflected rather than written down.
    :param partial_reordering: tuples of columns in the order they shall have.

    :ivar new_table: the new version, once it is made.
    """

    def __init__(
        self,
        impl: DefaultImpl,
        table: Table,
        table_args: Sequence[Any],
        table_kwargs: Mapping[str, Any],
        reflected: bool,
        partial_reordering: Sequence[Sequence[str]] = (),
    ) -> None:
        super().__init__(impl, table)
        self.table_args = table_args
        self.table_kwargs = table_kwargs
        self.reflected = reflected
        self.partial_reordering = tuple(partial_reordering or ())
        self.temp_table_name = temporary_name(table.name)
        self.new_table: Optional[Table] = None
        self._added_last: List[Constraint] = []

    def create(self) -> None:
        """Make the new table, fill it, and put it in the place of the old one.

        When that fails, the new table is dropped again where the database does not
        do so by itself.
        """
        self.make_new_table()
        self.impl.prep_table_for_batch(cast(Any, self), self.table)
        try:
            self.create_new_table()
            self.copy_rows()
            self.impl.drop_table(self.table)
        except BaseException:
            self._drop_new_table()
            raise
        self.impl.rename_table(
            self.temp_table_name, self.table.name, schema=self.table.schema
        )
        self.create_indexes()

    def _drop_new_table(self) -> None:
        if self.impl.as_sql or self.impl.transactional_ddl:
            return
        assert self.new_table is not None
        try:
            self.impl.drop_table(self.new_table)
        except Exception:  # noqa: BLE001 - the first error is the one to tell
            pass

    def make_new_table(self) -> Table:
        """Return the new version of the table, under its temporary name."""
        self.settle_drops()
        order = partially_reordered(self.order.names, self.partial_reordering)
        options = dict(self.options)
        options.update(self.table_kwargs)
        constraints = [
            constraint
            for constraint in self.all_constraints()
            if is_written_by(constraint, self.impl)
            or isinstance(constraint, PrimaryKeyConstraint)
        ]
        self._added_last = [c for c in constraints if self._name_is_taken(c)]
        constraints = [c for c in constraints if not self._name_is_taken(c)]
        self.new_table = copies.new_table(
            self.table,
            self.temp_table_name,
            OrderedDict((key, self.columns[key]) for key in order),
            constraints,
            self.table_args,
            options,
            self.rekeyed,
        )
        return self.new_table

    def _name_is_taken(self, constraint: Constraint) -> bool:
        """Tell whether old and new table cannot both have a constraint for a while.

        Names of foreign keys belong to the whole database on MySQL and MariaDB, those
        of CHECK constraints on MySQL.
        """
        dialect = self.impl.dialect
        if dialect.name not in ("mysql", "mariadb") or constraint.name is None:
            return False
        belong_to_database: Any = (ForeignKeyConstraint,)
        if not is_mariadb(dialect):
            belong_to_database = (ForeignKeyConstraint, CheckConstraint)
        return isinstance(constraint, belong_to_database) and any(
            isinstance(other, belong_to_database) and other.name == constraint.name
            for other in self.table.constraints
        )

    def create_new_table(self) -> None:
        """Have the database make the new table."""
        assert self.new_table is not None
        self.impl.create_table(self.new_table)

    def copy_rows(self) -> None:
        """Copy all rows into the new table, with one statement."""
        assert self.new_table is not None
        targets, expressions = [], []
        for column in self.new_table.columns:
            transfer = self.column_transfers.get(column.key)
            if transfer is not None:
                targets.append(column)
                expressions.append(_labelled(transfer["expr"], column.key))
        if targets:
            statement = copies.insert_from_select(self.new_table, targets, expressions)
            self.impl._exec(
                numbering.copying_statement(self.impl, self.new_table, statement)
            )
            numbering.go_on_counting(self.impl, self.table, self.new_table)

    def create_indexes(self) -> None:
        """Make what can be made only when the new table has its name: indexes."""
        assert self.new_table is not None
        self.new_table.name = self.table.name
        for index in self.indexes.values():
            self.impl.create_index(copies.index(index, self.new_table))
        for index, kw in self.new_indexes.values():
            self.impl.create_index(copies.index(index, self.new_table), **kw)
        for constraint in self._added_last:
            copy = copies.constraint(
                constraint, self.table, self.new_table, self.rekeyed
            )
            assert copy is not None
            self.new_table.append_constraint(copy)
            self.impl.add_constraint(copy)


def _labelled(expression: Any, name: str) -> Any:
    """Return what is copied under a name of its own, if it is not a plain column."""
    if isinstance(expression, Column):
        return expression
    return expression.label(name)
