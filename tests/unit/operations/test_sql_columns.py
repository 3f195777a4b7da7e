"""Columns: the SQL of each operation on every dialect."""

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
    "add_column": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer, nullable=False)),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER NOT NULL"],
            "mssql": ["ALTER TABLE t ADD x INTEGER NOT NULL"],
            "oracle": ["ALTER TABLE t ADD x INTEGER NOT NULL"],
        },
    ),
    "add_column_schema": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.String(30), server_default="q"), schema="s"
        ),
        {
            "*": ["ALTER TABLE s.t ADD COLUMN x VARCHAR(30) DEFAULT 'q'"],
            "mssql": ["ALTER TABLE s.t ADD x VARCHAR(30) NULL DEFAULT 'q'"],
            "oracle": ["ALTER TABLE s.t ADD x VARCHAR2(30 CHAR) DEFAULT 'q'"],
        },
    ),
    "add_column_foreign_key": (
        lambda op: op.add_column(
            "t",
            sa.Column(
                "x", sa.Integer, sa.ForeignKey("p.id", name="fk1", ondelete="CASCADE")
            ),
        ),
        {
            "*": [
                "ALTER TABLE t ADD COLUMN x INTEGER",
                "ALTER TABLE t ADD CONSTRAINT fk1 FOREIGN KEY(x) REFERENCES p (id) ON DELETE CASCADE",
            ],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL",
                "ALTER TABLE t ADD CONSTRAINT fk1 FOREIGN KEY(x) REFERENCES p (id) ON DELETE CASCADE",
            ],
            "oracle": [
                "ALTER TABLE t ADD x INTEGER",
                "ALTER TABLE t ADD CONSTRAINT fk1 FOREIGN KEY(x) REFERENCES p (id) ON DELETE CASCADE",
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "add_column_foreign_key_unnamed": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Integer, sa.ForeignKey("p.id"))
        ),
        {
            "*": [
                "ALTER TABLE t ADD COLUMN x INTEGER",
                "ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES p (id)",
            ],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL",
                "ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES p (id)",
            ],
            "oracle": [
                "ALTER TABLE t ADD x INTEGER",
                "ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES p (id)",
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "add_column_foreign_key_schema": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Integer, sa.ForeignKey("s2.p.id")), schema="s"
        ),
        {
            "*": [
                "ALTER TABLE s.t ADD COLUMN x INTEGER",
                "ALTER TABLE s.t ADD FOREIGN KEY(x) REFERENCES s2.p (id)",
            ],
            "mssql": [
                "ALTER TABLE s.t ADD x INTEGER NULL",
                "ALTER TABLE s.t ADD FOREIGN KEY(x) REFERENCES s2.p (id)",
            ],
            "oracle": [
                "ALTER TABLE s.t ADD x INTEGER",
                "ALTER TABLE s.t ADD FOREIGN KEY(x) REFERENCES s2.p (id)",
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "add_column_foreign_key_self": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Integer, sa.ForeignKey("t.id"))
        ),
        {
            "*": [
                "ALTER TABLE t ADD COLUMN x INTEGER",
                "ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES t (id)",
            ],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL",
                "ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES t (id)",
            ],
            "oracle": [
                "ALTER TABLE t ADD x INTEGER",
                "ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES t (id)",
            ],
            "sqlite": "NotImplementedError",
        },
    ),
    "add_column_inline_references": (
        lambda op: op.add_column(
            "t",
            sa.Column("x", sa.Integer, sa.ForeignKey("p.id", ondelete="CASCADE")),
            inline_references=True,
        ),
        {
            "*": [
                "ALTER TABLE t ADD COLUMN x INTEGER REFERENCES p (id) ON DELETE CASCADE"
            ],
            "mysql": [
                "ALTER TABLE t ADD COLUMN x INTEGER, ADD FOREIGN KEY(x) REFERENCES p (id) ON DELETE CASCADE"
            ],
            "mariadb": [
                "ALTER TABLE t ADD COLUMN x INTEGER REFERENCES p (id) ON DELETE CASCADE"
            ],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL REFERENCES p (id) ON DELETE CASCADE"
            ],
            "oracle": [
                "ALTER TABLE t ADD x INTEGER REFERENCES p (id) ON DELETE CASCADE"
            ],
        },
    ),
    "add_column_inline_primary_key": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Integer, primary_key=True), inline_primary_key=True
        ),
        {
            "*": [
                "ALTER TABLE t ADD COLUMN x INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY"
            ],
            "postgresql": ["ALTER TABLE t ADD COLUMN x SERIAL NOT NULL PRIMARY KEY"],
            "mssql": ["ALTER TABLE t ADD x INTEGER NOT NULL IDENTITY PRIMARY KEY"],
            "oracle": ["ALTER TABLE t ADD x INTEGER NOT NULL PRIMARY KEY"],
            "sqlite": ["ALTER TABLE t ADD COLUMN x INTEGER NOT NULL PRIMARY KEY"],
        },
    ),
    "add_column_primary_key": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer, primary_key=True)),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER NOT NULL AUTO_INCREMENT"],
            "postgresql": ["ALTER TABLE t ADD COLUMN x SERIAL NOT NULL"],
            "mssql": ["ALTER TABLE t ADD x INTEGER NOT NULL IDENTITY"],
            "oracle": ["ALTER TABLE t ADD x INTEGER NOT NULL"],
            "sqlite": ["ALTER TABLE t ADD COLUMN x INTEGER NOT NULL"],
        },
    ),
    "add_column_if_not_exists": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer), if_not_exists=True),
        {
            "*": ["ALTER TABLE t ADD COLUMN IF NOT EXISTS x INTEGER"],
            "mssql": [
                "IF COL_LENGTH('t', 'x') IS NULL ALTER TABLE t ADD x INTEGER NULL"
            ],
            "mysql": [
                prepared(
                    "columns",
                    "column_name = 'x'",
                    "DO 0",
                    "ALTER TABLE t ADD COLUMN x INTEGER",
                )
            ],
            "mariadb": ["ALTER TABLE t ADD COLUMN IF NOT EXISTS x INTEGER"],
            "oracle": [block("ALTER TABLE t ADD x INTEGER", -1430)],
            # which can look when there is a connection
            "sqlite": "CommandError",
        },
    ),
    "add_column_if_not_exists_with_all_it_has": (
        lambda op: op.add_column(
            "t",
            sa.Column(
                "x",
                sa.Integer,
                sa.ForeignKey("p.id", name="fk"),
                index=True,
                comment="c",
            ),
            if_not_exists=True,
        ),
        {
            "*": [],
            "postgresql": [
                "ALTER TABLE t ADD COLUMN IF NOT EXISTS x INTEGER",
                "DO $alembic$ BEGIN IF NOT EXISTS ( SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = 't'::pg_catalog.regclass AND conname = 'fk' ) THEN ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES p (id); END IF; END $alembic$",
                "CREATE INDEX IF NOT EXISTS ix_t_x ON t (x)",
                "COMMENT ON COLUMN t.x IS 'c'",
            ],
            "mysql": [
                prepared(
                    "columns",
                    "column_name = 'x'",
                    "DO 0",
                    "ALTER TABLE t ADD COLUMN x INTEGER COMMENT ''c''",
                ),
                prepared(
                    "table_constraints",
                    "constraint_name = 'fk'",
                    "DO 0",
                    "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES p (id)",
                ),
                prepared(
                    "statistics",
                    "index_name = 'ix_t_x'",
                    "DO 0",
                    "CREATE INDEX ix_t_x ON t (x)",
                ),
            ],
            "mariadb": [
                "ALTER TABLE t ADD COLUMN IF NOT EXISTS x INTEGER COMMENT 'c'",
                prepared(
                    "table_constraints",
                    "constraint_name = 'fk'",
                    "DO 0",
                    "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES p (id)",
                ),
                "CREATE INDEX IF NOT EXISTS ix_t_x ON t (x)",
            ],
            "mssql": [
                "IF COL_LENGTH('t', 'x') IS NULL ALTER TABLE t ADD x INTEGER NULL",
                "IF OBJECT_ID('fk') IS NULL ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES p (id)",
                "IF INDEXPROPERTY(OBJECT_ID('t'), 'ix_t_x', 'IndexID') IS NULL CREATE INDEX ix_t_x ON t (x)",
                "IF NOT EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 1 AND name = 'MS_Description' AND major_id = OBJECT_ID('t') AND minor_id = COLUMNPROPERTY(OBJECT_ID('t'), 'x', 'ColumnId')) exec sp_addextendedproperty 'MS_Description', N'c', 'schema', dbo, 'table', t, 'column', x",
            ],
            "oracle": [
                block("ALTER TABLE t ADD x INTEGER", -1430),
                block(
                    "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES p (id)",
                    *(-2264, -2275, -2261, -2260),
                ),
                block("CREATE INDEX ix_t_x ON t (x)", -955),
                "COMMENT ON COLUMN t.x IS 'c'",
            ],
            "sqlite": "CommandError",
        },
    ),
    "add_column_index_unique": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Integer, index=True, unique=True)
        ),
        {
            "*": [
                "ALTER TABLE t ADD COLUMN x INTEGER",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
            ],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
            ],
            "oracle": [
                "ALTER TABLE t ADD x INTEGER",
                "CREATE UNIQUE INDEX ix_t_x ON t (x)",
            ],
        },
    ),
    "add_column_index": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer, index=True)),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER", "CREATE INDEX ix_t_x ON t (x)"],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL",
                "CREATE INDEX ix_t_x ON t (x)",
            ],
            "oracle": ["ALTER TABLE t ADD x INTEGER", "CREATE INDEX ix_t_x ON t (x)"],
        },
    ),
    "add_column_unique": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer, unique=True)),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER", "ALTER TABLE t ADD UNIQUE (x)"],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL",
                "ALTER TABLE t ADD UNIQUE (x)",
            ],
            "oracle": ["ALTER TABLE t ADD x INTEGER", "ALTER TABLE t ADD UNIQUE (x)"],
            "sqlite": "NotImplementedError",
        },
    ),
    "add_column_comment": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer, comment="hi")),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER COMMENT 'hi'"],
            "postgresql": [
                "ALTER TABLE t ADD COLUMN x INTEGER",
                "COMMENT ON COLUMN t.x IS 'hi'",
            ],
            "mssql": [
                "ALTER TABLE t ADD x INTEGER NULL",
                "execute sp_addextendedproperty 'MS_Description', N'hi', 'schema', dbo, 'table', t, 'column', x",
            ],
            "oracle": ["ALTER TABLE t ADD x INTEGER", "COMMENT ON COLUMN t.x IS 'hi'"],
            "sqlite": ["ALTER TABLE t ADD COLUMN x INTEGER"],
        },
    ),
    "add_column_boolean": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Boolean(create_constraint=True, name="ckb"))
        ),
        {
            "*": ["ALTER TABLE t ADD COLUMN x BOOLEAN"],
            "mysql": [
                "ALTER TABLE t ADD COLUMN x BOOL",
                "ALTER TABLE t ADD CONSTRAINT ckb CHECK (x IN (0, 1))",
            ],
            "mssql": ["ALTER TABLE t ADD x BIT NULL"],
            "oracle": ["ALTER TABLE t ADD x BOOLEAN"],
        },
    ),
    "add_column_enum": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Enum("a", "b", name="en", create_constraint=True))
        ),
        {
            "*": ["ALTER TABLE t ADD COLUMN x ENUM('a','b')"],
            "postgresql": ["ALTER TABLE t ADD COLUMN x en"],
            "mssql": [
                "ALTER TABLE t ADD x VARCHAR(1) NULL",
                "ALTER TABLE t ADD CONSTRAINT en CHECK (x IN ('a', 'b'))",
            ],
            "oracle": [
                "ALTER TABLE t ADD x VARCHAR(1 CHAR)",
                "ALTER TABLE t ADD CONSTRAINT en CHECK (x IN ('a', 'b'))",
            ],
            "sqlite": ["ALTER TABLE t ADD COLUMN x VARCHAR(1)"],
        },
    ),
    "add_column_check": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.Integer, sa.CheckConstraint("x > 5", name="ck"))
        ),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER CONSTRAINT ck CHECK (x > 5)"],
            # MariaDB takes no name inside a column
            "mariadb": [
                "ALTER TABLE t ADD COLUMN x INTEGER, ADD CONSTRAINT ck CHECK (x > 5)"
            ],
            "mssql": ["ALTER TABLE t ADD x INTEGER NULL CONSTRAINT ck CHECK (x > 5)"],
            "oracle": ["ALTER TABLE t ADD x INTEGER CONSTRAINT ck CHECK (x > 5)"],
        },
    ),
    "add_column_computed": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer, sa.Computed("y+1"))),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER GENERATED ALWAYS AS (y+1)"],
            "mssql": ["ALTER TABLE t ADD x AS (y+1)"],
            "oracle": ["ALTER TABLE t ADD x INTEGER GENERATED ALWAYS AS (y+1)"],
        },
    ),
    "add_column_identity": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer, sa.Identity())),
        {
            "*": ["ALTER TABLE t ADD COLUMN x INTEGER NOT NULL"],
            "postgresql": [
                "ALTER TABLE t ADD COLUMN x INTEGER GENERATED BY DEFAULT AS IDENTITY"
            ],
            "mssql": ["ALTER TABLE t ADD x INTEGER NOT NULL IDENTITY"],
            "oracle": ["ALTER TABLE t ADD x INTEGER GENERATED BY DEFAULT AS IDENTITY"],
        },
    ),
    "add_column_default_text": (
        lambda op: op.add_column(
            "t", sa.Column("x", sa.DateTime, server_default=sa.func.now())
        ),
        {
            "*": ["ALTER TABLE t ADD COLUMN x DATETIME DEFAULT (now())"],
            "postgresql": [
                "ALTER TABLE t ADD COLUMN x TIMESTAMP WITHOUT TIME ZONE DEFAULT now()"
            ],
            "mssql": ["ALTER TABLE t ADD x DATETIME NULL DEFAULT CURRENT_TIMESTAMP"],
            "oracle": ["ALTER TABLE t ADD x DATE DEFAULT CURRENT_TIMESTAMP"],
            "sqlite": ["ALTER TABLE t ADD COLUMN x DATETIME DEFAULT CURRENT_TIMESTAMP"],
        },
    ),
    "quoted_names": (
        lambda op: op.add_column("My Table", sa.Column("Sel ect", sa.Integer)),
        {
            "*": ['ALTER TABLE "My Table" ADD COLUMN "Sel ect" INTEGER'],
            "mysql": ["ALTER TABLE `My Table` ADD COLUMN `Sel ect` INTEGER"],
            "mssql": ["ALTER TABLE [My Table] ADD [Sel ect] INTEGER NULL"],
            "oracle": ['ALTER TABLE "My Table" ADD "Sel ect" INTEGER'],
        },
    ),
    "quoted_name": (
        lambda op: op.add_column(
            sa.sql.quoted_name("t", quote=True), sa.Column("x", sa.Integer, quote=True)
        ),
        {
            "*": ['ALTER TABLE "t" ADD COLUMN "x" INTEGER'],
            "mysql": ["ALTER TABLE `t` ADD COLUMN `x` INTEGER"],
            "mssql": ["ALTER TABLE [t] ADD [x] INTEGER NULL"],
            "oracle": ['ALTER TABLE "t" ADD "x" INTEGER'],
        },
    ),
    "dotted_schema": (
        lambda op: op.add_column("t", sa.Column("x", sa.Integer), schema="a.b"),
        {
            "*": ["ALTER TABLE a.b.t ADD COLUMN x INTEGER"],
            "mssql": ["ALTER TABLE a.b.t ADD x INTEGER NULL"],
            "oracle": ["ALTER TABLE a.b.t ADD x INTEGER"],
        },
    ),
    "drop_column": (
        lambda op: op.drop_column("t", "x"),
        {"*": ["ALTER TABLE t DROP COLUMN x"]},
    ),
    "drop_column_schema": (
        lambda op: op.drop_column("t", "x", schema="s"),
        {"*": ["ALTER TABLE s.t DROP COLUMN x"]},
    ),
    "drop_column_if_exists": (
        lambda op: op.drop_column("t", "x", if_exists=True),
        {
            "*": ["ALTER TABLE t DROP COLUMN IF EXISTS x"],
            "mysql": [
                prepared(
                    "columns",
                    "column_name = 'x'",
                    "ALTER TABLE t DROP COLUMN x",
                    "DO 0",
                )
            ],
            "mariadb": ["ALTER TABLE t DROP COLUMN IF EXISTS x"],
            "oracle": [block("ALTER TABLE t DROP COLUMN x", -904)],
            "sqlite": "CommandError",
        },
    ),
    "drop_column_for_mssql": (
        lambda op: op.drop_column(
            "t",
            "x",
            mssql_drop_default=True,
            mssql_drop_check=True,
            mssql_drop_foreign_key=True,
        ),
        {
            "*": ["ALTER TABLE t DROP COLUMN x"],
            "mssql": [
                "declare @const_name varchar(256) select @const_name = QUOTENAME([name]) from sys.default_constraints where parent_object_id = object_id('t') and col_name(parent_object_id, parent_column_id) = 'x' exec('alter table t drop constraint ' + @const_name)",
                "declare @const_name nvarchar(max) select @const_name = isnull(@const_name + ', ', '') + QUOTENAME([name]) from sys.check_constraints where parent_object_id = object_id('t') and col_name(parent_object_id, parent_column_id) = 'x' exec('alter table t drop constraint ' + @const_name)",
                "declare @const_name nvarchar(max) select @const_name = isnull(@const_name + ', ', '') + QUOTENAME([name]) from sys.foreign_keys fk join sys.foreign_key_columns fkc on fk.object_id=fkc.constraint_object_id where fkc.parent_object_id = object_id('t') and col_name(fkc.parent_object_id, fkc.parent_column_id) = 'x' exec('alter table t drop constraint ' + @const_name)",
                "ALTER TABLE t DROP COLUMN x",
            ],
        },
    ),
    "alter_nothing": (
        lambda op: op.alter_column("t", "x"),
        {"*": []},
    ),
    "alter_type": (
        lambda op: op.alter_column(
            "t", "x", type_=sa.String(50), existing_type=sa.Integer()
        ),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x TYPE VARCHAR(50)"],
            "mysql": ["ALTER TABLE t MODIFY x VARCHAR(50) NULL"],
            "mssql": ["ALTER TABLE t ALTER COLUMN x VARCHAR(50)"],
            "oracle": ["ALTER TABLE t MODIFY x VARCHAR2(50 CHAR)"],
        },
    ),
    "alter_type_using": (
        lambda op: op.alter_column(
            "t",
            "x",
            type_=sa.Integer,
            existing_type=sa.String(50),
            postgresql_using="x::integer",
            schema="s",
        ),
        {
            "*": ["ALTER TABLE s.t MODIFY x INTEGER NULL"],
            "postgresql": [
                "ALTER TABLE s.t ALTER COLUMN x TYPE INTEGER USING x::integer"
            ],
            "mssql": ["ALTER TABLE s.t ALTER COLUMN x INTEGER"],
            "oracle": ["ALTER TABLE s.t MODIFY x INTEGER"],
            "sqlite": ["ALTER TABLE s.t ALTER COLUMN x TYPE INTEGER"],
        },
    ),
    "alter_nullable": (
        lambda op: op.alter_column(
            "t", "x", nullable=False, existing_type=sa.Integer()
        ),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x SET NOT NULL"],
            "mysql": ["ALTER TABLE t MODIFY x INTEGER NOT NULL"],
            "mssql": ["ALTER TABLE t ALTER COLUMN x INTEGER NOT NULL"],
            "oracle": ["ALTER TABLE t MODIFY x NOT NULL"],
        },
    ),
    "alter_nullable_of_unknown_type": (
        lambda op: op.alter_column("t", "x", nullable=True),
        {
            "*": "CommandError",
            "postgresql": ["ALTER TABLE t ALTER COLUMN x DROP NOT NULL"],
            "oracle": ["ALTER TABLE t MODIFY x NULL"],
            "sqlite": ["ALTER TABLE t ALTER COLUMN x DROP NOT NULL"],
        },
    ),
    "alter_default": (
        lambda op: op.alter_column(
            "t", "x", server_default="5", existing_type=sa.Integer()
        ),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x SET DEFAULT '5'"],
            "mssql": ["ALTER TABLE t ADD DEFAULT '5' FOR x"],
            "oracle": ["ALTER TABLE t MODIFY x DEFAULT '5'"],
        },
    ),
    "alter_default_none": (
        lambda op: op.alter_column(
            "t", "x", server_default=None, existing_type=sa.Integer()
        ),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x DROP DEFAULT"],
            "mssql": [
                "declare @const_name varchar(256) select @const_name = QUOTENAME([name]) from sys.default_constraints where parent_object_id = object_id('t') and col_name(parent_object_id, parent_column_id) = 'x' exec('alter table t drop constraint ' + @const_name)"
            ],
            "oracle": ["ALTER TABLE t MODIFY x DEFAULT NULL"],
        },
    ),
    "alter_default_text": (
        lambda op: op.alter_column("t", "x", server_default=sa.text("now()")),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x SET DEFAULT now()"],
            "mysql": ["ALTER TABLE t ALTER COLUMN x SET DEFAULT (now())"],
            "mssql": ["ALTER TABLE t ADD DEFAULT now() FOR x"],
            "oracle": ["ALTER TABLE t MODIFY x DEFAULT now()"],
        },
    ),
    "alter_name": (
        lambda op: op.alter_column(
            "t", "x", new_column_name="y", existing_type=sa.Integer()
        ),
        {
            "*": ["ALTER TABLE t RENAME COLUMN x TO y"],
            "postgresql": ["ALTER TABLE t RENAME x TO y"],
            "mysql": ["ALTER TABLE t CHANGE x y INTEGER NULL"],
            "mssql": ["EXEC sp_rename 't.x', y, 'COLUMN'"],
        },
    ),
    "alter_name_of_unknown_type": (
        lambda op: op.alter_column("t", "x", new_column_name="y"),
        {
            "*": "CommandError",
            "postgresql": ["ALTER TABLE t RENAME x TO y"],
            "mssql": ["EXEC sp_rename 't.x', y, 'COLUMN'"],
            "oracle": ["ALTER TABLE t RENAME COLUMN x TO y"],
            "sqlite": ["ALTER TABLE t RENAME COLUMN x TO y"],
        },
    ),
    "alter_comment": (
        lambda op: op.alter_column(
            "t", "x", comment="it's", existing_type=sa.Integer()
        ),
        {
            "*": ["COMMENT ON COLUMN t.x IS 'it''s'"],
            "mysql": ["ALTER TABLE t MODIFY x INTEGER NULL COMMENT 'it''s'"],
            "mssql": [
                "exec sp_addextendedproperty 'MS_Description', N'it''s', 'schema', dbo, 'table', t, 'column', x"
            ],
            "sqlite": [],
        },
    ),
    "alter_comment_none": (
        lambda op: op.alter_column(
            "t", "x", comment=None, existing_type=sa.Integer(), existing_comment="z"
        ),
        {
            "*": ["ALTER TABLE t MODIFY x INTEGER NULL"],
            "postgresql": ["COMMENT ON COLUMN t.x IS NULL"],
            "mssql": [
                "exec sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t, 'column', x"
            ],
            "oracle": ["COMMENT ON COLUMN t.x IS ''"],
            "sqlite": [],
        },
    ),
    "alter_everything": (
        lambda op: op.alter_column(
            "t",
            "x",
            new_column_name="y",
            nullable=False,
            server_default="a",
            type_=sa.String(5),
            comment="c",
            existing_type=sa.Integer(),
            existing_nullable=True,
            existing_server_default="q",
            schema="s",
        ),
        {
            "*": [
                "ALTER TABLE s.t CHANGE x y VARCHAR(5) NOT NULL DEFAULT 'a' COMMENT 'c'"
            ],
            "postgresql": [
                "ALTER TABLE s.t ALTER COLUMN x TYPE VARCHAR(5)",
                "ALTER TABLE s.t ALTER COLUMN x SET NOT NULL",
                "ALTER TABLE s.t ALTER COLUMN x SET DEFAULT 'a'",
                "COMMENT ON COLUMN s.t.x IS 'c'",
                "ALTER TABLE s.t RENAME x TO y",
            ],
            "mssql": [
                "declare @const_name varchar(256) select @const_name = QUOTENAME([name]) from sys.default_constraints where parent_object_id = object_id('s.t') and col_name(parent_object_id, parent_column_id) = 'x' exec('alter table s.t drop constraint ' + @const_name)",
                "ALTER TABLE s.t ALTER COLUMN x VARCHAR(5) NOT NULL",
                "ALTER TABLE s.t ADD DEFAULT 'a' FOR x",
                "exec sp_addextendedproperty 'MS_Description', N'c', 'schema', s, 'table', t, 'column', x",
                "EXEC sp_rename 's.t.x', y, 'COLUMN'",
            ],
            "oracle": [
                "ALTER TABLE s.t MODIFY x NOT NULL",
                "ALTER TABLE s.t MODIFY x DEFAULT 'a'",
                "ALTER TABLE s.t MODIFY x VARCHAR2(5 CHAR)",
                "COMMENT ON COLUMN s.t.x IS 'c'",
                "ALTER TABLE s.t RENAME COLUMN x TO y",
            ],
            "sqlite": [
                "ALTER TABLE s.t ALTER COLUMN x SET NOT NULL",
                "ALTER TABLE s.t ALTER COLUMN x SET DEFAULT 'a'",
                "ALTER TABLE s.t ALTER COLUMN x TYPE VARCHAR(5)",
                "ALTER TABLE s.t RENAME COLUMN x TO y",
            ],
        },
    ),
    "alter_boolean": (
        lambda op: op.alter_column(
            "t",
            "x",
            type_=sa.Boolean(create_constraint=True, name="ckq"),
            existing_type=sa.Integer(),
        ),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x TYPE BOOLEAN"],
            "mysql": [
                "ALTER TABLE t MODIFY x BOOL NULL",
                "ALTER TABLE t ADD CONSTRAINT ckq CHECK (x IN (0, 1))",
            ],
            "mssql": ["ALTER TABLE t ALTER COLUMN x BIT"],
            "oracle": ["ALTER TABLE t MODIFY x BOOLEAN"],
        },
    ),
    "alter_from_boolean": (
        lambda op: op.alter_column(
            "t",
            "x",
            existing_type=sa.Boolean(create_constraint=True, name="ckq"),
            type_=sa.Integer(),
        ),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x TYPE INTEGER"],
            "mysql": ["ALTER TABLE t MODIFY x INTEGER NULL"],
            "mssql": ["ALTER TABLE t ALTER COLUMN x INTEGER"],
            "oracle": ["ALTER TABLE t MODIFY x INTEGER"],
        },
    ),
    "alter_identity": (
        lambda op: op.alter_column(
            "t", "x", server_default=sa.Identity(start=5), existing_type=sa.Integer()
        ),
        {
            "*": "CompileError",
            "postgresql": [
                "ALTER TABLE t ALTER COLUMN x ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 5)"
            ],
            "oracle": [
                "ALTER TABLE t MODIFY x GENERATED BY DEFAULT AS IDENTITY (START WITH 5)"
            ],
        },
    ),
    "alter_identity_drop": (
        lambda op: op.alter_column(
            "t",
            "x",
            server_default=None,
            existing_server_default=sa.Identity(start=5),
            existing_type=sa.Integer(),
        ),
        {
            "*": "CompileError",
            "postgresql": ["ALTER TABLE t ALTER COLUMN x DROP IDENTITY"],
            "oracle": ["ALTER TABLE t MODIFY x DROP IDENTITY"],
        },
    ),
    "alter_identity_change": (
        lambda op: op.alter_column(
            "t",
            "x",
            server_default=sa.Identity(start=5, always=True),
            existing_server_default=sa.Identity(start=4),
            existing_type=sa.Integer(),
        ),
        {
            "*": "CompileError",
            "postgresql": [
                "ALTER TABLE t ALTER COLUMN x SET GENERATED ALWAYS SET START WITH 5"
            ],
            "oracle": [
                "ALTER TABLE t MODIFY x GENERATED ALWAYS AS IDENTITY (START WITH 5)"
            ],
        },
    ),
    "alter_computed": (
        lambda op: op.alter_column(
            "t", "x", server_default=sa.Computed("y+1"), existing_type=sa.Integer()
        ),
        {"*": "CompileError"},
    ),
    "alter_expression": (
        lambda op: op.alter_column(
            "t",
            "x",
            server_default=sa.Computed("y || 'a'", persisted=True),
            existing_server_default=sa.Computed("y", persisted=True),
            existing_type=sa.String(5),
        ),
        {
            "*": "CompileError",
            "postgresql": ["ALTER TABLE t ALTER COLUMN x SET EXPRESSION AS (y || 'a')"],
            "mysql": [
                "ALTER TABLE t MODIFY x VARCHAR(5) GENERATED ALWAYS AS (y || 'a') STORED"
            ],
            "mssql": [
                "ALTER TABLE t DROP COLUMN x",
                "ALTER TABLE t ADD x AS (y || 'a') PERSISTED",
            ],
        },
    ),
    "alter_virtual_expression": (
        lambda op: op.alter_column(
            "t",
            "x",
            server_default=sa.Computed("y+2"),
            existing_server_default=sa.Computed("y+1"),
            existing_type=sa.Integer(),
            existing_nullable=False,
        ),
        {
            "*": "CompileError",
            "postgresql": ["ALTER TABLE t ALTER COLUMN x SET EXPRESSION AS (y+2)"],
            "mysql": [
                "ALTER TABLE t MODIFY x INTEGER GENERATED ALWAYS AS (y+2) NOT NULL"
            ],
            "mssql": ["ALTER TABLE t DROP COLUMN x", "ALTER TABLE t ADD x AS (y+2)"],
            "oracle": ["ALTER TABLE t MODIFY x GENERATED ALWAYS AS (y+2)"],
        },
    ),
    "alter_computed_to_plain": (
        lambda op: op.alter_column(
            "t",
            "x",
            server_default="5",
            existing_server_default=sa.Computed("y+1", persisted=True),
            existing_type=sa.Integer(),
        ),
        {
            "*": "CompileError",
            "postgresql": [
                "ALTER TABLE t ALTER COLUMN x DROP EXPRESSION",
                "ALTER TABLE t ALTER COLUMN x SET DEFAULT '5'",
            ],
            "mysql": ["ALTER TABLE t MODIFY x INTEGER NULL DEFAULT '5'"],
        },
    ),
    "alter_stored_to_virtual": (
        lambda op: op.alter_column(
            "t",
            "x",
            server_default=sa.Computed("y+1", persisted=False),
            existing_server_default=sa.Computed("y+1", persisted=True),
            existing_type=sa.Integer(),
        ),
        {
            "*": "CompileError",
            "mssql": ["ALTER TABLE t DROP COLUMN x", "ALTER TABLE t ADD x AS (y+1)"],
            "oracle": ["ALTER TABLE t MODIFY x GENERATED ALWAYS AS (y+1) VIRTUAL"],
        },
    ),
    "alter_nullable_of_known_column": (
        lambda op: op.alter_column(
            "t",
            "x",
            nullable=False,
            existing_type=sa.Integer(),
            existing_server_default="5",
            existing_comment="c",
            existing_autoincrement=True,
        ),
        {
            "*": ["ALTER TABLE t ALTER COLUMN x SET NOT NULL"],
            "mysql": [
                "ALTER TABLE t MODIFY x INTEGER NOT NULL AUTO_INCREMENT DEFAULT '5' COMMENT 'c'"
            ],
            "mssql": ["ALTER TABLE t ALTER COLUMN x INTEGER NOT NULL"],
            "oracle": ["ALTER TABLE t MODIFY x NOT NULL"],
        },
    ),
}


@pinned
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CASES)
def test_sql_of_columns(name, dialect):
    """What is written for the dialect is what its database understands."""
    skip_if_written_later(name, dialect)
    call, expected = CASES[name]
    assert outcome(dialect, call) == wanted(expected, dialect)
