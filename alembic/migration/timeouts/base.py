"""What every kind of database can do about limits."""

from __future__ import annotations

import math
from abc import ABC
from abc import abstractmethod
from typing import Any
from typing import Iterator
from typing import List
from typing import Optional

from .limits import Limits


class DatabaseTimeouts(ABC):
    """The limits of one session.

    :cvar has_table_lock: whether waiting for locks can be limited.
    :cvar has_statement: whether running can be limited.
    :cvar end_with_transaction: whether what is set inside a transaction is gone after
        it, so that it need not be set back.
    """

    has_table_lock = True
    has_statement = True
    end_with_transaction = False

    @abstractmethod
    def read(self, connection: Any) -> Any:
        """Return what is set now, in whatever form `restore` takes."""

    @abstractmethod
    def write(self, connection: Any, limits: Limits, local: bool) -> None:
        """Set the limits that are given.

        :param local: for the transaction in progress only, where that can be.
        """

    @abstractmethod
    def restore(self, connection: Any, saved: Any, local: bool) -> None:
        """Set what `read` returned."""

    @abstractmethod
    def script(self, limits: Limits, before: Limits, local: bool) -> List[str]:
        """Return the statements that set limits in a script, without terminators.

        :param limits: those that are to hold.
        :param before: those that hold; where there is none now, the default is set.
        :param local: for the transaction in progress only, where that can be.
        """

    def is_lock_timeout(self, original: Any) -> bool:
        """Tell whether a driver's error says that a lock was not had in time."""
        return False

    def is_statement_timeout(self, original: Any) -> bool:
        """Tell whether a driver's error says that a statement took too long."""
        return False


def milliseconds(value: float, forever: int = 0) -> int:
    """Return seconds as milliseconds, at least one.

    :param forever: what stands for no limit.
    """
    return max(1, math.ceil(value * 1000)) if value else forever


def error_numbers(original: Any) -> Iterator[Optional[int]]:
    """Yield what may be the number of a driver's error."""
    for candidate in (
        getattr(original, "errno", None),
        *getattr(original, "args", ())[:1],
    ):
        if isinstance(candidate, int):
            yield candidate


def sql_state(original: Any) -> Optional[str]:
    """Return the SQLSTATE of a driver's error, or None."""
    for name in ("sqlstate", "pgcode"):
        found = getattr(original, name, None)
        if isinstance(found, str):
            return found
    return None
