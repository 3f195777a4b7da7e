"""The checks: each a function, all of them together a class of tests."""

from __future__ import annotations

from typing import Collection
from typing import Optional
from typing import TYPE_CHECKING

from ...script import ScriptDirectory
from ...util.exc import CommandError
from .running import run
from .scripts import OnlineThenOffline
from .walks import UpDownUp
from .walks import UpThenCompare
from .walks import UpThenDown

if TYPE_CHECKING:
    from ...settings import Config


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


def check_one_head(config: Config) -> str:
    """Check that the history has one head.

    :param config: the `Config` of the project. No database is needed.
    :return: the head.
    :raises AssertionError: when there are several, or no revisions at all.
    """
    script = ScriptDirectory.for_command(config)
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
    run(config, UpDownUp, frozenset(irreversible))


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
    run(config, UpThenDown, frozenset(irreversible))


def check_models_agree(config: Config) -> None:
    """Check that all migrations together make what the models say.

    Compares as ``alembic check`` does, with the options and hooks of env.py.

    :param config: the `Config` of the project, for an empty database.
    :raises AssertionError: with a line for each difference.
    :raises CommandError: when the database is not empty, or env.py gives no
        ``target_metadata``.
    """
    run(config, UpThenCompare)


def check_offline_equals_online(config: Config) -> None:
    """Check that the script of ``--sql`` makes what the migrations make.

    Upgrades the database; empties it; runs the script on it; compares both outcomes,
    and how many rows each table has.

    :param config: the `Config` of the project, for an empty database.
    :raises AssertionError: with a line for each difference.
    :raises CommandError: when the database is not empty.
    """
    run(config, OnlineThenOffline)
