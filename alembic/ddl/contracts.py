"""What the dialects need of things that stand above them, as protocols."""

from __future__ import annotations

from typing import Any
from typing import ClassVar
from typing import Dict
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from typing_extensions import Protocol

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Table


class PendingBatch(Protocol):
    """The changes of one table that a batch has gathered and not yet made."""

    table_name: str
    schema: Optional[str]
    batch: Sequence[Tuple[str, Tuple[Any, ...], Dict[str, Any]]]
    """Each change: the name of the method, its arguments, its keywords."""


class TableRebuild(Protocol):
    """A table that is being made anew with changes, to take the old one's place."""

    table: Table
    columns: Dict[str, Column[Any]]
    column_transfers: Dict[str, Dict[str, Any]]
    named_constraints: Dict[str, Constraint]
    unnamed_constraints: Any


class RenderTarget(Protocol):
    """Where the text of a revision is being written, and what it imports."""

    imports: Set[str]
    opts: Dict[str, Any]
    migration_context: Any

    @property
    def dialect(self) -> Optional[Dialect]: ...


class NamesConstraints(Protocol):
    """Knows the dialect whose rules decide how constraints are called."""

    @property
    def dialect(self) -> Optional[Dialect]: ...


class Compares(Protocol):
    """Tells whether two constraints, indexes or identities are the same."""

    reflects_fk_match: ClassVar[bool]

    @property
    def dialect(self) -> Dialect: ...

    def compare_indexes(self, metadata_index: Any, reflected_index: Any) -> Any:
        """Compare two indexes."""

    def compare_unique_constraint(
        self, metadata_constraint: Any, reflected_constraint: Any
    ) -> Any:
        """Compare two unique constraints."""

    def compare_check_constraint(
        self, metadata_constraint: Any, reflected_constraint: Any
    ) -> Any:
        """Compare two CHECK constraints."""

    def _compare_identity_default(
        self, metadata_identity: Any, inspector_identity: Any
    ) -> Tuple[Set[str], Set[str], bool]: ...

    def _compare_index_unique(
        self, metadata_index: Any, reflected_index: Any
    ) -> Optional[str]: ...


class ComparesExpressions(Compares, Protocol):
    """Can also write expressions as the SQL that is compared."""

    def render_ddl_sql_expr(
        self, expr: Any, is_server_default: bool = False, **kw: Any
    ) -> str:
        """Return an expression as SQL."""


ServerDefault = Any
"""A server default: a string, ``text()``, an expression, Computed or Identity."""

ServerDefaultArgument = Any
"""A `ServerDefault`, None to remove it, or False to leave it alone."""

__all__ = [
    "Compares",
    "ComparesExpressions",
    "NamesConstraints",
    "PendingBatch",
    "RenderTarget",
    "ServerDefault",
    "ServerDefaultArgument",
    "TableRebuild",
]
