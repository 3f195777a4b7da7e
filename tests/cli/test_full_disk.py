"""Databases whose disk is full while they are upgraded."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import inspect

from tests.support import servers
from tests.support.full_disk import on_small_disk
from tests.support.projects import typed_project

REVISION = '''"""{id_}"""
from alembic import op
import sqlalchemy as sa

revision = {id_!r}
down_revision = {down!r}


def upgrade():
    {body}


def downgrade():
    pass
'''

# what cannot be compressed, six megabytes of it
FILLS = """\
import random
    values = random.Random(1)
    table = op.create_table("big", sa.Column("x", sa.String(700)))
    for _ in range(8):
        rows = [{"x": f"{values.getrandbits(2400):0600x}"} for _ in range(1200)]
        op.bulk_insert(table, rows)
"""

# an index takes as much again
GROWS = """\
op.create_table("before", sa.Column("x", sa.Integer))
    op.create_index("ix", "big", ["x"])
    op.create_table("after", sa.Column("x", sa.Integer))
"""


@pytest.fixture(scope="module")
def own_mariadb():
    """A server that may come to an end."""
    with servers.own_mariadb(os.environ.get("PYTEST_XDIST_WORKER", "main")) as found:
        yield found


@pytest.fixture(params=sorted(on_small_disk))
def small(request):
    """An empty database, and the small disk that it is on."""
    database = request.getfixturevalue(request.param)
    if request.param == "mariadb":
        database = request.getfixturevalue("own_mariadb")
    try:
        with on_small_disk[request.param](database) as found:
            yield found
    except servers.Unavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture
def database(small):
    return small[0]


@pytest.fixture
def disk(small):
    return small[1]


@pytest.fixture
def project(database, terminal):
    """A database at a1, before a revision that makes it grow."""
    project = typed_project(terminal, database.url)
    write(project, "a1", None, FILLS)
    project.alembic("upgrade", "head").ok()
    write(project, "b2", "a1", GROWS)
    write(project, "c3", "b2", "pass")
    return project


def write(project, id_, down, body):
    project.terminal.write(
        f"migrations/versions/{id_}.py", REVISION.format(id_=id_, down=down, body=body)
    )


def tables(database):
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


@pytest.mark.parametrize("room", [0, 1_000_000], ids=["at once", "in the middle"])
def test_full_disk_while_an_index_is_made(project, disk, database, room):
    """One line says what to do, nothing is lost; with room the same command ends well."""
    disk.fill(room)
    for _ in range(2):
        done = project.alembic("upgrade", "head")
        done.failed("make room on the disk of the database and run the command again")
        assert project.alembic("current").ok().stdout.startswith("a1")
    # where schema changes commit, a run goes on behind those that it made
    kept = {"before", "alembic_version_journal"}
    kept = kept if room and database.name == "mariadb" else set()
    assert tables(database) == {"alembic_version", "big"} | kept

    disk.give_back()
    project.alembic("upgrade", "head").ok()
    assert tables(database) == {"alembic_version", "big", "before", "after"}
    assert project.alembic("current").ok().stdout == "c3 (head)\n"
    assert database.execute("SELECT COUNT(DISTINCT x) FROM big") == [(9600,)]
    with database.engine.connect() as connection:
        [index] = inspect(connection).get_indexes("big")
    assert index["name"] == "ix"
