"""Loads a Python file as a module, and finds the files of a package."""

from __future__ import annotations

import os

from .exc import CommandError
from .templating import template_to_file as template_to_file

TYPE_CHECKING = False

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType
    from typing import Optional
    from typing import Union


def coerce_resource_to_filename(fname_or_resource: str) -> Path:
    """Return a path for ``folder/file`` or for ``package:folder/file``.

    :param fname_or_resource: a path, or the name of an importable package, a colon
        and a path inside it. An absolute path is never taken for a package, so
        Windows drive letters are safe.
    :raises CommandError: when the package cannot be imported or is not a folder on
        disk.
    """
    from pathlib import Path

    return Path(resource_path(str(fname_or_resource)))


def resource_path(text: str) -> str:
    """Return what `coerce_resource_to_filename` does, as text."""
    if os.path.isabs(text) or ":" not in text:
        return text
    package, _, inside = text.partition(":")
    import importlib

    try:
        module = importlib.import_module(package)
    except ImportError as error:
        raise CommandError(
            f"Can't find {text!r}: the package {package!r} cannot be imported "
            f"({error}); install it, or add its folder to prepend_sys_path"
        ) from error
    for folder in getattr(module, "__path__", ()):
        if os.path.isdir(folder):
            return os.path.join(folder, *inside.split("/"))
    raise CommandError(
        f"Can't find {text!r}: {package!r} is not a package in a folder on disk; "
        "write a path instead"
    )


def pyc_file_from_path(path: Union[str, os.PathLike[str]]) -> Optional[Path]:
    """Return the compiled file that belongs to a source file, or None.

    It may be in ``__pycache__`` or, in the old manner, beside the source.
    """
    import importlib.util
    from pathlib import Path

    source = Path(path)
    cached = Path(importlib.util.cache_from_source(str(source)))
    if cached.exists():
        return cached
    from importlib.machinery import BYTECODE_SUFFIXES

    for suffix in BYTECODE_SUFFIXES:
        beside = source.with_suffix(suffix)
        if beside.exists():
            return beside
    return None


def load_python_file(
    dir_: Union[str, os.PathLike[str]], filename: Union[str, os.PathLike[str]]
) -> ModuleType:
    """Execute a file and return it as a module.

    :param dir_: its folder.
    :param filename: its name; for a ``.py`` that is absent its compiled file is
        taken.
    :raises ImportError: when there is no such file.
    :raises Exception: whatever the file raises.
    """
    import re

    name = os.fspath(filename)
    module_id = re.sub(r"\W", "_", name)
    path = os.path.join(dir_, name)
    if path.endswith(".py") and not os.path.exists(path):
        compiled = pyc_file_from_path(path)
        if compiled is None:
            raise ImportError(f"Can't find Python file {path}")
        return load_module_py(module_id, compiled)
    return load_module_py(module_id, path)


def load_module_py(module_id: str, path: Union[str, os.PathLike[str]]) -> ModuleType:
    """Execute a source or compiled file and return it as a module.

    The module is not put into `sys.modules`.
    """
    import importlib.util

    spec = importlib.util.spec_from_file_location(module_id, os.fspath(path))
    if spec is None or spec.loader is None:
        raise ImportError(f"Can't load {os.fspath(path)} as a Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
