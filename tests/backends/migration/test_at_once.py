"""One at a time: several processes upgrade one database, each revision runs once."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from alembic.migration import MigrationContext
from alembic.migration.lock import lock_for
from alembic.migration.lock import LockKey
from alembic.script import ScriptDirectory
from alembic.sqla.connections import commit
from alembic.util.exc import CommandError
from tests.support import upgrader
from tests.support.interrupted import contents
from tests.support.interrupted import write_history
from tests.support.killer import Killer
from tests.support.steps import FakeHistory

KEY = LockKey(None, "alembic_version")


def rows(database):
    return sorted(
        row[0]
        for row in database.execute("SELECT revision FROM ran")
        if row[0] != "inside"
    )


def upgrade(database, history, **opts):
    """Upgrade in this process."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"fn": history, **opts})
        with context.begin_transaction():
            context.run_migrations()


@pytest.mark.parametrize("mode", ["plain", "each", "autocommit", "commit", "external"])
def test_each_revision_runs_once(database, tmp_path, mode):
    """Processes started together on an empty database run each revision once."""
    processes = upgrader.start(database.url, mode, tmp_path, 3)
    upgrader.go(tmp_path)
    ran = sorted(sum((found["ran"] for found in upgrader.outcomes(processes)), []))
    assert ran == ["r1", "r2", "r3"]
    assert rows(database) == ["r1", "r2", "r3"]
    assert database.execute("SELECT version_num FROM alembic_version") == [("r3",)]
    assert [path for path in os.listdir(tmp_path) if path.endswith(".lock")] == []


def test_six_go_up_and_down(database, tmp_path):
    """Each waits for its turn and succeeds; what is there is never a mixture."""
    folder = write_history(tmp_path / "scripts")
    up, down = ("upgrade", "head"), ("downgrade", "base")
    with ExitStack() as stack, ThreadPoolExecutor(6) as pool:
        killers = [Killer(folder, database.url) for _ in range(6)]
        for killer in killers:
            stack.callback(killer.close)
        ends = []
        for words in (up, down):
            killers[0].ended(*words)
            ends.append(contents(database.url))
        for _ in range(2):
            found = pool.map(lambda k, words: k.run(*words), killers, [up, down] * 3)
            assert [one for one in found if one["status"] != "ended"] == []
            assert contents(database.url) in ends


def test_index_concurrently_does_not_wait_for_the_waiting(postgresql, tmp_path):
    """CREATE INDEX CONCURRENTLY ends although others wait for the lock meanwhile."""
    processes = upgrader.start(postgresql.url, "concurrently", tmp_path, 3)
    upgrader.go(tmp_path)
    ran = sorted(sum((found["ran"] for found in upgrader.outcomes(processes)), []))
    assert ran == ["r1", "r2", "r3"]


def test_the_lock_goes_with_its_holder(database, tmp_path):
    """After kill -9 in the middle of a revision the next upgrade has the lock."""
    (process,) = upgrader.start(database.url, "hang", tmp_path, 1)
    upgrader.go(tmp_path)
    upgrader.wait_for(tmp_path / "hanging", process)
    with pytest.raises(CommandError) as error:
        upgrade(database, FakeHistory(upgrader.REVISIONS), lock_timeout=0.3)
    if database.name == "sqlite":
        assert f"process {process.pid}" in str(error.value)
    else:
        assert "session " in str(error.value)
    assert "lock_timeout" in str(error.value)

    process.send_signal(signal.SIGKILL)
    process.communicate()
    history = FakeHistory(upgrader.REVISIONS)
    upgrade(database, history, lock_timeout=120)
    done = ["r1"] if database.name == "mariadb" else []
    assert done + history.ran == ["r1", "r2", "r3"]


@pytest.mark.parametrize("revisions", [("r1", "r2"), ("r1", "r2", "r3")])
def test_caller_began_before_others_were_done(mariadb, revisions):
    """What they have done since is gone on from; the snapshot is otherwise respected.

    MariaDB refuses to change or lock such rows from 11.6.2 on, older ones when told to.
    """
    upgrade(mariadb, FakeHistory(["r1"]))
    mariadb.execute("CREATE TABLE t (x INTEGER)", "INSERT INTO t VALUES (1)")
    history = FakeHistory(revisions)
    with mariadb.engine.connect() as connection:
        connection.execute(text("SET SESSION innodb_snapshot_isolation = ON"))
        commit(connection)
        transaction = connection.begin()
        assert connection.execute(text("SELECT x FROM t")).scalar() == 1
        upgrade(mariadb, FakeHistory(["r1", "r2"]))
        mariadb.execute("UPDATE t SET x = 2")
        context = MigrationContext.configure(connection, opts={"fn": history})
        with context.begin_transaction():
            context.run_migrations()
        assert history.ran == list(revisions[2:])
        with pytest.raises(OperationalError, match="Record has changed"):
            connection.execute(text("UPDATE t SET x = x + 1"))
        transaction.rollback()


def test_who_waits_holds_no_table(mariadb):
    """The run that has the lock can change a table that others have looked at."""
    upgrade(mariadb, FakeHistory("a"))
    history = FakeHistory("ab")
    waits = (
        "SELECT 1 FROM information_schema.processlist "
        "WHERE db = DATABASE() AND state = 'User lock'"
    )
    with ThreadPoolExecutor(1) as pool, mariadb.engine.connect() as connection:
        lock = lock_for("mysql")(lambda: connection, KEY, False)
        assert lock.try_to_take(0)
        other = pool.submit(upgrade, mariadb, history, lock_timeout=120)
        deadline = time.monotonic() + 60
        while not mariadb.execute(waits) and time.monotonic() < deadline:
            time.sleep(0.01)
        connection.execute(text("SET SESSION lock_wait_timeout = 5"))
        connection.execute(text("ALTER TABLE alembic_version COMMENT 'x'"))
        lock.give_back()
        other.result()
    assert history.ran == ["b"]


@pytest.fixture
def held(database):
    """The lock of the database, held by another connection."""
    upgrade(database, FakeHistory("a"))
    with database.engine.connect() as connection:
        lock = lock_for(database.dialect_name)(lambda: connection, KEY, False)
        assert lock.try_to_take(0)
        yield lock
        lock.give_back()


def test_lock_of_an_old_server_is_another_digest(postgresql, monkeypatch):
    """Before PostgreSQL 11 there is only MD5, which newer ones may not allow."""
    sent = postgresql.recorded()
    with postgresql.engine.connect() as connection:
        for version, digest in (((10, 23), " md5("), ((18, 0), " encode(sha224(")):
            dialect = connection.dialect
            monkeypatch.setattr(dialect, "server_version_info", version)
            del sent[:]
            lock = lock_for("postgresql")(lambda: connection, KEY, False)
            assert lock.try_to_take(0)
            lock.give_back()
            assert digest in sent[0].replace("substr(", "substr( ")


def test_lock_on_a_full_disk(sqlite, monkeypatch):
    """It is had, and kept from others, without room to say who has it."""

    def refuse(descriptor, length):
        raise OSError(28, "No space left on device")

    sqlite.execute("CREATE TABLE t (x INTEGER)")
    monkeypatch.setattr(os, "ftruncate", refuse)
    with sqlite.engine.connect() as connection:
        mine, other = (lock_for("sqlite")(lambda: connection, KEY, False) for _ in "ab")
        assert mine.try_to_take(0)
        assert not other.try_to_take(0)
        assert other.holder() == "another process"
        mine.give_back()
        assert other.try_to_take(0)
        other.give_back()


def test_nothing_to_do_takes_no_lock(database, held):
    """A run that finds nothing to do does not wait for others."""
    # one that took the lock would fail
    upgrade(database, FakeHistory("a"), lock_timeout=0)


def test_looking_takes_no_lock(database, held):
    """A run that only looks does not wait for others."""
    history = FakeHistory("a")
    upgrade(database, history, lock_timeout=0, dont_mutate=True)
    assert history.asked == [("a",)]


def test_without_a_lock(database, held):
    """With lock = False a run does not wait for others."""
    history = FakeHistory("ab")
    upgrade(database, history, lock=False)
    assert history.ran == ["b"]


def test_another_version_table_is_another_lock(database, held):
    """Who works on another version table of the database does not wait."""
    history = FakeHistory("ab")
    upgrade(database, history, version_table="other_version", lock_timeout=1)
    assert history.ran == ["a", "b"]


def test_the_plan_is_made_again_after_waiting(database, monkeypatch):
    """What another migration did between the look and the lock is not done again."""
    from alembic.migration.lock import RunLock

    upgrade(database, FakeHistory("a"))
    others = FakeHistory("ab")
    take = RunLock.take

    def wait(self, by_transaction):
        monkeypatch.setattr(RunLock, "take", take)
        upgrade(database, others)
        take(self, by_transaction)

    monkeypatch.setattr(RunLock, "take", wait)
    mine = FakeHistory("abc")
    upgrade(database, mine)
    assert others.ran == ["b"]
    assert mine.asked == [("a",), ("b",)]
    assert mine.ran == ["c"]


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_snapshots_do_not_hide_what_others_did(postgresql, monkeypatch, level):
    """The plan made under the lock sees the latest even with a snapshot isolation."""
    from alembic.migration.lock import RunLock

    upgrade(postgresql, FakeHistory("a"))
    others = FakeHistory("ab")
    take = RunLock.take

    def wait(self, by_transaction):
        monkeypatch.setattr(RunLock, "take", take)
        upgrade(postgresql, others)
        take(self, by_transaction)

    monkeypatch.setattr(RunLock, "take", wait)
    mine = FakeHistory("abc")
    engine = postgresql.new_engine(isolation_level=level)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"fn": mine})
        with context.begin_transaction():
            context.run_migrations()
    assert mine.ran == ["c"]


@pytest.mark.parametrize("per_migration", [False, True])
def test_held_by_the_transaction_for_poolers(database, per_migration):
    """With lock = transaction a run works and leaves nothing locked."""
    history = FakeHistory("abc")
    upgrade(
        database, history, lock="transaction", transaction_per_migration=per_migration
    )
    assert history.ran == ["a", "b", "c"]
    with database.engine.connect() as connection:
        lock = lock_for(database.dialect_name)(lambda: connection, KEY, False)
        assert lock.try_to_take(0)
        lock.give_back()


@pytest.mark.parametrize("per_migration", [False, True])
def test_a_failed_run_gives_the_lock_back(database, per_migration):
    """A pooled connection does not go on holding the lock after a failure."""
    from sqlalchemy.pool import StaticPool

    def fail(context):
        raise ZeroDivisionError

    engine = database.new_engine(poolclass=StaticPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "fn": FakeHistory("ab", {"b": fail}),
                "transaction_per_migration": per_migration,
            },
        )
        with pytest.raises(ZeroDivisionError), context.begin_transaction():
            context.run_migrations()
    with database.engine.connect() as connection:
        lock = lock_for(database.dialect_name)(lambda: connection, KEY, False)
        assert lock.try_to_take(0)
        lock.give_back()


def stamp(database, folder, begin=True, **opts):
    """Stamp a database at b, with the context's own method, and commit."""
    for id_, down in (("a", None), ("b", "a")):
        (folder / "versions").mkdir(exist_ok=True)
        (folder / "versions" / f"{id_}.py").write_text(
            f"revision = {id_!r}\ndown_revision = {down!r}\n"
        )
    script = ScriptDirectory(str(folder))
    with database.engine.connect() as connection:
        transaction = connection.begin() if begin else None
        context = MigrationContext.configure(connection, opts=opts)
        context.stamp(script, "b")
        held = context.lock.is_held
        if transaction is None:
            commit(connection)
        else:
            transaction.commit()
    return held


@pytest.mark.parametrize("begin", [True, False])
def test_stamping_waits_for_a_migration(database, held, tmp_path, begin):
    """`MigrationContext.stamp()` takes the lock too, whoever began the transaction."""
    with pytest.raises(CommandError, match="Another migration of this database is"):
        stamp(database, tmp_path, begin, lock_timeout=0.2)
    assert database.execute("SELECT version_num FROM alembic_version") == [("a",)]
    held.give_back()
    assert stamp(database, tmp_path, begin, lock_timeout=120) is False
    assert database.execute("SELECT version_num FROM alembic_version") == [("b",)]


def test_stamping_holds_the_lock_until_the_commit(postgresql, tmp_path):
    """Where the transaction can hold it, nobody gets in before it ends."""
    upgrade(postgresql, FakeHistory("a"))
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "a.py").write_text("revision = 'a'\ndown_revision = None\n")
    (folder / "b.py").write_text("revision = 'b'\ndown_revision = 'a'\n")
    with postgresql.engine.connect() as connection:
        transaction = connection.begin()
        context = MigrationContext.configure(connection)
        context.stamp(ScriptDirectory(str(tmp_path)), "b")
        with pytest.raises(CommandError, match="Another migration"):
            upgrade(postgresql, FakeHistory("ab"), lock_timeout=0.2)
        transaction.commit()
    history = FakeHistory("ab")
    upgrade(postgresql, history, lock_timeout=120)
    assert history.ran == []
