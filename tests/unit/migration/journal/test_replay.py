"""A run that is continued, statement by statement."""

from __future__ import annotations

import pytest

from alembic.migration.journal.effects import Seen
from alembic.migration.journal.entries import digest
from alembic.migration.journal.entries import digest_of_parameters
from alembic.migration.journal.entries import Entry
from alembic.migration.journal.entries import ENTRY_LENGTH
from alembic.migration.journal.entries import Header
from alembic.migration.journal.entries import State
from alembic.migration.journal.entries import Unfinished
from alembic.migration.journal.expectations import expectations
from alembic.migration.journal.expectations import has_lost_tables
from alembic.migration.journal.replay import Replay
from alembic.migration.journal.statements import understand
from alembic.util.exc import CommandError

HEADER = Header("upgrade", "b2", ("a1",), "upgrade a1 -> b2", "b2", "as it was")

CREATE = "CREATE TABLE t (x INT)"
INSERT = "INSERT INTO t VALUES (%s)"
ADD = "ALTER TABLE t ADD COLUMN y INT"
INDEX = "CREATE INDEX i ON t (y)"


def entry(position, sql, state=State.DONE, parameters=(), **kw):
    return Entry(
        position,
        sql,
        state=state,
        checksum=digest(sql),
        parameters=digest_of_parameters(parameters),
        **kw,
    )


def replay(*entries, file="as it is", seen=Seen.UNKNOWN):
    return Replay(Unfinished(HEADER, list(entries)), file, lambda *args: seen)


def meet(replay, sql, parameters=(), has_read=False):
    """Return whether a statement need not run."""
    now = Entry.of_statement(99, sql, parameters)
    return replay.meet(now, understand(sql), has_read) is not None


def test_what_was_done_is_left_out():
    """The same statements are not run again; what comes behind them is."""
    run = replay(entry(1, CREATE), entry(2, INSERT, parameters=(1,)))
    assert meet(run, CREATE)
    assert meet(run, INSERT, (1,))
    assert not meet(run, ADD)
    run.end(False)


def test_changed_statement():
    """Another text in place of what was run is refused, with both texts."""
    run = replay(entry(1, CREATE), entry(2, ADD))
    assert meet(run, CREATE)
    with pytest.raises(CommandError) as error:
        meet(run, INDEX)
    message = str(error.value)
    assert "upgrade a1 -> b2 did not end" in message
    assert f"statement 2 ({ADD})" in message
    assert f"is now: {INDEX}" in message
    assert "alembic stamp a1" in message
    assert "alembic resolve --applied" in message
    assert "\n" not in message


def test_changed_statement_before_one_in_doubt():
    """Which of both a word would decide is said."""
    call = "CALL work()"
    run = replay(entry(1, CREATE), entry(2, call, state=State.STARTED))
    with pytest.raises(CommandError) as error:
        meet(run, INDEX)
    message = str(error.value)
    assert f"statement 1 ({CREATE}), which has been run, is now: {INDEX}" in message
    assert "say first, by 'alembic resolve --applied' or '--rolled-back'" in message
    assert f"whether statement 2 ({call}), which was cut off, took effect" in message


def test_changed_values():
    """Other values are refused if the file has changed, else taken for dates or keys."""
    row = entry(1, INSERT, parameters=(1,))
    with pytest.raises(CommandError, match="has other values now"):
        meet(replay(row), INSERT, (2,))
    assert meet(replay(row, file="as it was"), INSERT, (2,))


def test_statement_that_is_gone():
    """A revision that ends before what was run does not end well."""
    run = replay(entry(1, CREATE), entry(2, INSERT))
    assert meet(run, CREATE)
    with pytest.raises(CommandError, match=r"statement 2 .* is not there any more"):
        run.end(False)


def test_failed_statement_may_change():
    """What failed runs again as it is now."""
    run = replay(entry(1, CREATE), entry(2, ADD, State.FAILED))
    assert meet(run, CREATE)
    assert not meet(run, INDEX)
    assert run.stale_from == 2
    run.end(False)


def test_failure_that_was_ignored():
    """A statement that failed before others were run fails again by itself."""
    run = replay(entry(1, ADD, State.FAILED), entry(2, CREATE))
    assert not meet(run, ADD)
    assert run.stale_from is None
    assert meet(run, CREATE)


@pytest.mark.parametrize(
    ("seen", "left_out"), [(Seen.DONE, True), (Seen.NOT_DONE, False)]
)
def test_in_doubt_and_seen(seen, left_out):
    """The statement that was cut off runs again if the database does not show it."""
    run = replay(entry(1, CREATE), entry(2, ADD, State.STARTED), seen=seen)
    assert meet(run, CREATE)
    assert meet(run, ADD) is left_out
    assert run.stale_from == (None if left_out else 2)


@pytest.mark.parametrize(
    ("seen", "words"),
    [(Seen.UNKNOWN, "does not show"), (Seen.PARTLY, "took effect in part")],
)
def test_in_doubt_and_not_seen(seen, words):
    """What cannot be told is asked, with the statement and both commands."""
    run = replay(entry(1, ADD, State.STARTED), seen=seen)
    with pytest.raises(CommandError) as error:
        meet(run, ADD)
    message = str(error.value)
    assert words in message
    assert ADD in message
    assert "alembic resolve --applied" in message
    assert "alembic resolve --rolled-back" in message


def test_in_doubt_and_changed():
    """The statement that was cut off may change only if it did not take effect."""
    doubtful = entry(1, ADD, State.STARTED)
    assert not meet(replay(doubtful, seen=Seen.NOT_DONE), INDEX)
    with pytest.raises(CommandError, match="is now: CREATE INDEX"):
        meet(replay(doubtful, seen=Seen.DONE), INDEX)


def test_what_a_person_accepted():
    """After resolve --applied the text of what was run does not matter."""
    run = replay(entry(1, CREATE, State.ACCEPTED), entry(2, ADD, State.ACCEPTED))
    assert meet(run, "CREATE TABLE t (x BIGINT)")
    assert meet(run, INDEX)
    assert not meet(run, INSERT)


def test_revisions_that_look_first():
    """A schema change that a look at the database makes superfluous is passed over."""
    run = replay(entry(1, CREATE), entry(2, ADD))
    assert meet(run, ADD, has_read=True)
    run = replay(entry(1, CREATE))
    assert not meet(run, INDEX, has_read=True)
    run = replay(entry(1, CREATE))
    run.end(True)


def test_rows_are_never_passed_over():
    """A change of data that is not asked for again is refused though it has looked."""
    with pytest.raises(CommandError, match="is now: CREATE INDEX"):
        meet(replay(entry(1, INSERT)), INDEX, has_read=True)
    with pytest.raises(CommandError, match="not there any more"):
        replay(entry(1, INSERT)).end(True)


def test_text_that_repeats_the_database():
    """MODIFY of the same column is the same, though what it keeps reads otherwise."""
    run = replay(entry(1, "ALTER TABLE t MODIFY x INT NULL"))
    assert meet(run, "ALTER TABLE t MODIFY x BIGINT NULL", has_read=True)
    with pytest.raises(CommandError):
        meet(
            replay(entry(1, "ALTER TABLE t MODIFY x INT NULL")),
            "ALTER TABLE t MODIFY x BIGINT NULL",
        )


def test_rows_that_were_returned():
    """What gave rows cannot be left out, as they cannot be had again."""
    with pytest.raises(CommandError, match="returned rows"):
        meet(replay(entry(1, INSERT, gave_rows=True)), INSERT)


def test_answers_are_those_of_the_first_time():
    """A directive hears what the database said before its statement."""
    run = replay(
        entry(1, CREATE, answers={"column": ["int"]}),
        entry(2, ADD, State.FAILED, answers={"column": ["other"]}),
    )
    assert run.answer("column") == ["int"]
    assert run.answer("else") is None
    assert meet(run, CREATE)
    assert run.answer("column") is None


# -- what is stored


@pytest.mark.parametrize("text", [CREATE, "ß" * 5000, "\\" * 9000, "'\n" * 400])
def test_entries_come_back(text):
    """An entry that was stored is the same, but for the end of a long text."""
    before = entry(3, text, count=5, key=7, before="abc", answers={"a": [1, None]})
    stored = before.dump()
    assert stored.isascii()
    assert len(stored) <= ENTRY_LENGTH
    after = Entry.load(3, "done", stored)
    assert text.startswith(after.text)
    assert after.is_cut == (after.text != text)
    assert {**vars(after), "text": text} == vars(before)


def test_long_answers_are_not_kept():
    """What does not fit beside the statement is asked again."""
    stored = entry(1, CREATE, answers={"a": ["x" * 5000]}).dump()
    assert len(stored) <= ENTRY_LENGTH
    assert Entry.load(1, "done", stored).answers == {}


def test_header_comes_back():
    """So does the header."""
    assert Header.load(HEADER.dump()) == HEADER


def test_parameters_have_a_digest():
    """Each value counts, and so does the order of rows."""
    rows = [(1, "a"), (2, "b")]
    digests = {
        digest_of_parameters(given)
        for given in ((), (1,), (2,), ("1",), rows, rows[::-1], {"a": 1})
    }
    assert len(digests) == 7
    assert digest_of_parameters(()) == ""


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([entry(1, CREATE)], "upgrade a1 -> b2 is unfinished: 1 statement done"),
        (
            [entry(1, CREATE), entry(2, INSERT), entry(3, ADD, State.STARTED)],
            f"upgrade a1 -> b2 is unfinished: 2 statements done, one cut off: {ADD}",
        ),
        (
            [entry(1, CREATE, State.STARTED), entry(2, ADD, State.FAILED)],
            f"upgrade a1 -> b2 is unfinished: 1 statement done, then failed: {ADD}",
        ),
    ],
)
def test_unfinished_in_words(entries, said):
    """How many statements are done, and what happened to the last."""
    assert str(Unfinished(HEADER, entries)) == said


# -- what must be there


def expected(*statements, in_doubt=None):
    done = [entry(n, sql) for n, sql in enumerate(statements, 1)]
    doubtful = in_doubt and entry(99, in_doubt, State.STARTED)
    return {str(found.fact) for found in expectations(done, doubtful)}


@pytest.mark.parametrize(
    ("statements", "facts"),
    [
        (
            [CREATE, ADD, INDEX],
            {"table t exists", "column y of t exists", "index i of t exists"},
        ),
        ([CREATE, "DROP TABLE t"], {"table t does not exist"}),
        (
            [CREATE, INDEX, "DROP INDEX i ON t"],
            {"table t exists", "index i of t does not exist"},
        ),
        (
            [CREATE, ADD, "ALTER TABLE t RENAME TO u"],
            {"table t does not exist", "table u exists"},
        ),
        (
            [INDEX, "ALTER TABLE t DROP COLUMN z"],
            {"column z of t does not exist"},
        ),
        ([CREATE, "CALL p()"], set()),
        ([CREATE, "DROP TABLE IF EXISTS t"], set()),
        ([INDEX, "ALTER TABLE t ADD UNIQUE (x)"], set()),
        ([INSERT], set()),
    ],
)
def test_expectations(statements, facts):
    """What the statements left behind, as far as later ones did not undo it."""
    assert expected(*statements) == facts


def test_expectations_beside_a_statement_in_doubt():
    """What the last statement may have undone is not expected."""
    assert expected(CREATE, in_doubt="DROP TABLE t") == set()
    assert expected(CREATE, in_doubt=ADD) == {"table t exists"}


def test_temporary_tables_are_lost():
    """A temporary table that was not dropped went with the session."""
    make = entry(1, "CREATE TEMPORARY TABLE x (y INT)")
    assert has_lost_tables([make, entry(2, INSERT)])
    assert not has_lost_tables([make, entry(2, "DROP TEMPORARY TABLE x")])
    assert not has_lost_tables([make, entry(2, "DROP TABLE IF EXISTS x")])
    assert not has_lost_tables([entry(1, CREATE)])
