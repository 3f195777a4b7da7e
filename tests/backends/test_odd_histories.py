"""Odd histories are walked in full on every database, up and down, step by step."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from tests.peer.histories import drawn
from tests.peer.histories import KNOWN
from tests.peer.histories import parents

HISTORIES = {**KNOWN, **{f"drawn {seed}": drawn(seed, 12) for seed in (3, 5, 8)}}

ENV = """\
from alembic import context
connection = context.config.attributes["connection"]
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
"""


class Walk:
    """One history as a project, one database, and what must be in it."""

    def __init__(self, rows, database, folder):
        self.rows = {row["id"]: row for row in rows}
        self.database = database
        scripts = folder / "scripts"
        (scripts / "versions").mkdir(parents=True)
        (scripts / "env.py").write_text(ENV)
        (scripts / "script.py.mako").write_text("")
        for row in rows:
            (scripts / "versions" / f"{row['id']}_.py").write_text(
                "from alembic import op\nimport sqlalchemy as sa\n"
                f"revision = {row['id']!r}\n"
                f"down_revision = {row['down']!r}\n"
                f"depends_on = {row.get('depends')!r}\n"
                f"branch_labels = {row.get('labels')!r}\n"
                "def upgrade():\n"
                f"    op.create_table('t_{row['id']}', sa.Column('x', sa.Integer))\n"
                "def downgrade():\n"
                f"    op.drop_table('t_{row['id']}')\n"
            )
        self.config = Config()
        self.config.set_main_option("script_location", str(scripts))
        self.config.set_main_option("path_separator", "os")
        self.script = ScriptDirectory.from_config(self.config)

    def run(self, name, *arguments):
        with self.database.engine.connect() as connection:
            self.config.attributes["connection"] = connection
            getattr(command, name)(self.config, *arguments)
            self.check()

    def check(self):
        """Claim that the rows are what the applied revisions call for."""
        applied = self.applied()
        below = set()
        for one in applied:
            parents = self.parents(one)
            assert parents <= applied, f"{one} is applied without all it needs"
            below |= parents
        if self.tables() >= {"alembic_version"}:
            rows = self.database.execute("SELECT version_num FROM alembic_version")
            assert sorted(row[0] for row in rows) == sorted(applied - below)
        else:
            assert not applied

    def parents(self, one):
        return parents(self.rows[one])

    def tables(self):
        with self.database.engine.connect() as connection:
            return set(inspect(connection).get_table_names())

    def applied(self):
        return {name[2:] for name in self.tables() if name.startswith("t_")}


@pytest.fixture(params=HISTORIES, ids=list(HISTORIES))
def walk(request, database, tmp_path):
    return Walk(HISTORIES[request.param], database, tmp_path)


def test_up_at_once_and_down_at_once(walk):
    """`upgrade heads` applies everything, `downgrade base` takes everything back."""
    walk.run("upgrade", "heads")
    assert walk.applied() == set(walk.rows)
    walk.run("downgrade", "base")
    assert walk.applied() == set()


def test_each_revision_on_its_own(walk):
    """Each revision can be the target of an upgrade, and brings what it needs."""
    for one in sorted(walk.rows):
        walk.run("upgrade", one)
        assert one in walk.applied()
    assert walk.applied() == set(walk.rows)
    # from a merge, "one back" would be ambiguous
    single = [k for k, row in walk.rows.items() if not isinstance(row["down"], list)]
    for one in sorted(single, reverse=True):
        if one in walk.applied() and not any(one in walk.parents(o) for o in walk.rows):
            walk.run("downgrade", f"{one}-1")
            assert one not in walk.applied()


def test_stamping_leaves_the_schema_alone(walk):
    """`stamp` writes rows without running anything, back and forth."""
    walk.run("upgrade", "heads")
    rows = sorted(walk.database.execute("SELECT version_num FROM alembic_version"))
    with walk.database.engine.connect() as connection:
        walk.config.attributes["connection"] = connection
        command.stamp(walk.config, "base")
        assert walk.database.execute("SELECT version_num FROM alembic_version") == []
        command.stamp(walk.config, "heads")
    assert walk.applied() == set(walk.rows)
    again = sorted(walk.database.execute("SELECT version_num FROM alembic_version"))
    assert again == rows
