"""Data as operations: plain SQL, and rows to insert."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Dict
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from .base import MigrateOperation

if TYPE_CHECKING:
    from sqlalchemy.schema import Table
    from sqlalchemy.sql.expression import TableClause


class ExecuteSQLOp(MigrateOperation):
    """Execute a statement.

    :param sqltext: SQL as a string, or any executable construct.
    :param execution_options: options of this one execution.
    """

    execute: ClassVar[Callable[..., None]]
    batch_execute: ClassVar[Callable[..., None]]

    def __init__(
        self, sqltext: Any, *, execution_options: Optional[Dict[str, Any]] = None
    ) -> None:
        self.sqltext = sqltext
        self.execution_options = execution_options

    def to_diff_tuple(self) -> Tuple[str, Any]:
        """Return ``("execute", sqltext)``."""
        return ("execute", self.sqltext)


class BulkInsertOp(MigrateOperation):
    """Insert rows.

    :param table: the table, with at least the columns that the rows name.
    :param rows: the rows, as dictionaries.
    :param multiinsert: one execution for all rows, not one for each.
    """

    bulk_insert: ClassVar[Callable[..., None]]

    def __init__(
        self,
        table: Union[Table, TableClause],
        rows: List[Dict[str, Any]],
        *,
        multiinsert: bool = True,
    ) -> None:
        self.table = table
        self.rows = rows
        self.multiinsert = multiinsert
