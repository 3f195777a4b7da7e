"""Limits for locks and statements: in force while a revision runs, and nowhere else."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import inspect
from sqlalchemy import text

from alembic.migration import MigrationContext
from alembic.migration.timeouts import Limits
from alembic.migration.timeouts.kinds import timeouts_for
from alembic.sqla.version import sqla_1_4
from alembic.sqla.version import sqla_2_0
from alembic.util.exc import CommandError
from alembic.util.interruption import Interrupted
from alembic.util.interruption import Interruption
from tests.support.recorded import Recorded
from tests.support.steps import execute
from tests.support.steps import FakeHistory

SHOWN = {
    "postgresql": "SELECT current_setting('lock_timeout'), "
    "current_setting('statement_timeout')",
    "mariadb": "SELECT @@SESSION.lock_wait_timeout, "
    "@@SESSION.innodb_lock_wait_timeout, @@SESSION.max_statement_time",
    "sqlite": "PRAGMA busy_timeout",
}

# (table lock 3, statement 40)
SET = {
    "postgresql": ("3s", "40s"),
    "mariadb": (3, 3, 40.0),
    "sqlite": (3000,),
}


def shown(connection, name):
    row = connection.execute(text(SHOWN[name])).fetchone()
    return tuple(float(x) if i == 2 else x for i, x in enumerate(row))


def run(connection, bodies, **opts):
    history = FakeHistory(sorted(bodies), bodies)
    context = MigrationContext.configure(connection, opts={"fn": history, **opts})
    with context.begin_transaction():
        context.run_migrations()
    return context


@contextmanager
def locked(database, table):
    """Keep a table locked by another session inside of the block."""
    with database.new_engine().connect() as other:
        transaction = other.begin()
        if database.name == "sqlite":
            other.execute(text(f"INSERT INTO {table} VALUES (1)"))
        elif database.name == "postgresql":
            other.execute(text(f"LOCK TABLE {table} IN ACCESS SHARE MODE"))
        else:
            other.execute(text(f"SELECT * FROM {table} FOR UPDATE"))
        yield transaction
        if transaction.is_active:
            transaction.rollback()


@pytest.mark.parametrize("each", [False, True])
def test_limits_are_in_force_in_a_revision_and_not_after_it(database, each):
    """What the connection had before is what it has again."""
    seen = []

    def look(context):
        seen.append(shown(context.connection, database.name))

    with database.engine.connect() as connection:
        before = shown(connection, database.name)
        if sqla_2_0:
            # what was begun to look is over
            connection.rollback()
        run(
            connection,
            {"r1": look, "r2": look},
            table_lock_timeout=3,
            statement_timeout=40,
            transaction_per_migration=each,
        )
        assert shown(connection, database.name) == before
    assert seen == [SET[database.name]] * 2


def test_limits_in_a_transaction_of_the_callers(database):
    """They are set back before the caller goes on in it."""
    seen = []

    def look(context):
        seen.append(shown(context.connection, database.name))

    with database.engine.connect() as connection:
        transaction = connection.begin()
        before = shown(connection, database.name)
        run(connection, {"r1": look}, table_lock_timeout=3, statement_timeout=40)
        assert shown(connection, database.name) == before
        transaction.commit()
    assert seen == [SET[database.name]]


def test_limits_hold_in_an_autocommit_block(database):
    """Inside of it, after it, and not after the run."""
    seen = []

    def look(context):
        with context.autocommit_block():
            seen.append(shown(context.connection, database.name))
        seen.append(shown(context.connection, database.name))

    with database.engine.connect() as connection:
        run(connection, {"r1": look}, table_lock_timeout=3, statement_timeout=40)
        if database.name == "postgresql":
            assert shown(connection, database.name) == ("0", "0")
    assert seen == [SET[database.name]] * 2


def test_no_settings_of_the_session_behind_poolers(postgresql):
    """With lock = transaction another client may get the session next."""
    seen = []

    def look(context):
        seen.append(shown(context.connection, "postgresql"))
        with context.autocommit_block():
            seen.append(shown(context.connection, "postgresql"))
        seen.append(shown(context.connection, "postgresql"))

    with postgresql.engine.connect() as connection:
        run(connection, {"r1": look}, table_lock_timeout=3, lock="transaction")
    assert seen == [("3s", "0"), ("0", "0"), ("3s", "0")]


def test_nothing_is_sent_without_limits(database):
    """Nobody pays for what is not used."""
    statements = database.recorded()
    with database.engine.connect() as connection:
        run(connection, {"r1": execute("CREATE TABLE t (x INTEGER)")})
    assert not [line for line in statements if "timeout" in line or "set_conf" in line]


def test_revision_limits_itself(database, tmp_path):
    """A variable of the file goes before the configuration, the command line first."""
    project = Recorded(database, tmp_path, table_lock_timeout="7", statement_timeout=70)
    project.chain("a", "b")
    look = (
        "\n\ndef upgrade():\n"
        "    from alembic import context, op\n"
        f"    row = op.get_bind().exec_driver_sql({SHOWN[database.name]!r}).fetchone()\n"
        "    context.config.attributes['options'].setdefault('seen', []).append(row)\n"
    )
    if not sqla_1_4:
        look = look.replace("exec_driver_sql", "execute")
    for id_ in ("a", "b"):
        project.path(id_).write_text(project.path(id_).read_text() + look)
    path = project.path("a")
    path.write_text(
        path.read_text() + "\ntable_lock_timeout = 3\nstatement_timeout = 40\n"
    )
    seen = project.options["seen"] = []
    project.run("upgrade", "head")
    wanted = {
        "postgresql": ("7s", "70s"),
        "mariadb": (7, 7, 70.0),
        "sqlite": (7000,),
    }
    assert [tuple(row) for row in seen] == [SET[database.name], wanted[database.name]]


@pytest.mark.parametrize("value", ["'soon'", "-1", "True", "float('nan')", "[]"])
def test_limit_that_is_no_number(database, tmp_path, value):
    """The file is named, and nothing has run."""
    project = Recorded(database, tmp_path)
    project.chain("a", "b")
    path = project.path("b")
    path.write_text(path.read_text() + f"\nstatement_timeout = {value}\n")
    with pytest.raises(CommandError, match=r"statement_timeout = .*b\.py is no number"):
        project.run("upgrade", "head")
    with database.engine.connect() as connection:
        assert "t_a" not in inspect(connection).get_table_names()


@pytest.mark.parametrize("each", [False, True])
@pytest.mark.parametrize("backend", ["mariadb", "postgresql"])
def test_lock_that_is_had_later(request, backend, each, caplog):
    """All is rolled back, tried again after a pause, and ends as if undisturbed."""
    database = request.getfixturevalue(backend)
    database.execute("CREATE TABLE busy (x INTEGER)")
    tried = []

    def first(context):
        context.execute("CREATE TABLE other (x INTEGER)")

    def alter(context):
        tried.append(1)
        if len(tried) == 2:
            holder.rollback()
        context.execute("CREATE TABLE mine (x INTEGER)")
        context.execute("ALTER TABLE busy ADD COLUMN y INTEGER")

    with locked(database, "busy") as holder, database.engine.connect() as connection:
        run(
            connection,
            {"r1": first, "r2": alter},
            table_lock_timeout=0.05,
            table_lock_retry_pause=0.01,
            transaction_per_migration=each,
        )
    assert len(tried) == 2
    [line] = [rec.getMessage() for rec in caplog.records if rec.levelname == "WARNING"]
    assert "tried again in 0.01 s (1 of 5)" in line
    with database.engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
    assert found >= {"mine", "other"}
    assert database.execute("SELECT version_num FROM alembic_version") == [("r2",)]


def test_lock_that_is_not_had(database):
    """After the last try the line says what was waited for, and what can be done."""
    database.execute("CREATE TABLE busy (x INTEGER)")

    def alter(context):
        context.execute("CREATE TABLE mine (x INTEGER)")
        context.execute("ALTER TABLE busy ADD COLUMN y INTEGER")

    options = {
        "table_lock_timeout": 0.05,
        "table_lock_retry_pause": 0.01,
        "table_lock_retries": 2,
        "lock_timeout": 0.1,
    }
    with locked(
        database, "busy"
    ), database.engine.connect() as connection, pytest.raises(CommandError) as caught:
        run(connection, {"r1": alter}, **options)
    if database.name == "sqlite":
        # there the whole database is locked, before anything has run
        assert "Another connection is writing" in str(caught.value)
    else:
        words = "0.05 s (table_lock_timeout), 3 times: "
        assert words in str(caught.value)
        assert "ALTER TABLE busy" in str(caught.value)
    if database.name != "mariadb":
        with database.engine.connect() as connection:
            assert "mine" not in inspect(connection).get_table_names()


ATTEMPTS = {"table_lock_timeout": 0.05, "table_lock_retry_pause": 0.01}


@pytest.mark.parametrize("blocked", ["ALTER TABLE busy ADD y INT", "DELETE FROM busy"])
def test_what_was_done_is_left_out_of_the_next_try(mariadb, blocked):
    """Where schema changes commit, each statement has taken effect once at the end."""
    mariadb.execute("CREATE TABLE busy (x INTEGER)", "INSERT INTO busy VALUES (1)")
    tried = []

    def body(context):
        tried.append(1)
        if len(tried) == 3:
            holder.rollback()
        context.execute("CREATE TABLE mine (x INTEGER)")
        context.execute("INSERT INTO mine VALUES (1)")
        context.execute("CREATE INDEX ix ON mine (x)")
        context.execute("INSERT INTO mine VALUES (2)")
        context.execute(blocked)
        context.execute("INSERT INTO mine VALUES (3)")

    with locked(mariadb, "busy") as holder, mariadb.engine.connect() as connection:
        run(connection, {"r1": body}, **ATTEMPTS)
    assert len(tried) == 3
    assert mariadb.execute("SELECT x FROM mine ORDER BY x") == [(1,), (2,), (3,)]
    with mariadb.engine.connect() as connection:
        names = inspect(connection).get_table_names()
    assert "alembic_version_journal" not in names


@pytest.mark.parametrize(
    ("before", "blocked"),
    [
        # it may have done a part of its work
        ("SELECT 1", "CALL work()"),
        ("CREATE TEMPORARY TABLE mine (x INTEGER)", "DELETE FROM busy"),
    ],
)
def test_what_cannot_be_left_out_is_not_tried_again(mariadb, before, blocked):
    """A revision that could not go on fails with the lock that it did not get."""
    mariadb.execute(
        "CREATE TABLE busy (x INTEGER)",
        "INSERT INTO busy VALUES (1)",
        "CREATE PROCEDURE work() DELETE FROM busy",
    )
    tried = []

    def body(context):
        tried.append(1)
        context.execute(before)
        context.execute("CREATE TABLE other (x INTEGER)")
        context.execute(blocked)

    with locked(mariadb, "busy"), mariadb.engine.connect() as connection, pytest.raises(
        CommandError, match="table_lock_timeout"
    ):
        run(connection, {"r1": body}, **ATTEMPTS)
    assert len(tried) == 1


@pytest.mark.parametrize("journal", [True, False])
def test_nothing_is_tried_again_without_a_journal(mariadb, journal):
    """Only the journal knows what need not be done again."""
    mariadb.execute("CREATE TABLE busy (x INTEGER)")
    tried = []

    def alter(context):
        tried.append(1)
        context.execute("ALTER TABLE busy ADD COLUMN y INTEGER")

    with locked(mariadb, "busy"), mariadb.engine.connect() as connection, pytest.raises(
        CommandError, match="table_lock_timeout"
    ):
        run(
            connection,
            {"r1": alter},
            journal=journal,
            table_lock_retries=1,
            **ATTEMPTS,
        )
    assert len(tried) == (2 if journal else 1)


def test_nothing_is_tried_again_that_was_committed(postgresql):
    """After an autocommit block a second try would begin in the middle."""
    postgresql.execute("CREATE TABLE busy (x INTEGER)")
    tried = []

    def alter(context):
        tried.append(1)
        with context.autocommit_block():
            context.execute("CREATE TABLE mine (x INTEGER)")
        context.execute("ALTER TABLE busy ADD COLUMN y INTEGER")

    options = {"table_lock_timeout": 0.05, "table_lock_retry_pause": 0.01}
    with locked(
        postgresql, "busy"
    ), postgresql.engine.connect() as connection, pytest.raises(
        CommandError, match="table_lock_timeout"
    ):
        run(connection, {"r1": alter}, **options)
    assert len(tried) == 1


def test_nothing_is_tried_again_in_a_transaction_of_the_callers(postgresql):
    """It is not ours to roll back."""
    postgresql.execute("CREATE TABLE busy (x INTEGER)")
    tried = []

    def alter(context):
        tried.append(1)
        context.execute("ALTER TABLE busy ADD COLUMN y INTEGER")

    with locked(postgresql, "busy"), postgresql.engine.connect() as connection:
        transaction = connection.begin()
        with pytest.raises(CommandError, match="table_lock_timeout"):
            run(connection, {"r1": alter}, table_lock_timeout=0.05)
        transaction.rollback()
    assert len(tried) == 1


def test_lock_is_held_over_the_pause(postgresql):
    """Others do not get in between two tries."""
    postgresql.execute("CREATE TABLE busy (x INTEGER)")
    tried, holders = [], []

    def alter(context):
        tried.append(1)
        # other tests use the same server at the same time
        holders.append(
            postgresql.execute(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
                "database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
        if len(tried) == 3:
            holder.rollback()
        context.execute("ALTER TABLE busy ADD COLUMN y INTEGER")

    for lock in (True, "transaction"):
        del tried[:], holders[:]
        with locked(
            postgresql, "busy"
        ) as holder, postgresql.engine.connect() as connection:
            run(
                connection,
                {"r1": alter},
                table_lock_timeout=0.05,
                table_lock_retry_pause=0.01,
                lock=lock,
            )
        assert [len(rows) for rows in holders] == [1, 1, 1]
        postgresql.execute(
            "ALTER TABLE busy DROP COLUMN y", "DROP TABLE alembic_version"
        )


SLOW = {
    "postgresql": "SELECT pg_sleep(30)",
    "mariadb": "SELECT COUNT(*) FROM information_schema.columns a, "
    "information_schema.columns b, information_schema.columns c",
}


@pytest.mark.parametrize("backend", sorted(SLOW))
def test_statement_that_takes_too_long(request, backend):
    """It is stopped, and the line says how to let it run."""
    database = request.getfixturevalue(backend)
    words = "write 'statement_timeout = <seconds>'"
    with database.engine.connect() as connection, pytest.raises(
        CommandError, match=words
    ):
        run(connection, {"r1": execute(SLOW[backend])}, statement_timeout=0.2)


def test_what_a_database_has_not_is_told_once(sqlite, caplog):
    """SQLite stops no statement; the setting is for the other databases."""
    caplog.set_level(logging.INFO)
    with sqlite.engine.connect() as connection:
        run(
            connection,
            {"r1": execute("SELECT 1"), "r2": execute("SELECT 1")},
            statement_timeout=5,
        )
    lines = [rec.getMessage() for rec in caplog.records if "Going" in rec.getMessage()]
    assert lines == ["Going without statement_timeout: sqlite has none"]


def test_pause_can_be_interrupted(postgresql):
    """A run that is asked to end does not wait for the pause to be over."""
    postgresql.execute("CREATE TABLE busy (x INTEGER)")
    interruption = Interruption()
    ended = []

    def alter(context):
        interruption.request()
        context.execute("ALTER TABLE busy ADD COLUMN y INTEGER")

    def work():
        interruption.install()
        with postgresql.engine.connect() as connection, pytest.raises(Interrupted):
            run(
                connection,
                {"r1": alter},
                table_lock_timeout=0.05,
                table_lock_retry_pause=600,
            )
        ended.append(1)

    with locked(postgresql, "busy"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(120)
    assert ended


def test_statements_of_a_script_are_in_force(database):
    """The database takes what a script says, and what sets it back."""
    kind = timeouts_for(database.dialect_name)
    given, none = Limits(3, 40), Limits()
    with database.engine.connect() as connection:
        before = shown(connection, database.name)
        for statement in kind.script(given, none, local=False):
            connection.execute(text(statement))
        assert shown(connection, database.name) == SET[database.name]
        for statement in kind.script(none, given, local=False):
            connection.execute(text(statement))
        after = shown(connection, database.name)
        # Python's driver sets the busy timeout of SQLite by itself
        assert after == ((0,) if database.name == "sqlite" else before)
