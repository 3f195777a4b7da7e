"""Write hooks: black, ruff and the like, run on a new revision file.

A hook is a function of a path and of the options that the configuration gives it. The
built-in ones, ``console_scripts``, ``exec`` and ``module``, run another program; more
are added with `register`.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TypeVar
from typing import Union

from ..plugins import load_plugins
from ..util.compat import importlib_metadata_get
from ..util.exc import CommandError
from ..util.messaging import status
from ..util.messaging import warn
from ..util.messaging import write_outstream

REVISION_SCRIPT_TOKEN = "REVISION_SCRIPT_FILENAME"
"""Stands in ``options`` for the path of the new file."""

Options = Mapping[str, Any]
_Hook = TypeVar("_Hook", bound=Callable[..., Any])

_registry: Dict[str, Callable[..., Any]] = {}


def register(name: str) -> Callable[[_Hook], _Hook]:
    """Return a decorator that makes a function a type of hook.

    :param name: what ``<hook>.type`` in the configuration calls it.

    The function gets the path of the new file and the options of the hook.

    Example::

        @register("add_licence")
        def add_licence(path, options):
            ...
    """

    def decorate(hook: _Hook) -> _Hook:
        _registry[name] = hook
        return hook

    return decorate


def _invoke(
    name: str, revision_path: Union[str, os.PathLike[str]], options: Options
) -> Any:
    """Run a hook of the registered type ``name``.

    :raises CommandError: when there is no such type.
    """
    if name not in _registry:
        # it may be one that a plugin brings
        load_plugins()
    hook = _registry.get(name)
    if hook is None:
        raise CommandError(
            f"No formatter with name {name!r} registered; the type of hook "
            f"{_name_of(options)!r} may be {', '.join(sorted(_registry))}"
        )
    return hook(os.fspath(revision_path), options)


def _run_hooks(
    path: Union[str, os.PathLike[str]], hooks: Iterable[Options], quiet: bool = False
) -> None:
    """Run hooks one after the other.

    :param path: the new file.
    :param hooks: options of each; ``_hook_name`` and ``type`` are among them.
    :raises CommandError: when one is not configured as it must be, or cannot be run.
    """
    for options in hooks:
        name = _name_of(options)
        if "type" not in options:
            raise CommandError(
                f"Key '{name}.type' (or 'type' in toml) is required for post write "
                f"hook {name!r}"
            )
        with status(f"Running post write hook {name!r}", newline=True, quiet=quiet):
            _invoke(options["type"], path, options)


@register("console_scripts")
def console_scripts(
    path: str,
    options: Options,
    ignore_output: bool = False,
    verify_version: Optional[Tuple[int, ...]] = None,
) -> None:
    """Run a program that an installed package offers.

    :param path: the new file.
    :param options: ``entrypoint``, the name of the program; ``options``, its
        arguments; ``cwd``, the folder to run it in.
    :param ignore_output: do not show what it prints.
    :param verify_version: lowest version of its package, such as ``(23, 1)``.
    :raises CommandError: when no package offers it, or the package is too old.
    """
    entry_name = _get_required_option(options, "entrypoint")
    entry = next(
        (e for e in importlib_metadata_get("console_scripts") if e.name == entry_name),
        None,
    )
    if entry is None:
        raise CommandError(
            f"Could not find entrypoint console_scripts.{entry_name}, which post write "
            f"hook {_name_of(options)!r} runs; install the package that offers it"
        )
    module, _, attribute = entry.value.partition("[")[0].strip().partition(":")
    if verify_version is not None:
        _verify_version(module.partition(".")[0], verify_version)
    code = (
        f"import sys, {module}; sys.argv[0] = {entry_name!r}; "
        f"sys.exit({module}.{attribute or 'main'}())"
    )
    _run_hook(path, options, ignore_output, [sys.executable, "-c", code])


@register("exec")
def exec_(path: str, options: Options, ignore_output: bool = False) -> None:
    """Run a program.

    :param path: the new file.
    :param options: ``executable``, its name or path; ``options``, its arguments;
        ``cwd``, the folder to run it in.
    :param ignore_output: do not show what it prints.
    :raises CommandError: when it cannot be started.
    """
    executable = _get_required_option(options, "executable")
    _run_hook(path, options, ignore_output, [executable])


@register("module")
def module(path: str, options: Options, ignore_output: bool = False) -> None:
    """Run a module as ``python -m`` does.

    :param path: the new file.
    :param options: ``module``, its name; ``options``, its arguments; ``cwd``, the
        folder to run it in.
    :param ignore_output: do not show what it prints.
    :raises CommandError: when there is no such module.
    """
    import importlib.util

    name = _get_required_option(options, "module")
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        raise CommandError(
            f"Could not find module {name}, which post write hook "
            f"{_name_of(options)!r} runs; install the package that holds it"
        )
    _run_hook(path, options, ignore_output, [sys.executable, "-m", name])


def _run_hook(
    path: str, options: Options, ignore_output: bool, command: Sequence[str]
) -> None:
    """Run a program on the new file and show what it prints.

    Formatters end with a status other than zero when they have changed a file, so
    that is no failure, only worth a word.
    """
    words = [*command, *_parse_cmdline_options(options.get("options", ""), path)]
    try:
        done = subprocess.run(
            words,
            cwd=options.get("cwd") or None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise CommandError(
            f"Post write hook {_name_of(options)!r} can't run {words[0]!r}: "
            f"{error.strerror or error}"
        ) from error
    printed = done.stdout.decode("utf-8", "replace")
    if not ignore_output:
        write_outstream(sys.stdout, printed)
        sys.stdout.flush()
    if done.returncode:
        text = f"it printed: {printed.strip()}" if printed.strip() else "it was silent"
        warn(
            f"Post write hook {_name_of(options)!r} ended with status "
            f"{done.returncode} on {path}; {text}"
        )


def _parse_cmdline_options(cmdline_options_str: str, path: str) -> List[str]:
    """Return arguments with the token replaced; the path comes first without one."""
    text = cmdline_options_str or ""
    if REVISION_SCRIPT_TOKEN not in text:
        text = f"{REVISION_SCRIPT_TOKEN} {text}"
    words = shlex.split(text, posix=os.name == "posix")
    return [word.replace(REVISION_SCRIPT_TOKEN, path) for word in words]


def _get_required_option(options: Options, name: str) -> str:
    if name not in options:
        raise CommandError(
            f"Key {_name_of(options)}.{name} is required for post write hook "
            f"{_name_of(options)!r}"
        )
    return str(options[name])


def _name_of(options: Options) -> str:
    return str(options.get("_hook_name", "?"))


def _verify_version(package: str, lowest: Tuple[int, ...]) -> None:
    import re
    from importlib import metadata

    found = metadata.version(package)
    numbers = tuple(int(part) for part in re.findall(r"\d+", found))
    if numbers < tuple(lowest):
        raise CommandError(
            f"{package} {found} is installed, but its write hook needs version "
            f"{'.'.join(map(str, lowest))} or later"
        )
