"""PostgreSQL's exclude constraints as operations: create."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Dict
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import Column
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import NULLTYPE

from alembic.sqla import constraints
from alembic.sqla import expressions
from alembic.sqla import names

from ..schemaobj import SchemaObjects
from .constraints import AddConstraintOp
from .constraints import deferral_and_dialect_options

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import ExcludeConstraint
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Table

    from alembic.migration.migration_context import MigrationContext


@AddConstraintOp.register_add_constraint("exclude_constraint")
class CreateExcludeConstraintOp(AddConstraintOp):
    """Add an exclude constraint to a table; PostgreSQL only.

    :param constraint_name: its name.
    :param table_name: the name of the table.
    :param elements: pairs of a column name or expression and an operator.
    :param where: the condition of the rows that count.
    :param schema: the schema of the table.
    :param kw: ``using``, ``ops``, ``deferrable``, ``initially``.
    """

    constraint_type = "exclude"

    create_exclude_constraint: ClassVar[Callable[..., Any]]
    batch_create_exclude_constraint: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        constraint_name: Optional[str],
        table_name: str,
        elements: Sequence[Tuple[Any, str]],
        where: Any = None,
        schema: Optional[str] = None,
        _orig_constraint: Optional[ExcludeConstraint] = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.elements = elements
        self.where = where
        self.schema = schema
        self.kw: Dict[str, Any] = kw
        self._orig_constraint = _orig_constraint

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateExcludeConstraintOp:
        """Return the operation that adds an exclude constraint."""
        exclude: Any = constraint
        table = constraints.table_of(constraint)
        options = deferral_and_dialect_options(constraint)
        options["using"] = exclude.using
        operator_classes = getattr(exclude, "ops", None)  # from 1.3.21 on
        if operator_classes:
            options["ops"] = dict(operator_classes)
        return cls(
            names.constraint_name_or_none(constraint.name),
            table.name,
            [
                (expression, operator)
                for expression, name, operator in (
                    constraints.exclude_constraint_parts(exclude)
                )
            ],
            where=exclude.where,
            schema=table.schema,
            _orig_constraint=exclude,
            **options,
        )

    def to_constraint(
        self, migration_context: Optional[MigrationContext] = None
    ) -> ExcludeConstraint:
        """Return the exclude constraint: the one remembered, or a new one."""
        if self._orig_constraint is not None:
            return self._orig_constraint
        # the dialect is only loaded for those who ask for it
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        table = SchemaObjects(migration_context).table(
            self.table_name, schema=self.schema
        )
        exclude = ExcludeConstraint(
            *[(_own(element, table), operator) for element, operator in self.elements],
            name=self.constraint_name,
            where=expressions.without_open_parameters(self.where),
            **self.kw,
        )
        table.append_constraint(exclude)
        return exclude


def _own(element: Any, table: Table) -> Any:
    """Return an element that speaks of no other table's columns."""
    if isinstance(element, str):
        if element not in table.c:
            table.append_column(Column(element, NULLTYPE))
        return element
    if isinstance(element, TextClause):
        return element
    return expressions.copy_expression(element, table)
