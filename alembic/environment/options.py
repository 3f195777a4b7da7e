"""What ``configure()`` was given, as options of the migration context."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Mapping

from ..util.sequences import to_tuple

_ONLY_WHEN_GIVEN = (
    "transactional_ddl",
    "output_buffer",
    "tag",
    "starting_rev",
    "autogenerate_plugins",
    "render_item",
)
"""Arguments whose None leaves the option as the command has set it."""


def context_options(
    of_command: Mapping[str, Any], given: Mapping[str, Any], others: Mapping[str, Any]
) -> Dict[str, Any]:
    """Return the options of one `MigrationContext`.

    :param of_command: the options that the command set when it entered env.py.
    :param given: the named arguments of ``configure()`` that are options.
    :param others: its further keyword arguments, which are options as they are.
    :return: a new dictionary, so that several calls of ``configure()`` in one run do
        not see each other's options.
    """
    options = dict(of_command)
    given = dict(given)
    template_args = given.pop("template_args")
    if template_args and "template_args" in options:
        # the dictionary of the command itself: it renders the template later
        options["template_args"].update(template_args)
    given["on_version_apply"] = to_tuple(given["on_version_apply"], default=())
    for name, value in given.items():
        if value is not None or name not in _ONLY_WHEN_GIVEN:
            options[name] = value
    options.update(others)
    return options
