"""What the dialects need of things that stand above them, as protocols."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Iterable
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


ServerDefault = Any
"""A server default: a string, ``text()``, an expression, Computed or Identity."""

ServerDefaultArgument = Any
"""A `ServerDefault`, None to remove it, or False to leave it alone."""

__all__ = [
    "Iterable",
    "NamesConstraints",
    "PendingBatch",
    "RenderTarget",
    "ServerDefault",
    "ServerDefaultArgument",
    "TableRebuild",
]
