"""Tables: added, removed, and those that both sides have."""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import Iterable
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy import exc
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table

from alembic.autogenerate.autogen_context import NotCompared
from alembic.autogenerate.normalize import complete_columns
from alembic.ddl.comparison import Comparison
from alembic.operations.ops.containers import ModifyTableOps
from alembic.operations.ops.tables import CreateTableOp
from alembic.operations.ops.tables import DropTableOp
from alembic.sqla.reflection import view_names
from alembic.util.dispatch import PriorityDispatchResult

from . import postgresql
from . import sqlite
from .columns import _compare_columns
from .inspector import InspectorConv
from .sorting import children_first
from .unchanged import may_be_asked
from .unchanged import UnchangedTables

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import UpgradeOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.tables")

TableName = Tuple[Optional[str], str]
"""Schema, None for the default one, and name."""


def setup(plugin: Plugin) -> None:
    """Register the comparator of tables."""
    plugin.add_autogenerate_comparator(_autogen_for_tables, "schema", "tables")


def _autogen_for_tables(
    autogen_context: AutogenContext,
    upgrade_ops: UpgradeOps,
    schemas: Set[Optional[str]],
) -> PriorityDispatchResult:
    """Find the tables of both sides and compare them.

    :param schemas: which schemas of the database take part.
    """
    inspector = autogen_context.inspector
    default_schema = autogen_context.dialect.default_schema_name
    migration_context = autogen_context.migration_context
    own_tables = {
        (None if schema == default_schema else schema, name)
        for schema, name in migration_context.own_tables
    }

    metadata_table_names: Set[TableName] = {
        (None if table.schema == default_schema else table.schema, table.name)
        for table in autogen_context.sorted_tables
    }
    conn_table_names: Set[TableName] = set()
    for schema in sorted(schemas, key=lambda name: name or ""):
        undeclared = _tables_not_for_models(inspector, schema)
        for name in inspector.get_table_names(schema=schema):
            if name in undeclared and (schema, name) not in metadata_table_names:
                continue
            if autogen_context.run_name_filters(name, "table", {"schema_name": schema}):
                conn_table_names.add((schema, name))
    if not autogen_context.opts.get("include_schemas", False):
        conn_table_names |= _tables_of_other_schemas(
            autogen_context, metadata_table_names
        )
    conn_table_names -= own_tables
    metadata_table_names -= own_tables
    metadata_table_names -= _views_of_model(
        autogen_context, metadata_table_names - conn_table_names
    )

    _compare_tables(
        conn_table_names, metadata_table_names, inspector, upgrade_ops, autogen_context
    )
    return PriorityDispatchResult.CONTINUE


def _tables_of_other_schemas(
    autogen_context: AutogenContext, wanted: Set[TableName]
) -> Set[TableName]:
    """Return tables of the model that exist in schemas that are not looked into.

    What else these schemas hold does not take part.

    :param wanted: the tables of the model.
    """
    inspector = autogen_context.inspector
    found: Set[TableName] = set()
    for schema in {schema for schema, _ in wanted} - {None}:
        try:
            existing = inspector.get_table_names(schema=schema)
        except exc.OperationalError:
            # there is no such schema
            continue
        found.update(
            (schema, name)
            for name in existing
            if (schema, name) in wanted
            and autogen_context.run_name_filters(name, "table", {"schema_name": schema})
        )
    return found


def _views_of_model(
    autogen_context: AutogenContext, missing: Set[TableName]
) -> Set[TableName]:
    """Return tables of the model that are views in the database.

    No table can be created in their place, and nothing tells how the view was made.

    :param missing: tables of the model that are no tables in the database.
    """
    inspector = autogen_context.inspector
    views = {
        (schema, name)
        for schema in {schema for schema, _ in missing}
        for name in view_names(inspector, schema)
    }
    found = missing & views
    for name in _sorted(found):
        autogen_context.left_alone.append(
            NotCompared(
                f"table '{_qualified(name)}' of the model",
                "the database has a view of that name",
            )
        )
    return found


def _compare_tables(
    conn_table_names: Set[TableName],
    metadata_table_names: Set[TableName],
    inspector: Inspector,
    upgrade_ops: UpgradeOps,
    autogen_context: AutogenContext,
) -> None:
    """Append the operations for all tables: created, then dropped, then changed.

    :param conn_table_names: schema and name of the tables of the database.
    :param metadata_table_names: schema and name of the tables of the model; the
        default schema is None on both sides.
    :param inspector: looks into the database.
    :param upgrade_ops: the operations are appended here.
    :param autogen_context: both sides.
    """
    comparison = _TableComparison(inspector, upgrade_ops, autogen_context)
    comparison.announce(conn_table_names)
    for name in comparison.in_creation_order(metadata_table_names - conn_table_names):
        comparison.add(name)
    comparison.remove(conn_table_names - metadata_table_names)
    for name in _sorted(conn_table_names & metadata_table_names):
        comparison.compare(name)


class _TableComparison:
    """Compares tables one by one; holds what all of them need."""

    def __init__(
        self,
        inspector: Inspector,
        upgrade_ops: UpgradeOps,
        autogen_context: AutogenContext,
    ) -> None:
        self._inspector = inspector
        self._ops = upgrade_ops.ops
        self._context = autogen_context
        self._reflector = InspectorConv(inspector)
        self._compare_table = autogen_context.comparators.dispatch(
            "table", qualifier=autogen_context.dialect.name
        )
        self._unchanged = (
            UnchangedTables(autogen_context, self._reflector)
            if may_be_asked(autogen_context)
            else None
        )
        default_schema = autogen_context.dialect.default_schema_name
        self._model: Dict[TableName, Table] = {
            (
                None if table.schema == default_schema else table.schema,
                table.name,
            ): table
            for table in autogen_context.sorted_tables
        }

    def announce(self, names: Set[TableName]) -> None:
        """Let the tables that will be looked at be fetched together."""
        by_schema: Dict[Optional[str], List[str]] = {}
        for schema, name in names:
            by_schema.setdefault(schema, []).append(name)
        for schema, wanted in by_schema.items():
            available = self._inspector.get_table_names(schema=schema)
            self._reflector.pre_cache_tables(schema, wanted, available)

    def in_creation_order(self, names: Set[TableName]) -> List[TableName]:
        """Return names of the model, each table after those it refers to."""
        return [name for name in self._model if name in names]

    def add(self, name: TableName) -> None:
        """Append what creates a table of the model."""
        schema, tname = name
        table = self._model[name]
        if not self._context.run_object_filters(table, tname, "table", False, None):
            return
        self._ops.append(CreateTableOp.from_table(table))
        log.info("Detected added table '%s'", _qualified(name))
        modify_table_ops = ModifyTableOps(tname, [], schema=schema)
        self._compare_table(self._context, modify_table_ops, schema, tname, None, table)
        self._append(modify_table_ops)

    def remove(self, names: Set[TableName]) -> None:
        """Append what drops tables of the database, referring ones first."""
        found_in_database = MetaData()
        tables = [self._reflect(name, found_in_database) for name in _sorted(names)]
        for table in children_first(tables):
            schema, tname = table.schema, table.name
            if not self._context.run_object_filters(table, tname, "table", True, None):
                continue
            modify_table_ops = ModifyTableOps(tname, [], schema=schema)
            self._compare_table(
                self._context, modify_table_ops, schema, tname, table, None
            )
            self._append(modify_table_ops)
            self._ops.append(DropTableOp.from_table(table))
            log.info("Detected removed table '%s'", _qualified((schema, tname)))

    def compare(self, name: TableName) -> None:
        """Append what changes a table from what was found to the model."""
        schema, tname = name
        table = self._model[name]
        conn_table = self._empty(name) if self._is_adjusted else None
        columns = self._columns(name, conn_table)
        if (
            self._unchanged is not None
            and columns is not None
            and self._unchanged.has(schema, tname, columns, table)
        ):
            return
        if conn_table is None:
            conn_table = self._empty(name)
        self._fill(conn_table, columns)
        if not self._context.run_object_filters(
            table, tname, "table", False, conn_table
        ):
            return
        modify_table_ops = ModifyTableOps(tname, [], schema=schema)
        with _compare_columns(
            schema,
            tname,
            conn_table,
            table,
            modify_table_ops,
            self._context,
            self._inspector,
        ):
            self._compare_table(
                self._context, modify_table_ops, schema, tname, conn_table, table
            )
        self._append(modify_table_ops)

    def _append(self, modify_table_ops: ModifyTableOps) -> None:
        if not modify_table_ops.is_empty():
            self._ops.append(modify_table_ops)

    def _reflect(self, name: TableName, metadata: MetaData) -> Table:
        schema, tname = name
        table = Table(tname, metadata, schema=schema)
        self._fill(table, self._columns(name, table))
        return table

    @property
    def _is_adjusted(self) -> bool:
        """Whether the dialect has a say in what is reflected of a column."""
        adjust: Any = self._context.migration_context.impl.autogen_column_reflect
        plain: Any = Comparison.autogen_column_reflect
        return getattr(adjust, "__func__", None) is not plain

    def _empty(self, name: TableName) -> Table:
        """Return a table to reflect into, which an unchanged one can do without."""
        schema, tname = name
        return Table(tname, MetaData(), schema=schema)

    def _columns(
        self, name: TableName, table: Optional[Table]
    ) -> Optional[List[Dict[str, Any]]]:
        """Return the records of a table's columns as the dialect wants them.

        :param table: what is reflected into; None where the dialect adjusts nothing.
        :return: None where tables are not fetched together.
        """
        schema, tname = name
        if not self._reflector.knows(tname, schema):
            return None
        impl = self._context.migration_context.impl
        records = [
            dict(record) for record in self._reflector.get_columns(tname, schema)
        ]
        if table is not None:
            for record in records:
                impl.autogen_column_reflect(self._inspector, table, record)
        return records

    def _fill(self, table: Table, columns: Optional[List[Dict[str, Any]]]) -> None:
        """Put everything that is reflected into an empty table."""
        if columns is None:
            impl = self._context.migration_context.impl

            def adjust(inspector: Inspector, table: Table, column: Any) -> None:
                complete_columns(inspector, table.schema, table.name, [column])
                impl.autogen_column_reflect(inspector, table, column)

            event.listen(table, "column_reflect", adjust)
        self._reflector.reflect_table(table, columns)
        if self._inspector.dialect.name == "postgresql":
            postgresql.complete_constraints(self._inspector, table)


def _tables_not_for_models(inspector: Inspector, schema: Optional[str]) -> Set[str]:
    if inspector.dialect.name == "postgresql":
        return postgresql.tables_not_for_models(inspector, schema)
    if inspector.dialect.name == "sqlite":
        return sqlite.tables_not_for_models(inspector, schema)
    return set()


def _qualified(name: TableName) -> str:
    schema, tname = name
    return f"{schema}.{tname}" if schema else tname


def _sorted(names: Iterable[TableName]) -> List[TableName]:
    return sorted(names, key=lambda name: (name[0] or "", name[1]))
