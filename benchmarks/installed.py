"""Gives this project the same surroundings as the release it is compared with."""

from __future__ import annotations

import compileall
import shutil
import sys
import venv
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "alembic"


def ours_beside(peer: str, folder: Path) -> str:
    """Return an interpreter that has this project where the peer has the release.

    An editable installation looks for its files with the help of a good deal of the
    standard library, which every start of the interpreter would pay for. The other
    packages are the very files of the peer.

    :param peer: the interpreter that has the release.
    :param folder: where to make the environment.
    """
    venv.create(str(folder), with_pip=False, symlinks=True)
    below = Path(
        "lib", f"python{sys.version_info.major}.{sys.version_info.minor}"
    ).joinpath("site-packages")
    theirs = Path(peer).parent.parent / below
    here = folder / below
    for entry in theirs.iterdir():
        if entry.name.startswith("alembic"):
            continue
        if entry.is_dir():
            shutil.copytree(entry, here / entry.name, dirs_exist_ok=True)
        else:
            shutil.copy2(entry, here / entry.name)
    shutil.copytree(PACKAGE, here / "alembic")
    compileall.compile_dir(str(here / "alembic"), quiet=2)
    return str(folder / "bin" / "python")
