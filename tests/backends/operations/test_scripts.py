"""One long history, run by alembic and by the database's own client from a script."""

from __future__ import annotations

import io

import pytest

from alembic import command
from alembic.script import ScriptDirectory
from tests.support import clients
from tests.support import long_history
from tests.support.versions import has
from tests.support.versions import reason


class Twice:
    """One history on two databases: on one it runs, on the other its scripts do."""

    def __init__(self, database, other, folder, per_migration):
        self.run = database
        self.scripted = other
        self.config = long_history.project(
            folder,
            engine=database.engine,
            # by this name, not by mysql, it writes what MariaDB alone can do
            dialect=database.name,
            per_migration=per_migration,
        )

    def upgrade(self, start, end):
        """Go up both ways and return what each database holds."""
        command.upgrade(self.config, end)
        return self._load(command.upgrade, f"{start}:{end}")

    def downgrade(self, start, end):
        """Go down both ways and return what each database holds."""
        command.downgrade(self.config, end)
        return self._load(command.downgrade, f"{start}:{end}")

    def _load(self, action, revisions):
        buffer = io.StringIO()
        self.config.output_buffer = buffer
        action(self.config, revisions, sql=True)
        clients.load(self.scripted, buffer.getvalue())
        return clients.dump(self.run), clients.dump(self.scripted)


@pytest.fixture
def twice(database, fresh_database, tmp_path):
    """A function that makes an empty pair of databases."""
    if database.name == "mariadb" and not has("1.4"):
        # the dialect of that name, whose options the history uses
        pytest.skip(reason("1.4"))

    def make(per_migration):
        other = fresh_database(database.name, "_script")
        return Twice(database, other, tmp_path / "history", per_migration)

    return make


def test_script_makes_what_a_run_makes(twice):
    """The whole way up in one script and transaction, then the whole way down."""
    pair = twice(per_migration=False)
    empty = clients.dump(pair.run)
    ran, scripted = pair.upgrade("base", "head")
    assert scripted == ran
    ran, scripted = pair.downgrade("head", "base")
    assert scripted == ran == empty


def test_ranges_make_what_runs_make(twice):
    """Each revision in a script and transaction of its own, up and down again."""
    pair = twice(per_migration=True)
    script = ScriptDirectory.from_config(pair.config)
    path = [step.revision for step in script.walk_revisions()] + ["base"]
    for start, end in zip(path[::-1], path[-2::-1]):
        ran, scripted = pair.upgrade(start, end)
        assert scripted == ran, end
    for start, end in zip(path, path[1:]):
        ran, scripted = pair.downgrade(start, end)
        assert scripted == ran, end
