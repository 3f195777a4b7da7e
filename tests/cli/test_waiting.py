"""Flags for the locks of others: typed for one run, they go before what env.py says."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from alembic.migration.lock import lock_for
from alembic.migration.lock import LockKey
from tests.support.projects import log_of
from tests.support.projects import Project
from tests.support.projects import typed_project

REVISION = '''"""{id_}"""
from alembic import op
import sqlalchemy as sa

revision = "{id_}"
down_revision = {down!r}
table_lock_timeout = 600


def upgrade():
    {body}


def downgrade():
    pass
'''


@pytest.fixture
def project(terminal, database) -> Project:
    """A database at a1, and an env.py that would wait for minutes."""
    project = typed_project(terminal, database.url)
    terminal.edit(
        "migrations/env.py",
        "connection=connection,\n",
        "connection=connection, lock=True, lock_timeout=600,\n",
    )
    write(project, "a1", None, 'op.create_table("busy", sa.Column("x", sa.Integer))')
    project.alembic("upgrade", "head").ok()
    return project


def write(project, id_, down, body):
    project.terminal.write(
        f"migrations/versions/{id_}.py", REVISION.format(id_=id_, down=down, body=body)
    )


def test_lock_wait_and_no_lock(project, database):
    """The line says who migrates; going without the lock is possible all the same."""
    write(project, "b2", "a1", "pass")
    with database.engine.connect() as connection:
        lock = lock_for(database.dialect_name)(
            lambda: connection, LockKey(None, "alembic_version"), False
        )
        assert lock.try_to_take(0)
        project.alembic("upgrade", "head", "--lock-wait", "0.2").failed(
            "Another migration of this database is running, by "
            + ("process " if database.name == "sqlite" else "session "),
            "waited 0.2 s",
            "--lock-wait",
        )
        done = project.alembic("upgrade", "head", "--no-lock").ok()
        assert len(log_of(done)) == 1
        lock.give_back()


def test_table_lock_timeout(project, database):
    """A statement does not wait longer than typed, whatever its revision says."""
    write(project, "b2", "a1", 'op.add_column("busy", sa.Column("y", sa.Integer))')
    terminal = project.terminal
    terminal.edit("alembic.ini", "[alembic]", "[alembic]\ntable_lock_retries = 0")
    with database.engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(text("INSERT INTO busy VALUES (1)"))
        flags = ("--table-lock-timeout", "0.2", "--lock-wait", "0.2")
        done = project.alembic("upgrade", "head", *flags)
        transaction.rollback()
    if database.name == "sqlite":
        done.failed(
            "Another connection is writing to this SQLite database", "--lock-wait"
        )
    else:
        done.failed("0.2 s (table_lock_timeout)", "ALTER TABLE busy")
    project.alembic("upgrade", "head").ok()
