"""batches: ALTER where the database can, a new table where it cannot"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "r05"
down_revision = "r04"


def upgrade():
    op.create_table(
        "member",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, server_default="x"),
        sa.Column("n", sa.Integer),
        sa.Column("old", sa.Integer),
        sa.CheckConstraint("n > 0", name="ck_n"),
        sa.UniqueConstraint("name", name="uq_name"),
    )
    op.create_index("ix_n", "member", ["n"])
    op.execute("INSERT INTO member (id, name, n) VALUES (1, 'a', 5), (2, 'it''s', 6)")
    with op.batch_alter_table("member", copy_from=_member()) as batch_op:
        batch_op.add_column(sa.Column("born", sa.Date, server_default="2020-01-02"))
        batch_op.drop_column("old")
        batch_op.alter_column(
            "name",
            type_=sa.String(40),
            nullable=True,
            existing_type=sa.String(20),
            existing_server_default="x",
        )
        batch_op.drop_constraint("ck_n", type_="check")
        batch_op.create_check_constraint("ck_more", "n > 1")
        batch_op.drop_constraint("uq_name", type_="unique")
        batch_op.create_unique_constraint("uq_both", ["name", "n"])
        batch_op.drop_index("ix_n")
        batch_op.create_index("ix_name", ["name"])
    if op.get_context().dialect.name == "sqlite":
        with op.batch_alter_table(
            "member", copy_from=_changed(), recreate="always"
        ) as batch_op:
            batch_op.create_foreign_key("fk_p", "person", ["n"], ["id"])
            batch_op.alter_column("n", new_column_name="m")
    else:
        op.execute("UPDATE member SET n = 2")
        with op.batch_alter_table("member") as batch_op:
            batch_op.create_foreign_key("fk_p", "person", ["n"], ["id"])
            batch_op.alter_column("n", new_column_name="m", existing_type=sa.Integer())


def _member():
    return sa.Table(
        "member",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, server_default="x"),
        sa.Column("n", sa.Integer),
        sa.Column("old", sa.Integer),
        sa.CheckConstraint("n > 0", name="ck_n"),
        sa.UniqueConstraint("name", name="uq_name"),
        sa.Index("ix_n", "n"),
    )


def _changed():
    return sa.Table(
        "member",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(40), server_default="x"),
        sa.Column("n", sa.Integer),
        sa.Column("born", sa.Date, server_default="2020-01-02"),
        sa.CheckConstraint("n > 1", name="ck_more"),
        sa.UniqueConstraint("name", "n", name="uq_both"),
        sa.Index("ix_name", "name"),
    )


def downgrade():
    op.drop_table("member")
