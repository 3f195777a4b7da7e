"""What SQLAlchemy creates from a model, autogenerate takes for that model."""

from __future__ import annotations

import enum
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Tuple

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from tests.support.convergence import generate
from tests.support.convergence import model
from tests.support.convergence import run
from tests.support.versions import has
from tests.support.versions import needs
from tests.support.versions import reason

if not has("2.0"):
    # the tables below are made of types that are new in it
    pytest.skip(reason("2.0"), allow_module_level=True)

S, P, M = "sqlite", "postgresql", "mariadb"
ALL = (S, P, M)


class Color(enum.Enum):
    """An enumeration of Python."""

    red = 1
    green = 2


class Upper(sa.TypeDecorator):
    """A type of the program's own."""

    impl = sa.String(30)
    cache_ok = True


def id_column() -> sa.Column:
    return sa.Column("id", sa.Integer, primary_key=True)


def column(*args: Any, **kw: Any) -> Callable[[sa.MetaData], None]:
    def build(metadata: sa.MetaData) -> None:
        sa.Table("t", metadata, id_column(), sa.Column("a", *args, **kw))

    return build


def table(*make: Callable[[], Any], **kw: Any) -> Callable[[sa.MetaData], None]:
    def build(metadata: sa.MetaData) -> None:
        sa.Table("t", metadata, *[item() for item in make], **kw)

    return build


TYPES: List[Tuple[str, Tuple[str, ...], Any]] = [
    ("integer", ALL, sa.Integer()),
    ("smallinteger", ALL, sa.SmallInteger()),
    ("biginteger", ALL, sa.BigInteger()),
    ("INT", ALL, sa.INT()),
    ("string", (S, P), sa.String()),
    ("string50", ALL, sa.String(50)),
    ("unicode", ALL, sa.Unicode(50)),
    ("char", ALL, sa.CHAR(3)),
    ("nvarchar", (S, M), sa.NVARCHAR(9)),
    ("text", ALL, sa.Text()),
    ("unicodetext", ALL, sa.UnicodeText()),
    ("boolean", ALL, sa.Boolean()),
    ("boolean check", ALL, sa.Boolean(create_constraint=True, name="ck_bool")),
    ("numeric", ALL, sa.Numeric()),
    ("numeric 10 2", ALL, sa.Numeric(10, 2)),
    ("numeric 10", ALL, sa.Numeric(10)),
    ("decimal", ALL, sa.DECIMAL(12, 4)),
    ("float", ALL, sa.Float()),
    ("float 10", ALL, sa.Float(10)),
    ("float 53", ALL, sa.Float(53)),
    ("double", ALL, sa.Double()),
    ("real", ALL, sa.REAL()),
    ("date", ALL, sa.Date()),
    ("datetime", ALL, sa.DateTime()),
    ("datetime tz", ALL, sa.DateTime(timezone=True)),
    ("time", ALL, sa.Time()),
    ("time tz", ALL, sa.Time(timezone=True)),
    ("timestamp", ALL, sa.TIMESTAMP()),
    ("interval", ALL, sa.Interval()),
    ("binary", ALL, sa.LargeBinary()),
    ("binary 20", ALL, sa.LargeBinary(20)),
    ("pickle", ALL, sa.PickleType()),
    ("json", ALL, sa.JSON()),
    ("uuid", ALL, sa.Uuid()),
    ("uuid text", ALL, sa.Uuid(native_uuid=False)),
    ("enum strings", ALL, sa.Enum("a", "b c", "it's", name="strings")),
    ("enum class", ALL, sa.Enum(Color)),
    ("enum text", ALL, sa.Enum("a", "bcd", native_enum=False)),
    (
        "enum check",
        ALL,
        sa.Enum("a", "b", native_enum=False, create_constraint=True, name="ck_enum"),
    ),
    ("decorated", ALL, Upper()),
    (
        "variant",
        ALL,
        sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
    ),
    ("collation", (S,), sa.String(20, collation="NOCASE")),
    ("collation", (P,), sa.String(20, collation="C")),
    ("collation", (M,), mysql.VARCHAR(20, collation="utf8mb4_bin")),
    ("charset", (M,), mysql.VARCHAR(20, charset="latin1")),
    ("jsonb", (P,), postgresql.JSONB()),
    ("array", (P,), postgresql.ARRAY(sa.Integer)),
    ("array 2", (P,), postgresql.ARRAY(sa.String(20), dimensions=2)),
    ("array enum", (P,), postgresql.ARRAY(postgresql.ENUM("x", "y", name="xy"))),
    ("inet", (P,), postgresql.INET()),
    ("cidr", (P,), postgresql.CIDR()),
    ("macaddr", (P,), postgresql.MACADDR()),
    ("money", (P,), postgresql.MONEY()),
    ("bit", (P,), postgresql.BIT(5)),
    ("bit varying", (P,), postgresql.BIT(5, varying=True)),
    ("bytea", (P,), postgresql.BYTEA()),
    ("tsvector", (P,), postgresql.TSVECTOR()),
    ("oid", (P,), postgresql.OID()),
    ("range", (P,), postgresql.INT4RANGE()),
    ("timestamp 3", (P,), postgresql.TIMESTAMP(precision=3)),
    ("timestamp 3 tz", (P,), postgresql.TIMESTAMP(True, 3)),
    ("time 2", (P,), postgresql.TIME(precision=2)),
    ("interval fields", (P,), postgresql.INTERVAL(fields="DAY TO SECOND")),
    ("interval precision", (P,), postgresql.INTERVAL(precision=3)),
    ("pg enum", (P,), postgresql.ENUM("a", "b", name="pgenum")),
    ("domain", (P,), postgresql.DOMAIN("dom", sa.Integer, check="VALUE > 0")),
    ("double precision", (P,), postgresql.DOUBLE_PRECISION()),
    ("citext-like name", (P,), postgresql.REGCLASS()),
    ("tinyint", (M,), mysql.TINYINT()),
    ("tinyint 1", (M,), mysql.TINYINT(1)),
    ("mediumint", (M,), mysql.MEDIUMINT()),
    ("unsigned", (M,), mysql.INTEGER(unsigned=True)),
    ("unsigned zerofill", (M,), mysql.INTEGER(unsigned=True, zerofill=True)),
    ("bigint unsigned", (M,), mysql.BIGINT(unsigned=True)),
    ("int display", (M,), mysql.INTEGER(11)),
    ("decimal unsigned", (M,), mysql.DECIMAL(10, 2, unsigned=True)),
    ("mysql double", (M,), mysql.DOUBLE()),
    ("double 10 2", (M,), mysql.DOUBLE(10, 2)),
    ("mysql float", (M,), mysql.FLOAT(10, 2)),
    ("datetime 6", (M,), mysql.DATETIME(fsp=6)),
    ("timestamp 3", (M,), mysql.TIMESTAMP(fsp=3)),
    ("time 6", (M,), mysql.TIME(fsp=6)),
    ("year", (M,), mysql.YEAR()),
    ("bit", (M,), mysql.BIT(5)),
    ("mysql enum", (M,), mysql.ENUM("a", "it's", "b")),
    ("set", (M,), mysql.SET("a", "b")),
    ("tinytext", (M,), mysql.TINYTEXT()),
    ("mediumtext", (M,), mysql.MEDIUMTEXT()),
    ("longtext", (M,), mysql.LONGTEXT()),
    ("blob", (M,), mysql.BLOB()),
    ("longblob", (M,), mysql.LONGBLOB()),
    ("varbinary", (M,), sa.VARBINARY(20)),
    ("mysql json", (M,), mysql.JSON()),
    ("BIGINT", ALL, sa.BIGINT()),
    ("BINARY", (S, M), sa.BINARY(20)),
    ("BLOB", (S, M), sa.BLOB()),
    ("BOOLEAN", ALL, sa.BOOLEAN()),
    ("CLOB", (S,), sa.CLOB()),
    ("DATE", ALL, sa.DATE()),
    ("DATETIME", (S, M), sa.DATETIME()),
    ("DOUBLE", (S, M), sa.DOUBLE()),
    ("DOUBLE_PRECISION", ALL, sa.DOUBLE_PRECISION()),
    ("FLOAT", ALL, sa.FLOAT()),
    ("FLOAT 20", ALL, sa.FLOAT(20)),
    ("NCHAR", (S, M), sa.NCHAR(7)),
    ("NUMERIC", ALL, sa.NUMERIC(9, 3)),
    ("NUMERIC 0", ALL, sa.NUMERIC(9, 0)),
    ("SMALLINT", ALL, sa.SMALLINT()),
    ("TEXT", ALL, sa.TEXT()),
    ("TEXT 100", (S, M), sa.TEXT(100)),
    ("TIME", ALL, sa.TIME()),
    ("UUID", ALL if has("2.1") else (P,), sa.UUID()),
    ("VARBINARY", (S,), sa.VARBINARY(20)),
    ("VARCHAR", ALL, sa.VARCHAR(33)),
    ("interval arguments", ALL, sa.Interval(second_precision=3, day_precision=2)),
    ("sqlite DATE", (S,), sqlite.DATE()),
    ("sqlite DATETIME", (S,), sqlite.DATETIME()),
    ("sqlite TIME", (S,), sqlite.TIME()),
    ("sqlite JSON", (S,), sqlite.JSON()),
    ("pg JSON", (P,), postgresql.JSON()),
    ("pg UUID", (P,), postgresql.UUID(as_uuid=False)),
    ("array of text", (P,), postgresql.ARRAY(sa.Text)),
    ("array of numeric", (P,), sa.ARRAY(sa.Numeric(10, 2))),
    ("array of timestamptz", (P,), sa.ARRAY(sa.DateTime(timezone=True))),
    ("domain not null", (P,), postgresql.DOMAIN("domn", sa.Integer, not_null=True)),
    ("array of domain", (P,), postgresql.ARRAY(postgresql.DOMAIN("doms", sa.Text))),
    ("bit 1", (P,), postgresql.BIT()),
    ("bit varying any", (P,), postgresql.BIT(varying=True)),
    ("time 2 tz", (P,), postgresql.TIME(True, 2)),
    ("interval year", (P,), postgresql.INTERVAL(fields="YEAR TO MONTH")),
    ("domain text", (P,), postgresql.DOMAIN("domt", sa.String(9), default="x")),
    ("domain collation", (P,), postgresql.DOMAIN("domc", sa.Text, collation="C")),
    ("enum other schema", (P,), postgresql.ENUM("a", name="pe", schema="public")),
    ("mysql CHAR", (M,), mysql.CHAR(9, collation="latin1_bin")),
    ("mysql CHAR ascii", (M,), mysql.CHAR(9, ascii=True)),
    ("mysql BINARY", (M,), sa.BINARY()),
    ("mysql NCHAR", (M,), mysql.NCHAR(9)),
    ("mysql NVARCHAR", (M,), mysql.NVARCHAR(9)),
    ("mysql TEXT", (M,), mysql.TEXT()),
    ("mysql NUMERIC", (M,), mysql.NUMERIC(9, 2, unsigned=True)),
    ("mysql DECIMAL 0", (M,), mysql.DECIMAL(9)),
    ("mysql REAL", (M,), mysql.REAL(9, 2)),
    ("mysql SMALLINT", (M,), mysql.SMALLINT(unsigned=True)),
    ("mysql TINYINT unsigned", (M,), mysql.TINYINT(unsigned=True)),
    ("mysql FLOAT 24", (M,), mysql.FLOAT(24)),
    ("mysql DOUBLE unsigned", (M,), mysql.DOUBLE(unsigned=True)),
    ("mysql YEAR 4", (M,), mysql.YEAR(4)),
    ("mysql BIT 1", (M,), mysql.BIT()),
    ("mysql ENUM odd", (M,), mysql.ENUM("a ", " b", "c\\d", "e%f", 'g"h', "i,j", "")),
    ("mysql SET quotes", (M,), mysql.SET("a b", "it's")),
    ("mysql ENUM charset", (M,), mysql.ENUM("a", "b", charset="latin1")),
    ("TINYBLOB", (M,), mysql.TINYBLOB()),
    ("MEDIUMBLOB", (M,), mysql.MEDIUMBLOB()),
]
# by name, for some are newer than others
for _module, _backend, _names in (
    (
        postgresql,
        P,
        "CITEXT DATEMULTIRANGE DATERANGE HSTORE INT4MULTIRANGE INT8MULTIRANGE INT8RANGE "
        "JSONPATH MACADDR8 NUMMULTIRANGE NUMRANGE REGCONFIG TSMULTIRANGE TSQUERY TSRANGE "
        "TSTZMULTIRANGE TSTZRANGE",
    ),
    (mysql, M, "INET4 INET6"),
    (sqlite, S, "JSONB"),
):
    TYPES += [
        (name, (_backend,), getattr(_module, name)())
        for name in _names.split()
        if hasattr(_module, name)
    ]

NOT_OF_DATABASES = {
    "MatchType",
    "NamedType",
    "NullType",
    "TupleType",
    "TypeDecorator",
    "TypeEngine",
    "UserDefinedType",
    "Variant",
    "_Binary",
}
"""Types that no column is of, or that others are made from."""

UNKNOWN_TO = {
    S: {"ARRAY"},
    P: {
        *{"BINARY", "BLOB", "CLOB", "DATETIME", "DOUBLE", "NCHAR", "NVARCHAR"},
        "VARBINARY",
    },
    M: {"ARRAY", "CLOB"},
}
"""Types whose name the database does not know, or the dialect cannot write."""

DEFAULTS: List[Tuple[str, Tuple[str, ...], Any, Any]] = [
    ("integer", ALL, sa.Integer(), "5"),
    ("integer text", ALL, sa.Integer(), sa.text("5")),
    ("negative", ALL, sa.Integer(), "-5"),
    ("negative text", ALL, sa.Integer(), sa.text("-5")),
    ("sum", ALL, sa.Integer(), sa.text("(1 + 2)")),
    ("numeric", ALL, sa.Numeric(10, 2), "1.50"),
    ("numeric text", ALL, sa.Numeric(10, 2), sa.text("1.50")),
    ("float", ALL, sa.Float(), "0.1"),
    ("string", ALL, sa.String(30), "plain"),
    ("empty", ALL, sa.String(30), ""),
    ("space", ALL, sa.String(30), " a  b "),
    ("quote", ALL, sa.String(30), "b'c"),
    ("quotes", ALL, sa.String(30), "'both'"),
    ("double quote", ALL, sa.String(30), 'say "x"'),
    ("percent", ALL, sa.String(30), "100%"),
    ("percent s", ALL, sa.String(30), "%s and %(x)s"),
    ("colon", ALL, sa.String(30), "a:b ::c"),
    ("colon first", ALL, sa.String(30), ":x"),
    ("backslash", (S, P), sa.String(30), "a\\b"),
    ("brackets", ALL, sa.String(30), "{[(<>)]}"),
    ("looks like a call", ALL, sa.String(30), "now()"),
    ("looks like null", ALL, sa.String(30), "NULL"),
    ("looks like a number", ALL, sa.String(30), "007"),
    ("unicode", ALL, sa.Unicode(30), "h\u00e9"),
    ("semicolon", ALL, sa.String(30), "a;b--c"),
    ("text literal", ALL, sa.String(30), sa.text("'x''y'")),
    ("literal", ALL, sa.String(30), sa.literal("li")),
    ("literal column", ALL, sa.Integer(), sa.literal_column("3")),
    ("null", ALL, sa.Integer(), sa.text("NULL")),
    ("true", ALL, sa.Boolean(), sa.true()),
    ("false", ALL, sa.Boolean(), sa.false()),
    ("boolean text", (S, M), sa.Boolean(), sa.text("1")),
    ("boolean string", ALL, sa.Boolean(), "0"),
    ("boolean word", (P, M), sa.Boolean(), sa.text("TRUE")),
    ("now", ALL, sa.DateTime(), sa.func.now()),
    ("current timestamp", ALL, sa.DateTime(), sa.func.current_timestamp()),
    ("current timestamp text", ALL, sa.DateTime(), sa.text("CURRENT_TIMESTAMP")),
    ("current date", ALL, sa.Date(), sa.func.current_date()),
    ("moment", (P,), sa.DateTime(), "now"),
    ("moment of a day", (P,), sa.Date(), "tomorrow"),
    ("moment of a clock", (P,), sa.Time(True), "now"),
    ("fetched", ALL, sa.Integer(), sa.FetchedValue()),
    ("date string", ALL, sa.Date(), "2020-02-03"),
    ("datetime string", ALL, sa.DateTime(), "2020-02-03 04:05:06"),
    ("time string", ALL, sa.Time(), "04:05:06"),
    ("json", ALL, sa.JSON(), "{}"),
    ("json object", ALL, sa.JSON(), '{"a": [1, "b\'c"], "p": "50%"}'),
    ("enum", ALL, sa.Enum("a", "b", name="en"), "b"),
    ("function", ALL, sa.String(30), sa.text("(lower('ABC'))")),
    ("binary", (P,), sa.LargeBinary(), "\\x00ff"),
    ("jsonb", (P,), postgresql.JSONB(), '{"b": 1,  "a": 2}'),
    ("jsonb text", (P,), postgresql.JSONB(), sa.text("'{}'::jsonb")),
    ("array", (P,), postgresql.ARRAY(sa.Integer), "{1, 2}"),
    ("array text", (P,), postgresql.ARRAY(sa.Integer), sa.text("ARRAY[1, 2]")),
    ("uuid", (P,), sa.Uuid(), sa.text("gen_random_uuid()")),
    ("now at zone", (P,), sa.DateTime(), sa.text("(now() at time zone 'utc')")),
    ("cast", (P,), sa.String(30), sa.cast("x", sa.String(30))),
    ("interval", (P,), sa.Interval(), "1 day"),
    ("inet", (P,), postgresql.INET(), "10.0.0.1"),
    ("range", (P,), postgresql.INT4RANGE(), "[1,5)"),
    ("case", (P,), sa.Integer(), sa.text("CASE WHEN true THEN 1 ELSE 2 END")),
    (
        "on update",
        (M,),
        sa.TIMESTAMP(),
        sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
    ),
    ("now 6", (M,), mysql.DATETIME(fsp=6), sa.text("CURRENT_TIMESTAMP(6)")),
    ("call with spaces", (M,), sa.Integer(), sa.text("(floor(rand() * 10))")),
    ("interval of now", (M,), sa.DateTime(), sa.text("(now() + interval 1 day)")),
    ("escaped quote", (M,), sa.String(30), sa.text("(concat('a(', ')b''c\\\\'))")),
    ("uuid call", (M,), sa.String(36), sa.text("(uuid())")),
    ("set", (M,), mysql.SET("a", "b"), "a,b"),
    ("bit", (M,), mysql.BIT(3), sa.text("b'101'")),
    ("bytes", (M,), sa.VARBINARY(9), sa.text("0x6162")),
    ("padded bytes", (M,), sa.BINARY(3), "ab"),
    ("expression of bytes", (M,), sa.LargeBinary(), sa.text("(x'ff')")),
    ("julianday", (S,), sa.Float(), sa.text("(julianday('now'))")),
]


def two_tables(**fk: Any) -> Callable[[sa.MetaData], None]:
    def build(metadata: sa.MetaData) -> None:
        sa.Table("p", metadata, id_column(), sa.Column("x", sa.Integer, unique=True))
        sa.Table(
            "t",
            metadata,
            id_column(),
            sa.Column("pid", sa.ForeignKey("p.id", **fk)),
            sa.Column("px", sa.Integer),
            sa.ForeignKeyConstraint(["px"], ["p.x"], name="fk_x"),
        )

    return build


def circle(metadata: sa.MetaData) -> None:
    sa.Table(
        "a",
        metadata,
        id_column(),
        sa.Column("b", sa.ForeignKey("b.id", name="ab", use_alter=True)),
    )
    sa.Table(
        "b", metadata, id_column(), sa.Column("a", sa.ForeignKey("a.id", name="ba"))
    )


def self_reference(metadata: sa.MetaData) -> None:
    sa.Table("t", metadata, id_column(), sa.Column("up", sa.ForeignKey("t.id")))


def composite(metadata: sa.MetaData) -> None:
    sa.Table(
        "p",
        metadata,
        sa.Column("a", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("b", sa.String(9), primary_key=True),
    )
    sa.Table(
        "t",
        metadata,
        id_column(),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.String(9)),
        sa.ForeignKeyConstraint(
            ["a", "b"], ["p.a", "p.b"], onupdate="CASCADE", ondelete="CASCADE"
        ),
    )


def strings(*items: Callable[[], Any], **kw: Any) -> Callable[[sa.MetaData], None]:
    return table(
        id_column,
        lambda: sa.Column("a", sa.String(50)),
        lambda: sa.Column("b", sa.String(50)),
        lambda: sa.Column("n", sa.Integer),
        *items,
        **kw,
    )


def index(*elements: Any, **kw: Any) -> Callable[[sa.MetaData], None]:
    def build(metadata: sa.MetaData) -> None:
        strings()(metadata)
        built = metadata.tables["t"]
        sa.Index(
            "ix",
            *[e(built.c) if callable(e) else e for e in elements],
            **{k: v(built.c) if callable(v) else v for k, v in kw.items()},
        )

    return build


def in_default_schema(metadata: sa.MetaData) -> None:
    sa.Table("p", metadata, id_column(), schema="public")
    sa.Table(
        "t",
        metadata,
        id_column(),
        sa.Column("p", sa.ForeignKey("public.p.id")),
        sa.Column("u", sa.Integer, unique=True, index=True),
        schema="public",
    )


def partitions(metadata: sa.MetaData) -> None:
    sa.Table(
        "m",
        metadata,
        sa.Column("k", sa.Integer, primary_key=True, autoincrement=False),
        postgresql_partition_by="RANGE (k)",
    )
    sa.event.listen(
        metadata,
        "after_create",
        sa.DDL("CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (9)"),
    )


def key_to_partitions(metadata: sa.MetaData) -> None:
    partitions(metadata)
    sa.Table("t", metadata, id_column(), sa.Column("k", sa.ForeignKey("m.k")))


def sequence_elsewhere(metadata: sa.MetaData) -> None:
    sequence = sa.Sequence("sq", metadata=metadata)
    sa.event.listen(metadata, "before_create", sa.DDL("CREATE SCHEMA other"))
    sa.Table(
        "t",
        metadata,
        id_column(),
        sa.Column("n", sa.BigInteger, server_default=sequence.next_value()),
        schema="other",
    )


def naming(metadata: sa.MetaData) -> None:
    metadata.naming_convention = {
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
    sa.Table("p", metadata, id_column())
    sa.Table(
        "t",
        metadata,
        id_column(),
        sa.Column("a", sa.Integer, unique=True, index=True),
        sa.Column("p", sa.ForeignKey("p.id")),
        sa.Column(
            "s",
            sa.Enum("x", "y", native_enum=False, create_constraint=True, name="sxy"),
        ),
        sa.CheckConstraint("a > 0", name="positive"),
        sa.UniqueConstraint("a", "p"),
    )


def long_names(metadata: sa.MetaData) -> None:
    sa.Table(
        "t" * 40,
        metadata,
        id_column(),
        sa.Column("c" * 30, sa.Integer, index=True, unique=True),
    )


def all_key_options(metadata: sa.MetaData) -> None:
    sa.Table("p", metadata, id_column(), sa.Column("x", sa.Integer, unique=True))
    options = {"match": "FULL", "ondelete": "SET DEFAULT", "onupdate": "SET NULL"}
    sa.Table(
        "t",
        metadata,
        id_column(),
        sa.Column("p", sa.ForeignKey("p.id", deferrable=False, **options)),
        sa.Column("x", sa.Integer),
        sa.ForeignKeyConstraint(
            ["x"],
            ["p.x"],
            name="fk_x",
            deferrable=True,
            initially="DEFERRED",
            **options,
        ),
    )


def keys_at_columns(metadata: sa.MetaData) -> None:
    sa.Table("p", metadata, id_column())
    sa.Table(
        "t",
        metadata,
        id_column(),
        sa.Column("a", sa.ForeignKey("p.id", ondelete="SET NULL")),
        sa.Column("B b", sa.ForeignKey("p.id", deferrable=True, onupdate="CASCADE")),
    )
    by_hand = """CREATE TABLE t (
        id INTEGER NOT NULL PRIMARY KEY,
        a INTEGER REFERENCES p(id) ON DELETE SET NULL ON UPDATE NO ACTION,
        "B b" INTEGER REFERENCES p (id) MATCH FULL ON UPDATE CASCADE DEFERRABLE
    )"""
    for statement in ("DROP TABLE t", by_hand):
        sa.event.listen(metadata, "after_create", sa.DDL(statement))


def virtual_tables(metadata: sa.MetaData) -> None:
    strings()(metadata)
    for statement in (
        "CREATE VIRTUAL TABLE search USING fts5(a)",
        "CREATE VIRTUAL TABLE places USING rtree(id, x0, x1)",
    ):
        sa.event.listen(metadata, "after_create", sa.DDL(statement))


def backticks(metadata: sa.MetaData) -> None:
    sa.Table("p`p", metadata, sa.Column("`i``d`", sa.Integer, primary_key=True))
    sa.Table(
        "t`)",
        metadata,
        sa.Column("`i``d`", sa.Integer, primary_key=True),
        sa.Column("x``y", sa.Integer, server_default="5", comment="a`b"),
        sa.Column("e,`)", sa.Enum("a`b", "c``d")),
        sa.Column("q`", sa.String(9), server_default=sa.text("(lower('A`B'))")),
        sa.Column("g`", sa.Integer, sa.Computed("`x````y` * 2")),
        sa.Column("(r`)", sa.ForeignKey("p`p.`i``d`", name="f`k", ondelete="CASCADE")),
        sa.UniqueConstraint("x``y", "e,`)", name="u`q"),
        sa.CheckConstraint("`x````y` > 3", name="c`k"),
        sa.CheckConstraint("`x````y` > 4"),
        sa.Index("i`x", "q`", mysql_length={"q`": 3}),
        comment="t`c",
    )


def signs(metadata: sa.MetaData) -> None:
    sa.Table("p%q", metadata, sa.Column("i:d", sa.Integer, primary_key=True))
    sa.Table(
        "t,(x)",
        metadata,
        sa.Column("a)b", sa.Integer, primary_key=True),
        sa.Column("c,d", sa.Integer, index=True, unique=True),
        sa.Column('q"q', sa.String(9), server_default="x'y", comment="it's"),
        sa.Column("%s", sa.ForeignKey("p%q.i:d", name="f(k)")),
        sa.Column("co:lon", sa.String(9), server_default=":x"),
        sa.UniqueConstraint("a)b", "c,d", name="u,q("),
        sa.UniqueConstraint('q"q', "co:lon", name="u'q"),
        sa.UniqueConstraint("%s", name='u"q'),
        sa.CheckConstraint("1 = 1", name="c)k"),
        sa.Index("i%s", 'q"q', "%s"),
        comment="c'c",
    )


SHAPES: List[Tuple[str, Tuple[str, ...], Callable[[sa.MetaData], None]]] = [
    ("plain", ALL, strings()),
    ("unique", ALL, strings(lambda: sa.UniqueConstraint("a"))),
    ("named unique", ALL, strings(lambda: sa.UniqueConstraint("a", "b", name="uq"))),
    (
        "two uniques",
        ALL,
        strings(
            lambda: sa.UniqueConstraint("a"),
            lambda: sa.UniqueConstraint("b", "a", name="u2"),
        ),
    ),
    ("unique over the key", ALL, strings(lambda: sa.UniqueConstraint("id", name="u"))),
    (
        "unique and index",
        ALL,
        strings(
            lambda: sa.UniqueConstraint("a", name="uq"),
            lambda: sa.Index("ix", "a", unique=True),
        ),
    ),
    ("index", ALL, index("a")),
    (
        "indexes",
        ALL,
        strings(
            lambda: sa.Index("i1", "a"), lambda: sa.Index("i2", "b", "a", unique=True)
        ),
    ),
    ("descending", ALL, index(lambda c: c.a.desc(), lambda c: c.n)),
    ("nulls first", (P,), index(lambda c: c.a.nulls_first())),
    ("desc nulls last", (P,), index(lambda c: c.a.desc().nulls_last(), lambda c: c.b)),
    ("lower", (S, P), index(lambda c: sa.func.lower(c.a))),
    ("lower text", (S, P), index(sa.text("lower(a)"), "n")),
    ("upper trim", (S, P), index(lambda c: sa.func.upper(sa.func.trim(c.a)))),
    ("case in", (S, P), index(sa.text("(case when n in (1, 2) then 1 else 0 end)"))),
    ("not equal", (S, P), index(lambda c: c.n != 1)),
    ("sum", (S, P), index(lambda c: c.n + 1, "a")),
    ("coalesce", (S, P), index(lambda c: sa.func.coalesce(c.a, "it's"))),
    ("concat", (S, P), index(lambda c: c.a + "-" + c.b)),
    ("where sqlite", (S,), index("a", sqlite_where=lambda c: c.n > 5)),
    ("where sqlite text", (S,), index("a", sqlite_where=sa.text("a is not null"))),
    ("where", (P,), index("a", postgresql_where=lambda c: c.n > 5)),
    ("where in", (P,), index("a", postgresql_where=lambda c: c.n.in_([1, 2, 3]))),
    (
        "where text",
        (P,),
        index("a", postgresql_where=sa.text("b <> 'x' and n is not null")),
    ),
    ("using", (P,), index("a", postgresql_using="hash")),
    ("include", (P,), index("a", postgresql_include=["n"])),
    ("ops", (P,), index("a", postgresql_ops={"a": "varchar_pattern_ops"})),
    ("with", (P,), index("a", postgresql_with={"fillfactor": 50})),
    (
        "nulls not distinct",
        (P,),
        index("a", unique=True, postgresql_nulls_not_distinct=True),
    ),
    (
        "unique nulls not distinct",
        (P,),
        strings(
            lambda: sa.UniqueConstraint(
                "a", name="u", postgresql_nulls_not_distinct=True
            )
        ),
    ),
    (
        "unique include",
        (P,),
        strings(lambda: sa.UniqueConstraint("a", name="u", postgresql_include=["n"])),
    ),
    (
        "deferrable unique",
        (P,),
        strings(
            lambda: sa.UniqueConstraint(
                "a", name="u", deferrable=True, initially="DEFERRED"
            )
        ),
    ),
    (
        "deferrable immediate",
        (P,),
        strings(lambda: sa.UniqueConstraint("a", deferrable=True)),
    ),
    (
        "exclude",
        (P,),
        strings(
            lambda: postgresql.ExcludeConstraint(("n", "="), name="ex", using="btree")
        ),
    ),
    ("prefix length", (M,), index("a", mysql_length=10)),
    ("prefix lengths", (M,), index("a", "b", mysql_length={"a": 5})),
    ("fulltext", (M,), index("a", mysql_prefix="FULLTEXT")),
    ("foreign keys", ALL, two_tables()),
    ("indexed foreign key", ALL, two_tables(name="fkp")),
    ("cascade", ALL, two_tables(ondelete="CASCADE", onupdate="CASCADE")),
    ("set null", ALL, two_tables(ondelete="SET NULL")),
    ("restrict", ALL, two_tables(ondelete="RESTRICT")),
    ("no action", ALL, two_tables(ondelete="NO ACTION")),
    ("deferrable fk", (S, P), two_tables(deferrable=True, initially="DEFERRED")),
    ("match full", (P,), two_tables(match="FULL")),
    ("all options of keys", (S, P), all_key_options),
    ("keys at columns", (S,), keys_at_columns),
    ("circle", (P, M), circle),
    ("self reference", ALL, self_reference),
    ("composite", ALL, composite),
    ("check", ALL, strings(lambda: sa.CheckConstraint("n > 0", name="ck"))),
    ("unnamed check", ALL, strings(lambda: sa.CheckConstraint("n > 0 AND n < 10"))),
    (
        "check in",
        ALL,
        strings(lambda: sa.CheckConstraint("a in ('x', 'it''s')", name="ck")),
    ),
    (
        "check between",
        ALL,
        strings(lambda: sa.CheckConstraint(sa.text("n between 1 and 5"), name="ck")),
    ),
    ("check like", ALL, strings(lambda: sa.CheckConstraint("a like 'x%'", name="ck"))),
    ("check colon", ALL, strings(lambda: sa.CheckConstraint("a <> ':x'", name="ck"))),
    (
        "computed stored",
        ALL,
        strings(
            lambda: sa.Column("g", sa.Integer, sa.Computed("n * 2 + 1", persisted=True))
        ),
    ),
    (
        "computed virtual",
        (S, M),
        strings(
            lambda: sa.Column("g", sa.Integer, sa.Computed("n * 2", persisted=False))
        ),
    ),
    (
        "computed text",
        ALL,
        strings(
            lambda: sa.Column(
                "g", sa.String(99), sa.Computed("upper(a)", persisted=True)
            )
        ),
    ),
    (
        "computed case",
        ALL,
        strings(
            lambda: sa.Column("g", sa.Boolean, sa.Computed("n > 5", persisted=True))
        ),
    ),
    (
        "computed lines",
        ALL,
        strings(
            lambda: sa.Column(
                "g",
                sa.Integer,
                sa.Computed("case when n > 1\n then 1\n else 2 end", persisted=True),
            )
        ),
    ),
    (
        "computed quote",
        ALL,
        strings(
            lambda: sa.Column(
                "g",
                sa.String(99),
                sa.Computed("coalesce(a, 'it''s, 5%')", persisted=True),
            )
        ),
    ),
    (
        "computed expression",
        ALL,
        strings(
            lambda: sa.Column(
                "g", sa.Integer, sa.Computed(sa.literal_column("n") + 1, persisted=True)
            )
        ),
    ),
    (
        "identity",
        (P,),
        table(lambda: sa.Column("id", sa.Integer, sa.Identity(), primary_key=True)),
    ),
    (
        "identity always",
        (P,),
        table(
            lambda: sa.Column(
                "id",
                sa.BigInteger,
                sa.Identity(always=True, start=10, increment=5),
                primary_key=True,
            )
        ),
    ),
    (
        "identity options",
        (P,),
        table(
            lambda: sa.Column(
                "id",
                sa.Integer,
                sa.Identity(minvalue=1, maxvalue=99, cycle=True, cache=5),
                primary_key=True,
            )
        ),
    ),
    (
        "identity no key",
        (P,),
        table(
            lambda: sa.Column("id", sa.Integer, primary_key=True),
            lambda: sa.Column("n", sa.SmallInteger, sa.Identity()),
        ),
    ),
    ("serial", (P,), table(id_column)),
    (
        "bigserial",
        (P,),
        table(lambda: sa.Column("id", sa.BigInteger, primary_key=True)),
    ),
    (
        "no serial",
        ALL,
        table(
            lambda: sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
        ),
    ),
    ("no key", ALL, table(lambda: sa.Column("a", sa.Integer))),
    ("text key", ALL, table(lambda: sa.Column("id", sa.String(9), primary_key=True))),
    (
        "composite key",
        ALL,
        table(
            lambda: sa.Column("b", sa.Integer, primary_key=True),
            lambda: sa.Column("a", sa.Integer, primary_key=True),
        ),
    ),
    (
        "comments",
        (P, M),
        table(
            id_column,
            lambda: sa.Column("a", sa.Integer, comment='it\'s 5% \\ "x" :y'),
            comment="table's 5%",
        ),
    ),
    (
        "empty comments",
        (P, M),
        table(id_column, lambda: sa.Column("a", sa.Integer, comment=""), comment=""),
    ),
    (
        "odd names",
        ALL,
        lambda m: sa.Table(
            "My Table",
            m,
            sa.Column("Id", sa.Integer, primary_key=True),
            sa.Column("a b", sa.Integer, unique=True, index=True),
            sa.Column("select", sa.Integer),
            sa.Column("per%cent", sa.Integer),
        ),
    ),
    ("signs in names", ALL, signs),
    ("default schema", (P,), in_default_schema),
    ("partitions", (P,), partitions),
    ("key to partitions", (P,), key_to_partitions),
    (
        "unique over the key, nulls not distinct",
        (P,),
        table(
            id_column,
            lambda: sa.UniqueConstraint("id", postgresql_nulls_not_distinct=True),
        ),
    ),
    ("naming convention", ALL, naming),
    ("long names", ALL, long_names),
    ("backticks", (M,), backticks),
    ("engine", (M,), strings(mysql_engine="InnoDB", mysql_charset="utf8mb4")),
    (
        "keys",
        ALL,
        table(
            id_column,
            lambda: sa.Column("A", sa.Integer, key="other", unique=True),
            lambda: sa.Column("b", sa.Integer, key="A", index=True),
        ),
    ),
    ("autoincrement", (S,), table(id_column, sqlite_autoincrement=True)),
    ("virtual tables", (S,), virtual_tables),
    (
        "identity where there is none",
        (S, M),
        table(lambda: sa.Column("id", sa.Integer, sa.Identity(), primary_key=True)),
    ),
    (
        "system column",
        (P,),
        table(id_column, lambda: sa.Column("xmin", sa.Integer, system=True)),
    ),
    ("comment as an option", (M,), table(id_column, mysql_comment="it's 5%")),
    (
        "comments behind bits",
        (M,),
        table(
            id_column,
            lambda: sa.Column(
                "a", mysql.BIT(3), server_default=sa.text("b'101'"), comment="it's 5%"
            ),
        ),
    ),
    ("options of another URL", (M,), strings(mariadb_charset="latin1")),
    (
        "without rowid",
        (S,),
        table(
            lambda: sa.Column("id", sa.String(5), primary_key=True),
            sqlite_with_rowid=False,
        ),
    ),
]


def difference(
    database: Any, build: Callable[[sa.MetaData], None], **opts: Any
) -> List[Any]:
    """Create a model, compare the database with the same model built again."""
    metadata = sa.MetaData()
    build(metadata)
    with database.engine.begin() as connection:
        metadata.create_all(connection)
    again = sa.MetaData()
    build(again)
    options: Dict[str, Any] = {"compare_server_default": True, "target_metadata": again}
    options.update(opts)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return produce_migrations(context, again).upgrade_ops.as_diffs()


# the SQLAlchemy from which on a model can say it
SINCE = {
    "nulls not distinct": "2.0.16",
    "unique nulls not distinct": "2.0.16",
    "unique include": "2.0.41",
    "unique over the key, nulls not distinct": "2.0.16",
}


def create_extension(database: Any, name: str) -> None:
    """Create an extension of PostgreSQL, or skip the test."""
    available = database.execute("SELECT name FROM pg_available_extensions")
    if (name,) not in [tuple(row) for row in available]:
        pytest.skip(f"this PostgreSQL does not have the extension {name}")
    database.execute(f"CREATE EXTENSION {name}")


def cases(rows: List[Any]) -> List[Any]:
    return [
        pytest.param(
            backend,
            *row[2:],
            id=f"{backend}-{row[0]}",
            marks=needs(SINCE.get(row[0], "2.0")),
        )
        for row in rows
        for backend in row[1]
    ]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize(("empty", "type_"), cases(TYPES), indirect=["empty"])
def test_type(empty, type_) -> None:
    """A column of any type is found as it was created."""
    if type(type_).__name__ in ("CITEXT", "HSTORE"):
        create_extension(empty, type(type_).__name__.lower())
    assert difference(empty, column(type_)) == []


@needs("2.1")
@pytest.mark.parametrize(
    ("backend", "module"), [(S, sqlite), (P, postgresql), (M, mysql)], ids=ALL
)
def test_all_types_of_sqlalchemy_are_tried(backend, module) -> None:
    """The table above holds each class, of every dialect, that can be created there."""
    tried = {
        type(type_).__name__ for _, backends, type_ in TYPES if backend in backends
    }
    known = {
        getattr(namespace, name).__name__
        for namespace in (sa.types, module)
        for name in getattr(namespace, "__all__", dir(namespace))
        if isinstance(getattr(namespace, name), type)
        and issubclass(getattr(namespace, name), sa.types.TypeEngine)
    }
    assert known - tried - NOT_OF_DATABASES == UNKNOWN_TO[backend]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize(
    ("empty", "type_", "default"), cases(DEFAULTS), indirect=["empty"]
)
def test_server_default(empty, type_, default) -> None:
    """A server default is found as it was created, and nothing of it is run."""
    assert difference(empty, column(type_, server_default=default)) == []


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize(("empty", "build"), cases(SHAPES), indirect=["empty"])
def test_shape(empty, build) -> None:
    """Constraints, indexes and columns of all kinds are found as they were created."""
    assert difference(empty, build) == []


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_an_index_over_an_expression_needs_no_warning(empty, recwarn) -> None:
    """It is read all the same, so nobody is told that it is not."""
    build = index(lambda c: sa.func.lower(c.a))
    found = difference(empty, build, include_object=lambda *args: True)
    assert (found, list(recwarn)) == ([], [])


@pytest.mark.parametrize("include_schemas", [True, False])
@pytest.mark.parametrize("empty", ["postgresql", "mariadb"], indirect=True)
def test_another_schema(empty, include_schemas) -> None:
    """Tables of a schema that the model names are found whether all are looked into."""
    name = f"{empty.engine.url.database}_other"
    drop = "" if empty.name == "mariadb" else " CASCADE"
    empty.execute(f"DROP SCHEMA IF EXISTS {name}{drop}", f"CREATE SCHEMA {name}")
    empty.execute(f"CREATE TABLE {name}.nobodys (id INTEGER)")

    def build(metadata: sa.MetaData) -> None:
        sa.Table("p", metadata, id_column())
        sa.Table(
            "t",
            metadata,
            id_column(),
            sa.Column("p", sa.ForeignKey(f"{name}.t.id")),
            sa.Column("e", sa.Enum("a", "b", name="e", schema=name)),
            sa.Column("u", sa.Integer, unique=True, index=True, server_default="5"),
            sa.CheckConstraint("u > 0", name="ck"),
            schema=name,
        )

    found = difference(
        empty,
        build,
        include_schemas=include_schemas,
        include_name=lambda n, kind, _: kind != "schema" or n in (None, name),
    )
    # what nobody declares goes only where all of the schema takes part
    assert [diff[0] for diff in found] == ["remove_table"] * include_schemas
    if empty.name == "mariadb":
        empty.execute("SET foreign_key_checks = 0", f"DROP SCHEMA {name}")


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_default_schema_with_all_schemas(empty) -> None:
    """The default schema is the same whether it is named or not, among others too."""
    assert difference(empty, in_default_schema, include_schemas=True) == []


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_sequence_of_another_schema(empty) -> None:
    """A default may count with a sequence of another schema than its table's."""
    assert difference(empty, sequence_elsewhere, include_schemas=True) == []


@pytest.mark.parametrize("empty", ["postgresql", "mariadb", "sqlite"], indirect=True)
def test_without_the_judge_text_still_decides(empty) -> None:
    """With the plugin of the scratch table switched off plain things stay the same."""
    assert (
        difference(
            empty,
            strings(lambda: sa.UniqueConstraint("a"), lambda: sa.Index("i", "b")),
            autogenerate_plugins=[
                "alembic.autogenerate.*",
                "~alembic.autogenerate.normalize",
            ],
        )
        == []
    )


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize(
    ("empty", "type_", "default"), cases(DEFAULTS), indirect=["empty"]
)
def test_server_default_comes_back(empty, type_, default) -> None:
    """A downgrade that creates the table again gives the column its default."""
    build = column(type_, server_default=default, comment="it's 5%")
    assert difference(empty, build) == []
    _, up, down = generate(empty.engine, sa.MetaData())
    run(empty.engine, up)
    run(empty.engine, down)
    assert generate(empty.engine, model(build))[0] == []
