"""Runs a command as a whole process and takes its time and peak memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Dict
from typing import List
from typing import Sequence

# The system counts the peak of a process from before it replaced its image, and
# so a child of this large process would seem as large: a tiny one starts it.
_LAUNCHER = """\
import os, sys, time
begun = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - begun
cpu = usage.ru_utime + usage.ru_stime
with open(".usage", "w") as stream:
    stream.write(
        '{"status": %d, "cpu": %r, "wall": %r, "peak": %d}'
        % (status, cpu, wall, usage.ru_maxrss)
    )
"""

_OUTPUT = ".output"


@dataclass(frozen=True)
class Run:
    """One finished process: seconds of processor and wall, MiB at the peak."""

    cpu: float
    wall: float
    memory: float


class Failed(Exception):
    """The measured command did not succeed; the text is what it printed."""


def run(command: Sequence[str], folder: Path, environ: Dict[str, str]) -> Run:
    """Run a command to its end and return what the system accounted for it.

    :raises Failed: when it exits with a status other than zero.
    """
    output = folder / _OUTPUT
    with output.open("wb") as stream:
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command],
            cwd=folder,
            env=environ,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=True,
        )
    usage = json.loads((folder / ".usage").read_text())
    if usage["status"]:
        raise Failed(f"{' '.join(command)}: {output.read_text()[-2000:]}")
    return Run(usage["cpu"], usage["wall"], usage["peak"] / 1024)


def run_for_output(
    command: Sequence[str], folder: Path, environ: Dict[str, str]
) -> str:
    """Run a command to its end and return what it printed.

    :raises Failed: when it exits with a status other than zero.
    """
    run(command, folder, environ)
    return (folder / _OUTPUT).read_text()


def median(runs: Sequence[Run], what: Callable[[Run], float]) -> float:
    """Return the median of one figure."""
    return statistics.median(what(one) for one in runs)


def ratio(slow: List[Run], fast: List[Run], what: Callable[[Run], float]) -> float:
    """Return the median of the pairwise ratios of runs taken in turn."""
    return statistics.median(what(a) / what(b) for a, b in zip(slow, fast))
