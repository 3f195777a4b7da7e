"""Differences between the supported versions of Python, and nothing else."""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from configparser import ConfigParser
    from datetime import datetime
    from importlib.metadata import EntryPoint
    from pathlib import Path
    from typing import Any
    from typing import Dict
    from typing import Iterator
    from typing import List
    from typing import Optional
    from typing import Sequence
    from typing import Tuple
    from typing import Union

is_posix = os.name == "posix"

py310 = sys.version_info >= (3, 10)
py311 = sys.version_info >= (3, 11)
py312 = sys.version_info >= (3, 12)
py313 = sys.version_info >= (3, 13)
py314 = sys.version_info >= (3, 14)

dedents_docstrings: bool = py313
"""Whether the compiler takes the indentation out of docstrings."""


def local_time() -> datetime:
    """Return the time of this place, without a zone.

    Before Python 3.12 the module `datetime` makes all of its classes in Python before
    it takes those in C instead, which takes longer than to write a revision file.
    """
    if not py312:
        try:
            # type checkers know no module of that name
            from _datetime import datetime as in_c  # type: ignore[import-not-found]
        except ImportError:
            # not every implementation of Python has it
            pass
        else:
            return in_c.now()  # type: ignore[no-any-return]
    from datetime import datetime

    return datetime.now()


class EncodedIO(io.TextIOWrapper):
    """Text written to a byte stream that stays open when this is closed."""

    def close(self) -> None:
        """Flush; the stream below belongs to somebody else."""
        self.flush()


def load_toml(path: Union[str, os.PathLike[str]]) -> Dict[str, Any]:
    """Read a TOML file.

    :raises ValueError: when it is not valid TOML.
    :raises OSError: when it cannot be read.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    with open(path, "rb") as stream:
        return tomllib.load(stream)


def importlib_metadata_get(group: str) -> Sequence[EntryPoint]:
    """Return the installed entry points of a group."""
    from importlib import metadata

    if py310:
        return tuple(metadata.entry_points(group=group))
    found: Any = metadata.entry_points()
    return tuple(found.get(group, ()))


def read_config_parser(
    file_config: ConfigParser, file_argument: List[str]
) -> List[str]:
    """Read INI files as UTF-8, or in the encoding that Python was told to prefer.

    :returns: the files that were read.
    """
    encoding = "locale" if py310 and not sys.flags.utf8_mode else None
    return file_config.read(file_argument, encoding=encoding)


def path_walk(
    path: Path, *, top_down: bool = True
) -> Iterator[Tuple[Path, List[str], List[str]]]:
    """Walk a folder like `os.walk`, with the folders as paths."""
    from pathlib import Path

    for root, folders, files in os.walk(path, topdown=top_down):
        yield Path(root), folders, files


def path_relative_to(path: Path, other: Path, *, walk_up: bool = False) -> Path:
    """Return ``path`` as seen from ``other``.

    :param walk_up: allow ``..`` in the result.
    :raises ValueError: when ``path`` is not below ``other`` and ``walk_up`` is false.
    """
    if walk_up:
        from pathlib import Path

        return Path(os.path.relpath(path, other))
    return path.relative_to(other)


def formatannotation_fwdref(annotation: Any, base_module: Optional[str] = None) -> str:
    """Return an annotation as source text; text stands for itself."""
    import inspect

    if isinstance(annotation, str):
        return annotation
    return inspect.formatannotation(annotation, base_module).replace("typing.", "")
