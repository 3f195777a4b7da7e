"""What SQLite knows of tables and SQLAlchemy does not reflect."""

from __future__ import annotations

from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from sqlalchemy import exc
from sqlalchemy import text

from alembic.sqla.reflection import execute_on_inspector

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector

_NOT_FOR_MODELS = """
SELECT name FROM pragma_table_list
WHERE schema = :schema AND type IN ('virtual', 'shadow')
"""


def tables_not_for_models(inspector: Inspector, schema: Optional[str]) -> Set[str]:
    """Return tables that nobody declares: virtual ones, and what these keep data in.

    :param inspector: an inspector of a SQLite database.
    :param schema: the schema; None for the main one.
    :return: empty before SQLite 3.37, which does not tell.
    """
    try:
        rows = execute_on_inspector(
            inspector, text(_NOT_FOR_MODELS), schema=schema or "main"
        ).fetchall()
    except exc.OperationalError:
        return set()
    return {row[0] for row in rows}
