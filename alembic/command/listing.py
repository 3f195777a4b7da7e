"""Commands that show where the history and the database are."""

from __future__ import annotations

from ..util.exc import CommandError
from ..util.exc import DatabaseNotAtHead
from ..util.messaging import obfuscate_url_pw
from .recorded import refuse_never_run
from .recorded import ShowRecord
from .within_env import run_env
from .within_env import script_directory

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Callable
    from typing import Iterable
    from typing import Optional
    from typing import Tuple

    from ..script import Script
    from ..script import ScriptDirectory
    from ..settings import Config


class WithCurrentHeads:
    """Work that hands the heads of the database to a function, and has no steps."""

    def __init__(self, look: Callable[[Any], None]) -> None:
        self.look = look

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        self.look(heads)
        return []


class ShowCurrent:
    """The work of `current`: prints the revisions at which the database is."""

    def __init__(
        self, config: Config, script: ScriptDirectory, check_heads: bool, verbose: bool
    ) -> None:
        self.config = config
        self.script = script
        self.check_heads = check_heads
        self.verbose = verbose

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        if self.verbose and context.connection is not None:
            url = obfuscate_url_pw(context.connection.engine.url)
            self.config.print_stdout("Current revision(s) for %s:", url)
        present = {rev.revision: rev for rev in self.script.get_all_current(heads)}
        if self.check_heads:
            expected = set(self.script.get_heads())
            if not expected <= present.keys():
                raise DatabaseNotAtHead(
                    "Database is not on all head revisions; run 'alembic upgrade heads'"
                )
            refuse_never_run(heads, context, DatabaseNotAtHead)
        # first what the version table says, then what is there as a dependency
        for revision in sorted(present, key=lambda rev: (rev not in heads, rev)):
            self.config.print_stdout(present[revision].cmd_format(self.verbose))
        unfinished = context.unfinished(heads)
        if unfinished is not None:
            self.config.print_stdout(
                "%s; '%s' continues", unfinished, unfinished.command
            )
        return []


def heads(
    config: Config, verbose: bool = False, resolve_dependencies: bool = False
) -> None:
    """Show the heads: the revisions that no other one follows.

    :param config: a `alembic.config.Config`.
    :param verbose: show every head in full.
    :param resolve_dependencies: leave out heads on which another revision depends.
    """
    script = script_directory(config)
    if resolve_dependencies:
        found = script.get_revisions(script.get_heads(consider_depends_on=True))
    else:
        found = script.get_revisions(script.get_heads())
    for revision in found:
        config.print_stdout(
            revision.cmd_format(verbose, include_branches=True, tree_indicators=False)
        )


def branches(config: Config, verbose: bool = False) -> None:
    """Show the revisions at which the history branches.

    :param config: a `alembic.config.Config`.
    :param verbose: show every branch point in full.
    """
    script = script_directory(config)
    for revision in script.walk_revisions():
        if revision.is_branch_point:
            children = script.get_revisions(sorted(revision.nextrev))
            config.print_stdout(
                "%s\n%s\n",
                revision.cmd_format(verbose, include_branches=True),
                "\n".join(_branch_line(revision, child, verbose) for child in children),
            )


def _branch_line(parent: Script, child: Script, verbose: bool) -> str:
    line = child.cmd_format(
        False, include_branches=True, include_doc=verbose, include_parents=False
    )
    return f"{' ' * len(parent.revision)} -> {line}"


def show(config: Config, rev: str) -> None:
    """Show one or several revisions in full.

    :param config: a `alembic.config.Config`.
    :param rev: a revision, a symbol such as ``"heads"``, or ``"current"`` for those
        of the database.
    """
    script = script_directory(config)

    def print_revisions(symbol: Any) -> None:
        for revision in script.get_revisions(symbol):
            config.print_stdout(revision.log_entry)

    if rev == "current":
        run_env(config, script, WithCurrentHeads(print_revisions))
    else:
        print_revisions(rev)


def history(
    config: Config,
    rev_range: Optional[str] = None,
    verbose: bool = False,
    indicate_current: bool = False,
    applied: bool = False,
) -> None:
    """List the revisions, the newest first.

    :param config: a `alembic.config.Config`.
    :param rev_range: which revisions, as ``"<start>:<end>"`` with either end left
        out; ``"current"`` stands for the database.
    :param verbose: show every revision in full.
    :param indicate_current: mark the revisions at which the database is.
    :param applied: list what the record of the database has instead: what ran, when,
        in which direction; with ``verbose`` also who ran it, how long it took, the
        checksum of the file and the version of Alembic.
    :raises CommandError: when the range cannot be understood; with ``applied``, when
        no record is kept.
    """
    script = script_directory(config)
    base, head = _history_range(rev_range)

    def between(here: Tuple[str, ...]) -> Any:
        return script.walk_revisions(
            base=(here if base == "current" else base) or "base",
            head=(here if head == "current" else head) or "heads",
        )

    def print_history(current: Any = ()) -> None:
        here = tuple(current)
        for revision in between(here):
            if indicate_current:
                # where Script.cmd_format looks for it
                is_current = revision.revision in here
                revision._db_current_indicator = is_current  # noqa: SLF001
            config.print_stdout(
                revision.cmd_format(
                    verbose,
                    include_branches=True,
                    include_doc=True,
                    include_parents=True,
                )
            )

    if applied:
        chosen = None if rev_range is None else between
        run_env(
            config,
            script,
            ShowRecord(config, script, chosen, verbose),
            dont_mutate=True,
        )
    elif indicate_current or "current" in (base, head):
        run_env(config, script, WithCurrentHeads(print_history))
    else:
        print_history()


def _history_range(rev_range: Optional[str]) -> Tuple[Optional[str], Optional[str]]:
    if rev_range is None:
        return None, None
    if rev_range.count(":") != 1:
        raise CommandError(
            "History range requires [start]:[end], [start]:, or :[end], such as "
            "base:head"
        )
    start, _, end = rev_range.partition(":")
    return start.strip() or None, end.strip() or None


def current(config: Config, check_heads: bool = False, verbose: bool = False) -> None:
    """Show the revisions at which the database is.

    A revision that failed or was cut off where schema changes cannot be rolled back is
    shown too, with what was done of it.

    :param config: a `alembic.config.Config`.
    :param check_heads: fail unless every head is applied.
    :param verbose: show the revisions in full, and the URL without its password.
    :raises DatabaseNotAtHead: with ``check_heads``, when a head is not applied; where
        a record is kept, also when a revision below it never ran.
    """
    script = script_directory(config)
    run_env(
        config,
        script,
        ShowCurrent(config, script, check_heads, verbose),
        dont_mutate=True,
    )
