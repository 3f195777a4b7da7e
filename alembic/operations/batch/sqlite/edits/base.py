"""A table's text under change: its columns, by the names the batch knows them by."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import Index

from .....ddl.sqlite_foreign_keys import quote
from .....sqla.reflection import inspector_of
from ...errors import NoSuchColumn
from ...ordering import ColumnOrder
from .. import rendering
from ..clauses import Clause
from ..clauses import ColumnText
from ..schema_objects import SchemaObject
from ..tokens import fold
from ..tokens import same_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.types import TypeEngine

    from .....ddl.impl import DefaultImpl
    from ..schema_objects import TableState


class EditBase:
    """A table's text with changes applied one after the other.

    :param impl: the dialect's implementation, which knows how values are cast.
    :param connection: a connection to SQLite.
    :param state: the table as it is.
    :param renamed: the columns that bear another name since the batch began: the name
        the batch knows them by -> their name now.
    :param naming_convention: names for constraints that have none.
    """

    def __init__(
        self,
        impl: DefaultImpl,
        connection: Connection,
        state: TableState,
        renamed: Mapping[str, str],
        naming_convention: Optional[Mapping[str, Any]] = None,
    ) -> None:
        self.impl = impl
        self.dialect = connection.dialect
        self.connection = connection
        self.state = state
        self.table = state.parse()
        self.columns: Dict[str, ColumnText] = OrderedDict()
        known_as = {fold(now): key for key, now in renamed.items()}
        for column in self.table.columns:
            self.columns[known_as.get(fold(column.name), fold(column.name))] = column
        self.order = ColumnOrder(self.columns)
        self.sources: Dict[str, str] = OrderedDict(
            (key, self._quote(column.name))
            for key, column in self.columns.items()
            if not column.is_generated
        )
        """What the columns are filled with, by the name the batch knows them by."""
        self.reasons: List[str] = []
        """Why the rows have to be copied; empty when ALTER TABLE will do."""
        self.added: Dict[str, ColumnText] = OrderedDict()
        self.dropped: List[ColumnText] = []
        self.new_indexes: List[Tuple[Index, Dict[str, Any]]] = []
        self.dropped_indexes: List[SchemaObject] = []
        self._inspected_types: Optional[Dict[str, TypeEngine[Any]]] = None
        self._override_types: Dict[str, TypeEngine[Any]] = {}
        self._key_columns_to_come: List[str] = []
        self._names: Dict[Clause, str] = {}
        if naming_convention:
            self._names = rendering.names_by_convention(
                self.dialect, self.table, naming_convention, self._parent_key
            )

    def _quote(self, name: str) -> str:
        return quote(self.connection, name)

    def _parent_key(self, table: str) -> List[str]:
        found = inspector_of(self.connection).get_pk_constraint(
            table, schema=self.state.schema
        )
        return list(found["constrained_columns"])

    # finding columns

    def find(self, name: str) -> Optional[str]:
        """Return the key of a column, by the name it had or by the one it has."""
        if fold(name) in self.columns:
            return fold(name)
        for key, column in self.columns.items():
            if same_name(column.name, name):
                return key
        return None

    def _key(self, name: str) -> str:
        key = self.find(name)
        if key is None:
            raise NoSuchColumn(self.state.name, name)
        return key

    def named(self, name: str) -> Optional[str]:
        """Return the key of the column that bears a name now."""
        for key, column in self.columns.items():
            if same_name(column.name, name):
                return key
        return None

    def _rekey(self, old: str, new: str) -> None:
        """Know a column by another name."""
        for mapping in (self.columns, self.sources, self.added, self._override_types):
            if old in mapping:
                items = [
                    (new if key == old else key, value)
                    for key, value in mapping.items()
                ]
                mapping.clear()
                mapping.update(items)  # type: ignore[arg-type]
        self.order.names = [new if name == old else name for name in self.order.names]
