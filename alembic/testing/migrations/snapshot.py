"""What a database holds, as plain text that can be compared; and how to empty it."""

from __future__ import annotations

import re
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import Iterator
from typing import List
from typing import Mapping
from typing import Optional
from typing import Tuple

from sqlalchemy import event
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import text

from ...autogenerate.normalize import checks_of_table
from ...sqla.driver import execute_as_is
from ...sqla.reflection import inspector_of

Parts = Dict[str, str]
"""The parts of one thing, by kind and name: ``{"column id": "INTEGER ..."}``."""

Snapshot = Dict[str, Parts]
"""Everything in a database, by kind and name: ``{"table account": {...}}``."""

_SYSTEM_SCHEMA = re.compile(
    r"information_schema$|pg_|mysql$|performance_schema$|sys$", re.IGNORECASE
)


class Observer:
    """Looks at one database again and again, each time only where it may have changed.

    Between two looks it reads along which statements are sent. A table is read again
    when a statement since then named it, or an index or a constraint of it; so a look
    costs what the step cost, however many tables there are.

    :param context: the connected `MigrationContext`. Its version table is left out,
        and so is what its ``include_name`` leaves out.
    """

    def __init__(self, context: Any) -> None:
        self.context = context
        self._statements: List[str] = []
        self._tables: Dict[str, Parts] = {}
        self._listened_to: Any = None

    def start(self) -> None:
        """Begin to read along."""
        self._listened_to = self.context.connection
        event.listen(self._listened_to, "before_cursor_execute", self._hear)

    def stop(self) -> None:
        """Read along no more."""
        if self._listened_to is not None:
            event.remove(self._listened_to, "before_cursor_execute", self._hear)
            self._listened_to = None

    def _hear(
        self, conn: Any, cursor: Any, statement: str, params: Any, ctx: Any, many: bool
    ) -> None:
        self._statements.append(statement)

    def look(self) -> Snapshot:
        """Return what the database holds now."""
        # a block outside of transactions may have replaced the connection
        inspector = inspector_of(self.context.connection)
        said = _Said(self._statements)
        tables: Dict[str, Parts] = {}
        others: Snapshot = {}
        for schema in schemas(self.context, inspector):
            if schema is not None:
                others[f"schema {schema}"] = {}
            for name in table_names(self.context, inspector, schema):
                key = f"table {_dotted(schema, name)}"
                known = self._tables.get(key)
                if known is None or said.names(name, known):
                    known = _table(inspector, name, schema)
                tables[key] = known
            for kind, name, parts in _besides_tables(inspector, schema):
                others[f"{kind} {_dotted(schema, name)}"] = parts
        self._tables = tables
        self._statements.clear()
        return {**tables, **others}


class _Said:
    """Statements that were sent, to be asked what they name."""

    def __init__(self, statements: Iterable[str]) -> None:
        self._text = "\n".join(statements).lower()
        self._words = frozenset(_WORD.findall(self._text))

    def names(self, table: str, parts: Parts) -> bool:
        """Tell whether a table is named, or what may be dropped without naming it."""
        if self._has(table):
            return True
        return any(
            self._has(part.split(" ")[-1])
            for part in parts
            if part.startswith(_NAMED_ALONE)
        )

    def _has(self, name: str) -> bool:
        name = name.lower()
        # a name of several words, or of none
        return name in self._words or (
            _WORD.fullmatch(name) is None and name in self._text
        )


_WORD = re.compile(r"\w+")
_NAMED_ALONE = ("index ", "unique constraint ", "foreign key ", "check constraint ")


def schemas(context: Any, inspector: Any) -> List[Optional[str]]:
    """Return the schemas that an environment is about; None is the default one."""
    if not context.opts.get("include_schemas"):
        return [None]
    default = context.dialect.default_schema_name
    return [
        None,
        *(
            name
            for name in inspector.get_schema_names()
            if name != default
            and not _SYSTEM_SCHEMA.match(name)
            and _included(context, name, "schema", {})
        ),
    ]


def table_names(context: Any, inspector: Any, schema: Optional[str]) -> List[str]:
    """Return the names of an environment's tables, without those of Alembic."""
    return [
        name
        for name in sorted(inspector.get_table_names(schema=schema))
        if (schema, name) not in context.own_tables
        and _included(context, name, "table", {"schema_name": schema})
    ]


def _included(context: Any, name: str, kind: str, parents: Mapping[str, Any]) -> bool:
    include_name: Optional[Callable[..., bool]] = context.opts.get("include_name")
    if include_name is None:
        return True
    names = dict(parents)
    if kind == "table":
        names["schema_qualified_table_name"] = _dotted(parents["schema_name"], name)
    return bool(include_name(name, kind, names))


def _dotted(schema: Optional[str], name: Any) -> str:
    return f"{schema}.{name}" if schema else str(name)


def _asked(method: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    """Return what an inspector says, None when its dialect has no answer."""
    try:
        return method(*args, **kw)
    except NotImplementedError:
        return None


def _table(inspector: Any, name: str, schema: Optional[str]) -> Parts:
    def ask(kind: str) -> Any:
        if kind == "check_constraints" and inspector.dialect.name == "sqlite":
            # SQLAlchemy 1.3 takes a part of what follows for the constraint
            return checks_of_table(inspector, schema, name)
        return _asked(getattr(inspector, f"get_{kind}"), name, schema=schema)

    parts: Parts = {}
    for column in ask("columns") or ():
        parts[f"column {column['name']}"] = _text(column)
    primary_key = ask("pk_constraint") or {}
    if primary_key.get("constrained_columns"):
        parts["primary key"] = _text(primary_key)
    for kind in ("indexes", "unique_constraints", "foreign_keys", "check_constraints"):
        for record in ask(kind) or ():
            label = f"{_LABELS[kind]} {record.get('name') or _text(record)}"
            parts[label] = _text(record)
    comment = (ask("table_comment") or {}).get("text")
    if comment:
        parts["comment"] = comment
    return parts


_LABELS = {
    "indexes": "index",
    "unique_constraints": "unique constraint",
    "foreign_keys": "foreign key",
    "check_constraints": "check constraint",
}


def _text(record: Mapping[str, Any]) -> str:
    """Return a record as text, without its name and what is empty in it."""
    return ", ".join(
        f"{key}={record[key]!r}"
        for key in sorted(record)
        if key not in ("name", "autoincrement")
        and record[key] not in (None, {}, [], ())
    )


def _besides_tables(
    inspector: Any, schema: Optional[str]
) -> Iterator[Tuple[str, str, Parts]]:
    for name in _asked(inspector.get_view_names, schema=schema) or ():
        definition = _asked(inspector.get_view_definition, name, schema=schema)
        yield "view", name, {"definition": str(definition)}
    if hasattr(inspector, "get_sequence_names"):
        for name in _asked(inspector.get_sequence_names, schema=schema) or ():
            yield "sequence", name, {}
    if hasattr(inspector, "get_enums"):
        for record in _asked(inspector.get_enums, schema=schema) or ():
            yield (
                "type",
                record["name"],
                {"labels": _text({"labels": record["labels"]})},
            )


def differences(before: Snapshot, after: Snapshot) -> List[str]:
    """Return what changed from one look to another, a line for each thing.

    :param before: the snapshot that is as it should be.
    :param after: the snapshot to compare with it.
    :return: lines such as ``table account is left``; empty when both are the same.
    """
    lines = [f"{name} is missing" for name in before if name not in after]
    lines += [f"{name} is left" for name in after if name not in before]
    for name, parts in before.items():
        if after.get(name, parts) != parts:
            lines.extend(_part_differences(name, parts, after[name]))
    return lines


def _part_differences(name: str, before: Parts, after: Parts) -> Iterator[str]:
    for part in [*before, *(part for part in after if part not in before)]:
        if part not in after:
            yield f"{name}: {part} is missing"
        elif part not in before:
            yield f"{name}: {part} is left"
        elif before[part] != after[part]:
            yield f"{name}: {part} is ({after[part]}), was ({before[part]})"


def row_counts(context: Any) -> Dict[str, int]:
    """Return how many rows each table has."""
    inspector = inspector_of(context.connection)
    preparer = context.dialect.identifier_preparer
    counts = {}
    for schema in schemas(context, inspector):
        for name in table_names(context, inspector, schema):
            table = preparer.format_table(Table(name, MetaData(), schema=schema))
            row = context.connection.execute(
                text(f"SELECT count(*) FROM {table}")
            ).fetchone()
            counts[_dotted(schema, name)] = int(row[0])
    return counts


def empty(context: Any) -> None:
    """Drop everything that a snapshot shows, and the version table.

    :param context: the connected `MigrationContext`. Nothing is asked and nothing is
        committed here.
    """
    connection = context.connection
    inspector = inspector_of(connection)
    for schema in schemas(context, inspector):
        for name in _asked(inspector.get_view_names, schema=schema) or ():
            _drop(context, "VIEW", name, schema)
        _drop_tables(context, inspector, schema)
    inspector = inspector_of(connection)
    for schema in schemas(context, inspector):
        for kind, name, _ in _besides_tables(inspector, schema):
            _drop(context, kind.upper(), name, schema)
        if schema is not None:
            quoted = context.dialect.identifier_preparer.quote(schema)
            execute_as_is(connection, f"DROP SCHEMA {quoted}")


def _drop_tables(context: Any, inspector: Any, schema: Optional[str]) -> None:
    impl = context.impl
    present = inspector.get_table_names(schema=schema)
    names = table_names(context, inspector, schema)
    names.extend(
        name
        for owner, name in sorted(context.own_tables)
        if owner == schema and name in present and name not in names
    )
    keys = {
        name: _asked(inspector.get_foreign_keys, name, schema=schema) or ()
        for name in names
    }
    if context.dialect.name != "sqlite":
        # without them the order is free; SQLite cannot drop them
        for name, records in keys.items():
            _drop_foreign_keys(impl, name, schema, records)
        keys = dict.fromkeys(names, ())
    for name in _referring_first(names, keys):
        impl.drop_table(Table(name, MetaData(), schema=schema))


def _drop_foreign_keys(
    impl: Any, name: str, schema: Optional[str], records: Iterable[Any]
) -> None:
    from ...operations.schemaobj import SchemaObjects

    objects = SchemaObjects()
    for record in records:
        if record.get("name"):
            impl.drop_constraint(
                objects.generic_constraint(
                    record["name"], name, "foreignkey", schema=schema
                )
            )


def _referring_first(names: List[str], keys: Mapping[str, Any]) -> List[str]:
    """Return tables so that each stands before those it refers to, where it can."""
    order: List[str] = []
    seen = set()

    def visit(name: str) -> None:
        if name in seen or name not in keys:
            return
        seen.add(name)
        for record in keys[name]:
            visit(record["referred_table"])
        order.append(name)

    for name in names:
        visit(name)
    return order[::-1]


def _drop(context: Any, kind: str, name: str, schema: Optional[str]) -> None:
    preparer = context.dialect.identifier_preparer
    quoted = preparer.quote(name)
    if schema is not None:
        quoted = f"{preparer.quote(schema)}.{quoted}"
    execute_as_is(context.connection, f"DROP {kind} {quoted}")
