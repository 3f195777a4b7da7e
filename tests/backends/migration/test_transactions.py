"""Which transaction migrations run in, and what is left when one fails."""

from __future__ import annotations

import sys

import pytest
from sqlalchemy import event
from sqlalchemy import inspect
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from alembic.migration import MigrationContext
from alembic.sqla.connections import commit
from alembic.sqla.connections import rollback
from alembic.sqla.driver import execute_as_is
from alembic.sqla.version import version_tuple
from alembic.util.exc import CommandError
from tests.support.steps import execute
from tests.support.steps import FakeHistory

# what a failed revision leaves where schema changes are committed at once
COMMITS_DDL = ("mariadb",)


def create(*names):
    return execute(*(f"CREATE TABLE {name} (x INTEGER)" for name in names))


def failing(context):
    context.execute("CREATE TABLE half (x INTEGER)")
    raise ZeroDivisionError


def tables(database):
    """The tables, without the one that says how far a revision came that failed."""
    with database.engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
    return found - {"alembic_version_journal"}


def versions(database):
    if "alembic_version" not in tables(database):
        return []
    return database.execute("SELECT version_num FROM alembic_version")


def run(connection, history, begin=True, **opts):
    context = MigrationContext.configure(connection, opts={"fn": history, **opts})
    if not begin:
        context.run_migrations()
        return context
    with context.begin_transaction():
        context.run_migrations()
    return context


def upgrade(database, bodies, engine=None, **opts):
    history = FakeHistory(sorted(bodies), bodies)
    with (engine or database.engine).connect() as connection:
        run(connection, history, **opts)
        in_transaction = connection.in_transaction()
    return history, in_transaction


def test_committed(database):
    """A run is committed when it ends."""
    upgrade(database, {"a": create("t"), "b": create("u")})
    assert tables(database) == {"alembic_version", "t", "u"}
    assert versions(database) == [("b",)]


def test_all_or_nothing(database):
    """A failed revision takes the whole run back, where the database can."""
    with pytest.raises(ZeroDivisionError):
        upgrade(database, {"a": create("t"), "b": failing})
    if database.name in COMMITS_DDL:
        assert versions(database) == [("a",)]
    else:
        assert tables(database) == set()


def test_one_transaction_each(database):
    """With a transaction per migration, what succeeded stays."""
    with pytest.raises(ZeroDivisionError):
        upgrade(
            database,
            {"a": create("t"), "b": failing},
            transaction_per_migration=True,
        )
    left = {"half"} if database.name in COMMITS_DDL else set()
    assert tables(database) == {"alembic_version", "t"} | left
    assert versions(database) == [("a",)]


def test_data_go_with_the_schema(database):
    """Changes of data are rolled back with the changes of the schema."""
    database.execute("CREATE TABLE kept (x INTEGER)")

    def change(context):
        context.execute("INSERT INTO kept VALUES (1)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        upgrade(database, {"a": change})
    assert database.execute("SELECT * FROM kept") == []


def test_the_callers_transaction_is_left_alone(database):
    """A connection that comes in inside a transaction is not committed."""
    with database.engine.connect() as connection:
        transaction = connection.begin()
        run(connection, FakeHistory("a", {"a": create("t")}))
        assert transaction.is_active
        transaction.rollback()
    if database.name in COMMITS_DDL:
        assert versions(database) == []
    else:
        assert tables(database) == set()


def test_the_callers_commit_keeps_it(database):
    """What ran inside the caller's transaction is there once the caller commits."""
    with database.engine.begin() as connection:
        run(connection, FakeHistory("a", {"a": create("t")}))
    assert tables(database) == {"alembic_version", "t"}
    assert versions(database) == [("a",)]


def test_autocommit_block(database):
    """A block outside of the transaction keeps what was before it, and what is in it."""

    def body(context):
        context.execute("CREATE TABLE before_it (x INTEGER)")
        with context.autocommit_block():
            context.execute("CREATE TABLE inside_it (x INTEGER)")
        context.execute("CREATE TABLE after_it (x INTEGER)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        upgrade(database, {"a": body})
    expected = {"alembic_version", "before_it", "inside_it"}
    if database.name in COMMITS_DDL:
        expected.add("after_it")
    assert tables(database) == expected
    assert versions(database) == []


def test_autocommit_block_that_raises(database):
    """An error in the block leaves a connection that can go on."""

    def body(context):
        with pytest.raises(ZeroDivisionError), context.autocommit_block():
            raise ZeroDivisionError
        context.execute("CREATE TABLE t (x INTEGER)")

    upgrade(database, {"a": body})
    assert versions(database) == [("a",)]
    assert "t" in tables(database)


def test_failing_behind_a_commit_is_warned_of(database, caplog):
    """Where all would be rolled back, it is said that a part was not."""

    def two_parts(context):
        context.execute("CREATE TABLE t (x INTEGER)")
        with context.autocommit_block():
            context.execute("SELECT nothing FROM nowhere")

    with pytest.raises(DBAPIError):
        upgrade(database, {"a": two_parts})
    assert "t" in tables(database)
    [record] = [record for record in caplog.records if record.levelname == "WARNING"]
    told = (
        "'alembic upgrade a' goes on behind what is done"
        if database.name in COMMITS_DDL
        else "failed behind a commit of its own"
    )
    assert told in record.getMessage()


def test_autocommit_block_in_another(database):
    """A block inside of a block is the same block."""

    def body(context):
        with context.autocommit_block():
            with context.autocommit_block():
                context.execute("CREATE TABLE t (x INTEGER)")
            context.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        upgrade(database, {"a": body})
    assert database.execute("SELECT x FROM t") == [(1,)]


def test_autocommit_block_restores_the_isolation_level(database):
    """After the block the connection has the isolation level it had."""
    seen = []

    def body(context):
        seen.append(context.connection.get_isolation_level())
        with context.autocommit_block():
            seen.append(context.connection.get_isolation_level())
        seen.append(context.connection.get_isolation_level())

    upgrade(database, {"a": body})
    assert seen[0] == seen[2]
    if database.name == "postgresql":
        assert seen[0] == "READ COMMITTED"


def test_autocommit_block_in_the_callers_transaction(database):
    """In the caller's transaction the block is refused with what to do instead."""

    def body(context):
        with context.autocommit_block():
            pass

    with database.engine.connect() as connection, connection.begin(), pytest.raises(
        CommandError, match="begun by the caller"
    ) as error:
        run(connection, FakeHistory("a", {"a": body}))
    assert "context.begin_transaction()" in str(error.value)


@pytest.mark.parametrize("each", [False, True])
def test_a_revision_that_commits(database, each):
    """A revision may commit by itself; what follows is in a transaction again."""

    def body(context):
        context.execute("CREATE TABLE t (x INTEGER)")
        commit(context.connection)
        context.execute("CREATE TABLE u (x INTEGER)")

    with pytest.raises(ZeroDivisionError):
        upgrade(
            database,
            {"a": body, "b": create("v"), "c": failing},
            transaction_per_migration=each,
        )
    found = tables(database)
    assert {"alembic_version", "t"} <= found
    if database.name not in COMMITS_DDL:
        assert ("v" in found) is each
        assert "half" not in found


def test_operations_without_revisions(database):
    """A context without revisions commits what was done in begin_transaction()."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with context.begin_transaction():
            context.execute("CREATE TABLE t (x INTEGER)")
            context.execute("INSERT INTO t VALUES (1)")
        if database.name == "mariadb":
            # nothing is begun where it could not be rolled back
            commit(connection)
    assert database.execute("SELECT x FROM t") == [(1,)]


def test_handle_can_be_used_by_hand(postgresql):
    """The object of begin_transaction() commits and rolls back when told."""
    with postgresql.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        transaction = context.begin_transaction()
        context.execute("CREATE TABLE t (x INTEGER)")
        assert transaction.is_active
        transaction.rollback()
        assert not transaction.is_active
        transaction = context.begin_transaction()
        context.execute("CREATE TABLE u (x INTEGER)")
        transaction.commit()
        transaction.commit()
    assert tables(postgresql) == {"u"}


def test_nested_begin_is_one_transaction(postgresql):
    """Beginning inside of the own transaction ends nothing before its time."""
    with postgresql.engine.connect() as connection:
        context = MigrationContext.configure(connection)

        def nested():
            with context.begin_transaction():
                with context.begin_transaction():
                    context.execute("CREATE TABLE t (x INTEGER)")
                raise ZeroDivisionError

        pytest.raises(ZeroDivisionError, nested)
    assert tables(postgresql) == set()


def test_a_swallowed_error_ends_as_a_rollback(postgresql):
    """A statement that failed and was ignored cannot be committed, nor hidden."""

    def body(context):
        with pytest.raises(Exception, match="does not exist"):
            context.execute("SELECT * FROM nowhere")

    with pytest.raises(Exception, match="transaction is aborted"):
        upgrade(postgresql, {"a": body})
    assert tables(postgresql) == set()


def test_connection_is_free_afterwards(database):
    """After a run with its own transaction the connection is in none."""
    _, in_transaction = upgrade(database, {"a": create("t")})
    assert not in_transaction


# -- SQLite


def test_sqlite_without_begin_transaction(sqlite):
    """An env.py that does not begin a transaction has its revisions committed."""
    upgrade(
        sqlite,
        {"a": create("t"), "b": execute("INSERT INTO t VALUES (1)")},
        begin=False,
    )
    assert sqlite.execute("SELECT x FROM t") == [(1,)]
    assert versions(sqlite) == [("b",)]


def test_sqlite_as_the_driver_does_it(sqlite):
    """With transactional_ddl = False SQLite's driver keeps its habit."""
    with pytest.raises(ZeroDivisionError):
        upgrade(
            sqlite,
            {"a": create("t"), "b": failing},
            transactional_ddl=False,
        )
    assert tables(sqlite) == {"alembic_version", "t", "half"}
    assert versions(sqlite) == [("a",)]


def test_sqlite_looking_does_not_begin(sqlite):
    """A run that finds nothing to do never keeps others from writing."""
    upgrade(sqlite, {"a": create("t")})
    statements = sqlite.recorded()
    upgrade(sqlite, {"a": create("t")})
    assert [s for s in statements if s.startswith("BEGIN")] == []


def test_sqlite_waits_for_a_writer(sqlite):
    """Somebody else's write lock is waited for, then named."""
    other = sqlite.new_engine()
    with other.connect() as connection:
        execute_as_is(connection, "BEGIN IMMEDIATE")
        engine = sqlite.new_engine(connect_args={"timeout": 0.05})
        with pytest.raises(CommandError, match="writing to this SQLite database"):
            upgrade(sqlite, {"a": create("t")}, engine=engine, lock_timeout=0.2)
        connection.connection.rollback()
    upgrade(sqlite, {"a": create("t")})
    assert versions(sqlite) == [("a",)]


def begins_itself(engine):
    """Have an engine begin by events, as SQLAlchemy's documentation shows."""

    @event.listens_for(engine, "connect")
    def connect(dbapi_connection, record):
        dbapi_connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection):
        execute_as_is(connection, "BEGIN")

    return engine


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
@pytest.mark.parametrize("each", [False, True])
def test_sqlite_engine_that_begins_by_itself(sqlite, each, journal):
    """An engine whose events emit BEGIN works, and is all or nothing as well."""
    sqlite.execute(f"PRAGMA journal_mode={journal}")
    engine = begins_itself(sqlite.new_engine())
    with pytest.raises(ZeroDivisionError):
        upgrade(
            sqlite,
            {"a": create("t"), "b": failing},
            engine=engine,
            transaction_per_migration=each,
        )
    assert "half" not in tables(sqlite)
    upgrade(sqlite, {"a": create("t"), "b": create("u")}, engine=engine)
    assert versions(sqlite) == [("b",)]


def test_sqlite_autocommit_connection(sqlite):
    """A connection that is to commit each statement does so."""
    if version_tuple < (1, 3, 16):
        pytest.skip("this SQLAlchemy has no AUTOCOMMIT for SQLite")
    engine = sqlite.new_engine(isolation_level="AUTOCOMMIT")
    with pytest.raises(ZeroDivisionError):
        upgrade(sqlite, {"a": create("t"), "b": failing}, engine=engine)
    assert "half" in tables(sqlite)


def test_sqlite_savepoints(sqlite):
    """A savepoint in a revision is rolled back alone."""

    def body(context):
        context.execute("CREATE TABLE t (x INTEGER)")
        savepoint = context.connection.begin_nested()
        context.execute("CREATE TABLE u (x INTEGER)")
        savepoint.rollback()

    upgrade(sqlite, {"a": body})
    assert tables(sqlite) == {"alembic_version", "t"}


def test_sqlite_vacuum(sqlite):
    """VACUUM works in an autocommit block."""

    def body(context):
        context.execute("CREATE TABLE t (x INTEGER)")
        with context.autocommit_block():
            context.execute("VACUUM")

    upgrade(sqlite, {"a": body})
    assert versions(sqlite) == [("a",)]


def test_sqlite_in_memory():
    """A database in memory needs no lock file and works in one transaction."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        with pytest.raises(ZeroDivisionError):
            run(connection, FakeHistory("a", {"a": failing}))
        assert inspect(connection).get_table_names() == []
        rollback(connection)
        run(connection, FakeHistory("a", {"a": create("t")}))
        assert connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).fetchall() == [("a",)]
    engine.dispose()


@pytest.mark.skipif(
    sys.version_info < (3, 12),
    reason="sqlite3.connect(autocommit=...) is of Python 3.12",
)
def test_sqlite_driver_that_is_always_in_a_transaction(sqlite):
    """With sqlite3's autocommit=False the write lock is had and nothing is lost."""
    engine = sqlite.new_engine(connect_args={"autocommit": False})
    with pytest.raises(ZeroDivisionError):
        upgrade(sqlite, {"a": create("t"), "b": failing}, engine=engine)
    assert tables(sqlite) == set()
    other = sqlite.new_engine(connect_args={"timeout": 0.01})

    def body(context):
        context.execute("CREATE TABLE t (x INTEGER)")
        with other.connect() as connection, pytest.raises(Exception, match="locked"):
            execute_as_is(connection, "BEGIN IMMEDIATE")

    upgrade(sqlite, {"a": body}, engine=engine)
    assert versions(sqlite) == [("a",)]
