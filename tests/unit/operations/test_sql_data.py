"""Statements and rows: the SQL of each operation on every dialect."""

from __future__ import annotations

import datetime
import decimal
import re
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import CompileError

from tests.support import recorder
from tests.support.sql_cases import DIALECTS
from tests.support.sql_cases import outcome
from tests.support.sql_cases import pinned
from tests.support.sql_cases import wanted

ROWS = sa.table(
    "t", sa.column("id", sa.Integer), sa.column("n", sa.String), sa.column("d", sa.Date)
)


def identity(switch, *columns):
    """Return what lets values for an identity in where one of the columns is it."""
    names = ", ".join(f"'{column}'" for column in columns)
    return (
        "IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = "
        f"OBJECT_ID('t') AND name IN ({names})) SET IDENTITY_INSERT t {switch}"
    )


CASES = {
    "execute": (
        lambda op: op.execute("update t set a=5"),
        {"*": ["update t set a=5"]},
    ),
    "execute_construct": (
        lambda op: op.execute(
            sa.table("t", sa.column("a"))
            .update()
            .where(sa.column("a") == op.inline_literal("x"))
            .values({"a": op.inline_literal(5)})
        ),
        {"*": ["UPDATE t SET a=5 WHERE a = 'x'"]},
    ),
    "execute_construct_bound": (
        lambda op: op.execute(
            sa.table("t", sa.column("a", sa.String)).update().values({"a": "it's"})
        ),
        {"*": ["UPDATE t SET a='it''s'"]},
    ),
    "execute_with_colon": (
        lambda op: op.execute("insert into t values ('{\"a\":true}')"),
        {"*": ["insert into t values ('{\"a\":true}')"]},
    ),
    "execute_with_escaped_colon": (
        lambda op: op.execute("insert into t values ('a\\:b')"),
        {"*": ["insert into t values ('a:b')"]},
    ),
    "execute_text": (
        lambda op: op.execute(sa.text("insert into t values (:x)").bindparams(x=5)),
        {"*": ["insert into t values (5)"]},
    ),
    "execute_percent": (
        lambda op: op.execute("insert into t values ('50%')"),
        {"*": ["insert into t values ('50%')"]},
    ),
    "bulk_insert_insert": (
        lambda op: op.bulk_insert(
            ROWS,
            [
                {"id": 1, "n": "it's", "d": datetime.date(2020, 1, 2)},
                {"id": 2, "n": "b", "d": None},
            ],
        ),
        {
            "*": [
                "INSERT INTO t (id, n, d) VALUES (1, 'it''s', '2020-01-02')",
                "INSERT INTO t (id, n, d) VALUES (2, 'b', NULL)",
            ],
            "mssql": [
                identity("ON", "id", "n", "d"),
                "INSERT INTO t (id, n, d) VALUES (1, 'it''s', '2020-01-02')",
                "INSERT INTO t (id, n, d) VALUES (2, 'b', NULL)",
                identity("OFF", "id", "n", "d"),
            ],
            "oracle": [
                "INSERT INTO t (id, n, d) VALUES (1, 'it''s', TO_DATE('2020-01-02', 'YYYY-MM-DD'))",
                "INSERT INTO t (id, n, d) VALUES (2, 'b', NULL)",
            ],
        },
    ),
    "bulk_insert_single": (
        lambda op: op.bulk_insert(
            sa.table("t", sa.column("id", sa.Integer), sa.column("n", sa.String)),
            [{"id": 1, "n": "a"}, {"id": 2, "n": op.inline_literal("q")}],
            multiinsert=False,
        ),
        {
            "*": [
                "INSERT INTO t (id, n) VALUES (1, 'a')",
                "INSERT INTO t (id, n) VALUES (2, 'q')",
            ],
            "mssql": [
                identity("ON", "id", "n"),
                "INSERT INTO t (id, n) VALUES (1, 'a')",
                "INSERT INTO t (id, n) VALUES (2, 'q')",
                identity("OFF", "id", "n"),
            ],
        },
    ),
    "bulk_insert_empty": (
        lambda op: op.bulk_insert(sa.table("t", sa.column("id", sa.Integer)), []),
        {"*": []},
    ),
    "bulk_insert_table": (
        lambda op: op.bulk_insert(
            op.create_table(
                "t",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("n", sa.String(5), default="zz"),
            ),
            [{"id": 1, "n": "a"}],
        ),
        {
            "*": [
                "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, n VARCHAR(5), PRIMARY KEY (id) )",
                "INSERT INTO t (id, n) VALUES (1, 'a')",
            ],
            "postgresql": [
                "CREATE TABLE t ( id SERIAL NOT NULL, n VARCHAR(5), PRIMARY KEY (id) )",
                "INSERT INTO t (id, n) VALUES (1, 'a')",
            ],
            "mssql": [
                "CREATE TABLE t ( id INTEGER NOT NULL IDENTITY, n VARCHAR(5) NULL, PRIMARY KEY (id) )",
                "SET IDENTITY_INSERT t ON",
                "INSERT INTO t (id, n) VALUES (1, 'a')",
                "SET IDENTITY_INSERT t OFF",
            ],
            "oracle": [
                "CREATE TABLE t ( id INTEGER NOT NULL, n VARCHAR2(5 CHAR), PRIMARY KEY (id) )",
                "INSERT INTO t (id, n) VALUES (1, 'a')",
            ],
            "sqlite": [
                "CREATE TABLE t ( id INTEGER NOT NULL, n VARCHAR(5), PRIMARY KEY (id) )",
                "INSERT INTO t (id, n) VALUES (1, 'a')",
            ],
        },
    ),
    "bulk_insert_table_without_identity": (
        lambda op: op.bulk_insert(
            op.create_table("t", sa.Column("n", sa.String(5), primary_key=True)),
            [{"n": "a"}],
        ),
        {
            "*": [
                "CREATE TABLE t ( n VARCHAR(5) NOT NULL, PRIMARY KEY (n) )",
                "INSERT INTO t (n) VALUES ('a')",
            ],
            "oracle": [
                "CREATE TABLE t ( n VARCHAR2(5 CHAR) NOT NULL, PRIMARY KEY (n) )",
                "INSERT INTO t (n) VALUES ('a')",
            ],
        },
    ),
    "bulk_insert_table_with_and_without_its_identity": (
        lambda op: op.bulk_insert(
            sa.Table(
                "t",
                sa.MetaData(),
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("n", sa.String),
            ),
            [{"n": "a"}, {"id": 7, "n": "b"}, {"n": "c"}],
        ),
        {
            "*": [
                "INSERT INTO t (n) VALUES ('a')",
                "INSERT INTO t (id, n) VALUES (7, 'b')",
                "INSERT INTO t (n) VALUES ('c')",
            ],
            # a row has to bring it while it is let in, and must not otherwise
            "mssql": [
                "INSERT INTO t (n) VALUES ('a')",
                "SET IDENTITY_INSERT t ON",
                "INSERT INTO t (id, n) VALUES (7, 'b')",
                "SET IDENTITY_INSERT t OFF",
                "INSERT INTO t (n) VALUES ('c')",
            ],
        },
    ),
    "bulk_insert_with_python_defaults": (
        lambda op: op.bulk_insert(
            sa.Table(
                "t",
                sa.MetaData(),
                sa.Column("a", sa.String(5), default="it's"),
                sa.Column("b", sa.Integer, default=lambda: 7),
                sa.Column("c", sa.Integer, default=sa.text("1 + 1")),
            ),
            [{}, {"a": "x", "b": None}],
        ),
        {
            "*": [
                "INSERT INTO t (a, b, c) VALUES ('it''s', 7, 1 + 1)",
                "INSERT INTO t (a, b, c) VALUES ('x', NULL, 1 + 1)",
            ],
            "mssql": [
                identity("ON", "a", "b"),
                "INSERT INTO t (a, b, c) VALUES ('it''s', 7, 1 + 1)",
                "INSERT INTO t (a, b, c) VALUES ('x', NULL, 1 + 1)",
                identity("OFF", "a", "b"),
            ],
        },
    ),
    "bulk_insert_with_a_default_that_reads_the_row": (
        lambda op: op.bulk_insert(
            sa.Table(
                "t",
                sa.MetaData(),
                sa.Column("a", sa.Integer),
                sa.Column(
                    "b",
                    sa.Integer,
                    default=lambda context: context.get_current_parameters()["a"],
                ),
            ),
            [{"a": 1}],
        ),
        {"*": "CommandError"},
    ),
    "bulk_insert_of_no_list": (
        lambda op: op.bulk_insert(
            sa.table("t", sa.column("id", sa.Integer)), {"id": 1}
        ),
        {"*": "TypeError"},
    ),
    "bulk_insert_of_no_dicts": (
        lambda op: op.bulk_insert(sa.table("t", sa.column("id", sa.Integer)), [(1,)]),
        {"*": "TypeError"},
    ),
    "bulk_insert_of_common_types": (
        lambda op: op.bulk_insert(
            sa.table(
                "t",
                sa.column("a", sa.DateTime),
                sa.column("b", sa.Numeric),
                sa.column("c", sa.Boolean),
                sa.column("d", sa.Float),
            ),
            [
                {
                    "a": datetime.datetime(2020, 1, 2, 3, 4, 5),
                    "b": decimal.Decimal("1.50"),
                    "c": True,
                    "d": 1.5,
                }
            ],
        ),
        {
            "*": [
                "INSERT INTO t (a, b, c, d) VALUES ('2020-01-02 03:04:05', 1.50, true, 1.5)"
            ],
            "mssql": [
                identity("ON", "a", "b", "c", "d"),
                "INSERT INTO t (a, b, c, d) VALUES ('2020-01-02T03:04:05', 1.50, 1, 1.5)",
                identity("OFF", "a", "b", "c", "d"),
            ],
            "oracle": [
                "INSERT INTO t (a, b, c, d) VALUES (TO_DATE('2020-01-02 03:04:05', 'YYYY-MM-DD HH24:MI:SS'), 1.50, 1, 1.5)"
            ],
            "sqlite": [
                "INSERT INTO t (a, b, c, d) VALUES ('2020-01-02 03:04:05.000000', 1.50, 1, 1.5)"
            ],
        },
    ),
    "inline_date": (
        lambda op: op.execute(
            sa.table("t", sa.column("a"))
            .update()
            .values({"a": op.inline_literal(datetime.date(2020, 1, 2))})
        ),
        {
            "*": ["UPDATE t SET a='2020-01-02'"],
            "oracle": ["UPDATE t SET a=TO_DATE('2020-01-02', 'YYYY-MM-DD')"],
        },
    ),
    "inline_date_as_string": (
        lambda op: op.execute(
            sa.table("t", sa.column("a"))
            .update()
            .values({"a": op.inline_literal("2020-01-02", type_=sa.String)})
        ),
        {"*": ["UPDATE t SET a='2020-01-02'"]},
    ),
}

UUID = uuid.UUID(int=5)
MOMENT = datetime.datetime(2020, 1, 2, 3, 4, 5, 6)
ZONED = MOMENT.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
DAY_AND_MORE = datetime.timedelta(1, 2, 3)


class InUtc(sa.types.TypeDecorator):
    """Keeps moments without a zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None)


class AsBytes(sa.types.TypeDecorator):
    """Keeps words as bytes, and none for none."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.encode() or None


# a type, None for none that is told; a value; how it is written
VALUES = [
    (
        sa.Date(),
        datetime.date(2020, 1, 2),
        {"*": "'2020-01-02'", "oracle": "TO_DATE('2020-01-02', 'YYYY-MM-DD')"},
    ),
    (
        None,
        datetime.date(2020, 1, 2),
        {"*": "'2020-01-02'", "oracle": "TO_DATE('2020-01-02', 'YYYY-MM-DD')"},
    ),
    (sa.Time(), datetime.time(3, 4, 5, 6), {"*": "'03:04:05.000006'"}),
    (
        sa.DateTime(),
        MOMENT,
        {
            "*": "'2020-01-02 03:04:05.000006'",
            # DATETIME takes three digits, and reads a day first in some languages
            "mssql": "CAST('2020-01-02T03:04:05.000006' AS DATETIME2)",
            "oracle": "TO_TIMESTAMP('2020-01-02 03:04:05.000006', 'YYYY-MM-DD HH24:MI:SS.FF')",
        },
    ),
    (
        sa.DateTime(timezone=True),
        ZONED,
        {
            "*": "'2020-01-02 03:04:05.000006+02:00'",
            "mysql": "'2020-01-02 03:04:05.000006'",
            "sqlite": "'2020-01-02 03:04:05.000006'",
            "oracle": "TO_TIMESTAMP_TZ('2020-01-02 03:04:05.000006+02:00', 'YYYY-MM-DD HH24:MI:SS.FF TZH:TZM')",
        },
    ),
    (sa.Numeric(8, 2), decimal.Decimal("1.50"), {"*": "1.50"}),
    (None, decimal.Decimal("1.50"), {"*": "1.50"}),
    (sa.Boolean(), False, {"*": "false", "sqlite": "0", "mssql": "0", "oracle": "0"}),
    (
        sa.LargeBinary(),
        b"\x00'",
        {
            "*": "X'0027'",
            "postgresql": "'\\x0027'::bytea",
            "mssql": "0x0027",
            "oracle": "hextoraw('0027')",
        },
    ),
    (sa.JSON(), {"a": ["it's :b", None]}, {"*": "'{\"a\": [\"it''s :b\", null]}'"}),
    (sa.JSON(), None, {"*": "'null'"}),
    (sa.JSON(none_as_null=True), None, {"*": "NULL"}),
    (sa.String(), None, {"*": "NULL"}),
    (sa.Enum("a", "b"), "b", {"*": "'b'"}),
    (
        InUtc,
        ZONED,
        {
            "*": "'2020-01-02 01:04:05.000006'",
            "mssql": "CAST('2020-01-02T01:04:05.000006' AS DATETIME2)",
            "oracle": "TO_TIMESTAMP('2020-01-02 01:04:05.000006', 'YYYY-MM-DD HH24:MI:SS.FF')",
        },
    ),
    (
        AsBytes,
        "a'",
        {
            "*": "X'6127'",
            "postgresql": "'\\x6127'::bytea",
            "mssql": "0x6127",
            "oracle": "hextoraw('6127')",
        },
    ),
    (AsBytes, "", {"*": "NULL"}),
    (sa.Float(), float("-inf"), {"postgresql": "'-inf'"}),
    (sa.Numeric(), decimal.Decimal("Infinity"), {"postgresql": "'Infinity'"}),
    (
        sa.Interval(),
        DAY_AND_MORE,
        {
            "*": "'1970-01-02 00:00:02.000003'",
            "mssql": "CAST('1970-01-02T00:00:02.000003' AS DATETIME2)",
            "postgresql": "'1 days 2.000003 seconds'::interval",
            "oracle": "NUMTODSINTERVAL(86402.000003, 'SECOND')",
        },
    ),
    (None, UUID, {"postgresql": f"'{UUID}'"}),
    (postgresql.ARRAY(sa.Text), [], {"postgresql": "ARRAY[]::TEXT[]"}),
    (
        postgresql.ARRAY(sa.Date),
        [datetime.date(2020, 1, 2), None],
        {"postgresql": "ARRAY['2020-01-02', NULL]::DATE[]"},
    ),
    (
        sa.ARRAY(sa.Integer, dimensions=2),
        [[1, 2], [3, 4]],
        {"postgresql": "ARRAY[ARRAY[1, 2], ARRAY[3, 4]]::INTEGER[][]"},
    ),
]


@pytest.mark.parametrize(
    ("dialect", "type_", "value", "text"),
    [
        (dialect, type_, value, texts.get(dialect, texts.get("*")))
        for type_, value, texts in VALUES
        for dialect in recorder.DIALECTS
        if dialect in texts or "*" in texts
    ],
)
def test_values_in_a_script(dialect, type_, value, text):
    """A value is written as it would arrive through a driver, on every SQLAlchemy."""
    script = recorder.Recorder(dialect)
    table = sa.table("t", sa.column("x", type_))
    script.op.execute(table.update().values(x=value))
    script.op.bulk_insert(table, [{"x": value}])
    # older ones write N before what is Unicode, and a cast of their own
    written = [
        re.sub(r"N(?=')|(::\w+(\[\])+)(?=\1)", "", statement)
        for statement in script.statements
        if "IDENTITY_INSERT" not in statement
    ]
    assert written == [f"UPDATE t SET x={text}", f"INSERT INTO t (x) VALUES ({text})"]


@pytest.mark.parametrize("type_", [sa.String(), sa.Enum("日本", "a"), None])
def test_sql_server_is_told_of_unicode(type_):
    """Without N the code page of the database decides what is left of a text."""
    script = recorder.Recorder("mssql")
    table = sa.table("t", sa.column("x", type_))
    script.op.execute(table.update().values(x="日本"))
    script.op.execute(table.update().values(x=script.op.inline_literal("日本")))
    assert script.statements == ["UPDATE t SET x=N'日本'"] * 2


@pytest.mark.parametrize("value", [{"a": 1}, object()])
def test_values_of_unknown_types_are_refused(value):
    """What a column without a type cannot say is an error, and the answer to it."""
    script = recorder.Recorder("postgresql", literal_binds=True)
    with pytest.raises(CompileError, match="give its column a type"):
        script.op.bulk_insert(sa.table("t", sa.column("x")), [{"x": value}])


@pinned
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CASES)
def test_sql_of_data(name, dialect):
    """What is written for the dialect is what its database understands."""
    call, expected = CASES[name]
    assert outcome(dialect, call) == wanted(expected, dialect)
