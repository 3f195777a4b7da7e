"""Calls of `op`, each compared on five dialects."""

from __future__ import annotations

from tests.support.sql_cases import block
from tests.support.sql_cases import prepared

DIALECTS = ("sqlite", "postgresql", "mysql", "mssql", "oracle")

_ALTER = {
    "nullable": "nullable=True",
    "not-null": "nullable=False",
    "default": "server_default='x'",
    "default-text": "server_default=sa.text('5 + 3')",
    "default-quote": 'server_default="it\'s"',
    "drop-default": "server_default=None",
    "default-now": "server_default=sa.func.now()",
    "type": "type_=sa.String(50)",
    "type-numeric": "type_=sa.Numeric(10, 2)",
    "rename": "new_column_name='c2'",
    "comment": "comment='words'",
    "drop-comment": "comment=None, existing_comment='old'",
    "several": "type_=sa.Integer(), nullable=False, server_default='7', new_column_name='c2'",
}
_EXISTING = (
    "existing_type=sa.String(20), existing_nullable=True, existing_server_default=None"
)

CALLS = {
    **{
        f"alter-{name}-{schema or 'plain'}": (
            f"op.alter_column('t', 'c', {what}, {_EXISTING}"
            + (f", schema='{schema}')" if schema else ")")
        )
        for name, what in _ALTER.items()
        for schema in ("", "other")
    },
    "alter-autoincrement": "op.alter_column('t', 'c', autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)",
    "alter-using": "op.alter_column('t', 'c', type_=sa.Integer(), postgresql_using='c::integer', existing_type=sa.String(9))",
    "add-column": "op.add_column('t', sa.Column('c', sa.Integer()))",
    "add-column-schema": "op.add_column('t', sa.Column('c', sa.Integer()), schema='other')",
    "add-column-not-null": "op.add_column('t', sa.Column('c', sa.String(5), nullable=False, server_default='a'))",
    "add-column-fk": "op.add_column('t', sa.Column('c', sa.Integer(), sa.ForeignKey('u.id')))",
    "add-column-named-fk": "op.add_column('t', sa.Column('c', sa.Integer(), sa.ForeignKey('u.id', name='fk_c', ondelete='CASCADE')))",
    "add-column-index": "op.add_column('t', sa.Column('c', sa.Integer(), index=True))",
    "add-column-unique": "op.add_column('t', sa.Column('c', sa.Integer(), unique=True))",
    "add-column-comment": "op.add_column('t', sa.Column('c', sa.Integer(), comment='words'))",
    "add-column-quoted": "op.add_column('Table', sa.Column('order', sa.Integer()))",
    "add-column-computed": "op.add_column('t', sa.Column('c', sa.Integer(), sa.Computed('a * 2')))",
    "add-column-identity": "op.add_column('t', sa.Column('c', sa.Integer(), sa.Identity()))",
    "add-column-exists": "op.add_column('t', sa.Column('c', sa.Integer()), if_not_exists=True)",
    "add-column-boolean": "op.add_column('t', sa.Column('c', sa.Boolean(), server_default=sa.false(), nullable=False))",
    "drop-column": "op.drop_column('t', 'c')",
    "drop-column-schema": "op.drop_column('t', 'c', schema='other')",
    "drop-column-exists": "op.drop_column('t', 'c', if_exists=True)",
    "drop-column-mssql": "op.drop_column('t', 'c', mssql_drop_default=True, mssql_drop_check=True, mssql_drop_foreign_key=True)",
    "rename-table": "op.rename_table('t', 't2')",
    "rename-table-schema": "op.rename_table('t', 't2', schema='other')",
    "create-table": (
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), "
        "sa.Column('a', sa.String(50), nullable=False), "
        "sa.Column('b', sa.Numeric(8, 2), server_default='1.5'), "
        "sa.Column('c', sa.Boolean()), sa.Column('d', sa.DateTime()))"
    ),
    "create-table-fk": (
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), "
        "sa.Column('u_id', sa.Integer(), sa.ForeignKey('u.id', ondelete='CASCADE')), "
        "sa.ForeignKeyConstraint(['u_id'], ['s.u.id'], name='fk_s'))"
    ),
    "create-table-constraints": (
        "op.create_table('t', sa.Column('id', sa.Integer()), "
        "sa.Column('a', sa.Integer()), sa.Column('b', sa.Integer()), "
        "sa.PrimaryKeyConstraint('id', name='pk_t'), "
        "sa.UniqueConstraint('a', 'b', name='uq_t'), "
        "sa.CheckConstraint('a > 5', name='ck_t'), schema='other')"
    ),
    "create-table-index": "op.create_table('t', sa.Column('id', sa.Integer(), index=True), sa.Column('u', sa.Integer(), unique=True))",
    "create-table-comment": "op.create_table('t', sa.Column('id', sa.Integer(), comment='the id'), comment='the table')",
    "create-table-exists": "op.create_table('t', sa.Column('id', sa.Integer()), if_not_exists=True)",
    "create-table-enum": "op.create_table('t', sa.Column('e', sa.Enum('a', 'b', name='e_type')))",
    "create-table-options": "op.create_table('t', sa.Column('id', sa.Integer()), mysql_engine='InnoDB', prefixes=['TEMPORARY'])",
    "drop-table": "op.drop_table('t')",
    "drop-table-schema": "op.drop_table('t', schema='other')",
    "drop-table-exists": "op.drop_table('t', if_exists=True)",
    "create-index": "op.create_index('ix', 't', ['a', 'b'])",
    "create-index-unique": "op.create_index('ix', 't', ['a'], unique=True)",
    "create-index-schema": "op.create_index('ix', 't', ['a'], schema='other')",
    "create-index-text": "op.create_index('ix', 't', [sa.text('lower(a)')])",
    "create-index-desc": "op.create_index('ix', 't', ['a', sa.text('b DESC')])",
    "create-index-exists": "op.create_index('ix', 't', ['a'], if_not_exists=True)",
    "create-index-postgresql": (
        "op.create_index('ix', 't', ['a'], postgresql_where=sa.text('a > 5'), "
        "postgresql_using='btree', postgresql_include=['b'])"
    ),
    "create-index-mysql": "op.create_index('ix', 't', ['a'], mysql_length=10, mysql_prefix='FULLTEXT')",
    "create-index-mssql": "op.create_index('ix', 't', ['a'], mssql_include=['b'], mssql_clustered=True)",
    "drop-index": "op.drop_index('ix', 't')",
    "drop-index-schema": "op.drop_index('ix', 't', schema='other')",
    "drop-index-no-table": "op.drop_index('ix')",
    "drop-index-exists": "op.drop_index('ix', 't', if_exists=True)",
    "create-fk": "op.create_foreign_key('fk', 't', 'u', ['a'], ['id'])",
    "create-fk-composite": "op.create_foreign_key('fk', 't', 'u', ['a', 'b'], ['x', 'y'])",
    "create-fk-options": (
        "op.create_foreign_key('fk', 't', 'u', ['a'], ['id'], onupdate='CASCADE', "
        "ondelete='SET NULL', deferrable=True, initially='DEFERRED')"
    ),
    "create-fk-schemas": "op.create_foreign_key('fk', 't', 'u', ['a'], ['id'], source_schema='s1', referent_schema='s2')",
    "create-fk-self": "op.create_foreign_key('fk', 't', 't', ['a'], ['id'])",
    "create-fk-match": "op.create_foreign_key('fk', 't', 'u', ['a'], ['id'], match='FULL')",
    "create-unique": "op.create_unique_constraint('uq', 't', ['a', 'b'])",
    "create-unique-schema": "op.create_unique_constraint('uq', 't', ['a'], schema='other')",
    "create-unique-deferrable": "op.create_unique_constraint('uq', 't', ['a'], deferrable=True, initially='DEFERRED')",
    "create-check": "op.create_check_constraint('ck', 't', 'a > 5')",
    "create-check-expression": "op.create_check_constraint('ck', 't', sa.sql.column('a') > 5)",
    "create-check-in": "op.create_check_constraint('ck', 't', sa.sql.column('a').in_(['x', 'y']), schema='other')",
    "create-pk": "op.create_primary_key('pk', 't', ['a', 'b'])",
    "create-exclude": "op.create_exclude_constraint('ex', 't', ('a', '='), ('b', '&&'), using='gist')",
    **{
        f"drop-constraint-{kind}": f"op.drop_constraint('x', 't', {kind!r})"
        for kind in ("foreignkey", "primary", "unique", "check")
    },
    "drop-constraint-untyped": "op.drop_constraint('x', 't')",
    "drop-constraint-schema": "op.drop_constraint('x', 't', 'foreignkey', schema='other')",
    "drop-constraint-exists": "op.drop_constraint('x', 't', 'unique', if_exists=True)",
    "drop-constraint-bad-type": "op.drop_constraint('x', 't', 'nonsense')",
    "table-comment": "op.create_table_comment('t', \"it's\")",
    "table-comment-schema": "op.create_table_comment('t', 'words', schema='other')",
    "drop-table-comment": "op.drop_table_comment('t', existing_comment='old')",
    "bulk-insert": (
        "t = sa.table('t', sa.column('a', sa.Integer), sa.column('b', sa.String))\n"
        "op.bulk_insert(t, [{'a': 1, 'b': \"it's\"}, {'a': 2, 'b': 'y'}])"
    ),
    "bulk-insert-single": (
        "t = sa.table('t', sa.column('a', sa.Integer))\n"
        "op.bulk_insert(t, [{'a': 1}, {'a': 2}], multiinsert=False)"
    ),
    "bulk-insert-inline": (
        "t = sa.table('t', sa.column('a', sa.String))\n"
        "op.bulk_insert(t, [{'a': op.inline_literal('now')}], multiinsert=False)"
    ),
    "bulk-insert-bad": "op.bulk_insert(sa.table('t'), {'a': 1})",
    "execute": "op.execute('UPDATE t SET a = 5')",
    "execute-expression": (
        "t = sa.table('t', sa.column('a', sa.Integer))\n"
        "op.execute(t.update().values(a=op.inline_literal(5)))"
    ),
    "execute-escaped": "op.execute(r\"INSERT INTO t VALUES ('\\:word')\")",
    "f": "op.create_unique_constraint(op.f('uq_final'), 't', ['a'])",
    "quoting": "op.create_table('select', sa.Column('Mixed', sa.Integer()), sa.Column('order', sa.Integer()))",
}

NAMED = {
    "convention-unique": "op.create_unique_constraint(None, 't', ['a'])",
    "convention-fk": "op.create_foreign_key(None, 't', 'u', ['a'], ['id'])",
    "convention-check": "op.create_check_constraint('positive', 't', 'a > 0')",
    "convention-pk": "op.create_primary_key(None, 't', ['a'])",
    "convention-index": "op.create_index(None, 't', ['a'])",
    "convention-final": "op.create_check_constraint(op.f('given'), 't', 'a > 0')",
}

ALL_NAMES = (
    "declare @const_name nvarchar(max) select @const_name = "
    "isnull(@const_name + ', ', '') + QUOTENAME([name])"
)
IF_IDENTITY = (
    "IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('t') "
    "AND name IN "
)

# where we differ on purpose: scenario -> (why, what we write)
MENDED: dict = {
    **{
        f"create-exclude on {dialect}": (
            "the error is for the one who wrote the revision",
            {
                "error": "CommandError",
                "text": "op.create_exclude_constraint() on table 't': "
                f"{dialect} has no constraints of this kind; leave it out where "
                "op.get_context().dialect.name tells so (<string>, line 1)",
            },
        )
        for dialect in ("mysql", "mssql", "oracle")
    },
    **{
        f"drop-index-no-table on {dialect}": (
            "there is no table called no_table",
            {
                "error": "CommandError",
                "text": "op.drop_index(): index 'ix' is given without its table, "
                f"which {dialect} needs; give table_name (<string>, line 1)",
            },
        )
        for dialect in ("mysql", "mssql")
    },
    **{
        f"alter-{name}-{where} on mysql": (
            "MySQL wants parentheses around an expression as a default",
            [f"ALTER TABLE {table} ALTER COLUMN c SET DEFAULT ({text});"],
        )
        for name, text in (("default-text", "5 + 3"), ("default-now", "now()"))
        for where, table in (("plain", "t"), ("other", "other.t"))
    },
    **{
        f"{name} on sqlite": ("SQLite keeps no comments, as in create_table", [])
        for name in (
            "alter-comment-plain",
            "alter-comment-other",
            "alter-drop-comment-plain",
            "alter-drop-comment-other",
            "table-comment",
            "table-comment-schema",
            "drop-table-comment",
        )
    },
    "alter-comment-other on oracle": (
        "the schema was lost",
        ["COMMENT ON COLUMN other.t.c IS 'words'", "/"],
    ),
    "alter-drop-comment-other on oracle": (
        "the schema was lost",
        ["COMMENT ON COLUMN other.t.c IS ''", "/"],
    ),
    "drop-column-mssql on mssql": (
        "a column may have several checks and foreign keys",
        [
            "declare @const_name varchar(256) select @const_name = QUOTENAME([name]) "
            "from sys.default_constraints where parent_object_id = object_id('t') and "
            "col_name(parent_object_id, parent_column_id) = 'c' "
            "exec('alter table t drop constraint ' + @const_name);",
            "GO",
            f"{ALL_NAMES} from sys.check_constraints "
            "where parent_object_id = object_id('t') and "
            "col_name(parent_object_id, parent_column_id) = 'c' "
            "exec('alter table t drop constraint ' + @const_name);",
            "GO",
            f"{ALL_NAMES} from sys.foreign_keys fk join sys.foreign_key_columns fkc "
            "on fk.object_id=fkc.constraint_object_id "
            "where fkc.parent_object_id = object_id('t') and "
            "col_name(fkc.parent_object_id, fkc.parent_column_id) = 'c' "
            "exec('alter table t drop constraint ' + @const_name);",
            "GO",
            "ALTER TABLE t DROP COLUMN c;",
            "GO",
        ],
    ),
    "create-table-exists on mssql": (
        "SQL Server has no IF NOT EXISTS",
        [
            "IF OBJECT_ID('t', 'U') IS NULL CREATE TABLE t ( id INTEGER NULL );",
            "GO",
        ],
    ),
    "add-column-exists on mssql": (
        "if_not_exists was ignored",
        ["IF COL_LENGTH('t', 'c') IS NULL ALTER TABLE t ADD c INTEGER NULL;", "GO"],
    ),
    "create-index-exists on mssql": (
        "if_not_exists was ignored",
        [
            "IF INDEXPROPERTY(OBJECT_ID('t'), 'ix', 'IndexID') IS NULL "
            "CREATE INDEX ix ON t (a);",
            "GO",
        ],
    ),
    **{
        f"{name} on oracle": (
            "Oracle reads no such words before 23ai, and some were ignored",
            [f"{block(sql, code)};", "/"],
        )
        for name, sql, code in (
            ("create-table-exists", "CREATE TABLE t ( id INTEGER )", -955),
            ("drop-table-exists", "DROP TABLE t", -942),
            ("add-column-exists", "ALTER TABLE t ADD c INTEGER", -1430),
            ("drop-column-exists", "ALTER TABLE t DROP COLUMN c", -904),
            ("create-index-exists", "CREATE INDEX ix ON t (a)", -955),
            ("drop-index-exists", "DROP INDEX ix", -1418),
            ("drop-constraint-exists", "ALTER TABLE t DROP CONSTRAINT x", -2443),
        )
    },
    **{
        f"{name} on mysql": (
            "MySQL has no such words but for tables, and some were ignored",
            [f"{prepared(view, which, found, missing)};"],
        )
        for name, view, which, found, missing in (
            (
                "add-column-exists",
                "columns",
                "column_name = 'c'",
                "DO 0",
                "ALTER TABLE t ADD COLUMN c INTEGER",
            ),
            (
                "drop-column-exists",
                "columns",
                "column_name = 'c'",
                "ALTER TABLE t DROP COLUMN c",
                "DO 0",
            ),
            (
                "create-index-exists",
                "statistics",
                "index_name = 'ix'",
                "DO 0",
                "CREATE INDEX ix ON t (a)",
            ),
            (
                "drop-index-exists",
                "statistics",
                "index_name = 'ix'",
                "DROP INDEX ix ON t",
                "DO 0",
            ),
            (
                "drop-constraint-exists",
                "table_constraints",
                "constraint_name = 'x'",
                "ALTER TABLE t DROP INDEX x",
                "DO 0",
            ),
        )
    },
    **{
        f"{name} on sqlite": (
            "SQLite has no such words for columns",
            {
                "error": "CommandError",
                "text": f"op.{directive}() on table 't': sqlite has no {condition} for "
                "a column, and in --sql mode there is no database to look for 'c' in; "
                f"leave {condition} out (<string>, line 1)",
            },
        )
        for name, directive, condition in (
            ("add-column-exists", "add_column", "if_not_exists"),
            ("drop-column-exists", "drop_column", "if_exists"),
        )
    },
    **{
        f"{name} on mssql": (
            "IDENTITY_INSERT fails for a table without identity",
            [
                part
                for statement in (
                    f"{IF_IDENTITY}{columns}) SET IDENTITY_INSERT t ON;",
                    *inserts,
                    f"{IF_IDENTITY}{columns}) SET IDENTITY_INSERT t OFF;",
                )
                for part in (statement, "GO")
            ],
        )
        for name, columns, inserts in (
            (
                "bulk-insert",
                "('a', 'b')",
                (
                    "INSERT INTO t (a, b) VALUES (1, 'it''s');",
                    "INSERT INTO t (a, b) VALUES (2, 'y');",
                ),
            ),
            (
                "bulk-insert-single",
                "('a')",
                ("INSERT INTO t (a) VALUES (1);", "INSERT INTO t (a) VALUES (2);"),
            ),
            ("bulk-insert-inline", "('a')", ("INSERT INTO t (a) VALUES ('now');",)),
        )
    },
}
