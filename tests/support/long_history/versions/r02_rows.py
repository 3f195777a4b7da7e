"""rows: values of every type, statements, text with colons"""

from __future__ import annotations

import datetime
import decimal
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from tests.support.long_history import has_uuid
from tests.support.long_history import on
from tests.support.long_history import words

revision = "r02"
down_revision = "r01"

EVERY = sa.table(
    "every_type",
    sa.column("id", sa.Integer),
    sa.column("small", sa.SmallInteger),
    sa.column("big", sa.BigInteger),
    sa.column("amount", sa.Numeric(12, 3)),
    sa.column("ratio", sa.Float),
    sa.column("flag", sa.Boolean),
    sa.column("off", sa.Boolean),
    sa.column("name", sa.String(200)),
    sa.column("day", sa.Date),
    sa.column("clock", sa.Time),
    sa.column("moment", sa.DateTime),
    sa.column("made", sa.DateTime),
    sa.column("color", sa.Enum("red", "gr'een", "sea;blue", name="color")),
    sa.column("lines", sa.Text),
    sa.column("raw", sa.LargeBinary),
    sa.column("doc", sa.JSON),
)
MADE = datetime.datetime(2021, 1, 2, 3, 4, 5)


def upgrade():
    op.bulk_insert(
        EVERY,
        [
            {
                "id": 1,
                "small": -5,
                "big": 2**40,
                "amount": decimal.Decimal("-12.345"),
                "ratio": 1e-3,
                "flag": True,
                "off": None,
                "name": words(),
                "day": datetime.date(1999, 12, 31),
                "clock": datetime.time(23, 59, 58),
                "moment": datetime.datetime(1999, 12, 31, 23, 59, 58),
                "made": MADE,
                "color": "sea;blue",
                "lines": f"{words()}\n\n{words()}",
                "raw": b"\x00\xff'\"\\;\n",
                "doc": {"a": [1, 2.5, None, 'it\'s :x \\ "q"'], "é": {}},
            },
            {
                "id": 2,
                "small": 0,
                "big": -1,
                "amount": decimal.Decimal("0"),
                "ratio": -2.5,
                "flag": False,
                "off": True,
                "name": "",
                "day": datetime.date(2000, 2, 29),
                "clock": datetime.time(0),
                "moment": None,
                "made": MADE,
                "color": "gr'een",
                "lines": None,
                "raw": b"",
                "doc": [],
            },
        ],
    )
    # what is not named gets its default
    op.bulk_insert(EVERY, [{"id": 3, "made": MADE}, {"id": 4, "made": MADE}])
    op.bulk_insert(
        EVERY,
        [
            {"id": 5, "made": MADE, "name": op.inline_literal("in'line")},
            {"id": 6, "made": MADE, "small": sa.literal_column("1 + 2")},
        ],
        multiinsert=False,
    )
    op.bulk_insert(EVERY, [])
    op.execute(
        "INSERT INTO every_type (id, made, name, doc) VALUES "
        "(7, '2021-01-02 03:04:05', 'a:b 12:30 ::c 100%', '{\"a\":true}')"
    )
    op.execute(
        EVERY.update()
        .where(EVERY.c.id == op.inline_literal(4))
        .values(
            name=words() + "!",
            amount=decimal.Decimal("9.999"),
            day=datetime.date(1970, 1, 1),
            clock=datetime.time(12, 30),
            moment=datetime.datetime(1970, 1, 1),
            raw=b"\x01",
            doc={"b": ":c"},
            flag=False,
        )
    )
    op.execute(
        sa.text("UPDATE every_type SET name = :name WHERE id IN (:a, :b)").bindparams(
            name=words() + "?", a=3, b=5
        )
    )
    op.execute(
        EVERY.update().where(EVERY.c.name.like("%\\%%")).values(big=EVERY.c.big + 1)
    )
    op.execute(EVERY.delete().where(EVERY.c.day == datetime.date(2000, 2, 29)))
    if has_uuid:
        table = sa.table(
            "uuids",
            sa.column("id", sa.Uuid),
            sa.column("plain", sa.Uuid(native_uuid=False)),
        )
        op.bulk_insert(
            table,
            [
                {"id": uuid.UUID(int=n), "plain": uuid.UUID(int=2**90 + n)}
                for n in (1, 2)
            ],
        )
    if on("postgresql"):
        _postgresql()
    if on("mysql"):
        op.execute(
            "INSERT INTO every_mysql (id, kind, exact, much, touched) VALUES "
            "(1, 'a,bc', '2020-01-02 03:04:05.678901', 'x\\\\y', '2020-01-02 03:04:05')"
        )


def _postgresql():
    zone = datetime.timezone(datetime.timedelta(hours=2))
    table = sa.table(
        "every_postgresql",
        sa.column("id", sa.BigInteger),
        sa.column("tags", postgresql.ARRAY(sa.Text)),
        sa.column("doc", postgresql.JSONB),
        sa.column("span", sa.Interval),
        sa.column("zoned", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(
        table,
        [
            {
                "id": 1,
                "tags": ["a", "it's", 'q"q', "back\\slash"],
                "doc": {"k": "it's :x"},
                "span": datetime.timedelta(days=1, seconds=5),
                "zoned": datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=zone),
            },
            {"id": 2, "tags": [], "doc": None, "span": None, "zoned": None},
        ],
    )


def downgrade():
    if has_uuid:
        op.execute("DELETE FROM uuids")
    op.execute(EVERY.delete())
