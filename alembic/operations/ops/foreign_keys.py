"""Foreign keys as operations: create."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import cast
from typing import ClassVar
from typing import Dict
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from alembic.sqla import foreign_keys
from alembic.sqla import names

from ..schemaobj import SchemaObjects
from .base import as_columns
from .constraints import AddConstraintOp

if TYPE_CHECKING:
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import ForeignKeyConstraint

    from alembic.migration.migration_context import MigrationContext


@AddConstraintOp.register_add_constraint("foreign_key_constraint")
class CreateForeignKeyOp(AddConstraintOp):
    """Add a foreign key to a table.

    :param constraint_name: its name; None leaves it to the naming convention.
    :param source_table: the name of the table that refers.
    :param referent_table: the name of the table that is referred to.
    :param local_cols: the names of the columns that refer.
    :param remote_cols: the names of the columns referred to.
    :param kw: ``source_schema``, ``referent_schema``, ``onupdate``, ``ondelete``,
        ``deferrable``, ``initially``, ``match`` and dialect options.
    """

    constraint_type = "foreignkey"

    create_foreign_key: ClassVar[Callable[..., None]]
    batch_create_foreign_key: ClassVar[Callable[..., None]]

    def __init__(
        self,
        constraint_name: Optional[str],
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.source_table = source_table
        self.referent_table = referent_table
        self.local_cols = as_columns(local_cols)
        self.remote_cols = as_columns(remote_cols)
        self.kw: Dict[str, Any] = kw

    def to_diff_tuple(self) -> Tuple[str, ForeignKeyConstraint]:
        """Return ``("add_fk", constraint)``."""
        return ("add_fk", self.to_constraint())

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateForeignKeyOp:
        """Return the operation that adds a foreign key."""
        fk = cast("ForeignKeyConstraint", constraint)
        (
            source_schema,
            source_table,
            source_columns,
            target_schema,
            target_table,
            target_columns,
            onupdate,
            ondelete,
            deferrable,
            initially,
        ) = foreign_keys.foreign_key_spec(fk)
        options: Dict[str, Any] = {
            "onupdate": onupdate,
            "ondelete": ondelete,
            "initially": initially,
            "deferrable": deferrable,
            "use_alter": fk.use_alter,
            "match": fk.match,
        }
        options = {name: value for name, value in options.items() if value}
        return cls(
            names.constraint_name_or_none(fk.name),
            source_table,
            target_table,
            source_columns,
            target_columns,
            **options,
            source_schema=source_schema,
            referent_schema=target_schema,
            **fk.dialect_kwargs,
        )

    def to_constraint(
        self, migration_context: Optional[MigrationContext] = None
    ) -> ForeignKeyConstraint:
        """Return the foreign key, on throw-away tables."""
        return SchemaObjects(migration_context).foreign_key_constraint(
            self.constraint_name,
            self.source_table,
            self.referent_table,
            self.local_cols,
            self.remote_cols,
            **self.kw,
        )
