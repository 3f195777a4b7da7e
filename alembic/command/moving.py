"""Commands that move a database through the history: upgrade, downgrade, stamp."""

from __future__ import annotations

from ..util.exc import CommandError
from ..util.sequences import to_tuple
from .recorded import warn_of_record
from .within_env import run_env
from .within_env import script_directory

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Iterable
    from typing import Optional
    from typing import Sequence
    from typing import Tuple
    from typing import Union

    from ..script import ScriptDirectory
    from ..settings import Config

    Revisions = Union[str, Sequence[str]]


class UpgradeTo:
    """The work of `upgrade`: the steps from where the database is to one above."""

    def __init__(self, script: ScriptDirectory, revision: Revisions) -> None:
        self.script = script
        self.revision = revision

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        steps = self.script._upgrade_revs(self.revision, heads)
        warn_of_record(heads, context)
        return steps


class DowngradeTo:
    """The work of `downgrade`: the steps from where the database is to one below."""

    def __init__(self, script: ScriptDirectory, revision: str) -> None:
        self.script = script
        self.revision = revision

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        return self.script._downgrade_revs(self.revision, heads)


class StampAt:
    """The work of `stamp`: steps that change the version table and nothing else."""

    # what is stamped is taken for applied, also when no step is needed for it
    is_stamp = True

    def __init__(self, script: ScriptDirectory, revisions: Tuple[str, ...]) -> None:
        self.script = script
        self.revisions = revisions

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        return self.script._stamp_revs(self.revisions, heads)


class EnsureVersionTable:
    """The work of `ensure_version`: the version table, and no steps."""

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        context._ensure_version_table()
        return []


def upgrade(
    config: Config,
    revision: str,
    sql: bool = False,
    tag: Optional[str] = None,
) -> None:
    """Take the database to a later revision.

    Where a record is kept (``record_table``), revisions that came into the history
    below the database's own, and files edited since they ran, are warned of.

    :param config: a `alembic.config.Config`.
    :param revision: the target: a revision, ``"head"``, ``"heads"``, ``"+1"``; with
        ``sql`` also a range such as ``"ae10:head"``.
    :param sql: print the SQL instead of running it.
    :param tag: a text for env.py, from `alembic.context.get_tag_argument`.
    :raises CommandError: when there is no such revision, or no one way to it.
    """
    script = script_directory(config)
    starting_rev, revision = _start_and_end(revision, sql, "upgrade")
    run_env(
        config,
        script,
        UpgradeTo(script, revision),
        as_sql=sql,
        starting_rev=starting_rev,
        destination_rev=revision,
        tag=tag,
    )


def downgrade(
    config: Config,
    revision: str,
    sql: bool = False,
    tag: Optional[str] = None,
) -> None:
    """Take the database back to an earlier revision.

    :param config: a `alembic.config.Config`.
    :param revision: the target: a revision, ``"base"``, ``"-1"``; with ``sql`` a
        range such as ``"ae10:base"``.
    :param sql: print the SQL instead of running it.
    :param tag: a text for env.py, from `alembic.context.get_tag_argument`.
    :raises CommandError: when there is no such revision, or no one way to it.
    """
    script = script_directory(config)
    if sql and ":" not in revision:
        raise CommandError(
            "downgrade with --sql requires <fromrev>:<torev>, such as head:base"
        )
    starting_rev, revision = _start_and_end(revision, sql, "downgrade")
    run_env(
        config,
        script,
        DowngradeTo(script, revision),
        as_sql=sql,
        starting_rev=starting_rev,
        destination_rev=revision,
        tag=tag,
    )


def stamp(
    config: Config,
    revision: Revisions,
    sql: bool = False,
    tag: Optional[str] = None,
    purge: bool = False,
) -> None:
    """Set the revision of the database without running migrations.

    :param config: a `alembic.config.Config`.
    :param revision: one or several revisions, or ``"heads"``, ``"base"``; with
        ``sql`` also a range such as ``"ae10:head"``.
    :param sql: print the SQL instead of running it.
    :param tag: a text for env.py, from `alembic.context.get_tag_argument`.
    :param purge: empty the version table first.
    :raises CommandError: when there is no such revision.
    """
    script = script_directory(config)
    starting_rev = None
    revisions: Tuple[str, ...] = to_tuple(revision, default=())
    if sql:
        starting_rev, revisions = _stamp_range(revisions)
    run_env(
        config,
        script,
        StampAt(script, revisions),
        as_sql=sql,
        starting_rev=starting_rev,
        destination_rev=revisions,
        tag=tag,
        purge=purge,
    )


def ensure_version(config: Config, sql: bool = False) -> None:
    """Create the version table unless it is there.

    :param config: a `alembic.config.Config`.
    :param sql: print the SQL instead of running it.
    """
    script = script_directory(config)
    run_env(config, script, EnsureVersionTable(), as_sql=sql)


def _start_and_end(revision: str, sql: bool, command: str) -> Tuple[Optional[str], str]:
    """Return where a script begins, if that is given, and the revision to go to."""
    # a program may hand over several revisions at once
    if not isinstance(revision, str) or ":" not in revision:
        return None, revision
    if not sql:
        raise CommandError(
            f"Range revision not allowed: '{revision}' can be used with --sql only; "
            f"name one revision to {command} to"
        )
    return _split_range(revision, command)


def _split_range(text: str, command: str) -> Tuple[Optional[str], str]:
    """Return both ends of ``from:to``; no start stands for an empty database."""
    start, _, end = text.partition(":")
    if not end or ":" in end:
        raise CommandError(
            f"'{text}' is no range of revisions: {command} --sql takes "
            "<fromrev>:<torev>, such as base:head"
        )
    return start or None, end


def _stamp_range(
    revisions: Tuple[str, ...],
) -> Tuple[Optional[str], Tuple[str, ...]]:
    """Return the common start of ranges, and their ends."""
    starts = set()
    ends = []
    for text in revisions:
        start = None
        if ":" in text:
            start, text = _split_range(text, "stamp")
        starts.add(start)
        ends.append(text)
    if len(starts) > 1:
        raise CommandError(
            "Stamp operation with --sql only supports a single starting revision at "
            "a time"
        )
    return (starts.pop() if starts else None), tuple(ends)
