"""Enumerations of PostgreSQL whose values differ from those of the model."""

from __future__ import annotations

import logging
import re
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy import types as sqltypes
from sqlalchemy.schema import DefaultClause

from alembic.sqla.named_types import named_type
from alembic.sqla.reflection import execute_on_inspector
from alembic.sqla.types import has_variants
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .statements import quoted
from .statements import RetypeSQLOp
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import UpgradeOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.types")

_ADDS_IN_TRANSACTION = (12,)

_LABELS = """
SELECT n.nspname, t.typname, e.enumlabel
FROM pg_catalog.pg_enum e
JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
ORDER BY n.nspname, t.typname, e.enumsortorder
"""

_USES = """
SELECT cn.nspname, c.relname, a.attname, t.typelem <> 0,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid)
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_type e
    ON e.oid = CASE WHEN t.typelem <> 0 THEN t.typelem ELSE t.oid END
JOIN pg_catalog.pg_namespace en ON en.oid = e.typnamespace
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE en.nspname = :schema AND e.typname = :name
AND a.attnum > 0 AND NOT a.attisdropped AND NOT c.relispartition
ORDER BY 1, 2, a.attnum
"""

_Key = Tuple[str, str]

_PLAIN = (
    sqltypes.Boolean,
    sqltypes.Date,
    sqltypes.DateTime,
    sqltypes.Integer,
    sqltypes.LargeBinary,
    sqltypes.Numeric,
    sqltypes.String,
    sqltypes.Time,
)


class _Use(NamedTuple):
    """A column of the database that is of an enumeration."""

    schema: str
    table: str
    column: str
    is_array: bool
    default: Optional[str]


def setup(plugin: Plugin) -> None:
    """Register the comparator, ahead of the one that looks at tables."""
    plugin.add_autogenerate_comparator(
        _compare_enums,
        "schema",
        "enums",
        qualifier="postgresql",
        priority=DispatchPriority.FIRST,
    )


def _compare_enums(
    autogen_context: AutogenContext,
    upgrade_ops: UpgradeOps,
    schemas: Set[Optional[str]],
) -> PriorityDispatchResult:
    """Append what gives the enumerations the values that they have in the model.

    Values are added in their places where that is all; else the type is made anew and
    the columns follow.

    :param schemas: the schemas of the database that take part.
    """
    wanted = _of_model(autogen_context, schemas)
    if not wanted:
        return PriorityDispatchResult.CONTINUE
    found = _of_database(autogen_context)
    default_schema = autogen_context.dialect.default_schema_name
    for key in sorted(wanted):
        labels, in_defaults = wanted[key]
        if key not in found or found[key] == labels:
            continue
        log.info(
            "Detected changed values of enum '%s': %s to %s", key[1], found[key], labels
        )
        maker = _Maker(autogen_context, key, found[key], labels)
        added = [label for label in labels if label not in found[key]]
        adds_only = [label for label in labels if label in found[key]] == found[key]
        if (
            adds_only
            and not in_defaults & set(added)
            and _version(autogen_context) >= _ADDS_IN_TRANSACTION
        ):
            ops = maker.add_values()
        else:
            ops = maker.remake()
        for op in ops:
            op.enum = (None if key[0] == default_schema else key[0], key[1])
            upgrade_ops.ops.append(op)
    return PriorityDispatchResult.CONTINUE


def _version(autogen_context: AutogenContext) -> Tuple[int, ...]:
    dialect: Any = autogen_context.dialect
    return tuple(dialect.server_version_info or _ADDS_IN_TRANSACTION)


def _of_model(
    autogen_context: AutogenContext, schemas: Set[Optional[str]]
) -> Dict[_Key, Tuple[List[str], Set[str]]]:
    """Return the values of each enumeration, and those that are defaults of columns."""
    dialect: Any = autogen_context.dialect
    default_schema = dialect.default_schema_name
    found: Dict[_Key, Tuple[List[str], Set[str]]] = {}
    for table in autogen_context.sorted_tables:
        for column in table.columns:
            if _is_plain(column.type):
                continue
            type_: Any = named_type(column.type, dialect)
            labels = getattr(type_, "enums", None)
            if labels is None:
                continue
            schema = type_.schema or default_schema
            if (None if schema == default_schema else schema) not in schemas:
                continue
            _, in_defaults = found.setdefault(
                (schema, type_.name), (list(labels), set())
            )
            default = column.server_default
            if isinstance(default, DefaultClause):
                written = str(getattr(default.arg, "text", default.arg))
                in_defaults.update(label for label in labels if label in written)
    return found


def _is_plain(type_: Any) -> bool:
    """Tell whether a type is certainly no enumeration, without asking the dialect."""
    return (
        isinstance(type_, _PLAIN)
        and not isinstance(type_, sqltypes.Enum)
        and not has_variants(type_)
    )


def _of_database(autogen_context: AutogenContext) -> Dict[_Key, List[str]]:
    rows = execute_on_inspector(autogen_context.inspector, text(_LABELS)).fetchall()
    found: Dict[_Key, List[str]] = {}
    for schema, name, label in rows:
        found.setdefault((schema, name), []).append(label)
    return found


class _Maker:
    """Writes the statements for one enumeration.

    :param key: its schema and name.
    :param found: the values that it has.
    :param wanted: the values that it shall have.
    """

    def __init__(
        self,
        autogen_context: AutogenContext,
        key: _Key,
        found: Sequence[str],
        wanted: Sequence[str],
    ) -> None:
        self._context = autogen_context
        self._default_schema = autogen_context.dialect.default_schema_name
        self._schema, self._name = key
        self._found = found
        self._wanted = wanted

    def add_values(self) -> Iterator[ReversibleSQLOp]:
        """Give the statements that add values.

        PostgreSQL can add values and not take them away: each statement is undone by a
        block that makes the type anew.
        """
        labels = list(self._found)
        for position, label in enumerate(self._wanted):
            if label in labels:
                continue
            before = list(labels)
            labels.insert(position, label)
            place = (
                f"AFTER {_literal(self._wanted[position - 1])}"
                if position
                else f"BEFORE {_literal(before[0])}"
            )
            back = _Maker(self._context, (self._schema, self._name), labels, before)
            undo = "; ".join(op.to_diff_tuple()[1] for op in back.remake())
            yield ReversibleSQLOp(
                f"ALTER TYPE {self._type()} ADD VALUE {_literal(label)} {place}",
                f"DO $alembic$ BEGIN {undo}; END $alembic$",
            )

    def remake(self) -> Iterator[ReversibleSQLOp]:
        """Give the statements that make the type anew, each undone by one."""
        old = f"{self._name}__old"
        yield ReversibleSQLOp(
            f"ALTER TYPE {self._type()} RENAME TO {self._quoted(old)}",
            f"ALTER TYPE {self._type(old)} RENAME TO {self._quoted(self._name)}",
        )
        yield ReversibleSQLOp(
            self._create(self._name, self._wanted), f"DROP TYPE {self._type()}"
        )
        for use in self._uses():
            yield from self._convert(use, old)
        yield ReversibleSQLOp(
            f"DROP TYPE {self._type(old)}", self._create(old, self._found)
        )

    def _convert(self, use: _Use, old: str) -> Iterator[ReversibleSQLOp]:
        table = self._qualified(use.schema, use.table)
        column = self._quoted(use.column)
        alter = f"ALTER TABLE {table} ALTER COLUMN {column}"
        array = "[]" if use.is_array else ""
        default = None
        if use.default is not None:
            # a constant takes the type of the column, whatever that is called
            default = re.sub(r"^('(?:[^']|'')*')::.*$", r"\1", use.default)
            yield ReversibleSQLOp(
                f"{alter} DROP DEFAULT", f"{alter} SET DEFAULT {default}"
            )
        yield RetypeSQLOp(
            f"{alter} TYPE {self._type()}{array} "
            f"USING {column}::text{array}::{self._type()}{array}",
            f"{alter} TYPE {self._type(old)}{array} "
            f"USING {column}::text{array}::{self._type(old)}{array}",
            (use.schema, use.table, use.column),
        )
        if default is not None:
            yield ReversibleSQLOp(
                f"{alter} SET DEFAULT {default}", f"{alter} DROP DEFAULT"
            )

    def _create(self, name: str, labels: Sequence[str]) -> str:
        values = ", ".join(_literal(label) for label in labels)
        return f"CREATE TYPE {self._type(name)} AS ENUM ({values})"

    def _type(self, name: Optional[str] = None) -> str:
        return self._qualified(self._schema, name or self._name)

    def _qualified(self, schema: str, name: str) -> str:
        if schema == self._default_schema:
            return self._quoted(name)
        return f"{self._quoted(schema)}.{self._quoted(name)}"

    def _quoted(self, name: str) -> str:
        return quoted(name, self._context.dialect)

    def _uses(self) -> List[_Use]:
        rows = execute_on_inspector(
            self._context.inspector, text(_USES), schema=self._schema, name=self._name
        ).fetchall()
        return [_Use(*row) for row in rows]


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
