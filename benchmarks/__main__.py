"""Measures this project beside Alembic 1.20.1 and beside the floor.

Usage: python benchmarks [--scale 1.0] [--rounds 5] [--only WORD] [--json FILE]
[--svg FILE]. The table is printed; the peer is installed from the package index.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List
from typing import Optional

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import picture  # noqa: E402
from cases import Case  # noqa: E402
from cases import cases  # noqa: E402
from cases import copy_of  # noqa: E402
from installed import ours_beside  # noqa: E402
from measure import Failed  # noqa: E402
from measure import median  # noqa: E402
from measure import ratio  # noqa: E402
from measure import Run  # noqa: E402
from measure import run  # noqa: E402

from tests.support import databases  # noqa: E402
from tests.support import servers  # noqa: E402


def environment() -> Dict[str, str]:
    """Return an environment in which Python keeps its compiled files."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "ALEMBIC_CONFIG"))
    }


class Side:
    """One of the two programs that are compared."""

    def __init__(self, name: str, python: str) -> None:
        self.name = name
        self.python = python

    def alembic(self, folder: Path, argv: Any) -> Run:
        return run([self.python, "-m", "alembic", *argv], folder, environment())


def measure_case(
    case: Case, sides: List[Side], rounds: int, base: Path
) -> Dict[str, Any]:
    """Return the figures of one row: both sides in turn, then the floor."""
    runs: Dict[str, List[Run]] = {side.name: [] for side in sides}
    prepared: Dict[str, Path] = {}
    urls: Dict[str, str] = {}
    for side in sides:
        folder = base / side.name
        folder.mkdir(parents=True)
        urls[side.name] = _fresh(case, folder)
        prepared[side.name] = base / f"{side.name}-prepared"
        case.prepare(folder, urls[side.name])
        for argv in case.before:
            side.alembic(folder, argv)
        if not case.cold:
            side.alembic(folder, ["heads"])
        shutil.move(str(folder), str(prepared[side.name]))
    for number in range(rounds + 1):
        for side in sides:
            folder = base / side.name
            copy_of(prepared[side.name], folder)
            if case.cold:
                _forget(folder)
            if case.backend != "sqlite":
                _restore(case, side, folder, urls[side.name])
            one = side.alembic(folder, case.argv)
            # the first round warms the machine and is not counted
            if number:
                runs[side.name].append(one)
    floor = None
    if case.floor:
        folder = base / sides[1].name
        copy_of(prepared[sides[1].name], folder)
        command = [sides[1].python, "-c", case.floor]
        floors = []
        for _ in range(3):
            for path in folder.glob("d.db*"):
                path.unlink()
            floors.append(run(command, folder, environment()))
        floor = median(floors, lambda one: one.cpu)
    theirs, ours = (runs[side.name] for side in sides)
    return {
        "case": case.name,
        "backend": case.backend,
        "target": case.target,
        "ratio": ratio(theirs, ours, lambda one: one.wall),
        "ratio_cpu": ratio(theirs, ours, lambda one: one.cpu),
        "reference": median(theirs, lambda one: one.wall),
        "ours": median(ours, lambda one: one.wall),
        "floor": floor,
        "reference_mib": median(theirs, lambda one: one.memory),
        "ours_mib": median(ours, lambda one: one.memory),
    }


def _fresh(case: Case, folder: Path) -> str:
    if case.backend == "sqlite":
        return f"sqlite:///{folder / 'd.db'}"
    return databases.fresh(case.backend, folder, f"_{folder.name}").url


def _restore(case: Case, side: Side, folder: Path, url: str) -> None:
    """Bring a server's database back to where the measured command begins."""
    if "check" in case.argv or "--sql" in case.argv:
        return
    databases.fresh(case.backend, folder, f"_{folder.name}")
    for argv in case.before:
        side.alembic(folder, argv)


def _forget(folder: Path) -> None:
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)


def line(row: Dict[str, Any]) -> str:
    """Return one row of the printed table."""
    floor = "" if row["floor"] is None else f"{row['floor']:.3f}"
    reached = "yes" if row["ratio"] >= row["target"] else "NO"
    lighter = "yes" if row["ours_mib"] <= row["reference_mib"] else "NO"
    return (
        f"{row['case'][:46]:46} {row['backend'][:10]:10} {row['reference']:8.3f} "
        f"{row['ours']:8.3f} {floor:>7} {row['ratio']:7.2f} {row['ratio_cpu']:6.2f} "
        f"{row['target']:6g} "
        f"{reached:>4} {row['reference_mib']:7.0f} {row['ours_mib']:6.0f} {lighter:>4}"
    )


HEAD = (
    f"{'case':46} {'database':10} {'1.20.1 s':>8} {'ours s':>8} {'floor':>7} "
    f"{'ratio':>7} {'cpu':>6} {'target':>6} {'met':>4} {'MiB':>7} {'ours':>6} {'<=':>4}"
)


def main(argv: Optional[List[str]] = None) -> int:
    """Run the wanted rows; the exit status tells whether all could be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="size of the work")
    parser.add_argument("--rounds", type=int, default=5, help="counted runs of each")
    parser.add_argument("--only", default="", help="rows whose name holds this")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--svg", type=Path, help="draw the bars there")
    options = parser.parse_args(argv)

    from tests.peer.peer import peer_python

    rows = []
    failed = 0
    with tempfile.TemporaryDirectory(prefix="alembic-bench-") as folder:
        os.environ[servers.FOLDER_VARIABLE] = folder
        os.chmod(folder, 0o755)
        peer = peer_python()
        ours = ours_beside(peer, Path(folder) / "installed")
        sides = [Side("reference", peer), Side("ours", ours)]
        print(HEAD, flush=True)
        try:
            for number, case in enumerate(cases(options.scale)):
                if options.only not in f"{case.name} {case.backend}":
                    continue
                base = Path(folder) / f"case-{number}"
                try:
                    row = measure_case(case, sides, options.rounds, base)
                except (Failed, servers.Unavailable) as error:
                    failed += 1
                    print(f"{case.name} ({case.backend}): not measured: {error}")
                    continue
                finally:
                    shutil.rmtree(base, ignore_errors=True)
                rows.append(row)
                print(line(row), flush=True)
        finally:
            databases.close_administration()
            servers.stop_all(Path(folder))
            os.makedirs(folder, exist_ok=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    if options.svg:
        options.svg.write_text(picture.bars(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
