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

if TYPE_CHECKING:
    from sqlalchemy.dialects.mssql.base import MSDDLCompiler


class _ExecDropConstraint(ExecutableDDLElement):
    """Look the name of a column's constraint up, and drop it.

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
    """Look the name of a column's foreign key up, and drop it.

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


@compiles(_ExecDropConstraint, "mssql")
def _exec_drop_col_constraint(
    element: _ExecDropConstraint, compiler: MSDDLCompiler, **kw: Any
) -> str:
    table = format_table_name(compiler, element.tname, element.schema)
    return f"""declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from {element.type_}
where parent_object_id = object_id({_literal(table)})
and col_name(parent_object_id, parent_column_id) = {_column_literal(element)}
exec({_literal(f"alter table {table} drop constraint ")} + @const_name)"""


@compiles(_ExecDropFKConstraint, "mssql")
def _exec_drop_col_fk_constraint(
    element: _ExecDropFKConstraint, compiler: MSDDLCompiler, **kw: Any
) -> str:
    table = format_table_name(compiler, element.tname, element.schema)
    return f"""declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id({_literal(table)})
and col_name(fkc.parent_object_id, fkc.parent_column_id) = {_column_literal(element)}
exec({_literal(f"alter table {table} drop constraint ")} + @const_name)"""


def _literal(text: str) -> str:
    """Return a text as a string literal."""
    return "'" + text.replace("'", "''") + "'"


def _column_literal(element: Any) -> str:
    """Return the name of an element's column as a string literal."""
    return _literal(getattr(element.colname, "name", element.colname))


@compiles(AddColumn, "mssql")
def visit_add_column(element: AddColumn, compiler: MSDDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE t ADD c ...``, under a condition if it may be there."""
    head = alter_table(compiler, element.table_name, element.schema)
    tail = mssql_add_column(
        compiler,
        element.column,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
        **kw,
    )
    text = f"{head} {tail}"
    if element.if_not_exists:
        table = format_table_name(compiler, element.table_name, element.schema)
        column = _literal(str(element.column.name))
        text = f"IF COL_LENGTH({_literal(table)}, {column}) IS NULL {text}"
    return text


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
    old = _literal(f"{table}.{format_column_name(compiler, element.column_name)}")
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
    old = _literal(format_table_name(compiler, element.table_name, element.schema))
    return f"EXEC sp_rename {old}, {_argument(compiler, element.new_table_name)}"


def _argument(compiler: MSDDLCompiler, name: str) -> str:
    """Return a name as the argument of a procedure, which quotes do not become."""
    # not format_table_name(): a translated default schema has no place here
    any_preparer: Any = compiler.preparer
    return str(any_preparer.quote(name))


@compiles(ColumnComment, "mssql")
def visit_column_comment(
    element: ColumnComment, compiler: MSDDLCompiler, **kw: Any
) -> str:
    """Write the call that adds, changes or drops an extended property."""
    had_comment = element.existing_comment is not None
    if element.comment is None:
        verb, value = "drop", ""
    else:
        verb = "update" if had_comment else "add"
        literal = compiler.sql_compiler.render_literal_value(
            element.comment, sqltypes.NVARCHAR()
        )
        value = f" {literal if literal[:1] in 'Nn' else 'N' + literal},"
    any_dialect: Any = compiler.dialect
    given = effective_schema(compiler.preparer, element.schema)
    schema_text = _argument(compiler, given or any_dialect.default_schema_name)
    table = _argument(compiler, element.table_name)
    column = format_column_name(compiler, element.column_name)
    return (
        f"exec sp_{verb}extendedproperty 'MS_Description',{value} "
        f"'schema', {schema_text}, 'table', {table}, 'column', {column}"
    )
