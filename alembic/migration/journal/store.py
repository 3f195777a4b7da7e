"""The journal's table: the one place that makes, reads, changes and drops it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

from sqlalchemy import bindparam
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy.schema import CreateTable
from sqlalchemy.schema import DropTable

from ...sqla import connections
from ...sqla.cursors import commit_below
from ...sqla.cursors import DriverStatement
from ...sqla.cursors import fetch_on_driver
from ...sqla.driver import select_column
from ...sqla.elements import plain_insert
from ...sqla.snapshots import past_snapshot
from ...sqla.snapshots import snapshot_ignored
from .entries import Entry
from .entries import ENTRY_LENGTH
from .entries import Header
from .entries import State
from .entries import Unfinished

_SUFFIX = "_journal"
_STATE_LENGTH = 10

# a name for which no database is too small
_LONGEST_NAME = 64


def table_name(version_table: str) -> str:
    """Return the name of the journal that goes with a version table."""
    return version_table[: _LONGEST_NAME - len(_SUFFIX)] + _SUFFIX


class Store:
    """The table in which the journal is kept.

    It is there only while a revision is under way. It has a row for the revision, at
    position 0, and one for each statement.

    :param connection: returns the connection.
    :param version_table: the name of the version table.
    :param schema: returns the schema of both, None for the default one.

    :ivar exists: whether the table is there; None while nobody has looked.
    """

    def __init__(
        self,
        connection: Callable[[], Any],
        version_table: str,
        schema: Callable[[], Optional[str]],
    ) -> None:
        self._connection = connection
        self.name = table_name(version_table)
        self._schema = schema
        self._table: Optional[Table] = None
        self._statements: Dict[str, DriverStatement] = {}
        self.exists: Optional[bool] = None

    @property
    def table(self) -> Table:
        """The table, as SQLAlchemy knows it."""
        if self._table is None:
            self._table = Table(
                self.name,
                MetaData(),
                Column("position", Integer, primary_key=True, autoincrement=False),
                Column("state", String(_STATE_LENGTH), nullable=False),
                # ASCII only, and short enough for Oracle
                Column("entry", String(ENTRY_LENGTH), nullable=False),
                schema=self._schema(),
                **self._options(),
            )
        return self._table

    def _options(self) -> Dict[str, Any]:
        dialect = self._connection().dialect.name
        if dialect not in ("mysql", "mariadb"):
            return {}
        # other engines would not take part in the transaction
        return {f"{dialect}_engine": "InnoDB", f"{dialect}_charset": "ascii"}

    def _run(self, name: str, make: Callable[[], Any], *rows: Dict[str, Any]) -> None:
        connection = self._connection()
        if name not in self._statements:
            self._statements[name] = DriverStatement(make(), connection.dialect)
        self._statements[name].run(connection, rows or ({},))

    # -- the table

    def look(self) -> bool:
        """Return whether the table is there; the database is asked once."""
        if self.exists is None:
            self.exists = connections.has_table(
                self._connection(), self.name, self._schema()
            )
        return self.exists

    def create(self) -> None:
        """Make the table unless it is there."""
        if not self.look():
            self._run("create", lambda: CreateTable(self.table))
            self.exists = True

    def drop(self) -> None:
        """Drop the table."""
        self._run("drop", lambda: DropTable(self.table))
        self.exists = False

    # -- the rows

    def read(self, newest: bool = False) -> Optional[Unfinished]:
        """Return what the journal holds, or None when it is empty or not there.

        :param newest: look past the snapshot of the transaction, where there is one.
        """
        if not self.look():
            return None
        connection = self._connection()
        select = self.table.select().order_by(self.table.c.position)
        if newest:
            select = past_snapshot(select, connection.dialect)
        text = DriverStatement(select, connection.dialect).text
        with snapshot_ignored(connection) if newest else nullcontext():
            found = fetch_on_driver(connection, text)
        rows: List[Tuple[int, str, str]] = [
            (int(row[0]), str(row[1]), str(row[2])) for row in found
        ]
        if not rows:
            return None
        return Unfinished(
            Header.load(rows[0][2]), [Entry.load(*row) for row in rows[1:]]
        )

    def is_empty(self) -> bool:
        """Tell whether the table, which must be there, has no rows."""
        connection = self._connection()
        select = select_column(self.table.c.position)
        text = DriverStatement(select, connection.dialect).text
        return not fetch_on_driver(connection, text)

    def append(self, header: Optional[Header], entries: Sequence[Entry]) -> None:
        """Add rows.

        :param header: the revision, when this is its first statement.
        """
        rows: List[Dict[str, Any]] = [
            {"position": entry.position, "state": entry.state.value, "entry": text}
            for entry in entries
            for text in [entry.dump()]
        ]
        if header is not None:
            first = {
                "position": 0,
                "state": header.direction,
                "entry": header.dump(),
            }
            rows.insert(0, first)
        self._run(
            "insert",
            lambda: plain_insert(self.table).values(
                position=bindparam("position"),
                state=bindparam("state"),
                entry=bindparam("entry"),
            ),
            *rows,
        )

    def mark(self, position: int, state: State) -> None:
        """Change the state of a statement."""
        self._run(
            "mark",
            lambda: (
                self.table.update()
                .where(self.table.c.position == bindparam("at"))
                .values(state=bindparam("new_state"))
            ),
            {"at": position, "new_state": state.value},
        )

    def forget_from(self, position: int) -> None:
        """Remove the statements from a position on; 0 for all there is."""
        self._run(
            "forget",
            lambda: self.table.delete().where(
                self.table.c.position >= bindparam("first")
            ),
            {"first": position},
        )

    def commit(self) -> None:
        """Make durable what was done so far."""
        commit_below(self._connection())
