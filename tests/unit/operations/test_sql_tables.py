"""Tables: the SQL of each operation on every dialect."""

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
    "create_table": (
        lambda op: op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column(
                "x", sa.String(5), nullable=False, unique=True, index=True, comment="cc"
            ),
            sa.Column("p", sa.Integer, sa.ForeignKey("p.id")),
            sa.CheckConstraint("x>5", name="ck"),
            comment="tc",
        ),
        {
            "*": [
                "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, x VARCHAR(5) NOT NULL COMMENT 'cc', p INTEGER, PRIMARY KEY (id), CONSTRAINT ck CHECK (x>5), FOREIGN KEY(p) REFERENCES p (id) )COMMENT='tc'",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
            ],
            "postgresql": [
                "CREATE TABLE t ( id SERIAL NOT NULL, x VARCHAR(5) NOT NULL, p INTEGER, PRIMARY KEY (id), CONSTRAINT ck CHECK (x>5), FOREIGN KEY(p) REFERENCES p (id) )",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
                "COMMENT ON TABLE t IS 'tc'",
                "COMMENT ON COLUMN t.x IS 'cc'",
            ],
            "mssql": [
                "CREATE TABLE t ( id INTEGER NOT NULL IDENTITY, x VARCHAR(5) NOT NULL, p INTEGER NULL, PRIMARY KEY (id), CONSTRAINT ck CHECK (x>5), FOREIGN KEY(p) REFERENCES p (id) )",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
                "execute sp_addextendedproperty 'MS_Description', N'tc', 'schema', dbo, 'table', t",
                "execute sp_addextendedproperty 'MS_Description', N'cc', 'schema', dbo, 'table', t, 'column', x",
            ],
            "oracle": [
                "CREATE TABLE t ( id INTEGER NOT NULL, x VARCHAR2(5 CHAR) NOT NULL, p INTEGER, PRIMARY KEY (id), CONSTRAINT ck CHECK (x>5), FOREIGN KEY(p) REFERENCES p (id) )",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
                "COMMENT ON TABLE t IS 'tc'",
                "COMMENT ON COLUMN t.x IS 'cc'",
            ],
            "sqlite": [
                "CREATE TABLE t ( id INTEGER NOT NULL, x VARCHAR(5) NOT NULL, p INTEGER, PRIMARY KEY (id), CONSTRAINT ck CHECK (x>5), FOREIGN KEY(p) REFERENCES p (id) )",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
            ],
        },
    ),
    "create_table_schema": (
        lambda op: op.create_table(
            "t",
            sa.Column("id", sa.Integer),
            sa.Column("p", sa.Integer),
            sa.PrimaryKeyConstraint("id", name="pk"),
            sa.ForeignKeyConstraint(["p"], ["s.q.id"], name="fk"),
            sa.UniqueConstraint("p", name="uq"),
            schema="s",
            mysql_engine="InnoDB",
            prefixes=["TEMPORARY"],
        ),
        {
            "*": [
                "CREATE TEMPORARY TABLE s.t ( id SERIAL NOT NULL, p INTEGER, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT fk FOREIGN KEY(p) REFERENCES s.q (id), CONSTRAINT uq UNIQUE (p) )"
            ],
            "mysql": [
                "CREATE TEMPORARY TABLE s.t ( id INTEGER NOT NULL AUTO_INCREMENT, p INTEGER, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT fk FOREIGN KEY(p) REFERENCES s.q (id), CONSTRAINT uq UNIQUE (p) )ENGINE=InnoDB"
            ],
            "mariadb": [
                "CREATE TEMPORARY TABLE s.t ( id INTEGER NOT NULL AUTO_INCREMENT, p INTEGER, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT fk FOREIGN KEY(p) REFERENCES s.q (id), CONSTRAINT uq UNIQUE (p) )"
            ],
            "mssql": [
                "CREATE TEMPORARY TABLE s.t ( id INTEGER NOT NULL IDENTITY, p INTEGER NULL, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT fk FOREIGN KEY(p) REFERENCES s.q (id), CONSTRAINT uq UNIQUE (p) )"
            ],
            "oracle": [
                "CREATE TEMPORARY TABLE s.t ( id INTEGER NOT NULL, p INTEGER, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT fk FOREIGN KEY(p) REFERENCES s.q (id), CONSTRAINT uq UNIQUE (p) )"
            ],
            "sqlite": [
                "CREATE TEMPORARY TABLE s.t ( id INTEGER NOT NULL, p INTEGER, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT fk FOREIGN KEY(p) REFERENCES q (id), CONSTRAINT uq UNIQUE (p) )"
            ],
        },
    ),
    "create_table_if_not_exists": (
        lambda op: op.create_table(
            "t", sa.Column("id", sa.Integer, index=True), if_not_exists=True
        ),
        {
            "*": [
                "CREATE TABLE IF NOT EXISTS t ( id INTEGER )",
                "CREATE INDEX IF NOT EXISTS ix_t_id ON t (id)",
            ],
            "mysql": [
                "CREATE TABLE IF NOT EXISTS t ( id INTEGER )",
                prepared(
                    "statistics",
                    "index_name = 'ix_t_id'",
                    "DO 0",
                    "CREATE INDEX ix_t_id ON t (id)",
                ),
            ],
            "oracle": [
                block("CREATE TABLE t ( id INTEGER )", -955),
                block("CREATE INDEX ix_t_id ON t (id)", -955),
            ],
            "mariadb": [
                "CREATE TABLE IF NOT EXISTS t ( id INTEGER )",
                "CREATE INDEX IF NOT EXISTS ix_t_id ON t (id)",
            ],
            "mssql": [
                "IF OBJECT_ID('t', 'U') IS NULL CREATE TABLE t ( id INTEGER NULL )",
                "IF INDEXPROPERTY(OBJECT_ID('t'), 'ix_t_id', 'IndexID') IS NULL CREATE INDEX ix_t_id ON t (id)",
            ],
        },
    ),
    "create_table_if_not_exists_with_comments": (
        lambda op: op.create_table(
            "t",
            sa.Column("a b", sa.Integer, comment="it's"),
            schema="s",
            comment="tc",
            if_not_exists=True,
        ),
        {
            "*": [
                "CREATE TABLE IF NOT EXISTS s.t ( `a b` INTEGER COMMENT 'it''s' )COMMENT='tc'"
            ],
            "postgresql": [
                'CREATE TABLE IF NOT EXISTS s.t ( "a b" INTEGER )',
                "COMMENT ON TABLE s.t IS 'tc'",
                "COMMENT ON COLUMN s.t.\"a b\" IS 'it''s'",
            ],
            "sqlite": ['CREATE TABLE IF NOT EXISTS s.t ( "a b" INTEGER )'],
            # a comment cannot be added twice
            "mssql": [
                "IF OBJECT_ID('s.t', 'U') IS NULL CREATE TABLE s.t ( [a b] INTEGER NULL )",
                "IF NOT EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 1 AND name = 'MS_Description' AND major_id = OBJECT_ID('s.t') AND minor_id = 0) execute sp_addextendedproperty 'MS_Description', N'tc', 'schema', s, 'table', t",
                "IF NOT EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 1 AND name = 'MS_Description' AND major_id = OBJECT_ID('s.t') AND minor_id = COLUMNPROPERTY(OBJECT_ID('s.t'), 'a b', 'ColumnId')) exec sp_addextendedproperty 'MS_Description', N'it''s', 'schema', s, 'table', t, 'column', [a b]",
            ],
            "oracle": [
                block('CREATE TABLE s.t ( "a b" INTEGER )', -955),
                "COMMENT ON TABLE s.t IS 'tc'",
                "COMMENT ON COLUMN s.t.\"a b\" IS 'it''s'",
            ],
        },
    ),
    "create_table_boolean": (
        lambda op: op.create_table(
            "t",
            sa.Column("b", sa.Boolean(create_constraint=True)),
            sa.Column("e", sa.Enum("a", "b", name="en", create_constraint=True)),
        ),
        {
            "*": ["CREATE TABLE t ( b BOOL, e ENUM('a','b'), CHECK (b IN (0, 1)) )"],
            "postgresql": [
                "CREATE TYPE en AS ENUM ('a', 'b')",
                "CREATE TABLE t ( b BOOLEAN, e en )",
            ],
            "mssql": [
                "CREATE TABLE t ( b BIT NULL, e VARCHAR(1) NULL, CONSTRAINT en CHECK (e IN ('a', 'b')) )"
            ],
            "oracle": [
                "CREATE TABLE t ( b BOOLEAN, e VARCHAR(1 CHAR), CONSTRAINT en CHECK (e IN ('a', 'b')) )"
            ],
            "sqlite": [
                "CREATE TABLE t ( b BOOLEAN, e VARCHAR(1), CHECK (b IN (0, 1)), CONSTRAINT en CHECK (e IN ('a', 'b')) )"
            ],
        },
    ),
    "create_table_with_foreign_keys_and_index": (
        lambda op: op.create_table(
            "t",
            sa.Column("a", sa.Integer, sa.ForeignKey("q.a")),
            sa.Column("b", sa.Integer, sa.ForeignKey("q.b")),
            sa.Column("c", sa.Integer, sa.ForeignKey("t.a")),
            sa.Index("ixx", "a", "b"),
        ),
        {
            "*": [
                "CREATE TABLE t ( a INTEGER, b INTEGER, c INTEGER, FOREIGN KEY(a) REFERENCES q (a), FOREIGN KEY(b) REFERENCES q (b), FOREIGN KEY(c) REFERENCES t (a) )",
                "CREATE INDEX ixx ON t (a, b)",
            ],
            "mssql": [
                "CREATE TABLE t ( a INTEGER NULL, b INTEGER NULL, c INTEGER NULL, FOREIGN KEY(a) REFERENCES q (a), FOREIGN KEY(b) REFERENCES q (b), FOREIGN KEY(c) REFERENCES t (a) )",
                "CREATE INDEX ixx ON t (a, b)",
            ],
        },
    ),
    "drop_table": (
        lambda op: op.drop_table("t"),
        {"*": ["DROP TABLE t"]},
    ),
    "drop_table_schema": (
        lambda op: op.drop_table("t", schema="s", if_exists=True),
        {
            "*": ["DROP TABLE IF EXISTS s.t"],
            "oracle": [block("DROP TABLE s.t", -942)],
        },
    ),
    "drop_table_with_options": (
        lambda op: op.drop_table(
            "t", mysql_engine="x", info={"x": 1}, comment="q", prefixes=["TEMP"]
        ),
        {"*": ["DROP TABLE t"]},
    ),
    "rename_table": (
        lambda op: op.rename_table("a", "b"),
        {"*": ["ALTER TABLE a RENAME TO b"], "mssql": ["EXEC sp_rename 'a', b"]},
    ),
    "rename_table_schema": (
        lambda op: op.rename_table("a", "b", schema="s"),
        {
            "*": ["ALTER TABLE s.a RENAME TO b"],
            "mysql": ["ALTER TABLE s.a RENAME TO s.b"],
            "mssql": ["EXEC sp_rename 's.a', b"],
        },
    ),
    "table_comment": (
        lambda op: op.create_table_comment(
            "t", "it's", schema="s", existing_comment="x"
        ),
        {
            "*": ["COMMENT ON TABLE s.t IS 'it''s'"],
            "mysql": ["ALTER TABLE s.t COMMENT 'it''s'"],
            "mssql": [
                "execute sp_updateextendedproperty 'MS_Description', N'it''s', 'schema', s, 'table', t"
            ],
            "sqlite": [],
        },
    ),
    "table_comment_none": (
        lambda op: op.create_table_comment("t", None),
        {
            "*": ["COMMENT ON TABLE t IS NULL"],
            "mysql": ["ALTER TABLE t COMMENT ''"],
            "mssql": [
                "execute sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t"
            ],
            "oracle": ["COMMENT ON TABLE t IS ''"],
            "sqlite": [],
        },
    ),
    "drop_table_comment": (
        lambda op: op.drop_table_comment("t", schema="s", existing_comment="x"),
        {
            "*": ["ALTER TABLE s.t COMMENT ''"],
            "postgresql": ["COMMENT ON TABLE s.t IS NULL"],
            "mssql": [
                "execute sp_dropextendedproperty 'MS_Description', 'schema', s, 'table', t"
            ],
            "oracle": ["COMMENT ON TABLE s.t IS ''"],
            "sqlite": [],
        },
    ),
}


@pinned
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CASES)
def test_sql_of_tables(name, dialect):
    """What is written for the dialect is what its database understands."""
    skip_if_written_later(name, dialect)
    call, expected = CASES[name]
    assert outcome(dialect, call) == wanted(expected, dialect)
