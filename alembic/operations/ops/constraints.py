"""Constraints as operations: create primary keys, uniques, checks; drop any.

Foreign keys and PostgreSQL's exclude constraints have modules of their own.
"""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Dict
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import Type
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import Union

from sqlalchemy.schema import Constraint
from sqlalchemy.schema import Table

from alembic.sqla import constraints
from alembic.sqla import names
from alembic.util.dispatch import Dispatcher

from ..schemaobj import SchemaObjects
from .base import as_columns
from .base import MigrateOperation
from .columns import column_names

if TYPE_CHECKING:
    from sqlalchemy.schema import CheckConstraint
    from sqlalchemy.schema import PrimaryKeyConstraint
    from sqlalchemy.schema import UniqueConstraint
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.sql.elements import TextClause

    from alembic.migration.migration_context import MigrationContext

_AC = TypeVar("_AC", bound="AddConstraintOp")

KINDS: Dict[str, str] = {
    "unique_constraint": "unique",
    "foreign_key_constraint": "foreignkey",
    "primary_key_constraint": "primary",
    "check_constraint": "check",
    "column_check_constraint": "check",
    "table_or_column_check_constraint": "check",
}
"""What SQLAlchemy calls a constraint -> the ``type_`` that drops it."""


class AddConstraintOp(MigrateOperation):
    """Add a constraint to a table; the base of one class for each kind."""

    add_constraint_ops: ClassVar[Dispatcher] = Dispatcher()
    """What SQLAlchemy calls a constraint -> the ``from_constraint`` that takes it."""

    constraint_type: ClassVar[str]
    """The kind, such as ``"unique"``."""

    @classmethod
    def register_add_constraint(cls, type_: str) -> Callable[[Type[_AC]], Type[_AC]]:
        """Return a decorator: the class serves a kind of SQLAlchemy constraint.

        :param type_: the ``__visit_name__`` of the constraint.
        """

        def decorate(op_class: Type[_AC]) -> Type[_AC]:
            cls.add_constraint_ops.dispatch_for(type_)(op_class.from_constraint)
            return op_class

        return decorate

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> AddConstraintOp:
        """Return the operation, of the class for its kind, that adds a constraint.

        :param constraint: a constraint that belongs to a table.
        :raises ValueError: when no class serves its kind.
        """
        make = cls.add_constraint_ops.dispatch(str(constraint.__visit_name__))
        op: AddConstraintOp = make(constraint)
        return op

    def to_constraint(
        self, migration_context: Optional[MigrationContext] = None
    ) -> Constraint:
        """Return the constraint, on a throw-away table."""
        raise NotImplementedError(f"{type(self).__name__} must define to_constraint()")

    def reverse(self) -> DropConstraintOp:
        """Return the operation that drops the constraint, and can bring it back."""
        return DropConstraintOp.from_constraint(self.to_constraint())

    def to_diff_tuple(self) -> Tuple[str, Constraint]:
        """Return ``("add_constraint", constraint)``."""
        return ("add_constraint", self.to_constraint())


class DropConstraintOp(MigrateOperation):
    """Drop a constraint of a table.

    :param constraint_name: the name of the constraint; None to find it by its columns.
    :param table_name: the name of the table.
    :param type_: ``"foreignkey"``, ``"primary"``, ``"unique"`` or ``"check"``, which
        MySQL needs, and whoever gives no name.
    :param schema: the schema of the table.
    :param if_exists: do nothing when there is no such constraint, where the database
        can do that.
    :param columns: the columns of the constraint, to find it when it has no name.
    """

    drop_constraint: ClassVar[Callable[..., None]]
    batch_drop_constraint: ClassVar[Callable[..., None]]

    def __init__(
        self,
        constraint_name: Optional[str],
        table_name: str,
        type_: Optional[str] = None,
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        columns: Optional[Sequence[str]] = None,
        _reverse: Optional[AddConstraintOp] = None,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.constraint_type = type_
        self.schema = schema
        self.if_exists = if_exists
        self._columns: Optional[List[str]] = (
            None if columns is None else list(as_columns(columns))
        )
        self._reverse = _reverse

    @property
    def columns(self) -> Optional[List[str]]:
        """The names of the constraint's columns, where they are known."""
        if self._columns is None and self._reverse is not None:
            known = getattr(
                self._reverse, "local_cols", getattr(self._reverse, "columns", None)
            )
            return None if known is None else list(known)
        return self._columns

    @columns.setter
    def columns(self, columns: Optional[Sequence[str]]) -> None:
        self._columns = None if columns is None else list(as_columns(columns))

    def reverse(self) -> AddConstraintOp:
        """Return the operation that adds the constraint again.

        :raises ValueError: when only the name of the constraint is known.
        """
        return AddConstraintOp.from_constraint(self.to_constraint())

    def to_diff_tuple(self) -> Tuple[str, Constraint]:
        """Return ``("remove_constraint", constraint)``, or ``"remove_fk"``.

        :raises ValueError: when only the name of the constraint is known.
        """
        what = "fk" if self.constraint_type == "foreignkey" else "constraint"
        return (f"remove_{what}", self.to_constraint())

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> DropConstraintOp:
        """Return the operation that drops a constraint and remembers what it was."""
        table = constraints.table_of(constraint)
        return cls(
            names.constraint_name_or_none(constraint.name),
            table.name,
            schema=table.schema,
            type_=KINDS.get(str(constraint.__visit_name__)),
            _reverse=AddConstraintOp.from_constraint(constraint),
        )

    def to_constraint(self) -> Constraint:
        """Return the constraint remembered.

        :raises ValueError: when only its name is known.
        """
        if self._reverse is None:
            raise ValueError(
                "constraint cannot be produced; original constraint is not present: "
                "make the operation with DropConstraintOp.from_constraint()"
            )
        constraint = self._reverse.to_constraint()
        constraint.name = self.constraint_name
        table: Table = constraints.table_of(constraint)
        table.name = self.table_name
        table.schema = self.schema
        return constraint


@AddConstraintOp.register_add_constraint("primary_key_constraint")
class CreatePrimaryKeyOp(AddConstraintOp):
    """Add a primary key to a table.

    :param constraint_name: its name; None leaves it to the naming convention.
    :param table_name: the name of the table.
    :param columns: the names of its columns.
    :param schema: the schema of the table.
    :param kw: dialect options, such as ``mssql_clustered``.
    """

    constraint_type = "primarykey"

    create_primary_key: ClassVar[Callable[..., None]]
    batch_create_primary_key: ClassVar[Callable[..., None]]

    def __init__(
        self,
        constraint_name: Optional[str],
        table_name: str,
        columns: Sequence[str],
        *,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = as_columns(columns)
        self.schema = schema
        self.kw: Dict[str, Any] = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreatePrimaryKeyOp:
        """Return the operation that adds a primary key."""
        table = constraints.table_of(constraint)
        return cls(
            names.constraint_name_or_none(constraint.name),
            table.name,
            column_names(constraints.columns_of(constraint)),
            schema=table.schema,
            **constraint.dialect_kwargs,
        )

    def to_constraint(
        self, migration_context: Optional[MigrationContext] = None
    ) -> PrimaryKeyConstraint:
        """Return the primary key, on a throw-away table."""
        return SchemaObjects(migration_context).primary_key_constraint(
            self.constraint_name,
            self.table_name,
            self.columns,
            schema=self.schema,
            **self.kw,
        )


@AddConstraintOp.register_add_constraint("unique_constraint")
class CreateUniqueConstraintOp(AddConstraintOp):
    """Add a unique constraint to a table.

    :param constraint_name: its name; None leaves it to the naming convention.
    :param table_name: the name of the table.
    :param columns: the names of its columns.
    :param schema: the schema of the table.
    :param kw: ``deferrable``, ``initially`` and dialect options.
    """

    constraint_type = "unique"

    create_unique_constraint: ClassVar[Callable[..., Any]]
    batch_create_unique_constraint: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        constraint_name: Optional[str],
        table_name: str,
        columns: Sequence[str],
        *,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = as_columns(columns)
        self.schema = schema
        self.kw: Dict[str, Any] = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateUniqueConstraintOp:
        """Return the operation that adds a unique constraint."""
        table = constraints.table_of(constraint)
        return cls(
            names.constraint_name_or_none(constraint.name),
            table.name,
            column_names(constraints.columns_of(constraint)),
            schema=table.schema,
            **deferral_and_dialect_options(constraint),
        )

    def to_constraint(
        self, migration_context: Optional[MigrationContext] = None
    ) -> UniqueConstraint:
        """Return the unique constraint, on a throw-away table."""
        return SchemaObjects(migration_context).unique_constraint(
            self.constraint_name,
            self.table_name,
            self.columns,
            schema=self.schema,
            **self.kw,
        )


@AddConstraintOp.register_add_constraint("check_constraint")
@AddConstraintOp.register_add_constraint("table_or_column_check_constraint")
@AddConstraintOp.register_add_constraint("column_check_constraint")
class CreateCheckConstraintOp(AddConstraintOp):
    """Add a check constraint to a table.

    :param constraint_name: its name; None leaves it to the naming convention.
    :param table_name: the name of the table.
    :param condition: what must hold, as SQL text or as an expression.
    :param schema: the schema of the table.
    :param kw: ``deferrable``, ``initially`` and dialect options.
    """

    constraint_type = "check"

    create_check_constraint: ClassVar[Callable[..., None]]
    batch_create_check_constraint: ClassVar[Callable[..., None]]

    def __init__(
        self,
        constraint_name: Optional[str],
        table_name: str,
        condition: Union[str, TextClause, ColumnElement[Any]],
        *,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.condition = condition
        self.schema = schema
        self.kw: Dict[str, Any] = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateCheckConstraintOp:
        """Return the operation that adds a check constraint."""
        table = constraints.table_of(constraint)
        check: Any = constraint
        return cls(
            names.constraint_name_or_none(constraint.name),
            table.name,
            check.sqltext,
            schema=table.schema,
            **deferral_and_dialect_options(constraint),
        )

    def to_constraint(
        self, migration_context: Optional[MigrationContext] = None
    ) -> CheckConstraint:
        """Return the check constraint, on a throw-away table."""
        return SchemaObjects(migration_context).check_constraint(
            self.constraint_name,
            self.table_name,
            self.condition,
            schema=self.schema,
            **self.kw,
        )


def deferral_and_dialect_options(constraint: Constraint) -> Dict[str, Any]:
    """Return when a constraint is checked, and its dialect options, where set."""
    options: Dict[str, Any] = {}
    if constraint.deferrable:
        options["deferrable"] = constraint.deferrable
    if constraint.initially:
        options["initially"] = constraint.initially
    options.update(constraint.dialect_kwargs)
    return options
