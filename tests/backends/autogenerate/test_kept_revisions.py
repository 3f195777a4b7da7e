"""The same generated revision files under every SQLAlchemy; each runs this on its own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic import command
from tests.support import kept_revisions
from tests.support.generated import difference

NAMES = ("r1_before", "r2_after")


def left(database, metadata):
    """Return what a database lacks of a model, batch mode or not."""
    return difference(database.engine, metadata, render_as_batch=True)


@pytest.fixture
def models(database):
    """What the database is to hold after each of the revisions."""
    dialect = database.dialect_name
    return kept_revisions.before(dialect), kept_revisions.after(dialect)


def test_run_and_make_what_the_models_say(database, models, tmp_path):
    """Up, and down again, one revision at a time."""
    before, after = models
    versions = kept_revisions.FOLDER / database.name
    config = kept_revisions.project(tmp_path / "project", versions, database.engine)
    config.attributes["model"] = after
    command.upgrade(config, "+1")
    assert left(database, before) == []
    command.upgrade(config, "+1")
    assert left(database, after) == []
    command.downgrade(config, "-1")
    assert left(database, before) == []
    command.downgrade(config, "-1")
    assert left(database, sa.MetaData()) == []


def test_are_what_is_generated(database, models, tmp_path):
    """By any SQLAlchemy, from the same models; where the form changes, copy the folder."""
    made = tmp_path / "versions"
    config = kept_revisions.project(tmp_path / "project", made, database.engine)
    for name, model in zip(NAMES, models):
        kept_revisions.generate(config, model, name)
        command.upgrade(config, name)
    kept = kept_revisions.FOLDER / database.name
    for name in NAMES:
        file = f"{name}.py"
        assert (made / file).read_text() == (kept / file).read_text(), made
