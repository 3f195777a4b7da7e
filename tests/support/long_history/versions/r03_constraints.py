"""tables that refer to each other, with constraints and indexes of all kinds"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from tests.support.long_history import has_computed
from tests.support.long_history import has_identity
from tests.support.long_history import if_exists
from tests.support.long_history import if_not_exists
from tests.support.long_history import on
from tests.support.versions import has

revision = "r03"
down_revision = "r02"


def upgrade():
    person = op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, server_default="no 'one'"),
        sa.Column("town", sa.String(30)),
        sa.Column("age", sa.Integer, server_default="0"),
        sa.Column("boss_id", sa.Integer),
        sa.UniqueConstraint("name", "town", name="uq_person"),
        sa.CheckConstraint("age >= 0", name="ck_person_age"),
        sa.ForeignKeyConstraint(["boss_id"], ["person.id"], name="fk_person_boss"),
        sa.Index("ix_person_town", "town"),
    )
    op.bulk_insert(
        person,
        [
            {"id": 1, "name": "ann", "town": "here", "age": 30, "boss_id": None},
            {"id": 2, "name": "bob", "town": "there", "age": 40, "boss_id": 1},
        ],
    )
    op.create_table(
        "Order Line",
        sa.Column("order", sa.Integer, primary_key=True),
        sa.Column("line no", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, index=True),
        sa.Column("a%b", sa.String(9), unique=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk line",
            onupdate="CASCADE",
            ondelete="SET NULL",
        ),
        sa.CheckConstraint('"line no" > 0' if not on("mysql") else "`line no` > 0"),
    )
    op.create_table(
        "counted",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("x", sa.Integer),
        *(
            [sa.Column("twice", sa.Integer, sa.Computed("x * 2"))]
            if _computes()
            else []
        ),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO counted (x) VALUES (7), (8)")
    for _ in range(2 if if_not_exists else 1):
        op.create_table("gone", sa.Column("id", sa.Integer), **if_not_exists)
    op.create_index("ix_person_age", "person", ["age", sa.text("name DESC")])
    op.create_index("uq ix", "Order Line", ["a%b", "person_id"], unique=True)
    op.create_index("ix_gone", "gone", ["id"], **if_not_exists)
    if on("sqlite", "postgresql"):
        op.create_index("ix_lower", "person", [sa.text("lower(name)")])
        op.create_index(
            "ix_some",
            "person",
            ["town"],
            sqlite_where=sa.text("age > 5 AND town <> ':x'"),
            postgresql_where=sa.text("age > 5 AND town <> ':x'"),
        )
    if on("mysql"):
        op.create_index(
            "ix_prefix", "person", ["name"], mysql_length=7, mariadb_length=7
        )
        op.create_index(
            "ix_text",
            "every_type",
            ["lines"],
            mysql_prefix="FULLTEXT",
            mariadb_prefix="FULLTEXT",
        )
    if on("postgresql"):
        include = {"postgresql_include": ["age"]} if has("1.4") else {}
        op.create_index("ix_include", "person", ["town"], **include)
        op.create_index(
            "ix_gin",
            "every_postgresql",
            ["doc"],
            postgresql_using="gin",
            postgresql_ops={"doc": "jsonb_path_ops"},
        )
        op.create_table(
            "booking",
            sa.Column("id", sa.Integer, sa.Identity(always=True, start=5))
            if has_identity
            else sa.Column("id", sa.Integer),
            sa.Column("room", sa.Integer),
            sa.Column("during", postgresql.TSRANGE),
            sa.PrimaryKeyConstraint("id", deferrable=True, initially="DEFERRED"),
        )
        op.create_exclude_constraint(
            "no_overlap", "booking", ("during", "&&"), using="gist", where="room > 0"
        )


def _computes():
    return has_computed


def downgrade():
    if on("postgresql"):
        op.drop_table("booking")
        op.drop_index("ix_gin", table_name="every_postgresql")
    if on("mysql"):
        op.drop_index("ix_text", table_name="every_type")
    op.drop_index("ix_gone", table_name="gone", **if_exists)
    for _ in range(2 if if_exists else 1):
        op.drop_table("gone", **if_exists)
    op.drop_table("counted")
    op.drop_table("Order Line")
    op.drop_table("person")
