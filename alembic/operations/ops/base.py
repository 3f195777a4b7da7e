"""What every operation has: reversal, diff tuple, room for notes."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from typing import Dict
from typing import FrozenSet
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import Union

Columns = Union[str, Sequence[Any]]
"""Column names as they are given to an operation."""


class MigrateOperation:
    """One schema change, as data.

    Nothing happens when an operation is made. It may be looked at, edited, reversed,
    rendered as Python by autogenerate, or run by `Operations.invoke`.

    Subclasses of one's own are given a directive by `Operations.register_operation`
    and something to do by `Operations.implementation_for`.
    """

    _mutations: FrozenSet[Any] = frozenset()
    """The rewriters that have seen this operation, so that none sees it twice."""

    remarks: Sequence[str] = ()
    """What a person should know of it; each is written above it as a comment."""

    @cached_property
    def info(self) -> Dict[Any, Any]:
        """A dictionary for notes of one's own; it takes part in nothing else."""
        return {}

    def to_diff_tuple(self) -> Tuple[Any, ...]:
        """Return the operation as a tuple of `compare_metadata`.

        :raises NotImplementedError: when it is nothing that a comparison finds.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no form as a diff tuple: autogenerate never "
            "produces it"
        )

    def reverse(self) -> MigrateOperation:
        """Return the operation that undoes this one.

        :raises NotImplementedError: when nothing does, as for plain SQL.
        :raises ValueError: when what it takes away is not known.
        """
        raise NotImplementedError(
            f"{type(self).__name__} cannot be reversed: write what undoes it by hand"
        )


class AlterTableOp(MigrateOperation):
    """A change of one table that exists.

    :param table_name: the name of the table.
    :param schema: its schema; None for the default one.
    """

    def __init__(self, table_name: str, *, schema: Optional[str] = None) -> None:
        self.table_name = table_name
        self.schema = schema


def as_columns(columns: Columns) -> Any:
    """Return column names as a sequence; a single name becomes a list of one."""
    return [columns] if isinstance(columns, str) else columns
