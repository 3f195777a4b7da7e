"""How the cost grows: the same work on ever more revisions, tables or rows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List

import cases

REVISIONS = (100, 300, 1_000, 3_000, 10_000)
TABLES = (10, 50, 200, 1_000, 5_000)
ROWS = (1_000, 10_000, 100_000, 1_000_000)

# the largest sizes take minutes in Alembic 1.20.1, and are stable
_ROUNDS = 3
_FEW_ROUNDS = 1
_LONG = 1_000


def curves(scale: float = 1.0) -> List[Dict[str, Any]]:
    """Return what is measured: a name, a unit, and a case for each size."""

    def sizes(all_sizes: Any) -> List[int]:
        return [max(2, int(size * scale)) for size in all_sizes]

    return [
        {
            "name": "heads",
            "unit": "revisions",
            "cases": {
                n: cases.Case("heads", 0, cases.empty(n), ["heads"])
                for n in sizes(REVISIONS)
            },
        },
        {
            "name": "history",
            "unit": "revisions",
            "cases": {
                n: cases.Case("history", 0, cases.empty(n), ["history"])
                for n in sizes(REVISIONS)
            },
        },
        {
            "name": "check, PostgreSQL",
            "unit": "tables",
            "cases": {
                n: cases.Case(
                    "check", 0, cases.models(n, True), ["check"], backend="postgresql"
                )
                for n in sizes(TABLES)
            },
        },
        {
            "name": "batch: several changes",
            "unit": "rows",
            "cases": {
                n: cases.Case(
                    "batch", 0, cases.batch("several", n), ["upgrade", "head"]
                )
                for n in sizes(ROWS)
            },
        },
    ]


def measure(
    measure_case: Callable[..., Dict[str, Any]], sides: Any, base: Path, options: Any
) -> Iterator[Dict[str, Any]]:
    """Yield each curve with the figures of both sides at each size."""
    for number, curve in enumerate(curves(options.scale)):
        if options.only not in f"{curve['name']} growth":
            continue
        points = []
        for size, case in curve["cases"].items():
            folder = base / f"growth-{number}-{size}"
            rounds = _FEW_ROUNDS if size > _LONG else _ROUNDS
            row = measure_case(case, sides, rounds, folder)
            shutil.rmtree(folder, ignore_errors=True)
            point = {
                key: row[key]
                for key in ("reference", "ours", "reference_cpu", "ours_cpu")
            }
            points.append({"size": size, **point})
            print(
                f"{curve['name']:24} {size:9} {curve['unit']:10}"
                f" {row['reference_cpu']:8.3f} {row['ours_cpu']:8.3f}",
                flush=True,
            )
        yield {"name": curve["name"], "unit": curve["unit"], "points": points}
