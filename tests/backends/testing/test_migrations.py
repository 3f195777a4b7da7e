"""The checks for a project's migrations, on real databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.config import Config
from alembic.testing import migrations

ENV = """\
import sqlalchemy as sa
from alembic import context

metadata = sa.MetaData()
sa.Table(
    "parent",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mood", sa.Enum("good", "bad", name="mood"), server_default="good"),
    sa.Column("child_id", sa.Integer, sa.ForeignKey("child.id", name="fk_child")),
)
sa.Table(
    "child",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", name="fk_parent")),
    sa.Column("note", sa.String(20), index=True),
)
engine = sa.create_engine(context.config.attributes["url"], poolclass=sa.pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""

PARENT = """\
import sqlalchemy as sa
from alembic import op

revision = "r1"
down_revision = None


def upgrade():
    op.create_table(
        "parent",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mood", sa.Enum("good", "bad", name="mood"), server_default="good"),
    )
    op.bulk_insert(sa.table("parent", sa.column("id")), [{"id": 1}, {"id": 2}])
    op.execute("CREATE VIEW moods AS SELECT mood FROM parent WHERE 'a%' <> ':b'")


def downgrade():
    op.execute("DROP VIEW moods")
    op.drop_table("parent")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TYPE mood")
"""

CHILD = """\
import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"


def upgrade():
    op.create_table(
        "child",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", name="fk_parent")),
        sa.Column("note", sa.String(20)),
    )
    op.create_index("ix_child_note", "child", ["note"])
    op.execute("DROP VIEW moods")
    with op.batch_alter_table("parent") as batch:
        batch.add_column(sa.Column("child_id", sa.Integer))
        batch.create_foreign_key("fk_child", "child", ["child_id"], ["id"])


def downgrade():
    with op.batch_alter_table("parent") as batch:
        batch.drop_constraint("fk_child", type_="foreignkey")
        batch.drop_column("child_id")
    op.drop_table("child")
    op.execute("CREATE VIEW moods AS SELECT mood FROM parent WHERE 'a%' <> ':b'")
"""


@pytest.fixture
def project(database, tmp_path):
    """A project whose tables refer to each other, on an empty database."""
    folder = tmp_path / "project"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "versions" / "r1.py").write_text(PARENT)
    (folder / "versions" / "r2.py").write_text(CHILD)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = database.url
    return config


def held(database):
    """Return all names that the database holds."""
    inspector = sa.inspect(database.engine)
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    if database.name == "postgresql":
        names += [enum["name"] for enum in inspector.get_enums()]
    return names


@pytest.mark.parametrize(
    "check",
    [
        migrations.check_up_down_up,
        migrations.check_downgrade_leaves_no_trace,
        migrations.check_models_agree,
        migrations.check_offline_equals_online,
    ],
)
def test_sound_project_passes(database, project, check):
    """Nothing is found where nothing is wrong, and the database is empty again."""
    if database.name == "sqlite" and check is migrations.check_offline_equals_online:
        # the batch has to read the table, which --sql cannot
        with pytest.raises(AssertionError, match="revision r2 fails"):
            check(project)
    else:
        check(project)
    assert held(database) == []


def test_forgotten_type_and_view_are_found(database, project, tmp_path):
    """What a downgrade forgets is named, and cleared away with the rest."""
    path = tmp_path / "project" / "versions" / "r1.py"
    path.write_text(path.read_text().partition("def downgrade")[0] + FORGETFUL)
    with pytest.raises(AssertionError) as caught:
        migrations.check_downgrade_leaves_no_trace(project)
    assert "Downgrade of revision r1 leaves a trace" in str(caught.value)
    assert "view moods2 is left" in str(caught.value)
    assert ("type mood is left" in str(caught.value)) == (database.name == "postgresql")
    assert held(database) == []


FORGETFUL = """\
def downgrade():
    op.execute("DROP VIEW moods")
    op.drop_table("parent")
    op.execute("CREATE VIEW moods2 AS SELECT 1 AS one")
"""
