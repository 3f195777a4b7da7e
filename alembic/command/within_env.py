"""The way to a project's revisions, and the one way into its env.py."""

from __future__ import annotations

from ..util.collector import keep_what_is_loaded
from ..util.collector import make_way

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Callable
    from typing import Dict
    from typing import Iterable

    from ..script.directory import ScriptDirectory
    from ..settings import Config

    Work = Callable[[Any, Any], Iterable[Any]]
    """What is done once env.py has connected.

    It gets the current heads and the migration context, and returns steps. Each command
    has a named one, such as `alembic.command.moving.UpgradeTo`.
    """


def script_directory(config: Config) -> ScriptDirectory:
    """Return the folder of revisions; who only asks for help never loads its code."""
    from ..script.directory import ScriptDirectory

    keep_what_is_loaded()
    return ScriptDirectory.for_command(config)


def run_env(
    config: Config, script: ScriptDirectory, work: Work, **context_opts: Any
) -> None:
    """Run env.py, and the work in its call of ``context.run_migrations()``.

    :param config: the options of the project.
    :param script: its folder of revisions.
    :param work: what to do there; the steps that it returns are then run.
    :param context_opts: options of the `EnvironmentContext`, such as ``as_sql``.
    """
    from ..environment.environment_context import EnvironmentContext
    from ..plugins import load_plugins

    load_plugins()
    make_way()
    with EnvironmentContext(
        config, script, fn=work, typed=_typed(config), **context_opts
    ):
        script.run_env()


_FLAGS = {
    "lock_timeout": "lock_wait",
    "table_lock_timeout": "table_lock_timeout",
    "statement_timeout": "statement_timeout",
}
"""The flags with a value that are no parameters of a command, by their option."""


def _typed(config: Config) -> Dict[str, Any]:
    """Return the options that were typed for this run, which env.py cannot change."""
    flags = config.cmd_opts
    found = {name: getattr(flags, flag, None) for name, flag in _FLAGS.items()}
    if getattr(flags, "no_lock", False):
        found["lock"] = False
    return {name: value for name, value in found.items() if value is not None}
