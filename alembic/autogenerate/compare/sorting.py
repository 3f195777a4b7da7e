"""The order in which tables can be created or dropped."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.sql import ddl

if TYPE_CHECKING:
    from sqlalchemy.schema import Table


def parents_first(tables: Sequence[Table]) -> List[Table]:
    """Return tables, each after those that it refers to, as far as there is no circle.

    :param tables: tables of one collection; those that do not depend on each other
        keep their order.
    """
    sort: Any = ddl.sort_tables_and_constraints
    return [table for table, _ in sort(list(tables)) if table is not None]


def children_first(tables: Sequence[Table]) -> List[Table]:
    """Return tables, each before those that it refers to; see `parents_first`."""
    return parents_first(tables)[::-1]
