"""a table with every common type, each with a default"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from alembic import op
from tests.support.long_history import has_uuid
from tests.support.long_history import on
from tests.support.long_history import words

revision = "r01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    now = sa.func.now()
    op.create_table(
        "every_type",
        sa.Column("id", sa.Integer, primary_key=True, comment="counts"),
        sa.Column("small", sa.SmallInteger, server_default="-3"),
        sa.Column("big", sa.BigInteger, server_default=sa.text("9000000000")),
        sa.Column("amount", sa.Numeric(12, 3), server_default=sa.literal(1.5)),
        sa.Column("ratio", sa.Float, server_default="0.25", nullable=False),
        sa.Column("flag", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("off", sa.Boolean, server_default=sa.false()),
        sa.Column("name", sa.String(200), server_default=words(), comment=words()),
        sa.Column("wide", sa.Unicode(20), server_default="é漢"),
        sa.Column("fixed", sa.CHAR(3), server_default=""),
        sa.Column("day", sa.Date, server_default="2020-02-29"),
        sa.Column("clock", sa.Time, server_default="03:04:05"),
        sa.Column("moment", sa.DateTime, server_default="2020-02-29 03:04:05"),
        sa.Column("made", sa.DateTime, server_default=now, nullable=False),
        sa.Column("color", _color(), server_default="gr'een"),
        sa.Column("lines", sa.Text),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("doc", sa.JSON),
        sa.CheckConstraint("small < 100", name="ck_small"),
        sa.UniqueConstraint("id", "day", name="uq_day"),
        comment=f"holds {words()}",
    )
    if has_uuid:
        op.create_table(
            "uuids",
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("plain", sa.Uuid(native_uuid=False)),
        )
    if on("postgresql"):
        op.create_table(
            "every_postgresql",
            sa.Column("id", sa.BigInteger, primary_key=True),
            sa.Column("tags", postgresql.ARRAY(sa.Text), server_default="{}"),
            sa.Column("doc", postgresql.JSONB, server_default='{"a": [1, ":b"]}'),
            sa.Column("span", postgresql.INTERVAL, server_default="1 day"),
            sa.Column("zoned", sa.DateTime(timezone=True)),
            sa.Column("address", postgresql.INET, server_default="127.0.0.1"),
            sa.Column("exact", postgresql.TIMESTAMP(precision=3)),
            sa.Column("double", postgresql.DOUBLE_PRECISION),
            sa.Column("bits", postgresql.BIT(4), server_default=sa.text("B'1010'")),
        )
    if on("mysql"):
        op.create_table(
            "every_mysql",
            sa.Column("id", mysql.INTEGER(unsigned=True), primary_key=True),
            sa.Column("kind", mysql.SET("a", "bc")),
            sa.Column("exact", mysql.DATETIME(fsp=6)),
            sa.Column("year", mysql.YEAR, server_default="2020"),
            sa.Column("much", mysql.MEDIUMTEXT(collation="utf8mb4_bin")),
            sa.Column("blob", mysql.LONGBLOB),
            sa.Column("bits", mysql.BIT(4), server_default=sa.text("b'1010'")),
            sa.Column(
                "touched",
                mysql.TIMESTAMP(fsp=3),
                nullable=False,
                server_default=sa.text(
                    "current_timestamp(3) ON UPDATE current_timestamp(3)"
                ),
            ),
            comment="it's",
            mysql_engine="InnoDB",
            mysql_charset="latin1",
            mariadb_engine="InnoDB",
            mariadb_charset="latin1",
        )


def downgrade():
    if on("mysql"):
        op.drop_table("every_mysql")
    if on("postgresql"):
        op.drop_table("every_postgresql")
    if has_uuid:
        op.drop_table("uuids")
    op.drop_table("every_type")
    if on("postgresql"):
        op.execute("DROP TYPE color")


def _color():
    return sa.Enum(
        "red", "gr'een", "sea;blue", name="color", create_constraint=on("sqlite")
    )
