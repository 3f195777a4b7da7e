"""The changes of a batch made on a live SQLite table, at the least cost.

SQLite renames columns, adds them and drops plain ones by itself, without copying a
row. Where that is all, that is done; for anything else the table is exchanged for a
new version of itself, once, whatever the number of changes.
"""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Mapping
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import exc as sqlalchemy_exc
from typing_extensions import Protocol

from ....ddl.sqlite_foreign_keys import prefix
from ....ddl.sqlite_foreign_keys import quote
from ....sqla.driver import execute_as_is
from ....util.exc import CommandError
from . import leftovers
from .copying import copying
from .dependents import Compiled
from .dependents import refuse_blind_drops
from .dependents import refuse_broken
from .edits import TableEdit
from .edits.drops import computed_first
from .exchange import Exchange
from .renames import planned_renames
from .renames import Renames
from .schema_objects import load
from .schema_objects import sqlite_version
from .schema_objects import TableState
from .tokens import fold
from .tokens import same_name
from .transaction import all_or_nothing

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from ....ddl.impl import DefaultImpl
    from ..recorded import Change
    from .transaction import ForeignKeys

RENAME_COLUMN = (3, 25)
DROP_COLUMN = (3, 35)


class Request(NamedTuple):
    """What is to be done to which table."""

    table_name: str
    schema: Optional[str]
    changes: Sequence[Change]
    temporary_name: str
    always_copy: bool = False
    naming_convention: Optional[Mapping[str, Any]] = None
    partial_reordering: Sequence[Sequence[str]] = ()
    table_args: Sequence[Any] = ()
    table_kwargs: Mapping[str, Any] = {}
    described_columns: Sequence[Column[Any]] = ()
    """Columns that the user describes otherwise than the database does."""


def apply_changes(impl: DefaultImpl, connection: Connection, request: Request) -> None:
    """Make the changes; all of them or none.

    :param impl: the dialect's implementation.
    :param connection: a connection to SQLite.
    :param request: the changes.
    :raises sqlalchemy.exc.NoSuchTableError: when there is no such table.
    :raises CommandError: when a change cannot be made without losing something.
    """
    Applier(impl, connection, request).run()


class DescribedTable(Protocol):
    """What this module needs of `ApplyBatchImpl`."""

    table: Table
    temp_table_name: str

    def make_new_table(self) -> Any: ...
    def create_new_table(self) -> None: ...
    def copy_rows(self) -> None: ...
    def create_indexes(self) -> None: ...


def exchange_for_rebuild(
    connection: Connection,
    schema: Optional[str],
    rebuild: DescribedTable,
    dropped: Sequence[str],
) -> None:
    """Put a table that SQLAlchemy describes in the place of the one there is.

    :param connection: a connection to SQLite.
    :param schema: the attached database; None for the main one.
    :param rebuild: the table with all changes applied.
    :param dropped: the columns that are dropped.
    """
    temporary = rebuild.temp_table_name
    with all_or_nothing(connection) as foreign_keys:
        state = table_to_change(connection, rebuild.table.name, schema, temporary)
        refuse_blind_drops(connection, state, dropped)
        clear_leftover(connection, state, temporary, in_the_way=True)
        rebuild.make_new_table()
        # the description says which indexes there shall be
        state.indexes = []
        Exchange(connection, state, temporary, foreign_keys).run(
            create=rebuild.create_new_table,
            copy=rebuild.copy_rows,
            make_indexes=rebuild.create_indexes,
        )


def table_to_change(
    connection: Connection, table_name: str, schema: Optional[str], temporary_name: str
) -> TableState:
    """Return a table that is there.

    :raises sqlalchemy.exc.NoSuchTableError: when it is not.
    :raises CommandError: when only what an interrupted batch made of it is there.
    """
    state = load(connection, table_name, schema)
    if state is None:
        leftover = load(connection, temporary_name, schema)
        if leftover is not None:
            raise leftovers.refuse_missing(table_name, leftover, connection)
        raise sqlalchemy_exc.NoSuchTableError(table_name)
    return state


def clear_leftover(
    connection: Connection, state: TableState, temporary_name: str, in_the_way: bool
) -> None:
    """Drop the temporary table of an interrupted batch, when nothing is lost by it.

    :param in_the_way: whether its name is needed.
    """
    if any(same_name(other.name, temporary_name) for other in state.others):
        leftover = load(connection, temporary_name, state.schema)
        if leftover is not None:
            leftovers.clear(connection, leftover, state, in_the_way)


class Applier:
    """Makes the changes of one request; see `apply_changes()`."""

    def __init__(
        self, impl: DefaultImpl, connection: Connection, request: Request
    ) -> None:
        self.impl = impl
        self.connection = connection
        self.request = request
        self.version = sqlite_version(connection)

    def _load(self) -> TableState:
        return table_to_change(
            self.connection,
            self.request.table_name,
            self.request.schema,
            self.request.temporary_name,
        )

    @property
    def table(self) -> str:
        """The table as SQL."""
        return prefix(self.connection, self.state.schema) + quote(
            self.connection, self.state.name
        )

    def _run(self, statement: str) -> Any:
        return execute_as_is(self.connection, statement)

    def run(self) -> None:
        """Make the changes."""
        with all_or_nothing(self.connection) as foreign_keys:
            self.state = self._load()
            renames = Renames([], {})
            if self.version >= RENAME_COLUMN:
                renames = planned_renames(self.request.changes, self.state)
                self._rename(renames)
            edit = self._edit(renames.names)
            native = self._is_native(edit)
            clear_leftover(
                self.connection,
                self.state,
                self.request.temporary_name,
                in_the_way=not native,
            )
            if native:
                self._alter_table(edit)
            else:
                self._exchange(edit, foreign_keys)

    def _edit(self, renames: Mapping[str, str]) -> TableEdit:
        """Return the table's text with all changes made on it."""
        request = self.request
        edit = TableEdit(
            self.impl,
            self.connection,
            self.state,
            renames,
            request.naming_convention,
        )
        for column in request.described_columns:
            edit.override_column(column)
        for name, args, kw in request.changes:
            getattr(edit, name)(*args, **kw)
        edit.add_overriding_checks()
        if request.table_args or request.table_kwargs:
            edit.add_table_args(request.table_args, request.table_kwargs)
        edit.finish(request.partial_reordering)
        return edit

    def _is_native(self, edit: TableEdit) -> bool:
        if self.request.always_copy or edit.reasons:
            return False
        return not edit.dropped or self.version >= DROP_COLUMN

    # by SQLite's own means

    def _alter_table(self, edit: TableEdit) -> None:
        for index in edit.dropped_indexes:
            self._run(
                f"DROP INDEX {prefix(self.connection, self.state.schema)}"
                f"{quote(self.connection, index.name)}"
            )
        self._drop_columns(edit)
        for added in edit.added.values():
            self._alter(f"ADD COLUMN {added.text}")
        self._make_new_indexes(edit)

    def _alter(self, change: str) -> None:
        try:
            self._run(f"ALTER TABLE {self.table} {change}")
        except sqlalchemy_exc.DBAPIError as error:
            if not str(error.orig).startswith("error in "):
                raise
            raise CommandError(
                f"Can't {change} on table {self.state.name!r}: {error.orig}; drop what "
                "stands in the way before the batch with op.execute(), and make it "
                "again afterwards as it shall be. Nothing was changed"
            ) from error

    def _drop_columns(self, edit: TableEdit) -> None:
        if not edit.dropped:
            return
        # SQLite looks at views, but not at all that triggers do
        leaning = Compiled(self.connection, self.state)
        for column in computed_first(edit.dropped):
            self._alter(f"DROP COLUMN {quote(self.connection, column.name)}")
        refuse_broken(leaning, self.state.name)

    def _rename(self, renames: Renames) -> None:
        """Rename columns; SQLite carries the new names to wherever they are used."""
        if not renames.steps:
            return
        for old, new in renames.steps:
            self._alter(
                f"RENAME COLUMN {quote(self.connection, old)} "
                f"TO {quote(self.connection, new)}"
            )
        self.state = self._load()

    def _make_new_indexes(self, edit: TableEdit) -> None:
        for index, kw in edit.new_indexes:
            self.impl.create_index(index, **kw)

    # by a new version of the table

    def _exchange(self, edit: TableEdit, foreign_keys: ForeignKeys) -> None:
        self._refuse_empty_not_null(edit)
        exchange = Exchange(
            self.connection, self.state, self.request.temporary_name, foreign_keys
        )
        edit.prepare_copy()
        schema = prefix(self.connection, self.state.schema)

        def make_indexes() -> None:
            for index in self.state.indexes:
                self._run(index.create_statement(schema))
            self._make_new_indexes(edit)

        exchange.run(
            create=lambda: self._run(edit.table.render(exchange.temporary)),
            copy=lambda: self._copy(edit, exchange),
            make_indexes=make_indexes,
        )

    def _copy(self, edit: TableEdit, exchange: Exchange) -> None:
        targets: List[str] = []
        sources: List[str] = []
        for target, source in edit.transfers:
            targets.append(target)
            sources.append(source)
        rowid = self._rowid_to_keep(edit)
        if rowid is not None:
            targets.insert(0, rowid)
            sources.insert(0, rowid)
        if not targets and not self._has_rows():
            return
        if not targets:
            raise CommandError(
                f"Nothing would be left of the rows of table {self.state.name!r}: "
                "every column is dropped or computed"
            )
        # a conflict must stop the copy and not drop rows on the way
        conflict = " OR ABORT" if edit.table.has_conflict_clauses else ""
        insert = (
            f"INSERT{conflict} INTO {exchange.temporary} ({', '.join(targets)}) "
            f"SELECT {', '.join(sources)} FROM {exchange.table}"
        )
        with copying(self.connection, self.state.name, exchange.table, insert):
            self._run(insert)

    def _rowid_to_keep(self, edit: TableEdit) -> Optional[str]:
        """Return a name of the rowid when no column is one, so that rows keep it."""
        old = self.state.parse()
        if old.without_rowid or edit.table.without_rowid:
            return None
        if old.rowid_alias or edit.table.rowid_alias:
            return None
        taken = {fold(c.name) for c in old.columns + edit.table.columns}
        free = [name for name in ("rowid", "oid", "_rowid_") if name not in taken]
        return free[0] if free else None

    def _has_rows(self) -> bool:
        return bool(self._run(f"SELECT 1 FROM {self.table} LIMIT 1").fetchone())

    def _refuse_empty_not_null(self, edit: TableEdit) -> None:
        """Refuse a new column that no row of the table could have a value for."""
        for key, column in edit.added.items():
            if (
                key not in edit.sources
                and column.find("not null") is not None
                and column.find("default") is None
                and not column.is_generated
                and edit.table.rowid_alias != column.name
                and self._has_rows()
            ):
                raise CommandError(
                    f"Can't add column {column.name!r} to table {self.state.name!r}: "
                    "it is NOT NULL and has no server_default, and the table has "
                    "rows; give it a server_default, or add it nullable, fill it and "
                    "set nullable=False in a second batch"
                )
