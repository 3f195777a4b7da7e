"""Measures this project beside Alembic 1.20.1 and beside the floor.

Usage: python benchmarks [--scale 1.0] [--rounds 5] [--only WORD] [--growth]
[--json FILE] [--docs FOLDER]. The table is printed; the peer is installed from the
package index. With --docs the pictures and the table of the documentation are
written from the figures, old and new.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List
from typing import Optional

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import floors  # noqa: E402
import growth  # noqa: E402
import pages  # noqa: E402
from cases import Case  # noqa: E402
from cases import cases  # noqa: E402
from cases import copy_of  # noqa: E402
from installed import ours_beside  # noqa: E402
from measure import Failed  # noqa: E402
from measure import median  # noqa: E402
from measure import ratio  # noqa: E402
from measure import Run  # noqa: E402
from measure import run  # noqa: E402
from shares import light_shares  # noqa: E402
from shares import Measured  # noqa: E402
from shares import shares  # noqa: E402

from tests.support import databases  # noqa: E402
from tests.support import servers  # noqa: E402


def environment() -> Dict[str, str]:
    """Return an environment in which Python keeps its compiled files."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "ALEMBIC_CONFIG"))
    }


# seconds after which a file counts as one that is not being written
_SETTLED = 0.2

_FLOOR_ROUNDS = 3


class Side:
    """One of the two programs that are compared."""

    def __init__(self, name: str, python: str) -> None:
        self.name = name
        self.python = python

    def alembic(self, folder: Path, argv: Any) -> Run:
        return run([self.python, "-m", "alembic", *argv], folder, environment())


def measure_case(
    case: Case,
    sides: List[Side],
    rounds: int,
    base: Path,
    with_shares: bool = False,
) -> Dict[str, Any]:
    """Return the figures of one row: both sides in turn, then the floor.

    :param with_shares: tell where the time of ours goes, too.
    """
    runs: Dict[str, List[Run]] = {side.name: [] for side in sides}
    least: List[Run] = []
    prepared: Dict[str, Path] = {}
    urls: Dict[str, str] = {}
    for side in sides:
        folder = base / side.name
        folder.mkdir(parents=True)
        urls[side.name] = _fresh(case, folder)
        prepared[side.name] = base / f"{side.name}-prepared"
        case.prepare(folder, urls[side.name])
        # else only a tool that runs every file for every command would find them so
        compileall.compile_dir(str(folder / "migrations"), quiet=2)
        for argv in case.before:
            side.alembic(folder, argv)
        shutil.move(str(folder), str(prepared[side.name]))

    def renew(side: Side) -> None:
        folder = base / side.name
        copy_of(prepared[side.name], folder)
        if not case.cold:
            # the copies are new files; the next command finds them known
            time.sleep(_SETTLED)
            side.alembic(folder, ["heads"])

    for number in range(rounds + 1):
        for side in sides:
            folder = base / side.name
            if not number or case.cold or not case.only_reads:
                renew(side)
            if case.cold:
                _forget(folder)
            if case.backend != "sqlite":
                _restore(case, side, folder, urls[side.name])
            one = side.alembic(folder, case.argv)
            # the first round warms the machine and is not counted
            if number:
                runs[side.name].append(one)
        # in turn with the others, since a server becomes slower in the course of them
        if 0 < number <= _FLOOR_ROUNDS and case.floor is not None:
            code, where = case.floor, prepared[sides[1].name]
            least.append(_floor_of(case, code, sides[1], base, where))
    floor = _middle(least) if least else None
    theirs, ours = (runs[side.name] for side in sides)
    parts = None
    if with_shares:
        side = sides[1]
        folder = base / side.name

        def begin() -> None:
            renew(side)
            if case.cold:
                _forget(folder)
            if case.backend != "sqlite":
                _restore(case, side, folder, urls[side.name])

        command = Measured(
            side.python, case.argv, folder, begin, environment(), _middle(ours)
        )
        if case.is_light:
            parts = light_shares(command, looks=case.floor == floors.LISTING)
        else:
            parts = shares(command)
    return {
        "case": case.name,
        "backend": case.backend,
        "target": case.target,
        "ratio": ratio(theirs, ours, lambda one: one.wall),
        "ratio_cpu": ratio(theirs, ours, lambda one: one.cpu),
        "reference": median(theirs, lambda one: one.wall),
        "ours": median(ours, lambda one: one.wall),
        "reference_cpu": median(theirs, lambda one: one.cpu),
        "ours_cpu": median(ours, lambda one: one.cpu),
        "floor": floor and floor.wall,
        "floor_cpu": floor and floor.cpu,
        "shares": parts,
        "reference_mib": median(theirs, lambda one: one.memory),
        "ours_mib": median(ours, lambda one: one.memory),
    }


def _middle(runs: List[Run]) -> Run:
    """Return the median of each figure."""
    return Run(
        median(runs, lambda one: one.cpu),
        median(runs, lambda one: one.wall),
        median(runs, lambda one: one.memory),
    )


def _floor_of(case: Case, code: str, side: Side, base: Path, prepared: Path) -> Run:
    """Return what the least that any tool would have to do takes, once."""
    # the measured folder stays as it is, with what its next run finds known
    folder = base / "floor"
    copy_of(prepared, folder)
    if case.backend != "sqlite" and not case.only_reads:
        databases.fresh(case.backend, base / side.name, f"_{side.name}")
    return run([side.python, "-c", code], folder, environment())


def _fresh(case: Case, folder: Path) -> str:
    if case.backend == "sqlite":
        return f"sqlite:///{folder / 'd.db'}"
    return databases.fresh(case.backend, folder, f"_{folder.name}").url


def _restore(case: Case, side: Side, folder: Path, url: str) -> None:
    """Bring a server's database back to where the measured command begins."""
    if case.only_reads:
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
    parser.add_argument("--growth", action="store_true", help="measure growth too")
    parser.add_argument("--json", type=Path, help="keep the figures there")
    parser.add_argument("--docs", type=Path, help="write pictures and tables there")
    options = parser.parse_args(argv)

    from tests.peer.peer import peer_python

    rows: List[Dict[str, Any]] = []
    grown: List[Dict[str, Any]] = []
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
                    row = measure_case(case, sides, options.rounds, base, True)
                except (Failed, servers.Unavailable) as error:
                    failed += 1
                    print(f"{case.name} ({case.backend}): not measured: {error}")
                    continue
                finally:
                    shutil.rmtree(base, ignore_errors=True)
                rows.append(row)
                print(line(row), flush=True)
                _keep(options, rows, grown)
            if options.growth:
                for curve in growth.measure(measure_case, sides, Path(folder), options):
                    grown.append(curve)
                    _keep(options, rows, grown)
        finally:
            databases.close_administration()
            servers.stop_all(Path(folder))
            os.makedirs(folder, exist_ok=True)
    return 1 if failed else 0


def _keep(
    options: argparse.Namespace,
    rows: List[Dict[str, Any]],
    grown: List[Dict[str, Any]],
) -> None:
    """Put the figures beside the old ones; what follows may take long, or fail."""
    if options.json:
        figures = pages.joined(options.json, rows, grown)
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
        if options.docs:
            pages.write(figures, options.docs)


if __name__ == "__main__":
    sys.exit(main())
