"""A history that was kept is the history that the files make."""

from __future__ import annotations

import marshal
import types
from typing import Any
from typing import Dict
from typing import List
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from alembic.script.kept_history import graph_of
from alembic.script.kept_history import ties_of
from alembic.script.revision.graph import Graph
from alembic.script.revision.walk import newest_first
from alembic.script.revision_file import Header
from alembic.script.script import Script

if TYPE_CHECKING:
    from alembic.script.revision_file import Names

IDS = tuple("abcdefghij")


@st.composite
def headers(draw: st.DrawFn) -> List[Header]:
    """Headers of a sound history, in any order."""
    made: List[Header] = []
    for number, id_ in enumerate(IDS[: draw(st.integers(1, len(IDS)))]):
        earlier = IDS[:number]
        some = st.lists(st.sampled_from(earlier), max_size=2, unique=True)
        parents = draw(some) if earlier else []
        needs = draw(some) if earlier else []
        labels = [f"label_{id_}"] if draw(st.booleans()) else []
        made.append(
            Header(
                id_,
                draw(_written(parents)),
                tuple(labels) or None,
                draw(_written([need for need in needs if need not in parents])),
                draw(st.sampled_from([None, "", "What it does.\n\nMore."])),
            )
        )
    return draw(st.permutations(made))


def _written(names: List[str]) -> st.SearchStrategy[Names]:
    """Return the ways in which an author may write identifiers."""
    ways: List[Names] = [tuple(names), (*names, *names)]
    if len(names) == 1:
        ways.append(names[0])
    if not names:
        ways.append(None)
    return st.sampled_from(ways)


def _graph(made: List[Header]) -> Graph:
    return Graph(Script.from_header(one, f"/v/{one.revision}.py") for one in made)


def _restored(made: List[Header], graph: Graph) -> Graph:
    """Keep a graph and take it up again."""
    ties = ties_of(graph)
    assert ties is not None
    rows = marshal.loads(marshal.dumps(([tuple(one) for one in made], ties), 4))
    files = [(f"/v/{one.revision}.py", None) for one in made]
    return graph_of(zip(files, *rows))


def _facts(graph: Graph) -> Dict[str, Any]:
    """Return all that can be seen of a graph."""
    return {
        "nodes": {id_: vars(node) for id_, node in graph.nodes.items()},
        "order": list(graph.nodes),
        "labels": {label: node.revision for label, node in graph.labels.items()},
        "ends": (graph.heads, graph.real_heads, graph.bases, graph.real_bases),
        "walk": [node.revision for node in newest_first(graph, set(graph.nodes))],
        "lines": [str(node) for node in graph.nodes.values()],
        "docs": [node.longdoc for node in graph.nodes.values()],  # type: ignore[attr-defined]
    }


@given(headers())
def test_kept_and_made(made: List[Header]) -> None:
    """The graph that was kept is the same as the one that was made, in all respects."""
    graph = _graph(made)
    assert _facts(_restored(made, graph)) == _facts(graph)


@given(headers())
def test_kept_history_grows(made: List[Header]) -> None:
    """A revision that joins a kept history finds what it would find in a new one."""
    graph = _graph(made)
    restored = _restored(made, graph)
    new = Header("new", graph.heads, None, None, None)
    expected = _facts(_graph([*made, new]))
    grown = Graph([*restored.nodes.values(), Script.from_header(new, "/v/new.py")])
    assert _facts(grown) == expected


def test_incomplete_history_is_not_kept(recwarn: Any) -> None:
    """A history with a missing parent has to be warned of each time."""
    graph = _graph([Header("b", "gone", None, None, None)])
    assert ties_of(graph) is None


def test_a_script_has_all_attributes_from_the_start() -> None:
    """Executing a file gives its script no attribute, which would take memory."""
    header = Header("a", None, None, None, None)
    made = Script.from_header(header, "/v/a.py")
    kept = graph_of([(("/v/a.py", None), header, ties_of(Graph([made]))[0])])
    for script in (made, kept.nodes["a"]):
        before = set(vars(script))
        script.module = types.ModuleType("a")
        assert set(vars(script)) == before
