"""Commands that begin a project: init, list_templates."""

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


def list_templates(config: Config) -> None:
    """List the templates that init can start from.

    :param config: a `alembic.config.Config`.
    """
    config.print_stdout("Available templates:\n")
    templates = Path(config.get_template_directory())
    for name in template_names(config):
        readme = templates / name / "README"
        synopsis = ""
        if readme.is_file():
            synopsis = readme.read_text(encoding="utf-8").partition("\n")[0]
        config.print_stdout("%s", f"{name} - {synopsis}")
    config.print_stdout("\nTemplates are used via the 'init' command, e.g.:")
    config.print_stdout("\n  alembic init --template generic ./scripts")


def template_names(config: Config) -> List[str]:
    """Return the names of the templates, sorted."""
    templates = Path(config.get_template_directory())
    if not templates.is_dir():
        return []
    return sorted(
        folder.name
        for folder in templates.iterdir()
        if folder.is_dir() and not folder.name.startswith((".", "__"))
    )


def init(
    config: Config,
    directory: str,
    template: str = "generic",
    package: bool = False,
) -> None:
    """Create a folder for migrations, and their configuration.

    Either all of its files are there afterwards, or none.

    :param config: a `alembic.config.Config`; its file names say where the
        configuration is written.
    :param directory: the folder to fill; it is created, and must be empty if it is
        there.
    :param template: one of the templates that `list_templates` shows.
    :param package: make the folder and its ``versions`` importable, with an empty
        ``__init__.py`` each.
    :raises CommandError: when the folder is not empty, or there is no such template.
    """
    target = Path(directory)
    _require_free(target, directory)
    source = _template(config, template)
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


def _require_free(target: Path, directory: str) -> None:
    if target.is_dir():
        if any(target.iterdir()):
            raise CommandError(f"Directory {directory} already exists and is not empty")
    elif target.exists() or target.is_symlink():
        raise CommandError(
            f"{directory} already exists and is not a directory; choose another name"
        )


def _template(config: Config, template: str) -> Path:
    source = Path(config.get_template_directory()) / template
    if not template or not source.is_dir():
        raise CommandError(
            f"No such template {source}; available templates: "
            f"{', '.join(template_names(config)) or 'none'}"
        )
    return source


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
