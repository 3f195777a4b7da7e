"""Reflected records turned into constraints and indexes of a reflected table.

What is made here is known to belong to the table, but is not put into the table's own
collections, which hold what reflection itself put there.
"""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import Index
from sqlalchemy.schema import UniqueConstraint

from alembic.sqla.constraints import mark_not_valid
from alembic.sqla.expressions import literal_text

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.ddl.impl import DefaultImpl

Record = Dict[str, Any]


def options_of(record: Record) -> Dict[str, Any]:
    """Return the dialect options of a reflected record that have a value.

    :param record: what the inspector said of an index or constraint.
    """
    options = record.get("dialect_options")
    if not options:
        return {}
    return {
        name: value
        for name, value in options.items()
        # a condition can be text(), which has no truth value
        if not (
            value is None
            or value is False
            or (isinstance(value, (list, dict)) and not value)
        )
    }


def make_index(impl: DefaultImpl, record: Record, conn_table: Table) -> Optional[Index]:
    """Return a reflected index as an object.

    :param impl: corrects the options that the dialect reflected.
    :param record: what the inspector said of the index.
    :param conn_table: the reflected table.
    :return: the index; ``None`` when its elements are not known.
    """
    elements: List[Any] = []
    expressions = record.get("expressions") or ()
    sorting = record.get("column_sorting") or {}
    for position, name in enumerate(record["column_names"]):
        if name is not None:
            if name not in conn_table.columns:
                return None
            elements.append(_sorted(conn_table.columns[name], sorting.get(name, ())))
        elif position < len(expressions):
            elements.append(literal_text(expressions[position]))
        else:
            return None
    if not elements:
        return None
    index = Index(
        record["name"],
        *elements,
        unique=record["unique"],
        _table=conn_table,
        **impl.adjust_reflected_dialect_options(record, "index"),
    )
    conn_table.indexes.discard(index)
    if "duplicates_constraint" in record:
        index.info["duplicates_constraint"] = record["duplicates_constraint"]
    return index


def make_unique_constraint(
    impl: DefaultImpl, record: Record, conn_table: Table
) -> UniqueConstraint:
    """Return a reflected unique constraint as an object.

    :param impl: corrects the options that the dialect reflected.
    :param record: what the inspector said of the constraint.
    :param conn_table: the reflected table.
    """
    constraint = UniqueConstraint(
        *[conn_table.columns[name] for name in record["column_names"]],
        name=record["name"],
        deferrable=record.get("deferrable"),
        initially=record.get("initially"),
        **impl.adjust_reflected_dialect_options(record, "unique_constraint"),
    )
    conn_table.constraints.discard(constraint)
    if "duplicates_index" in record:
        constraint.info["duplicates_index"] = record["duplicates_index"]
    return constraint


def make_check_constraint(record: Record, conn_table: Table) -> CheckConstraint:
    """Return a reflected CHECK constraint as an object.

    :param record: what the inspector said of the constraint.
    :param conn_table: the reflected table.
    """
    constraint = CheckConstraint(literal_text(record["sqltext"]), name=record["name"])
    if options_of(record).get("not_valid"):
        mark_not_valid(constraint)
    conn_table.append_constraint(constraint)
    conn_table.constraints.discard(constraint)
    return constraint


def _sorted(element: Any, sorting: Any) -> Any:
    """Return an element of an index with its DESC and NULLS FIRST."""
    if "desc" in sorting:
        element = element.desc()
    if "nulls_first" in sorting or "nullsfirst" in sorting:
        element = element.nullsfirst()
    elif "nulls_last" in sorting or "nullslast" in sorting:
        element = element.nullslast()
    return element
