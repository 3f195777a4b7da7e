"""A day with `alembic` on each database, and what it says when there is none."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.support.projects import log_of
from tests.support.projects import Project
from tests.support.projects import typed_project


@pytest.fixture
def project(terminal, database) -> Project:
    """A project with models on each database."""
    project = typed_project(terminal, database.url)
    project.with_models()
    return project


def test_a_day(project, database):
    """From the first revision to the way back."""
    alembic = project.alembic
    password = urlsplit(database.url).password
    outcomes = [
        alembic("revision", "--autogenerate", "-m", "users", "--rev-id", "a1"),
        alembic("upgrade", "head"),
        alembic("current", "--verbose"),
        alembic("check"),
        alembic("revision", "-m", "nothing", "--rev-id", "b2"),
        alembic("upgrade", "+1"),
        alembic("downgrade", "-1"),
        alembic("stamp", "b2"),
        alembic("upgrade", "a1:b2", "--sql"),
        alembic("downgrade", "base"),
        alembic("current"),
    ]
    for outcome in outcomes:
        outcome.ok()
        assert not password or f":{password}@" not in outcome.output
    _, up, current, check, _, up2, down, stamp, sql, base, last = outcomes
    assert log_of(up) == ["Running upgrade  -> a1, users"]
    assert current.stdout.startswith("Current revision(s) for ")
    assert check.stdout == "No new upgrade operations detected.\n"
    assert log_of(up2) == ["Running upgrade a1 -> b2, nothing"]
    assert log_of(down) == ["Running downgrade b2 -> a1, nothing"]
    assert log_of(stamp) == ["Running stamp_revision a1 -> b2"]
    assert "UPDATE alembic_version SET version_num='b2'" in sql.stdout
    assert len(log_of(base)) == 2
    assert last.stdout == ""


def test_failing_statement(project, database):
    """The driver's words, the statement and the line of the revision."""
    project.terminal.write(
        "migrations/versions/a1.py",
        "from alembic import op\n"
        "revision = 'a1'\n"
        "down_revision = None\n"
        "def upgrade():\n"
        "    op.execute('DROP TABLE nowhere')\n",
    )
    done = project.alembic("upgrade", "head")
    done.failed("nowhere", "[SQL: DROP TABLE nowhere]", "a1.py, line 5")
    assert project.alembic("current").ok().stdout == ""
