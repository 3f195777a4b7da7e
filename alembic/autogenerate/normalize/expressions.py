"""Reflected expressions, in the words in which both sides agree."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import TYPE_CHECKING

from . import mysql_text
from . import postgresql_text

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_SETTLED = {
    "postgresql": postgresql_text.settled,
    "mysql": mysql_text.settled,
    "mariadb": mysql_text.settled,
}


def settled_checks(
    dialect: Dialect, records: List[Dict[str, Any]]
) -> List[Dict[str, Any]]:
    """Return the records of CHECK constraints with their text settled.

    :param dialect: the dialect of the database.
    :param records: the records, which stay as they are.
    """
    settled = _SETTLED.get(dialect.name)
    if settled is None:
        return records
    return [{**record, "sqltext": settled(record["sqltext"])} for record in records]


def settle_computed(dialect: Dialect, records: List[Dict[str, Any]]) -> None:
    """Settle what reflected columns are computed from.

    :param dialect: the dialect of the database.
    :param records: the records of columns, changed in place.
    """
    settled = _SETTLED.get(dialect.name)
    if settled is None:
        return
    for record in records:
        computed = record.get("computed")
        if computed:
            record["computed"] = {**computed, "sqltext": settled(computed["sqltext"])}
