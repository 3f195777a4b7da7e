"""Which revisions lie between where one is and where one wants to be."""

from __future__ import annotations

from .errors import RangeNotAncestorError
from .errors import RevisionError
from .graph import Graph
from .model import Revision
from .symbols import split_branch
from .symbols import Symbols
from .walk import ancestors
from .walk import descendants
from .walk import topmost

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Sequence
    from typing import Set


def upward(
    graph: Graph,
    symbols: Symbols,
    upper: Any,
    lower: Any,
    *,
    inclusive: bool,
    implicit_base: bool,
    assert_relative_length: bool,
) -> Set[str]:
    """Return what is applied when going up from ``lower`` to ``upper``.

    :param upper: names of the destination; ``+N`` counts from ``lower``.
    :param lower: names of where to start; what is below them counts as applied.
    :param inclusive: put ``lower`` into the answer.
    :param implicit_base: take all that ``upper`` needs, branches that ``lower`` is
        not on included; otherwise only what comes after ``lower``.
    :param assert_relative_length: refuse a count that leads beyond a head.
    :raises RangeNotAncestorError: without ``implicit_base``, when a revision of
        ``lower`` is not below ``upper``.
    """
    starts = symbols.revisions(lower)
    start_ids = [start.revision for start in starts]
    _refuse_overlap(graph, start_ids)
    targets = [
        target.revision
        for target in symbols.upgrade_targets(starts, upper, assert_relative_length)
    ]
    if not starts:
        label = split_branch(lower)[0] if isinstance(lower, str) else None
        if label is not None:
            targets = list(symbols.filter_for_lineage(targets, label))
    chosen = ancestors(graph, targets)
    if starts and not implicit_base:
        if not chosen.issuperset(start_ids):
            raise RangeNotAncestorError(lower, upper)
        chosen &= descendants(graph, start_ids, dependencies=False)
    chosen -= ancestors(graph, start_ids)
    if inclusive:
        chosen.update(start_ids)
    return chosen


def downward(
    graph: Graph,
    symbols: Symbols,
    upper: Any,
    lower: Any,
    *,
    inclusive: bool,
    assert_relative_length: bool,
) -> Set[str]:
    """Return what is taken away when going down from ``upper`` to ``lower``.

    That is all that comes after ``lower``, and all that depends on any of it, as far
    as it is applied.

    :param upper: names of the revisions that the database is at.
    :param lower: name of the destination; ``-N`` counts from ``upper``, and
        ``label@name`` leaves other branches alone.
    :param inclusive: put ``lower`` into the answer.
    :param assert_relative_length: refuse a count that leads below the base.
    :raises RangeNotAncestorError: when ``lower`` is not below ``upper``.
    """
    current: Sequence[Revision] = symbols.revisions(upper)
    goal, roots = symbols.downgrade_goal(current, lower, assert_relative_length)
    applied = ancestors(graph, [one.revision for one in current])
    chosen = descendants(graph, roots, within=applied)
    if goal is not None:
        if not chosen and all(one is not goal for one in current):
            raise RangeNotAncestorError(lower, upper)
        if inclusive:
            chosen.add(goal.revision)
    return chosen


def _refuse_overlap(graph: Graph, ids: Sequence[str]) -> None:
    """Raise when one of the revisions is below another of them."""
    tops = topmost(graph, ids)
    if len(tops) == len(set(ids)):
        return
    for top in tops:
        below = ancestors(graph, (top,))
        hidden = [id_ for id_ in ids if id_ != top and id_ in below]
        if hidden:
            raise RevisionError(
                f"Requested revision {top} overlaps with other requested revisions "
                f"{', '.join(hidden)}"
            )
