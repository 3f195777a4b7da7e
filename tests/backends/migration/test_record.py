"""The record of what ran: what is in it, and what is said when files disagree."""

from __future__ import annotations

import getpass
import logging
import random
import socket
from contextlib import suppress
from datetime import datetime
from datetime import timedelta
from datetime import timezone

import pytest
from sqlalchemy import Column
from sqlalchemy import inspect
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table

from alembic import __version__
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.checksum import checksum
from alembic.sqla.connections import commit
from alembic.util.exc import CommandError
from alembic.util.exc import DatabaseNotAtHead
from tests.support.recorded import RECORD
from tests.support.recorded import Recorded


@pytest.fixture
def project(database, tmp_path):
    """Three revisions, one after the other: a, b, c."""
    found = Recorded(database, tmp_path)
    found.chain("a", "b", "c")
    return found


def slip_in(project):
    """Put a revision between a and b."""
    project.write("s", "a")
    project.write("b", "s")


def tables(database):
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_what_ran_is_in_the_record(project):
    """Each run is a line with who, when, how long, which file and which Alembic."""
    before = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(seconds=2)
    project.run("upgrade", "b")
    project.run("downgrade", "a")
    assert project.rows() == [("upgrade", "a"), ("upgrade", "b"), ("downgrade", "b")]
    with project.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"record_table": RECORD})
        first, second, third = context.record.entries()
    assert [entry.heads for entry in (first, second, third)] == ["a", "b", "a"]
    assert first.ran_by == f"{getpass.getuser()}@{socket.gethostname()}"
    assert before <= first.ran_at <= third.ran_at
    assert third.ran_at < before + timedelta(minutes=5)
    assert 0 <= first.duration_ms < 300000
    assert first.tool_version == __version__
    assert first.checksum == checksum(str(project.path("a")))


def test_there_is_none_unless_asked_for(project):
    """Without the option no table is made."""
    project.run("upgrade", "head", record=False)
    assert RECORD not in tables(project.database)
    with pytest.raises(CommandError, match="record_table = alembic_record"):
        project.run("history", applied=True, record=False)


def test_run_that_fails_is_not_in_the_record(project):
    """The line is written in the transaction of the version row."""
    project.path("c").write_text(
        project.path("c").read_text() + "\n\ndef upgrade():\n    1 / 0\n"
    )
    with pytest.raises(ZeroDivisionError):
        project.run("upgrade", "head")
    if project.database.name == "mariadb":
        # there each revision has a transaction
        assert project.rows() == [("upgrade", "a"), ("upgrade", "b")]
    else:
        assert RECORD not in tables(project.database)


def test_slipped_in_revision_is_noticed(project, caplog):
    """It fails the checks of heads and models; an upgrade warns and goes on."""
    project.run("upgrade", "b")
    slip_in(project)
    project.run("upgrade", "head")
    assert ("upgrade", "c") in project.rows()
    lines = [rec for rec in caplog.records if rec.levelno == logging.WARNING]
    assert len(lines) == 1
    assert "Revision s (" in lines[0].getMessage()
    with pytest.raises(DatabaseNotAtHead, match=r"Revision s .*down_revision = 'c'"):
        project.run("current", check_heads=True)
    with pytest.raises(CommandError, match="Revision s "):
        project.run("check")
    assert project.run("current") == ["c (head)"]
    assert tables(project.database) >= {"t_a", "t_b", "t_c"}


def test_slipped_in_revision_at_the_end_is_run(project):
    """What the line says to do works."""
    project.run("upgrade", "head")
    slip_in(project)
    assert len(project.complaints()) == 1
    project.write("s", "c")
    project.write("b", "a")
    project.run("upgrade", "head")
    assert "t_s" in tables(project.database)
    assert project.complaints() == []


def test_edited_file_is_noticed(project):
    """With when and by whom it was run; a stamp accepts the edit."""
    project.run("upgrade", "head")
    project.write("b", "a", column="y")
    [line] = project.complaints()
    assert f"Revision b ({project.path('b')}) was edited" in line
    assert getpass.getuser() in line
    assert "'alembic stamp c' accepts it" in line
    project.run("stamp", "c")
    assert project.complaints() == []
    assert project.rows()[-1] == ("stamp", "b")


def test_stamp_accepts_a_slipped_in_revision(project):
    """Nothing else is written down anew."""
    project.run("upgrade", "head")
    slip_in(project)
    assert len(project.complaints()) == 1
    project.run("stamp", "head")
    assert project.complaints() == []
    assert project.rows()[3:] == [("stamp", "s")]


def test_stamp_is_in_the_record(project):
    """As declared, for each revision that is taken for applied, or no longer is."""
    project.run("stamp", "b")
    assert project.rows() == [("stamp", "a"), ("stamp", "b")]
    project.run("stamp", "a")
    assert project.rows()[2:] == [("unstamp", "b")]
    project.run("stamp", "base")
    project.run("stamp", "c", purge=True)
    assert project.rows()[3:] == [
        ("unstamp", "a"),
        ("stamp", "a"),
        ("stamp", "b"),
        ("stamp", "c"),
    ]


def test_stamping_a_context_is_in_the_record(project):
    """`MigrationContext.stamp()` writes it too, and takes the lock for it."""
    script = ScriptDirectory(str(project.scripts))
    with project.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"record_table": RECORD, "script": script}
        )
        with context.begin_transaction():
            context.stamp(script, "b")
            # without transactions of the run, the rows are safe at once
            assert context.lock.is_held == (project.database.name != "mariadb")
        assert not context.lock.is_held
        commit(connection)
    assert project.rows() == [("stamp", "a"), ("stamp", "b")]
    assert project.run("current") == ["b"]


def test_what_others_ran_is_no_finding(project):
    """Revisions without a line, above where the record ends, were run by others."""
    project.run("upgrade", "a")
    project.run("upgrade", "b", record=False)
    assert project.complaints()[0].startswith("Database is not on all head")
    project.run("upgrade", "head", record=False)
    assert project.complaints() == []
    slip_in(project)
    # below b, whose run nobody recorded: it may have been there
    assert project.complaints() == []


def test_what_others_did_is_caught_up_with(project):
    """The next run writes it down, so that what comes in later is noticed."""
    project.run("upgrade", "a", record=False)
    project.run("upgrade", "b")
    project.run("upgrade", "c", record=False)
    project.run("downgrade", "b", record=False)
    project.run("downgrade", "a", record=False)
    project.run("upgrade", "b")
    assert project.rows() == [
        ("found", "a"),
        ("upgrade", "b"),
        ("lost", "b"),
        ("upgrade", "b"),
    ]
    project.run("upgrade", "c")
    slip_in(project)
    assert "Revision s (" in project.complaints()[-1]


def test_tools_in_turn_raise_no_alarm(project):
    """However a tool without a record and one with it take turns."""
    project.write("d1", "c")
    project.write("d2", "c")
    project.write("e", ("d1", "d2"))
    for seed in range(3):
        chance = random.Random(seed)
        for _ in range(6):
            target = chance.choice(["a", "b", "c", "d1", "e", "heads"])
            record = chance.random() < 0.5
            name = chance.choice(["upgrade", "downgrade", "stamp", "upgrade"])
            if name == "stamp":
                # tables and versions go apart, which only real runs would mind
                project.run("downgrade", "base", record=record)
                project.run("stamp", "base", record=not record)
                name = "upgrade"
            # downwards from below, or upwards from above: nothing happens
            with suppress(CommandError):
                project.run(name, target, record=record)
            left = [line for line in project.complaints() if "all head" not in line]
            assert left == []


def test_branches_are_recorded_with_all_heads(database, tmp_path):
    """Of two branches and their merge; the heads of then stand in each line."""
    project = Recorded(database, tmp_path)
    project.chain("a", "b")
    project.write("c", "a")
    project.run("upgrade", "heads")
    project.write("m", ("b", "c"))
    project.run("upgrade", "heads")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"record_table": RECORD})
        entries = context.record.entries()
    assert [entry.head_ids for entry in entries][-2:] == [("b", "c"), ("m",)]
    assert project.complaints() == []


def test_models_do_not_know_the_table(project):
    """Autogenerate drops neither the record nor the version table."""
    project.run("upgrade", "a")
    metadata = MetaData()
    Table("t_a", metadata, Column("x", Integer))
    with project.database.engine.connect() as connection:
        opts = {"record_table": RECORD}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
        other = MigrationContext.configure(connection)
        assert [diff[0] for diff in compare_metadata(other, metadata)] == [
            "remove_table"
        ]


@pytest.mark.parametrize("backend", ["postgresql", "mariadb"])
def test_record_in_a_schema(request, backend, tmp_path):
    """It stands beside the version table."""
    database = request.getfixturevalue(backend)
    schema = "ledger"
    if database.name == "mariadb":
        schema = f"{database.url.rpartition('/')[2].partition('?')[0]}_ledger"
        database.execute(f"CREATE DATABASE {schema}")
    project = Recorded(database, tmp_path, version_table_schema=schema)
    project.chain("a", "b")
    project.run("upgrade", "head")
    assert database.execute(f"SELECT revision FROM {schema}.{RECORD} ORDER BY id") == [
        ("a",),
        ("b",),
    ]
    assert project.complaints() == []


def test_scripts_do_not_keep_the_record(project):
    """--sql writes what it wrote without the option."""
    with_record = project.run("upgrade", "head", sql=True)
    assert with_record == project.run("upgrade", "head", sql=True, record=False)


def test_history_shows_the_record(project):
    """The newest first, a range on request, files that are gone or edited marked."""
    project.run("upgrade", "c")
    project.run("downgrade", "b")
    project.path("c").unlink()
    project.write("a", None, column="y")
    lines = project.run("history", applied=True)
    assert [line[20:] for line in lines] == [
        "downgrade c, (no file)",
        "upgrade   c, (no file)",
        "upgrade   b, ",
        "upgrade   a (edited since), ",
    ]
    lines = project.run("history", "current:", applied=True)
    assert [line[20:] for line in lines] == ["upgrade   b, "]
    blocks = "\n".join(project.run("history", applied=True, verbose=True))
    for words in ("Rev: a (edited since)", "By: ", "Took: 0.", "Checksum: "):
        assert words in blocks
    assert f"Alembic: {__version__}" in blocks


def test_version_table_cannot_be_the_record(project):
    """The line names another name."""
    project.options["record_table"] = "alembic_version"
    with pytest.raises(CommandError, match="such as alembic_record"):
        project.run("upgrade", "head")
