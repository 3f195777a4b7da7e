"""A revision that was cut off on MariaDB, as it is seen and resolved by typing."""

from __future__ import annotations

import pytest

from tests.support.projects import log_of
from tests.support.projects import Project

REVISION = '''"""accounts"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"


def upgrade():
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO account VALUES (1)")
    {middle}
    op.create_index("ix", "account", ["{column}"])


def downgrade():
    op.drop_table("account")
    {down}
'''


@pytest.fixture
def project(terminal, mariadb) -> Project:
    terminal.alembic("init", "migrations").ok()
    terminal.edit("alembic.ini", "driver://user:pass@localhost/dbname", mariadb.url)
    found = Project(terminal)
    found.revision("a1")
    return found


def write(project, column, middle="pass", down="pass"):
    project.terminal.write(
        "migrations/versions/b2.py",
        REVISION.format(column=column, middle=middle, down=down),
    )


def test_a_failure_and_its_end(project, mariadb):
    """It is shown, has to be finished first, and goes on when the cause is gone."""
    alembic = project.alembic
    write(project, "nowhere")
    alembic("upgrade", "head").failed("nowhere", "[SQL: CREATE INDEX")
    assert alembic("current").ok().stdout.splitlines() == [
        "a1",
        "upgrade a1 -> b2 is unfinished: 2 statements done, then failed: CREATE INDEX "
        "ix ON account (nowhere); 'alembic upgrade b2' continues",
    ]
    alembic("downgrade", "base").failed(
        "Finish it first, with 'alembic upgrade b2'", "'alembic stamp a1'"
    )
    alembic("resolve", "--rolled-back").failed("None of them is in doubt")
    write(project, "id")
    done = alembic("upgrade", "head").ok()
    assert log_of(done) == ["Running upgrade a1 -> b2, accounts"]
    assert "2 statements done" in done.stderr
    assert alembic("current").ok().stdout == "b2 (head)\n"
    assert mariadb.execute("SELECT * FROM account") == [(1,)]
    assert mariadb.execute("SHOW TABLES LIKE '%journal'") == []


KILLING = """
import os
import signal

from alembic import op
from sqlalchemy import event


def add_column():
    connection = op.get_bind()
    if os.path.exists("kill"):

        @event.listens_for(connection.engine, "before_cursor_execute")
        def kill(*args):
            # what the statement itself would commit
            connection.connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)

    op.execute("EXECUTE IMMEDIATE 'ALTER TABLE account ADD x INT'")
"""


@pytest.mark.parametrize(
    ("word", "statement"),
    [("--applied", "ALTER TABLE account ADD x INT"), ("--rolled-back", "DO 0")],
)
def test_a_kill_and_what_a_person_says(project, mariadb, word, statement):
    """What the database does not show is asked, and the answer is obeyed."""
    alembic = project.alembic
    project.terminal.write("killing.py", KILLING)
    write(project, "x", "import killing; killing.add_column()")
    project.terminal.write("kill", "")
    assert alembic("upgrade", "head").status == -9
    (project.folder / "kill").unlink()
    alembic("upgrade", "head").failed(
        "upgrade a1 -> b2 did not end, and its statement 3 (EXECUTE IMMEDIATE",
        "does not show whether it took effect",
        "'alembic resolve --applied'",
        "'alembic resolve --rolled-back'",
    )
    assert "one cut off: EXECUTE" in alembic("current").ok().stdout
    mariadb.execute(statement)
    told = alembic("resolve", word).ok().stdout
    assert "'alembic upgrade b2' goes on from here" in told
    alembic("upgrade", "head").ok()
    assert mariadb.execute("SELECT * FROM account") == [(1, None)]


def test_a_downgrade_and_a_stamp(project, mariadb):
    """A downgrade is shown and continued alike; a stamp ends it."""
    alembic = project.alembic
    write(project, "id", down="op.drop_table('nowhere')")
    alembic("upgrade", "head").ok()
    alembic("downgrade", "-1").failed("nowhere")
    assert alembic("current").ok().stdout.splitlines() == [
        "b2 (head)",
        "downgrade b2 -> a1 is unfinished: 1 statement done, then failed: DROP TABLE "
        "nowhere; 'alembic downgrade a1' continues",
    ]
    alembic("stamp", "b2").ok()
    assert alembic("current").ok().stdout == "b2 (head)\n"
    assert mariadb.execute("SHOW TABLES LIKE '%journal'") == []


@pytest.mark.parametrize("words", [[], ["--applied", "--rolled-back"]])
def test_resolve_wants_one_word(project, words):
    """Neither, or both, is a mistake."""
    project.alembic("resolve", *words).failed("Say either --applied or --rolled-back")


def test_nothing_to_resolve(project):
    """Without an unfinished revision there is nothing to say."""
    project.alembic("resolve", "--applied").failed("No revision is unfinished")
