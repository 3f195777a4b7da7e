"""SQL Server's own DDL elements, and their SQL."""

from __future__ import annotations

from typing import Any
from typing import Optional
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import types as sqltypes
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import Column

from ...sqla.elements import effective_schema
from ...sqla.elements import ExecutableDDLElement
from ..base import AddColumn
from ..base import alter_column
from ..base import alter_table
from ..base import AlterTable
from ..base import column_definition
from ..base import ColumnComment
from ..base import ColumnDefault
from ..base import ColumnName
from ..base import ColumnNullable
from ..base import ColumnType
from ..base import format_column_name
from ..base import format_server_default
from ..base import format_table_name
from ..base import format_type
from ..base import RenameTable
from ..conditions import Guarded
from ..conditions import Target
from ..conditions import target_of

if TYPE_CHECKING:
    from sqlalchemy.dialects.mssql.base import MSDDLCompiler


class _ExecDropConstraint(ExecutableDDLElement):
    """Look the names of a column's constraints up, and drop them.

    :param tname: the table.
    :param colname: the column, or its name.
    :param type_: the catalogue view that lists such constraints.
    :param schema: the table's schema.
    """

    inherit_cache = False

    def __init__(
        self,
        tname: str,
        colname: Union[Column[Any], str],
        type_: str,
        schema: Optional[str],
    ) -> None:
        self.tname = tname
        self.colname = colname
        self.type_ = type_
        self.schema = schema


class _ExecDropFKConstraint(ExecutableDDLElement):
    """Look the names of a column's foreign keys up, and drop them.

    :param tname: the table.
    :param colname: the column, or its name.
    :param schema: the table's schema.
    """

    inherit_cache = False

    def __init__(
        self, tname: str, colname: Union[Column[Any], str], schema: Optional[str]
    ) -> None:
        self.tname = tname
        self.colname = colname
        self.schema = schema


_ALL_NAMES = """declare @const_name nvarchar(max)
select @const_name = isnull(@const_name + ', ', '') + QUOTENAME([name])"""
"""What gathers the names of all constraints that are found."""


@compiles(_ExecDropConstraint, "mssql")
def _exec_drop_col_constraint(
    element: _ExecDropConstraint, compiler: MSDDLCompiler, **kw: Any
) -> str:
    table = format_table_name(compiler, element.tname, element.schema)
    # a column has one default, but may have several of the others
    declared = (
        "declare @const_name varchar(256)\nselect @const_name = QUOTENAME([name])"
        if element.type_ == "sys.default_constraints"
        else _ALL_NAMES
    )
    return f"""{declared} from {element.type_}
where parent_object_id = object_id({literal(table)})
and col_name(parent_object_id, parent_column_id) = {_column_literal(element)}
exec({literal(f"alter table {table} drop constraint ")} + @const_name)"""


@compiles(_ExecDropFKConstraint, "mssql")
def _exec_drop_col_fk_constraint(
    element: _ExecDropFKConstraint, compiler: MSDDLCompiler, **kw: Any
) -> str:
    table = format_table_name(compiler, element.tname, element.schema)
    return f"""{_ALL_NAMES} from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id({literal(table)})
and col_name(fkc.parent_object_id, fkc.parent_column_id) = {_column_literal(element)}
exec({literal(f"alter table {table} drop constraint ")} + @const_name)"""


def literal(text: str) -> str:
    """Return a text as a string literal, of Unicode where it has to be."""
    return ("" if text.isascii() else "N") + "'" + text.replace("'", "''") + "'"


def _column_literal(element: Any) -> str:
    """Return the name of an element's column as a string literal."""
    return literal(getattr(element.colname, "name", element.colname))


@compiles(AddColumn, "mssql")
def visit_add_column(element: AddColumn, compiler: MSDDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE t ADD c ...``."""
    head = alter_table(compiler, element.table_name, element.schema)
    tail = mssql_add_column(
        compiler,
        element.column,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
        **kw,
    )
    return f"{head} {tail}"


def mssql_add_column(compiler: MSDDLCompiler, column: Column[Any], **kw: Any) -> str:
    """Return ``ADD`` with the column's definition.

    :param compiler: the compiler that asks.
    :param column: the column.
    :param kw: options of `alembic.ddl.base.column_definition`.
    """
    return f"ADD {column_definition(compiler, column, **kw)}"


@compiles(ColumnNullable, "mssql")
def visit_column_nullable(
    element: ColumnNullable, compiler: MSDDLCompiler, **kw: Any
) -> str:
    """Write ``ALTER COLUMN c TYPE NULL`` or ``NOT NULL``."""
    assert element.existing_type is not None
    head = alter_table(compiler, element.table_name, element.schema)
    column = alter_column(compiler, element.column_name)
    type_ = format_type(compiler, element.existing_type)
    return f"{head} {column} {type_} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(ColumnDefault, "mssql")
def visit_column_default(
    element: ColumnDefault, compiler: MSDDLCompiler, **kw: Any
) -> str:
    """Write ``ADD DEFAULT ... FOR c``."""
    head = alter_table(compiler, element.table_name, element.schema)
    default = format_server_default(compiler, element.default)
    column = format_column_name(compiler, element.column_name)
    return f"{head} ADD DEFAULT {default} FOR {column}"


@compiles(ColumnName, "mssql")
def visit_rename_column(element: ColumnName, compiler: MSDDLCompiler, **kw: Any) -> str:
    """Write ``EXEC sp_rename 't.c', d, 'COLUMN'``."""
    table = format_table_name(compiler, element.table_name, element.schema)
    old = literal(f"{table}.{format_column_name(compiler, element.column_name)}")
    return f"EXEC sp_rename {old}, {_argument(compiler, element.newname)}, 'COLUMN'"


@compiles(ColumnType, "mssql")
def visit_column_type(element: ColumnType, compiler: MSDDLCompiler, **kw: Any) -> str:
    """Write ``ALTER COLUMN c TYPE``, with NULL or NOT NULL when that is known."""
    head = alter_table(compiler, element.table_name, element.schema)
    column = alter_column(compiler, element.column_name)
    text = f"{head} {column} {format_type(compiler, element.type_)}"
    if element.existing_nullable is not None:
        text += " NULL" if element.existing_nullable else " NOT NULL"
    return text


@compiles(RenameTable, "mssql")
def visit_rename_table(element: RenameTable, compiler: MSDDLCompiler, **kw: Any) -> str:
    """Write ``EXEC sp_rename 'old', new``; the schema stays."""
    old = literal(format_table_name(compiler, element.table_name, element.schema))
    return f"EXEC sp_rename {old}, {_argument(compiler, element.new_table_name)}"


@compiles(Guarded, "mssql")
def _guarded(element: Guarded, compiler: MSDDLCompiler, **kw: Any) -> str:
    """Write ``IF`` its object is not there, or is, and the statement."""
    statement = element.statement
    text = compiler.process(statement).strip()
    if isinstance(statement, TableComment):
        name, schema = statement.table_name, statement.schema
        condition = _has_no_comment(compiler, name, schema, None)
    elif isinstance(statement, ColumnComment):
        name, schema = statement.table_name, statement.schema
        condition = _has_no_comment(compiler, name, schema, statement.column_name)
    else:
        found = _look_for(target_of(statement, compiler.dialect), compiler)
        condition = f"{found} IS {'NOT NULL' if element.drops else 'NULL'}"
    return f"IF {condition} {text}"


def _look_for(target: Target, compiler: MSDDLCompiler) -> str:
    """Return what is NULL where a table, column, index or constraint is missing."""
    table = literal(format_table_name(compiler, target.table, target.schema))
    if target.kind == "table":
        return f"OBJECT_ID({table}, 'U')"
    name = str(target.name)
    if target.kind == "column":
        return f"COL_LENGTH({table}, {literal(name)})"
    if target.kind == "index":
        return f"INDEXPROPERTY(OBJECT_ID({table}), {literal(name)}, 'IndexID')"
    # the names of constraints are those of objects in the schema of their table
    return f"OBJECT_ID({literal(format_table_name(compiler, name, target.schema))})"


def _has_no_comment(
    compiler: MSDDLCompiler, table: str, schema: Optional[str], column: Optional[str]
) -> str:
    """Return the condition that a table, or its column, has no comment."""
    object_id = f"OBJECT_ID({literal(format_table_name(compiler, table, schema))})"
    minor_id = (
        "0"
        if column is None
        else f"COLUMNPROPERTY({object_id}, {literal(column)}, 'ColumnId')"
    )
    return (
        "NOT EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 1 "
        f"AND name = 'MS_Description' AND major_id = {object_id} "
        f"AND minor_id = {minor_id})"
    )


def _argument(compiler: MSDDLCompiler, name: str) -> str:
    """Return a name as the argument of a procedure, which quotes do not become."""
    # not format_table_name(): a translated default schema has no place here
    any_preparer: Any = compiler.preparer
    return str(any_preparer.quote(name))


class TableComment(AlterTable):
    """Another comment on a table, or none.

    :param name: the table.
    :param comment: the comment; None to remove it.
    :param schema: the table's schema; None for the default one.
    :param existing_comment: its comment before.
    """

    def __init__(
        self,
        name: str,
        comment: Optional[str],
        schema: Optional[str] = None,
        existing_comment: Optional[str] = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.comment = comment
        self.existing_comment = existing_comment


@compiles(TableComment, "mssql")
def _visit_table_comment(
    element: TableComment, compiler: MSDDLCompiler, **kw: Any
) -> str:
    """Write the call that adds, changes or drops an extended property."""
    return f"execute {_extended_property(element, compiler)}"


@compiles(ColumnComment, "mssql")
def visit_column_comment(
    element: ColumnComment, compiler: MSDDLCompiler, **kw: Any
) -> str:
    """Write the call that adds, changes or drops an extended property."""
    column = format_column_name(compiler, element.column_name)
    return f"exec {_extended_property(element, compiler)}, 'column', {column}"


def _extended_property(
    element: Union[TableComment, ColumnComment], compiler: MSDDLCompiler
) -> str:
    """Return the procedure for a comment, with its arguments up to the table."""
    if element.comment is None:
        verb, value = "drop", ""
    else:
        verb = "add" if element.existing_comment is None else "update"
        text = compiler.sql_compiler.render_literal_value(
            element.comment, sqltypes.NVARCHAR()
        )
        value = f" {text if text[:1] in 'Nn' else 'N' + text},"
    any_dialect: Any = compiler.dialect
    given = effective_schema(compiler.preparer, element.schema)
    schema_text = _argument(compiler, given or any_dialect.default_schema_name)
    table = _argument(compiler, element.table_name)
    return (
        f"sp_{verb}extendedproperty 'MS_Description',{value} "
        f"'schema', {schema_text}, 'table', {table}"
    )
