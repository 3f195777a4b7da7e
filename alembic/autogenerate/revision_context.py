"""What ``alembic revision`` knows while it makes a revision: directives -> file."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING

from alembic.autogenerate import coverage
from alembic.autogenerate import render
from alembic.autogenerate.autogen_context import AutogenContext
from alembic.autogenerate.autogen_context import NotCompared
from alembic.autogenerate.compare import _populate_migration_script
from alembic.autogenerate.mass_drop import refuse_mass_drop
from alembic.autogenerate.named_types import add_named_types
from alembic.operations.ops.containers import DowngradeOps
from alembic.operations.ops.containers import MigrationScript
from alembic.operations.ops.containers import UpgradeOps
from alembic.util.exc import CommandError
from alembic.util.sequences import rev_id

if TYPE_CHECKING:
    from alembic.migration.migration_context import MigrationContext
    from alembic.script.directory import ScriptDirectory
    from alembic.script.script import Script
    from alembic.settings.config import Config

ProcessRevisionDirectiveFn = Callable[
    ["MigrationContext", Any, List[MigrationScript]], None
]
"""The ``process_revision_directives`` hook: context, revision, directives."""


class RevisionContext:
    """The revision or revisions that one run of ``alembic revision`` is making.

    It begins with one empty :class:`.MigrationScript`; :meth:`.run_autogenerate` or
    :meth:`.run_no_autogenerate`, called from within env.py once for each database,
    fill it; :meth:`.generate_scripts` writes it down.

    :param config: the :class:`.Config` in use.
    :param script_directory: where the files go.
    :param command_args: the arguments of :func:`alembic.command.revision`.
    :param process_revision_directives: a hook that runs before the one of env.py.
    """

    generated_revisions: List[MigrationScript]
    """The revisions as they stand; hooks may add, replace and remove some."""

    process_revision_directives: Optional[ProcessRevisionDirectiveFn]
    """The hook that was given."""

    def __init__(
        self,
        config: Config,
        script_directory: ScriptDirectory,
        command_args: Dict[str, Any],
        process_revision_directives: Optional[ProcessRevisionDirectiveFn] = None,
    ) -> None:
        self.config = config
        self.script_directory = script_directory
        self.command_args = command_args
        self.process_revision_directives = process_revision_directives
        self.template_args: Dict[str, Any] = {"config": config}
        self.generated_revisions = [self._default_revision()]
        self._autogen_contexts: List[AutogenContext] = []

    def not_compared(self) -> List[NotCompared]:
        """Return what the comparison of the database looked at last did not compare."""
        return coverage.not_compared(self._autogen_contexts[-1])

    def _default_revision(self) -> MigrationScript:
        arguments = self.command_args
        return MigrationScript(
            rev_id=arguments["rev_id"] or rev_id(),
            message=arguments["message"],
            upgrade_ops=UpgradeOps([]),
            downgrade_ops=DowngradeOps([]),
            head=arguments["head"],
            splice=arguments["splice"],
            branch_label=arguments["branch_label"],
            version_path=arguments["version_path"],
            depends_on=arguments["depends_on"],
        )

    def run_autogenerate(
        self, rev: Sequence[str], migration_context: MigrationContext
    ) -> None:
        """Compare a database with its model and add what differs.

        :param rev: the revisions that the database is at.
        :param migration_context: the context of the database.
        :raises CommandError: when the database is not at the newest revisions, or
            there is no connection to ask.
        """
        self._run_environment(rev, migration_context, autogenerate=True)

    def run_no_autogenerate(
        self, rev: Sequence[str], migration_context: MigrationContext
    ) -> None:
        """Run the hooks of env.py on a revision that nothing was compared for.

        :param rev: the revisions that the database is at.
        :param migration_context: the context of the database.
        """
        self._run_environment(rev, migration_context, autogenerate=False)

    def _run_environment(
        self,
        rev: Sequence[str],
        migration_context: MigrationContext,
        autogenerate: bool,
    ) -> None:
        if autogenerate:
            self._refuse_what_cannot_be_compared(rev)
        autogen_context = AutogenContext(migration_context, autogenerate=autogenerate)
        migration_script = self._room_for(migration_context)
        if autogenerate:
            _populate_migration_script(autogen_context, migration_script)
            add_named_types(autogen_context, migration_script)
        self._run_hooks(rev, migration_context)
        if autogenerate:
            refuse_mass_drop(self.config, autogen_context, self.generated_revisions)
        self._autogen_contexts.append(autogen_context)
        for migration_script in self.generated_revisions:
            migration_script._needs_render = True  # noqa: SLF001

    def _refuse_what_cannot_be_compared(self, rev: Sequence[str]) -> None:
        if self.command_args["sql"]:
            raise CommandError(
                "Using --sql with --autogenerate does not make any sense"
            )
        revisions = self.script_directory.get_revisions
        if set(revisions(rev)) != set(revisions("heads")):
            raise CommandError(
                "Target database is not up to date. Run 'alembic upgrade heads' first, "
                "so that only what no revision makes is found"
            )

    def _room_for(self, migration_context: MigrationContext) -> MigrationScript:
        """Return the script to fill, with empty operations for one more database."""
        if not self.generated_revisions:
            # a hook took it away while the database before this one was looked at
            self.generated_revisions.append(self._default_revision())
            del self._autogen_contexts[:]
        migration_script = self.generated_revisions[-1]
        tokens: Any = migration_context.opts
        upgrade_token = tokens.get("upgrade_token", "upgrades")
        downgrade_token = tokens.get("downgrade_token", "downgrades")
        if not getattr(migration_script, "_needs_render", False):
            migration_script.upgrade_ops_list[-1].upgrade_token = upgrade_token
            migration_script.downgrade_ops_list[-1].downgrade_token = downgrade_token
        else:
            migration_script.upgrade_ops_list.append(
                UpgradeOps([], upgrade_token=upgrade_token)
            )
            migration_script.downgrade_ops_list.append(
                DowngradeOps([], downgrade_token=downgrade_token)
            )
        return migration_script

    def _run_hooks(
        self, rev: Sequence[str], migration_context: MigrationContext
    ) -> None:
        options: Any = migration_context.opts
        for hook in (
            self.process_revision_directives,
            options.get("process_revision_directives"),
        ):
            if hook:
                hook(migration_context, rev, self.generated_revisions)

    def generate_scripts(self) -> Iterator[Optional[Script]]:
        """Write the revisions to their files, one at each step of the iteration.

        :return: the new :class:`.Script` objects.
        """
        for migration_script in self.generated_revisions:
            yield self._to_script(migration_script)

    def _to_script(self, migration_script: MigrationScript) -> Optional[Script]:
        template_args: Dict[str, Any] = dict(self.template_args)
        if getattr(migration_script, "_needs_render", False):
            render.render_script(
                self._contexts_of(migration_script), migration_script, template_args
            )
        if migration_script.rev_id is None:
            migration_script.rev_id = rev_id()
        return self.script_directory.generate_revision(
            migration_script.rev_id,
            migration_script.message,
            refresh=True,
            head=migration_script.head,
            splice=bool(migration_script.splice),
            branch_labels=migration_script.branch_label,
            version_path=migration_script.version_path,
            depends_on=migration_script.depends_on,
            **template_args,
        )

    def _contexts_of(self, migration_script: MigrationScript) -> List[AutogenContext]:
        """Return for each database of a script the context to render it in."""
        count = len(migration_script.upgrade_ops_list)
        contexts = self._autogen_contexts
        if len(contexts) == count:
            return contexts
        return [contexts[-1]] * count
