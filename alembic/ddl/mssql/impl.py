"""MSSQLImpl: dependent constraints dropped by looked-up name, GO between batches."""

from __future__ import annotations

import itertools
from typing import Any
from typing import Dict
from typing import Iterable
from typing import List
from typing import Mapping
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import types as sqltypes
from sqlalchemy.schema import Column
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable
from sqlalchemy.schema import DropIndex
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table

from ...sqla import defaults
from ...sqla import types as sqla_types
from ...sqla.elements import mssql_drop_index_has_if_exists
from ...util.exc import CommandError
from .. import default_text
from .. import type_text
from ..base import AddColumn
from ..base import ColumnComment
from ..base import ColumnDefault
from ..base import ColumnType
from ..comparison import ComparesDefaultsByText
from ..conditions import Guarded
from ..impl import DefaultImpl
from .elements import _ExecDropConstraint
from .elements import _ExecDropFKConstraint
from .elements import literal
from .elements import TableComment

if TYPE_CHECKING:
    from sqlalchemy.schema import Index
    from sqlalchemy.sql import Executable
    from sqlalchemy.sql.selectable import TableClause
    from sqlalchemy.types import TypeEngine

    from ..contracts import ServerDefaultArgument


_SUPPOSED_VERSION = (13,)
"""2016, the first that reads DROP ... IF EXISTS; all that is supported is newer."""


def _are_plain(*server_defaults: Any) -> bool:
    """Tell whether none of some defaults is an identity or a computed expression."""
    return not (
        defaults.is_identity(*server_defaults) or defaults.is_computed(*server_defaults)
    )


def _are_dictionaries(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _sets_identity(
    table: Union[TableClause, Table], keys: Iterable[str], name: str
) -> Optional[str]:
    """Tell whether rows set the identity of their table.

    :param table: the table.
    :param keys: the keys of the columns that they set.
    :param name: the name of the table as SQL.
    :return: None if they do not; else the condition on which they do, if it is not
        certain.
    """
    columns: Dict[str, Any] = {
        key: column for key, column in table.columns.items() if key in set(keys)
    }
    if isinstance(table, Table) and table.primary_key.columns:
        is_set = any(defaults.is_made_identity(column) for column in columns.values())
        return "" if is_set else None
    if not columns:
        return None
    names = ", ".join(literal(column.name) for column in columns.values())
    return (
        "IF EXISTS (SELECT 1 FROM sys.identity_columns "
        f"WHERE object_id = OBJECT_ID({literal(name)}) AND name IN ({names}))\n"
    )


class MSSQLImpl(ComparesDefaultsByText, DefaultImpl):
    """Schema changes on SQL Server.

    The option ``mssql_batch_separator`` of ``configure()`` is what stands between the
    statements of a script; ``GO`` if it is not given.
    """

    __dialect__ = "mssql"

    transactional_ddl = True
    guards = True
    unconditional = (
        *(CreateTable, CreateIndex, AddColumn),
        *(() if mssql_drop_index_has_if_exists else (DropIndex,)),
    )
    batch_separator = "GO"

    type_synonyms = (*DefaultImpl.type_synonyms, {"VARCHAR", "NVARCHAR"})
    identity_attrs_ignore = (
        *DefaultImpl.identity_attrs_ignore,
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
    )

    default_rules = default_text.DefaultRules(
        synonyms={"current_timestamp": "getdate", "getdate()": "getdate"}
    )

    def __init__(self, *arg: Any, **kw: Any) -> None:
        super().__init__(*arg, **kw)
        self.batch_separator = self.context_opts.get(
            "mssql_batch_separator", self.batch_separator
        )
        if self.as_sql:
            self._suppose()

    def _suppose(self) -> None:
        """Tell the dialect of a script what it would have asked a server for."""
        dialect: Any = self.dialect
        if getattr(dialect, "default_schema_name", None) is None:
            # comments have to name a schema
            dialect.default_schema_name = "dbo"
        if not getattr(dialect, "server_version_info", None):
            # or DATE and TIME become DATETIME, as before 2008
            dialect.server_version_info = _SUPPOSED_VERSION
        if dialect.deprecate_large_types is None:
            dialect.deprecate_large_types = True

    def _exec_conditional(self, construct: Any) -> None:
        self._exec(Guarded(construct))

    def _write(self, construct: Executable) -> None:
        """Write a statement with the separator behind it."""
        super()._write(construct)
        if self.batch_separator:
            self.static_output(self.batch_separator)

    def emit_begin(self) -> None:
        """Write the beginning of a transaction to the script."""
        self.static_output(f"BEGIN TRANSACTION{self.command_terminator}")

    def emit_commit(self) -> None:
        """Write the end of a transaction to the script."""
        super().emit_commit()
        if self.as_sql and self.batch_separator:
            self.static_output(self.batch_separator)

    # -- tables ---------------------------------------------------------------

    def create_table_comment(self, table: Table) -> None:
        """Set a table's comment to ``table.comment``.

        One that it has already cannot be added, but changed; it is known by
        ``table.info["existing_comment"]``.
        """
        self._exec(
            TableComment(
                table.name,
                table.comment,
                schema=table.schema,
                existing_comment=table.info.get("existing_comment"),
            )
        )

    def drop_table_comment(self, table: Table) -> None:
        """Remove a table's comment."""
        self._exec(TableComment(table.name, None, schema=table.schema))

    def create_column_comment(self, column: Column[Any], **kw: Any) -> None:
        """Set a column's comment to ``column.comment``.

        :param column: a column that belongs to a table.
        :param kw: ``if_not_exists``, to do so only where it has none.
        """
        if not kw.get("if_not_exists"):
            super().create_column_comment(column)
            return
        table: Any = column.table
        comment = ColumnComment(
            table.name, column.name, column.comment, schema=table.schema
        )
        self._exec(Guarded(comment))

    def _comment_new_table(self, table: Table, **kw: Any) -> None:
        """Set comments; where the table was there already, those that it lacks."""
        if table.comment and kw.get("if_not_exists"):
            self._exec(Guarded(TableComment(table.name, table.comment, table.schema)))
        elif table.comment:
            self.create_table_comment(table)
        for column in table.columns:
            if column.comment:
                self.create_column_comment(column, **kw)

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
        existing_type: Optional[TypeEngine[Any]] = None,
        existing_server_default: ServerDefaultArgument = None,
        existing_nullable: Optional[bool] = None,
        **kw: Any,
    ) -> None:
        """Change a column; type and nullability are written together.

        The arguments are those of `DefaultImpl.alter_column`.

        :raises CommandError: when NULL or NOT NULL is wanted and the type is not
            known.
        """
        changes_type_and_default = (
            type_ is not None
            and server_default is not False
            and existing_server_default is not False
            and _are_plain(server_default, existing_server_default)
        )
        readds_default = changes_type_and_default or self._default_is_in_the_way(
            type_, existing_type, existing_server_default
        )
        if readds_default:
            self._drop_default(table_name, column_name, schema)
        if nullable is not None and type_ is None:
            if existing_type is None:
                raise CommandError(
                    "MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the "
                    "existing_type or a new type_ be passed."
                )
            type_ = existing_type
        if type_ is not None:
            if nullable is None:
                nullable = existing_nullable
            self._exec(
                ColumnType(
                    table_name,
                    column_name,
                    type_,
                    schema=schema,
                    existing_type=existing_type,
                    existing_nullable=nullable,
                )
            )
        if readds_default and server_default is not None:
            self._exec(
                ColumnDefault(
                    table_name,
                    column_name,
                    existing_server_default
                    if server_default is False
                    else server_default,
                    schema=schema,
                )
            )
        elif server_default is not False and not readds_default:
            self._change_default(
                table_name, column_name, schema, server_default, existing_server_default
            )
        super().alter_column(
            table_name,
            column_name,
            schema=schema,
            existing_type=existing_type,
            existing_nullable=existing_nullable,
            existing_server_default=existing_server_default,
            name=name,
            **kw,
        )

    def _default_is_in_the_way(
        self,
        type_: Optional[TypeEngine[Any]],
        existing_type: Optional[TypeEngine[Any]],
        existing_server_default: Any,
    ) -> bool:
        """Tell whether a default has to go while the type changes.

        Next to a default only length and precision may change.
        """
        if type_ is None or existing_type is None:
            return False
        if not (
            defaults.is_given(existing_server_default)
            and _are_plain(existing_server_default)
        ):
            return False
        after, before = (
            type_text.tokenize(
                sqla_types.compiled_type(sqltypes.to_instance(one), self.dialect)
            )
            for one in (type_, existing_type)
        )
        return type_text.name_of(after) != type_text.name_of(before)

    def _drop_default(
        self, table_name: str, column_name: str, schema: Optional[str]
    ) -> None:
        """Drop the default of a column, which is a constraint with a name."""
        self._exec(
            _ExecDropConstraint(
                table_name, column_name, "sys.default_constraints", schema
            )
        )

    def _change_default(
        self,
        table_name: str,
        column_name: str,
        schema: Optional[str],
        server_default: Any,
        existing_server_default: Any,
    ) -> None:
        """Set or remove a default."""
        if defaults.is_computed(server_default) and defaults.is_computed(
            existing_server_default
        ):
            # nothing is lost but its place: it holds no values of its own
            column: Column[Any] = Column(column_name, sqltypes.NULLTYPE, server_default)
            Table(table_name, MetaData(), column, schema=schema)
            self.drop_column(table_name, column, schema=schema)
            self.add_column(table_name, column, schema=schema)
            return
        is_plain = _are_plain(server_default, existing_server_default)
        # None does not promise that there is no default, and looking for one that is
        # not there does no harm
        if is_plain and (
            existing_server_default is not False or server_default is None
        ):
            self._drop_default(table_name, column_name, schema)
        if server_default is not None or not is_plain:
            self._alter_server_default(
                table_name,
                column_name,
                server_default,
                {
                    "schema": schema,
                    "existing_server_default": existing_server_default,
                },
            )

    def drop_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: Optional[str] = None,
        **kw: Any,
    ) -> None:
        """Drop a column, and first the constraints that stand in the way.

        :param table_name: the table.
        :param column: the column; its name counts.
        :param schema: the table's schema.
        :param kw: ``mssql_drop_default``, ``mssql_drop_check`` and
            ``mssql_drop_foreign_key`` say which constraints of the column are looked
            up and dropped first; ``if_exists``.
        """
        if kw.pop("mssql_drop_default", False):
            self._exec(
                _ExecDropConstraint(
                    table_name, column, "sys.default_constraints", schema
                )
            )
        if kw.pop("mssql_drop_check", False):
            self._exec(
                _ExecDropConstraint(table_name, column, "sys.check_constraints", schema)
            )
        if kw.pop("mssql_drop_foreign_key", False):
            self._exec(_ExecDropFKConstraint(table_name, column, schema))
        super().drop_column(table_name, column, schema=schema, **kw)

    def create_index(self, index: Index, **kw: Any) -> None:
        """Create an index; ``mssql_include`` may name columns the table has not.

        :param index: the index.
        :param kw: options of SQLAlchemy's ``CreateIndex``.
        """
        table: Any = index.table
        options: Any = index.kwargs
        for column in options.get("mssql_include") or ():
            if isinstance(column, str) and column not in table.c:
                table.append_column(Column(column, sqltypes.NULLTYPE))
        self._exec(CreateIndex(index, **kw))

    def bulk_insert(  # type: ignore[override]
        self, table: Union[TableClause, Table], rows: List[Dict[str, Any]], **kw: Any
    ) -> None:
        """Insert rows; in a script, explicit values for an identity are let in.

        Neither is that allowed for a table that has no identity, nor may a row leave
        the value out while it is. A ``sa.table()`` does not tell; the server does.

        :param table: the table.
        :param rows: a dictionary for each row.
        """
        if not self.as_sql or not _are_dictionaries(rows):
            super().bulk_insert(table, rows, **kw)
            return
        any_dialect: Any = self._script_dialect
        name = any_dialect.identifier_preparer.format_table(table)
        for keys, group in itertools.groupby(rows, key=sorted):
            condition = _sets_identity(table, keys, name)
            if condition is not None:
                self._exec(f"{condition}SET IDENTITY_INSERT {name} ON")
            super().bulk_insert(table, list(group), **kw)
            if condition is not None:
                self._exec(f"{condition}SET IDENTITY_INSERT {name} OFF")

    # -- comparison -----------------------------------------------------------

    def _compare_identity_default(
        self, metadata_identity: Any, inspector_identity: Any
    ) -> Tuple[Set[str], Set[str], bool]:
        """Compare two identities; SQL Server has no GENERATED ALWAYS."""
        different, ignored, is_alter = super()._compare_identity_default(
            metadata_identity, inspector_identity
        )
        if metadata_identity is None or inspector_identity is None:
            return different, ignored, is_alter
        different.discard("always")
        return different, ignored, bool(different)

    def adjust_reflected_dialect_options(
        self, reflected_object: Mapping[str, Any], kind: str
    ) -> Dict[str, Any]:
        """Return the dialect options of a reflected index that are no defaults."""
        options = super().adjust_reflected_dialect_options(reflected_object, kind)
        for name in ("mssql_include", "mssql_clustered"):
            if not options.get(name):
                options.pop(name, None)
        return options
