"""What a check does on a database: a walk through the revisions, looking about."""

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

from ...command.authoring import FindDifferences
from ...script.planning import upgrade_steps
from ...script.steps import MigrationStep
from ...script.steps import RevisionStep
from ...sqla import connections
from ...sqla.urls import obfuscate
from ...util.exc import CommandError
from . import snapshot
from .snapshot import Observer

if TYPE_CHECKING:
    from ...script import ScriptDirectory
    from ...settings import Config

_SHOWN = 10


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
                f"{where(context)} holds {what}; point the Config at a scratch "
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
            agree(
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
            agree(
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
        from ...autogenerate.revision_context import RevisionContext

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
                f"would write:{listed([str(found) for found in work.differences])}"
            )


@contextmanager
def aside(context: Any) -> Iterator[None]:
    """Do something between two steps, and leave no transaction behind."""
    was_inside = connections.in_transaction(context.connection)
    yield
    if not was_inside:
        connections.commit(context.connection)


def agree(
    wanted: snapshot.Snapshot,
    found: snapshot.Snapshot,
    what: str,
    step: Optional[RevisionStep] = None,
) -> None:
    lines = snapshot.differences(wanted, found)
    if lines:
        where = f" ({step.revision.path})" if step is not None else ""
        raise AssertionError(f"{what}{where}:{listed(lines)}")


def listed(lines: List[str]) -> str:
    more = len(lines) - _SHOWN
    shown = lines[:_SHOWN] + ([f"and {more} more"] if more > 0 else [])
    return "".join(f"\n  {line}" for line in shown)


def where(context: Any) -> str:
    return obfuscate(context.connection.engine.url)
