"""The command that decides about a revision that was cut off: resolve."""

from __future__ import annotations

from ..util.exc import CommandError
from .within_env import run_env
from .within_env import script_directory

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Iterable

    from ..settings import Config


class ResolveAs:
    """The work of `resolve`: what a person says goes into the journal."""

    def __init__(self, config: Config, applied: bool) -> None:
        self.config = config
        self.applied = applied

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        unfinished = context.resolve(heads, self.applied)
        self.config.print_stdout(
            "%s; '%s' goes on from here", unfinished, unfinished.command
        )
        return []


def resolve(config: Config, applied: bool = False, rolled_back: bool = False) -> None:
    """Say what became of the statement in which a revision was cut off.

    On databases that commit schema changes by themselves, when `upgrade` or `downgrade`
    cannot find out and asks. The next one goes on from there.

    :param config: a `alembic.config.Config`.
    :param applied: it took effect, or was completed by hand. When no statement was cut
        off: what was run is right, although the revision has changed since.
    :param rolled_back: it did not take effect, or was undone by hand.
    :raises CommandError: when not exactly one of both is said, or when there is
        nothing to decide.
    """
    if applied == rolled_back:
        raise CommandError(
            "Say either --applied or --rolled-back; 'alembic current' shows the "
            "statement in question"
        )
    script = script_directory(config)
    run_env(config, script, ResolveAs(config, applied), dont_mutate=True)
