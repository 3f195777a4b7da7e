"""Who decides when the text of two things differs: the database."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.exc import CompileError
from sqlalchemy.types import Enum

from alembic.autogenerate.autogen_context import NotCompared
from alembic.sqla.expressions import text_of
from alembic.sqla.types import compiled_type
from alembic.sqla.types import dialect_type
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from . import scratch

if TYPE_CHECKING:
    from sqlalchemy.schema import CheckConstraint
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import Index
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import UpgradeOps
    from alembic.plugins import Plugin

_T = TypeVar("_T")

_judges: WeakKeyDictionary[AutogenContext, Judge] = WeakKeyDictionary()


def setup(plugin: Plugin) -> None:
    """Register what calls the judge in; without it the text decides."""
    plugin.add_autogenerate_comparator(
        _call_in, "autogenerate", priority=DispatchPriority.FIRST
    )


def _call_in(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> PriorityDispatchResult:
    _judges[autogen_context] = Judge(autogen_context)
    return PriorityDispatchResult.CONTINUE


def judge_of(autogen_context: AutogenContext) -> Optional[Judge]:
    """Return who decides on differences; None when the text does.

    :param autogen_context: the comparison it is about.
    """
    return _judges.get(autogen_context)


class Judge:
    """Tells whether the database takes two things for the same.

    Each question is about a table of the model; the answers are True, False, or None
    when the database could not be asked.

    :param autogen_context: the comparison.
    """

    def __init__(self, autogen_context: AutogenContext) -> None:
        # not the context itself: it is the key under which this object is kept
        self._connection: Any = autogen_context.connection
        self._impl = autogen_context.migration_context.impl
        self._dialect = autogen_context.dialect
        self._left_alone = autogen_context.left_alone
        self._columns: Dict[Table, Optional[scratch.Scratch]] = {}

    def same_type(
        self, conn_col: Column[Any], metadata_col: Column[Any]
    ) -> Optional[bool]:
        """Tell whether a column would get the type that it has."""
        if self._dialect.name == "postgresql" and isinstance(
            dialect_type(metadata_col.type, self._dialect), Enum
        ):
            # a type with a life of its own: the copy would use the one that is there
            return None
        record = self._column(metadata_col)
        if record is None:
            return None
        try:
            return compiled_type(record["type"], self._dialect) == compiled_type(
                conn_col.type, self._dialect
            )
        except CompileError:
            # a type that reflection does not know
            return None

    def same_default(
        self, conn_col: Column[Any], metadata_col: Column[Any]
    ) -> Optional[bool]:
        """Tell whether a column would get the server default that it has."""
        record = self._column(metadata_col)
        if record is None:
            return None
        found: Any = conn_col.server_default
        found_text = None if found is None else text_of(found.arg) or str(found.arg)
        wanted = record.get("default")
        return found_text == (None if wanted is None else str(wanted))

    def same_computed(
        self, conn_col: Column[Any], metadata_col: Column[Any]
    ) -> Optional[bool]:
        """Tell whether a computed column would be computed as it is."""
        record = self._column(metadata_col)
        if record is None or "computed" not in record:
            return None
        found: Any = conn_col.server_default
        found_text = text_of(found.sqltext) or str(found.sqltext)
        return bool(found_text == record["computed"]["sqltext"])

    def indexes(
        self, metadata_table: Table, indexes: List[Index]
    ) -> List[Optional[Dict[str, Any]]]:
        """Return indexes of the model as the database would report them.

        :param metadata_table: the table of the model.
        :param indexes: its indexes that are asked for.
        :return: the reflected record of each; None where it could not be made.
        """
        found = scratch.reflect_indexes(self._connection, metadata_table, indexes)
        return _in_order(None if found is None else found.indexes, indexes)

    def checks(
        self, metadata_table: Table, checks: List[CheckConstraint]
    ) -> List[Optional[str]]:
        """Return CHECK constraints of the model as the database would write them.

        :param metadata_table: the table of the model.
        :param checks: its constraints that are asked for.
        :return: the text of each; None where it could not be made.
        """
        found = scratch.reflect_checks(self._connection, metadata_table, checks)
        return _in_order(None if found is None else found.checks, checks)

    def exclusions(
        self, metadata_table: Table, exclusions: List[Any]
    ) -> List[Optional[scratch.Exclusion]]:
        """Return EXCLUDE constraints of the model as PostgreSQL would have them.

        :param metadata_table: the table of the model.
        :param exclusions: its constraints that are asked for.
        :return: each of them; None where it could not be made.
        """
        found = scratch.reflect_exclusions(self._connection, metadata_table, exclusions)
        return _in_order(None if found is None else found.exclusions, exclusions)

    def _column(self, metadata_col: Column[Any]) -> Optional[Dict[str, Any]]:
        table: Any = metadata_col.table
        if table not in self._columns:
            self._columns[table] = scratch.reflect_columns(
                self._connection, self._impl, table
            )
            if self._columns[table] is None:
                self._note(table)
        found = self._columns[table]
        return None if found is None else found.columns.get(metadata_col.name)

    def _note(self, table: Table) -> None:
        if self._dialect.name in scratch.SUPPORTED:
            self._left_alone.append(
                NotCompared(
                    f"types and defaults of table '{table.fullname}' that differ in "
                    "their text only",
                    "no temporary table like it could be made, so the text decided",
                )
            )


def _in_order(
    found: Optional[Mapping[int, _T]], asked_for: Sequence[Any]
) -> List[Optional[_T]]:
    """Return what was found of each thing that was asked for, by its position."""
    return [None if found is None else found.get(at) for at in range(len(asked_for))]
