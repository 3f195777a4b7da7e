"""A guard against the classic accident: models not imported, all tables dropped."""

from __future__ import annotations

from typing import Iterable
from typing import Iterator
from typing import List
from typing import TYPE_CHECKING

from alembic.operations.ops.base import MigrateOperation
from alembic.operations.ops.containers import OpContainer
from alembic.operations.ops.tables import CreateTableOp
from alembic.operations.ops.tables import DropTableOp
from alembic.util.exc import CommandError

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import MigrationScript
    from alembic.settings.config import Config

OPTION = "allow_mass_drop"
"""The command line option that says yes: ``--allow-mass-drop``."""

_FEW = 2
"""So many tables may be dropped without a question while there are models."""


def refuse_mass_drop(
    config: Config,
    autogen_context: AutogenContext,
    scripts: Iterable[MigrationScript],
) -> None:
    """Refuse a revision that would drop most tables of the database.

    Only the command line asks for this: programs that call
    :func:`alembic.command.revision` have no ``--allow-mass-drop`` among
    ``Config.cmd_opts`` and are believed to know what they do.

    :param config: the configuration, whose ``cmd_opts`` hold the option.
    :param autogen_context: the context that the database was compared in.
    :param scripts: the revisions, as the hooks left them.
    :raises CommandError: when the drops look like an accident.
    """
    if getattr(config.cmd_opts, OPTION, True):
        return
    operations = [
        op
        for script in scripts
        for container in script.upgrade_ops_list
        for op in _flat(container)
    ]
    dropped = [op.table_name for op in operations if isinstance(op, DropTableOp)]
    created = sum(isinstance(op, CreateTableOp) for op in operations)
    modelled = len(autogen_context.sorted_tables)
    kept = max(modelled - created, 0)
    if not dropped or (modelled and (len(dropped) <= _FEW or len(dropped) <= kept)):
        return
    found = (
        "target_metadata holds no tables"
        if not modelled
        else f"target_metadata knows {kept} of {kept + len(dropped)} tables"
    )
    raise CommandError(
        f"This revision would drop {_some(dropped)}: {found}, so the modules that "
        "define the models were probably not imported in env.py. Import them there, "
        "or say --allow-mass-drop if the tables shall go."
    )


def _flat(container: OpContainer) -> Iterator[MigrateOperation]:
    for op in container.ops:
        if isinstance(op, OpContainer):
            yield from _flat(op)
        else:
            yield op


def _some(names: List[str]) -> str:
    shown = ", ".join(repr(name) for name in sorted(names)[:3])
    rest = len(names) - 3
    if rest > 0:
        shown += f" and {rest} more"
    return f"table{'s' if len(names) > 1 else ''} {shown}"
