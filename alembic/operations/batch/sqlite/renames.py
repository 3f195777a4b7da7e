"""Which columns a batch renames, and in which steps SQLite can do so."""

from __future__ import annotations

from collections import OrderedDict
from typing import Dict
from typing import List
from typing import Mapping
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from ....util.exc import CommandError
from .tokens import fold
from .tokens import same_name

if TYPE_CHECKING:
    from ..recorded import Change
    from .schema_objects import TableState

_ASIDE = "_alembic_aside_{}"
"""A name for a column that has to make room for another one."""


class Renames(NamedTuple):
    """Single renames in an order in which each name is free when it is given."""

    steps: List[Tuple[str, str]]
    """Old name and new name."""
    names: Dict[str, str]
    """The folded name a column had -> the name it has after all steps."""


def planned_renames(changes: Sequence[Change], state: TableState) -> Renames:
    """Return how the renames of a batch are made.

    :param changes: the recorded changes.
    :param state: the table before them.
    :raises CommandError: when a column that stays has a name already.
    """
    current = OrderedDict(
        (fold(column.name), column.name) for column in state.parse().columns
    )
    wanted, dropped = _wanted(changes, current)
    if not wanted:
        return Renames([], {})
    targets = [fold(new) for new in wanted.values()]
    for new in wanted.values():
        if targets.count(fold(new)) > 1:
            raise CommandError(
                f"Can't rename columns of table {state.name!r}: more than one would "
                f"be called {new!r}"
            )
    steps: List[Tuple[str, str]] = []
    names: Dict[str, str] = {}
    for key, old in current.items():
        if key not in targets or fold(wanted.get(key, "")) == key:
            continue
        if key not in wanted and key not in dropped:
            first = next(k for k, new in wanted.items() if fold(new) == key)
            raise CommandError(
                f"Can't rename column {current[first]!r} to {wanted[first]!r}: table "
                f"{state.name!r} has another column of that name"
            )
        names[key] = _ASIDE.format(len(steps))
        steps.append((old, names[key]))
    for key, new in wanted.items():
        steps.append((names.get(key, current[key]), new))
        names[key] = new
    return Renames(steps, names)


def _wanted(
    changes: Sequence[Change], current: Mapping[str, str]
) -> Tuple[Dict[str, str], Set[str]]:
    """Return the new names of columns that stay, and the columns that do not."""
    now = OrderedDict(current)
    added: Set[str] = set()
    for name, args, kw in changes:
        if name == "add_column":
            added.add(fold(args[1].name))
        elif name == "drop_column":
            key = _key_of(args[1].name, now)
            if fold(args[1].name) in added:
                added.discard(fold(args[1].name))
            elif key is not None:
                del now[key]
        elif name == "alter_column" and kw.get("name") is not None:
            key = _key_of(args[1], now)
            if key is not None and fold(args[1]) not in added:
                now[key] = kw["name"]
    wanted = {key: str(new) for key, new in now.items() if str(new) != current[key]}
    return wanted, {key for key in current if key not in now}


def _key_of(name: str, now: Mapping[str, str]) -> Optional[str]:
    if fold(name) in now:
        return fold(name)
    for key, name_now in now.items():
        if same_name(name_now, name):
            return key
    return None
