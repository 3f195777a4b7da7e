"""The table of the record: the one place that makes, reads and writes it."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Column
from sqlalchemy import DateTime
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from ...sqla import connections
from ...sqla import driver
from ...sqla.elements import plain_insert
from .entries import Entry

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class RecordTable:
    """The table that the record is kept in.

    :param name: its name.
    :param schema: its schema; None for the default one.
    """

    def __init__(self, name: str, schema: Optional[str]) -> None:
        self.table = Table(
            name,
            MetaData(),
            # counted here, under the lock: not all databases count by themselves
            Column("id", Integer, nullable=False, autoincrement=False),
            Column("revision", String(255), nullable=False),
            Column("direction", String(16), nullable=False),
            Column("ran_by", String(255), nullable=False),
            Column("ran_at", DateTime, nullable=False),
            Column("duration_ms", Integer),
            Column("checksum", String(64)),
            Column("tool_version", String(32), nullable=False),
            Column("heads", Text, nullable=False),
            PrimaryKeyConstraint("id", name=f"{name}_pkc"),
            schema=schema,
        )

    @property
    def name(self) -> str:
        """The name, with the schema when there is one."""
        return str(self.table.fullname)

    def exists(self, connection: Connection) -> bool:
        """Tell whether the table is there."""
        schema = driver.physical_schema(connection, self.table)
        return connections.has_table(connection, self.table.name, schema)

    def create(self, connection: Connection) -> None:
        """Make the table."""
        with connections.scope_for_ddl(connection):
            self.table.create(connection, checkfirst=False)

    def entries(self, connection: Connection) -> List[Entry]:
        """Return all lines, the oldest first."""
        select = self.table.select().order_by(self.table.c.id)
        rows: Sequence[Any] = connections.execute(connection, select).fetchall()
        return [Entry(*(getattr(row, name) for name in Entry._fields)) for row in rows]

    def append(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Add lines."""
        connections.execute(
            connection,
            plain_insert(self.table),
            [entry._asdict() for entry in entries],
        )
