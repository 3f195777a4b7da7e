"""The files of a new project: planned, then written as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from ..util.exc import CommandError
from ..util.files import write_whole
from ..util.messaging import msg
from ..util.messaging import status
from ..util.templating import render_template

if TYPE_CHECKING:
    from ..settings import Config

_INI_TEMPLATE = "alembic.ini.mako"
_TOML_TEMPLATE = "pyproject.toml.mako"


def create(config: Config, template: str, directory: str, package: bool) -> None:
    """Create a project from the files of a template.

    :param config: says where the configuration is written.
    :param template: the folder of the template.
    :param directory: the folder to fill.
    :param package: make it importable.
    :raises CommandError: when a file cannot be written; then there are none.
    """
    source = Path(template)
    target = Path(directory)
    plan = _Plan(config.messaging_opts.get("quiet", False))
    plan.folder(target)
    plan.folder(target / "versions")
    for path in sorted(source.iterdir()):
        if path.is_file() and path.name not in (_INI_TEMPLATE, _TOML_TEMPLATE):
            plan.file(target / path.name, path.read_bytes())
    configured = [
        name
        for name in (
            _plan_toml(plan, config, source, directory),
            _plan_ini(plan, config, source, directory),
        )
        if name is not None
    ]
    if package:
        for folder in (target, target / "versions"):
            plan.file(folder / "__init__.py", b"", verb="Adding")
    plan.carry_out()
    if configured:
        msg(
            f"Please edit {' and '.join(configured)} before proceeding.",
            **config.messaging_opts,
        )


def _plan_ini(
    plan: _Plan, config: Config, source: Path, directory: str
) -> Optional[str]:
    """Plan the INI file; return what the user is asked to edit."""
    template = source / _INI_TEMPLATE
    if not template.is_file():
        return None
    if config.config_file_name is None:
        raise CommandError(
            "The configuration has no file name; use Config('alembic.ini') to say "
            "where the INI file of the new project is to be written"
        )
    path = Path(config.config_file_name)
    if path.exists():
        plan.remark(f"File {path.absolute()} already exists, skipping")
    else:
        location = _location(path, directory).replace("\n", " ")
        plan.file(
            path, render_template(str(template), "utf-8", script_location=location)
        )
    return f"configuration/connection/logging settings in {path.absolute()}"


def _plan_toml(
    plan: _Plan, config: Config, source: Path, directory: str
) -> Optional[str]:
    """Plan the TOML file, or its new table; return what the user is asked to edit."""
    template = source / _TOML_TEMPLATE
    if not template.is_file():
        return None
    if config.toml_file_name is None:
        raise CommandError(
            "The configuration has no TOML file name; use "
            "Config('alembic.ini', toml_file='pyproject.toml') with this template"
        )
    path = Path(config.toml_file_name)
    if config.toml_alembic_config:
        plan.remark(
            f"File {path.absolute()} already exists and already has a [tool.alembic] "
            "section, skipping"
        )
    else:
        # in a TOML string quotes and backslashes have a meaning
        location = _location(path, directory).replace("\\", "\\\\").replace('"', '\\"')
        table = render_template(str(template), "utf-8", script_location=location)
        plan.file_or_addition(path, table)
    return f"configuration settings in {path.absolute()}"


def _location(file: Path, directory: str) -> str:
    """Return the ``script_location`` that a configuration file is to hold."""
    target = Path(directory)
    if not target.is_absolute():
        try:
            below = os.path.relpath(directory, str(file.absolute().parent))
        except ValueError:  # another drive
            target = target.absolute()
        else:
            below = Path(below).as_posix().replace("%", "%%")
            return "%(here)s" if below == "." else f"%(here)s/{below}"
    return target.as_posix().replace("%", "%%")


class _Plan:
    """What is going to be written; carried out as a whole or not at all."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self._steps: List[Tuple[Optional[str], Callable[[], Optional[_Undo]]]] = []

    def folder(self, path: Path) -> None:
        """Plan a folder, with those above it, unless it is there."""
        if not path.is_dir():
            self._steps.append(
                (f"Creating directory {path.absolute()}", lambda: _make_folders(path))
            )

    def file(self, path: Path, content: bytes, verb: str = "Generating") -> None:
        """Plan a new file."""

        def write() -> _Undo:
            write_whole(path, content, exclusive=True)
            return path.unlink

        self._steps.append((f"{verb} {path.absolute()}", write))

    def file_or_addition(self, path: Path, content: bytes) -> None:
        """Plan a new file, or content at the end of the one that is there."""
        if not path.exists():
            self.file(path, content)
            return
        before = path.read_bytes()

        def write() -> _Undo:
            write_whole(path, before + b"\n\n" + content)
            return lambda: write_whole(path, before)

        self._steps.append((f"Appending to existing {path.absolute()}", write))

    def remark(self, text: str) -> None:
        """Plan something to say."""

        def say() -> None:
            msg(text, quiet=self.quiet)

        self._steps.append((None, say))

    def carry_out(self) -> None:
        """Do it all; after a failure undo what was done.

        :raises CommandError: when something cannot be written.
        """
        undo: List[_Undo] = []
        try:
            for title, step in self._steps:
                if title is None:
                    step()
                    continue
                with status(title, quiet=self.quiet):
                    undone_by = step()
                if undone_by is not None:
                    undo.append(undone_by)
        except BaseException as error:
            for revert in reversed(undo):
                revert()
            if isinstance(error, OSError):
                raise CommandError(
                    f"Nothing was created: {error.strerror or error}: "
                    f"{error.filename or title}"
                ) from error
            raise


_Undo = Callable[[], None]


def _make_folders(path: Path) -> _Undo:
    """Create a folder and those above it that are missing; all or none."""
    missing = [path]
    missing.extend(parent for parent in path.parents if not parent.exists())
    made: List[Path] = []

    def undo() -> None:
        for folder in reversed(made):
            folder.rmdir()

    try:
        for folder in reversed(missing):
            folder.mkdir()
            made.append(folder)
    except BaseException:
        undo()
        raise
    return undo
