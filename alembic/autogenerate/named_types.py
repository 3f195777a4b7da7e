"""Types that PostgreSQL knows by name, enums and domains: created in time, and dropped.

``CREATE TABLE`` brings the types of its columns along, adding or altering a column does
not, and nothing ever drops one.  Here the missing statements are added to the
operations that a comparison found.
"""

from __future__ import annotations

from typing import AbstractSet
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import text
from sqlalchemy.schema import Column

from alembic.autogenerate.autogen_context import TypeKey
from alembic.autogenerate.compare.extensions import types_of_extensions
from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.columns import DropColumnOp
from alembic.operations.ops.containers import OpContainer
from alembic.operations.ops.data import ExecuteSQLOp
from alembic.operations.ops.tables import CreateTableOp
from alembic.operations.ops.tables import DropTableOp
from alembic.sqla.expressions import literal_text
from alembic.sqla.named_types import create_statement
from alembic.sqla.named_types import drop_statement
from alembic.sqla.named_types import named_type
from alembic.sqla.named_types import type_key

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
    from alembic.operations.ops.containers import MigrationScript

Place = Tuple[Optional[str], str, Optional[str]]
"""A column by schema, table and name; with ``None`` all columns of the table."""


class CreateNamedTypeOp(ExecuteSQLOp):
    """Create a type that columns will be of.

    :param type_: the type, as PostgreSQL's dialect knows it.
    :param dialect: the dialect that writes the statement.
    """

    def __init__(self, type_: TypeEngine[Any], dialect: Dialect) -> None:
        super().__init__(_as_text(create_statement(type_, dialect)))
        self.type = type_
        self._dialect = dialect

    def reverse(self) -> DropNamedTypeOp:
        """Return the operation that drops the type."""
        return DropNamedTypeOp(self.type, self._dialect)


class DropNamedTypeOp(ExecuteSQLOp):
    """Drop a type that no column is of any more.

    :param type_: the type, as PostgreSQL's dialect knows it.
    :param dialect: the dialect that writes the statement.
    """

    def __init__(self, type_: TypeEngine[Any], dialect: Dialect) -> None:
        super().__init__(_as_text(drop_statement(type_, dialect)))
        self.type = type_
        self._dialect = dialect

    def reverse(self) -> CreateNamedTypeOp:
        """Return the operation that creates the type."""
        return CreateNamedTypeOp(self.type, self._dialect)


def _as_text(sql: str) -> str:
    # op.execute() takes a string for text(), where a colon may begin a parameter
    return str(literal_text(sql).text)


def add_named_types(
    autogen_context: AutogenContext, migration_script: MigrationScript
) -> None:
    """Add to a comparison's result what its columns' types need.

    :param autogen_context: the context that the database was compared in.
    :param migration_script: the script; the operations for its last database are
        changed in place.
    """
    connection = autogen_context.connection
    if autogen_context.dialect.name != "postgresql" or connection is None:
        return
    upgrade = migration_script.upgrade_ops_list[-1]
    downgrade = migration_script.downgrade_ops_list[-1]
    if not upgrade.ops:
        return
    dialect = autogen_context.dialect
    before = _Uses(upgrade, dialect, _types_before)
    after = _Uses(upgrade, dialect, _types_after)
    if not before.types and not after.types:
        return
    database = _Database(connection, dialect)
    theirs = types_of_extensions(autogen_context, upgrade.ops)

    def exists(key: TypeKey) -> bool:
        return key in theirs or database.has(key)

    new = {key: t for key, t in after.types.items() if not exists(key)}
    gone = {
        key: before.types[key]
        for key in before.types.keys() - after.types.keys() - _modelled(autogen_context)
        if key not in theirs and database.could_drop(key, before.places)
    }
    _complete(upgrade, dialect, created=new, dropped=gone, existing=exists)
    kept = [key for key in before.types if exists(key) and key not in gone]
    _complete(downgrade, dialect, created=gone, dropped=new, existing=kept.__contains__)


def _complete(
    container: OpContainer,
    dialect: Dialect,
    *,
    created: Dict[TypeKey, Any],
    dropped: Dict[TypeKey, Any],
    existing: Callable[[TypeKey], bool],
) -> None:
    """Add the statements of one direction.

    :param container: the operations of the direction.
    :param dialect: the dialect.
    :param created: the types to be created, by whatever needs them first.
    :param dropped: the types to be dropped at the end.
    :param existing: tells which types are there before.
    """
    result: List[MigrateOperation] = []
    at_hand: Set[TypeKey] = set()
    for op in container.ops:
        by_table: Set[TypeKey] = set()
        for part in _flat([op]):
            keys = set(_named(_types_after(part), dialect))
            if isinstance(part, CreateTableOp):
                at_hand_now = {key for key in keys if key in at_hand or existing(key)}
                vars(part)["existing_types"] = at_hand_now
                by_table |= keys
                continue
            for key in sorted(keys & created.keys() - at_hand - by_table, key=str):
                result.append(CreateNamedTypeOp(created[key], dialect))
                at_hand.add(key)
        # a table leaves its types behind for all that comes later
        at_hand |= by_table & created.keys()
        result.append(op)
    result.extend(
        DropNamedTypeOp(dropped[key], dialect) for key in sorted(dropped, key=str)
    )
    container.ops[:] = result


class _Uses:
    """The named types that operations use, and at which columns.

    :param container: the operations.
    :param dialect: the dialect.
    :param types_of: the types of an operation's columns, before or after it.
    """

    def __init__(
        self,
        container: OpContainer,
        dialect: Dialect,
        types_of: Callable[[MigrateOperation], Iterable[_Use]],
    ) -> None:
        self.types: Dict[TypeKey, Any] = {}
        self.places: Set[Place] = set()
        for op in _flat(container.ops):
            for use in types_of(op):
                self.places.add(use.place)
                self.types.update(_named([use], dialect))


class _Use(NamedTuple):
    """A column's type."""

    place: Place
    type: TypeEngine[Any]


def _types_after(op: MigrateOperation) -> Iterator[_Use]:
    """Return the types of the columns that an operation makes or changes."""
    if isinstance(op, CreateTableOp):
        yield from _of_table(op.schema, op.table_name, op.columns)
    elif isinstance(op, AddColumnOp):
        yield _Use((op.schema, op.table_name, op.column.name), op.column.type)
    elif isinstance(op, AlterColumnOp) and op.modify_type is not None:
        yield _Use((op.schema, op.table_name, op.column_name), op.modify_type)


def _types_before(op: MigrateOperation) -> Iterator[_Use]:
    """Return the types of the columns that an operation takes away or changes."""
    if isinstance(op, DropTableOp):
        known = op._reverse
        columns = () if known is None else known.columns
        yield from _of_table(op.schema, op.table_name, columns)
    elif isinstance(op, DropColumnOp):
        yield _Use((op.schema, op.table_name, op.column_name), op.to_column().type)
    elif (
        isinstance(op, AlterColumnOp)
        and op.modify_type is not None
        and op.existing_type is not None
    ):
        yield _Use((op.schema, op.table_name, op.column_name), op.existing_type)


def _of_table(schema: Optional[str], name: str, items: Iterable[Any]) -> Iterator[_Use]:
    for item in items:
        if isinstance(item, Column):
            yield _Use((schema, name, None), item.type)


def _flat(ops: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    for op in ops:
        if isinstance(op, OpContainer):
            yield from _flat(op.ops)
        else:
            yield op


def _named(uses: Iterable[_Use], dialect: Dialect) -> Dict[TypeKey, Any]:
    found: Dict[TypeKey, Any] = {}
    for use in uses:
        type_ = named_type(use.type, dialect)
        if type_ is not None and getattr(type_, "create_type", True):
            found[type_key(type_, dialect)] = type_
    return found


def _modelled(autogen_context: AutogenContext) -> Set[TypeKey]:
    """Return the types that columns of the model are of."""
    if autogen_context.metadata is None:
        return set()
    uses = (
        _Use((table.schema, table.name, None), column.type)
        for table in autogen_context.sorted_tables
        for column in table.columns
    )
    return set(_named(uses, autogen_context.dialect))


_TYPES = """
SELECT n.nspname, t.typname, pg_catalog.pg_type_is_visible(t.oid)
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('d', 'e')
"""

_DEPENDENTS = """
SELECT dn.nspname, dc.relname, da.attname
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::regclass
 AND d.refobjid IN (t.oid, NULLIF(t.typarray, 0))
 AND NOT (d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.typarray)
LEFT JOIN pg_catalog.pg_attrdef def
  ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND def.oid = d.objid
LEFT JOIN pg_catalog.pg_attribute da
  ON da.attrelid = COALESCE(def.adrelid, d.objid)
 AND da.attnum = COALESCE(def.adnum, d.objsubid) AND da.attnum > 0
 AND (def.oid IS NOT NULL OR d.classid = 'pg_catalog.pg_class'::regclass)
LEFT JOIN pg_catalog.pg_class dc ON dc.oid = da.attrelid
LEFT JOIN pg_catalog.pg_namespace dn ON dn.oid = dc.relnamespace
WHERE t.typname = :name AND n.nspname = :schema
UNION ALL
SELECT NULL, NULL, NULL FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_type t ON d.classid = 'pg_catalog.pg_type'::regclass
 AND d.objid = t.oid AND d.deptype = 'e'
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typname = :name AND n.nspname = :schema
"""


class _Database:
    """The named types of a database, and what depends on them."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._default_schema = dialect.default_schema_name
        self._schemas: Dict[TypeKey, str] = {}
        for schema, name, visible in connection.execute(text(_TYPES)):
            if schema != self._default_schema:
                self._schemas[(schema, name)] = schema
            if visible:
                self._schemas[(None, name)] = schema

    def has(self, key: TypeKey) -> bool:
        """Tell whether there is such a type."""
        return key in self._schemas

    def could_drop(self, key: TypeKey, places: AbstractSet[Place]) -> bool:
        """Tell whether nothing but some columns depends on a type.

        :param key: the type.
        :param places: the columns that are going away.
        """
        if key not in self._schemas:
            return False
        parameters = {"name": key[1], "schema": self._schemas[key]}
        rows = self._connection.execute(text(_DEPENDENTS), parameters)
        return all(self._goes(row, places) for row in rows)

    def _goes(self, row: Any, places: AbstractSet[Place]) -> bool:
        schema, table, column = row
        if table is None:
            return False
        schemas: Set[Union[str, None]] = {schema}
        if schema == self._default_schema:
            schemas.add(None)
        return any(
            (known, table, name) in places
            for known in schemas
            for name in (None, column)
        )
