"""Pairs of schemas whose differences are compared, and operations that are rendered."""

from __future__ import annotations

_T = "sa.Table('t', m, sa.Column('id', sa.Integer, primary_key=True), {})"


def _pair(before, after):
    return _T.format(before), _T.format(after)


_A = "sa.Column('a', sa.{})"
_P = (
    "sa.Table('p', m, sa.Column('id', sa.Integer, primary_key=True))\n"
    "sa.Table('t', m, sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('a', sa.Integer), {})"
)

PAIRS = {
    "nothing": _pair("", ""),
    "add column": _pair("", "sa.Column('a', sa.String(5), nullable=False)"),
    "drop column": _pair("sa.Column('a', sa.String(5))", ""),
    "add table": ("", _T.format("sa.Column('a', sa.Text, index=True)")),
    "drop table": (_T.format("sa.Column('a', sa.Text, unique=True)"), ""),
    "nullable": _pair(
        _A.format("Integer"), "sa.Column('a', sa.Integer, nullable=False)"
    ),
    "type": _pair(_A.format("Integer"), _A.format("String(20)")),
    "length": _pair(_A.format("String(10)"), _A.format("String(20)")),
    "precision": _pair(_A.format("Numeric(10, 2)"), _A.format("Numeric(12, 4)")),
    "same family": _pair(_A.format("Numeric(10, 2)"), _A.format("DECIMAL(10, 2)")),
    "default not compared": _pair(
        "sa.Column('a', sa.Integer, server_default='5')",
        "sa.Column('a', sa.Integer, server_default='6')",
    ),
    "add index": _pair(_A.format("Integer"), "sa.Column('a', sa.Integer, index=True)"),
    "drop index": _pair("sa.Column('a', sa.Integer, index=True)", _A.format("Integer")),
    "index becomes unique": _pair(
        "sa.Column('a', sa.Integer), sa.Index('ix', 'a')",
        "sa.Column('a', sa.Integer), sa.Index('ix', 'a', unique=True)",
    ),
    "index columns": _pair(
        "sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), sa.Index('ix', 'a')",
        "sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), sa.Index('ix', 'a', 'b')",
    ),
    "add unique": _pair(
        _A.format("Integer"),
        "sa.Column('a', sa.Integer), sa.UniqueConstraint('a', name='u')",
    ),
    "add unnamed unique": _pair(
        _A.format("Integer"), "sa.Column('a', sa.Integer, unique=True)"
    ),
    "drop unique": _pair(
        "sa.Column('a', sa.Integer), sa.UniqueConstraint('a', name='u')",
        _A.format("Integer"),
    ),
    "unique renamed": _pair(
        "sa.Column('a', sa.Integer), sa.UniqueConstraint('a', name='u')",
        "sa.Column('a', sa.Integer), sa.UniqueConstraint('a', name='v')",
    ),
    "unique columns": _pair(
        "sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), "
        "sa.UniqueConstraint('a', name='u')",
        "sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), "
        "sa.UniqueConstraint('a', 'b', name='u')",
    ),
    "add foreign key": (
        _P.format(""),
        _P.format("sa.ForeignKeyConstraint(['a'], ['p.id'], name='fk')"),
    ),
    "drop foreign key": (
        _P.format("sa.ForeignKeyConstraint(['a'], ['p.id'], name='fk')"),
        _P.format(""),
    ),
    "foreign key unnamed": (
        _P.format(""),
        _P.format("sa.ForeignKeyConstraint(['a'], ['p.id'])"),
    ),
    "foreign key ondelete": (
        _P.format("sa.ForeignKeyConstraint(['a'], ['p.id'], name='fk')"),
        _P.format(
            "sa.ForeignKeyConstraint(['a'], ['p.id'], name='fk', ondelete='CASCADE')"
        ),
    ),
    "foreign key same": (
        _P.format("sa.ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL')"),
        _P.format("sa.ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL')"),
    ),
    "tables in order of dependency": (
        "",
        "sa.Table('a_child', m, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('z', sa.Integer, sa.ForeignKey('z_parent.id')))\n"
        "sa.Table('z_parent', m, sa.Column('id', sa.Integer, primary_key=True))",
    ),
    "tables dropped in order": (
        "sa.Table('z_child', m, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('a', sa.Integer, sa.ForeignKey('a_parent.id')))\n"
        "sa.Table('a_parent', m, sa.Column('id', sa.Integer, primary_key=True))",
        "",
    ),
    "composite key": (
        "",
        "sa.Table('t', m, sa.Column('a', sa.Integer, primary_key=True), "
        "sa.Column('b', sa.Integer, primary_key=True), sa.CheckConstraint('a > b', name='c'))",
    ),
    "self reference": (
        "",
        _T.format("sa.Column('up', sa.Integer, sa.ForeignKey('t.id'))"),
    ),
    "expression index": (
        _T.format("sa.Column('a', sa.String(9))"),
        _T.format("sa.Column('a', sa.String(9)), sa.Index('ix', sa.text('lower(a)'))"),
    ),
    "boolean and enum": (
        "",
        _T.format(
            "sa.Column('a', sa.Boolean), sa.Column('b', sa.Enum('x', 'y', name='e'))"
        ),
    ),
    "quoted names": (
        "",
        "sa.Table('select', m, sa.Column('Mixed Case', sa.Integer, primary_key=True), "
        'sa.Column("quo\'te", sa.String(3)))',
    ),
}

_COLUMN = "result = [ops.AddColumnOp('t', sa.Column('c', {}))]"

RENDERED = {
    **{
        f"type {text}": _COLUMN.format(text)
        for text in (
            "sa.Integer()",
            "sa.BigInteger()",
            "sa.SmallInteger()",
            "sa.String()",
            "sa.String(length=20)",
            "sa.String(20, collation='C')",
            "sa.Unicode(20)",
            "sa.Text()",
            "sa.Numeric(10, 2)",
            "sa.Numeric(10, 2, asdecimal=False)",
            "sa.Float()",
            "sa.Float(53)",
            "sa.Boolean()",
            "sa.Boolean(name='b', create_constraint=True)",
            "sa.Date()",
            "sa.Time()",
            "sa.DateTime()",
            "sa.DateTime(timezone=True)",
            "sa.Interval()",
            "sa.LargeBinary()",
            "sa.LargeBinary(100)",
            "sa.JSON()",
            "sa.PickleType()",
            "sa.Uuid()",
            "sa.Double()",
            "sa.Enum('a', 'b', name='e')",
            "sa.Enum('a', 'b', name='e', native_enum=False, length=5)",
            "sa.ARRAY(sa.Integer())",
            "sa.VARCHAR(5)",
            "sa.TIMESTAMP(timezone=True)",
            "postgresql.JSONB()",
            "postgresql.UUID()",
            "postgresql.ARRAY(sa.String(5))",
            "postgresql.INET()",
            "postgresql.INTERVAL(fields='DAY')",
            "postgresql.TSVECTOR()",
            "postgresql.BIT(5)",
            "postgresql.HSTORE()",
            "postgresql.INT4RANGE()",
            "postgresql.ENUM('a', 'b', name='e', create_type=False)",
            "mysql.TINYINT(1)",
            "mysql.INTEGER(unsigned=True)",
            "mysql.VARCHAR(5, charset='utf8', collation='utf8_bin')",
            "mysql.DATETIME(fsp=6)",
            "mysql.LONGTEXT()",
            "mysql.SET('a', 'b')",
            "mssql.DATETIMEOFFSET(7)",
            "mssql.UNIQUEIDENTIFIER()",
            "oracle.NUMBER(10, 2)",
            "sqlite.DATETIME()",
            "sa.String(5).with_variant(mysql.VARCHAR(7), 'mysql')",
        )
    },
    **{
        f"column {name}": _COLUMN.format(text)
        for name, text in {
            "not null": "sa.Integer(), nullable=False",
            "default": "sa.Integer(), server_default='5'",
            "default text": "sa.Integer(), server_default=sa.text('5 + 3')",
            "default quote": 'sa.String(9), server_default="it\'s"',
            "default now": "sa.DateTime(), server_default=sa.func.now()",
            "comment": "sa.Integer(), comment='the \"best\"'",
            "computed": "sa.Integer(), sa.Computed('a + 1')",
            "computed persisted": "sa.Integer(), sa.Computed('a + 1', persisted=True)",
            "identity": "sa.Integer(), sa.Identity(always=True, start=5)",
            "system": "sa.Integer(), system=True",
            "foreign key": "sa.Integer(), sa.ForeignKey('p.id', ondelete='CASCADE')",
            "autoincrement": "sa.Integer(), autoincrement=False, nullable=False",
        }.items()
    },
    "create table": (
        "t = sa.Table('t', m, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('a', sa.String(5), unique=True), sa.Column('b', sa.Integer, "
        "sa.ForeignKey('p.id', name='fk')), sa.CheckConstraint('b > 0', name='ck'), "
        "sa.UniqueConstraint('a', 'b', name='uq'), schema='s', comment='words')\n"
        "sa.Table('p', m, sa.Column('id', sa.Integer, primary_key=True))\n"
        "result = [ops.CreateTableOp.from_table(t)]"
    ),
    "create table options": (
        "t = sa.Table('t', m, sa.Column('id', sa.Integer), mysql_engine='InnoDB', "
        "prefixes=['TEMPORARY'], info={'x': 1}, sqlite_autoincrement=True)\n"
        "result = [ops.CreateTableOp.from_table(t)]"
    ),
    "drop table": "result = [ops.DropTableOp('t', schema='s')]",
    "drop table exists": "result = [ops.DropTableOp('t', if_exists=True)]",
    "drop column": "result = [ops.DropColumnOp('t', 'c', schema='s')]",
    "create index": "result = [ops.CreateIndexOp('ix', 't', ['a', 'b'], unique=True)]",
    "create index options": (
        "result = [ops.CreateIndexOp('ix', 't', ['a', sa.text('lower(b)')], schema='s', "
        "postgresql_where=sa.text('a > 5'), postgresql_using='gin', if_not_exists=True)]"
    ),
    "drop index": "result = [ops.DropIndexOp('ix', 't', schema='s')]",
    "create unique": "result = [ops.CreateUniqueConstraintOp('u', 't', ['a', 'b'], schema='s')]",
    "create unique deferrable": "result = [ops.CreateUniqueConstraintOp('u', 't', ['a'], deferrable=True)]",
    "create check": "result = [ops.CreateCheckConstraintOp('c', 't', sa.text('a > 5'))]",
    "create foreign key": (
        "result = [ops.CreateForeignKeyOp('f', 't', 'u', ['a', 'b'], ['x', 'y'], "
        "ondelete='CASCADE', onupdate='SET NULL', source_schema='s1', referent_schema='s2')]"
    ),
    "create primary key": "result = [ops.CreatePrimaryKeyOp('pk', 't', ['a', 'b'])]",
    "drop constraint": "result = [ops.DropConstraintOp('c', 't', type_='unique', schema='s')]",
    "table comment": "result = [ops.CreateTableCommentOp('t', 'new', existing_comment='old')]",
    "drop table comment": "result = [ops.DropTableCommentOp('t', existing_comment='old')]",
    "rename table": "result = [ops.RenameTableOp('t', 'u')]",
    "execute": "result = [ops.ExecuteSQLOp('UPDATE t SET a = 1')]",
    "alter nullable": "result = [ops.AlterColumnOp('t', 'c', modify_nullable=False, existing_type=sa.Integer())]",
    "alter type": (
        "result = [ops.AlterColumnOp('t', 'c', modify_type=sa.String(9), "
        "existing_type=sa.Integer(), existing_nullable=True, existing_server_default=sa.text('5'))]"
    ),
    "alter default": "result = [ops.AlterColumnOp('t', 'c', modify_server_default='9', existing_type=sa.Integer())]",
    "alter drop default": "result = [ops.AlterColumnOp('t', 'c', modify_server_default=None, existing_type=sa.Integer())]",
    "alter comment": "result = [ops.AlterColumnOp('t', 'c', modify_comment='c', existing_comment='d', existing_type=sa.Integer(), schema='s')]",
    "alter name": "result = [ops.AlterColumnOp('t', 'c', modify_name='d')]",
    "nothing": "result = []",
    "modify table": "result = [ops.ModifyTableOps('t', [ops.DropColumnOp('t', 'a'), ops.DropColumnOp('t', 'b')])]",
}
