"""Indexes: the SQL of each operation on every dialect."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.support.sql_cases import block
from tests.support.sql_cases import DIALECTS
from tests.support.sql_cases import outcome
from tests.support.sql_cases import pinned
from tests.support.sql_cases import prepared
from tests.support.sql_cases import skip_if_written_later
from tests.support.sql_cases import wanted

CREATE_PREPARED = prepared(
    "statistics", "index_name = 'ix'", "DO 0", "CREATE INDEX ix ON t (a)"
)

CASES = {
    "create_index": (
        lambda op: op.create_index("ix", "t", ["a", "b"], unique=True),
        {"*": ["CREATE UNIQUE INDEX ix ON t (a, b)"]},
    ),
    "create_index_without_name": (
        lambda op: op.create_index(None, "t", ["a"]),
        {"*": ["CREATE INDEX ix_t_a ON t (a)"]},
    ),
    "create_index_final_name": (
        lambda op: op.create_index(op.f("ix_x"), "t", ["a"], schema="s"),
        {
            "*": ["CREATE INDEX ix_x ON s.t (a)"],
            "oracle": ["CREATE INDEX s.ix_x ON s.t (a)"],
            "sqlite": ["CREATE INDEX s.ix_x ON t (a)"],
        },
    ),
    "create_index_expression": (
        lambda op: op.create_index(
            "ix",
            "t",
            [
                sa.text("lower(a)"),
                "b",
                sa.func.upper(sa.column("c")),
                sa.text("d DESC"),
                sa.desc("e"),
            ],
        ),
        {
            "*": ["CREATE INDEX ix ON t (lower(a), b, upper(c), d DESC, e DESC)"],
            "mysql": ["CREATE INDEX ix ON t (lower(a), b, (upper(c)), d DESC, e DESC)"],
        },
    ),
    "create_index_with_dialect_options": (
        lambda op: op.create_index(
            "ix",
            "t",
            ["a"],
            postgresql_using="gin",
            postgresql_where=sa.text("a > 5"),
            postgresql_include=["z"],
            postgresql_ops={"a": "int4_ops"},
            postgresql_with={"fillfactor": 50},
            mysql_length=5,
            mssql_include=["z"],
            mssql_clustered=True,
            sqlite_where=sa.text("a>5"),
            oracle_bitmap=True,
        ),
        {
            "*": [
                "CREATE INDEX ix ON t USING gin (a int4_ops) INCLUDE (z) WITH (fillfactor = 50) WHERE a > 5"
            ],
            "mysql": ["CREATE INDEX ix ON t (a(5))"],
            "mariadb": ["CREATE INDEX ix ON t (a)"],
            "mssql": ["CREATE CLUSTERED INDEX ix ON t (a) INCLUDE (z)"],
            "oracle": ["CREATE BITMAP INDEX ix ON t (a)"],
            "sqlite": ["CREATE INDEX ix ON t (a) WHERE a>5"],
        },
    ),
    "create_index_concurrently": (
        lambda op: op.create_index(
            "ix", "t", ["a"], postgresql_concurrently=True, if_not_exists=True
        ),
        {
            "*": ["CREATE INDEX IF NOT EXISTS ix ON t (a)"],
            "postgresql": ["CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a)"],
            "mysql": [CREATE_PREPARED],
            "mariadb": ["CREATE INDEX IF NOT EXISTS ix ON t (a)"],
            "mssql": [
                "IF INDEXPROPERTY(OBJECT_ID('t'), 'ix', 'IndexID') IS NULL CREATE INDEX ix ON t (a)"
            ],
            "oracle": [block("CREATE INDEX ix ON t (a)", -955)],
        },
    ),
    "create_index_if_not_exists": (
        lambda op: op.create_index("ix", "t", ["a"], if_not_exists=True),
        {
            "*": ["CREATE INDEX IF NOT EXISTS ix ON t (a)"],
            "mysql": [CREATE_PREPARED],
            "mariadb": ["CREATE INDEX IF NOT EXISTS ix ON t (a)"],
            "mssql": [
                "IF INDEXPROPERTY(OBJECT_ID('t'), 'ix', 'IndexID') IS NULL CREATE INDEX ix ON t (a)"
            ],
            "oracle": [block("CREATE INDEX ix ON t (a)", -955)],
        },
    ),
    "create_index_quoted": (
        lambda op: op.create_index("ix", "t", ["a"], info={"a": 1}, quote=True),
        {
            "*": ['CREATE INDEX "ix" ON t (a)'],
            "mysql": ["CREATE INDEX `ix` ON t (a)"],
            "mssql": ["CREATE INDEX [ix] ON t (a)"],
        },
    ),
    "drop_index": (
        lambda op: op.drop_index("ix", "t"),
        {
            "*": ["DROP INDEX ix"],
            "mysql": ["DROP INDEX ix ON t"],
            "mssql": ["DROP INDEX ix ON t"],
        },
    ),
    "drop_index_without_table": (
        lambda op: op.drop_index("ix"),
        {"*": ["DROP INDEX ix"], "mysql": "CommandError", "mssql": "CommandError"},
    ),
    "drop_index_with_options": (
        lambda op: op.drop_index(
            "ix",
            "t",
            schema="s",
            if_exists=True,
            postgresql_concurrently=True,
            unique=True,
        ),
        {
            "*": ["DROP INDEX IF EXISTS ix ON s.t"],
            "postgresql": ["DROP INDEX CONCURRENTLY IF EXISTS s.ix"],
            "mysql": [
                prepared(
                    "statistics",
                    "index_name = 'ix'",
                    "DROP INDEX ix ON s.t",
                    "DO 0",
                    schema="s",
                )
            ],
            "mariadb": ["DROP INDEX IF EXISTS ix ON s.t"],
            "oracle": [block("DROP INDEX s.ix", -1418)],
            "sqlite": ["DROP INDEX IF EXISTS s.ix"],
        },
    ),
    "create_index_with_a_colon": (
        lambda op: op.create_index(
            "ix",
            "t",
            [sa.text("(a ->> ':x')")],
            postgresql_where=sa.text("b <> '12:30'"),
            sqlite_where=sa.text("b <> '12:30'"),
        ),
        {
            "*": ["CREATE INDEX ix ON t ((a ->> ':x'))"],
            "postgresql": ["CREATE INDEX ix ON t ((a ->> ':x')) WHERE b <> '12:30'"],
            "sqlite": ["CREATE INDEX ix ON t ((a ->> ':x')) WHERE b <> '12:30'"],
        },
    ),
}


@pinned
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CASES)
def test_sql_of_indexes(name, dialect):
    """What is written for the dialect is what its database understands."""
    skip_if_written_later(name, dialect)
    call, expected = CASES[name]
    assert outcome(dialect, call) == wanted(expected, dialect)
