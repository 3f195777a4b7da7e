"""A finished history as plain values, and back.

Tying thousands of revisions together takes as long as reading their headers from the
index does, and comes out the same as long as no file changes.
"""

from __future__ import annotations

from .revision.graph import Graph
from .script import Script

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Iterable
    from typing import List
    from typing import Optional
    from typing import Tuple

    from .discovery import Found

    Row = Tuple[Any, ...]


def ties_of(graph: Graph) -> Optional[List[Row]]:
    """Return what a graph knows of each revision beside its header.

    :returns: a row for each revision; None when something is missing in the history,
        or there twice, which has to be warned of again.
    """
    if graph.missing or graph.files:
        return None
    return [
        (
            node.parents,
            node.down_revision,
            node.declared_labels,
            tuple(node.branch_labels),
            node.dependencies,
            node.needs,
            node.own_needs,
            node.nextrev,
            node.above,
        )
        for node in graph.nodes.values()
    ]


def graph_of(kept: Iterable[Tuple[Found, Row, Row]]) -> Graph:
    """Return the graph of scripts that was kept.

    :param kept: for each script its file, its header and what `ties_of` returned.
    """
    scripts = []
    for (path, _), header, ties in kept:
        # a constructor would check and tie what has been checked and tied
        script = Script.__new__(Script)
        # an attribute that comes later makes Python keep all in a larger form
        script._module = None  # noqa: SLF001
        script.path = path
        # the rest of it is in the ties, in the form that the graph has given it
        script.revision, _, _, _, script.header_doc = header
        (
            script.parents,
            script.down_revision,
            script.declared_labels,
            labels,
            script.dependencies,
            script.needs,
            script.own_needs,
            script.nextrev,
            script.above,
        ) = ties
        script.branch_labels = set(labels)
        scripts.append(script)
    return Graph.from_tied(scripts)
