"""Reflection for comparing: many tables in few queries, names marked as final."""

from __future__ import annotations

from typing import Any
from typing import Collection
from typing import Dict
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import CheckConstraint

from alembic.autogenerate.normalize import checks_of_table
from alembic.autogenerate.normalize import complete_columns
from alembic.autogenerate.normalize import complete_foreign_keys
from alembic.autogenerate.normalize import complete_uniques
from alembic.autogenerate.normalize import indexes_of_table
from alembic.autogenerate.normalize import settled_checks
from alembic.sqla import reflection
from alembic.sqla.expressions import literal_text
from alembic.sqla.names import conv
from alembic.sqla.names import conv_constraint_names

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import Table

_CACHE_KEY = "alembic.autogenerate.records"

# what is fetched only when somebody asks for it: most comparisons never do
_SINGLE_METHODS = {
    "columns": "get_columns",
    "pk_constraint": "get_pk_constraint",
    "foreign_keys": "get_foreign_keys",
    "indexes": "get_indexes",
    "unique_constraints": "get_unique_constraints",
    "check_constraints": "get_check_constraints",
    "table_comment": "get_table_comment",
    "table_options": "get_table_options",
}

_NAMED = frozenset(
    ("foreign_keys", "indexes", "unique_constraints", "check_constraints")
)

_SchemaName = Optional[str]


class InspectorConv:
    """An inspector that asks for many tables at once and remembers the answers.

    Names of constraints and indexes come out marked as final (``conv``), so that no
    naming convention is applied to them again when they are rendered.

    :param inspector: the inspector that is asked. What was learned is kept in its
        cache, so several of these objects on one inspector share it.

    With SQLAlchemy 1.x, and for what was not announced by `pre_cache_tables`, every
    table is asked for alone.
    """

    __slots__ = ("_known", "inspector")

    def __init__(self, inspector: Inspector) -> None:
        self.inspector = inspector
        cache: Dict[Any, Any] = inspector.info_cache
        self._known: _Records = cache.setdefault(_CACHE_KEY, _Records())

    def pre_cache_tables(
        self,
        schema: _SchemaName,
        tablenames: List[str],
        all_available_tablenames: Collection[str],
    ) -> None:
        """Announce tables that will be asked for.

        Nothing is fetched yet; the first question of each kind (columns, indexes ...)
        is then put for all of them together.

        :param schema: the schema of the tables.
        :param tablenames: their names.
        :param all_available_tablenames: the names of all tables of the schema. When
            most are wanted, all are fetched, which databases do faster.
        """
        names = set(tablenames)
        wants_most = 2 * len(names) > len(all_available_tablenames)
        self._known.announced[schema] = (names, wants_most)
        for kind in _SINGLE_METHODS:
            self._known.fetched.pop((schema, kind), None)

    def announced(self) -> List[Tuple[_SchemaName, str]]:
        """Return schema and name of the tables that were announced, in order."""
        return [
            (schema, name)
            for schema, (names, _) in self._known.announced.items()
            for name in sorted(names)
        ]

    def knows(self, tname: str, schema: _SchemaName) -> bool:
        """Tell whether a table was announced and is fetched with others."""
        announced, _ = self._known.announced.get(schema, ((), False))
        return tname in announced and reflection.can_reflect_many(self.inspector)

    def get_columns(self, tname: str, schema: _SchemaName) -> List[Any]:
        """Return the records of a table's columns."""
        return self._records(tname, schema, "columns") or []

    def get_pk_constraint(self, tname: str, schema: _SchemaName) -> Dict[str, Any]:
        """Return the record of a table's primary key."""
        found: Dict[str, Any] = self._records(tname, schema, "pk_constraint") or {}
        return found

    def get_unique_constraints(self, tname: str, schema: _SchemaName) -> List[Any]:
        """Return the records of a table's unique constraints.

        :raises NotImplementedError: when the dialect does not reflect them.
        """
        return self._required(tname, schema, "unique_constraints")

    def get_indexes(self, tname: str, schema: _SchemaName) -> List[Any]:
        """Return the records of a table's indexes.

        :raises NotImplementedError: when the dialect does not reflect them.
        """
        return self._required(tname, schema, "indexes")

    def get_foreign_keys(self, tname: str, schema: _SchemaName) -> List[Any]:
        """Return the records of a table's foreign keys.

        :raises NotImplementedError: when the dialect does not reflect them.
        """
        return self._required(tname, schema, "foreign_keys")

    def get_check_constraints(self, tname: str, schema: _SchemaName) -> List[Any]:
        """Return the records of a table's CHECK constraints.

        :raises NotImplementedError: when the dialect does not reflect them.
        """
        return self._required(tname, schema, "check_constraints")

    def get_table_comment(self, tname: str, schema: _SchemaName) -> Optional[str]:
        """Return the comment of a table, None where there are no comments."""
        record = self._records(tname, schema, "table_comment")
        return record.get("text") if record else None

    def get_table_options(self, tname: str, schema: _SchemaName) -> Dict[str, Any]:
        """Return the options of a table, such as ``mysql_engine``."""
        found: Dict[str, Any] = self._records(tname, schema, "table_options") or {}
        return found

    def reflect_table(
        self, table: Table, columns: Optional[List[Dict[str, Any]]] = None
    ) -> None:
        """Fill an empty table with what the database knows of it.

        Tables that its foreign keys point to are not looked at.

        :param table: the table; its name and schema say which one is meant.
        :param columns: the records of its columns, where they were adjusted.
        :raises sqlalchemy.exc.NoSuchTableError: when there is none.
        """
        inspector = self.inspector
        if self.knows(table.name, table.schema):
            records = {
                kind: self._records(table.name, table.schema, kind)
                for kind in _SINGLE_METHODS
            }
            if columns is not None:
                records["columns"] = columns
            reflection.reflect_table_from_records(inspector, table, records)
        else:
            reflection.reflect_table(inspector, table, resolve_fks=False)
            self._correct_checks(table)
        conv_constraint_names(table)

    def _correct_checks(self, table: Table) -> None:
        """Put the CHECK constraints in that SQLAlchemy's patterns do not find."""
        records = (
            checks_of_table(self.inspector, table.schema, table.name)
            if self._is_sqlite
            else None
        )
        if records is None:
            return
        for constraint in list(table.constraints):
            if isinstance(constraint, CheckConstraint):
                table.constraints.discard(constraint)
        for record in records:
            table.append_constraint(
                CheckConstraint(literal_text(record["sqltext"]), name=record["name"])
            )

    def _required(self, tname: str, schema: _SchemaName, kind: str) -> List[Any]:
        found = self._records(tname, schema, kind)
        if found is None:
            raise NotImplementedError(
                f"the dialect {self.inspector.dialect.name!r} does not reflect {kind}"
            )
        if kind in _NAMED:
            return [_with_final_name(record) for record in found]
        return list(found)

    def _records(self, tname: str, schema: _SchemaName, kind: str) -> Any:
        """Return what is known of one table; None when the dialect can not tell."""
        key = (schema, kind)
        by_table = self._known.fetched.get(key)
        if by_table is None:
            by_table = self._known.fetched[key] = self._fetch(schema, kind)
        if tname not in by_table:
            by_table[tname] = self._completed(
                self._ask_for_one(tname, schema, kind), tname, schema, kind
            )
        return by_table[tname]

    def _completed(
        self, records: Any, tname: str, schema: _SchemaName, kind: str
    ) -> Any:
        """Return records with what SQLAlchemy leaves out.

        And without the foreign keys that PostgreSQL makes by itself.
        """
        if records is None:
            return None
        if kind == "columns":
            complete_columns(self.inspector, schema, tname, records)
        if kind == "check_constraints" and self._is_sqlite:
            checks = checks_of_table(self.inspector, schema, tname)
            return records if checks is None else checks
        if kind == "unique_constraints" and self._is_sqlite:
            complete_uniques(self.inspector, schema, tname, records)
        if kind == "foreign_keys" and self._is_sqlite:
            complete_foreign_keys(self.inspector, schema, tname, records)
        if kind == "indexes" and self._is_postgresql:
            reflection.complete_expressions(self.inspector, schema, records)
        if kind == "check_constraints":
            return settled_checks(self.inspector.dialect, records)
        if kind == "foreign_keys" and self._is_postgresql:
            return [
                record
                for record in records
                if not reflection.is_made_for_partition(
                    self.inspector, schema, tname, record["name"]
                )
            ]
        return records

    @property
    def _is_sqlite(self) -> bool:
        return bool(self.inspector.dialect.name == "sqlite")

    @property
    def _is_postgresql(self) -> bool:
        return bool(self.inspector.dialect.name == "postgresql")

    def _fetch(self, schema: _SchemaName, kind: str) -> Dict[str, Any]:
        announced = self._known.announced.get(schema)
        if announced is None or not reflection.can_reflect_many(self.inspector):
            return {}
        names, wants_most = announced
        if not names:
            return {}
        try:
            if kind == "indexes" and self._is_sqlite:
                return {
                    name: indexes_of_table(self.inspector, schema, name)
                    for name in names
                }
            found = reflection.reflect_many(
                self.inspector, kind, schema, None if wants_most else sorted(names)
            )
        except NotImplementedError:
            return dict.fromkeys(names)
        return {
            name: self._completed(found[schema, name], name, schema, kind)
            for name in names
            if (schema, name) in found
        }

    def _ask_for_one(self, tname: str, schema: _SchemaName, kind: str) -> Any:
        method = getattr(self.inspector, _SINGLE_METHODS[kind])
        try:
            if kind == "indexes" and self._is_sqlite:
                return indexes_of_table(self.inspector, schema, tname)
            return method(tname, schema=schema)
        except NotImplementedError:
            return None


class _Records:
    """What was asked and answered, kept in the cache of an inspector."""

    __slots__ = ("announced", "fetched")

    def __init__(self) -> None:
        self.announced: Dict[_SchemaName, Tuple[Collection[str], bool]] = {}
        self.fetched: Dict[Tuple[_SchemaName, str], Dict[str, Any]] = {}


def _with_final_name(record: Dict[str, Any]) -> Dict[str, Any]:
    name = record.get("name")
    return record if name is None else {**record, "name": conv(name)}
