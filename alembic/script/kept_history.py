"""A finished history as plain values, and back.

Tying thousands of revisions together takes as long as reading their headers from the
index does, and comes out the same as long as no file changes.
"""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Iterable
from typing import List
from typing import Optional
from typing import Tuple

from .revision.graph import Graph
from .script import Script

Row = Tuple[Any, ...]


def rows_of(graph: Graph) -> Optional[List[Row]]:
    """Return a row for each revision of a graph; None when it cannot be kept.

    A history in which something is missing has to be warned of again.
    """
    if graph.missing:
        return None
    return [
        (
            script.revision,
            script.parents,
            script.down_revision,
            script.dependencies,
            script.declared_labels,
            tuple(script.branch_labels),
            script.nextrev,
            script.above,
            script.needs,
            script.own_needs,
            script.header_doc,
        )
        for script in cast("Iterable[Script]", graph.nodes.values())
    ]


def graph_of(rows: Iterable[Row], paths: Iterable[str]) -> Graph:
    """Return the graph of which `rows_of` gave the rows.

    :param rows: the rows.
    :param paths: the file of each of them.
    """
    scripts = []
    for row, path in zip(rows, paths):
        # a constructor would check and tie what has been checked and tied
        script = Script.__new__(Script)
        (
            script.revision,
            script.parents,
            script.down_revision,
            script.dependencies,
            script.declared_labels,
            labels,
            script.nextrev,
            script.above,
            script.needs,
            script.own_needs,
            script.header_doc,
        ) = row
        script.branch_labels = set(labels)
        script.path = path
        scripts.append(script)
    return Graph.from_tied(scripts)
