"""Firebird, taught to alembic as a package beside it would: no line of it is inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement

from alembic.ddl import base
from alembic.ddl.impl import DefaultImpl
from alembic.util.exc import CommandError

DIALECT = "firebird.firebird"
"""What the dialect of sqlalchemy-firebird calls itself."""


class FirebirdImpl(DefaultImpl):
    """Schema changes on Firebird."""

    __dialect__ = DIALECT

    transactional_ddl = False

    def _exec(self, construct: Any, *args: Any, **kw: Any) -> Any:
        """Commit after each schema change: before, no statement can use it."""
        result = super()._exec(construct, *args, **kw)
        if isinstance(construct, DDLElement):
            if self.as_sql:
                self.static_output("COMMIT;")
            else:
                self.connection.commit()
        return result

    def correct_for_autogen_constraints(
        self,
        conn_unique_constraints: Any,
        conn_indexes: Any,
        metadata_unique_constraints: Any,
        metadata_indexes: Any,
    ) -> None:
        """Leave out the indexes that stand behind unique constraints."""
        names = {constraint.name for constraint in conn_unique_constraints}
        conn_indexes -= {index for index in conn_indexes if index.name in names}

    def autogen_column_reflect(self, inspector: Any, table: Any, column: Any) -> None:
        """Take the identity off a primary key that counts by itself."""
        if column.get("autoincrement") is True:
            column.pop("identity", None)

    def adjust_reflected_dialect_options(self, reflected: Any, kind: str) -> Any:
        """Return the dialect options that say something."""
        options = super().adjust_reflected_dialect_options(reflected, kind)
        return {name: value for name, value in options.items() if value}


@compiles(base.AddColumn, DIALECT)
def add_column(element: base.AddColumn, compiler: Any, **kw: Any) -> str:
    """Write ``ADD c ...``, without the word COLUMN."""
    head = base.alter_table(compiler, element.table_name, element.schema)
    return f"{head} ADD {base.column_definition(compiler, element.column)}"


@compiles(base.DropColumn, DIALECT)
def drop_column(element: base.DropColumn, compiler: Any, **kw: Any) -> str:
    """Write ``DROP c``."""
    head = base.alter_table(compiler, element.table_name, element.schema)
    return f"{head} DROP {base.format_column_name(compiler, element.column.name)}"


@compiles(base.ColumnName, DIALECT)
def rename_column(element: base.ColumnName, compiler: Any, **kw: Any) -> str:
    """Write ``ALTER COLUMN c TO d``."""
    head = base.alter_table(compiler, element.table_name, element.schema)
    column = base.alter_column(compiler, element.column_name)
    return f"{head} {column} TO {base.format_column_name(compiler, element.newname)}"


@compiles(base.RenameTable, DIALECT)
def rename_table(element: base.RenameTable, compiler: Any, **kw: Any) -> str:
    """Refuse: a table keeps its name there."""
    raise CommandError("Firebird cannot rename a table; create another and copy rows")


def create_database(path: Path) -> str:
    """Create an empty database file and return its URL."""
    import firebird.driver

    firebird.driver.create_database(str(path), user="SYSDBA", charset="UTF8").close()
    return f"firebird+firebird://SYSDBA@/{path}?charset=UTF8"
