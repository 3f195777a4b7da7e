"""Oracle: MODIFY, no word COLUMN, and a slash behind every statement of a script."""

from __future__ import annotations

import re
from typing import Any
from typing import TYPE_CHECKING

from sqlalchemy import types as sqltypes
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import AddConstraint
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable
from sqlalchemy.schema import DropConstraint
from sqlalchemy.schema import DropIndex
from sqlalchemy.schema import DropTable

from ..sqla import defaults
from . import default_text
from .base import AddColumn
from .base import alter_table
from .base import cannot_compute
from .base import column_definition
from .base import ColumnComment
from .base import ColumnDefault
from .base import ColumnName
from .base import ColumnNullable
from .base import ColumnType
from .base import ComputedColumnDefault
from .base import DropColumn
from .base import format_column_name
from .base import format_server_default
from .base import format_table_name
from .base import format_type
from .base import IdentityColumnDefault
from .base import RenameTable
from .comparison import ComparesDefaultsByText
from .conditions import Guarded
from .impl import DefaultImpl

if TYPE_CHECKING:
    from sqlalchemy.dialects.oracle.base import OracleDDLCompiler
    from sqlalchemy.schema import Column
    from sqlalchemy.sql import Executable


class OracleImpl(ComparesDefaultsByText, DefaultImpl):
    """Schema changes on Oracle.

    The option ``oracle_batch_separator`` of ``configure()`` is what stands between
    the statements of a script; a slash if it is not given.
    """

    __dialect__ = "oracle"

    transactional_ddl = False
    guards = True
    batch_separator = "/"
    command_terminator = ""
    unconditional = (
        *(CreateTable, DropTable, CreateIndex, DropIndex),
        *(AddColumn, DropColumn, DropConstraint),
    )

    type_synonyms = (
        *DefaultImpl.type_synonyms,
        {"VARCHAR", "VARCHAR2"},
        {"BIGINT", "INTEGER", "SMALLINT", "DECIMAL", "NUMERIC", "NUMBER"},
        {"DOUBLE", "FLOAT", "DOUBLE_PRECISION"},
    )
    identity_attrs_ignore = ()

    default_rules = default_text.DefaultRules(
        synonyms={"current_timestamp": "current_timestamp", "sysdate": "sysdate"}
    )

    def __init__(self, *arg: Any, **kw: Any) -> None:
        super().__init__(*arg, **kw)
        self.batch_separator = self.context_opts.get(
            "oracle_batch_separator", self.batch_separator
        )

    def _exec_conditional(self, construct: Any) -> None:
        self._exec(Guarded(construct))

    def _write(self, construct: Executable) -> None:
        """Write a statement with the separator behind it."""
        super()._write(construct)
        if self.batch_separator:
            self.static_output(self.batch_separator)

    def emit_begin(self) -> None:
        """Write the beginning of a transaction to the script."""
        self._exec("SET TRANSACTION READ WRITE")

    def emit_commit(self) -> None:
        """Write the end of a transaction to the script."""
        self._exec("COMMIT")


@compiles(AddColumn, "oracle")
def visit_add_column(element: AddColumn, compiler: OracleDDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE t ADD c ...``."""
    head = alter_table(compiler, element.table_name, element.schema)
    tail = add_column(
        compiler,
        element.column,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
        **kw,
    )
    return f"{head} {tail}"


@compiles(ColumnNullable, "oracle")
def visit_column_nullable(
    element: ColumnNullable, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``MODIFY c NULL`` or ``NOT NULL``."""
    return f"{_modify(element, compiler)} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(ColumnType, "oracle")
def visit_column_type(
    element: ColumnType, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``MODIFY c TYPE``."""
    return f"{_modify(element, compiler)} {format_type(compiler, element.type_)}"


@compiles(ColumnName, "oracle")
def visit_column_name(
    element: ColumnName, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``RENAME COLUMN c TO d``."""
    head = alter_table(compiler, element.table_name, element.schema)
    old = format_column_name(compiler, element.column_name)
    new = format_column_name(compiler, element.newname)
    return f"{head} RENAME COLUMN {old} TO {new}"


@compiles(ColumnDefault, "oracle")
def visit_column_default(
    element: ColumnDefault, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``MODIFY c DEFAULT ...``; a default of NULL is none."""
    default = (
        "NULL"
        if element.default is None
        else format_server_default(compiler, element.default)
    )
    return f"{_modify(element, compiler)} DEFAULT {default}"


@compiles(ComputedColumnDefault, "oracle")
def visit_computed_column(
    element: ComputedColumnDefault, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``MODIFY c GENERATED ALWAYS AS (...)`` for a column that is computed."""
    if not (
        defaults.is_computed(element.default)
        and defaults.is_computed(element.existing_server_default)
    ):
        raise cannot_compute(element)
    any_compiler: Any = compiler
    return f"{_modify(element, compiler)} {any_compiler.process(element.default)}"


@compiles(ColumnComment, "oracle")
def visit_column_comment(
    element: ColumnComment, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``COMMENT ON COLUMN t.c IS ...``; an empty comment is none."""
    table = format_table_name(compiler, element.table_name, element.schema)
    column = format_column_name(compiler, element.column_name)
    comment = compiler.sql_compiler.render_literal_value(
        element.comment or "", sqltypes.String()
    )
    return f"COMMENT ON COLUMN {table}.{column} IS {comment}"


@compiles(RenameTable, "oracle")
def visit_rename_table(
    element: RenameTable, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``ALTER TABLE old RENAME TO new``, the new name without a schema."""
    head = alter_table(compiler, element.table_name, element.schema)
    # not format_table_name(): a translated default schema has no place here
    return f"{head} RENAME TO {format_column_name(compiler, element.new_table_name)}"


@compiles(IdentityColumnDefault, "oracle")
def visit_identity_column(
    element: IdentityColumnDefault, compiler: OracleDDLCompiler, **kw: Any
) -> str:
    """Write ``MODIFY c GENERATED ... AS IDENTITY`` or ``DROP IDENTITY``."""
    head = _modify(element, compiler)
    if element.default is None:
        return f"{head} DROP IDENTITY"
    any_compiler: Any = compiler
    identity = any_compiler.visit_identity_column(element.default)
    return f"{head} {re.sub(r' +', ' ', identity).strip()}"


_NOTHING_TO_DO = {
    # the name is taken
    CreateTable: "-955",
    CreateIndex: "-955",
    AddColumn: "-1430",
    # or there is such a foreign key, unique constraint or primary key
    AddConstraint: "-2264, -2275, -2261, -2260",
    DropTable: "-942",
    DropIndex: "-1418",
    DropColumn: "-904",
    DropConstraint: "-2443",
}
"""What Oracle says when the object of a statement is there already, or is not."""


@compiles(Guarded, "oracle")
def _guarded(element: Guarded, compiler: OracleDDLCompiler, **kw: Any) -> str:
    """Write a block that runs a statement and lets those errors pass.

    IF NOT EXISTS and IF EXISTS are read since 23ai, and by no ADD of a column.
    """
    any_compiler: Any = compiler
    sql = any_compiler.process(element.statement).strip().replace("'", "''")
    return f"""BEGIN
    EXECUTE IMMEDIATE '{sql}';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE NOT IN ({_NOTHING_TO_DO[type(element.statement)]}) THEN
            RAISE;
        END IF;
END;"""


def _modify(element: Any, compiler: OracleDDLCompiler) -> str:
    """Return ``ALTER TABLE t MODIFY c``."""
    head = alter_table(compiler, element.table_name, element.schema)
    return f"{head} {alter_column(compiler, element.column_name)}"


def alter_column(compiler: OracleDDLCompiler, name: str) -> str:
    """Return ``MODIFY`` with the column's name."""
    return f"MODIFY {format_column_name(compiler, name)}"


def add_column(compiler: OracleDDLCompiler, column: Column[Any], **kw: Any) -> str:
    """Return ``ADD`` with the column's definition.

    :param compiler: the compiler that asks.
    :param column: the column.
    :param kw: options of `alembic.ddl.base.column_definition`.
    """
    return f"ADD {column_definition(compiler, column, **kw)}"
