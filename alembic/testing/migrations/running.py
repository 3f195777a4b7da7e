"""A check from beginning to end: through env.py, and an empty database afterwards."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterable
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from ...command.within_env import run_env
from ...script import ScriptDirectory
from ...util.exc import CommandError
from . import snapshot
from .walks import aside
from .walks import Walk

if TYPE_CHECKING:
    from ...settings import Config


def run(config: Config, work: Callable[..., Walk], *arguments: Any) -> None:
    script = ScriptDirectory.for_command(config)
    walk = work(config, script, *arguments)
    try:
        run_env(
            config,
            script,
            walk,
            as_sql=False,
            destination_rev="heads",
            starting_rev=None,
            template_args={"config": config},
        )
    except BaseException:
        walk.finish()
        _empty(config, script, walk.ours, quietly=True)
        raise
    walk.finish()
    if not walk.calls:
        raise CommandError(
            f"{script.env_py_location} ran without a call of context.run_migrations(); "
            "there is nothing to check"
        )
    _empty(config, script, walk.ours)


class Empty:
    """The work that drops what a check has made.

    :param ours: which of env.py's databases were empty when the check began.
    """

    def __init__(self, ours: Collection[int]) -> None:
        self.ours = ours
        self.calls = 0

    def __call__(self, heads: Tuple[str, ...], context: Any) -> Iterable[Any]:
        position = self.calls
        self.calls += 1
        if position in self.ours:
            with aside(context):
                snapshot.empty(context)
        return []


def _empty(
    config: Config, script: ScriptDirectory, ours: Set[int], quietly: bool = False
) -> None:
    if not ours:
        return
    try:
        run_env(
            config,
            script,
            Empty(ours),
            as_sql=False,
            destination_rev="base",
            starting_rev=None,
            dont_mutate=True,
        )
    except Exception:
        # what went wrong before is what the user has to know
        if not quietly:
            raise
