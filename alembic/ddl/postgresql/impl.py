"""PostgresqlImpl: identity and serial columns, types with USING, indexes."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from contextlib import ExitStack
from typing import Any
from typing import cast
from typing import Dict
from typing import Iterator
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import types as sqltypes
from sqlalchemy.schema import Column
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import DropIndex
from sqlalchemy.schema import Table

from ...sqla import connections
from ...sqla import defaults
from ...sqla import driver
from ...sqla import expressions
from ...sqla import named_types
from ...sqla import types as sqla_types
from ...util.exc import CommandError
from ...util.messaging import warn
from ..base import ColumnDefault
from ..base import IdentityColumnDefault
from ..impl import DefaultImpl
from . import indexes
from . import serial
from .comparison import NEXTVAL
from .comparison import PostgresqlComparison
from .elements import PostgresqlColumnType

if TYPE_CHECKING:
    from sqlalchemy.schema import Index
    from sqlalchemy.sql import Executable
    from sqlalchemy.sql.elements import ClauseElement
    from sqlalchemy.types import TypeEngine

    from ..contracts import ServerDefaultArgument
    from ..contracts import TableRebuild

log = logging.getLogger("alembic.ddl.postgresql")

_CAST_LITERAL = re.compile(r"\s*('(?:[^']|'')*')::[\w\s.\"\[\](),]+\s*")


class PostgresqlImpl(PostgresqlComparison, DefaultImpl):
    """Schema changes on PostgreSQL."""

    __dialect__ = "postgresql"

    transactional_ddl = True
    guards = True

    # -- columns --------------------------------------------------------------

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: Optional[bool] = None,
        server_default: ServerDefaultArgument = False,
        name: Optional[str] = None,
        type_: Optional[TypeEngine[Any]] = None,
        schema: Optional[str] = None,
        autoincrement: Optional[bool] = None,
        existing_type: Optional[TypeEngine[Any]] = None,
        existing_server_default: ServerDefaultArgument = None,
        existing_nullable: Optional[bool] = None,
        existing_autoincrement: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Change a column.

        The arguments are those of `DefaultImpl.alter_column`.

        :param autoincrement: True with ``server_default=None`` on an identity column
            makes it SERIAL again.
        :param kw: ``postgresql_using`` is the expression that turns old values into
            values of the new type.
        """
        using = kw.pop("postgresql_using", None)
        if using is not None and type_ is None:
            raise CommandError("postgresql_using must be used with the type_ parameter")
        # beside another change it only notes what the column is, as autogenerate does
        changes = (type_, nullable, name)
        if (
            autoincrement is not None
            and server_default is False
            and all(one is None for one in changes)
        ):
            warn("autoincrement and existing_autoincrement only make sense for MySQL")
        existing = {
            "schema": schema,
            "existing_type": existing_type,
            "existing_server_default": existing_server_default,
            "existing_nullable": existing_nullable,
        }
        default_to_set = server_default
        if type_ is not None:
            if self._default_is_in_the_way(
                type_, existing_type, server_default, existing_server_default
            ):
                self._exec(ColumnDefault(table_name, column_name, None, **existing))
                if server_default is None:
                    default_to_set = False
                elif server_default is False:
                    default_to_set = _plain_default(existing_server_default)
            self._exec(
                PostgresqlColumnType(
                    table_name, column_name, type_, using=using, **existing
                )
            )
        super().alter_column(table_name, column_name, nullable=nullable, **existing)
        if default_to_set is not False:
            counts = (
                autoincrement if autoincrement is not None else existing_autoincrement
            )
            self._change_default(
                table_name, column_name, default_to_set, existing, bool(counts)
            )
        super().alter_column(table_name, column_name, name=name, **existing, **kw)

    @staticmethod
    def _default_is_in_the_way(
        type_: TypeEngine[Any],
        existing_type: Optional[TypeEngine[Any]],
        server_default: Any,
        existing_server_default: Any,
    ) -> bool:
        """Tell whether a default has to go before the type can change.

        PostgreSQL turns a default into the new type by itself only where values may
        be assigned without a cast.
        """
        if not defaults.is_given(existing_server_default) or (
            defaults.is_identity(server_default, existing_server_default)
            or defaults.is_computed(server_default, existing_server_default)
        ):
            return False
        if existing_type is None:
            return server_default is not False
        after, before = (sqltypes.to_instance(one) for one in (type_, existing_type))
        if isinstance(after, sqltypes.Enum):
            return True
        # anything may be assigned to a string
        return not isinstance(after, sqltypes.String) and not sqla_types.same_affinity(
            after, before
        )

    def _change_default(
        self,
        table_name: str,
        column_name: str,
        server_default: Any,
        existing: Dict[str, Any],
        counts: bool,
    ) -> None:
        """Set or remove a default or an identity, whatever there was before.

        :param counts: whether the column is, or shall be, SERIAL.
        """
        before = existing["existing_server_default"]
        if defaults.is_computed(server_default, before):
            self._change_computed(table_name, column_name, server_default, existing)
            return
        becomes_identity = defaults.is_identity(server_default)
        was_identity = defaults.is_identity(before)
        if becomes_identity and was_identity:
            if self._compare_identity_default(server_default, before)[2]:
                self._alter_server_default(
                    table_name, column_name, server_default, existing
                )
            return
        live = None
        if becomes_identity or not defaults.is_given(before):
            live = self._look_at_column(table_name, column_name, existing["schema"])
            was_identity = was_identity or (live is not None and live.is_identity)
        if becomes_identity:
            self._make_identity(
                table_name, column_name, server_default, existing, live, counts
            )
            return
        if was_identity:
            self._exec(
                IdentityColumnDefault(table_name, column_name, None, self, **existing)
            )
            if server_default is None:
                if counts:
                    self._make_serial(table_name, column_name, existing["schema"])
                return
        self._exec(ColumnDefault(table_name, column_name, server_default, **existing))

    def _change_computed(
        self,
        table_name: str,
        column_name: str,
        server_default: Any,
        existing: Dict[str, Any],
    ) -> None:
        """Give a computed column another expression, or make it an ordinary one."""
        is_computed = defaults.is_computed(server_default)
        if is_computed and self._live is not None:
            version = tuple(connections.server_version(self._live) or ())
            if version < (17,):
                raise CommandError(
                    f"PostgreSQL {version[0]} cannot change the expression of column "
                    f"{column_name!r} of table {table_name!r}, which 17 can; drop the "
                    "column and add it again, with op.drop_column() and "
                    "op.add_column()"
                )
        self._alter_server_default(
            table_name, column_name, server_default if is_computed else None, existing
        )
        if not is_computed and server_default is not None:
            self._exec(
                ColumnDefault(table_name, column_name, server_default, **existing)
            )

    def _make_identity(
        self,
        table_name: str,
        column_name: str,
        identity: Any,
        existing: Dict[str, Any],
        live: Optional[serial.LiveColumn],
        counts: bool,
    ) -> None:
        """Make a column an identity; a default it has is taken off first."""
        schema = existing["schema"]
        table, column = self._names(table_name, column_name, schema)
        sequence = None
        if live is not None:
            found = NEXTVAL.search(live.default or "")
            if found:
                sequence = found.group(1).replace("''", "'")
        elif counts:
            sequence = self._sequence_name(table_name, column_name, schema)
        before = existing["existing_server_default"]
        has_default = live.default is not None if live else defaults.is_given(before)
        if sequence is not None:
            for statement in serial.drop_serial(table, column, sequence):
                self._exec(statement)
        elif has_default:
            self._exec(ColumnDefault(table_name, column_name, None, **existing))
        self._exec(
            IdentityColumnDefault(
                table_name,
                column_name,
                identity,
                self,
                **dict(existing, existing_server_default=None),
            )
        )
        if sequence is not None:
            self._exec(serial.count_on(table, column, column_name))

    def _make_serial(
        self, table_name: str, column_name: str, schema: Optional[str]
    ) -> None:
        """Give a column a sequence to count with."""
        table, column = self._names(table_name, column_name, schema)
        sequence = self._sequence_name(table_name, column_name, schema)
        for statement in serial.make_serial(table, column, sequence):
            self._exec(statement)
        self._exec(serial.count_on(table, column, column_name))

    def _look_at_column(
        self, table_name: str, column_name: str, schema: Optional[str]
    ) -> Optional[serial.LiveColumn]:
        """Return what a column is at the moment, if that can be asked."""
        if self._live is None:
            return None
        schema = driver.translated_schema(self._live, schema)
        table, _ = self._names(table_name, column_name, schema)
        return serial.look_at_column(self._live, table, column_name)

    def _names(
        self, table_name: str, column_name: str, schema: Optional[str]
    ) -> Tuple[str, str]:
        """Return the names of a table and of a column as SQL."""
        quote = self.dialect.identifier_preparer.quote
        table = str(quote(table_name))
        if schema:
            table = f"{quote(schema)}.{table}"
        return table, str(quote(column_name))

    def _sequence_name(
        self, table_name: str, column_name: str, schema: Optional[str]
    ) -> str:
        """Return the name of a SERIAL column's sequence, as SQL."""
        return self._names(f"{table_name}_{column_name}_seq", column_name, schema)[0]

    # -- tables and indexes ---------------------------------------------------

    def prep_table_for_batch(self, batch_impl: TableRebuild, table: Table) -> None:
        """Drop the named constraints of a table whose copy will have them too.

        Their names belong to the whole schema, so both cannot exist at once.
        """
        for constraint in list(table.constraints):
            if (
                constraint.name is not None
                and constraint.name in batch_impl.named_constraints
            ):
                self.drop_constraint(constraint)

    def create_table(self, table: Table, **kw: Any) -> None:
        """Create a table, and the enums and domains of its columns that are not there.

        The arguments are those of `DefaultImpl.create_table`.
        """
        self._look_at_types(table)
        super().create_table(table, **kw)

    def _look_at_types(self, table: Table) -> None:
        """Put down which types of a table's columns exist as they are wanted.

        SQLAlchemy creates those that are not put down, and puts them down itself. It
        does not see those that other runs created, or that ``op.execute()`` dropped.
        """
        if self._live is None:
            return
        for column in table.columns:
            type_ = named_types.named_type(column.type, self.dialect)
            if type_ is None:
                continue
            known = named_types.created(self.memo, type_)
            key = (type_.schema, type_.name)
            labels = named_types.look_at_type(self._live, type_)
            if labels is None:
                known.discard(key)
            elif not labels or labels == list(type_.enums):
                known.add(key)

    def execute(
        self,
        sql: Union[Executable, str],
        execution_options: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Run SQL of the user's; types that it drops may be created again.

        The arguments are those of `DefaultImpl.execute`.
        """
        super().execute(sql, execution_options)
        if self.as_sql:
            text = sql if isinstance(sql, str) else expressions.text_of(sql)
            named_types.forget_dropped(self.memo, text or "")

    def _create_index_of_new_table(self, index: Index, **kw: Any) -> None:
        """Create an index of a table that nobody else can see yet."""
        options: Any = index.dialect_options["postgresql"]
        concurrently = options.get("concurrently")
        options["concurrently"] = False
        try:
            super()._create_index_of_new_table(index, **kw)
        finally:
            options["concurrently"] = concurrently

    def create_index(self, index: Index, **kw: Any) -> None:
        """Create an index.

        With ``postgresql_concurrently`` the transaction is committed first, and
        another one begun afterwards. An invalid index of the same name, which a failed
        attempt leaves behind, is dropped before.

        :param index: the index; ``postgresql_include`` may name columns that its
            table has not.
        :param kw: options of SQLAlchemy's ``CreateIndex``.
        :raises CommandError: when it cannot be built concurrently, because the
            transaction in progress is not ours to commit.
        """
        table: Any = index.table
        options: Any = index.dialect_options["postgresql"]
        for column in options.get("include") or ():
            if isinstance(column, str) and column not in table.c:
                table.append_column(Column(column, sqltypes.NULLTYPE))
        if not options.get("concurrently"):
            self._exec(CreateIndex(index, **kw))
            return
        with self._outside_of_transaction(index, "CREATE"):
            if self._live is not None:
                invalid = indexes.find_invalid(self._live, index)
                if invalid is not None:
                    log.warning(
                        "Index %s is invalid, a failed concurrent build has left it; "
                        "dropping it before it is built again",
                        invalid,
                    )
                    self._exec(f"DROP INDEX CONCURRENTLY IF EXISTS {invalid}")
            self._exec(CreateIndex(index, **kw))

    def drop_index(self, index: Index, **kw: Any) -> None:
        """Drop an index; with ``postgresql_concurrently`` outside of a transaction.

        :param index: the index.
        :param kw: options of SQLAlchemy's ``DropIndex``.
        :raises CommandError: as `create_index` does.
        """
        options: Any = index.dialect_options["postgresql"]
        if not options.get("concurrently"):
            self._exec(DropIndex(index, **kw))
            return
        with self._outside_of_transaction(index, "DROP"):
            self._exec(DropIndex(index, **kw))

    @contextmanager
    def _outside_of_transaction(self, index: Index, verb: str) -> Iterator[None]:
        """Leave the transaction in progress for the block.

        :raises CommandError: when that transaction is not ours.
        """
        with ExitStack() as block:
            if self._needs_autocommit_block() and self.autocommit_block is not None:
                try:
                    block.enter_context(self.autocommit_block())
                except CommandError as error:
                    raise CommandError(
                        f"{verb} INDEX CONCURRENTLY {index.name} cannot run inside a "
                        f"transaction, and the one in progress is the caller's: {error}"
                    ) from error
            yield

    def _needs_autocommit_block(self) -> bool:
        """Tell whether there may be a transaction, written or real, to leave."""
        if self.as_sql:
            return self.writes_transaction
        return self._live is not None and not driver.is_autocommit(self._live)

    # -- text -----------------------------------------------------------------

    def render_ddl_sql_expr(
        self,
        expr: ClauseElement,
        is_server_default: bool = False,
        is_index: bool = False,
        **kw: Any,
    ) -> str:
        """Return an expression as SQL, in parentheses where an index wants them.

        :param expr: the expression.
        :param is_server_default: whether it is a server default.
        :param is_index: whether it is an element of an index.
        """
        if is_index and expressions.is_operation(expr):
            expr = expressions.grouped(expr)
        return super().render_ddl_sql_expr(expr, is_server_default, **kw)


def _plain_default(default: Any) -> Union[str, Any]:
    """Return a default that was found so that it suits another type too."""
    arg = getattr(default, "arg", default)
    text = expressions.text_of(arg)
    literal = _CAST_LITERAL.fullmatch(text) if text is not None else None
    return expressions.literal_text(literal.group(1)) if literal else cast(Any, arg)
