"""Server defaults compared by their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import types

from alembic.ddl.default_text import are_alike
from alembic.ddl.default_text import canonical
from alembic.ddl.default_text import DefaultRules
from alembic.ddl.default_text import STRING
from alembic.ddl.mssql import MSSQLImpl
from alembic.ddl.mysql.impl import MySQLImpl
from alembic.ddl.oracle import OracleImpl
from alembic.ddl.postgresql.expression_text import RULES
from alembic.ddl.sqlite import SQLiteImpl

PLAIN = DefaultRules()

RULES_OF = {
    "plain": PLAIN,
    "postgresql": RULES,
    "mysql": MySQLImpl.default_rules,
    "mssql": MSSQLImpl.default_rules,
    "oracle": OracleImpl.default_rules,
    "sqlite": SQLiteImpl.default_rules,
}

ALIKE = [
    ("plain", "'a'", "'a'", types.String()),
    ("plain", "5", "'5'", types.Integer()),
    ("plain", "'1.50'", "1.5", types.Numeric()),
    ("plain", "5", "+5", types.Integer()),
    ("plain", "(5)", "5", types.Integer()),
    ("plain", "1 + 1", "(1+1)", types.Integer()),
    ("plain", "true", "'t'", types.Boolean()),
    ("plain", "NULL", None, types.String()),
    ("plain", "Lower( 'A' )", "lower('A')", types.String()),
    ("postgresql", "'x'", "'x'::character varying(5)", types.String()),
    ("postgresql", "b'101'", "5", types.Integer()),
    ("postgresql", "-1", "'-1'::integer", types.Integer()),
    ("postgresql", "now()", "CURRENT_TIMESTAMP", types.DateTime()),
    ("postgresql", "'{\"a\":1}'", "'{\"a\": 1}'::jsonb", types.JSON()),
    ("postgresql", "timezone('utc', now())", "(now() AT TIME ZONE 'utc'::text)", None),
    ("postgresql", "now() - interval '1 day'", "(now() - '1 day'::interval)", None),
    ("postgresql", "array[]::varchar[]", "ARRAY[]::character varying[]", None),
    ("postgresql", "CAST('x' AS varchar(5))", "'x'::character varying(5)", None),
    ("postgresql", "E'a\\nb'", "'a\nb'::text", types.String()),
    ("postgresql", "nextval('q')", "nextval('q'::regclass)", types.Integer()),
    ("postgresql", "NULL::character varying", None, types.String()),
    (
        "postgresql",
        "'2020-01-01'",
        "'2020-01-01 00:00:00'::timestamp without time zone",
        types.DateTime(),
    ),
    ("mysql", "now()", "current_timestamp()", types.DateTime()),
    ("mysql", "CURRENT_TIMESTAMP(6)", "current_timestamp(6)", types.DateTime()),
    ("mysql", "false", "0", types.Boolean()),
    ("mysql", "(uuid())", "uuid()", types.String()),
    ("mysql", "'it\\'s'", "'it''s'", types.String()),
    ("mysql", "_utf8mb4'x'", "'x'", types.String()),
    (
        "mysql",
        "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
        "current_timestamp() ON UPDATE current_timestamp()",
        types.DateTime(),
    ),
    ("mssql", "5", "((5))", types.Integer()),
    ("mssql", "'a'", "(N'a')", types.String()),
    ("mssql", "CURRENT_TIMESTAMP", "(getdate())", types.DateTime()),
    ("oracle", "'a'", "'a' ", types.String()),
    ("oracle", "sysdate", "SYSDATE ", types.DateTime()),
    ("sqlite", "'x'", '"x"', types.String()),
    ("sqlite", "CURRENT_TIMESTAMP", "(CURRENT_TIMESTAMP)", types.DateTime()),
]

DIFFERENT = [
    ("plain", "'a'", "'A'", types.String()),
    ("plain", "'a'", None, types.String()),
    ("plain", "5", "6", types.Integer()),
    ("plain", "f(1)", "f(2)", types.Integer()),
    ("plain", "'a  b'", "'a b'", types.String()),
    ("plain", '"A"', '"a"', types.String()),
    ("plain", "'f'", "false", None),
    ("postgresql", "'b''c'", "'b''d'::text", types.String()),
    ("postgresql", "current_timestamp(3)", "now()", types.DateTime()),
    ("postgresql", "now() + interval '1 day'", "now() - interval '1 day'", None),
    ("postgresql", "'[1]'", "'[2]'::jsonb", types.JSON()),
    ("mysql", "now()", "now() ON UPDATE now()", types.DateTime()),
    ("mysql", "now(3)", "now(6)", types.DateTime()),
    ("sqlite", "1", "'true'", types.Integer()),
]


@pytest.mark.parametrize(("rules", "one", "other", "type_"), ALIKE)
def test_same_default_in_other_words(rules, one, other, type_) -> None:
    """What a database makes of a default is the default that was given."""
    assert are_alike(one, other, type_, RULES_OF[rules])
    assert are_alike(other, one, type_, RULES_OF[rules])


@pytest.mark.parametrize(("rules", "one", "other", "type_"), DIFFERENT)
def test_other_default(rules, one, other, type_) -> None:
    """Two defaults that are not the same are told apart."""
    assert not are_alike(one, other, type_, RULES_OF[rules])
    assert not are_alike(other, one, type_, RULES_OF[rules])


@given(st.text())
def test_any_string_survives_quoting(value: str) -> None:
    """A quoted string is one token and says what it said before."""
    literal = "'" + value.replace("'", "''") + "'"
    assert canonical(literal, PLAIN) == ((STRING, value),)


@given(st.text(), st.text())
def test_strings_are_alike_only_when_equal(one: str, other: str) -> None:
    """Two string defaults are alike exactly when the strings are equal."""
    literals = ["'" + value.replace("'", "''") + "'" for value in (one, other)]
    for rules in (PLAIN, RULES):
        assert are_alike(*literals, types.String(), rules) == (one == other)


@given(st.text(alphabet="a1 ()'\"`[]:,.+-*/castas::|", max_size=40))
def test_no_text_is_too_odd(sql: str) -> None:
    """Any text at all is compared with itself without an error."""
    for rules in RULES_OF.values():
        canonical(sql, rules)
        assert are_alike(sql, sql, types.String(), rules)
