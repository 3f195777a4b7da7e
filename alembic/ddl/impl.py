"""DefaultImpl: makes schema changes on one database."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import cast
from typing import ContextManager
from typing import Dict
from typing import Optional
from typing import TextIO
from typing import Type
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import cast as sql_cast
from sqlalchemy import Column
from sqlalchemy import MetaData
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import schema
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable
from sqlalchemy.schema import DropIndex
from sqlalchemy.schema import DropTable

from ..sqla import constraints as sqla_constraints
from ..sqla import defaults
from ..sqla import names
from ..sqla import types as sqla_types
from ..sqla.elements import drop_constraint_has_if_exists
from ..util.exc import CommandError
from ..util.messaging import warn
from . import base
from . import conditions
from .comparison import Comparison
from .comparison import Params as Params
from .execution import Execution
from .registry import _impls as _impls
from .registry import ImplMeta as ImplMeta
from .registry import UnknownDialect as UnknownDialect

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Index
    from sqlalchemy.sql.elements import ClauseElement
    from sqlalchemy.sql.elements import quoted_name
    from sqlalchemy.types import TypeEngine

    from .contracts import PendingBatch
    from .contracts import RenderTarget
    from .contracts import ServerDefaultArgument
    from .contracts import TableRebuild


class DefaultImpl(Execution, Comparison, metaclass=ImplMeta):
    """How schema changes are made and compared on one kind of database.

    A dialect of your own is a subclass that names it; the import of its module is
    enough to make it known::

        class FirebirdImpl(DefaultImpl):
            __dialect__ = "firebird"
            transactional_ddl = True

    Change the SQL of single steps with ``@compiles`` on the elements of
    `alembic.ddl.base`.

    :param dialect: the SQLAlchemy dialect.
    :param connection: the connection to work on, or a stand-in for one.
    :param as_sql: write SQL to ``output_buffer`` instead of running it.
    :param transactional_ddl: whether the database rolls schema changes back; None for
        the dialect's own answer.
    :param output_buffer: where SQL is written.
    :param context_opts: the options of the migration context.
    """

    __dialect__ = "default"

    transactional_ddl: bool = False
    """Does the database roll schema changes back?"""

    guards: bool = False
    """Can a script add constraints and comments only where they are missing?"""

    autocommit_block: Optional[Callable[[], ContextManager[None]]] = None
    """Runs a block outside of any transaction; the migration context sets it."""

    def __init__(
        self,
        dialect: Dialect,
        connection: Optional[Connection],
        as_sql: bool,
        transactional_ddl: Optional[bool],
        output_buffer: Optional[TextIO],
        context_opts: Dict[str, Any],
    ) -> None:
        self.dialect = dialect
        self.connection = connection
        self.as_sql = as_sql
        self.literal_binds = context_opts.get("literal_binds", False)
        self.output_buffer = output_buffer
        self.memo: Dict[Any, Any] = {}
        self.context_opts = context_opts
        if transactional_ddl is not None:
            self.transactional_ddl = transactional_ddl
        if self.literal_binds and not self.as_sql:
            raise CommandError("Can't use literal_binds setting without as_sql mode")

    @classmethod
    def get_by_dialect(cls, dialect: Dialect) -> Type[DefaultImpl]:
        """Return the class that serves a dialect; it is imported if need be.

        :param dialect: the SQLAlchemy dialect.
        :raises CommandError: when none does.
        """
        return cast("Type[DefaultImpl]", _impls[dialect.name])

    @property
    def bind(self) -> Optional[Connection]:
        """The connection, or what stands for it when SQL is only written."""
        return self.connection

    def start_migrations(self) -> None:
        """Called once, before the first step of a run; for dialects to override."""

    def version_table_impl(
        self,
        *,
        version_table: str,
        version_table_schema: Optional[str],
        version_table_pk: bool,
        **kw: Any,
    ) -> Table:
        """Return the table that holds the current revisions.

        A dialect may return one of its own; its column ``version_num`` must hold a
        revision identifier.

        :param version_table: the name.
        :param version_table_schema: the schema; None for the default one.
        :param version_table_pk: whether it has a primary key.
        :param kw: what later versions may pass.
        """
        table = Table(
            version_table,
            MetaData(),
            Column("version_num", String(32), nullable=False),
            schema=version_table_schema,
        )
        if version_table_pk:
            table.append_constraint(
                PrimaryKeyConstraint("version_num", name=f"{version_table}_pkc")
            )
        return table

    # -- batch mode -----------------------------------------------------------

    def requires_recreate_in_batch(self, batch_op: PendingBatch) -> bool:
        """Tell whether a batch of changes needs the table to be made anew.

        :param batch_op: the changes.
        :return: False where the database can alter tables.
        """
        return False

    def prep_table_for_batch(self, batch_impl: TableRebuild, table: Table) -> None:
        """Prepare a table that is being made anew; for dialects to override.

        :param batch_impl: the rebuild.
        :param table: the table as it is now.
        """

    def cast_for_batch_migrate(
        self,
        existing: Column[Any],
        existing_transfer: Dict[str, Any],
        new_type: TypeEngine[Any],
    ) -> None:
        """Put a CAST around a column that changes to a type of another family.

        :param existing: the column as it was.
        :param existing_transfer: ``expr`` is what is copied; it is replaced.
        :param new_type: the type the column will have.
        """
        if not sqla_types.same_affinity(existing.type, new_type):
            existing_transfer["expr"] = sql_cast(existing_transfer["expr"], new_type)

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
        comment: Union[str, bool, None] = False,
        existing_comment: Optional[str] = None,
        existing_type: Optional[TypeEngine[Any]] = None,
        existing_server_default: ServerDefaultArgument = None,
        existing_nullable: Optional[bool] = None,
        existing_autoincrement: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Change a column; see ``op.alter_column()`` for the meaning of all.

        :param name: the new name.
        :param kw: options of other dialects, ignored here.
        """
        self._warn_of_autoincrement(
            autoincrement, server_default, existing_server_default
        )
        existing = {
            "schema": schema,
            "existing_type": existing_type,
            "existing_server_default": existing_server_default,
            "existing_nullable": existing_nullable,
            "existing_comment": existing_comment,
        }
        if nullable is not None:
            self._exec(
                base.ColumnNullable(table_name, column_name, nullable, **existing)
            )
        if server_default is not False:
            self._alter_server_default(
                table_name, column_name, server_default, existing
            )
        if type_ is not None:
            self._exec(base.ColumnType(table_name, column_name, type_, **existing))
        if comment is not False:
            self._exec(
                base.ColumnComment(
                    table_name, column_name, cast("Optional[str]", comment), **existing
                )
            )
        # the new name comes last: all the others speak of the old one
        if name is not None:
            self._exec(base.ColumnName(table_name, column_name, name, **existing))

    def _alter_server_default(
        self,
        table_name: str,
        column_name: str,
        server_default: Any,
        existing: Dict[str, Any],
    ) -> None:
        """Set or remove a default, a computed expression or an identity."""
        before = existing["existing_server_default"]
        element: base.AlterColumn
        if defaults.is_computed(server_default, before):
            element = base.ComputedColumnDefault(
                table_name, column_name, server_default, **existing
            )
        elif defaults.is_identity(server_default, before):
            if server_default is not None and not defaults.is_identity(server_default):
                # the identity has to go before there can be a default
                self._alter_server_default(table_name, column_name, None, existing)
                existing = dict(existing, existing_server_default=None)
                self._alter_server_default(
                    table_name, column_name, server_default, existing
                )
                return
            element = base.IdentityColumnDefault(
                table_name, column_name, server_default, self, **existing
            )
        else:
            element = base.ColumnDefault(
                table_name, column_name, server_default, **existing
            )
        self._exec(element)

    def _warn_of_autoincrement(
        self, autoincrement: Optional[bool], *server_defaults: Any
    ) -> None:
        """Warn that a flag has no effect, unless it only restates an identity."""
        if autoincrement is not None and not defaults.is_identity(*server_defaults):
            warn("autoincrement and existing_autoincrement only make sense for MySQL")

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: Optional[Union[str, quoted_name]] = None,
        if_not_exists: Optional[bool] = None,
        inline_references: Optional[bool] = None,
        inline_primary_key: Optional[bool] = None,
    ) -> None:
        """Add a column, without the constraints that stand beside it.

        :param table_name: the table.
        :param column: the column.
        :param schema: the table's schema.
        :param if_not_exists: do nothing when the column is there already.
        :param inline_references: write its foreign keys as REFERENCES in the column.
        :param inline_primary_key: write PRIMARY KEY in the column.
        """
        self._exec(
            base.AddColumn(
                table_name,
                column,
                schema=schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
            )
        )

    def drop_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Drop a column.

        :param table_name: the table.
        :param column: the column; its name counts.
        :param schema: the table's schema.
        :param if_exists: do nothing when there is no such column.
        :param kw: options of other dialects, ignored here.
        """
        self._exec(
            base.DropColumn(table_name, column, schema=schema, if_exists=if_exists)
        )

    # -- constraints, tables, indexes, comments -------------------------------

    def add_constraint(self, const: Any, **kw: Any) -> None:
        """Add a constraint, unless it is one that the dialect does not write.

        :param const: a constraint that belongs to a table.
        :param kw: options of SQLAlchemy's ``AddConstraint``; ``if_not_exists`` where
            the dialect `guards` them, which needs the constraint to be named.
        """
        if not sqla_constraints.is_written_by(const, self):
            return
        guarded = kw.pop("if_not_exists", False)
        statement: Any = schema.AddConstraint(const, **kw)
        if guarded and names.constraint_is_named(const, self.dialect):
            statement = conditions.Guarded(statement)
        self._exec(statement)

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Drop a constraint.

        :param const: a constraint with a name, that belongs to a table.
        :param kw: options of SQLAlchemy's ``DropConstraint``, such as ``if_exists``.
        :raises CommandError: when this SQLAlchemy would leave ``if_exists`` out.
        """
        if kw.get("if_exists") and not drop_constraint_has_if_exists:
            raise CommandError(
                "if_exists for a constraint needs SQLAlchemy 2.0; look for the "
                "constraint with sqlalchemy.inspect(op.get_bind()) instead"
            )
        self._exec(schema.DropConstraint(const, **kw))

    def rename_table(
        self,
        old_table_name: str,
        new_table_name: Union[str, quoted_name],
        schema: Optional[Union[str, quoted_name]] = None,
    ) -> None:
        """Rename a table, which stays in its schema."""
        self._exec(base.RenameTable(old_table_name, new_table_name, schema=schema))

    def create_table(self, table: Table, **kw: Any) -> None:
        """Create a table with its indexes and comments.

        :param table: the table.
        :param kw: options of SQLAlchemy's ``CreateTable``, such as ``if_not_exists``.
        """
        any_table: Any = table
        event = {"checkfirst": False, "_ddl_runner": self}
        any_table.dispatch.before_create(table, self.connection, **event)
        self._exec(CreateTable(table, **kw))
        any_table.dispatch.after_create(table, self.connection, **event)
        # what makes a second run of the table succeed makes one of its indexes
        condition = {
            name: value for name, value in kw.items() if name == "if_not_exists"
        }
        for index in sorted(table.indexes, key=lambda index: str(index.name or "")):
            self._create_index_of_new_table(index, **condition)
        if self.dialect.supports_comments and not self.dialect.inline_comments:
            self._comment_new_table(table, **condition)

    def _comment_new_table(self, table: Table, **kw: Any) -> None:
        """Set the comments of a table and its columns along with the table.

        :param kw: ``if_not_exists``, when it was given for the table.
        """
        if table.comment:
            self.create_table_comment(table)
        for column in table.columns:
            if column.comment:
                self.create_column_comment(column)

    def _create_index_of_new_table(self, index: Index, **kw: Any) -> None:
        """Create an index along with its table.

        :param kw: ``if_not_exists``, when it was given for the table.
        """
        self._exec(CreateIndex(index, **kw))

    def drop_table(self, table: Table, **kw: Any) -> None:
        """Drop a table.

        :param table: the table; its name counts.
        :param kw: options of SQLAlchemy's ``DropTable``, such as ``if_exists``.
        """
        any_table: Any = table
        event = {"checkfirst": False, "_ddl_runner": self}
        any_table.dispatch.before_drop(table, self.connection, **event)
        self._exec(DropTable(table, **kw))
        any_table.dispatch.after_drop(table, self.connection, **event)

    def create_index(self, index: Index, **kw: Any) -> None:
        """Create an index.

        :param index: an index that belongs to a table.
        :param kw: options of SQLAlchemy's ``CreateIndex``, such as ``if_not_exists``.
        """
        self._exec(CreateIndex(index, **kw))

    def drop_index(self, index: Index, **kw: Any) -> None:
        """Drop an index.

        :param index: an index with a name, that belongs to a table.
        :param kw: options of SQLAlchemy's ``DropIndex``, such as ``if_exists``.
        """
        self._exec(DropIndex(index, **kw))

    def create_table_comment(self, table: Table) -> None:
        """Set a table's comment to ``table.comment``."""
        self._exec(schema.SetTableComment(table))

    def drop_table_comment(self, table: Table) -> None:
        """Remove a table's comment."""
        self._exec(schema.DropTableComment(table))

    def create_column_comment(self, column: Column[Any], **kw: Any) -> None:
        """Set a column's comment to ``column.comment``.

        :param column: a column that belongs to a table.
        :param kw: ``if_not_exists``, for dialects where a comment cannot be set twice.
        """
        self._exec(schema.SetColumnComment(column))

    # -- text of expressions and types ----------------------------------------

    def render_ddl_sql_expr(
        self, expr: ClauseElement, is_server_default: bool = False, **kw: Any
    ) -> str:
        """Return an expression of a schema as SQL text, its values as literals.

        :param expr: the expression.
        :param is_server_default: whether it is a server default.
        :param kw: further options of the compilation.
        """
        options: Dict[str, Any] = {"literal_binds": True, "include_table": False}
        options.update(kw.pop("compile_kwargs", {}))
        return str(expr.compile(dialect=self._script_dialect, compile_kwargs=options))

    def render_type(
        self, type_obj: TypeEngine[Any], autogen_context: RenderTarget
    ) -> Union[str, bool]:
        """Return a type as Python text for a revision file, or False for the usual.

        :param type_obj: the type.
        :param autogen_context: where it is written, and what that imports.
        """
        return False
