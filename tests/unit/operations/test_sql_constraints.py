"""Constraints: the SQL of each operation on every dialect."""

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

CASES = {
    "create_unique": (
        lambda op: op.create_unique_constraint(
            "uq", "t", ["a", "b"], schema="s", deferrable=True, initially="DEFERRED"
        ),
        {
            "*": [
                "ALTER TABLE s.t ADD CONSTRAINT uq UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_unique_without_name": (
        lambda op: op.create_unique_constraint(None, "t", ["a"]),
        {"*": ["ALTER TABLE t ADD UNIQUE (a)"], "sqlite": "NotImplementedError"},
    ),
    "create_unique_nulls_not_distinct": (
        lambda op: op.create_unique_constraint(
            "uq", "t", ["a"], postgresql_nulls_not_distinct=True
        ),
        {
            "*": ["ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a)"],
            "postgresql": [
                "ALTER TABLE t ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (a)"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_primary_key": (
        lambda op: op.create_primary_key("pk", "t", ["a", "b"], schema="s"),
        {
            "*": ["ALTER TABLE s.t ADD CONSTRAINT pk PRIMARY KEY (a, b)"],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_primary_key_without_name": (
        lambda op: op.create_primary_key(None, "t", ["a"]),
        {"*": ["ALTER TABLE t ADD PRIMARY KEY (a)"], "sqlite": "NotImplementedError"},
    ),
    "create_check": (
        lambda op: op.create_check_constraint("ck", "t", "a > 5", schema="s"),
        {
            "*": ["ALTER TABLE s.t ADD CONSTRAINT ck CHECK (a > 5)"],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_check_without_name": (
        lambda op: op.create_check_constraint(None, "t", "a > 5"),
        {"*": ["ALTER TABLE t ADD CHECK (a > 5)"], "sqlite": "NotImplementedError"},
    ),
    "create_check_expression": (
        lambda op: op.create_check_constraint(
            "ck", "t", sa.func.length(sa.column("a")) > 5
        ),
        {
            "*": ["ALTER TABLE t ADD CONSTRAINT ck CHECK (length(a) > 5)"],
            "mssql": ["ALTER TABLE t ADD CONSTRAINT ck CHECK (LEN(a) > 5)"],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_check_with_options": (
        lambda op: op.create_check_constraint(
            "ck", "t", "a>5", deferrable=True, initially="DEFERRED"
        ),
        {
            "*": [
                "ALTER TABLE t ADD CONSTRAINT ck CHECK (a>5) DEFERRABLE INITIALLY DEFERRED"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_foreign_key": (
        lambda op: op.create_foreign_key(
            "fk",
            "t",
            "r",
            ["a", "b"],
            ["c", "d"],
            ondelete="CASCADE",
            onupdate="SET NULL",
            deferrable=True,
            initially="DEFERRED",
            match="FULL",
            source_schema="s",
            referent_schema="s2",
        ),
        {
            "*": [
                "ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a, b) REFERENCES s2.r (c, d) MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED"
            ],
            "mysql": "CompileError",
            "oracle": [
                "ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a, b) REFERENCES s2.r (c, d) MATCH FULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_foreign_key_without_name": (
        lambda op: op.create_foreign_key(None, "t", "r", ["a"], ["c"]),
        {
            "*": ["ALTER TABLE t ADD FOREIGN KEY(a) REFERENCES r (c)"],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_foreign_key_self": (
        lambda op: op.create_foreign_key("fk", "t", "t", ["a"], ["c"]),
        {
            "*": ["ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES t (c)"],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_foreign_key_not_valid": (
        lambda op: op.create_foreign_key(
            "fk", "t", "r", ["a"], ["c"], postgresql_not_valid=True
        ),
        {
            "*": ["ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r (c)"],
            "postgresql": [
                "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r (c) NOT VALID"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_foreign_key_use_alter": (
        lambda op: op.create_foreign_key("fk", "t", "r", ["a"], ["c"], use_alter=True),
        {
            "*": ["ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r (c)"],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_foreign_key_with_dots_in_names": (
        lambda op: op.create_foreign_key("fk", "t", "r", ["a.b"], ["c.d"]),
        {
            "*": [
                'ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY("a.b") REFERENCES r ("c.d")'
            ],
            "mysql": [
                "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(`a.b`) REFERENCES r (`c.d`)"
            ],
            "mssql": [
                "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY([a.b]) REFERENCES r ([c.d])"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_exclude": (
        lambda op: op.create_exclude_constraint(
            "ex",
            "t",
            ("a", "="),
            ("b", "&&"),
            where="a > 5",
            using="gist",
            deferrable=True,
            initially="DEFERRED",
            schema="s",
        ),
        {
            "*": "CommandError",
            "postgresql": [
                "ALTER TABLE s.t ADD CONSTRAINT ex EXCLUDE USING gist (a WITH =, b WITH &&) WHERE (a > 5) DEFERRABLE INITIALLY DEFERRED"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "create_exclude_of_expressions": (
        lambda op: op.create_exclude_constraint(
            "ex",
            "t",
            (sa.column("a"), "="),
            (sa.text("lower(b)"), "&&"),
            where=sa.column("a") > 5,
            ops={"a": "int4_ops"},
        ),
        {
            "*": "CommandError",
            "postgresql": [
                "ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (a int4_ops WITH =, lower(b) WITH &&) WHERE (a > 5)"
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "drop_constraint_of_any_kind": (
        lambda op: op.drop_constraint("c", "t"),
        {
            "*": ["ALTER TABLE t DROP CONSTRAINT c"],
            "mysql": "NotImplementedError",
            "sqlite": "NotImplementedError",
        },
    ),
    "drop_constraint_foreignkey": (
        lambda op: op.drop_constraint("c", "t", type_="foreignkey"),
        {
            "*": ["ALTER TABLE t DROP CONSTRAINT c"],
            "mysql": ["ALTER TABLE t DROP FOREIGN KEY c"],
            "sqlite": "NotImplementedError",
        },
    ),
    "drop_constraint_unique": (
        lambda op: op.drop_constraint("c", "t", type_="unique"),
        {
            "*": ["ALTER TABLE t DROP CONSTRAINT c"],
            "mysql": ["ALTER TABLE t DROP INDEX c"],
            "sqlite": "NotImplementedError",
        },
    ),
    "drop_constraint_primary": (
        lambda op: op.drop_constraint("c", "t", type_="primary"),
        {
            "*": ["ALTER TABLE t DROP CONSTRAINT c"],
            "mysql": ["ALTER TABLE t DROP PRIMARY KEY"],
            "sqlite": "NotImplementedError",
        },
    ),
    "drop_constraint_check": (
        lambda op: op.drop_constraint("c", "t", type_="check"),
        {
            "*": ["ALTER TABLE t DROP CONSTRAINT c"],
            "mysql": ["ALTER TABLE t DROP CHECK c"],
            "sqlite": "NotImplementedError",
            "mariadb": ["ALTER TABLE t DROP CONSTRAINT c"],
        },
    ),
    "drop_constraint_schema": (
        lambda op: op.drop_constraint(
            "c", "t", type_="unique", schema="s", if_exists=True
        ),
        {
            "*": ["ALTER TABLE s.t DROP CONSTRAINT IF EXISTS c"],
            "mysql": [
                prepared(
                    "table_constraints",
                    "constraint_name = 'c'",
                    "ALTER TABLE s.t DROP INDEX c",
                    "DO 0",
                    schema="s",
                )
            ],
            "mariadb": ["ALTER TABLE s.t DROP INDEX IF EXISTS c"],
            "oracle": [block("ALTER TABLE s.t DROP CONSTRAINT c", -2443)],
            "sqlite": "NotImplementedError",
        },
    ),
    "drop_primary_key_if_exists": (
        lambda op: op.drop_constraint("pk", "t", type_="primary", if_exists=True),
        {
            "*": ["ALTER TABLE t DROP CONSTRAINT IF EXISTS pk"],
            "mysql": [
                prepared(
                    "table_constraints",
                    "constraint_name = 'PRIMARY'",
                    "ALTER TABLE t DROP PRIMARY KEY",
                    "DO 0",
                )
            ],
            "mariadb": ["ALTER TABLE t DROP CONSTRAINT IF EXISTS `PRIMARY`"],
            "oracle": [block("ALTER TABLE t DROP CONSTRAINT pk", -2443)],
            "sqlite": "NotImplementedError",
        },
    ),
    "drop_constraint_final_name": (
        lambda op: op.drop_constraint(op.f("c"), "t"),
        {
            "*": ["ALTER TABLE t DROP CONSTRAINT c"],
            "mysql": "NotImplementedError",
            "sqlite": "NotImplementedError",
        },
    ),
}


@pinned
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CASES)
def test_sql_of_constraints(name, dialect):
    """What is written for the dialect is what its database understands."""
    skip_if_written_later(name, dialect)
    call, expected = CASES[name]
    assert outcome(dialect, call) == wanted(expected, dialect)
