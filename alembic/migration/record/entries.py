"""Lines of the record, and what they say together."""

from __future__ import annotations

from datetime import datetime
from typing import Dict
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple

UPGRADE = "upgrade"
DOWNGRADE = "downgrade"
STAMP = "stamp"
UNSTAMP = "unstamp"
FOUND = "found"
LOST = "lost"

_APPLIED = (UPGRADE, STAMP, FOUND)


class Entry(NamedTuple):
    """One line of the record.

    :ivar id: its number; later ones are higher.
    :ivar revision: the revision.
    :ivar direction: what happened to it: ``upgrade`` or ``downgrade`` when it ran;
        ``stamp`` or ``unstamp`` when it was only declared applied, or not; ``found``
        or ``lost`` when something that keeps no record had applied it, or taken it
        away, before this run.
    :ivar ran_by: user and machine.
    :ivar ran_at: when it had ended, UTC.
    :ivar duration_ms: how long it took; None when nothing ran.
    :ivar checksum: of the file, see `alembic.script.checksum`; None when there is none.
    :ivar tool_version: the version of Alembic.
    :ivar heads: the versions of the database after it, separated by commas.
    """

    id: int
    revision: str
    direction: str
    ran_by: str
    ran_at: datetime
    duration_ms: Optional[int]
    checksum: Optional[str]
    tool_version: str
    heads: str

    @property
    def head_ids(self) -> Tuple[str, ...]:
        """The versions of the database after it."""
        return tuple(head for head in self.heads.split(",") if head)


def applied(entries: Iterable[Entry]) -> Dict[str, Entry]:
    """Return what the record takes for applied, with the entry that says so."""
    found: Dict[str, Entry] = {}
    for entry in entries:
        found.pop(entry.revision, None)
        if entry.direction in _APPLIED:
            found[entry.revision] = entry
    return found


def last_heads(entries: List[Entry]) -> Tuple[str, ...]:
    """Return where the database was when the record was last written."""
    return entries[-1].head_ids if entries else ()
