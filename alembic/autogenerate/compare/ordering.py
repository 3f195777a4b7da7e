"""One order in which all operations can run, those of the downgrade as well.

The comparators emit tables in the order of their dependencies: created, dropped,
changed. What that order cannot satisfy is always a foreign key: one of a circle of new
tables, one to a table that is dropped, one to a column or key that comes or goes in
another table's changes. Such foreign keys are taken out of their place, dropped before
everything else and created after everything else. All other operations stay where they
are.
"""

from __future__ import annotations

from typing import AbstractSet
from typing import Any
from typing import Callable
from typing import cast
from typing import Dict
from typing import FrozenSet
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import ForeignKeyConstraint

from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.columns import DropColumnOp
from alembic.operations.ops.constraints import CreatePrimaryKeyOp
from alembic.operations.ops.constraints import CreateUniqueConstraintOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.operations.ops.containers import ModifyTableOps
from alembic.operations.ops.foreign_keys import CreateForeignKeyOp
from alembic.operations.ops.indexes import CreateIndexOp
from alembic.operations.ops.indexes import DropIndexOp
from alembic.operations.ops.tables import CreateTableOp
from alembic.operations.ops.tables import DropTableOp
from alembic.sqla.foreign_keys import foreign_key_spec

from .foreign_keys import existing_foreign_keys
from .foreign_keys import foreign_keys_of_model
from .key_indexes import DropIndexOfForeignKeyOp
from .validity import ValidateConstraintOp

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
    from alembic.operations.ops.containers import DowngradeOps
    from alembic.operations.ops.containers import OpContainer
    from alembic.operations.ops.containers import UpgradeOps

TableName = Tuple[Optional[str], str]


def put_upgrade_in_order(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> None:
    """Rearrange the operations of an upgrade so that they run.

    Nothing happens where the database cannot alter constraints: there foreign keys
    are part of the table and may point to tables that do not exist yet.

    :param autogen_context: knows the dialect, and the database as it is before.
    :param upgrade_ops: the operations; its list is changed in place.
    """
    _put_in_order(autogen_context, upgrade_ops, existing_foreign_keys)


def put_downgrade_in_order(
    autogen_context: AutogenContext, downgrade_ops: DowngradeOps
) -> None:
    """Rearrange the operations of a downgrade, the reverse of an upgrade in order.

    Most of it is in order by that. What is left are foreign keys of the model that
    rest on something the upgrade brings.

    :param autogen_context: knows the dialect and the model.
    :param downgrade_ops: the operations; its list is changed in place.
    """
    _put_in_order(autogen_context, downgrade_ops, foreign_keys_of_model)


def _put_in_order(
    autogen_context: AutogenContext,
    container: OpContainer,
    existing: Callable[[AutogenContext], Iterator[ForeignKeyConstraint]],
) -> None:
    dialect = autogen_context.dialect
    if not dialect.supports_alter or not container.ops:
        return
    plan = _Plan(container.ops, dialect.default_schema_name)
    if dialect.name in ("mysql", "mariadb"):
        plan.indexes_serve_foreign_keys = True
        plan.drop_indexes_of_retyped_columns_first()
    plan.take_from_created_tables()
    plan.take_from_dropped_tables()
    plan.take_from_changed_tables()
    if plan.disturbs_foreign_keys():
        plan.rebuild(existing(autogen_context))
    container.ops[:] = plan.result()


class _Link(NamedTuple):
    """A foreign key, as far as its place in the order depends on it."""

    source: TableName
    source_columns: FrozenSet[str]
    target: TableName
    target_columns: FrozenSet[str]


class _Changes:
    """What the operations on one table do to things that foreign keys rest on."""

    def __init__(self) -> None:
        self.retyped: Set[str] = set()
        self.added: List[Set[str]] = []
        self.removed: List[Set[str]] = []

    def add(self, op: MigrateOperation) -> None:
        """Note one operation."""
        if isinstance(op, AddColumnOp):
            self.added.append({op.column.name})
        elif isinstance(op, DropColumnOp):
            self.removed.append({op.column_name})
        elif isinstance(op, AlterColumnOp) and op.modify_type is not None:
            self.retyped.add(op.column_name)
        elif isinstance(op, (CreateUniqueConstraintOp, CreatePrimaryKeyOp)):
            self.added.append(set(op.columns))
        elif isinstance(op, CreateIndexOp):
            self.added.append(_names(op.to_index().columns))
        elif isinstance(op, DropIndexOfForeignKeyOp):
            # goes with its foreign key
            pass
        elif isinstance(op, DropIndexOp):
            self.removed.append(_names(op.to_index().columns))
        elif isinstance(op, DropConstraintOp) and op.constraint_type != "foreignkey":
            constraint: Any = op.to_constraint()
            self.removed.append(_names(getattr(constraint, "columns", ())))

    def bring(self, columns: AbstractSet[str]) -> bool:
        """Tell whether columns, or a key over them, come with these changes."""
        return bool(self.retyped & columns) or any(
            key and key <= columns for key in self.added
        )

    def take(self, columns: AbstractSet[str]) -> bool:
        """Tell whether columns, or a key over them, go with these changes."""
        return bool(self.retyped & columns) or any(
            key and key <= columns for key in self.removed
        )

    def take_index_of(self, columns: AbstractSet[str]) -> bool:
        """Tell whether an index that begins with some of the columns may go."""
        return any(key & columns for key in self.removed)

    def disturb(self) -> bool:
        """Tell whether foreign keys that stay may be in the way of the changes."""
        return bool(self.retyped or self.removed)


_NO_CHANGES = _Changes()


class _Plan:
    """The operations, and the foreign keys taken out of them."""

    indexes_serve_foreign_keys = False
    """Does the database refuse to drop an index that a foreign key needs?"""

    def __init__(
        self, operations: List[MigrateOperation], default_schema: Optional[str]
    ) -> None:
        self._operations = operations
        self._default_schema = default_schema
        self._early: Dict[TableName, List[MigrateOperation]] = {}
        self._late: Dict[TableName, List[MigrateOperation]] = {}
        self._created: Dict[TableName, int] = {}
        self._dropped: Dict[TableName, int] = {}
        self._changed: Dict[TableName, _Changes] = {}
        self._position: Dict[TableName, int] = {}
        for position, op in enumerate(operations):
            if isinstance(op, CreateTableOp):
                self._created[self._name(op.schema, op.table_name)] = position
            elif isinstance(op, DropTableOp):
                self._dropped[self._name(op.schema, op.table_name)] = position
            elif isinstance(op, ModifyTableOps):
                name = self._name(op.schema, op.table_name)
                changes = self._changed.setdefault(name, _Changes())
                self._position[name] = position
                for part in op.ops:
                    changes.add(part)

    def drop_indexes_of_retyped_columns_first(self) -> None:
        """Drop indexes ahead of type changes that they do not allow."""
        for op in self._operations:
            if not isinstance(op, ModifyTableOps):
                continue
            changes = self._changed[self._name(op.schema, op.table_name)]
            first = [
                part
                for part in op.ops
                if changes.retyped and changes.retyped & _columns_of_dropped_key(part)
            ]
            if first:
                op.ops[:] = [*first, *(part for part in op.ops if part not in first)]

    def take_from_created_tables(self) -> None:
        """Create later what points to a table or key that is not there yet."""
        for name, position in self._created.items():
            op = cast(CreateTableOp, self._operations[position])
            for fk in _foreign_keys(op.columns):
                link = self._link(fk)
                if link.target == name:
                    continue
                created_at = self._created.get(link.target, -1)
                changes = self._changed.get(link.target)
                if (
                    fk.use_alter
                    or created_at > position
                    or (
                        created_at < 0
                        and changes is not None
                        and changes.bring(link.target_columns)
                    )
                ):
                    op.columns = [item for item in op.columns if item is not fk]
                    self._late.setdefault(name, []).append(
                        CreateForeignKeyOp.from_constraint(fk)
                    )

    def take_from_dropped_tables(self) -> None:
        """Drop earlier what points to a table that is dropped before its own."""
        for name, position in self._dropped.items():
            op = cast(DropTableOp, self._operations[position])
            known = op._reverse
            if known is None:
                continue
            for fk in _foreign_keys(known.columns):
                link = self._link(fk)
                if self._is_dropped_earlier(link, position) or self._loses_key(link):
                    known.columns = [item for item in known.columns if item is not fk]
                    self._early.setdefault(name, []).append(
                        DropConstraintOp.from_constraint(fk)
                    )

    def _is_dropped_earlier(self, link: _Link, position: int) -> bool:
        return (
            link.target != link.source
            and self._dropped.get(link.target, position) < position
        )

    def take_from_changed_tables(self) -> None:
        """Drop earlier, or create later, what the changes of tables depend on."""
        for position, op in enumerate(self._operations):
            if not isinstance(op, ModifyTableOps):
                continue
            name = self._name(op.schema, op.table_name)
            for part in list(op.ops):
                if (
                    isinstance(part, DropConstraintOp)
                    and part.constraint_type == "foreignkey"
                ):
                    if self._must_go_early(self._link(part.to_constraint())):
                        early = self._early.setdefault(name, [])
                        early.append(part)
                        early.extend(_index_made_for(part, op.ops))
                        op.ops[:] = [other for other in op.ops if other not in early]
                elif isinstance(part, CreateForeignKeyOp) and self._must_come_late(
                    self._link(part.to_constraint()), position
                ):
                    op.ops.remove(part)
                    self._late.setdefault(name, []).append(part)

    def _must_go_early(self, link: _Link) -> bool:
        return link.target in self._dropped or self._loses_key(link)

    def _loses_key(self, link: _Link) -> bool:
        """Tell whether what a foreign key rests on changes or goes."""
        target = self._changed.get(link.target, _NO_CHANGES)
        source = self._changed.get(link.source, _NO_CHANGES)
        return (
            target.take(link.target_columns)
            or bool(source.retyped & link.source_columns)
            or (
                self.indexes_serve_foreign_keys
                and (
                    source.take_index_of(link.source_columns)
                    or target.take_index_of(link.target_columns)
                )
            )
        )

    def _must_come_late(self, link: _Link, position: int) -> bool:
        target = self._changed.get(link.target, _NO_CHANGES)
        if self.indexes_serve_foreign_keys and (
            self._changed[link.source].take_index_of(link.source_columns)
            or target.take_index_of(link.target_columns)
        ):
            # it would hold on to an index that is dropped after it
            return True
        return self._position.get(link.target, -1) > position and target.bring(
            link.target_columns
        )

    def disturbs_foreign_keys(self) -> bool:
        """Tell whether foreign keys that stay may have to be made anew."""
        return any(
            changes.disturb()
            for name, changes in self._changed.items()
            if name not in self._created and name not in self._dropped
        )

    def rebuild(self, existing: Iterator[ForeignKeyConstraint]) -> None:
        """Drop foreign keys that stay, and create them again after the changes.

        :param existing: all foreign keys of the database; those that are dropped or
            created by an operation are left alone.
        """
        handled = {
            self._link(part.to_constraint())
            for part in self._parts()
            if isinstance(part, CreateForeignKeyOp)
            or (
                isinstance(part, DropConstraintOp)
                and part.constraint_type == "foreignkey"
            )
        }
        untouched = {*self._dropped, *self._created}
        for fk in existing:
            link = self._link(fk)
            if link in handled or link.source in untouched or not self._loses_key(link):
                continue
            self._early.setdefault(link.source, []).append(
                DropConstraintOp.from_constraint(fk)
            )
            create = CreateForeignKeyOp.from_constraint(fk)
            self._late.setdefault(link.source, []).append(create)
            position = self._position.get(link.source)
            if position is not None:
                op = cast(ModifyTableOps, self._operations[position])
                self._create_unnamed_late(op, link.source)
                if _take_validation(op, fk):
                    create.kw.pop("postgresql_not_valid", None)

    def _create_unnamed_late(self, op: ModifyTableOps, name: TableName) -> None:
        for part in list(op.ops):
            if isinstance(part, CreateForeignKeyOp) and part.constraint_name is None:
                op.ops.remove(part)
                self._late[name].append(part)

    def _parts(self) -> Iterator[MigrateOperation]:
        for op in self._operations:
            if isinstance(op, ModifyTableOps):
                yield from op.ops
        for parts in (*self._early.values(), *self._late.values()):
            yield from parts

    def result(self) -> List[MigrateOperation]:
        """Return all operations in their order."""
        kept = [
            op
            for op in self._operations
            if not (isinstance(op, ModifyTableOps) and op.is_empty())
        ]
        early = list(_by_table(self._early))
        if early:
            # new tables need none of it; reversed, it comes after the tables that
            # it needs
            first = next(
                (
                    position
                    for position, op in enumerate(kept)
                    if isinstance(op, DropTableOp)
                    or (
                        isinstance(op, ModifyTableOps)
                        and self._name(op.schema, op.table_name) not in self._created
                    )
                ),
                len(kept),
            )
            kept[first:first] = early
        for parts in self._late.values():
            # those without a name last: the database could give them another's
            parts.sort(key=lambda op: getattr(op, "constraint_name", None) is None)
        return kept + list(_by_table(self._late))

    def _name(self, schema: Optional[str], name: str) -> TableName:
        return (None if schema == self._default_schema else schema, name)

    def _link(self, constraint: Any) -> _Link:
        spec = foreign_key_spec(constraint)
        return _Link(
            self._name(spec[0], spec[1]),
            frozenset(spec[2]),
            self._name(spec[3], spec[4]),
            frozenset(spec[5]),
        )


def _take_validation(op: ModifyTableOps, fk: ForeignKeyConstraint) -> bool:
    """Take out what validates a foreign key that is created again anyway."""
    for part in op.ops:
        if isinstance(part, ValidateConstraintOp) and part.constraint_name == fk.name:
            op.ops.remove(part)
            return True
    return False


def _index_made_for(
    drop: DropConstraintOp, operations: List[MigrateOperation]
) -> List[MigrateOperation]:
    """Return the operation behind that of a foreign key which drops its index."""
    behind = operations[operations.index(drop) + 1 :][:1]
    return [op for op in behind if isinstance(op, DropIndexOfForeignKeyOp)]


def _columns_of_dropped_key(op: MigrateOperation) -> Set[str]:
    if isinstance(op, DropIndexOp):
        return _names(op.to_index().columns)
    if isinstance(op, DropConstraintOp) and op.constraint_type == "unique":
        return set(op.columns or ())
    return set()


def _foreign_keys(items: Any) -> List[ForeignKeyConstraint]:
    return [item for item in items if isinstance(item, ForeignKeyConstraint)]


def _names(columns: Any) -> Set[str]:
    return {column.name for column in columns}


def _by_table(
    operations: Dict[TableName, List[MigrateOperation]],
) -> Iterator[MigrateOperation]:
    for (schema, name), parts in operations.items():
        yield ModifyTableOps(name, parts, schema=schema)


__all__ = ["put_downgrade_in_order", "put_upgrade_in_order"]
