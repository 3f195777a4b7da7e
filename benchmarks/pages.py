"""The figures as the documentation shows them: pictures and a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List
from typing import Sequence

import picture
from shares import LIGHT_OWNERS
from shares import OWNERS

HEADER = """\
.. Written by ``make bench`` from benchmarks/results.json; not to be edited by hand.

.. list-table::
   :header-rows: 1
   :widths: 36 14 10 10 10 7 7 11

   * - work
     - database
     - 1.20.1
     - ours
     - floor
     - times
     - aim
     - MiB
"""

SHARES = """\
.. Written by ``make bench`` from benchmarks/results.json; not to be edited by hand.

.. list-table::
   :header-rows: 1

   * - work
     - database
"""


def joined(
    path: Path, rows: List[Dict[str, Any]], grown: List[Dict[str, Any]]
) -> Dict[str, Any]:
    """Return the figures that were kept, with the new ones in their place.

    :param path: the file that keeps them.
    :param rows: newly measured rows.
    :param grown: newly measured curves; the others stay.
    """
    kept: Dict[str, Any] = {"rows": [], "growth": []}
    if path.exists():
        kept = json.loads(path.read_text())
    new = {(row["case"], row["backend"]): row for row in rows}
    merged = [new.pop((row["case"], row["backend"]), row) for row in kept["rows"]]
    names = {curve["name"] for curve in grown}
    older = [curve for curve in kept["growth"] if curve["name"] not in names]
    return {
        "rows": [*merged, *new.values()],
        "growth": [*older, *grown],
    }


def write(figures: Dict[str, Any], folder: Path) -> None:
    """Write what the documentation shows into its folder."""
    static = folder / "_static"
    static.mkdir(exist_ok=True)
    (static / "benchmarks.svg").write_text(picture.bars(figures["rows"]))
    (static / "growth.svg").write_text(picture.curves(figures["growth"]))
    (folder / "benchmarks_table.inc").write_text(table(figures["rows"]))
    for name, owners in (("shares", OWNERS), ("light_shares", LIGHT_OWNERS)):
        text = shares(figures["rows"], owners)
        (folder / f"benchmarks_{name}.inc").write_text(text)


def table(rows: List[Dict[str, Any]]) -> str:
    """Return the rows as reStructuredText."""
    lines = [HEADER.rstrip()]
    for row in rows:
        theirs, ours, times, floor = picture.shown(row)
        lines.append(
            f"   * - {row['case']}\n"
            f"     - {row['backend']}\n"
            f"     - {theirs:.3f} s\n"
            f"     - {ours:.3f} s\n"
            f"     - {floor:.3f} s\n"
            f"     - {times:.1f}\n"
            f"     - {row['target']:g}\n"
            f"     - {row['reference_mib']:.0f} / {row['ours_mib']:.0f}"
        )
    return "\n".join(lines) + "\n"


def shares(rows: List[Dict[str, Any]], owners: Sequence[str]) -> str:
    """Return where the time goes as reStructuredText.

    :param owners: who has a part of it; rows with others are left out.
    """
    lines = [SHARES.rstrip(), *(f"     - {name}" for name in owners)]
    for row in rows:
        if row["shares"] is None or row["shares"].keys() != set(owners):
            continue
        lines += [f"   * - {row['case']}", f"     - {row['backend']}"]
        lines += [f"     - {row['shares'][name]:.0%}" for name in owners]
    return "\n".join(lines) + "\n"
