"""The journal: a revision that was cut off goes on where schema changes commit."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy import inspect

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.migration.lock import lock_for
from alembic.migration.lock import LockKey
from alembic.operations import Operations
from alembic.sqla.connections import commit
from alembic.sqla.connections import rollback
from alembic.util.exc import CommandError
from tests.support.cutting import Cut
from tests.support.cutting import cut_before
from tests.support.cutting import cut_behind
from tests.support.cutting import run
from tests.support.interrupted import contents
from tests.support.steps import execute
from tests.support.steps import FakeHistory

JOURNAL = "alembic_version_journal"

T = "CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER)"
ROW = "INSERT INTO t VALUES (1, 1)"
ADD = "ALTER TABLE t ADD COLUMN y INTEGER"
SET = "UPDATE t SET y = 5"
INDEX = "CREATE INDEX i ON t (y)"
WRONG = "CREATE INDEX j ON t (nowhere)"
UNSEEN = "EXECUTE IMMEDIATE 'ALTER TABLE t ADD COLUMN z INTEGER'"


def history(*bodies):
    """Revisions a, b, ... with these bodies: functions, or lists of statements."""
    return FakeHistory(
        "abcdefg"[: len(bodies)],
        {
            name: body if callable(body) else execute(*body)
            for name, body in zip("abcdefg", bodies)
        },
    )


def tables(database):
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def unfinished(database, **opts):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        return context.unfinished(context.get_current_heads())


def resolve(database, applied, **opts):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        return context.resolve(context.get_current_heads(), applied)


def cut_off(database, bodies, cut, part, **opts):
    """Run revisions that are cut off."""
    engine = database.new_engine()
    cut(engine, part)
    with pytest.raises(Cut):
        run(database, history(*bodies), engine, **opts)


@pytest.fixture
def other(fresh_database):
    """The same kind of database, for an undisturbed run."""
    return fresh_database("mariadb", "_other")


def same(mariadb, other, *bodies):
    """Tell whether a database is as an undisturbed run leaves it."""
    run(other, history(*bodies))
    return contents(mariadb.url) == contents(other.url)


# -- a statement that fails


def test_goes_on_behind_what_was_done(mariadb, other):
    """When the cause is gone, a second run does what the first one did not."""
    first = [T, ROW, ADD, SET, "ALTER TABLE t ADD COLUMN z INTEGER"]
    with pytest.raises(sa.exc.DBAPIError, match="nowhere"):
        run(mariadb, history([*first, WRONG, ROW]))
    last = ["UPDATE t SET z = y + x", INDEX]
    run(mariadb, history([*first, *last]))
    assert same(mariadb, other, [*first, *last])


def test_rows_behind_the_last_schema_change_are_rolled_back_and_come_again(mariadb):
    """A change of data counts as done only when it is committed."""
    with pytest.raises(ZeroDivisionError):
        run(mariadb, history(lambda context: (execute(T, ROW)(context), 1 / 0)))
    assert mariadb.execute("SELECT * FROM t") == []
    run(mariadb, history([T, ROW]))
    assert mariadb.execute("SELECT * FROM t") == [(1, 1)]


def test_the_journal_is_gone_when_nothing_is_unfinished(mariadb):
    """A run that succeeds, or did nothing yet when it failed, leaves no table behind."""
    run(mariadb, history([T], [ADD, SET]))
    assert tables(mariadb) == {"alembic_version", "t"}
    for wrong in ([WRONG], ["no SQL at all"], [ROW, "DROP TABLE nowhere"]):
        with pytest.raises(sa.exc.DBAPIError):
            run(mariadb, history([T], [ADD, SET], wrong))
        done = mariadb.execute("SELECT count(*) FROM t") != [(0,)]
        assert tables(mariadb) == {"alembic_version", "t"} | (
            {JOURNAL} if done else set()
        )
        assert bool(unfinished(mariadb)) is done


def test_only_one_statement(mariadb):
    """A revision of one statement whose version was not written is known, too."""
    cut_off(mariadb, [[T]], cut_behind, "CREATE TABLE t")
    assert unfinished(mariadb).in_doubt.text == T
    run(mariadb, history([T]))
    assert tables(mariadb) == {"alembic_version", "t"}


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_databases_that_roll_back_have_no_journal(backend, fresh_database):
    """Where a revision is all or nothing, no table appears, not even on failure."""
    database = fresh_database(backend, "_plain")
    seen = []

    def look(context):
        seen.append(context.journal)
        seen.append(JOURNAL in inspect(context.connection).get_table_names())

    with pytest.raises(sa.exc.DBAPIError):
        run(database, history([T], look, [WRONG]))
    assert seen == [None, False]
    assert JOURNAL not in tables(database)
    assert unfinished(database) is None


def test_the_log_says_that_it_goes_on(mariadb, caplog):
    """How many statements are left out is logged."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, ADD, WRONG]))
    with caplog.at_level(logging.INFO, "alembic.runtime.migration"):
        run(mariadb, history([T, ADD, INDEX]))
    assert (
        "upgrade  -> a is unfinished: 2 statements done, then failed: "
        f"{WRONG}; continuing behind them" in caplog.messages
    )


def test_several_failures(mariadb, other):
    """It may fail as often as it likes."""
    for wrong in ([T, WRONG], [T, ROW, ADD, WRONG], [T, ROW, ADD, SET, ROW]):
        with pytest.raises(sa.exc.DBAPIError):
            run(mariadb, history(wrong))
    assert len(unfinished(mariadb).done) == 3
    run(mariadb, history([T, ROW, ADD, SET, INDEX]))
    assert same(mariadb, other, [T, ROW, ADD, SET, INDEX])


def test_failures_that_the_revision_ignores(mariadb, other):
    """A statement that may fail fails again, or is tried again, as in one run."""

    def body(*last):
        def migrate(context):
            context.execute(T)
            for _ in range(2):
                with pytest.raises(sa.exc.DBAPIError):
                    context.execute(WRONG)
            with pytest.raises(sa.exc.DBAPIError):
                context.execute("INSERT INTO t VALUES (1)")
            execute(ROW, ADD, *last)(context)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body(WRONG + " ")))
    run(mariadb, history(body(SET)))
    assert same(mariadb, other, body(SET))


# -- a process that is killed

SETUP = [
    "CREATE TABLE p (id INTEGER PRIMARY KEY)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER, KEY i (x), "
    "CONSTRAINT c CHECK (x > 0), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (id), "
    "CONSTRAINT u UNIQUE (x, id))",
]


@pytest.mark.parametrize("cut", [cut_before, cut_behind])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE n (x INTEGER)",
        "CREATE TABLE n AS SELECT * FROM t",
        "DROP TABLE t",
        "RENAME TABLE t TO n",
        "ALTER TABLE t RENAME n",
        "ALTER TABLE t ADD COLUMN `a%b` INTEGER",
        "ALTER TABLE t ADD y INTEGER, ADD INDEX k (y), DROP CONSTRAINT c",
        "ALTER TABLE p ADD COLUMN (a INTEGER, b INTEGER)",
        "ALTER TABLE t MODIFY x BIGINT NOT NULL",
        "ALTER TABLE t MODIFY x INTEGER UNIQUE",
        "ALTER TABLE t CHANGE x X INTEGER NOT NULL",
        "ALTER TABLE t CHANGE x y INTEGER",
        "ALTER TABLE t RENAME COLUMN x TO y",
        "ALTER TABLE t RENAME INDEX i TO k",
        "ALTER TABLE t ALTER COLUMN x SET DEFAULT 7",
        "ALTER TABLE t ADD UNIQUE (x)",
        "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES p (id)",
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES p (id)",
        "ALTER TABLE t ADD CHECK (id > 5)",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (id > 5)",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (x)",
        "ALTER TABLE t DROP CONSTRAINT c",
        "ALTER TABLE t DROP FOREIGN KEY f",
        "ALTER TABLE t DROP INDEX u",
        "ALTER TABLE p DROP PRIMARY KEY",
        "ALTER TABLE t COMMENT = 'what, is it'",
        "ALTER TABLE p ENGINE = MyISAM",
        "CREATE INDEX k ON t (x)",
        "DROP INDEX u ON t",
        "TRUNCATE TABLE t",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.x = 1",
        "CREATE PROCEDURE q() SELECT 1",
        "CREATE SEQUENCE s",
        "DROP TABLE IF EXISTS nowhere",
    ],
)
def test_statement_in_doubt_is_looked_for(mariadb, other, cut, statement):
    """Whether the statement that was cut off took effect is seen in the database."""
    if "FOREIGN KEY (id)" in statement or statement.startswith(
        ("ALTER TABLE p", "DROP INDEX u", "ALTER TABLE t RENAME I", "ALTER TABLE t MOD")
    ):
        setup = [*SETUP, "ALTER TABLE t DROP FOREIGN KEY f"]
    else:
        setup = SETUP
    body = [*setup, statement, "CREATE TABLE last_one (x INTEGER)"]
    cut_off(mariadb, [body], cut, statement.replace("%", "%%"))
    assert unfinished(mariadb).in_doubt is not None
    run(mariadb, history(body))
    assert same(mariadb, other, body)


def test_rows_are_never_in_doubt(mariadb, other):
    """A change of data is there with its entry, or neither is."""
    body = [T, ROW, ADD, SET, INDEX]
    for cut in (cut_before, cut_behind):
        cut_off(mariadb, [body], cut_behind if cut is cut_behind else cut, "UPDATE t")
        # the second run has seen that it took effect
        assert (unfinished(mariadb).in_doubt is None) is (cut is cut_behind)
        assert unfinished(mariadb).entries[-1].text == ADD
    run(mariadb, history(body))
    assert same(mariadb, other, body)


@pytest.mark.parametrize("took_effect", [True, False])
def test_what_cannot_be_seen_is_asked(mariadb, other, took_effect):
    """A person says what became of it; then the run goes on."""
    body = [T, ROW, UNSEEN, "UPDATE t SET z = 3"]
    cut_off(mariadb, [body], cut_behind if took_effect else cut_before, "EXECUTE")
    for _ in range(2):
        with pytest.raises(CommandError) as error:
            run(mariadb, history(body))
        assert "does not show whether it took effect" in str(error.value)
        assert UNSEEN in str(error.value)
    resolve(mariadb, took_effect)
    run(mariadb, history(body))
    assert same(mariadb, other, body)


def test_what_cannot_be_seen_is_noted_when_it_is_done(mariadb, other):
    """Cut off behind such a statement, nothing is in doubt."""
    body = [T, UNSEEN, "INSERT INTO t VALUES (1, 1, 1)"]
    cut_off(mariadb, [body], cut_before, "INSERT INTO t")
    assert unfinished(mariadb).in_doubt is None
    run(mariadb, history(body))
    assert same(mariadb, other, body)


def test_drop_of_several_tables_in_part(mariadb):
    """What took effect in part is for a person to decide."""
    setup = ["CREATE TABLE one (x INTEGER)", "CREATE TABLE two (x INTEGER)"]
    body = [*setup, "DROP TABLE one, two"]
    cut_off(mariadb, [body], cut_before, "DROP TABLE")
    mariadb.execute("DROP TABLE one")
    with pytest.raises(CommandError, match="took effect in part"):
        run(mariadb, history(body))
    mariadb.execute("DROP TABLE two")
    resolve(mariadb, True)
    run(mariadb, history(body))
    assert tables(mariadb) == {"alembic_version"}


# -- what has changed since


def test_changed_text_is_refused(mariadb):
    """A statement that was run and reads otherwise now stops the run at once."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, ADD, WRONG]))
    before = contents(mariadb.url)
    with pytest.raises(CommandError) as error:
        run(mariadb, history([T, "ALTER TABLE t ADD COLUMN other INTEGER", INDEX]))
    assert f"statement 2 ({ADD}), which has been run, is now: ALTER" in str(error.value)
    assert contents(mariadb.url) == before
    with pytest.raises(CommandError, match=r"statement 2 .* is not there any more"):
        run(mariadb, history([T]))
    run(mariadb, history([T, ADD, INDEX]))


def test_resolve_accepts_changed_text(mariadb):
    """resolve --applied takes what was run for right, whatever it reads now."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, ADD, WRONG]))
    assert resolve(mariadb, True).in_doubt is None
    run(mariadb, history(["create table T (id int)", "ALTER TABLE t ADD y INT", INDEX]))
    assert "i" in {i["name"] for i in inspect(mariadb.engine).get_indexes("t")}


@pytest.mark.parametrize("cut", [cut_before, cut_behind])
def test_resolve_does_not_speak_of_what_shows(mariadb, cut):
    """Accepting a changed text says nothing about the statement that was cut off."""
    row = "INSERT INTO t VALUES (5, 5, 5)"
    cut_off(mariadb, [[T, ADD, INDEX, row]], cut, INDEX)
    changed = ["CREATE TABLE t (id BIGINT, x INT)", ADD, INDEX]
    for _ in range(2):
        with pytest.raises(CommandError, match="which has been run, is now") as error:
            run(mariadb, history([*changed, row]))
        assert "cut off" not in str(error.value)
    resolve(mariadb, True)
    run(mariadb, history(changed))
    assert "i" in {i["name"] for i in inspect(mariadb.engine).get_indexes("t")}
    assert "alembic_version_journal" not in tables(mariadb)


def test_what_is_left_is_logged(mariadb, caplog):
    """A run that fails in the middle says how it goes on; a refused one has said it."""
    line = "upgrade  -> a is unfinished: 1 statement done, then failed: "
    goes_on = (
        ". When the cause is gone, 'alembic upgrade a' goes on behind what is done"
    )
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, WRONG]))
    assert caplog.messages[-1] == f"{line}{WRONG}{goes_on}"
    caplog.clear()
    with pytest.raises(CommandError):
        run(mariadb, history([ADD]))
    assert not [text for text in caplog.messages if "When the cause" in text]


def test_resolve_with_nothing_to_decide(mariadb):
    """It says so, and what helps instead."""
    with pytest.raises(CommandError, match="No revision is unfinished"):
        resolve(mariadb, True)
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, WRONG]))
    with pytest.raises(CommandError, match="None of them is in doubt"):
        resolve(mariadb, False)


def test_resolve_waits_for_the_run_that_it_is_about(mariadb):
    """A server may go on with the statement of a client that was killed."""
    cut_off(mariadb, [[T, UNSEEN]], cut_before, UNSEEN)
    with mariadb.engine.connect() as connection:
        lock = lock_for("mysql")(
            lambda: connection, LockKey(None, "alembic_version"), False
        )
        assert lock.try_to_take(0)
        with pytest.raises(CommandError, match="Another migration of this database"):
            resolve(mariadb, True, lock_timeout=0.2)
        assert unfinished(mariadb).in_doubt is not None
        lock.give_back()
    assert resolve(mariadb, True).in_doubt is None


def test_resolve_where_there_is_no_journal(sqlite):
    """A database that rolls back has nothing to resolve."""
    with pytest.raises(CommandError, match="nothing to resolve"):
        resolve(sqlite, True)


def test_undone_by_hand(mariadb, caplog):
    """Who undid all that was done begins anew, as if there had been no journal."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, ADD, WRONG]))
    mariadb.execute("DROP TABLE t")
    run(mariadb, history(["CREATE TABLE t (z INTEGER)"]))
    assert "was undone since; it begins anew" in caplog.text
    assert [c["name"] for c in inspect(mariadb.engine).get_columns("t")] == ["z"]


def test_undone_by_hand_in_part(mariadb):
    """Who undid some of it is told what is missing."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, ADD, "CREATE TABLE u (x INTEGER)", WRONG]))
    mariadb.execute("DROP TABLE u")
    with pytest.raises(CommandError) as error:
        run(mariadb, history([T, ADD, "CREATE TABLE u (x INTEGER)", INDEX]))
    assert "not true any more that table u exists" in str(error.value)
    assert "alembic stamp base" in str(error.value)


def test_the_version_was_moved_by_others(mariadb, caplog):
    """What Alembic 1.20.1 or a person did to the version table counts."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T], [ADD, WRONG]))
    mariadb.execute(INDEX, "UPDATE alembic_version SET version_num = 'b'")
    assert unfinished(mariadb) is None
    run(mariadb, history([T], [ADD, INDEX], [SET]))
    assert "the version table was changed since, from a to b" in caplog.text
    assert tables(mariadb) == {"alembic_version", "t"}


def test_another_revision_has_to_wait(mariadb):
    """A half applied revision is finished before anything else is run."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T], [ADD, WRONG]))
    others = FakeHistory(["a", "other"], {"other": execute(INDEX)})
    with pytest.raises(CommandError) as error:
        run(mariadb, others)
    assert "Finish it first, with 'alembic upgrade b'" in str(error.value)
    assert "'alembic stamp a'" in str(error.value)


# -- how revisions behave


def test_operations_that_ask_the_database(mariadb, other):
    """What alter_column and drop_constraint read is what they read the first time."""
    setup = [
        "CREATE TABLE t (x VARCHAR(20) NOT NULL DEFAULT 'a' COMMENT 'b', "
        "CONSTRAINT c CHECK (x <> ''), CONSTRAINT u UNIQUE (x))"
    ]

    def body(last):
        def migrate(context):
            op = Operations(context)
            op.alter_column("t", "x", nullable=True)
            op.drop_constraint("c", "t")
            op.alter_column("t", "x", type_=sa.String(30))
            op.alter_column("t", "x", new_column_name="y", comment="new")
            op.drop_constraint("u", "t")
            op.execute(last)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(setup, body(WRONG)))
    run(mariadb, history(setup, body(INDEX)))
    assert same(mariadb, other, setup, body(INDEX))


def test_revisions_that_look_before_they_act(mariadb, other):
    """What an earlier attempt has made is not made again, as without a journal."""

    def body(last):
        def migrate(context):
            found = inspect(context.connection).get_table_names()
            if "t" not in found:
                context.execute(T)
            columns = inspect(context.connection).get_columns("t")
            if "y" not in {column["name"] for column in columns}:
                context.execute(ADD)
            context.execute(last)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body(WRONG)))
    run(mariadb, history(body(INDEX)))
    assert same(mariadb, other, body(INDEX))


def test_results_of_what_is_left_out(mariadb):
    """A statement that is not run again tells how many rows it changed, and its key."""
    told = []

    def body(last):
        def migrate(context):
            context.execute("CREATE TABLE n (id INTEGER PRIMARY KEY AUTO_INCREMENT)")
            connection = context.connection
            table = sa.table("n", sa.column("id"))
            for _ in range(3):
                result = connection.execute(sa.insert(table))
                told.append(result.lastrowid)
            result = connection.execute(
                sa.text("UPDATE n SET id = id + 10 WHERE id > 1")
            )
            told.append(result.rowcount)
            execute("ALTER TABLE n ADD COLUMN x INTEGER", last)(context)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body(WRONG)))
    run(mariadb, history(body("CREATE INDEX i ON n (x)")))
    assert told == [1, 2, 3, 2] * 2
    assert mariadb.execute("SELECT id FROM n ORDER BY id") == [(1,), (12,), (13,)]


def test_values_of_many_kinds(mariadb, other):
    """Percent signs, quotes, bytes and many rows at once are the same the next time."""
    rows = [
        {"id": n, "x": n, "s": f"50%'\"\\{n} ß ☃", "b": bytes([n])} for n in range(30)
    ]

    def body(last):
        def migrate(context):
            op = Operations(context)
            op.execute("CREATE TABLE t (id INT, x INT, s VARCHAR(40), b BLOB)")
            columns = [sa.column(name) for name in ("id", "x", "s", "b")]
            op.bulk_insert(sa.table("t", *columns), rows)
            op.execute("UPDATE t SET s = CONCAT(s, '%') WHERE s LIKE '50%'")
            op.create_table_comment("t", "100 % ß ☃ 'x'")
            op.execute(last)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body(WRONG)))
    run(mariadb, history(body("CREATE INDEX i ON t (x)")))
    assert same(mariadb, other, body("CREATE INDEX i ON t (x)"))


@pytest.mark.parametrize("how", ["commit", "text", "rollback", "savepoint"])
def test_transactions_of_the_revision(mariadb, other, how):
    """A revision may commit, roll back and use savepoints, as in one run."""

    def end(context):
        if how == "commit":
            commit(context.connection)
        elif how == "text":
            context.execute("COMMIT")
        elif how == "rollback":
            rollback(context.connection)
        else:
            savepoint = context.connection.begin_nested()
            context.execute("INSERT INTO t VALUES (7, 7)")
            savepoint.rollback()

    def body(*last):
        def migrate(context):
            execute(T, ROW)(context)
            end(context)
            execute("INSERT INTO t VALUES (2, 2)")(context)
            execute(*last)(context)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body("DROP TABLE nowhere")))
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body(ADD, WRONG)))
    run(mariadb, history(body(ADD, SET)))
    assert same(mariadb, other, body(ADD, SET))


def test_autocommit_block(mariadb, other):
    """What an autocommit block did is done, rows included."""

    def body(last):
        def migrate(context):
            execute(T, ROW)(context)
            with context.autocommit_block():
                execute("INSERT INTO t VALUES (2, 2)", ADD)(context)
                execute("INSERT INTO t VALUES (3, 3, 3)")(context)
            context.execute("INSERT INTO t VALUES (4, 4, 4)")
            context.execute(last)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body("no SQL at all")))
    run(mariadb, history(body(SET)))
    assert same(mariadb, other, body(SET))


def test_a_connection_that_autocommits(mariadb, other):
    """So is what was done on a connection that commits every statement."""
    engine = mariadb.new_engine(isolation_level="AUTOCOMMIT")
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, ROW, ADD, ROW]), engine)
    run(mariadb, history([T, ROW, ADD, SET]), engine)
    assert same(mariadb, other, [T, ROW, ADD, SET])


def test_locked_tables(mariadb, other):
    """Between LOCK and UNLOCK TABLES the journal keeps its hands off."""
    lock = ["LOCK TABLES t WRITE, t AS o READ", ROW, ADD, SET, "UNLOCK TABLES"]
    with pytest.raises(sa.exc.DBAPIError):
        run(
            mariadb, history([T, *lock, "INSERT INTO t VALUES (2, 2, 2)", INDEX, WRONG])
        )
    body = [T, *lock, "INSERT INTO t VALUES (2, 2, 2)", INDEX]
    run(mariadb, history(body))
    assert same(mariadb, other, body)


def test_session_settings_are_made_again(mariadb):
    """SET and USE run again, as the session is another one."""
    body = ["SET @x = 42", T, "SET @y = 1", ADD]
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([*body, WRONG]))
    run(mariadb, history([*body, "INSERT INTO t VALUES (1, @x, @y)"]))
    assert mariadb.execute("SELECT * FROM t") == [(1, 42, 1)]


def test_temporary_tables_cannot_be_continued(mariadb):
    """A revision that needs a temporary table of the lost session is refused."""
    body = [
        T,
        "CREATE TEMPORARY TABLE kept AS SELECT 1 AS x",
        ADD,
        "INSERT INTO t SELECT x, x, x FROM kept",
    ]
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([*body, WRONG]))
    with pytest.raises(
        CommandError, match="temporary table that went with its session"
    ):
        run(mariadb, history([*body, INDEX]))


def test_rows_that_were_returned_are_refused(mariadb):
    """A statement whose rows the revision has used is not passed over in silence."""
    body = [T, "INSERT INTO t VALUES (1, 1) RETURNING id", ADD]
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([*body, WRONG]))
    with pytest.raises(CommandError, match="returned rows"):
        run(mariadb, history([*body, INDEX]))


def test_orm_sessions(mariadb, other):
    """A Session on the connection is watched like everything else."""
    from sqlalchemy.orm import Session

    def body(last):
        def migrate(context):
            context.execute(T)
            session = Session(bind=context.connection)
            session.execute(sa.text(ROW))
            session.execute(sa.text("INSERT INTO t VALUES (:a, :b)"), {"a": 2, "b": 3})
            session.flush()
            execute(ADD, last)(context)

        return migrate

    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history(body(WRONG)))
    run(mariadb, history(body(INDEX)))
    assert same(mariadb, other, body(INDEX))


# -- whose connection it is


def test_in_the_callers_transaction(mariadb, other):
    """A guest writes its journal too, but neither commits nor rolls back."""
    with mariadb.engine.connect() as connection:
        transaction = connection.begin()
        context = MigrationContext.configure(
            connection, opts={"fn": history([T, ROW, ADD, WRONG])}
        )
        pytest.raises(sa.exc.DBAPIError, context.run_migrations)
        transaction.rollback()
    assert len(unfinished(mariadb).done) == 3
    assert unfinished(mariadb).in_doubt.text == WRONG
    body = [T, ROW, ADD, SET, INDEX]
    with mariadb.engine.begin() as connection:
        MigrationContext.configure(
            connection, opts={"fn": history(body)}
        ).run_migrations()
    assert same(mariadb, other, body)


def test_the_callers_rows_can_be_rolled_back(mariadb):
    """Where a guest changes data only, the caller can still take all of it back."""
    run(mariadb, history([T]))
    with mariadb.engine.connect() as connection:
        transaction = connection.begin()
        context = MigrationContext.configure(
            connection, opts={"fn": history([T], [ROW])}
        )
        context.run_migrations()
        transaction.rollback()
    assert mariadb.execute("SELECT * FROM t") == []
    assert mariadb.execute("SELECT version_num FROM alembic_version") == [("a",)]
    assert tables(mariadb) == {"alembic_version", "t"}


def test_the_callers_rollback_behind_schema_changes(mariadb, other):
    """What the caller's rollback leaves of a revision is known to the next run."""
    body = [T, ADD, "INSERT INTO t VALUES (1, 1, 1)"]
    with mariadb.engine.connect() as connection:
        transaction = connection.begin()
        MigrationContext.configure(
            connection, opts={"fn": history(body)}
        ).run_migrations()
        transaction.rollback()
    assert unfinished(mariadb).in_doubt.text == ADD
    run(mariadb, history(body))
    assert same(mariadb, other, body)


def test_several_version_tables(mariadb):
    """Each version table has a journal of its own, in its own schema."""
    mariadb.execute("CREATE DATABASE alembic_main_elsewhere")
    tables_ = [
        {"version_table": "one"},
        {"version_table_schema": "alembic_main_elsewhere"},
    ]
    for number, opts in enumerate(tables_):
        create = f"CREATE TABLE t{number} (id INTEGER)"
        with pytest.raises(sa.exc.DBAPIError):
            run(mariadb, history([create, "DROP TABLE nowhere"]), **opts)
    assert "one_journal" in tables(mariadb)
    assert inspect(mariadb.engine).get_table_names("alembic_main_elsewhere") == [
        "alembic_version",
        JOURNAL,
    ]
    for number, opts in enumerate(tables_):
        assert unfinished(mariadb, **opts)
        run(mariadb, history([f"CREATE TABLE t{number} (id INTEGER)"]), **opts)
    assert tables(mariadb) == {"one", "t0", "t1"}


def test_long_names(mariadb):
    """A version table whose name is as long as names can be has a journal as well."""
    name = "v" * 60
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, WRONG]), version_table=name, version_table_pk=False)
    run(mariadb, history([T]), version_table=name, version_table_pk=False)
    assert tables(mariadb) == {name, "t"}


def test_switched_off(mariadb):
    """With journal=False all is as it was without one."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, WRONG]), journal=False)
    assert tables(mariadb) == {"alembic_version", "t"}
    with pytest.raises(sa.exc.DBAPIError, match="already exists"):
        run(mariadb, history([T]), journal=False)


def test_beside_the_record(mariadb):
    """What the record of runs writes and reads is not part of a revision."""
    bodies = [[T, ROW], [ADD, SET, INDEX]]
    cut_off(mariadb, bodies, cut_behind, "CREATE TABLE t", record_table="ran")
    cut_off(mariadb, bodies, cut_before, "CREATE INDEX", record_table="ran")
    run(mariadb, history(*bodies), record_table="ran")
    assert mariadb.execute("SELECT * FROM t") == [(1, 1, 5)]
    assert mariadb.execute("SELECT count(*) FROM ran") == [(2,)]


def test_wrong_switch(mariadb):
    """What is neither true nor false is named."""
    with mariadb.engine.connect() as connection, pytest.raises(
        CommandError, match="journal = 'perhaps'"
    ):
        MigrationContext.configure(connection, opts={"journal": "perhaps"})


def test_autogenerate_leaves_the_journal_alone(mariadb):
    """A comparison while a revision is unfinished does not want to drop the table."""
    with pytest.raises(sa.exc.DBAPIError):
        run(mariadb, history([T, WRONG]))
    assert JOURNAL in tables(mariadb)
    with mariadb.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, sa.MetaData())
    assert [(d[0], d[1].name) for d in differences] == [("remove_table", "t")]


def test_stamping_ends_it(mariadb, tmp_path):
    """Who says where the database is has finished or undone the rest by hand."""
    from alembic import command
    from alembic.config import Config
    from tests.support.interrupted import write_history

    config = Config()
    config.set_main_option("script_location", str(write_history(tmp_path / "scripts")))
    for target in ("base", "a1"):
        config.attributes.update(
            url=mariadb.url, options={}, watch=lambda engine: _refuse_account(engine)
        )
        with pytest.raises(ZeroDivisionError):
            command.upgrade(config, "a1")
        assert unfinished(mariadb).header.name == "upgrade  -> a1"
        config.attributes["watch"] = lambda engine: None
        command.stamp(config, target)
        assert unfinished(mariadb) is None
        assert JOURNAL not in tables(mariadb)
        if target == "base":
            mariadb.execute("DROP TABLE owner")


def _refuse_account(engine):
    @event.listens_for(engine, "before_cursor_execute")
    def refuse(conn, cursor, statement, *args):
        if "CREATE TABLE account" in statement:
            raise ZeroDivisionError
