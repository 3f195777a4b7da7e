"""The changes of a batch, made on copies of what SQLAlchemy knows of a table."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from typing import cast
from typing import Dict
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import Table
from sqlalchemy import types as sqltypes
from sqlalchemy.schema import Constraint

from ...sqla.constraints import columns_of
from ...sqla.constraints import in_creation_order
from ...sqla.constraints import is_type_bound
from ...sqla.names import constraint_name_string
from ...util.exc import CommandError
from . import copies
from .errors import NamelessConstraint
from .errors import NoSuchColumn
from .errors import NoSuchConstraint
from .errors import NoSuchIndex
from .ordering import ColumnOrder

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from ...ddl.impl import DefaultImpl


class ChangedTable:
    """A table with changes applied; see `ApplyBatchImpl` for the parameters.

    The methods named like operations take what `BatchOperationsImpl` recorded.

    :ivar columns: copies of the columns, by the names they had.
    :ivar column_transfers: what each is filled with, as ``{"expr": ..., "name": ...}``.
    :ivar named_constraints: the constraints that have a name, by name.
    :ivar unnamed_constraints: the others.
    :ivar indexes: the indexes there are, by name.
    :ivar new_indexes: the indexes to be made, by name.
    """

    def __init__(
        self,
        impl: DefaultImpl,
        table: Table,
    ) -> None:
        self.impl = impl
        self.table = table
        self.columns: Dict[str, Column[Any]] = OrderedDict()
        self.column_transfers: Dict[str, Dict[str, Any]] = OrderedDict()
        # without constraints: the tables that they refer to may not be known
        self._source = copies.bare_table(table)
        for column in table.columns:
            self.columns[column.name] = copies.column(column)
            if getattr(column, "computed", None) is None:
                self.column_transfers[column.name] = self._transfer(column.name)
        self.order = ColumnOrder(self.columns)
        self._dropped: List[str] = []
        self.rekeyed: Dict[str, str] = {}
        self.options = copies.table_options(table)
        self._gather_constraints()
        self.indexes: Dict[Optional[str], Index] = OrderedDict(
            (cast(Optional[str], index.name), index)
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        )
        self.new_indexes: Dict[Optional[str], Tuple[Index, Dict[str, Any]]] = (
            OrderedDict()
        )

    def _transfer(self, name: str) -> Dict[str, Any]:
        return {"expr": self._source.columns[name]}

    def _gather_constraints(self) -> None:
        self.named_constraints: Dict[str, Constraint] = OrderedDict()
        self.unnamed_constraints: List[Constraint] = []
        for constraint in in_creation_order(self.table.constraints):
            if is_type_bound(constraint):
                # the type makes it again for the copy of its column
                continue
            if constraint_name_string(constraint.name):
                self.named_constraints[constraint.name] = constraint
            else:
                self.unnamed_constraints.append(constraint)

    @property
    def existing_ordering(self) -> List[str]:
        """The columns in the order they will have, but for ``partial_reordering``."""
        return self.order.names

    # columns

    def _key(self, name: str) -> str:
        """Return the name a column had, given that or the one it has now."""
        if name in self.columns:
            return name
        for key, column in self.columns.items():
            if column.name == name:
                return key
        raise NoSuchColumn(self.table.name, name)

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        insert_before: Optional[str] = None,
        insert_after: Optional[str] = None,
        **kw: Any,
    ) -> None:
        """Add a column.

        :param table_name: the table; there is but one.
        :param column: the column; its constraints are added on their own.
        :param insert_before: the column that shall follow it.
        :param insert_after: the column that it shall follow.
        :param kw: ``if_not_exists``, and options of other dialects.
        :raises CommandError: when there is a column of that name.
        """
        taken = [key for key, c in self.columns.items() if c.name == column.name]
        if taken:
            if kw.get("if_not_exists"):
                return
            raise CommandError(
                f"Can't add column {column.name!r}: table {self.table.name!r} has a "
                "column of that name"
            )
        if column.name in self.columns:
            self._rekey(column.name, self.columns[column.name].name)
        self.columns[column.name] = copies.column(column)
        if kw.get("inline_references"):
            for constraint in column.table.foreign_key_constraints:
                self.add_constraint(constraint)
        self.order.place(
            column.name,
            before=self._key(insert_before) if insert_before else None,
            after=self._key(insert_after) if insert_after else None,
        )

    def _rekey(self, old: str, new: str) -> None:
        """Know a renamed column by its new name: the old one is given to another."""
        mappings: Tuple[Dict[str, Any], ...] = (self.columns, self.column_transfers)
        for mapping in mappings:
            if old in mapping:
                mapping[new] = mapping.pop(old)
        self.order.names = [new if name == old else name for name in self.order.names]
        self.rekeyed[old] = new

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        nullable: Optional[bool] = None,
        server_default: Any = False,
        name: Optional[str] = None,
        type_: Optional[TypeEngine[Any]] = None,
        autoincrement: Optional[Union[bool, str]] = None,
        comment: Union[str, bool, None] = False,
        **kw: Any,
    ) -> None:
        """Change a column; see `DefaultImpl.alter_column` for the parameters.

        :param kw: ``insert_before`` and ``insert_after``, and what is known of the
            column as it was.
        """
        key = self._key(column_name)
        existing = self.columns[key]
        if type_ is not None:
            type_ = sqltypes.to_instance(type_)
            transfer = self.column_transfers.get(key)
            if transfer is not None:
                self.impl.cast_for_batch_migrate(existing, transfer, type_)
        self.columns[key] = copies.changed_column(
            existing,
            type_=type_,
            nullable=nullable,
            server_default=server_default,
            name=name,
            autoincrement=autoincrement,
            comment=comment,
        )
        if name is not None and key in self.column_transfers:
            self.column_transfers[key]["name"] = name
        if server_default is not False:
            self._settle_transfer(key)
        before, after = kw.get("insert_before"), kw.get("insert_after")
        if before or after:
            self.order.place(
                key,
                before=self._key(before) if before else None,
                after=self._key(after) if after else None,
            )

    def _settle_transfer(self, key: str) -> None:
        """Copy no values into a column that has become computed."""
        if getattr(self.columns[key], "computed", None) is not None:
            self.column_transfers.pop(key, None)
        elif key not in self.column_transfers and key in self._source.columns:
            self.column_transfers[key] = self._transfer(key)

    def drop_column(self, table_name: str, column: Column[Any], **kw: Any) -> None:
        """Drop a column, and the constraints and indexes that are about it.

        :param table_name: the table; there is but one.
        :param column: the column; its name counts.
        :param kw: ``if_exists``, and options of other dialects.
        """
        try:
            key = self._key(column.name)
        except NoSuchColumn:
            if kw.get("if_exists"):
                return
            raise
        del self.columns[key]
        self.column_transfers.pop(key, None)
        self.order.remove(key)
        self._dropped.append(key)

    def settle_drops(self) -> None:
        """Take away what means nothing without the dropped columns.

        :raises CommandError: when an index or CHECK is also about other columns.
        """
        for key in self._dropped:
            if key in self.columns:
                # it was dropped and added again; what is about it stays
                continue
            for constraint in self.all_constraints():
                if self._must_go_with(constraint, key):
                    self._remove(constraint)
            for name, index in list(self.indexes.items()):
                columns = copies.index_columns(index, self.table)
                if key in columns:
                    self._refuse_others(
                        key,
                        columns,
                        f"index {name!r}",
                        f"drop the index too with batch_op.drop_index({name!r})",
                    )
                    del self.indexes[name]

    def _refuse_others(
        self, dropped: str, columns: Set[str], what: str, remedy: str
    ) -> None:
        """Refuse to drop a column when something is about columns that stay."""
        others = sorted(columns.intersection(self.columns))
        if others:
            raise CommandError(
                f"Can't drop column {dropped!r} of table {self.table.name!r}: {what} "
                f"is also about {', '.join(map(repr, others))}; {remedy}, in the same "
                "batch"
            )

    def _must_go_with(self, constraint: Constraint, key: str) -> bool:
        """Tell whether a constraint means nothing without a column."""
        if isinstance(constraint, CheckConstraint):
            mentioned = copies.check_columns(constraint, [*self.columns, key])
            if key not in mentioned:
                return False
            name = (
                f" {constraint.name!r}"
                if constraint_name_string(constraint.name)
                else ""
            )
            self._refuse_others(
                key, mentioned, f"the CHECK constraint{name}", "drop it too"
            )
            return True
        columns = {column.name for column in columns_of(constraint)}
        if isinstance(constraint, PrimaryKeyConstraint):
            # a primary key keeps its other columns
            return columns <= {key}
        return key in columns

    # constraints

    def all_constraints(self) -> List[Constraint]:
        """Return the constraints that the table shall have."""
        return list(self.unnamed_constraints) + list(self.named_constraints.values())

    def _remove(self, constraint: Constraint) -> None:
        for name, candidate in list(self.named_constraints.items()):
            if candidate is constraint:
                del self.named_constraints[name]
        self.unnamed_constraints = [
            c for c in self.unnamed_constraints if c is not constraint
        ]

    def add_constraint(self, const: Constraint) -> None:
        """Add a constraint; one of the same name is replaced.

        :param const: a constraint of a table made for it.
        """
        if is_type_bound(const):
            # the type of its column brings it along
            return
        if isinstance(const, PrimaryKeyConstraint):
            for old in self.all_constraints():
                if isinstance(old, PrimaryKeyConstraint):
                    self._remove(old)
            for key, column in self.columns.items():
                self.columns[key] = copies.without_key(column)
        if constraint_name_string(const.name):
            self.named_constraints[const.name] = const
        else:
            self.unnamed_constraints.append(const)

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Drop a constraint.

        :param const: a constraint that has the name; without a name, its columns
            tell which is meant.
        :param kw: ``if_exists``.
        :raises NoSuchConstraint: when there is none.
        """
        found: Optional[Constraint] = None
        if constraint_name_string(const.name):
            found = self.named_constraints.get(const.name)
            if found is None and self._forget_type_bound(str(const.name)):
                return
        if found is None:
            found = self._same_columns(const)
        if found is not None:
            self._remove(found)
            if isinstance(found, PrimaryKeyConstraint):
                for key, column in self.columns.items():
                    self.columns[key] = copies.without_key(column)
        elif is_type_bound(const) or kw.get("if_exists"):
            # the new type of its column does not bring it along
            return
        elif constraint_name_string(const.name):
            raise NoSuchConstraint(str(const.name))
        else:
            raise NamelessConstraint()

    def _same_columns(self, const: Constraint) -> Optional[Constraint]:
        """Return the nameless constraint of the same kind and columns."""
        if isinstance(const, CheckConstraint) or type(const) is Constraint:
            return None
        wanted = {column.name for column in columns_of(const)}
        for candidate in self.unnamed_constraints:
            if type(candidate) is type(const) and (
                {column.name for column in columns_of(candidate)} == wanted
                or isinstance(const, PrimaryKeyConstraint)
            ):
                return candidate
        return None

    def _forget_type_bound(self, name: str) -> bool:
        """Take away the CHECK that the type of a column brings, by its name."""
        for key, column in self.columns.items():
            type_: Any = column.type
            if getattr(type_, "name", None) == name and hasattr(
                type_, "create_constraint"
            ):
                plain = type_.copy()
                plain.create_constraint = False
                self.columns[key] = copies.changed_column(column, type_=plain)
                return True
        return False

    # indexes

    def create_index(self, idx: Index, **kw: Any) -> None:
        """Make an index when the new table has its name.

        :param idx: an index of a table made for it.
        :param kw: ``if_not_exists``, and options of ``CreateIndex``.
        """
        name = cast(Optional[str], idx.name)
        if kw.get("if_not_exists") and name in self.indexes:
            return
        self.new_indexes[name] = (idx, kw)

    def drop_index(self, idx: Index, **kw: Any) -> None:
        """Drop an index.

        :param idx: an index that has the name.
        :param kw: ``if_exists``.
        :raises NoSuchIndex: when there is none.
        """
        name = cast(Optional[str], idx.name)
        if name in self.new_indexes:
            del self.new_indexes[name]
        elif name in self.indexes:
            del self.indexes[name]
        elif not kw.get("if_exists"):
            raise NoSuchIndex(str(name))

    # comments and names

    def create_table_comment(self, table: Table) -> None:
        """Give the table a comment."""
        self.options["comment"] = table.comment

    def drop_table_comment(self, table: Table) -> None:
        """Take the table's comment away."""
        self.options["comment"] = None

    def create_column_comment(self, column: Column[Any]) -> None:
        """Give a column a comment."""
        self.columns[self._key(column.name)].comment = column.comment

    def rename_table(self, *arg: Any, **kw: Any) -> None:
        """Refuse: a table is renamed outside of a batch.

        :raises NotImplementedError: always.
        """
        raise NotImplementedError(
            "A batch does not rename its table; use op.rename_table() after it"
        )
