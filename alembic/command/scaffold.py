"""Commands that begin a project: init, list_templates."""

from __future__ import annotations

import os

from ..util.exc import CommandError

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import List

    from ..settings import Config


def list_templates(config: Config) -> None:
    """List the templates that init can start from.

    :param config: a `alembic.config.Config`.
    """
    config.print_stdout("Available templates:\n")
    templates = config.get_template_directory()
    for name in template_names(config):
        readme = os.path.join(templates, name, "README")
        synopsis = ""
        if os.path.isfile(readme):
            with open(readme, encoding="utf-8") as stream:
                synopsis = stream.readline().rstrip("\n")
        config.print_stdout("%s", f"{name} - {synopsis}")
    config.print_stdout("\nTemplates are used via the 'init' command, e.g.:")
    config.print_stdout("\n  alembic init --template generic ./scripts")


def template_names(config: Config) -> List[str]:
    """Return the names of the templates, sorted."""
    templates = config.get_template_directory()
    if not os.path.isdir(templates):
        return []
    with os.scandir(templates) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.is_dir() and not entry.name.startswith((".", "__"))
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
    # most commands write no project, and start without what writes one
    from .new_project import create

    _require_free(directory)
    create(config, _template(config, template), directory, package)


def _require_free(directory: str) -> None:
    if os.path.isdir(directory):
        if os.listdir(directory):
            raise CommandError(
                f"Directory {directory} already exists and is not empty; name another "
                "one, or delete this one first"
            )
    elif os.path.lexists(directory):
        raise CommandError(
            f"{directory} already exists and is not a directory; choose another name"
        )


def _template(config: Config, template: str) -> str:
    source = os.path.join(config.get_template_directory(), template)
    if not template or not os.path.isdir(source):
        raise CommandError(
            f"No such template {source}; available templates: "
            f"{', '.join(template_names(config)) or 'none'}"
        )
    return source
