"""Files written whole or not at all."""

from __future__ import annotations

import os

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Optional
    from typing import Union

# on Windows a descriptor is one of text, and inherited, unless told otherwise
_NEW_FILE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)


def write_whole(
    path: Union[str, os.PathLike[str]],
    content: bytes,
    *,
    exclusive: bool = False,
    mode: Optional[int] = None,
) -> None:
    """Write a file so that nobody ever sees a part of it.

    The content goes to a temporary file in the same folder, which then takes the
    name at once. After a failure the folder is as it was before.

    :param path: the file.
    :param content: all of its bytes.
    :param exclusive: refuse to replace a file that is there.
    :param mode: permission bits of the file; by default those of the file that it
        replaces, or those that the process gives to new files.
    :raises FileExistsError: with ``exclusive``, when the file is there.
    :raises OSError: when it cannot be written.
    """
    target = os.fspath(path)
    if mode is None:
        mode = _permissions(target)
    # the module tempfile would load archives, compression and random numbers for this
    temporary = os.path.join(
        os.path.dirname(target), f".alembic-{os.urandom(8).hex()}.tmp"
    )
    # the system takes away what the process denies to new files; to ask for that mask
    # would be to set it, for all threads
    handle = os.open(temporary, _NEW_FILE, 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        if mode is not None:
            os.chmod(temporary, mode)
        if exclusive:
            _name_exclusively(temporary, target)
        else:
            os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _name_exclusively(temporary: str, target: str) -> None:
    """Give the file its name unless another one has it already."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # a file system without hard links: the check and the renaming are two steps
        if os.path.lexists(target):
            raise FileExistsError(f"file exists: {target}") from None
        os.replace(temporary, target)
    else:
        os.unlink(temporary)


def _permissions(target: str) -> Optional[int]:
    try:
        return os.stat(target).st_mode & 0o777
    except OSError:
        return None
