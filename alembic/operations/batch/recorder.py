"""Takes note of the changes of a batch, then has them made in the best way."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import Column
from sqlalchemy import MetaData
from sqlalchemy import Table

from ...sqla.constraints import copy_item
from ...sqla.driver import physical_schema
from ...sqla.names import conv_constraint_names
from ...util.exc import CommandError
from .recorded import Change
from .recorded import temporary_name
from .sqlite import live
from .sqlite.transaction import all_or_nothing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Index

    from ...ddl.impl import DefaultImpl
    from .rebuild import ApplyBatchImpl

_RECREATE = ("auto", "always", "never")


class BatchOperationsImpl:
    """Stands in for the dialect's implementation while a batch is gathered.

    It has the methods of `DefaultImpl` that change a table. Each takes note of what it
    is given; `flush()` has it all made.

    :param operations: the `Operations` whose batch this is.
    :param table_name: the table.
    :param schema: its schema; None for the default one.
    :param recreate: ``"auto"``, ``"always"`` or ``"never"``.
    :param copy_from: the table as it is, instead of what the database says; None.
    :param table_args: further arguments for the new table.
    :param table_kwargs: further keyword arguments for it.
    :param reflect_args: columns described otherwise than the database does.
    :param reflect_kwargs: keyword arguments for the reflection.
    :param naming_convention: names for constraints that have none.
    :param partial_reordering: tuples of columns in the order they shall have.
    :raises ValueError: when ``recreate`` is something else.
    """

    def __init__(
        self,
        operations: Any,
        table_name: str,
        schema: Optional[str],
        recreate: str,
        copy_from: Optional[Table],
        table_args: Sequence[Any],
        table_kwargs: Mapping[str, Any],
        reflect_args: Sequence[Any],
        reflect_kwargs: Mapping[str, Any],
        naming_convention: Optional[Mapping[str, Any]],
        partial_reordering: Optional[Sequence[Sequence[str]]],
    ) -> None:
        if recreate not in _RECREATE:
            raise ValueError("recreate may be one of 'auto', 'always', or 'never'.")
        self.operations = operations
        self.table_name = table_name
        self.schema = schema
        self.recreate = recreate
        self.copy_from = copy_from
        self.table_args = table_args
        self.table_kwargs = dict(table_kwargs)
        self.reflect_args = reflect_args
        self.naming_convention = naming_convention
        self.partial_reordering = partial_reordering
        self._changes: List[Change] = []
        self.batch: Sequence[Change] = self._changes
        self._listeners = list(reflect_kwargs.get("listeners", ()))
        self.reflect_kwargs: Dict[str, Any] = dict(reflect_kwargs)
        self.reflect_kwargs["listeners"] = [
            *self._listeners,
            ("column_reflect", self.impl.autogen_column_reflect),
        ]

    @property
    def dialect(self) -> Dialect:
        """The dialect of the database."""
        return self.impl.dialect

    @property
    def impl(self) -> DefaultImpl:
        """The implementation that this one stands in for."""
        impl: DefaultImpl = self.operations.impl
        return impl

    # what is taken note of

    def _note(self, method: str, arg: Tuple[Any, ...], kw: Dict[str, Any]) -> None:
        self._changes.append((method, arg, kw))

    def add_column(self, *arg: Any, **kw: Any) -> None:
        """Take note of a new column; see `DefaultImpl.add_column`."""
        self._note("add_column", arg, kw)

    def drop_column(self, *arg: Any, **kw: Any) -> None:
        """Take note of a column to drop; see `DefaultImpl.drop_column`."""
        self._note("drop_column", arg, kw)

    def alter_column(self, *arg: Any, **kw: Any) -> None:
        """Take note of a column to change; see `DefaultImpl.alter_column`."""
        self._note("alter_column", arg, kw)

    def add_constraint(self, const: Constraint) -> None:
        """Take note of a new constraint."""
        self._note("add_constraint", (const,), {})

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Take note of a constraint to drop."""
        self._note("drop_constraint", (const,), kw)

    def create_index(self, idx: Index, **kw: Any) -> None:
        """Take note of a new index."""
        self._note("create_index", (idx,), kw)

    def drop_index(self, idx: Index, **kw: Any) -> None:
        """Take note of an index to drop."""
        self._note("drop_index", (idx,), kw)

    def create_table_comment(self, table: Table) -> None:
        """Take note of a new comment on the table."""
        self._note("create_table_comment", (table,), {})

    def drop_table_comment(self, table: Table) -> None:
        """Take note that the comment on the table goes."""
        self._note("drop_table_comment", (table,), {})

    def create_column_comment(self, column: Column[Any]) -> None:
        """Take note of a new comment on a column."""
        self._note("create_column_comment", (column,), {})

    def rename_table(self, *arg: Any, **kw: Any) -> None:
        """Refuse: a table is renamed outside of a batch.

        :raises NotImplementedError: always.
        """
        raise NotImplementedError(
            "A batch does not rename its table; use op.rename_table() after it"
        )

    def create_table(self, table: Table) -> None:
        """Refuse: a batch is about a table that there is.

        :raises NotImplementedError: always.
        """
        raise NotImplementedError("Can't create a table in a batch; use op")

    def drop_table(self, table: Table) -> None:
        """Refuse: a batch is about a table that stays.

        :raises NotImplementedError: always.
        """
        raise NotImplementedError("Can't drop a table in a batch; use op")

    # how it is made

    def flush(self) -> None:
        """Make all changes that were taken note of."""
        connection = self._live_sqlite()
        if connection is not None and self.recreate != "never":
            self._flush_to_sqlite(connection)
        elif self._should_recreate():
            self._table_rebuild().create()
        else:
            self._alter()

    def _should_recreate(self) -> bool:
        """Tell whether the table has to be made anew."""
        if self.recreate == "auto":
            return self.impl.requires_recreate_in_batch(self)
        return self.recreate == "always"

    def _alter(self) -> None:
        """Hand every change to the database as it is."""
        self._refuse_positions()
        for name, arg, kw in self.batch:
            kw = {k: v for k, v in kw.items() if k not in _POSITIONS}
            getattr(self.impl, name)(*arg, **kw)

    def _refuse_positions(self) -> None:
        for _, _, kw in self.batch:
            if any(kw.get(position) for position in _POSITIONS):
                raise CommandError(
                    "Can't specify insert_before or insert_after when using ALTER; "
                    "please specify recreate='always'"
                )

    # on SQLite

    def _live_sqlite(self) -> Optional[Connection]:
        """Return the connection to a SQLite that can be asked, or None."""
        impl = self.impl
        if impl.as_sql or impl.dialect.name != "sqlite" or not self._has_work():
            return None
        return impl.connection

    def _has_work(self) -> bool:
        return bool(self.batch) or self.recreate == "always"

    def _flush_to_sqlite(self, connection: Connection) -> None:
        temporary = temporary_name(self.table_name)
        if not self._should_recreate():
            self._refuse_positions()
        if self.copy_from is None:
            live.apply_changes(
                self.impl,
                connection,
                live.Request(
                    table_name=self.table_name,
                    schema=self._physical_schema(connection),
                    changes=self.batch,
                    temporary_name=temporary,
                    always_copy=self.recreate == "always",
                    naming_convention=self.naming_convention,
                    partial_reordering=self.partial_reordering or (),
                    table_args=self.table_args,
                    table_kwargs=self.table_kwargs,
                    described_columns=self._described_columns(connection),
                ),
            )
        elif self._should_recreate():
            live.exchange_for_rebuild(
                connection,
                self._physical_schema(connection),
                self._table_rebuild(),
                [args[1].name for name, args, _ in self.batch if name == _DROP],
            )
        else:
            with all_or_nothing(connection):
                self._alter()

    def _physical_schema(self, connection: Connection) -> Optional[str]:
        """Return the attached database, after ``schema_translate_map``."""
        table = Table(self.table_name, MetaData(), schema=self.schema)
        return physical_schema(connection, table)

    def _described_columns(self, connection: Connection) -> List[Column[Any]]:
        """Return the columns that the user describes otherwise than the database.

        What ``reflect_kwargs`` makes of a column is compared with what reflection
        makes of it by itself.
        """
        found = [item for item in self.reflect_args if isinstance(item, Column)]
        if self._listeners:
            given = {column.name for column in found}
            plain = self._reflected(connection, self._without_listeners())
            listened = self._reflected(connection, self.reflect_kwargs)
            for column in listened.columns:
                if column.name in given or column.name not in plain.columns:
                    continue
                before = plain.columns[column.name]
                if repr(before.type) != repr(column.type):
                    found.append(Column(column.name, column.type))
        return found

    def _without_listeners(self) -> Dict[str, Any]:
        kw = dict(self.reflect_kwargs)
        kw["listeners"] = kw["listeners"][len(self._listeners) :]
        return kw

    # by SQLAlchemy's description of the table

    def _table_rebuild(self) -> ApplyBatchImpl:
        """Return the table made anew, with all changes applied."""
        # a live SQLite hardly ever needs it, nor all that it loads
        from .rebuild import ApplyBatchImpl

        reflected = self.copy_from is None
        table = self.copy_from
        if table is None:
            table = self._reflected_or_refuse()
        rebuild = ApplyBatchImpl(
            self.impl,
            table,
            self.table_args,
            self.table_kwargs,
            reflected,
            self.partial_reordering or (),
        )
        for name, arg, kw in self.batch:
            getattr(rebuild, name)(*arg, **kw)
        return rebuild

    def _reflected_or_refuse(self) -> Table:
        connection = self.impl.connection
        if self.impl.as_sql or connection is None:
            raise CommandError(
                "This operation cannot proceed in --sql mode; batch mode with dialect "
                f"{self.dialect.name} requires a live database connection with which "
                f'to reflect the table "{self.table_name}". To generate a batch SQL '
                'migration script using table "move and copy", a complete Table '
                'object should be passed to the "copy_from" argument of the '
                "batch_alter_table() method so that table reflection can be skipped."
            )
        table = self._reflected(connection, self.reflect_kwargs)
        conv_constraint_names(table)
        return table

    def _reflected(self, connection: Connection, kw: Mapping[str, Any]) -> Table:
        """Return the table as reflection finds it.

        :param kw: keyword arguments of the ``Table``.
        """
        convention = self.naming_convention
        metadata = (
            MetaData(naming_convention=dict(convention)) if convention else MetaData()
        )
        # the tables it refers to are of no interest
        options = {"autoload_with": connection, "resolve_fks": False, **kw}
        return Table(
            self.table_name,
            metadata,
            *[copy_item(item) for item in self.reflect_args],
            schema=self.schema,
            **options,
        )


_DROP = "drop_column"
_POSITIONS = ("insert_before", "insert_after")
