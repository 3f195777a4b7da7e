"""The lock of a run: when it is waited for, given up, handed over and given back."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from alembic.migration.lock import DatabaseLock
from alembic.migration.lock import lock_for
from alembic.migration.lock import LockKey
from alembic.migration.lock import LockUnavailable
from alembic.migration.lock import run_lock
from alembic.migration.lock import RunLock
from alembic.util.exc import CommandError

KEY = LockKey(None, "alembic_version")


class Connection:
    """A connection that is in no transaction."""

    def get_transaction(self):
        return None

    def in_transaction(self):
        return False


class FakeLock(DatabaseLock):
    """A lock that is had at the n-th try."""

    had_at = 1
    tries = 0
    given_back = 0

    def try_to_take(self, wait):
        type(self).tries += 1
        return self.tries >= self.had_at

    def holder(self):
        return "session 7"

    def give_back(self):
        type(self).given_back += 1


@pytest.fixture
def fake(monkeypatch):
    kind = type("Fake", (FakeLock,), {})
    monkeypatch.setattr(run_lock, "lock_for", lambda name: kind)
    return kind


def lock(timeout=10.0, enabled=True, by_transaction=False, renew=lambda: None):
    return RunLock(
        "fake",
        Connection,
        lambda: KEY,
        enabled=enabled,
        by_transaction=by_transaction,
        timeout=timeout,
        renew=renew,
    )


def test_taken_once(fake):
    """Taking a lock that is held already does nothing."""
    mine = lock()
    mine.take(False)
    mine.take(False)
    assert mine.is_held
    assert fake.tries == 1


def test_waits_and_says_for_whom(fake, caplog):
    """Waiting is logged once, with who holds the lock."""
    caplog.set_level(logging.INFO)
    fake.had_at = 4
    mine = lock()
    mine.take(False)
    assert mine.is_held
    assert [record.getMessage() for record in caplog.records] == [
        "Waiting for another migration to end, run by session 7"
    ]


@pytest.mark.parametrize(
    ("had_at", "holds", "renewed"), [(4, True, 1), (1, True, 0), (4, False, 0)]
)
def test_transaction_is_renewed_before_waiting(fake, had_at, holds, renewed):
    """Once, where it would keep others from what it has read."""
    fake.had_at, fake.reading_holds_tables = had_at, holds
    calls = []
    mine = lock(renew=lambda: calls.append(fake.tries))
    assert mine.reading_holds_tables is holds
    mine.take(False)
    assert calls == [1] * renewed


def test_gives_up_in_time(fake):
    """When the time is over, the error says who holds the lock and what to set."""
    fake.had_at = 10**9
    with pytest.raises(CommandError) as error:
        lock(timeout=0.01).take(False)
    assert "session 7" in str(error.value)
    assert "0.01 s for it" in str(error.value)
    assert "lock_timeout" in str(error.value)


@pytest.mark.parametrize(("code", "raised"), [(3058, CommandError), (2013, DBAPIError)])
def test_two_that_wait_for_each_other_on_mysql(code, raised):
    """The one that the server picks says who waits for its transaction."""

    class Refusing(Connection):
        def execute(self, statement, params):
            if "GET_LOCK" in str(statement):
                raise DBAPIError("SELECT", {}, Exception(code, "Deadlock found"))
            return self

        def fetchone(self):
            return 7, "ann", "db1"

    with pytest.raises(raised) as error:
        lock_for("mysql")(Refusing, KEY, False).try_to_take(1)
    if raised is CommandError:
        assert "by session 7 (user ann, from db1), and waits for" in str(error.value)


def test_disabled(fake):
    """A lock that is switched off is never tried."""
    mine = lock(enabled=False)
    mine.take(False)
    mine.release()
    assert fake.tries == fake.given_back == 0


def test_unavailable_is_a_warning(fake, monkeypatch, caplog):
    """Where the lock cannot be had at all, the run goes on and says so."""

    def fail(self, wait):
        raise LockUnavailable("no rights")

    monkeypatch.setattr(fake, "try_to_take", fail)
    mine = lock()
    mine.take(False)
    assert not mine.is_held
    assert "no rights" in caplog.text


def test_given_back_once(fake):
    """Giving back what is not held does nothing."""
    mine = lock()
    mine.take(False)
    mine.release()
    mine.release()
    assert fake.given_back == 1


def test_handed_to_the_commit(fake, monkeypatch):
    """A lock that the commit gives back is not given back again."""
    monkeypatch.setattr(fake, "hand_to_transaction", lambda self: True)
    mine = lock()
    mine.take(False)
    mine.release_with_commit()
    mine.release()
    assert fake.given_back == 0


@pytest.mark.parametrize("method", ["hand_to_transaction", "give_back"])
def test_trouble_at_the_end_is_not_raised(fake, monkeypatch, method):
    """A connection that is gone does not hide what made it go."""

    def fail(self):
        raise OSError("connection is closed")

    monkeypatch.setattr(fake, method, fail)
    mine = lock()
    mine.take(False)
    mine.release_with_commit()
    mine.release()
    assert not mine.is_held


@pytest.mark.parametrize(
    "name", ["sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle"]
)
def test_every_dialect_that_ships_has_a_lock(name):
    """Each dialect that ships has a kind of lock."""
    assert issubclass(lock_for(name), DatabaseLock)


def test_other_dialects_have_none():
    """A dialect of others is run without a lock."""
    assert lock_for("firebird") is None


@given(st.tuples(st.none() | st.text(min_size=1), st.text(min_size=1)))
def test_number_of_a_key_fits(parts):
    """The number of a key has as many bits as asked for, and is always the same."""
    key = LockKey(*parts)
    assert 0 <= key.number(29) < 2**29
    assert key.number(29) == LockKey(*parts).number(29)


def test_default_schema_is_the_schema():
    """Naming the default schema and not naming any is the same key."""
    assert LockKey("dbo", "t").number(60) == LockKey(None, "t").number(60, "dbo")
    assert LockKey("a", "t").number(60) != LockKey("b", "t").number(60)


class Cursor:
    """Takes PL/SQL blocks and answers with a number."""

    def __init__(self, result):
        self.result = result
        self.blocks = []

    def var(self, type_):
        return self

    def getvalue(self):
        return self.result

    def execute(self, block, params):
        self.blocks.append((block, {k: v for k, v in params.items() if v is not self}))
        if isinstance(self.result, Exception):
            raise self.result

    def close(self):
        pass


def oracle(result, by_transaction=False):
    cursor = Cursor(result)

    class Raw:
        def cursor(self):
            return cursor

    class Connection:
        connection = Raw()

        class dialect:
            default_schema_name = "scott"

    connection = Connection()
    return lock_for("oracle")(lambda: connection, KEY, by_transaction), cursor


@pytest.mark.parametrize(
    ("result", "taken"), [(0, True), (4, True), (1, False), (3, False)]
)
def test_oracle_takes(result, taken):
    """DBMS_LOCK's answers 0 and 4 mean that the lock is ours."""
    mine, cursor = oracle(result)
    assert mine.try_to_take(1.5) is taken
    ((block, params),) = cursor.blocks
    assert "DBMS_LOCK.REQUEST(:id, 6, :wait, FALSE)" in block
    assert params["wait"] == 2


def test_oracle_by_transaction():
    """A lock of the caller's transaction is given back by its commit."""
    mine, cursor = oracle(0, by_transaction=True)
    mine.try_to_take(0)
    mine.give_back()
    assert len(cursor.blocks) == 1
    assert "TRUE" in cursor.blocks[0][0]


def test_oracle_without_the_right():
    """A user who may not execute DBMS_LOCK is told what to ask for."""
    mine, _ = oracle(Exception("PLS-00201: identifier 'DBMS_LOCK' must be declared"))
    with pytest.raises(LockUnavailable, match="GRANT EXECUTE ON DBMS_LOCK"):
        mine.try_to_take(0)
