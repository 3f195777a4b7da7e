"""Runs a command as a whole process and takes its time and peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Dict
from typing import List
from typing import Sequence


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
    output = folder / ".output"
    with output.open("wb") as stream:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environ, stdout=stream, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    process.returncode = status
    if status:
        raise Failed(f"{' '.join(command)}: {output.read_text()[-2000:]}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def median(runs: Sequence[Run], what: Callable[[Run], float]) -> float:
    """Return the median of one figure."""
    return statistics.median(what(one) for one in runs)


def ratio(slow: List[Run], fast: List[Run], what: Callable[[Run], float]) -> float:
    """Return the median of the pairwise ratios of runs taken in turn."""
    return statistics.median(what(a) / what(b) for a, b in zip(slow, fast))
