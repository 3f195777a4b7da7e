"""Paths as text, for commands that end before `pathlib` would have been imported."""

from __future__ import annotations

import os

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Union


def absolute(path: Union[str, os.PathLike[str]]) -> str:
    """Return a path from the root, written as `pathlib` writes it.

    Parts that say nothing are left out. ``..`` stays: after a symbolic link it leads
    somewhere else than to the folder before it.

    :param path: a path, relative to the working directory.
    """
    if os.name != "posix":
        from pathlib import Path

        return str(Path(path).absolute())
    text = os.fspath(path)
    if not text.startswith("/"):
        text = f"{os.getcwd()}/{text}"
    # POSIX leaves open what exactly two slashes mean
    root = "//" if text.startswith("//") and not text.startswith("///") else "/"
    return root + "/".join(part for part in text.split("/") if part not in ("", "."))
