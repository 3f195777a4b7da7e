"""columns and constraints changed in place, where the database can"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from alembic import op
from tests.support.long_history import has_identity
from tests.support.long_history import on
from tests.support.long_history import words

revision = "r04"
down_revision = "r03"


def upgrade():
    op.add_column("person", sa.Column("note", sa.String(120), server_default=words()))
    op.add_column(
        "person",
        sa.Column("rank", sa.Integer, index=True, comment="it's"),
    )
    op.add_column("gone", sa.Column("x", sa.Integer))
    op.drop_column("gone", "x")
    if on("sqlite"):
        return
    op.add_column(
        "person",
        sa.Column(
            "mate_id",
            sa.Integer,
            sa.ForeignKey("person.id", name="fk_mate", ondelete="CASCADE"),
            unique=True,
        ),
    )
    op.add_column(
        "person",
        sa.Column("score", sa.Integer, sa.CheckConstraint("score > 1", name="ck_s")),
    )
    told = {
        "existing_type": sa.String(30),
        "existing_nullable": True,
        "existing_server_default": None,
    }
    op.alter_column("person", "town", type_=sa.String(60), **told)
    told["existing_type"] = sa.String(60)
    op.execute("UPDATE person SET town = 'x' WHERE town IS NULL")
    op.alter_column("person", "town", nullable=False, **told)
    told["existing_nullable"] = False
    op.alter_column("person", "town", server_default=words(), **told)
    told["existing_server_default"] = words()
    op.alter_column("person", "town", comment=words(), **told)
    told["existing_comment"] = words()
    op.alter_column("person", "town", new_column_name="city", **told)
    op.alter_column(
        "person",
        "city",
        new_column_name="place",
        type_=sa.String(90),
        nullable=True,
        server_default=None,
        comment=None,
        **told,
    )
    op.alter_column(
        "person",
        "age",
        type_=sa.BigInteger(),
        server_default=sa.text("1 + 1"),
        existing_type=sa.Integer(),
        existing_nullable=True,
        existing_server_default="0",
    )
    op.drop_constraint("uq_person", "person", type_="unique")
    op.create_unique_constraint("uq_place", "person", ["place", "name"])
    op.drop_constraint("ck_person_age", "person", type_="check")
    op.create_check_constraint("ck_age", "person", "age between 0 and 200")
    op.drop_constraint("fk_person_boss", "person", type_="foreignkey")
    op.create_foreign_key(
        "fk_boss", "person", "person", ["boss_id"], ["id"], onupdate="CASCADE"
    )
    op.create_table("keyed", sa.Column("a", sa.Integer, nullable=False))
    op.create_primary_key("pk_keyed", "keyed", ["a"])
    op.create_table_comment("keyed", words())
    op.create_table_comment("person", "old")
    op.drop_table_comment("person", existing_comment="old")
    op.rename_table("keyed", "locked")
    if on("postgresql"):
        _postgresql()
    if on("mysql"):
        _mysql()


def _postgresql():
    op.execute("UPDATE every_type SET name = id::text")
    op.alter_column("every_type", "name", server_default=None)
    op.alter_column(
        "every_type",
        "name",
        type_=sa.Integer(),
        existing_type=sa.String(200),
        postgresql_using="name::integer + 1",
    )
    op.add_column("gone", sa.Column("y", sa.Integer), if_not_exists=True)
    op.add_column("gone", sa.Column("y", sa.Integer), if_not_exists=True)
    op.drop_column("gone", "y", if_exists=True)
    op.drop_column("gone", "y", if_exists=True)
    op.create_unique_constraint(
        "uq_late", "gone", ["id"], deferrable=True, initially="DEFERRED"
    )
    op.create_foreign_key(
        "fk_match",
        "gone",
        "person",
        ["id"],
        ["id"],
        match="FULL",
        deferrable=True,
        initially="IMMEDIATE",
    )
    if has_identity:
        serial = sa.text("nextval('counted_id_seq'::regclass)")
        op.alter_column(
            "counted",
            "id",
            existing_type=sa.Integer(),
            server_default=sa.Identity(),
            existing_server_default=serial,
            existing_autoincrement=True,
        )
        op.execute("INSERT INTO counted (x) VALUES (9)")
        op.alter_column(
            "counted",
            "id",
            existing_type=sa.Integer(),
            server_default=sa.Identity(always=True, increment=3),
            existing_server_default=sa.Identity(),
        )


def _mysql():
    op.alter_column(
        "every_mysql",
        "exact",
        type_=mysql.DATETIME(fsp=3),
        existing_type=mysql.DATETIME(fsp=6),
        existing_nullable=True,
    )
    op.alter_column(
        "every_mysql",
        "touched",
        existing_type=mysql.TIMESTAMP(fsp=3),
        existing_nullable=False,
        existing_server_default=sa.text(
            "current_timestamp(3) ON UPDATE current_timestamp(3)"
        ),
        comment="kept",
    )
    op.alter_column(
        "counted",
        "id",
        type_=sa.BigInteger(),
        existing_type=sa.Integer(),
        existing_nullable=False,
        existing_autoincrement=True,
    )


def downgrade():
    op.drop_index("ix_person_rank", table_name="person")
    op.drop_column("person", "rank")
    op.drop_column("person", "note")
    if on("sqlite"):
        return
    op.drop_table("locked")
    op.drop_constraint("fk_boss", "person", type_="foreignkey")
    op.drop_constraint("ck_age", "person", type_="check")
    op.drop_constraint("uq_place", "person", type_="unique")
    op.alter_column(
        "person",
        "age",
        type_=sa.Integer(),
        server_default="0",
        existing_type=sa.BigInteger(),
        existing_nullable=True,
        existing_server_default=sa.text("1 + 1"),
    )
    op.alter_column(
        "person",
        "place",
        new_column_name="town",
        type_=sa.String(30),
        existing_type=sa.String(90),
        existing_nullable=True,
        existing_server_default=None,
    )
    op.create_unique_constraint("uq_person", "person", ["name", "town"])
    op.create_check_constraint("ck_person_age", "person", "age >= 0")
    op.create_foreign_key("fk_person_boss", "person", "person", ["boss_id"], ["id"])
    op.drop_constraint("fk_mate", "person", type_="foreignkey")
    if on("mysql"):
        op.drop_constraint("mate_id", "person", type_="unique")
    op.drop_column("person", "mate_id")
    op.drop_column("person", "score")
    if on("postgresql"):
        op.drop_constraint("fk_match", "gone", type_="foreignkey")
        op.drop_constraint("uq_late", "gone", type_="unique")
        if has_identity:
            op.alter_column(
                "counted",
                "id",
                existing_type=sa.Integer(),
                server_default=None,
                existing_server_default=sa.Identity(always=True, increment=3),
                autoincrement=True,
            )
