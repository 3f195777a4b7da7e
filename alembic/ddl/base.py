"""DDL elements for ALTER TABLE, and their SQL where no dialect says otherwise."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterable
from typing import List
from typing import Optional
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import exc
from sqlalchemy import Integer
from sqlalchemy import types as sqltypes
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import Column

from ..sqla import foreign_keys
from ..sqla import types as sqla_types
from ..sqla.elements import effective_schema
from ..sqla.elements import ExecutableDDLElement
from ..sqla.names import quoted_name

if TYPE_CHECKING:
    from sqlalchemy.schema import Constraint
    from sqlalchemy.sql.compiler import Compiled
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.types import TypeEngine

    from .contracts import Compares
    from .contracts import ServerDefault


class AlterTable(ExecutableDDLElement):
    """Any change of an existing table.

    :param table_name: the table.
    :param schema: its schema; None for the default one.
    """

    def __init__(
        self, table_name: str, schema: Optional[Union[quoted_name, str]] = None
    ) -> None:
        self.table_name = table_name
        self.schema = schema


class RenameTable(AlterTable):
    """A new name for a table.

    :param old_table_name: the present name.
    :param new_table_name: the new name; the schema stays.
    :param schema: the schema; None for the default one.
    """

    def __init__(
        self,
        old_table_name: str,
        new_table_name: Union[quoted_name, str],
        schema: Optional[Union[quoted_name, str]] = None,
    ) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name


class AlterColumn(AlterTable):
    """Any change of an existing column.

    :param name: the table.
    :param column_name: the column.
    :param schema: the table's schema; None for the default one.
    :param existing_type: the column's type before.
    :param existing_nullable: whether it allowed NULL before.
    :param existing_server_default: its server default before.
    :param existing_comment: its comment before.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        schema: Optional[str] = None,
        existing_type: Optional[TypeEngine[Any]] = None,
        existing_nullable: Optional[bool] = None,
        existing_server_default: Optional[ServerDefault] = None,
        existing_comment: Optional[str] = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column_name = column_name
        self.existing_type = (
            sqltypes.to_instance(existing_type) if existing_type is not None else None
        )
        self.existing_nullable = existing_nullable
        self.existing_server_default = existing_server_default
        self.existing_comment = existing_comment


class ColumnNullable(AlterColumn):
    """NULL allowed or not.

    :param nullable: whether the column shall allow NULL.
    """

    def __init__(self, name: str, column_name: str, nullable: bool, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.nullable = nullable


class ColumnType(AlterColumn):
    """Another type.

    :param type_: the type the column shall have.
    """

    def __init__(
        self, name: str, column_name: str, type_: TypeEngine[Any], **kw: Any
    ) -> None:
        super().__init__(name, column_name, **kw)
        self.type_ = sqltypes.to_instance(type_)


class ColumnName(AlterColumn):
    """Another name for a column.

    :param newname: the new name.
    """

    def __init__(self, name: str, column_name: str, newname: str, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.newname = newname


class ColumnDefault(AlterColumn):
    """Another server default, or none.

    :param default: the default; None to remove the one there is.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        default: Optional[ServerDefault],
        **kw: Any,
    ) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default


class ComputedColumnDefault(AlterColumn):
    """A computed expression on an existing column, or its removal.

    :param default: the ``Computed``, or what takes its place.
    """

    def __init__(self, name: str, column_name: str, default: Any, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default


class IdentityColumnDefault(AlterColumn):
    """GENERATED AS IDENTITY on an existing column, changed or removed.

    :param default: the ``Identity``, or what takes its place.
    :param impl: the dialect's implementation, which can tell two identities apart.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        default: Any,
        impl: Compares,
        **kw: Any,
    ) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default
        self.impl = impl


class AddColumn(AlterTable):
    """A new column.

    :param name: the table.
    :param column: the column; it may belong to a throw-away table of that name.
    :param schema: the table's schema; None for the default one.
    :param if_not_exists: do nothing when the column is there already.
    :param inline_references: write its foreign keys as REFERENCES in the column.
    :param inline_primary_key: write PRIMARY KEY in the column.
    """

    def __init__(
        self,
        name: str,
        column: Column[Any],
        schema: Optional[Union[quoted_name, str]] = None,
        if_not_exists: Optional[bool] = None,
        inline_references: Optional[bool] = None,
        inline_primary_key: Optional[bool] = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key


class DropColumn(AlterTable):
    """A column removed.

    :param name: the table.
    :param column: the column; only its name counts.
    :param schema: the table's schema; None for the default one.
    :param if_exists: do nothing when there is no such column.
    """

    def __init__(
        self,
        name: str,
        column: Column[Any],
        schema: Optional[str] = None,
        if_exists: Optional[bool] = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column = column
        self.if_exists = if_exists


class ColumnComment(AlterColumn):
    """Another comment on a column, or none.

    :param comment: the comment; None to remove it.
    """

    def __init__(
        self, name: str, column_name: str, comment: Optional[str], **kw: Any
    ) -> None:
        super().__init__(name, column_name, **kw)
        self.comment = comment


@compiles(RenameTable)
def visit_rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE old RENAME TO new``."""
    head = alter_table(compiler, element.table_name, element.schema)
    new_name = format_table_name(compiler, element.new_table_name, element.schema)
    return f"{head} RENAME TO {new_name}"


@compiles(AddColumn)
def visit_add_column(element: AddColumn, compiler: DDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE t ADD COLUMN ...``."""
    head = alter_table(compiler, element.table_name, element.schema)
    tail = add_column(
        compiler,
        element.column,
        if_not_exists=element.if_not_exists,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
        **kw,
    )
    return f"{head} {tail}"


@compiles(DropColumn)
def visit_drop_column(element: DropColumn, compiler: DDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE t DROP COLUMN c``."""
    head = alter_table(compiler, element.table_name, element.schema)
    tail = drop_column(compiler, element.column.name, if_exists=element.if_exists, **kw)
    return f"{head} {tail}"


@compiles(ColumnNullable)
def visit_column_nullable(
    element: ColumnNullable, compiler: DDLCompiler, **kw: Any
) -> str:
    """Write ``ALTER COLUMN c SET NOT NULL`` or ``DROP NOT NULL``."""
    change = "DROP NOT NULL" if element.nullable else "SET NOT NULL"
    return f"{_alter_column_head(element, compiler)} {change}"


@compiles(ColumnType)
def visit_column_type(element: ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    """Write ``ALTER COLUMN c TYPE ...``."""
    type_ = format_type(compiler, element.type_)
    return f"{_alter_column_head(element, compiler)} TYPE {type_}"


@compiles(ColumnName)
def visit_column_name(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE t RENAME c TO d``."""
    head = alter_table(compiler, element.table_name, element.schema)
    old = format_column_name(compiler, element.column_name)
    new = format_column_name(compiler, element.newname)
    return f"{head} RENAME {old} TO {new}"


@compiles(ColumnComment)
def visit_column_comment(
    element: ColumnComment, compiler: DDLCompiler, **kw: Any
) -> str:
    """Write ``COMMENT ON COLUMN t.c IS ...``; NULL for none."""
    table = format_table_name(compiler, element.table_name, element.schema)
    column = format_column_name(compiler, element.column_name)
    comment = (
        "NULL"
        if element.comment is None
        else compiler.sql_compiler.render_literal_value(
            element.comment, sqltypes.String()
        )
    )
    return f"COMMENT ON COLUMN {table}.{column} IS {comment}"


@compiles(ColumnDefault)
def visit_column_default(
    element: ColumnDefault, compiler: DDLCompiler, **kw: Any
) -> str:
    """Write ``ALTER COLUMN c SET DEFAULT ...`` or ``DROP DEFAULT``."""
    change = (
        "DROP DEFAULT"
        if element.default is None
        else f"SET DEFAULT {format_server_default(compiler, element.default)}"
    )
    return f"{_alter_column_head(element, compiler)} {change}"


@compiles(ComputedColumnDefault)
def visit_computed_column(
    element: ComputedColumnDefault, compiler: DDLCompiler, **kw: Any
) -> str:
    """Say that a column cannot become computed, or cease to be."""
    raise cannot_compute(element)


def cannot_compute(element: ComputedColumnDefault) -> exc.CompileError:
    """Return the error for a change of a computed column that a database refuses."""
    return exc.CompileError(
        'Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or '
        "from an existing column is not supported. If it is computed already, give "
        "existing_server_default=sa.Computed(...); else drop column "
        f"{element.column_name!r} and add it again, with op.drop_column() and "
        "op.add_column()"
    )


@compiles(IdentityColumnDefault)
def visit_identity_column(
    element: IdentityColumnDefault, compiler: DDLCompiler, **kw: Any
) -> str:
    """Say that the dialect cannot change a column's identity."""
    raise exc.CompileError(
        'Adding, removing or modifying an "identity" construct, e.g. GENERATED AS '
        "IDENTITY, to or from an existing column is not supported in this dialect."
    )


def _alter_column_head(element: AlterColumn, compiler: DDLCompiler) -> str:
    """Return ``ALTER TABLE t ALTER COLUMN c``."""
    head = alter_table(compiler, element.table_name, element.schema)
    return f"{head} {alter_column(compiler, element.column_name)}"


def quote_dotted(
    name: Union[quoted_name, str], quote: Callable[[str], str]
) -> Union[quoted_name, str]:
    """Quote a name that may have several parts, each part on its own.

    :param name: such as ``db.owner``. A ``quoted_name`` is one part, dots or not.
    :param quote: the function that quotes one part.
    """
    if isinstance(name, quoted_name):
        return quote(name)
    return ".".join(quote(part) for part in name.split("."))


def format_table_name(
    compiler: Compiled,
    name: Union[quoted_name, str],
    schema: Optional[Union[quoted_name, str]],
) -> Union[quoted_name, str]:
    """Return a table's name as SQL, with its schema if it has one.

    A ``schema_translate_map`` of the execution is followed.

    :param compiler: the compiler that asks.
    :param name: the table.
    :param schema: its schema; None for the default one.
    """
    preparer: Any = compiler.preparer
    schema = effective_schema(preparer, schema)
    if schema:
        return f"{quote_dotted(schema, preparer.quote)}.{preparer.quote(name)}"
    quoted: str = preparer.quote(name)
    return quoted


def format_column_name(
    compiler: DDLCompiler, name: Optional[Union[quoted_name, str]]
) -> Union[quoted_name, str]:
    """Return a column's name as SQL."""
    preparer: Any = compiler.preparer
    quoted: str = preparer.quote(name)
    return quoted


def format_server_default(
    compiler: DDLCompiler, default: Optional[ServerDefault]
) -> str:
    """Return a server default as SQL: a string as a literal, the rest as it is."""
    any_compiler: Any = compiler
    text: str = any_compiler.get_column_default_string(
        Column("x", Integer, server_default=default)
    )
    return text


def format_type(compiler: DDLCompiler, type_: TypeEngine[Any]) -> str:
    """Return a type as SQL."""
    return sqla_types.compiled_type(type_, compiler.dialect)


def alter_table(
    compiler: DDLCompiler, name: str, schema: Optional[Union[quoted_name, str]]
) -> str:
    """Return ``ALTER TABLE`` with the table's name."""
    return f"ALTER TABLE {format_table_name(compiler, name, schema)}"


def alter_column(compiler: DDLCompiler, name: str) -> str:
    """Return ``ALTER COLUMN`` with the column's name."""
    return f"ALTER COLUMN {format_column_name(compiler, name)}"


def drop_column(
    compiler: DDLCompiler, name: str, if_exists: Optional[bool] = None, **kw: Any
) -> str:
    """Return ``DROP COLUMN`` with the column's name."""
    condition = "IF EXISTS " if if_exists else ""
    return f"DROP COLUMN {condition}{format_column_name(compiler, name)}"


def add_column(
    compiler: DDLCompiler,
    column: Column[Any],
    if_not_exists: Optional[bool] = None,
    inline_references: Optional[bool] = None,
    inline_primary_key: Optional[bool] = None,
    inline_constraints: Optional[Iterable[Constraint]] = None,
    **kw: Any,
) -> str:
    """Return ``ADD COLUMN`` with the column's definition.

    :param compiler: the compiler that asks.
    :param column: the column.
    :param if_not_exists: do nothing when the column is there already.
    :param inline_references: write its foreign keys as REFERENCES in the column.
    :param inline_primary_key: write PRIMARY KEY in the column.
    :param inline_constraints: the other constraints to write in the column; None for
        all it has.
    """
    condition = "IF NOT EXISTS " if if_not_exists else ""
    definition = column_definition(
        compiler,
        column,
        inline_references,
        inline_primary_key,
        inline_constraints,
        **kw,
    )
    return f"ADD COLUMN {condition}{definition}"


def column_definition(
    compiler: DDLCompiler,
    column: Column[Any],
    inline_references: Optional[bool] = None,
    inline_primary_key: Optional[bool] = None,
    inline_constraints: Optional[Iterable[Constraint]] = None,
    **kw: Any,
) -> str:
    """Return a column's name, type and what else belongs to it inside ADD COLUMN.

    :param compiler: the compiler that asks.
    :param column: the column.
    :param inline_references: write its foreign keys as REFERENCES.
    :param inline_primary_key: write PRIMARY KEY.
    :param inline_constraints: the other constraints to write; None for all it has.
    """
    any_compiler: Any = compiler
    parts: List[str] = [any_compiler.get_column_specification(column, **kw)]
    if inline_primary_key and column.primary_key:
        parts.append("PRIMARY KEY")
    if inline_constraints is None:
        inline_constraints = column.constraints
    parts.extend(
        any_compiler.process(constraint, **kw) for constraint in inline_constraints
    )
    if inline_references:
        parts.extend(
            _inline_references(any_compiler, fk)
            for fk in sorted(
                column.foreign_keys, key=lambda fk: str(fk.target_fullname)
            )
        )
    return " ".join(parts)


def _inline_references(compiler: Any, fk: Any) -> str:
    """Return a foreign key as a part of a column's definition."""
    schema, table_name, column_name = foreign_keys.target_tokens(fk)
    table = format_table_name(compiler, table_name, schema)
    target = format_column_name(compiler, column_name or fk.parent.name)
    text = f"REFERENCES {table} ({target})"
    if isinstance(fk.name, str):
        text = f"CONSTRAINT {compiler.preparer.quote(fk.name)} {text}"
    return "".join(
        (
            text,
            compiler.define_constraint_match(fk),
            compiler.define_constraint_cascades(fk),
            compiler.define_constraint_deferrability(fk),
        )
    )
