"""Columns whose collation or character set differs, on SQLite and MySQL.

PostgreSQL tells collations as a part of the type. On SQLite they are read from the text
of the table; on MySQL a column without one has that of its table.
"""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Dict
from typing import Optional
from typing import TYPE_CHECKING

from alembic.sqla.types import copy_type
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .mysql import DIALECTS as MYSQL_DIALECTS
from .types import is_same_in_database
from .types import note_change

if TYPE_CHECKING:
    from sqlalchemy.schema import Column
    from sqlalchemy.types import TypeEngine

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.columns import AlterColumnOp
    from alembic.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register the comparator, after those that look at the rest of the type."""
    plugin.add_autogenerate_comparator(
        _compare_collation, "column", "collations", priority=DispatchPriority.LAST
    )


def _compare_collation(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Change the type of a column to the same type with the collation of the model.

    A type without a collation leaves that of the column alone, so the default one is
    named where it comes back, here or in the downgrade.
    """
    dialect_name = autogen_context.dialect.name
    compare_type = autogen_context.opts.get("compare_type", True)
    changes = alter_column_op.modify_type is not None
    if (
        not (changes or compare_type is True)
        or not _differs(dialect_name, conn_col, metadata_col)
        or is_same_in_database(autogen_context, conn_col, metadata_col)
    ):
        return PriorityDispatchResult.CONTINUE
    if not changes:
        note_change(alter_column_op, tname, cname, conn_col, metadata_col)
    default = _default(dialect_name, conn_col)
    alter_column_op.modify_type = _explicit(metadata_col.type, default)
    alter_column_op.existing_type = _explicit(conn_col.type, default)
    return PriorityDispatchResult.CONTINUE


def _default(dialect_name: str, conn_col: Column[Any]) -> Optional[str]:
    """Return the collation of columns that name none."""
    return "BINARY" if dialect_name == "sqlite" else _of_table(conn_col).get("collate")


def _of_table(conn_col: Column[Any]) -> Dict[str, Any]:
    """Return the options of a reflected MySQL table, without their prefix."""
    table: Any = conn_col.table
    return {
        key.partition("_")[2].replace("_", " "): value
        for key, value in table.dialect_kwargs.items()
    }


def _explicit(type_: TypeEngine[Any], collation: Optional[str]) -> TypeEngine[Any]:
    """Return a type that names its collation, that given if it has none."""
    if collation is None or is_collated(type_) or not hasattr(type_, "collation"):
        return type_
    copy: Any = copy_type(type_)
    copy.collation = collation
    return cast("TypeEngine[Any]", copy)


def is_collated(type_: Any) -> bool:
    """Tell whether a type has a collation or character set of its own."""
    return bool(getattr(type_, "collation", None) or getattr(type_, "charset", None))


def _differs(
    dialect_name: str, conn_col: Column[Any], metadata_col: Column[Any]
) -> bool:
    found: Any = conn_col.type
    wanted: Any = metadata_col.type
    if (
        not hasattr(found, "collation")
        or not hasattr(wanted, "collation")
        or not (is_collated(found) or is_collated(wanted))
    ):
        return False
    if dialect_name == "sqlite":
        one, other = found.collation, getattr(wanted, "collation", None)
        return _lower(one or "BINARY") != _lower(other or "BINARY")
    if dialect_name not in MYSQL_DIALECTS:
        return False
    of_table = _of_table(conn_col)
    return any(
        _lower(getattr(found, attribute, None) or default)
        != _lower(getattr(wanted, attribute, None) or default)
        for attribute, default in (
            ("collation", of_table.get("collate")),
            ("charset", of_table.get("default charset")),
        )
        if getattr(wanted, attribute, None)
        or (not is_collated(wanted) and getattr(found, attribute, None))
    )


def _lower(name: Optional[str]) -> Optional[str]:
    return None if name is None else name.lower()
