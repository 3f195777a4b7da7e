"""PostgreSQL's views that read what is dropped or gets another type.

PostgreSQL refuses such a change as long as a view reads the column. The views are
dropped before all else and created again after it, but for those that read what is
gone.
"""

from __future__ import annotations

from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text

from alembic.operations.ops.base import AlterTableOp
from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.columns import DropColumnOp
from alembic.operations.ops.containers import OpContainer
from alembic.operations.ops.tables import DropTableOp
from alembic.sqla.reflection import execute_on_inspector
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .statements import qualified
from .statements import RetypeSQLOp
from .statements import ReversibleSQLOp

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
    from alembic.operations.ops.containers import UpgradeOps
    from alembic.plugins import Plugin

_READS = """
SELECT DISTINCT vn.nspname, v.relname, v.relkind, v.reloptions,
    pg_catalog.pg_get_viewdef(v.oid), rn.nspname, r.relname, a.attname
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.relkind IN ('v', 'm')
JOIN pg_catalog.pg_namespace vn ON vn.oid = v.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = d.refobjid AND r.oid <> v.oid
JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_attribute a
    ON a.attrelid = r.oid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
WHERE d.classid = CAST('pg_catalog.pg_rewrite' AS pg_catalog.regclass)
AND d.refclassid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
AND rn.nspname NOT IN ('pg_catalog', 'information_schema')
"""

_Name = Tuple[str, str]
"""Schema and name of a table or view."""

_GONE = (
    "The view {view} reads what is dropped below, so it goes first. If it is still "
    "wanted, create it at the end in the way it shall be from now on."
)
_MOVED = (
    "The view {view} reads a column that gets another type, so it is dropped here and "
    "created again at the end. Rights, comments, triggers and indexes of it are not."
)


class _View(NamedTuple):
    """A view and what it reads."""

    name: _Name
    create: str
    drop: str
    reads: Set[Tuple[_Name, Optional[str]]]
    """Tables and views, each with a column or None."""


def setup(plugin: Plugin) -> None:
    """Register the comparator, behind all others."""
    plugin.add_autogenerate_comparator(
        _move_views_aside,
        "autogenerate",
        qualifier="postgresql",
        priority=DispatchPriority.LAST,
    )


def _move_views_aside(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> PriorityDispatchResult:
    """Put the statements for views before and behind the others."""
    changes = _Changes(
        upgrade_ops, str(autogen_context.dialect.default_schema_name or "")
    )
    if not (changes.retyped or changes.dropped or changes.tables):
        return PriorityDispatchResult.CONTINUE
    views = _views(autogen_context)
    touched = _with_readers(
        views, {name for name, view in views.items() if changes.touch(view)}
    )
    gone = _with_readers(
        views, {name for name, view in views.items() if changes.take_from(view)}
    )
    first: List[MigrateOperation] = []
    last: List[MigrateOperation] = []
    for name in _readers_first(views, touched):
        view = views[name]
        drop = ReversibleSQLOp(view.drop, view.create)
        remark = _GONE if name in gone else _MOVED
        drop.remarks = [remark.format(view=repr(name[1]))]
        first.append(drop)
        if name not in gone:
            last.insert(0, ReversibleSQLOp(view.create, view.drop))
    upgrade_ops.ops[:] = [*first, *upgrade_ops.ops, *last]
    return PriorityDispatchResult.CONTINUE


class _Changes:
    """What happens to tables and columns that views may read.

    :ivar tables: the tables that are dropped.
    :ivar dropped: the columns that are.
    :ivar retyped: the columns that get another type or are made anew.
    """

    def __init__(self, container: OpContainer, default_schema: str) -> None:
        self.tables: Set[_Name] = set()
        self.dropped: Set[Tuple[_Name, str]] = set()
        self.retyped: Set[Tuple[_Name, str]] = set()
        added: Set[Tuple[_Name, str]] = set()
        for op in _flat(container):
            if isinstance(op, RetypeSQLOp):
                schema, table, column = op.column
                self.retyped.add(((schema, table), column))
                continue
            if not isinstance(op, (AlterTableOp, DropTableOp)):
                continue
            table_name = (op.schema or default_schema, op.table_name)
            if isinstance(op, DropTableOp):
                self.tables.add(table_name)
            elif isinstance(op, DropColumnOp):
                self.dropped.add((table_name, op.column_name))
            elif isinstance(op, AddColumnOp):
                added.add((table_name, op.column.name))
            elif isinstance(op, AlterColumnOp) and op.modify_type is not None:
                self.retyped.add((table_name, op.column_name))
        self.retyped |= self.dropped & added
        self.dropped -= added

    def touch(self, view: _View) -> bool:
        """Tell whether a view stands in the way of the changes."""
        return self.take_from(view) or any(read in self.retyped for read in view.reads)

    def take_from(self, view: _View) -> bool:
        """Tell whether something goes that a view reads."""
        return any(
            read[0] in self.tables or read in self.dropped for read in view.reads
        )


def _flat(container: OpContainer) -> Iterator[MigrateOperation]:
    for op in container.ops:
        if isinstance(op, OpContainer):
            yield from _flat(op)
        else:
            yield op


def _views(autogen_context: AutogenContext) -> Dict[_Name, _View]:
    """Return the views of the database by name."""
    dialect = autogen_context.dialect
    rows = execute_on_inspector(autogen_context.inspector, text(_READS)).fetchall()
    views: Dict[_Name, _View] = {}
    for schema, name, kind, options, query, in_schema, read, column in rows:
        view = views.get((schema, name))
        if view is None:
            shown = None if schema == dialect.default_schema_name else schema
            what = "MATERIALIZED VIEW" if kind in ("m", b"m") else "VIEW"
            full_name = qualified(shown, name, dialect)
            settings = f" WITH ({', '.join(options)})" if options else ""
            view = views[schema, name] = _View(
                (schema, name),
                f"CREATE {what} {full_name}{settings} AS {query.strip().rstrip(';')}",
                f"DROP {what} {full_name}",
                set(),
            )
        view.reads.add(((in_schema, read), column))
    return views


def _with_readers(views: Dict[_Name, _View], names: Set[_Name]) -> Set[_Name]:
    """Return views, and those that read them, and so on."""
    found = set(names)
    while True:
        more = {
            name
            for name, view in views.items()
            if name not in found and any(read in found for read, _ in view.reads)
        }
        if not more:
            return found
        found |= more


def _readers_first(views: Dict[_Name, _View], names: Set[_Name]) -> List[_Name]:
    """Return views in an order in which they can be dropped."""
    left = sorted(names)
    result: List[_Name] = []
    while left:
        for name in left:
            if not any(
                read == name for other in left for read, _ in views[other].reads
            ):
                result.append(name)
                left.remove(name)
                break
    return result
