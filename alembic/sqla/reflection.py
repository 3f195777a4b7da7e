"""Looking at what a database holds."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import cast
from typing import Collection
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import TypeVar

from sqlalchemy import exc
from sqlalchemy import inspect
from sqlalchemy import text

from . import mysql_reflection
from . import sqlite_reflection
from .version import sqla_1_4
from .version import sqla_2_0
from .version import sqla_2_1

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import Table

_T = TypeVar("_T")

_OF_PARTITIONS = """
SELECT n.nspname, c.relname, k.conname
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = k.confrelid AND r.relispartition
WHERE k.contype = 'f' AND k.conparentid <> 0
"""


_LONGEST_NAME = 63
"""How many bytes a name of PostgreSQL may have."""

_ELEMENT_OF_INDEX = """
SELECT pg_catalog.pg_get_indexdef(CAST(:index AS pg_catalog.regclass), :position, true)
"""


def inspector_of(connection: Connection) -> Inspector:
    """Return a new inspector, with an empty cache.

    :param connection: the connection to look through.
    """
    inspector = inspect(connection)
    mysql_reflection.read_names_as_they_are(inspector)
    return inspector


def can_reflect_many(inspector: Inspector) -> bool:
    """Tell whether ``inspector.get_multi_columns()`` and its kin exist.

    Whether they need fewer queries than one call a table depends on the dialect.
    """
    return sqla_2_0 and hasattr(inspector, "get_multi_columns")


def is_made_for_partition(
    inspector: Inspector, schema: Optional[str], table: str, name: Optional[str]
) -> bool:
    """Tell whether PostgreSQL made a foreign key for a partition that it refers to.

    One to a partitioned table has a copy for each partition, on the same columns.

    :param inspector: an inspector of a PostgreSQL database.
    :param schema: the schema of the table; None for the default one.
    :param table: the name of the table.
    :param name: the name of the foreign key.
    """
    insp: Any = inspector
    dialect = insp.dialect
    if (dialect.server_version_info or (12,)) < (12,):
        return False

    def ask() -> Set[Tuple[Any, ...]]:
        rows = execute_on_inspector(inspector, text(_OF_PARTITIONS)).fetchall()
        return {tuple(row) for row in rows}

    made = remembered(inspector, ask, "foreign keys of partitions")
    return (schema or dialect.default_schema_name, table, name) in made


def complete_expressions(
    inspector: Inspector, schema: Optional[str], records: List[Dict[str, Any]]
) -> None:
    """Read the expressions of indexes to their end.

    SQLAlchemy 2.0.0 reads them as names, which PostgreSQL cuts.

    :param inspector: an inspector of a PostgreSQL database.
    :param schema: the schema of the table; None for the default one.
    :param records: the reflected records of its indexes, changed in place.
    """
    for record in records:
        for at, expression in enumerate(record.get("expressions") or ()):
            if len(expression.encode()) == _LONGEST_NAME:
                quote = inspector.dialect.identifier_preparer.quote
                name = quote(record["name"])
                row = execute_on_inspector(
                    inspector,
                    text(_ELEMENT_OF_INDEX),
                    index=f"{quote(schema)}.{name}" if schema else name,
                    position=at + 1,
                ).fetchone()
                record["expressions"][at] = row[0]


def reflect_table(
    inspector: Inspector,
    table: Table,
    include_columns: Optional[Collection[str]] = None,
    **kw: Any,
) -> None:
    """Fill a table with what the database knows of it.

    :param inspector: the inspector to look through.
    :param table: an empty table.
    :param include_columns: the columns wanted; None for all.
    :param kw: further options of ``Inspector.reflect_table()``.
    """
    insp: Any = inspector
    if not sqla_1_4:
        insp.reflecttable(table, include_columns, **kw)
    else:
        insp.reflect_table(table, include_columns, **kw)


def execute_on_inspector(inspector: Inspector, statement: Any, **params: Any) -> Any:
    """Execute a statement on the connection an inspector looks through.

    :param inspector: an inspector of a connection or of an engine.
    :param statement: the statement to execute.
    :param params: its parameters.
    """
    insp: Any = inspector
    if not sqla_1_4:
        return insp.bind.execute(statement, params)
    with insp._operation_context() as connection:
        return connection.execute(statement, params)


def remembered(inspector: Inspector, ask: Callable[[], _T], *what: Any) -> _T:
    """Return what was asked through an inspector before; ask when nothing was.

    :param inspector: the inspector, in whose cache the answer is kept.
    :param ask: asks the database.
    :param what: names the question, in words and with its parameters.
    """
    cache: Dict[Any, Any] = inspector.info_cache
    key = ("alembic", *what)
    if key not in cache:
        cache[key] = ask()
    found: _T = cache[key]
    return found


def view_names(inspector: Inspector, schema: Optional[str]) -> Set[str]:
    """Return the names of a schema's views, those that are materialized included.

    :param inspector: the inspector to look through.
    :param schema: the schema; None for the default one. One that does not exist has
        none.
    """
    insp: Any = inspector
    found: Set[str] = set()
    for method in ("get_view_names", "get_materialized_view_names"):
        try:
            found.update(getattr(insp, method)(schema=schema))
        except (AttributeError, NotImplementedError, exc.OperationalError):
            # not known to this SQLAlchemy, dialect or database
            continue
    return found


def reflect_many(
    inspector: Inspector,
    kind: str,
    schema: Optional[str],
    names: Optional[Collection[str]],
) -> Mapping[Tuple[Optional[str], str], Any]:
    """Return one kind of reflected records for many tables of a schema.

    :param inspector: an inspector for which `can_reflect_many` is true.
    :param kind: ``"columns"``, ``"pk_constraint"``, ``"foreign_keys"``,
        ``"indexes"``, ``"unique_constraints"``, ``"check_constraints"``,
        ``"table_comment"`` or ``"table_options"``.
    :param schema: the schema, None for the default one.
    :param names: the tables wanted, None for all.
    :return: by schema and name of the table.
    :raises NotImplementedError: when the dialect does not reflect this kind.
    """
    insp: Any = inspector
    if insp.dialect.name == "sqlite":
        try:
            return sqlite_reflection.reflect_many(insp, kind, schema, names)
        except exc.DBAPIError:
            # a SQLite without table-valued PRAGMAs: table by table
            pass
    method = getattr(insp, f"get_multi_{kind}")
    return cast(
        "Mapping[Tuple[Optional[str], str], Any]",
        method(schema=schema, filter_names=names),
    )


def reflect_table_from_records(
    inspector: Inspector, table: Table, records: Mapping[str, Any]
) -> None:
    """Fill a table with what was reflected before; no query is made.

    :param inspector: an inspector for which `can_reflect_many` is true.
    :param table: an empty table.
    :param records: this table's record of each kind known to `reflect_many`; None
        for the kinds that the dialect does not reflect.
    """
    from sqlalchemy.engine import reflection

    insp: Any = inspector
    key = (table.schema, table.name)
    info = cast(Any, reflection)._ReflectionInfo(
        unreflectable={},
        **{
            kind: {} if record is None else {key: record}
            for kind, record in records.items()
        },
    )
    insp.reflect_table(table, None, resolve_fks=False, _reflect_info=info)


reports_index_options: bool = sqla_2_0
"""Does reflection report expressions, WHERE, USING and the like of PostgreSQL's
indexes, and MATCH of foreign keys?"""

reports_operator_classes: bool = sqla_2_1
"""Does reflection report the operator classes of PostgreSQL's indexes?"""

reports_collation: bool = sqla_2_1
"""Does reflection report the collation of PostgreSQL's columns?"""

reports_deferral_on_sqlite: bool = sqla_1_4
"""Does reflection report whether SQLite's foreign keys are deferrable?"""
