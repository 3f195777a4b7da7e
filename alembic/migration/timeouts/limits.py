"""The two limits, as values, and where they are read from."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import NamedTuple
from typing import Optional

from ...util.exc import CommandError

TABLE_LOCK = "table_lock_timeout"
STATEMENT = "statement_timeout"

# some thirty years
_HIGHEST = 10**9


class Limits(NamedTuple):
    """How long statements may take, in seconds; 0: for ever; None: as it is.

    :ivar table_lock: how long a statement waits for locks that others hold.
    :ivar statement: how long it runs in all.
    """

    table_lock: Optional[float] = None
    statement: Optional[float] = None

    def over(self, other: Limits) -> Limits:
        """Return these limits, and those of another where there are none."""
        return Limits(
            other.table_lock if self.table_lock is None else self.table_lock,
            other.statement if self.statement is None else self.statement,
        )

    @property
    def are_given(self) -> bool:
        """Whether there is any."""
        return self.table_lock is not None or self.statement is not None


_NONE = Limits()


def limits(values: Mapping[str, Any], where: str) -> Limits:
    """Return the limits that somebody wrote.

    :param values: what they wrote, by the names of the options.
    :param where: where, for errors.
    :raises CommandError: when a value is no number of seconds.
    """
    return Limits(
        *(in_seconds(name, values.get(name), where) for name in (TABLE_LOCK, STATEMENT))
    )


def in_seconds(name: str, value: Any, where: str) -> Optional[float]:
    """Return a number of seconds that somebody wrote; None stays None.

    :raises CommandError: when it is no number, or below zero.
    """
    if value is None:
        return None
    found = _number(value)
    if found is None:
        raise CommandError(
            f"{name} = {value!r} in {where} is no number of seconds; write one such "
            "as 5 or 0.5, or 0 for no limit"
        )
    return found


def count(name: str, value: Any, where: str) -> int:
    """Return a number of times that somebody wrote.

    :raises CommandError: when it is no whole number, or below zero.
    """
    found = _number(value)
    if found is None or found != int(found):
        raise CommandError(
            f"{name} = {value!r} in {where} says no number of times; write one such "
            "as 5, or 0 for never"
        )
    return int(found)


def _number(value: Any) -> Optional[float]:
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    # not what is called a number, and is none: nan, inf
    return found if 0 <= found <= _HIGHEST else None


def of_revision(step: Any) -> Limits:
    """Return the limits that a revision file sets for itself.

    :param step: a step of a plan.
    :raises CommandError: when a value is no number of seconds.
    """
    script = getattr(step, "revision", None)
    module = getattr(script, "module", None)
    said = {} if module is None else vars(module)
    if TABLE_LOCK not in said and STATEMENT not in said:
        return _NONE
    return limits(said, str(getattr(script, "path", module)))
