"""Checks for the migrations of a project, each a function and a ready test.

Five lines in a project's tests are enough::

    from alembic.config import Config
    from alembic.testing.migrations import MigrationChecks

    class TestMigrations(MigrationChecks):
        config = Config("alembic.ini")

The database that env.py connects to must be empty, and is empty again afterwards.
"""

from __future__ import annotations

import functools
import traceback
from contextlib import contextmanager
from typing import Any
from typing import Callable
from typing import Collection
from typing import Dict
from typing import Iterable
from typing import Iterator
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from ..command.authoring import FindDifferences
from ..command.within_env import run_env
from ..migration.migration_context import MigrationContext
from ..operations.base import Operations
from ..script import ScriptDirectory
from ..script.planning import upgrade_steps
from ..script.steps import MigrationStep
from ..script.steps import RevisionStep
from ..sqla import connections
from ..sqla.expressions import literal_text
from ..sqla.urls import obfuscate
from ..util.exc import CommandError
from . import snapshot
from .snapshot import Observer

if TYPE_CHECKING:
    from ..settings import Config

_SHOWN = 10


class MigrationChecks:
    """All checks as tests: subclass it and say which `Config`.

    Works under pytest as it is, and under unittest beside ``unittest.TestCase``. Give
    the ``Config`` as a class attribute, or override `make_config` to point it at a
    scratch database::

        class TestMigrations(MigrationChecks):
            def make_config(self):
                config = Config("alembic.ini")
                config.set_main_option("sqlalchemy.url", "sqlite://")
                return config

    :cvar config: the `Config` of the project.
    :cvar irreversible: identifiers of revisions that have no way down.
    :cvar with_models: whether models and migrations are compared; set it to False in a
        project without models.
    :cvar with_offline: whether ``--sql`` is checked; set it to False where revisions
        read from the database.
    """

    config: Optional[Config] = None
    irreversible: Collection[str] = ()
    with_models: bool = True
    with_offline: bool = True

    def make_config(self) -> Config:
        """Return the `Config` to use, for each test anew."""
        if self.config is None:
            raise CommandError(
                f"{type(self).__name__} has no config: write "
                "config = Config('alembic.ini') into the class"
            )
        return self.config

    def test_one_head(self) -> None:
        """The history has one head."""
        check_one_head(self.make_config())

    def test_up_down_up(self) -> None:
        """Every revision goes up, down and up again."""
        check_up_down_up(self.make_config(), irreversible=self.irreversible)

    def test_downgrade_leaves_no_trace(self) -> None:
        """Every downgrade gives back what was there before the upgrade."""
        check_downgrade_leaves_no_trace(
            self.make_config(), irreversible=self.irreversible
        )

    def test_models_and_migrations_agree(self) -> None:
        """All migrations together make what the models say."""
        if self.with_models:
            check_models_agree(self.make_config())

    def test_offline_equals_online(self) -> None:
        """The script of ``--sql`` makes what the migrations make."""
        if self.with_offline:
            check_offline_equals_online(self.make_config())


# -- the checks


def check_one_head(config: Config) -> str:
    """Check that the history has one head.

    :param config: the `Config` of the project. No database is needed.
    :return: the head.
    :raises AssertionError: when there are several, or no revisions at all.
    """
    script = ScriptDirectory.from_config(config)
    heads = script.get_heads()
    if not heads:
        raise AssertionError(
            f"There are no revisions under {script.dir}; check script_location"
        )
    if len(heads) > 1:
        raise AssertionError(
            f"There are {len(heads)} heads: {', '.join(sorted(heads))}; join them "
            "with 'alembic merge heads'"
        )
    return heads[0]


def check_up_down_up(config: Config, irreversible: Collection[str] = ()) -> None:
    """Check that every revision goes up, down and up again, in one walk.

    Going up the second time must make what the first time made.

    :param config: the `Config` of the project, for an empty database.
    :param irreversible: identifiers of revisions that have no way down.
    :raises AssertionError: naming the revision and what went wrong.
    :raises CommandError: when the database is not empty.
    """
    _run(config, UpDownUp, frozenset(irreversible))


def check_downgrade_leaves_no_trace(
    config: Config, irreversible: Collection[str] = ()
) -> None:
    """Check that each downgrade gives back what was there before its upgrade.

    Goes all the way up, then down step by step, and compares tables with their columns,
    constraints, indexes and comments, views, sequences and named types. The order of
    columns does not count.

    :param config: the `Config` of the project, for an empty database.
    :param irreversible: identifiers of revisions that have no way down; the walk down
        ends above the newest of them.
    :raises AssertionError: naming the revision and what it leaves, loses or changes.
    :raises CommandError: when the database is not empty.
    """
    _run(config, UpThenDown, frozenset(irreversible))


def check_models_agree(config: Config) -> None:
    """Check that all migrations together make what the models say.

    Compares as ``alembic check`` does, with the options and hooks of env.py.

    :param config: the `Config` of the project, for an empty database.
    :raises AssertionError: with a line for each difference.
    :raises CommandError: when the database is not empty, or env.py gives no
        ``target_metadata``.
    """
    _run(config, UpThenCompare)


def check_offline_equals_online(config: Config) -> None:
    """Check that the script of ``--sql`` makes what the migrations make.

    Upgrades the database; empties it; runs the script on it; compares both outcomes,
    and how many rows each table has.

    :param config: the `Config` of the project, for an empty database.
    :raises AssertionError: with a line for each difference.
    :raises CommandError: when the database is not empty.
    """
    _run(config, OnlineThenOffline)


# -- what happens within env.py


class Walk:
    """The work of a check: called for each database that env.py configures.

    :param config: the `Config`.
    :param script: its revisions.
    :param irreversible: identifiers of revisions that have no way down.
    """

    def __init__(
        self,
        config: Config,
        script: ScriptDirectory,
        irreversible: Collection[str] = frozenset(),
    ) -> None:
        self.config = config
        self.script = script
        self.irreversible = irreversible
        self.calls = 0
        self.ours: Set[int] = set()
        self._observers: List[Observer] = []

    def __call__(self, heads: Tuple[str, ...], context: Any) -> Iterable[Any]:
        position = self.calls
        self.calls += 1
        if context.as_sql:
            raise CommandError("The check needs a connection, but as_sql is set")
        with aside(context):
            observer = Observer(context)
            found = observer.look()
        if found or heads:
            what = ", ".join(list(found)[:_SHOWN]) or f"the revision {heads[0]}"
            raise CommandError(
                "The check needs an empty database, but "
                f"{_where(context)} holds {what}; point the Config at a scratch "
                "database, as config.set_main_option('sqlalchemy.url', ...)"
            )
        self.ours.add(position)
        self._observers.append(observer)
        observer.start()
        return self.walk(context, observer)

    def finish(self) -> None:
        """Let go of the connections."""
        for observer in self._observers:
            observer.stop()

    def walk(self, context: Any, observer: Observer) -> Iterator[MigrationStep]:
        """Yield the steps to run; between two of them, look at what they did.

        :param context: the connected `MigrationContext`.
        :param observer: tells what the database holds.
        """
        for step in self.upward():
            yield self.told(step)

    def upward(self) -> List[RevisionStep]:
        """Return all upgrades, in order."""
        return upgrade_steps(self.script, "heads", ())

    def reverse(self, step: RevisionStep) -> RevisionStep:
        """Return the step that takes a revision away."""
        return _Told(self.script.revision_map, step.revision, False)

    def told(self, step: RevisionStep) -> RevisionStep:
        """Return a step whose errors name the revision."""
        return _Told(self.script.revision_map, step.revision, True)


class _Told(RevisionStep):
    """A step whose errors name the revision."""

    def __init__(self, revision_map: Any, revision: Any, is_upgrade: bool) -> None:
        super().__init__(revision_map, revision, is_upgrade)
        self.migration_fn = _telling(self.migration_fn, revision)


def _telling(function: Callable[..., Any], revision: Any) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(**kw: Any) -> Any:
        try:
            return function(**kw)
        except Exception as error:
            said = traceback.format_exception_only(type(error), error)[0].strip()
            raise AssertionError(
                f"{function.__name__}() of revision {revision.revision} fails: {said}"
                f" ({revision.path})"
            ) from error

    return run


class UpDownUp(Walk):
    """The work of `check_up_down_up`."""

    def walk(self, context: Any, observer: Observer) -> Iterator[MigrationStep]:
        for step in self.upward():
            yield self.told(step)
            if step.revision.revision in self.irreversible:
                continue
            with aside(context):
                first = observer.look()
            yield self.reverse(step)
            # SQLAlchemy notes there which types it has made in this run
            context.impl.memo.clear()
            yield self.told(step)
            with aside(context):
                second = observer.look()
            _agree(
                first,
                second,
                f"Revision {step.revision.revision} makes something else when it goes "
                "up again after its downgrade",
                step,
            )


class UpThenDown(Walk):
    """The work of `check_downgrade_leaves_no_trace`."""

    def walk(self, context: Any, observer: Observer) -> Iterator[MigrationStep]:
        before: List[Tuple[RevisionStep, snapshot.Snapshot]] = []
        with aside(context):
            here = observer.look()
        for step in self.upward():
            before.append((step, here))
            yield self.told(step)
            with aside(context):
                here = observer.look()
        for step, wanted in reversed(before):
            if step.revision.revision in self.irreversible:
                return
            yield self.reverse(step)
            with aside(context):
                here = observer.look()
            _agree(
                wanted,
                here,
                f"Downgrade of revision {step.revision.revision} leaves a trace",
                step,
            )


class UpThenCompare(Walk):
    """The work of `check_models_agree`."""

    def walk(self, context: Any, observer: Observer) -> Iterator[MigrationStep]:
        yield from super().walk(context, observer)
        # imported here, as the commands do: only this check needs it
        from ..autogenerate.revision_context import RevisionContext

        arguments: Dict[str, Any] = dict.fromkeys(
            ("message", "branch_label", "version_path", "rev_id", "depends_on")
        )
        arguments.update(autogenerate=True, sql=False, head="head", splice=False)
        work = FindDifferences(RevisionContext(self.config, self.script, arguments))
        with aside(context):
            work(context.get_current_heads(), context)
        if work.diffs:
            raise AssertionError(
                "Models and migrations differ; 'alembic revision --autogenerate' "
                f"would write:{_listed([str(found) for found in work.differences])}"
            )


class OnlineThenOffline(Walk):
    """The work of `check_offline_equals_online`."""

    def walk(self, context: Any, observer: Observer) -> Iterator[MigrationStep]:
        yield from super().walk(context, observer)
        with aside(context):
            online = observer.look()
            rows = snapshot.row_counts(context)
            heads = set(context.get_current_heads())
            snapshot.empty(context)
            for statement in self.script_of(context):
                self._run_statement(context, statement)
            offline = observer.look()
            _agree(online, offline, "The script of --sql makes something else")
            if set(context.get_current_heads()) != heads:
                raise AssertionError(
                    "The script of --sql ends at "
                    f"{', '.join(context.get_current_heads()) or 'base'}, the "
                    f"migrations at {', '.join(sorted(heads))}"
                )
            counted = snapshot.row_counts(context)
            if counted != rows:
                raise AssertionError(
                    "The script of --sql makes other rows:"
                    + _listed(
                        [
                            f"table {name} has {counted[name]}, not {count}"
                            for name, count in rows.items()
                            if counted[name] != count
                        ]
                    )
                )

    def script_of(self, context: Any) -> List[str]:
        """Return the statements that ``upgrade heads --sql`` writes."""
        buffer = _Statements(context.impl)
        opts = {
            **context.opts,
            "as_sql": True,
            "literal_binds": True,
            "output_buffer": buffer,
            "output_encoding": None,
            "starting_rev": None,
            "fn": lambda heads, offline: [self.told(step) for step in self.upward()],
        }
        environment = context.environment_context
        with _offline(environment):
            offline = MigrationContext.configure(
                dialect=context.dialect, opts=opts, environment_context=environment
            )
            with Operations.context(offline):
                offline.run_migrations()
        return buffer.statements

    @staticmethod
    def _run_statement(context: Any, statement: str) -> None:
        try:
            connections.execute(context.connection, literal_text(statement))
        except Exception as error:
            raise AssertionError(
                f"The script of --sql cannot be run: {error}"
            ) from error


class _Statements:
    """A file for the writer of scripts, which keeps the statements apart.

    Each is written in one piece; comments, separators and transactions are left out.
    """

    def __init__(self, impl: Any) -> None:
        self.statements: List[str] = []
        self._terminator: str = impl.command_terminator

    def write(self, piece: str) -> None:
        statement = piece.strip()
        if self._terminator and statement.endswith(self._terminator):
            statement = statement[: -len(self._terminator)].rstrip()
        lines = [line for line in statement.splitlines() if line.strip()]
        if all(line.lstrip().startswith("--") for line in lines):
            return
        if statement.upper() in _NO_STATEMENTS:
            return
        self.statements.append(statement)

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""


_NO_STATEMENTS = {
    "BEGIN",
    "BEGIN TRANSACTION",
    "COMMIT",
    "COMMIT TRANSACTION",
    "GO",
    "/",
    "SET TRANSACTION READ WRITE",
}


@contextmanager
def _offline(environment: Any) -> Iterator[None]:
    """Let revisions that ask find offline mode."""
    options = getattr(environment, "context_opts", {})
    before = options.get("as_sql", False)
    options["as_sql"] = True
    try:
        yield
    finally:
        options["as_sql"] = before


# -- around env.py


def _run(config: Config, work: Callable[..., Walk], *arguments: Any) -> None:
    script = ScriptDirectory.from_config(config)
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


@contextmanager
def aside(context: Any) -> Iterator[None]:
    """Do something between two steps, and leave no transaction behind."""
    was_inside = connections.in_transaction(context.connection)
    yield
    if not was_inside:
        connections.commit(context.connection)


def _agree(
    wanted: snapshot.Snapshot,
    found: snapshot.Snapshot,
    what: str,
    step: Optional[RevisionStep] = None,
) -> None:
    lines = snapshot.differences(wanted, found)
    if lines:
        where = f" ({step.revision.path})" if step is not None else ""
        raise AssertionError(f"{what}{where}:{_listed(lines)}")


def _listed(lines: List[str]) -> str:
    more = len(lines) - _SHOWN
    shown = lines[:_SHOWN] + ([f"and {more} more"] if more > 0 else [])
    return "".join(f"\n  {line}" for line in shown)


def _where(context: Any) -> str:
    return obfuscate(context.connection.engine.url)
