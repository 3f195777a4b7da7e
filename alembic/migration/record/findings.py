"""What the record and the revision files disagree about."""

from __future__ import annotations

from typing import Dict
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple

from ...script import ScriptDirectory
from ...script.checksum import checksum
from ...script.revision.walk import ancestors
from ...script.revision.walk import newest_first
from .entries import applied
from .entries import Entry
from .entries import last_heads

NEVER_RAN = "never ran"
EDITED = "edited"


class Finding(NamedTuple):
    """One revision about which record and files disagree.

    :ivar kind: ``never ran`` or ``edited``.
    :ivar revision: the revision.
    :ivar path: its file.
    :ivar entry: what the record has on it; None where it has nothing.
    """

    kind: str
    revision: str
    path: str
    entry: Optional[Entry]


def below(script: ScriptDirectory, heads: Iterable[str]) -> Set[str]:
    """Return the revisions that a database has, as the files are now.

    :param heads: the versions of the database; those without a file do not count.
    """
    graph = script.revision_map.graph
    known = [head for head in heads if head in graph.nodes]
    return set(ancestors(graph, known, dependencies=True))


def find(
    script: ScriptDirectory, entries: List[Entry], heads: Sequence[str]
) -> List[Finding]:
    """Compare the files with the record.

    Only what the record knows is claimed. After each run it names every revision that
    was below the heads of then; so a revision that is below those heads now, and is not
    named, came in later. What is above them was run by something that keeps no record,
    and nothing is known about it.

    :param entries: the record, the oldest line first.
    :param heads: where the database is now.
    """
    ran = applied(entries)
    present = below(script, heads)
    findings = [
        Finding(NEVER_RAN, id_, script.get_revision(id_).path, None)
        for id_ in oldest_first(script, slipped_in(script, entries, present))
    ]
    sums = _Checksums(script)
    findings.extend(
        Finding(EDITED, id_, sums.path(id_), ran[id_])
        for id_ in oldest_first(script, present.intersection(ran))
        if _differs(ran[id_].checksum, sums.of(id_))
    )
    return findings


def slipped_in(
    script: ScriptDirectory, entries: List[Entry], present: Set[str]
) -> Set[str]:
    """Return the revisions that came in below what the record knows.

    :param present: the revisions that the database has by its version table.
    """
    known = below(script, last_heads(entries))
    return known.intersection(present).difference(applied(entries))


def _differs(recorded: Optional[str], now: Optional[str]) -> bool:
    # a file that is compiled, or gone, has none
    return recorded is not None and now is not None and recorded != now


def oldest_first(script: ScriptDirectory, ids: Iterable[str]) -> List[str]:
    """Return revisions in the order in which they are applied."""
    wanted = set(ids)
    ordered = newest_first(script.revision_map.graph, below(script, wanted))
    return [node.revision for node in reversed(ordered) if node.revision in wanted]


class _Checksums:
    """Checksums of the files of a folder as they are now."""

    def __init__(self, script: ScriptDirectory) -> None:
        self._script = script
        self._found: Dict[str, Optional[str]] = {}

    def path(self, id_: str) -> str:
        return self._script.get_revision(id_).path

    def of(self, id_: str) -> Optional[str]:
        if id_ not in self._found:
            self._found[id_] = checksum(self.path(id_))
        return self._found[id_]


def explain(
    findings: Sequence[Finding], table: str, heads: Sequence[str]
) -> Iterable[Tuple[str, str]]:
    """Yield a kind of finding and the line that says it, for each kind there is.

    :param table: the name of the record's table.
    :param heads: where the database is now.
    """
    here = " ".join(sorted(heads))
    never = [found for found in findings if found.kind == NEVER_RAN]
    if never:
        one = len(never) == 1
        yield (
            NEVER_RAN,
            f"{_names(never)} {'is' if one else 'are'} below the database's "
            f"revision, but came into the history after that was reached: table "
            f"'{table}' has no run of {'it' if one else 'them'}. To run "
            f"{'it' if one else 'them'}, move {'it' if one else 'them'} to the end of "
            f"the history (down_revision = '{sorted(heads)[0]}'); if that is not "
            f"needed, 'alembic stamp {here}' writes down that "
            f"{'it is' if one else 'they are'} applied",
        )
    edited = [found for found in findings if found.kind == EDITED]
    if edited:
        one = len(edited) == 1
        entry = edited[0].entry
        since = (
            f" (on {entry.ran_at:%Y-%m-%d %H:%M} UTC by {entry.ran_by})"
            if one and entry is not None
            else ""
        )
        yield (
            EDITED,
            f"{_names(edited)} {'was' if one else 'were'} edited after "
            f"{'it was' if one else 'they were'} recorded as applied{since}; the "
            f"database does not have the edit. Put the {'file' if one else 'files'} "
            "back and make the change in a new revision; if the edit changes nothing, "
            f"'alembic stamp {here}' accepts it",
        )


def _names(findings: Sequence[Finding]) -> str:
    if len(findings) == 1:
        return f"Revision {findings[0].revision} ({findings[0].path})"
    return "Revisions " + ", ".join(found.revision for found in findings)
