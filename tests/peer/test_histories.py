"""Questions about odd histories, and moving along them, beside Alembic 1.20.1."""

from __future__ import annotations

import pytest

from tests.peer.histories import commands
from tests.peer.histories import HISTORIES
from tests.peer.histories import questions
from tests.peer.peer import both

pytestmark = pytest.mark.peer

GRAPHS = [
    {"id": name, "kind": "graph", "revisions": rows, "questions": questions(rows)}
    for name, rows in HISTORIES.items()
]
MOVES = [
    {
        "id": name,
        "kind": "steps",
        "revisions": rows,
        "commands": commands(seed, rows),
    }
    for seed, (name, rows) in enumerate(HISTORIES.items())
]

# errors in which the other side falls over; here something clear is said or done
ACCIDENTS = ("AttributeError", "AssertionError", "KeyError", "IndexError", "TypeError")


@pytest.fixture(scope="module")
def graphs():
    return both(GRAPHS)


@pytest.fixture(scope="module")
def moves():
    return both(MOVES)


def agree(theirs, ours):
    """Say whether two answers mean the same."""
    if isinstance(theirs, dict) and "error" in theirs:
        if theirs["error"] in ACCIDENTS:
            return not (isinstance(ours, dict) and ours.get("error") in ACCIDENTS)
        return isinstance(ours, dict) and ours.get("error") == theirs["error"]
    return ours == theirs


@pytest.mark.parametrize("row", GRAPHS, ids=[row["id"] for row in GRAPHS])
def test_answers_agree(graphs, row):
    """Every question about a history has the same answer on both sides."""
    theirs, ours = graphs[row["id"]]
    differing = [
        (question, their, our)
        for question, their, our in zip(row["questions"], theirs, ours)
        if not agree(their, our)
    ]
    assert differing == []


@pytest.mark.parametrize("row", MOVES, ids=[row["id"] for row in MOVES])
def test_version_rows_agree_step_by_step(moves, row):
    """After each command the version table holds the same, and the log says so."""
    theirs, ours = moves[row["id"]]
    for command, their, our in zip(row["commands"], theirs, ours):
        assert (command, our["rows"]) == (command, their["rows"])
        assert (command, our["log"]) == (command, their["log"])
        assert agree(their["is"], our["is"]), (command, their["is"], our["is"])
