"""A dialect that comes from outside: Firebird, through what packages may subclass."""

from __future__ import annotations

import importlib.util
import io
import subprocess

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util.exc import CommandError
from tests.support import clients
from tests.support import databases

if importlib.util.find_spec("sqlalchemy_firebird") is None:
    pytest.skip("sqlalchemy-firebird is not installed", allow_module_level=True)

from tests.support import firebird

# the dialect leaves cursors of its reflection open
pytestmark = pytest.mark.filterwarnings(
    "ignore:Cursor disposed:ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)

ENV = """\
from alembic import context
import tests.support.firebird

engine = context.config.attributes["engine"]
metadata = context.config.attributes["metadata"]
if context.is_offline_mode():
    context.configure(url=engine.url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
"""

TEMPLATE = '''\
"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports or ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades or "pass"}


def downgrade():
    ${downgrades or "pass"}
'''


@pytest.fixture
def make_engine(tmp_path, monkeypatch):
    """A function that makes an empty database and returns an Engine on it."""
    (tmp_path / "lock").mkdir()
    monkeypatch.setenv("FIREBIRD_LOCK", str(tmp_path / "lock"))

    def make(name):
        try:
            url = firebird.create_database(tmp_path / name)
        except Exception as error:
            missing = f"{error} (Debian: apt-get install firebird3.0-server-core)"
            databases.missing["firebird"] = missing
            pytest.skip(missing)
        databases.used["firebird"] = databases.used.get("firebird", 0) + 1
        return sa.create_engine(url, poolclass=NullPool)

    return make


@pytest.fixture
def project(tmp_path, make_engine):
    """A project on an empty Firebird database."""
    folder = tmp_path / "scripts"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "script.py.mako").write_text(TEMPLATE)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes.update(engine=make_engine("run.fdb"), metadata=sa.MetaData())
    return config


def before(metadata):
    sa.Table(
        "owner",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), server_default="x", comment="the name"),
    )
    sa.Table(
        "car",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plate", sa.String(9), server_default="it's", nullable=False),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("owner.id", name="fk_owner")),
        sa.Column("born", sa.Date),
        sa.UniqueConstraint("plate", name="uq_plate"),
        sa.CheckConstraint("born > '1950-01-01'", name="ck_born"),
        sa.Index("ix_owner", "owner_id"),
        comment="cars",
    )


def after(metadata):
    sa.Table(
        "owner",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), server_default="y", nullable=False),
        sa.Column("born", sa.Date, comment="a day"),
    )
    sa.Table(
        "car",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plate", sa.String(9), server_default="it's", nullable=False),
        sa.Column("price", sa.Numeric(8, 2)),
        sa.Index("ix_price", "price", unique=True),
    )
    sa.Table("extra", metadata, sa.Column("id", sa.Integer, primary_key=True))


def test_models_become_migrations_and_go_again(project):
    """Autogenerate, upgrade, check and downgrade, twice."""
    metadata = project.attributes["metadata"]
    for rev_id, models in (("a1", before), ("b2", after)):
        metadata.clear()
        models(metadata)
        command.revision(project, rev_id, autogenerate=True, rev_id=rev_id)
        command.upgrade(project, "head")
        command.check(project)
    look = sa.inspect(project.attributes["engine"])
    assert sorted(look.get_table_names()) == [
        "alembic_version",
        "car",
        "extra",
        "owner",
    ]
    command.downgrade(project, "a1")
    with project.attributes["engine"].connect() as connection:
        metadata.clear()
        before(metadata)
        context = MigrationContext.configure(
            connection, opts={"compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
    command.downgrade(project, "base")
    look = sa.inspect(project.attributes["engine"])
    assert look.get_table_names() == ["alembic_version"]


def test_script_makes_what_a_run_makes(project, make_engine, tmp_path):
    """Its own client, isql, loads what ``--sql`` writes."""
    isql = clients.program("isql-fb", "firebird3.0-utils")
    engine = project.attributes["engine"]
    before(project.attributes["metadata"])
    command.revision(project, "one", autogenerate=True, rev_id="a1")
    command.upgrade(project, "head")
    project.output_buffer = io.StringIO()
    command.upgrade(project, "base:head", sql=True)
    other = make_engine("script.fdb")
    done = subprocess.run(
        [isql, "-bail", "-quiet", "-user", "SYSDBA", str(tmp_path / "script.fdb")],
        input=project.output_buffer.getvalue().encode(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert catalogue(other) == catalogue(engine)


def catalogue(engine):
    """Return what a database says of its tables."""
    look = sa.inspect(engine)
    return {
        table: [
            repr(ask(table))
            for ask in (
                look.get_columns,
                look.get_foreign_keys,
                look.get_indexes,
                look.get_unique_constraints,
                look.get_check_constraints,
                look.get_table_comment,
            )
        ]
        for table in sorted(look.get_table_names())
    }


@pytest.fixture
def connection(make_engine):
    with make_engine("plain.fdb").connect() as connection:
        yield connection


def test_operations(connection):
    """What is written is what Firebird understands; its catalogue shows it."""
    op = Operations(MigrationContext.configure(connection))
    table = op.create_table(
        "t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer)
    )
    op.bulk_insert(table, [{"id": 1, "x": 5}, {"id": 2, "x": None}])
    op.add_column("t", sa.Column("words", sa.String(20), server_default="it's"))
    op.execute("UPDATE t SET words = 'a:b 50%' WHERE id = 2")
    op.alter_column("t", "x", new_column_name="y", existing_type=sa.Integer())
    op.alter_column("t", "y", type_=sa.BigInteger(), server_default="7")
    op.alter_column("t", "words", comment="it's")
    op.drop_constraint(None, "t", type_="primary")
    op.create_primary_key("pk_t", "t", ["id"])
    op.create_unique_constraint("uq_t", "t", ["y"])
    op.create_index("ix_t", "t", ["words"])
    op.create_check_constraint("ck_t", "t", "y <> 3")
    op.drop_index("ix_t", table_name="t")
    op.drop_constraint("ck_t", "t", type_="check")
    look = sa.inspect(connection)
    columns = {column["name"]: column for column in look.get_columns("t")}
    assert list(columns) == ["id", "y", "words"]
    assert columns["y"]["default"] == "'7'"
    assert columns["words"]["comment"] == "it's"
    assert look.get_pk_constraint("t")["name"] == "pk_t"
    assert [found["name"] for found in look.get_unique_constraints("t")] == ["uq_t"]
    assert [found["name"] for found in look.get_indexes("t")] == ["uq_t"]
    assert look.get_check_constraints("t") == []
    rows = connection.execute(sa.text("SELECT id, y, words FROM t ORDER BY id"))
    assert [tuple(row) for row in rows] == [(1, 5, None), (2, None, "a:b 50%")]
    op.drop_column("t", "words")
    op.drop_table("t")
    assert sa.inspect(connection).get_table_names() == []


def test_its_own_words_for_what_it_cannot_do(connection):
    """An error that the dialect raises tells where it was asked."""
    op = Operations(MigrationContext.configure(connection))
    with pytest.raises(CommandError, match="cannot rename a table"):
        op.rename_table("a", "b")
