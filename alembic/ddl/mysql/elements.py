"""MySQL's own DDL elements, and their SQL."""

from __future__ import annotations

import re
from typing import Any
from typing import List
from typing import Optional
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import types as sqltypes
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import DefaultClause
from sqlalchemy.schema import DropConstraint
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import PrimaryKeyConstraint
from sqlalchemy.schema import UniqueConstraint

from ...sqla import driver
from ...sqla.elements import effective_schema
from ...sqla.expressions import literal_text
from ...sqla.names import doubled_percents
from ...util.exc import CommandError
from ..base import add_column
from ..base import AddColumn
from ..base import alter_table
from ..base import AlterColumn
from ..base import ColumnDefault
from ..base import ColumnName
from ..base import ColumnNullable
from ..base import ColumnType
from ..base import format_column_name
from ..base import format_server_default
from ..base import format_type
from ..conditions import Guarded
from ..conditions import Target
from ..conditions import target_of
from .definitions import VerbatimType

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.dialects.mysql.base import MySQLDDLCompiler
    from sqlalchemy.types import TypeEngine

    from ..contracts import ServerDefault
    from ..contracts import ServerDefaultArgument

_CONSTANT_DEFAULT = re.compile(
    r"""\s*(?:
        [-+]?[\d.]+(?:e[-+]?\d+)? | null | true | false
      | (?:[bnx]|_\w+\s*)?'(?:[^'\\]|''|\\.)*'
      | \(.*\)
    )\s*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""A default that needs no parentheses anywhere, or has them."""

_WITHOUT_CONSTANTS = re.compile(
    r"(?:tiny|medium|long)?(?:text|blob)\b|json\b|geometry\b", re.IGNORECASE
)
"""Types whose default MySQL wants to be an expression, constants in parentheses."""

_MOMENT_DEFAULT = re.compile(
    r"\s*(?:current_timestamp|now|localtime|localtimestamp)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""A default that a definition takes without parentheses."""


class MySQLAlterDefault(AlterColumn):
    """Another default, without touching the rest of the column.

    :param default: the default; None to remove the one there is.
    :param existing_type: the column's type, if it is known.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        default: Optional[ServerDefault],
        schema: Optional[str] = None,
        existing_type: Optional[TypeEngine[Any]] = None,
    ) -> None:
        super().__init__(name, column_name, schema=schema, existing_type=existing_type)
        self.default = default


class MySQLChangeColumn(AlterColumn):
    """A column's whole definition and name.

    :param newname: the new name.
    :param type_: the type.
    :param nullable: whether it allows NULL.
    :param default: the default; None or False for none.
    :param autoincrement: whether it counts by itself.
    :param comment: the comment; None or False for none.
    :param charset: character set and collation, for a type that has none.
    :param generated: what makes it a generated column.
    :param rest: anything else that stands at the end of the definition.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        schema: Optional[str] = None,
        newname: Optional[str] = None,
        type_: Optional[TypeEngine[Any]] = None,
        nullable: Optional[bool] = None,
        default: ServerDefaultArgument = False,
        autoincrement: Optional[bool] = None,
        comment: Union[str, bool, None] = False,
        charset: str = "",
        generated: str = "",
        rest: str = "",
    ) -> None:
        super().__init__(name, column_name, schema=schema)
        self.column_name = column_name
        self.nullable = nullable
        self.newname = newname
        self.default = default
        self.autoincrement = autoincrement
        self.comment = comment
        self.charset = charset
        self.generated = generated
        self.rest = rest
        if type_ is None:
            raise CommandError(
                "All MySQL CHANGE/MODIFY COLUMN operations require the existing type. "
                "Give existing_type, or a new type_"
            )
        self.type_ = sqltypes.to_instance(type_)


class MySQLModifyColumn(MySQLChangeColumn):
    """A column's whole definition; the name stays."""


@compiles(ColumnNullable, "mysql", "mariadb")
@compiles(ColumnDefault, "mysql", "mariadb")
@compiles(ColumnType, "mysql", "mariadb")
def _mysql_doesnt_support_individual(
    element: AlterColumn, compiler: MySQLDDLCompiler, **kw: Any
) -> str:
    raise NotImplementedError(
        "Individual alter column constructs not supported by MySQL"
    )


@compiles(AddColumn, "mysql", "mariadb")
def _mysql_add_column(element: AddColumn, compiler: MySQLDDLCompiler, **kw: Any) -> str:
    """Write a column, and beside it the constraints that it cannot hold.

    MySQL reads REFERENCES inside a column and forgets it. MariaDB forgets its name, and
    takes no CHECK with a name there.
    """
    column = element.column
    is_mariadb = driver.is_mariadb(compiler.dialect)
    foreign_keys = sorted(column.foreign_keys, key=lambda fk: str(fk.target_fullname))
    references_beside = element.inline_references and (
        not is_mariadb or any(fk.name is not None for fk in foreign_keys)
    )
    checks_beside = [
        constraint
        for constraint in sorted(column.constraints, key=lambda one: str(one.name))
        if is_mariadb and isinstance(constraint.name, str)
    ]
    any_compiler: Any = compiler
    parts = [
        add_column(
            compiler,
            column,
            if_not_exists=element.if_not_exists,
            inline_references=element.inline_references and not references_beside,
            inline_primary_key=element.inline_primary_key,
            inline_constraints=[
                one for one in column.constraints if one not in checks_beside
            ],
            **kw,
        )
    ]
    if references_beside:
        parts.extend(
            f"ADD {any_compiler.process(fk.constraint)}" for fk in foreign_keys
        )
    for check in checks_beside:
        text = any_compiler.process(check)
        if element.if_not_exists:
            text = text.replace("CONSTRAINT ", "CONSTRAINT IF NOT EXISTS ", 1)
        parts.append(f"ADD {text}")
    head = alter_table(compiler, element.table_name, element.schema)
    return f"{head} {', '.join(parts)}"


@compiles(ColumnName, "mysql", "mariadb")
def _mysql_rename_column(
    element: ColumnName, compiler: MySQLDDLCompiler, **kw: Any
) -> str:
    head = alter_table(compiler, element.table_name, element.schema)
    old = format_column_name(compiler, element.column_name)
    return (
        f"{head} RENAME COLUMN {old} TO {format_column_name(compiler, element.newname)}"
    )


@compiles(MySQLAlterDefault, "mysql", "mariadb")
def _mysql_alter_default(
    element: MySQLAlterDefault, compiler: MySQLDDLCompiler, **kw: Any
) -> str:
    head = alter_table(compiler, element.table_name, element.schema)
    column = format_column_name(compiler, element.column_name)
    if element.default is None:
        return f"{head} ALTER COLUMN {column} DROP DEFAULT"
    default = format_server_default(compiler, element.default)
    if _CONSTANT_DEFAULT.fullmatch(default) is None or _wants_expression(
        compiler, element.existing_type, default
    ):
        default = f"({default})"
    return f"{head} ALTER COLUMN {column} SET DEFAULT {default}"


@compiles(MySQLModifyColumn, "mysql", "mariadb")
def _mysql_modify_column(
    element: MySQLModifyColumn, compiler: MySQLDDLCompiler, **kw: Any
) -> str:
    head = alter_table(compiler, element.table_name, element.schema)
    column = format_column_name(compiler, element.column_name)
    return f"{head} MODIFY {column} {_mysql_colspec(compiler, element)}"


@compiles(MySQLChangeColumn, "mysql", "mariadb")
def _mysql_change_column(
    element: MySQLChangeColumn, compiler: MySQLDDLCompiler, **kw: Any
) -> str:
    head = alter_table(compiler, element.table_name, element.schema)
    old = format_column_name(compiler, element.column_name)
    new = format_column_name(compiler, element.newname)
    return f"{head} CHANGE {old} {new} {_mysql_colspec(compiler, element)}"


def _mysql_colspec(compiler: MySQLDDLCompiler, element: MySQLChangeColumn) -> str:
    """Return the whole definition of a column, without its name."""
    type_ = format_type(compiler, element.type_)
    if isinstance(element.type_, VerbatimType):
        type_ = doubled_percents(type_, compiler.dialect)
    parts: List[str] = [type_]
    if element.charset and _takes_charset(element.type_, type_):
        parts.append(element.charset)
    if element.generated:
        parts.append(doubled_percents(element.generated, compiler.dialect))
        if not element.nullable:
            parts.append("NOT NULL")
    else:
        parts.append("NULL" if element.nullable else "NOT NULL")
        if element.autoincrement:
            parts.append("AUTO_INCREMENT")
        if element.default is not False and element.default is not None:
            default = _mysql_default(compiler, element.default, element.type_)
            parts.append(f"DEFAULT {default}")
    if isinstance(element.comment, str):
        literal = compiler.sql_compiler.render_literal_value(
            element.comment, sqltypes.String()
        )
        parts.append(f"COMMENT {literal}")
    if element.rest:
        parts.append(doubled_percents(element.rest, compiler.dialect))
    return " ".join(parts)


def _takes_charset(type_: TypeEngine[Any], text: str) -> bool:
    """Tell whether a column's old character set belongs behind its type."""
    is_text = isinstance(type_, (VerbatimType, sqltypes.String))
    return is_text and not re.search(
        r"\b(collate|character set|binary|blob|bool|json)\b", text, re.IGNORECASE
    )


def write_constant_as_expression(column: Column[Any], dialect: Any) -> None:
    """Put parentheses around a default that would else be refused.

    :param column: a column that is to be created.
    :param dialect: the dialect it is written for.
    """
    if getattr(column.server_default, "arg", None) is None:
        return
    compiler = dialect.ddl_compiler(dialect, None)
    default = compiler.get_column_default_string(column)
    if _wants_expression(compiler, column.type, default):
        column.server_default = DefaultClause(literal_text(f"({default})"))


def _wants_expression(
    compiler: MySQLDDLCompiler, type_: Optional[TypeEngine[Any]], default: str
) -> bool:
    """Tell whether a type takes no constant as its default, which MariaDB does.

    :param default: the default as SQL.
    """
    if type_ is None or default.startswith("(") or driver.is_mariadb(compiler.dialect):
        return False
    name = format_type(compiler, type_)
    return default.lower() != "null" and _WITHOUT_CONSTANTS.match(name) is not None


def _mysql_default(
    compiler: MySQLDDLCompiler, default: ServerDefault, type_: TypeEngine[Any]
) -> str:
    """Return a default, in parentheses if it is an expression."""
    text = format_server_default(compiler, default)
    if _wants_expression(compiler, type_, text):
        return f"({text})"
    if _CONSTANT_DEFAULT.fullmatch(text) or _MOMENT_DEFAULT.fullmatch(text):
        return text
    if re.match(r"\s*on\s+update\b", text, re.IGNORECASE):
        return f"NULL {text.strip()}"
    return f"({text})"


@compiles(DropConstraint, "mysql", "mariadb")
def _mysql_drop_constraint(
    element: DropConstraint, compiler: MySQLDDLCompiler, **kw: Any
) -> str:
    """Write the form of DROP that a kind of constraint has."""
    constraint: Any = element.element
    is_mariadb = driver.is_mariadb(compiler.dialect)
    if isinstance(constraint, ForeignKeyConstraint):
        kind = "FOREIGN KEY"
    elif isinstance(constraint, PrimaryKeyConstraint):
        kind = "PRIMARY KEY"
    elif isinstance(constraint, UniqueConstraint):
        kind = "INDEX"
    elif isinstance(constraint, CheckConstraint):
        kind = "CONSTRAINT" if is_mariadb else "CHECK"
    else:
        raise NotImplementedError(
            "No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type; "
            "give type_"
        )
    table = compiler.preparer.format_table(constraint.table)
    # MySQL itself has no such condition
    condition = (
        "IF EXISTS " if is_mariadb and getattr(element, "if_exists", False) else ""
    )
    if kind == "PRIMARY KEY" and condition:
        return f"ALTER TABLE {table} DROP CONSTRAINT {condition}`PRIMARY`"
    if kind == "PRIMARY KEY":
        return f"ALTER TABLE {table} DROP PRIMARY KEY"
    name = compiler.preparer.format_constraint(constraint)
    if name is None:
        raise CommandError(
            f"Can't drop a constraint of table {constraint.table.name!r} that has no "
            "name; give constraint_name"
        )
    return f"ALTER TABLE {table} DROP {kind} {condition}{name}"


@compiles(Guarded, "mysql", "mariadb")
def _guarded(element: Guarded, compiler: MySQLDDLCompiler, **kw: Any) -> str:
    """Write a statement that is prepared, or one that does nothing in its place."""
    any_compiler: Any = compiler
    statement = element.statement
    sql = _literal(any_compiler.process(statement).strip())
    name = "alembic_statement"
    return f"""SET @{name} = IF(
    EXISTS (
        {_look_for(target_of(statement, compiler.dialect), compiler)}
    ),
    {sql if element.drops else "'DO 0'"},
    {"'DO 0'" if element.drops else sql}
);
PREPARE {name} FROM @{name};
EXECUTE {name};
DEALLOCATE PREPARE {name}"""


def _look_for(target: Target, compiler: MySQLDDLCompiler) -> str:
    """Return the query that finds a column, index or constraint."""
    view, column = {
        "column": ("columns", "column_name"),
        "index": ("statistics", "index_name"),
        "constraint": ("table_constraints", "constraint_name"),
    }[target.kind]
    schema = effective_schema(compiler.preparer, target.schema)
    return (
        f"SELECT 1 FROM information_schema.{view} "
        f"WHERE table_schema = {_literal(schema) if schema else 'DATABASE()'} "
        f"AND table_name = {_literal(target.table)} "
        f"AND {column} = {_literal(str(target.name))}"
    )


def _literal(text: str) -> str:
    """Return a text as a string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
