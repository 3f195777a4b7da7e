"""A revision as text: the lines of ``heads``, ``history`` and ``show``."""

from __future__ import annotations

from ..util.messaging import format_as_comma
from ..util.sequences import to_tuple
from .revision import Revision

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Iterable
    from typing import List
    from typing import Optional
    from typing import Tuple


def one_line(
    script: Revision,
    *,
    doc: Optional[str],
    is_current: bool,
    include_branches: bool,
    include_parents: bool,
    tree_indicators: bool,
    head_indicators: bool,
) -> str:
    """Return a revision as one line: ``ae1 -> 27c (branch) (head), add a table``.

    :param script: the revision.
    :param doc: what to put behind it; None for nothing.
    :param is_current: whether the database is known to be at it.
    :param include_branches: name its branch labels.
    :param include_parents: put what it comes from before it.
    :param tree_indicators: say whether it is a branch point or a merge point.
    :param head_indicators: say whether it is a head; ``tree_indicators`` does too.
    """
    text = script.revision
    # a history has thousands of lines, and a property takes longer than a length
    parents, children = len(script.parents), len(script.nextrev)
    if include_parents:
        needs = script.dependencies
        also = f" ({format_as_comma(needs)})" if needs else ""
        text = f"{before(script)}{also} -> {text}"
    if include_branches and script.branch_labels:
        text += f" ({format_as_comma(labels(script))})"
    if head_indicators or tree_indicators:
        if not children:
            text += " (head)" if script.is_real_head else " (effective head)"
        if is_current:
            text += " (current)"
    if tree_indicators:
        if children > 1:
            text += " (branchpoint)"
        if parents > 1:
            text += " (mergepoint)"
    return text if doc is None else f"{text}, {doc}"


def block(script: Revision, *, path: str, longdoc: str, is_current: bool) -> str:
    """Return a revision as the block of lines that ``show`` prints.

    :param script: the revision.
    :param path: its file.
    :param longdoc: the docstring of the file.
    :param is_current: whether the database is known to be at it.
    """
    lines = [
        "Rev: "
        + script.revision
        + (" (head)" if script.is_head else "")
        + (" (branchpoint)" if script.is_branch_point else "")
        + (" (mergepoint)" if script.is_merge_point else "")
        + (" (current)" if is_current else ""),
        f"{'Merges' if script.is_merge_point else 'Parent'}: {before(script)}",
    ]
    for title, ids in _relations(script):
        if ids:
            lines.append(f"{title}: {format_as_comma(ids)}")
    lines.append(f"Path: {path}")
    lines.append("")
    lines.extend([f"    {line}" for line in longdoc.splitlines()] or [""])
    return "\n".join(lines) + "\n"


def before(script: Revision) -> str:
    """Return what a revision comes from, ``<base>`` being nothing."""
    return ", ".join(script.parents) or "<base>"


def labels(script: Revision) -> List[str]:
    """Return the branch labels of a revision in an order that does not change."""
    return sorted(script.branch_labels)


def _relations(script: Revision) -> Iterable[Tuple[str, Optional[Iterable[str]]]]:
    yield "Also depends on", to_tuple(script.dependencies)
    yield "Branches into", sorted(script.nextrev) if script.is_branch_point else None
    yield "Branch names", labels(script)
