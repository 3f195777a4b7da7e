"""Where the time of a command goes: importing, SQLAlchemy, this project, the server.

Run as a program in the folder of a project, with the arguments of ``alembic``, it runs
that command and writes what it saw into ``.shares``. With ``clock`` before them it
tells how long importing takes of all, with ``profile`` who takes the rest: a profiler
makes all but importing longer, so one run cannot tell both.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Sequence

import floors
from measure import median
from measure import Run
from measure import run
from measure import run_for_output

OWNERS = ("importing", "SQLAlchemy", "driver and database", "this project", "waiting")
"""What a share may belong to, in the order in which they are shown."""

LIGHT_OWNERS = ("starting Python", "its library", "finding the files", "this project")
"""The same for a command that touches no database."""

_LIGHT_ROUNDS = 15
_DRIVERS = ("sqlite3", "_sqlite3", "psycopg2", "pymysql")
_FILE = ".shares"


class Measured(NamedTuple):
    """A command whose time is to be shared out.

    :ivar python: the interpreter that has this project.
    :ivar argv: the arguments of ``alembic``.
    :ivar folder: the project.
    :ivar begin: brings it into the state in which the command begins.
    :ivar environ: the environment variables.
    :ivar one: the run of the command without a profiler, which tells how much there
        is to share.
    """

    python: str
    argv: Sequence[str]
    folder: Path
    begin: Callable[[], None]
    environ: Dict[str, str]
    one: Run


def shares(command: Measured) -> Dict[str, float]:
    """Return the share of each owner in the time of a command, by the clock."""
    one = command.one

    def seen(how: str) -> Dict[str, float]:
        command.begin()
        run(
            [command.python, __file__, how, *command.argv],
            command.folder,
            command.environ,
        )
        told: Dict[str, float] = json.loads((command.folder / _FILE).read_text())
        return told

    clock, profile = seen("clock"), seen("profile")
    importing = one.cpu * clock["importing"] / clock["all"]
    part_of_rest = (one.cpu - importing) / sum(profile.values())
    found = {name: part_of_rest * part for name, part in profile.items()}
    found["importing"] = importing
    found["waiting"] = max(one.wall - one.cpu, 0.0)
    return {name: found.get(name, 0.0) / max(one.wall, one.cpu) for name in OWNERS}


def light_shares(command: Measured, looks: bool) -> Dict[str, float]:
    """Return the share of each owner in the processor's time of a light command.

    A profiler would make such a short one several times longer. So each part is
    measured as a process of its own: Python's start, the modules of its library that
    the command imports, looking at every file. What remains is this project's.

    :param looks: whether the command looks at the revision files.
    """

    python, argv, folder, begin, environ, one = command

    def took(code: str) -> float:
        words = [python, "-c", code]
        runs = [run(words, folder, environ) for _ in range(_LIGHT_ROUNDS)]
        return median(runs, lambda each: each.cpu)

    begin()
    listing = run_for_output(
        [python, "-X", "importtime", "-m", "alembic", *argv], folder, environ
    )
    imported = re.findall(r"^import time:.*\| +([\w.]+)$", listing, re.MULTILINE)
    library = [
        name for name in imported if name.partition(".")[0] in sys.stdlib_module_names
    ]
    start = took(floors.START)
    parts = [
        start,
        took(f"import {', '.join(library)}") - start,
        took(floors.LISTING) - start if looks else 0.0,
    ]
    parts.append(one.cpu - sum(parts))
    return {name: part / one.cpu for name, part in zip(LIGHT_OWNERS, parts)}


def _owner(file: str, function: str) -> str:
    """Return to whom the time of a function belongs."""
    text = f"{file} {function}".replace("\\", "/")
    if any(f"/{name}/" in text or f"'{name}." in text for name in _DRIVERS):
        return "driver and database"
    if "'_socket." in text or "psycopg2" in text:
        return "driver and database"
    if "/sqlalchemy/" in text or "<sqlalchemy" in text:
        return "SQLAlchemy"
    if "/alembic/" in text or "/migrations/" in text or "models.py" in text:
        return "this project"
    return ""


def _by_owner(stats: Dict[Any, Any]) -> Dict[str, float]:
    """Return the seconds of each owner; what Python does, it does for its caller."""
    found = dict.fromkeys(OWNERS[1:4], 0.0)
    for (file, _, function), (_, _, own, _, callers) in stats.items():
        owner = _owner(file, function)
        if owner:
            found[owner] += own
            continue
        parts: List[Any] = [
            (_owner(caller[0], caller[2]) or "this project", figures[2])
            for caller, figures in callers.items()
        ]
        whole = sum(part for _, part in parts) or 1.0
        for name, part in parts:
            found[name] += own * part / whole
    return found


def _main(argv: List[str]) -> None:
    import configparser
    import cProfile
    import pstats
    import time

    import sqlalchemy

    from alembic import config
    from alembic import op as op
    from alembic.environment import environment_context as environment_context

    parser = configparser.RawConfigParser()
    parser.read("alembic.ini")
    url = parser["alembic"]["sqlalchemy.url"].replace("%%", "%")
    sqlalchemy.create_engine(url)
    how, *sys.argv[1:] = argv
    profile = cProfile.Profile(time.process_time)
    imported = time.process_time()
    if how == "profile":
        profile.enable()
    try:
        config.main(prog="alembic")
    finally:
        profile.disable()
        seen = {"importing": imported, "all": time.process_time()}
        if how == "profile":
            seen = _by_owner(pstats.Stats(profile).stats)  # type: ignore[attr-defined]
        Path(_FILE).write_text(json.dumps(seen))


if __name__ == "__main__":
    _main(sys.argv[1:])
