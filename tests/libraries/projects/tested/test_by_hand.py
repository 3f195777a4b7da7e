"""Uses the runner of pytest-alembic."""

from __future__ import annotations

import pytest


def test_one_by_one(alembic_runner):
    """Move in all the ways that the runner has."""
    assert alembic_runner.heads == ["b2"]
    assert alembic_runner.history.revisions == ["base", "a1", "b2", "heads"]
    alembic_runner.migrate_up_one()
    assert alembic_runner.current == "a1"
    alembic_runner.migrate_up_to("b2")
    assert alembic_runner.current == "b2"
    alembic_runner.migrate_down_one()
    assert alembic_runner.current == "a1"
    alembic_runner.migrate_down_to("base")
    alembic_runner.migrate_up_one()
    alembic_runner.roundtrip_next_revision()
    alembic_runner.managed_downgrade("base")
    alembic_runner.managed_upgrade("b2")
    alembic_runner.managed_downgrade("a1")
    assert alembic_runner.current == "a1"
    alembic_runner.raw_command("upgrade", "head")
    with pytest.raises(Exception, match="not a valid revision"):
        alembic_runner.migrate_up_to("nothing")
    alembic_runner.migrate_down_to("base")


def test_rows_are_put_in(alembic_runner, alembic_engine):
    """Rows that are due before a revision are there after it."""
    alembic_runner.migrate_up_to("b2")
    alembic_runner.insert_into("book", {"id": 1, "title": "Persuasion"})
    with alembic_engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT title FROM book ORDER BY 1"
        ).fetchall()
    assert [row[0] for row in rows] == ["Emma", "Persuasion"]
    alembic_runner.migrate_down_to("base")
