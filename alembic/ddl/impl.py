"""DefaultImpl: runs or writes schema changes on one database, and finds the dialect."""

from __future__ import annotations

import importlib
import re
from typing import Any
from typing import Callable
from typing import cast
from typing import ContextManager
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TextIO
from typing import Tuple
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

from ..sqla import connections
from ..sqla import constraints as sqla_constraints
from ..sqla import defaults
from ..sqla import driver
from ..sqla import expressions
from ..sqla import types as sqla_types
from ..sqla.elements import as_translated
from ..sqla.elements import drop_constraint_has_if_exists
from ..sqla.elements import is_ddl
from ..sqla.elements import plain_insert
from ..sqla.scripts import script_dialect
from ..sqla.scripts import sql_for_script
from ..util.exc import CommandError
from ..util.messaging import warn
from ..util.sequences import EMPTY_DICT
from . import base
from .comparison import Comparison
from .comparison import Params as Params

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import CursorResult
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Index
    from sqlalchemy.sql import Executable
    from sqlalchemy.sql.elements import ClauseElement
    from sqlalchemy.sql.elements import quoted_name
    from sqlalchemy.sql.selectable import TableClause
    from sqlalchemy.types import TypeEngine

    from .contracts import PendingBatch
    from .contracts import RenderTarget
    from .contracts import ServerDefaultArgument
    from .contracts import TableRebuild

_INDENT = re.compile(r"^\t+", re.MULTILINE)


class UnknownDialect(CommandError, KeyError):
    """No subclass of `DefaultImpl` serves a database dialect."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return (
            f"No migration support for the database dialect {self.name!r}; import the "
            f"package that brings it, or define a subclass of "
            f"alembic.ddl.impl.DefaultImpl with __dialect__ = {self.name!r}"
        )


class _Impls(Dict[str, Type["DefaultImpl"]]):
    """The known dialects by name; those that ship are imported when asked for."""

    _modules = {
        "mariadb": "mysql",
        "mssql": "mssql",
        "mysql": "mysql",
        "oracle": "oracle",
        "postgresql": "postgresql",
        "sqlite": "sqlite",
    }

    def __missing__(self, name: str) -> Type[DefaultImpl]:
        if name in self._modules:
            importlib.import_module(f"{__package__}.{self._modules[name]}")
        found = self.get(name)
        if found is None:
            raise UnknownDialect(name)
        return found


_impls: Dict[str, Type[DefaultImpl]] = _Impls()


class ImplMeta(type):
    """Registers every subclass of `DefaultImpl` that names its ``__dialect__``."""

    def __init__(
        cls,
        classname: str,
        bases: Tuple[Type[DefaultImpl], ...],
        dict_: Dict[str, Any],
    ) -> None:
        super().__init__(classname, bases, dict_)
        if "__dialect__" in dict_:
            _impls[dict_["__dialect__"]] = cast("Type[DefaultImpl]", cls)


class DefaultImpl(Comparison, metaclass=ImplMeta):
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

    command_terminator: str = ";"
    """What ends a statement in a script."""

    index_takes_condition: bool = True
    """Does CREATE INDEX take IF NOT EXISTS?"""

    autocommit_block: Optional[Callable[[], ContextManager[None]]] = None
    """Runs a block outside of any transaction; the migration context sets it."""

    answers: Callable[[str, Callable[[], Any]], Any] = staticmethod(
        lambda key, ask: ask()
    )
    """Asks the database what a statement needs to know; the migration context sets it.

    Called with what is asked, and with a function that asks and whose answer is JSON.
    When a revision is continued, the answer may be the one of the first time.
    """

    schema_translate_map: Mapping[Any, Any] = EMPTY_DICT
    """The schemas that a script has in place of those that revisions name."""

    writes_transaction: bool = False
    """Is a transaction open in the script that is being written?"""

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
        return _impls[dialect.name]

    @property
    def bind(self) -> Optional[Connection]:
        """The connection, or what stands for it when SQL is only written."""
        return self.connection

    # -- running and writing --------------------------------------------------

    def static_output(self, text: str) -> None:
        """Write a piece of text, and an empty line, to the output buffer."""
        buffer = cast(TextIO, self.output_buffer)
        buffer.write(text + "\n\n")
        buffer.flush()

    def _exec(
        self,
        construct: Union[Executable, str],
        execution_options: Optional[Mapping[str, Any]] = None,
        multiparams: Optional[Sequence[Mapping[str, Any]]] = None,
        params: Mapping[str, Any] = EMPTY_DICT,
    ) -> Optional[CursorResult[Any]]:
        """Run a statement, or write it: every change goes through here.

        :param construct: a statement. A string is SQL as it is; a colon in it begins
            no parameter.
        :param execution_options: options of this execution.
        :param multiparams: a set of parameters for each of several executions.
        :param params: the parameters of one execution.
        :return: the result; None when the statement is only written.
        """
        if isinstance(construct, str):
            construct = expressions.literal_text(construct)
        if self.as_sql:
            if multiparams is not None or params:
                raise TypeError("SQL parameters not allowed with as_sql")
            self._write(construct)
            return None
        connection = self.connection
        assert connection is not None
        return cast(
            "CursorResult[Any]",
            connections.execute(
                connection,
                construct,
                multiparams if multiparams is not None else dict(params) or None,
                execution_options,
            ),
        )

    def _write(self, construct: Executable) -> None:
        """Write a statement to the output buffer, with its terminator."""
        text = sql_for_script(construct, self._script_dialect, self.literal_binds)
        if is_ddl(construct):
            text = _INDENT.sub(lambda tabs: "    " * len(tabs.group()), text)
        text = text.strip()
        if not (self.command_terminator and text.endswith(self.command_terminator)):
            text += self.command_terminator
        self.static_output(text)

    @property
    def _script_dialect(self) -> Dialect:
        """The dialect as it writes for a script rather than for a driver."""
        found = self.memo.get("script_dialect")
        if found is None:
            found = self.memo["script_dialect"] = script_dialect(
                self.dialect, self.schema_translate_map
            )
        return cast("Dialect", found)

    @property
    def _live(self) -> Optional[Connection]:
        """The connection when it may be asked questions, else None."""
        return None if self.as_sql else self.connection

    def execute(
        self,
        sql: Union[Executable, str],
        execution_options: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Run SQL of the user's.

        :param sql: a string, which is sent as it is, or a statement.
        :param execution_options: options of this execution.
        """
        self._exec(sql, execution_options)

    def start_migrations(self) -> None:
        """Called once, before the first step of a run; for dialects to override."""

    def emit_begin(self) -> None:
        """Write the beginning of a transaction to the script."""
        self.writes_transaction = True
        self.static_output(f"BEGIN{self.command_terminator}")

    def emit_commit(self) -> None:
        """Write the end of a transaction to the script."""
        self.writes_transaction = False
        self.static_output(f"COMMIT{self.command_terminator}")

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
        :param kw: options of SQLAlchemy's ``AddConstraint``.
        """
        if sqla_constraints.is_written_by(const, self):
            self._exec(schema.AddConstraint(const, **kw))

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
            if table.comment:
                self.create_table_comment(table)
            for column in table.columns:
                if column.comment:
                    self.create_column_comment(column)

    def _create_index_of_new_table(self, index: Index, **kw: Any) -> None:
        """Create an index along with its table.

        :param kw: ``if_not_exists``, when it was given for the table.
        """
        self._exec(CreateIndex(index, **(kw if self.index_takes_condition else {})))

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

    def create_column_comment(self, column: Column[Any]) -> None:
        """Set a column's comment to ``column.comment``."""
        self._exec(schema.SetColumnComment(column))

    # -- rows -----------------------------------------------------------------

    def bulk_insert(
        self,
        table: Union[TableClause, Table],
        rows: List[Dict[str, Any]],
        multiinsert: bool = True,
    ) -> None:
        """Insert rows.

        :param table: the table.
        :param rows: a dictionary for each row.
        :param multiinsert: hand all rows to the driver at once; false to execute one
            INSERT a row, which is done in any case for rows that hold SQL expressions.
        :raises TypeError: when ``rows`` is not a list of dictionaries.
        """
        if not isinstance(rows, list):
            raise TypeError("List expected")
        if rows and not isinstance(rows[0], dict):
            raise TypeError("List of dictionaries expected")
        if driver.translates_schemas(self._live):
            table = as_translated(table)
        if self.as_sql:
            for row in rows:
                self._exec(plain_insert(table).values(self._literal_row(table, row)))
        elif rows and multiinsert and not _hold_expressions(rows):
            self._exec(plain_insert(table), multiparams=rows)
        else:
            for row in rows:
                self._exec(plain_insert(table).values(row))

    def _literal_row(
        self, table: Union[TableClause, Table], row: Mapping[str, Any]
    ) -> Dict[str, Any]:
        """Return a row whose values will be written into the SQL as literals."""
        columns: Any = table.c
        return {
            key: (
                value
                if isinstance(value, expressions.LiteralBindParameter)
                or hasattr(value, "__clause_element__")
                or expressions.is_clause(value)
                else expressions.LiteralBindParameter(
                    key, value, type_=columns[key].type, unique=True
                )
            )
            for key, value in row.items()
        }

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


def _hold_expressions(rows: List[Dict[str, Any]]) -> bool:
    """Tell whether any value of some rows is SQL, which no parameter can carry."""
    return any(
        expressions.is_clause(value) or hasattr(value, "__clause_element__")
        for row in rows
        for value in row.values()
    )
