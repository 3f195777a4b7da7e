"""Virtual environments that tests make once, from the package index."""

from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path
from typing import Callable


class CannotInstall(Exception):
    """The package index was not reached, or does not have what is asked for."""


def pip_install(python: Path, *words: str) -> None:
    """Install packages into an environment.

    :raises CannotInstall: with the end of what pip said.
    """
    command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [str(python), *command, *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotInstall(done.stderr[-300:])


def made_once(folder: Path, wanted: str, make: Callable[[], None]) -> None:
    """Have a folder filled, unless that was done for the same before.

    Of several processes that want it at the same time one makes it.

    :param wanted: says what the folder is to hold; another text makes it anew.
    :param make: fills it.
    """
    done = folder / ".complete"
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.read_text() != wanted:
            if done.exists():
                done.unlink()
            make()
            done.write_text(wanted)
