"""Where the database is and where it should go: the steps in between."""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Dict
from typing import Iterator
from typing import List
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from ..util.exc import CommandError
from ..util.sequences import to_tuple
from .revision import Revision
from .revision import RevisionMap
from .revision.symbols import split_branch
from .revision.walk import ancestors
from .revision.walk import topmost
from .script import Script
from .steps import MigrationStep
from .steps import RevisionStep
from .steps import StampStep
from .translate_errors import translated

if TYPE_CHECKING:
    from typing_extensions import Protocol

    class HasHistory(Protocol):
        """What planning needs of a script directory."""

        revision_map: RevisionMap


def upgrade_steps(script: HasHistory, revision: Any, heads: Any) -> List[RevisionStep]:
    """Return the steps that bring a database up to a revision, in order.

    The files of these steps are executed, so that a broken one is found before the
    first of them runs.

    :param script: the script directory.
    :param revision: name of the destination, or several.
    :param heads: identifiers in the version table.
    :raises CommandError: when there is no way, or a file cannot be loaded.
    """
    history = script.revision_map
    with translated(
        history,
        ancestor="Destination %(end)s is not a valid upgrade target from current "
        "head(s)",
        end=revision,
        from_database=heads,
    ):
        upward = list(history.iterate_revisions(revision, heads, implicit_base=True))
    _refuse_ambiguous(history, upward)
    return [
        MigrationStep.upgrade_from_script(history, one)
        for one in reversed(cast("List[Script]", upward))
    ]


def downgrade_steps(
    script: HasHistory, revision: Any, heads: Any
) -> List[RevisionStep]:
    """Return the steps that bring a database down to a revision, in order.

    :param script: the script directory.
    :param revision: name of the destination.
    :param heads: identifiers in the version table.
    :raises CommandError: when there is no way, or a file cannot be loaded.
    """
    history = script.revision_map
    if revision is not None and not isinstance(revision, str):
        names = tuple(revision)
        if len(names) != 1:
            raise CommandError(
                "A downgrade goes to one revision, but several were given: "
                f"{', '.join(names)}; run it once for each of them"
            )
        revision = names[0]
    with translated(
        history,
        ancestor="Destination %(end)s is not a valid downgrade target from current "
        "head(s)",
        end=revision,
        from_database=heads,
    ):
        downward = list(
            history.iterate_revisions(heads, revision, select_for_downgrade=True)
        )
    _refuse_ambiguous(history, downward)
    return [
        MigrationStep.downgrade_from_script(history, one)
        for one in cast("List[Script]", downward)
    ]


def _refuse_ambiguous(history: RevisionMap, planned: Sequence[Revision]) -> None:
    """Raise when it cannot be told which file is to run.

    :raises CommandError: when several files that differ have the id of one revision.
    """
    files = history.graph.files
    for revision in planned if files else ():
        paths = files.get(revision.revision, ())
        if len({_content(path) for path in paths}) > 1:
            raise CommandError(
                f"Revision {revision.revision} is to run, but several files have that "
                f"id: {', '.join(paths)}; give one of them another id, or delete it"
            )


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def stamp_steps(script: HasHistory, revisions: Any, heads: Any) -> List[StampStep]:
    """Return the steps that make the version table say other revisions.

    Rows above or below a destination make way for it; all other rows stay.

    :param script: the script directory.
    :param revisions: name of the destination, or several.
    :param heads: identifiers in the version table.
    :raises CommandError: when a name means nothing.
    """
    history = script.revision_map
    with translated(
        history,
        multiple_heads="Multiple heads are present; please specify a single target "
        "revision",
        from_database=heads,
    ):
        rows = [row.revision for row in history.get_revisions(heads)]
        destinations, emptied = _destinations(history, revisions, rows)
        return list(_stamps(history, rows, destinations, emptied))


def _destinations(
    history: RevisionMap, revisions: Any, rows: Sequence[str]
) -> Tuple[List[str], Set[str]]:
    """Return what to stamp, and the rows that a ``base`` takes away."""
    symbols = history.symbols
    current = history.get_revisions(tuple(rows))
    found: List[str] = []
    emptied: Set[str] = set()
    for name in to_tuple(revisions, default=()) or ("base",):
        relative = symbols.relative(name)
        if relative is None or relative.id_ is not None:
            reached = history.get_revisions(name)
        elif relative.sign == "+":
            reached = symbols.upgrade_targets(current, name, True)
        else:
            goal, _ = symbols.downgrade_goal(current, name, True)
            reached = () if goal is None else (goal,)
        found.extend(one.revision for one in reached)
        if not reached:
            label = split_branch(name)[0]
            emptied.update(
                rows if label is None else symbols.filter_for_lineage(rows, label)
            )
    return topmost(history.graph, found), emptied


def _stamps(
    history: RevisionMap,
    rows: Sequence[str],
    destinations: Sequence[str],
    emptied: Set[str],
) -> Iterator[StampStep]:
    present = list(rows)
    below: Dict[str, Set[str]] = {
        id_: ancestors(history.graph, (id_,)) for id_ in {*present, *destinations}
    }
    for row in rows:
        if row in emptied:
            present.remove(row)
            yield StampStep((row,), (), False, True, history)
    for id_ in destinations:
        if id_ in present:
            continue
        higher = tuple(row for row in present if id_ in below[row])
        lower = tuple(row for row in present if row in below[id_])
        gone = higher or lower
        present = [row for row in present if row not in gone] + [id_]
        yield StampStep(gone, (id_,), not higher, not gone, history)
