"""Finds revisions that come before themselves."""

from __future__ import annotations

from .errors import CycleDetected
from .errors import DependencyCycleDetected

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Dict
    from typing import List
    from typing import Mapping
    from typing import Sequence
    from typing import Tuple

    Parents = Mapping[str, Sequence[str]]


def refuse_cycles(versioned: Parents, everything: Parents) -> None:
    """Raise when a history has a cycle.

    :param versioned: for each identifier those of its parents.
    :param everything: the same with dependencies.
    :raises CycleDetected: when following parents leads back to the start.
    :raises DependencyCycleDetected: when following dependencies as well does.
    """
    if not _entangled(everything):
        return
    for parents, error in (
        (versioned, CycleDetected),
        (everything, DependencyCycleDetected),
    ):
        entangled = _entangled(parents)
        if entangled:
            raise error(sorted(_one_cycle(entangled)))


def _entangled(parents: Parents) -> Dict[str, Tuple[str, ...]]:
    """Return what is left when all that stands on firm ground is taken away.

    Each revision that is left has a parent that is left too.
    """
    missing = {id_: len(above) for id_, above in parents.items() if above}
    children: Dict[str, List[str]] = {}
    for id_ in missing:
        for parent in parents[id_]:
            children.setdefault(parent, []).append(id_)
    firm = [id_ for id_ in parents if id_ not in missing]
    while firm:
        for child in children.get(firm.pop(), ()):
            missing[child] -= 1
            if not missing[child]:
                del missing[child]
                firm.append(child)
    return {
        id_: tuple(parent for parent in parents[id_] if parent in missing)
        for id_ in missing
    }


def _one_cycle(entangled: Mapping[str, Sequence[str]]) -> List[str]:
    """Follow parents until one comes again."""
    path: Dict[str, int] = {}
    here = next(iter(entangled))
    while here not in path:
        path[here] = len(path)
        here = entangled[here][0]
    return list(path)[path[here] :]
