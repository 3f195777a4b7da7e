"""Types compared by their text."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import CHAR
from sqlalchemy import Column
from sqlalchemy import DateTime
from sqlalchemy import DECIMAL
from sqlalchemy import Enum
from sqlalchemy import Float
from sqlalchemy import Integer
from sqlalchemy import JSON
from sqlalchemy import Numeric
from sqlalchemy import REAL
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy.dialects import mssql
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import oracle
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import NullType
from sqlalchemy.types import UserDefinedType

from alembic.ddl.type_text import Params
from alembic.ddl.type_text import tokenize
from tests.support.recorder import Recorder
from tests.support.versions import needs


class Verbatim(UserDefinedType):
    """A type with a text of its own."""

    cache_ok = True

    def __init__(self, text: str) -> None:
        self.text = text

    def get_col_spec(self, **kw: object) -> str:
        return self.text


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("VARCHAR(50)", Params("varchar", [], ["50"], {})),
        ("NUMERIC(10, 2)", Params("numeric", [], ["10", "2"], {})),
        ("DOUBLE PRECISION", Params("double", ["precision"], [], {})),
        (
            "TIMESTAMP(3) WITH TIME ZONE",
            Params("timestamp", ["with", "time", "zone"], ["3"], {}),
        ),
        ("INTEGER UNSIGNED", Params("integer", ["unsigned"], [], {})),
        (
            "ENUM('a','b,c','it''s')",
            Params("enum", [], ["'a'", "'b,c'", "'it''s'"], {}),
        ),
        ('VARCHAR(5) COLLATE "C"', Params("varchar", [], ["5"], {"collate": "c"})),
        (
            "VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_bin",
            Params(
                "varchar", [], ["5"], {"character set": "utf8", "collate": "utf8_bin"}
            ),
        ),
        ("INTEGER[][3]", Params("integer", ["[]"], [], {})),
        ('"my type"', Params("my type", [], [], {})),
        ("s.mood", Params("s", ["mood"], [], {})),
        ("VARCHAR2(50 CHAR)", Params("varchar2", [], ["50 CHAR"], {})),
        ("", Params("", [], [], {})),
    ],
)
def test_text_of_a_type_is_taken_apart(text: str, params: Params) -> None:
    """The words, arguments and values of a type are found in its text."""
    assert tokenize(text) == params


PG, MY, LITE = "postgresql", "mysql", "sqlite"

SAME = [
    (PG, String(50), String(50)),
    (PG, Numeric(10, 0), Numeric(10)),
    (PG, DECIMAL(10, 2), Numeric(10, 2)),
    (PG, postgresql.DOUBLE_PRECISION(53), Float()),
    (PG, postgresql.DOUBLE_PRECISION(), Float(53)),
    (PG, REAL(), Float(24)),
    (PG, postgresql.TIMESTAMP(), DateTime()),
    (PG, postgresql.TIMESTAMP(precision=6), DateTime()),
    (PG, CHAR(1), CHAR()),
    (PG, postgresql.BIT(1), postgresql.BIT()),
    (PG, postgresql.ARRAY(Integer), postgresql.ARRAY(Integer, dimensions=2)),
    (PG, postgresql.ENUM("a", name="x"), Enum("a", "b", name="x")),
    (PG, NullType(), Integer()),
    (MY, mysql.TINYINT(1), Boolean()),
    (MY, mysql.INTEGER(display_width=11), Integer()),
    (MY, mysql.DECIMAL(10, 0), Numeric()),
    (MY, mysql.DATETIME(), DateTime()),
    (MY, mysql.DATETIME(fsp=0), DateTime()),
    (MY, mysql.LONGTEXT(), JSON()),
    (MY, mysql.TINYTEXT(), Text(100)),
    (MY, mysql.DOUBLE(), Float(53)),
    (MY, mysql.CHAR(1), CHAR()),
    (MY, mysql.YEAR(4), mysql.YEAR()),
    (MY, mysql.VARCHAR(5, collation="utf8mb4_bin"), String(5)),
    (MY, mysql.ENUM("a", "b"), Enum("a", "b")),
    (MY, mysql.VARCHAR(10), mysql.NVARCHAR(10)),
    (LITE, DECIMAL(), Numeric()),
    (LITE, String(50), String(50)),
    ("mssql", mssql.NVARCHAR(50), String(50)),
    ("mssql", mssql.DATETIME2(7), mssql.DATETIME2()),
    ("mssql", mssql.NUMERIC(18, 0), Numeric()),
    ("oracle", oracle.VARCHAR2(50), String(50)),
    ("oracle", oracle.NUMBER(10, 2), Numeric(10, 2)),
    ("oracle", oracle.NUMBER(), Integer()),
    ("oracle", oracle.FLOAT(126), Float()),
]

DIFFERENT = [
    (PG, String(50), String()),
    (PG, String(), String(50)),
    (PG, String(50), String(60)),
    (PG, Numeric(10, 2), Numeric()),
    (PG, Numeric(10, 2), Numeric(10)),
    (PG, postgresql.TIMESTAMP(precision=3), DateTime()),
    (PG, postgresql.TIMESTAMP(timezone=True), DateTime()),
    (PG, postgresql.BIT(5, varying=True), postgresql.BIT(5)),
    (PG, postgresql.JSON(), postgresql.JSONB()),
    (PG, postgresql.ARRAY(Integer), postgresql.ARRAY(BigInteger)),
    (PG, postgresql.ARRAY(Integer), Integer()),
    (PG, postgresql.ARRAY(String(50)), postgresql.ARRAY(String)),
    (PG, String(50), Text()),
    (PG, REAL(), Float()),
    (PG, postgresql.ENUM("a", name="x"), Enum("a", name="y")),
    (MY, mysql.INTEGER(), mysql.INTEGER(unsigned=True)),
    (MY, mysql.INTEGER(unsigned=True), Integer()),
    (MY, mysql.DATETIME(), mysql.DATETIME(fsp=6)),
    (MY, mysql.DATETIME(fsp=6), DateTime()),
    (MY, mysql.DECIMAL(10, 2), Numeric()),
    (MY, mysql.ENUM("a", "b"), Enum("b", "a")),
    (MY, mysql.ENUM("a", "b"), Enum("a", "b", "c")),
    (MY, mysql.SET("a"), mysql.SET("a", "b")),
    (MY, mysql.LONGTEXT(), Text()),
    (
        MY,
        mysql.VARCHAR(5, collation="utf8mb4_bin"),
        mysql.VARCHAR(5, collation="utf8mb4_general_ci"),
    ),
    (LITE, String(50), String()),
    (LITE, Numeric(10, 2), Numeric()),
    (LITE, Integer(), BigInteger()),
    ("oracle", oracle.VARCHAR2(50), String(40)),
]


def compare(dialect_name: str, found, wanted) -> bool:
    """Tell whether an implementation takes two types for different ones."""
    impl = Recorder(dialect_name).context.impl
    return impl.compare_type(Column("x", found), Column("x", wanted))


@pytest.mark.parametrize(("dialect_name", "found", "wanted"), SAME)
def test_same_type_is_no_difference(dialect_name, found, wanted) -> None:
    """A type that the database reports in other words is still the model's."""
    assert compare(dialect_name, found, wanted) is False


@pytest.mark.parametrize(("dialect_name", "found", "wanted"), DIFFERENT)
def test_other_type_is_a_difference(dialect_name, found, wanted) -> None:
    """Another type, or an argument on one side only, is seen."""
    assert compare(dialect_name, found, wanted) is True


def test_dialect_of_others_compares_common_arguments_only() -> None:
    """Where reflection may leave arguments out, one side's own are no difference."""
    assert compare("mssql", DECIMAL(), DECIMAL(10, 2)) is False
    assert compare("mssql", DECIMAL(10, 2), DECIMAL(10, 3)) is True


@needs("2.1")
def test_collation_on_postgresql() -> None:
    """A collation that only one side has is a difference on PostgreSQL."""
    assert compare(PG, String(5, collation="C"), String(5)) is True
    assert compare(PG, String(5), String(5, collation="C")) is True
    assert compare(PG, String(5, collation="C"), String(5, collation="C")) is False


def test_pattern_of_a_third_party_dialect(monkeypatch) -> None:
    """What `type_arg_extract` finds is compared where both types have it."""
    impl = Recorder("sqlite").context.impl
    monkeypatch.setattr(type(impl), "type_arg_extract", (r"encode (\w+)",))

    def compared(one: str, other: str) -> bool:
        return impl.compare_type(
            Column("x", Verbatim(one)), Column("x", Verbatim(other))
        )

    assert compared("TEXT ENCODE lzo", "TEXT ENCODE zstd") is True
    assert compared("TEXT ENCODE lzo", "TEXT") is False
