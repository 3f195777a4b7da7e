"""Odd histories, drawn from a seed, and what is asked of them."""

from __future__ import annotations

import random
from typing import Any
from typing import Dict
from typing import List
from typing import Set

from tests.support.histories import History
from tests.support.histories import ODD_HISTORIES


def _plain(history: History) -> List[Dict[str, Any]]:
    """Return a history as JSON can hold it."""
    rows: List[Dict[str, Any]] = []
    for row in history:
        down = list(row.down) if len(row.down) > 1 else "".join(row.down) or None
        plain: Dict[str, Any] = {"id": row.id, "down": down}
        if row.needs:
            plain["depends"] = list(row.needs)
        if row.labels:
            plain["labels"] = list(row.labels)
        rows.append(plain)
    return rows


KNOWN = {name: _plain(rows) for name, rows in ODD_HISTORIES.items() if rows}
"""The histories of tests/support, in the form that both tools are asked in."""


def drawn(seed: int, size: int) -> List[Dict[str, Any]]:
    """Return a random history: branches, merges, labels and dependencies."""
    pick = random.Random(seed)
    rows: List[Dict[str, Any]] = []
    for number in range(size):
        earlier = [row["id"] for row in rows]
        down: Any = None
        if earlier and pick.random() > 0.1:
            recent = earlier[-4:]
            down = pick.choice(recent)
            if len(recent) > 1 and pick.random() < 0.2:
                down = sorted(pick.sample(recent, 2))
        row = {"id": f"r{number:02}", "down": down}
        others = [one for one in earlier if one not in (down or ())]
        if others and pick.random() < 0.15:
            row["depends"] = pick.choice(others)
        if pick.random() < 0.15:
            row["labels"] = [f"label{number}"]
        rows.append(row)
    pick.shuffle(rows)
    return rows


HISTORIES = {**KNOWN, **{f"drawn {n}": drawn(n, 4 + n % 9) for n in range(40)}}


def parents(row: Dict[str, Any]) -> Set[str]:
    """Return what a revision needs: those it follows, and those it depends on."""
    found: Set[str] = set()
    for value in (row["down"], row.get("depends")):
        found.update(value if isinstance(value, list) else [value] if value else [])
    return found


def questions(rows: List[Dict[str, Any]]) -> List[str]:
    """Return expressions over ``map``, a revision map of the history."""
    ids = sorted(row["id"] for row in rows)
    labels = sorted(label for row in rows for label in row.get("labels", ()))
    names = [*ids, "head", "heads", "base", "r0", "nothing", "q"]
    for label in labels:
        names += [label, f"{label}@head", f"{label}@base", f"{label}@{ids[0]}"]
    asked = [
        "sorted(map.heads)",
        "sorted(map.bases)",
        "sorted(map._real_heads)",
        "map.get_current_head()",
    ]
    for name in names:
        asked.append(f"sorted(map.get_revisions({name!r}), key=str)")
        asked.append(f"map.get_revision({name!r})")
    for one in ids:
        asked.append(
            f"(map.get_revision({one!r}).is_head, map.get_revision({one!r}).is_base, "
            f"map.get_revision({one!r}).is_branch_point, "
            f"map.get_revision({one!r}).is_merge_point, "
            f"map.get_revision({one!r}).branch_labels)"
        )
        asked.append(f"sorted(map.iterate_revisions({one!r}, 'base'), key=str)")
        asked.append(f"sorted(map.iterate_revisions('heads', {one!r}), key=str)")
        asked.append(
            f"sorted(map.iterate_revisions({one!r}, 'base', inclusive=True), key=str)"
        )
    for label in labels:
        asked.append(f"map.get_current_head({label!r})")
    return asked


def commands(seed: int, rows: List[Dict[str, Any]]) -> List[List[Any]]:
    """Return commands that move a database along the history, good and bad ones."""
    pick = random.Random(seed)
    ids = sorted(row["id"] for row in rows)
    labels = sorted(label for row in rows for label in row.get("labels", ()))
    found: List[List[Any]] = []
    for _ in range(8):
        one = pick.choice(ids)
        found.append(
            pick.choice(
                [
                    ["upgrade", [one]],
                    ["upgrade", ["heads"]],
                    ["upgrade", ["+1"]],
                    ["upgrade", [f"{one}+1"]],
                    ["downgrade", [one]],
                    ["downgrade", ["-1"]],
                    ["downgrade", ["base"]],
                    ["stamp", [one]],
                    ["stamp", ["heads"]],
                    *([["upgrade", [f"{pick.choice(labels)}@head"]]] if labels else []),
                    *(
                        [["downgrade", [f"{pick.choice(labels)}@base"]]]
                        if labels
                        else []
                    ),
                ]
            )
        )
    return [*found, ["upgrade", ["heads"]], ["downgrade", ["base"]]]
