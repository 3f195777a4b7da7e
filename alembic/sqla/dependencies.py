"""The order of tables by what they refer to."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Sequence
from typing import Set

from sqlalchemy.schema import Table
from sqlalchemy.sql import ddl


def sorted_by_dependency(tables: Sequence[Table]) -> List[Table]:
    """Return tables, each after those that it refers to.

    It is the order of ``MetaData.sorted_tables``, without the warning about circles:
    in generations, those that do not depend on each other as they were given. For a
    chain of tables SQLAlchemy takes a time that grows with the square of its length;
    it is left what is in a circle, or depends on more than foreign keys tell.

    :param tables: the tables. What they refer to need not be among them.
    :raises sqlalchemy.exc.NoReferencedTableError: when a foreign key refers to a table
        that its MetaData does not have.
    """
    places = {table: place for place, table in enumerate(tables)}
    children: Dict[Table, List[Table]] = {table: [] for table in tables}
    missing: Dict[Table, int] = {}
    for table in tables:
        if _depends_otherwise(table):
            return _by_sqlalchemy(tables)
        parents = [parent for parent in _parents(table) if parent in places]
        for parent in parents:
            children[parent].append(table)
        missing[table] = len(parents)
    found: List[Table] = []
    generation = [table for table in tables if not missing[table]]
    while generation:
        found.extend(generation)
        following: List[Table] = []
        for parent in generation:
            for child in children[parent]:
                missing[child] -= 1
                if not missing[child]:
                    following.append(child)
        generation = sorted(following, key=places.__getitem__)
    return found if len(found) == len(tables) else _by_sqlalchemy(tables)


def _parents(table: Table) -> Set[Table]:
    """Return the other tables that have to be there before a table can be made."""
    parents = {
        constraint.referred_table
        for constraint in table.foreign_key_constraints
        if constraint.use_alter is not True
    }
    parents.discard(table)
    return parents


def _depends_otherwise(table: Any) -> bool:
    return bool(table._extra_dependencies) or (
        # a table that is made from a query
        getattr(table, "_creator_ddl", None) is not None
    )


def _by_sqlalchemy(tables: Sequence[Table]) -> List[Table]:
    sort: Any = ddl.sort_tables_and_constraints
    return [table for table, _ in sort(tables) if table is not None]
