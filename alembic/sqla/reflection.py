"""Looking at what a database holds."""

from __future__ import annotations

from typing import Any
from typing import Collection
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from .version import sqla_1_4
from .version import sqla_2_0

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import Table


def inspector_of(connection: Connection) -> Inspector:
    """Return a new inspector, with an empty cache.

    :param connection: the connection to look through.
    """
    return inspect(connection)


def can_reflect_many(inspector: Inspector) -> bool:
    """Tell whether ``inspector.get_multi_columns()`` and its kin exist.

    Whether they need fewer queries than one call a table depends on the dialect.
    """
    return sqla_2_0 and hasattr(inspector, "get_multi_columns")


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
