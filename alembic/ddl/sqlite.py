"""SQLite: little of ALTER TABLE, the rest in batch mode."""

from __future__ import annotations

import re
from typing import Any
from typing import Dict
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from sqlalchemy import Date
from sqlalchemy import DateTime
from sqlalchemy import JSON
from sqlalchemy import Time
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import Column
from sqlalchemy.schema import Table

from ..sqla import constraints as sqla_constraints
from ..sqla import defaults
from ..sqla import types as sqla_types
from ..util.exc import CommandError
from ..util.messaging import warn
from . import default_text
from .base import AddColumn
from .base import alter_table
from .base import ColumnName
from .base import DropColumn
from .base import format_column_name
from .base import RenameTable
from .comparison import ComparesDefaultsByText
from .impl import DefaultImpl

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Index
    from sqlalchemy.schema import UniqueConstraint
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.sql.elements import ClauseElement
    from sqlalchemy.types import TypeEngine

    from .contracts import PendingBatch

_CONSTANT = re.compile(r"\s*(?:'(?:[^']|'')*'|\d+(?:\.\d+)?|\(.*\))\s*", re.DOTALL)
"""A default that SQLite takes without parentheses, or that has them already."""

_KEPT_AS_TEXT = (JSON, Date, DateTime, Time)

_NO_ALTER = (
    "No support for ALTER of constraints in SQLite dialect. Please refer to the batch "
    "mode feature which allows for SQLite migrations using a copy-and-move strategy."
)


def _cannot_alter(const: Constraint) -> NotImplementedError:
    table = sqla_constraints.table_of(const).name
    return NotImplementedError(
        f"{_NO_ALTER} Write 'with op.batch_alter_table({table!r}) as batch_op:' and "
        "the same of batch_op in it"
    )


class SQLiteImpl(ComparesDefaultsByText, DefaultImpl):
    """Schema changes on SQLite.

    What ALTER TABLE cannot do there is done in batch mode.
    """

    __dialect__ = "sqlite"

    transactional_ddl = False
    """The driver commits before DDL unless it is told to begin for real, which the
    migration context does."""

    unconditional = (AddColumn, DropColumn)

    type_args_complete = True

    default_rules = default_text.DefaultRules(double_quoted_strings=True)

    def requires_recreate_in_batch(self, batch_op: PendingBatch) -> bool:
        """Tell whether a batch of changes needs the table to be made anew.

        Only plain new columns and indexes do without.

        :param batch_op: the changes.
        """
        for change in batch_op.batch:
            if change[0] == "add_column":
                if not self._can_add(change[1][1]):
                    return True
            elif change[0] not in ("create_index", "drop_index"):
                return True
        return False

    @staticmethod
    def _can_add(column: Column[Any]) -> bool:
        """Tell whether ALTER TABLE ADD COLUMN takes a column."""
        default: Any = column.server_default
        if default is None:
            return True
        if defaults.is_computed(default):
            return not default.persisted
        return isinstance(getattr(default, "arg", None), str)

    def add_constraint(self, const: Constraint, **kw: Any) -> None:
        """Refuse, but for constraints that types make and SQLite does not write.

        :param const: the constraint.
        :raises NotImplementedError: says that batch mode can.
        """
        if getattr(const, "_create_rule", None) is None:
            raise _cannot_alter(const)
        if sqla_constraints.is_written_by(const, self):
            warn(
                "Skipping unsupported ALTER for creation of implicit constraint. "
                "Please refer to the batch mode feature which allows for SQLite "
                "migrations using a copy-and-move strategy."
            )

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Refuse, but for constraints that types make.

        :param const: the constraint.
        :raises NotImplementedError: says that batch mode can.
        """
        if getattr(const, "_create_rule", None) is None:
            raise _cannot_alter(const)

    def create_table_comment(self, table: Table) -> None:
        """Do nothing: SQLite keeps no comments."""

    def drop_table_comment(self, table: Table) -> None:
        """Do nothing: SQLite keeps no comments."""

    def create_column_comment(self, column: Column[Any], **kw: Any) -> None:
        """Do nothing: SQLite keeps no comments."""

    def alter_column(self, table_name: str, column_name: str, **kw: Any) -> None:
        """Change a column; only a new name is something that SQLite itself can do.

        :param table_name: the table.
        :param column_name: the column.
        :param kw: as in `DefaultImpl.alter_column`. Comments are not kept.
        :raises CommandError: for anything else, where there is a connection.
        """
        kw["comment"] = False
        asked = [name for name in ("type_", "nullable") if kw.get(name) is not None]
        if kw.get("server_default", False) is not False:
            asked.append("server_default")
        if asked and self._live is not None:
            raise CommandError(
                f"SQLite cannot change {' and '.join(asked)} of column "
                f"{column_name!r} in place; write 'with op.batch_alter_table("
                f"{table_name!r}) as batch_op:' and batch_op.alter_column("
                f"{column_name!r}, ...) in it"
            )
        super().alter_column(table_name, column_name, **kw)

    def _guess_if_default_is_unparenthesized_sql_expr(
        self, expr: Optional[str]
    ) -> bool:
        """Tell whether a default is an expression whose parentheses are missing.

        SQLite hands expressions back without those that it demands.
        """
        if not expr:
            return False
        return _CONSTANT.fullmatch(expr) is None and not _is_quoted_sum(expr)

    def autogen_column_reflect(
        self, inspector: Inspector, table: Table, column_info: Dict[str, Any]
    ) -> None:
        """Put the parentheses back around defaults that are expressions."""
        default = column_info.get("default")
        if self._guess_if_default_is_unparenthesized_sql_expr(default):
            column_info["default"] = f"({default})"

    def render_ddl_sql_expr(
        self, expr: ClauseElement, is_server_default: bool = False, **kw: Any
    ) -> str:
        """Return an expression as SQL, in parentheses where SQLite demands them.

        :param expr: the expression.
        :param is_server_default: whether it is a server default.
        """
        text = super().render_ddl_sql_expr(expr, is_server_default, **kw)
        if is_server_default and self._guess_if_default_is_unparenthesized_sql_expr(
            text
        ):
            return f"({text})"
        return text

    def cast_for_batch_migrate(
        self,
        existing: Column[Any],
        existing_transfer: Dict[str, Any],
        new_type: TypeEngine[Any],
    ) -> None:
        """Put a CAST around a column that changes to a type of another family.

        SQLite keeps JSON, dates and times as text. A CAST to what they are declared as
        would make numbers of them: 2024 of the first of May 2024.
        """
        family = sqla_types.affinity(new_type)
        if family is None or not issubclass(family, _KEPT_AS_TEXT):
            super().cast_for_batch_migrate(existing, existing_transfer, new_type)

    def correct_for_autogen_constraints(
        self,
        conn_unique_constraints: Set[UniqueConstraint],
        conn_indexes: Set[Index],
        metadata_unique_constraints: Set[UniqueConstraint],
        metadata_indexes: Set[Index],
    ) -> None:
        """Leave indexes over expressions out, which are not reflected."""
        self._skip_functional_indexes(metadata_indexes, conn_indexes)


def _is_quoted_sum(expr: str) -> bool:
    """Tell whether a text begins and ends with a quote, so may be two constants."""
    text = expr.strip()
    return len(text) > 1 and text[0] == text[-1] == "'"


@compiles(RenameTable, "sqlite")
def visit_rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE old RENAME TO new``, the new name without a schema."""
    head = alter_table(compiler, element.table_name, element.schema)
    # not format_table_name(): a translated default schema has no place here
    return f"{head} RENAME TO {format_column_name(compiler, element.new_table_name)}"


@compiles(ColumnName, "sqlite")
def visit_column_name(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE t RENAME COLUMN c TO d``."""
    head = alter_table(compiler, element.table_name, element.schema)
    old = format_column_name(compiler, element.column_name)
    new = format_column_name(compiler, element.newname)
    return f"{head} RENAME COLUMN {old} TO {new}"
