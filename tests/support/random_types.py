"""Types for random schemas: their defaults, their values, what they can become."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from typing import Dict
from typing import List

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from tests.support.versions import has

# before 2.0, a percent sign in the text of a type is none for MySQL's drivers
_SHARE = "50%" if has("2.0") else "50"

TYPES: Dict[str, Any] = {
    "Integer": sa.Integer(),
    "SmallInteger": sa.SmallInteger(),
    "BigInteger": sa.BigInteger(),
    "String20": sa.String(20),
    "String50": sa.String(50),
    "Char": sa.CHAR(9),
    "Text": sa.Text(),
    "Numeric10": sa.Numeric(10, 2),
    "Numeric12": sa.Numeric(12, 4),
    "Float": sa.Float(),
    "Boolean": sa.Boolean(),
    "Date": sa.Date(),
    "DateTime": sa.DateTime(),
    "Time": sa.Time(),
    "Binary": sa.LargeBinary(),
    "JSON": sa.JSON(),
    "Unicode": sa.Unicode(30),
    "BinaryLength": sa.LargeBinary(20),
    "Duration": sa.Interval(),
    "NonNative": sa.Enum("a", "bb", native_enum=False),
}
"""Types of every dialect, by the names they have in these modules."""

BY_DIALECT: Dict[str, Dict[str, Any]] = {
    "postgresql": {
        "Timestamptz": sa.DateTime(timezone=True),
        "JSONB": postgresql.JSONB(),
        "UUID": postgresql.UUID(),
        "Array": postgresql.ARRAY(sa.Integer()),
        "INET": postgresql.INET(),
        "Collated": sa.String(20, collation="C"),
        "Timestamp3": postgresql.TIMESTAMP(precision=3),
        "Enum": sa.Enum("a", "b", "c", name="abc"),
        "EnumArray": postgresql.ARRAY(sa.Enum("x", "y", name="xy")),
        "BitVarying": postgresql.BIT(8, varying=True),
        "Interval": postgresql.INTERVAL(precision=3),
        "IntervalFields": postgresql.INTERVAL(fields="DAY TO SECOND"),
        "OddEnum": sa.Enum("it's", _SHARE, 'say "x"', name="odd enum"),
        "Macaddr": postgresql.MACADDR(),
        "Money": postgresql.MONEY(),
        "TSVector": postgresql.TSVECTOR(),
        "Range": postgresql.INT4RANGE(),
        "ArrayOfNumerics": postgresql.ARRAY(sa.Numeric(8, 2), dimensions=2),
        "TimeTz": postgresql.TIME(True, 2),
    },
    "mysql": {
        "DateTime6": mysql.DATETIME(fsp=6),
        "Timestamp3": mysql.TIMESTAMP(fsp=3),
        "Unsigned": mysql.INTEGER(unsigned=True),
        "BigUnsigned": mysql.BIGINT(unsigned=True),
        "TinyInteger": mysql.TINYINT(),
        "Enum": sa.Enum("a", "b", "c"),
        "Set": mysql.SET("a", "b", "c"),
        "MediumText": mysql.MEDIUMTEXT(),
        "Latin": mysql.VARCHAR(20, charset="latin1"),
        "Collated": mysql.VARCHAR(20, charset="utf8mb4", collation="utf8mb4_bin"),
        "OddEnum": mysql.ENUM("it's", _SHARE, "b\\c"),
        "Medium": mysql.MEDIUMINT(),
        "ZeroFill": mysql.INTEGER(8, unsigned=True, zerofill=True),
        "DecimalUnsigned": mysql.DECIMAL(10, 2, unsigned=True),
        "Float10": mysql.FLOAT(10, 2),
        "Year": mysql.YEAR(),
        "Bit": mysql.BIT(5),
        "Time3": mysql.TIME(fsp=3),
        "TinyText": mysql.TINYTEXT(),
        "LongText": mysql.LONGTEXT(collation="utf8mb4_bin"),
        "VarBinary": sa.VARBINARY(20),
    },
    "sqlite": {
        "Collated": sa.String(20, collation="NOCASE"),
    },
}
if has("1.4"):
    # before, all that are not native bring a CHECK
    _options: Dict[str, Any] = {"native_enum": False, "create_constraint": True}
    TYPES["CheckedBoolean"] = sa.Boolean(create_constraint=True)
    TYPES["Checked"] = sa.Enum("a", "bb", **_options)
    TYPES["CheckedMore"] = sa.Enum("a", "bb", f"it's {_SHARE}", **_options)
if has("2.0"):
    BY_DIALECT["postgresql"]["Domain"] = postgresql.DOMAIN(
        "positive", sa.Integer(), check="VALUE > 0"
    )
    BY_DIALECT["postgresql"]["DomainText"] = postgresql.DOMAIN(
        "a word", sa.String(9), check="VALUE <> 'it''s 5%'", default="x"
    )
    TYPES["Uuid"] = sa.Uuid()
    TYPES["Double"] = sa.Double()

DEFAULTS: Dict[str, List[Any]] = {
    "Integer": ["1", "0", sa.text("7"), sa.text("(1 + 2)")],
    "SmallInteger": ["3"],
    "BigInteger": ["-5", sa.text("9")],
    "String20": ["plain", "it's", "50%", "a:b", sa.text("'x'")],
    "String50": [
        *["", 'double " quote', "back\\slash", "now()", "NULL", "%s %(x)s", "a -- b"],
        sa.text("(lower('A: 5%'))"),
    ],
    "Unicode": ["h\u00e9", "'both'", ":x"],
    "Numeric10": ["0", "1.50"],
    "Float": ["0.5"],
    "Boolean": [sa.true(), sa.false()],
    "Date": ["2020-01-01"],
    "DateTime": [sa.func.now(), sa.func.current_timestamp()],
    "Timestamptz": [sa.func.now()],
    "Time": ["12:30:00"],
    "JSON": ["{}", '{"a": [1, 2]}', '{"a": "5%"}'],
    "JSONB": ["{}"],
    "UUID": [sa.text("gen_random_uuid()")],
    "Array": ["{}", "{1,2}"],
    "Unsigned": ["4"],
    "Domain": ["5"],
    "Enum": ["b"],
    "OddEnum": ["it's", _SHARE],
    "NonNative": ["bb"],
    "Checked": ["bb"],
    "CheckedMore": ["bb"],
    "CheckedBoolean": [sa.true()],
    "DomainText": ["50%"],
    "Macaddr": ["08:00:2b:01:02:03"],
    "Money": ["1.50"],
    "TSVector": ["it 'is'"],
    "Range": ["[1,5)", "empty"],
    "ArrayOfNumerics": ["{}", "{{1,2}}"],
    "Set": ["a,b"],
    "DateTime6": [sa.text("CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)")],
    "ZeroFill": ["7"],
    "DecimalUnsigned": ["1.50"],
    "Float10": ["1.5"],
    "Year": ["2020"],
    "Bit": [sa.text("b'101'")],
    "Time3": ["12:30:00.500"],
    "VarBinary": ["x"],
}

KEYS = ("Integer", "BigInteger", "String20")
"""What a column of a primary key may be of."""

NUMBERS = ("Integer", "SmallInteger", "BigInteger")
"""What can be computed and checked with."""

STRINGS = ("String20", "String50", "Char", "Collated", "Latin", "Unicode")

WITHOUT_VALUES = (
    *("EnumArray", "BitVarying", "Money", "TSVector", "Range", "ArrayOfNumerics"),
    "Bit",
)
"""Types whose values not all drivers can write."""

WIDER: Dict[str, List[str]] = {
    "Integer": ["BigInteger", "String20", "Numeric12"],
    "SmallInteger": ["Integer", "BigInteger"],
    "String20": ["String50", "Text"],
    "String50": ["Text"],
    "Char": ["String20", "Text"],
    "Numeric10": ["Numeric12", "String50"],
    "Float": ["String50"],
    "Date": ["DateTime"],
    "Boolean": ["String20", "CheckedBoolean" if has("1.4") else "Boolean"],
    "Unsigned": ["BigInteger", "BigUnsigned"],
    "TinyInteger": ["Integer", "Unsigned"],
    "DateTime6": ["DateTime"],
    "Collated": ["String50", "String20"],
    "Latin": ["String50", "Collated"],
    "Timestamp3": ["DateTime"],
    "JSON": ["Text"],
    "Enum": ["String20"],
    "Domain": ["Integer", "BigInteger"],
    "BitVarying": ["Text"],
    "Unicode": ["Text"],
    "NonNative": ["String20", "Checked" if has("1.4") else "NonNative"],
    "Checked": ["CheckedMore", "NonNative", "String20"],
    "OddEnum": ["String50"],
    "BinaryLength": ["Binary"],
    "Macaddr": ["String50"],
    "TimeTz": ["Time"],
    "IntervalFields": ["Interval"],
    "DomainText": ["String50", "Text"],
    "Medium": ["Integer"],
    "ZeroFill": ["Unsigned", "BigUnsigned"],
    "DecimalUnsigned": ["Numeric12"],
    "Float10": ["Float", "String50"],
    "Time3": ["Time"],
    "TinyText": ["Text", "LongText"],
    "VarBinary": ["Binary"],
}
"""What a type may become such that its values have a place in the other."""


def value(type_name: str, number: int) -> Any:
    """Return a value of a type, another one for each number.

    :param type_name: one of the names above.
    :param number: a small number from 1 on.
    :return: None for those of `WITHOUT_VALUES`.
    """
    moment = datetime.datetime(2020, 1, number, 10, 30)
    values: Dict[str, Any] = {
        "Numeric10": number + 0.25,
        "Numeric12": number + 0.25,
        "Float": number + 0.5,
        "Boolean": number % 2 == 0,
        "Date": moment.date(),
        "DateTime": moment,
        "Timestamptz": moment,
        "Timestamp3": moment,
        "DateTime6": moment,
        "Time": moment.time(),
        "Binary": b"x",
        "JSON": {"n": number},
        "JSONB": {"n": number},
        "UUID": uuid.UUID(int=number) if has("2.0") else str(uuid.UUID(int=number)),
        "Array": [number],
        "INET": f"10.0.0.{number}",
        "Enum": "ab"[number % 2],
        "Set": {"a"},
        "Interval": datetime.timedelta(days=number),
        "IntervalFields": datetime.timedelta(days=number),
        "Duration": datetime.timedelta(days=number),
        "OddEnum": ["it's", _SHARE][number % 2],
        "NonNative": ["a", "bb"][number % 2],
        "Checked": ["a", "bb"][number % 2],
        "CheckedMore": ["a", "bb"][number % 2],
        "CheckedBoolean": number % 2 == 0,
        "Macaddr": f"08:00:2b:01:02:0{number}",
        "TimeTz": moment.time().replace(tzinfo=datetime.timezone.utc),
        "Uuid": uuid.UUID(int=number),
        "Double": number + 0.5,
        "DecimalUnsigned": number + 0.25,
        "Float10": number + 0.25,
        "Year": 2000 + number,
        "Time3": moment.time(),
        "BinaryLength": b"x",
        "VarBinary": b"x",
    }
    if type_name in WITHOUT_VALUES:
        return None
    if type_name in values:
        return values[type_name]
    if type_name in (*STRINGS, *("Text", "MediumText", "TinyText", "LongText")):
        return f"s{number}"
    if type_name == "DomainText":
        return f"w{number}"
    return number
