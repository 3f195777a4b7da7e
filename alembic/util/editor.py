"""Opens a file in the editor of the user's choice."""

from __future__ import annotations

import os
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional

from .compat import is_posix
from .exc import CommandError


def open_in_editor(filename: str, environ: Optional[Dict[str, str]] = None) -> None:
    """Open a file in an editor and wait for it.

    The editor is the first of ``ALEMBIC_EDITOR``, ``VISUAL`` and ``EDITOR`` that is
    set, which may carry arguments; else a usual one that is installed.

    :param filename: the file.
    :param environ: the environment variables to look at; by default those of the
        process.
    :raises CommandError: when no editor is found or it fails.
    """
    # every command loads this module, few start a program
    import subprocess

    environment = os.environ if environ is None else environ
    command = [*_editor(environment), filename]
    try:
        subprocess.check_call(command)
    except Exception as error:
        raise CommandError(
            f"Error executing editor ({error}); set the environment variable EDITOR "
            "to an editor that is installed"
        ) from error


def _editor(environ: Mapping[str, str]) -> List[str]:
    import shlex
    import shutil

    path = environ.get("PATH")
    for variable in ("ALEMBIC_EDITOR", "VISUAL", "EDITOR"):
        wanted = environ.get(variable)
        if not wanted:
            continue
        # the whole value may be a path with spaces in it
        if shutil.which(wanted, path=path):
            return [wanted]
        words = shlex.split(wanted, posix=is_posix)
        if words and shutil.which(words[0], path=path):
            return words
    for usual in _USUAL:
        if shutil.which(usual, path=path):
            return [usual]
    raise CommandError(
        "No editor was found: set the environment variable EDITOR to the editor you "
        "want to use"
    )


_USUAL = (
    ("sensible-editor", "editor", "nano", "vim", "vi", "code")
    if is_posix
    else ("code.exe", "notepad++.exe", "notepad.exe")
)
