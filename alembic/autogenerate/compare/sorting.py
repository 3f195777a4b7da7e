"""The order in which tables can be created or dropped."""

from __future__ import annotations

from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import ForeignKeyConstraint

from alembic.sqla.foreign_keys import foreign_key_spec

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

_Name = Tuple[Optional[str], str]


def parents_first(tables: Sequence[Table]) -> List[Table]:
    """Return tables, each after those that it refers to, as far as there is no circle.

    :param tables: the tables; those that do not depend on each other keep their order.
        What they refer to need not be among them.
    """
    by_name: Dict[_Name, Table] = {
        (table.schema, table.name): table for table in tables
    }
    result: List[Table] = []
    seen: Set[_Name] = set()
    for start in by_name:
        if start in seen:
            continue
        seen.add(start)
        # a walk with a stack of its own: chains of tables may be long
        path = [(start, _parents(by_name[start]))]
        while path:
            name, parents = path[-1]
            for parent in parents:
                if parent in by_name and parent not in seen:
                    seen.add(parent)
                    path.append((parent, _parents(by_name[parent])))
                    break
            else:
                path.pop()
                result.append(by_name[name])
    return result


def children_first(tables: Sequence[Table]) -> List[Table]:
    """Return tables, each before those that it refers to; see `parents_first`."""
    return parents_first(tables)[::-1]


def _parents(table: Table) -> Iterator[_Name]:
    """Give the names of the tables that a table refers to, in a fixed order."""
    names: Set[_Name] = set()
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            spec = foreign_key_spec(constraint)
            names.add((spec[3], spec[4]))
    yield from sorted(names, key=lambda name: (name[0] or "", name[1]))
