"""statements outside of a transaction, schemas, and what the dialects alone have"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from tests.support.long_history import if_exists
from tests.support.long_history import if_not_exists
from tests.support.long_history import on

revision = "r06"
down_revision = "r05"


def upgrade():
    op.execute("UPDATE person SET age = age + 1")
    if on("postgresql"):
        op.create_index("ix_later", "person", ["age"], postgresql_concurrently=True)
        op.create_index(
            "ix_gone_later",
            "gone",
            ["id"],
            postgresql_concurrently=True,
            **if_not_exists,
        )
        op.drop_index("ix_gone_later", table_name="gone", postgresql_concurrently=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE color ADD VALUE 'black'")
        op.execute(
            "INSERT INTO every_type (id, color, made, doc) VALUES "
            "(20, 'black', '2020-01-02', '[]')"
        )
        op.execute('CREATE SCHEMA "other one"')
        op.create_table(
            "in_schema",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("x", sa.Enum("a", "b", name="ab", schema="other one")),
            schema="other one",
        )
        op.add_column("in_schema", sa.Column("y", sa.Integer), schema="other one")
        op.create_index("ix_y", "in_schema", ["y"], schema="other one")
        op.create_foreign_key(
            "fk_out",
            "in_schema",
            "person",
            ["y"],
            ["id"],
            source_schema="other one",
            referent_schema="public",
        )
        op.rename_table("in_schema", "renamed", schema="other one")
    with op.get_context().autocommit_block():
        op.execute("DELETE FROM every_type WHERE id = 20")
    op.execute("UPDATE person SET age = age + 1")


def downgrade():
    if on("postgresql"):
        op.drop_table("renamed", schema="other one")
        op.execute('DROP SCHEMA "other one" CASCADE')
        op.drop_index(
            "ix_later",
            table_name="person",
            postgresql_concurrently=True,
            **if_exists,
        )
