"""Engine, character set, storage: options of tables that the model names.

An option that the model does not name is left as it is.
"""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.schema import CreateColumn

from alembic.operations.ops.columns import AddColumnOp
from alembic.sqla.constraints import copy_item
from alembic.sqla.constraints import prefix_table
from alembic.sqla.constraints import table_prefixes
from alembic.sqla.reflection import execute_on_inspector
from alembic.sqla.reflection import remembered
from alembic.sqla.types import dialect_type
from alembic.util.dispatch import PriorityDispatchResult

from .collations import is_collated
from .inspector import InspectorConv
from .mysql import DIALECTS as MYSQL_DIALECTS
from .statements import compiled
from .statements import qualified
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.tables")

_STORAGE = """
SELECT n.nspname, c.relname, c.relpersistence, c.reloptions
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND (c.relpersistence = 'u' OR c.reloptions IS NOT NULL)
"""

_CHARSET_NAMES = ("default charset", "charset", "default_charset", "character set")


class _Storage(NamedTuple):
    """How PostgreSQL stores a table."""

    unlogged: bool
    parameters: Dict[str, str]


def setup(plugin: Plugin) -> None:
    """Register the comparator."""
    plugin.add_autogenerate_comparator(_compare_options, "table", "options")


def _compare_options(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Append what gives a table the options of the model.

    One that only the database has is completed, so that a downgrade brings it back.
    """
    if (
        conn_table is not None
        and metadata_table is None
        and autogen_context.dialect.name == "postgresql"
        and _storage(autogen_context, schema, tname).unlogged
    ):
        prefix_table(conn_table, "UNLOGGED")
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    present = {column.name for column in conn_table.columns}
    present.update(
        op.column.name for op in modify_table_ops.ops if isinstance(op, AddColumnOp)
    )
    for change in option_changes(
        autogen_context,
        schema,
        tname,
        metadata_table,
        [column for column in metadata_table.columns if column.name in present],
        list(conn_table.columns),
    ):
        log.info("Detected changed options of table '%s'", tname)
        modify_table_ops.ops.append(change)
    return PriorityDispatchResult.CONTINUE


def option_changes(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    metadata_table: Table,
    after: Sequence[Column[Any]] = (),
    before: Sequence[Column[Any]] = (),
) -> List[ReversibleSQLOp]:
    """Return the statements that give a table the options of the model.

    :param autogen_context: the comparison.
    :param schema: the schema of the table; None for the default one.
    :param tname: its name.
    :param metadata_table: the table of the model.
    :param after: its columns, as far as they are there.
    :param before: the columns of the database.
    """
    name = autogen_context.dialect.name
    if name in MYSQL_DIALECTS:
        changes = _mysql_changes(
            autogen_context, schema, tname, metadata_table, after, before
        )
    elif name == "postgresql":
        changes = _postgresql_changes(autogen_context, schema, tname, metadata_table)
    else:
        return []
    table = qualified(schema, tname, autogen_context.dialect)
    return [
        ReversibleSQLOp(f"ALTER TABLE {table} {change}", f"ALTER TABLE {table} {undo}")
        for change, undo in changes
    ]


# -- MySQL and MariaDB --------------------------------------------------------


def _mysql_changes(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    metadata_table: Table,
    after: Sequence[Column[Any]],
    before: Sequence[Column[Any]],
) -> List[Tuple[str, str]]:
    # mariadb_engine is for a URL that begins with mariadb, and the other way around
    dialect = autogen_context.dialect
    prefix = f"{dialect.name}_"
    options = metadata_table.dialect_kwargs
    wanted = _mysql_options({k: options[k] for k in options if k.startswith(prefix)})
    if not wanted:
        return []
    found = _mysql_options(
        InspectorConv(autogen_context.inspector).get_table_options(tname, schema)
    )
    changes = []
    if "engine" in wanted and "engine" in found:
        engines = found["engine"], wanted["engine"]
        if engines[0].lower() != engines[1].lower():
            changes.append((f"ENGINE={engines[1]}", f"ENGINE={engines[0]}"))
    if (
        "charset" in wanted
        and "charset" in found
        and _charset(wanted["charset"]) != _charset(found["charset"])
    ) or (
        "collate" in wanted
        and "collate" in found
        and wanted["collate"].lower() != found["collate"].lower()
    ):
        charset = wanted.get("charset") or wanted["collate"].split("_")[0]
        to = _Charset(charset, wanted.get("collate"))
        back = _Charset(found["charset"], found.get("collate"))
        changes.extend(
            _conversions(to, _kept(after, dialect), back, _kept(before, dialect))
        )
    return changes


def _mysql_options(options: Dict[str, Any]) -> Dict[str, str]:
    """Return engine, charset and collate of options, without their prefix."""
    found: Dict[str, str] = {}
    for key, value in options.items():
        prefix, _, name = key.partition("_")
        if prefix in MYSQL_DIALECTS and isinstance(value, str):
            name = name.replace("_", " ").lower()
            if name in _CHARSET_NAMES:
                found["charset"] = value
            elif name in ("engine", "collate"):
                found[name] = value
    return found


def _charset(name: str) -> str:
    return {"utf8": "utf8mb3"}.get(name.lower(), name.lower())


class _Charset(NamedTuple):
    """A character set, and a collation if it is not the usual one."""

    name: str
    collation: Optional[str]

    def __str__(self) -> str:
        tail = f" COLLATE {self.collation}" if self.collation else ""
        return f"CHARACTER SET {self.name}{tail}"


def _conversions(
    to: _Charset, kept: str, back: _Charset, kept_before: str
) -> Iterator[Tuple[str, str]]:
    """Yield what gives a table and its columns a character set, and what undoes it.

    CONVERT TO takes their own away from columns that name one. These get it again
    behind it, in the downgrade as well, which begins with the last statement.

    :param kept: gives columns of the model their own; empty where there are none.
    :param kept_before: the same for the columns of the database.
    """
    convert, undo = f"CONVERT TO {to}", f"CONVERT TO {back}"
    if kept or kept_before:
        # the table has that default already
        yield convert, kept_before or f"DEFAULT {back}"
        yield kept or f"DEFAULT {to}", undo
    else:
        yield convert, undo


def _kept(columns: Sequence[Column[Any]], dialect: Dialect) -> str:
    """Return what gives columns their own character set, if any has one."""
    return ", ".join(
        f"MODIFY {_definition(column, dialect)}"
        for column in columns
        if is_collated(dialect_type(column.type, dialect))
    )


def _definition(column: Column[Any], dialect: Dialect) -> str:
    copy: Any = copy_item(column)
    copy.constraints.clear()
    return compiled(CreateColumn(copy), dialect)


# -- PostgreSQL ---------------------------------------------------------------


def _postgresql_changes(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    metadata_table: Table,
) -> List[Tuple[str, str]]:
    found = _storage(autogen_context, schema, tname)
    changes = []
    unlogged = "UNLOGGED" in [p.upper() for p in table_prefixes(metadata_table)]
    if unlogged != found.unlogged:
        changes.append(
            ("SET UNLOGGED", "SET LOGGED")
            if unlogged
            else ("SET LOGGED", "SET UNLOGGED")
        )
    parameters = metadata_table.dialect_kwargs.get("postgresql_with") or {}
    for name, value in sorted(parameters.items()):
        after, before = _parameter(value), found.parameters.get(name)
        if after != before:
            changes.append(
                (
                    f"SET ({name} = {after})",
                    f"RESET ({name})" if before is None else f"SET ({name} = {before})",
                )
            )
    return changes


def _parameter(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _storage(
    autogen_context: AutogenContext, schema: Optional[str], tname: str
) -> _Storage:
    """Return how a table is stored; all of the database are asked for at once."""
    inspector = autogen_context.inspector

    def ask() -> Dict[Tuple[Optional[str], str], _Storage]:
        rows = execute_on_inspector(inspector, text(_STORAGE)).fetchall()
        return {
            (in_schema, name): _Storage(
                persistence in ("u", b"u"),
                dict(option.split("=", 1) for option in options or ()),
            )
            for in_schema, name, persistence, options in rows
        }

    found = remembered(inspector, ask, "storage")
    default_schema = autogen_context.dialect.default_schema_name
    return found.get((schema or default_schema, tname), _Storage(False, {}))
