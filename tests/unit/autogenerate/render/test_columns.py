"""Columns, and their being added, dropped and altered, as Python."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import quoted_name

from alembic.operations import ops
from alembic.sqla.defaults import has_computed
from alembic.sqla.defaults import has_identity
from alembic.sqla.version import sqla_1_4
from tests.support.rendering import again
from tests.support.rendering import rendered
from tests.support.rendering import rendered_in_batch


def added(*arguments, dialect_name=None, **kw):
    """Return the Python of a column inside ``op.add_column()``."""
    op = ops.AddColumnOp("t", sa.Column(*arguments, **kw))
    text = rendered(op, dialect_name)
    assert text.startswith("op.add_column('t', ")
    return text[len("op.add_column('t', ") : -1]


COLUMNS = [
    (("x", sa.Integer), {}, "sa.Column('x', sa.Integer(), nullable=True)"),
    (
        ("x", sa.Integer),
        {"primary_key": True},
        "sa.Column('x', sa.Integer(), nullable=False)",
    ),
    (
        ("x", sa.Integer),
        {"autoincrement": True, "server_default": "5", "comment": "it's"},
        "sa.Column('x', sa.Integer(), server_default='5', autoincrement=True, "
        'nullable=True, comment="it\'s")',
    ),
    (
        ("x", sa.Integer),
        {"autoincrement": "ignore_fk"},
        "sa.Column('x', sa.Integer(), autoincrement='ignore_fk', nullable=True)",
    ),
    (
        ("xmin", sa.Integer),
        {"system": True},
        "sa.Column('xmin', sa.Integer(), nullable=True, system=True)",
    ),
    (
        ("x", sa.Integer, sa.CheckConstraint("x > 3", name="c")),
        {},
        "sa.Column('x', sa.Integer(), sa.CheckConstraint('x > 3', name='c'), "
        "nullable=True)",
    ),
    (
        ("x", sa.Integer, sa.ForeignKey("a.b")),
        {"index": True, "unique": True, "default": 5},
        "sa.Column('x', sa.Integer(), nullable=True)",
    ),
    (
        ("x", sa.Integer),
        {"sqlite_on_conflict_not_null": "FAIL"},
        "sa.Column('x', sa.Integer(), nullable=True, "
        "sqlite_on_conflict_not_null='FAIL')",
    ),
    (("x", sa.Integer), {"key": "y"}, "sa.Column('x', sa.Integer(), nullable=True)"),
]

if has_computed:
    COLUMNS.append(
        (
            ("x", sa.Integer, sa.Computed("a + 1")),
            {},
            "sa.Column('x', sa.Integer(), sa.Computed('a + 1', ), nullable=True)",
        )
    )
if has_identity:
    COLUMNS.append(
        (
            ("x", sa.Integer, sa.Identity(always=True)),
            {},
            "sa.Column('x', sa.Integer(), sa.Identity(always=True), nullable=False)",
        )
    )


@pytest.mark.parametrize(
    ("arguments", "kw", "expected"), COLUMNS, ids=[row[2] for row in COLUMNS]
)
def test_columns(arguments, kw, expected):
    """A column is written with all that the database will see of it."""
    assert added(*arguments, **kw) == expected


def test_the_name_of_a_type_check_is_not_written_twice():
    """The CHECK of a Boolean belongs to its type."""
    text = added("x", sa.Boolean(create_constraint=True, name="ck"))
    # with 1.3 the constraint is what a Boolean has by default
    flag = "create_constraint=True, " if sqla_1_4 else ""
    assert text == f"sa.Column('x', sa.Boolean({flag}name='ck'), nullable=True)"


@pytest.mark.parametrize(
    ("name", "dialect_name", "expected"),
    [
        (quoted_name("x", True), "sqlite", "'x'"),
        (quoted_name("X", True), "oracle", "'X'"),
        (quoted_name("x", True), "oracle", "sa.sql.quoted_name('x', quote=True)"),
        (quoted_name("X", False), "sqlite", "sa.sql.quoted_name('X', quote=False)"),
        (quoted_name("x", False), "oracle", "'x'"),
        (quoted_name("X", None), "oracle", "'X'"),
    ],
)
def test_quotes_are_kept_where_they_matter(name, dialect_name, expected):
    """A forced quote is written where a plain name would be another name."""
    text = added(name, sa.Integer, dialect_name=dialect_name)
    assert text == f"sa.Column({expected}, sa.Integer(), nullable=True)"


def test_render_item_for_columns():
    """The hook may render a column, or leave it out of a table."""
    op = ops.CreateTableOp("t", [sa.Column("x", sa.Integer), sa.Column("y", sa.Text)])

    def render_item(kind, obj, context):
        if kind == "column":
            return "OWN(x)" if obj.name == "x" else None
        return False

    assert rendered(op, render_item=render_item) == "op.create_table('t',\nOWN(x)\n)"


X = sa.Integer
ADDED = [
    (
        ops.AddColumnOp("t", sa.Column("x", X), schema="s", if_not_exists=True),
        "op.add_column('t', sa.Column('x', sa.Integer(), nullable=True), "
        "schema='s', if_not_exists=True)",
        "batch_op.add_column(sa.Column('x', sa.Integer(), nullable=True), "
        "if_not_exists=True)",
    ),
    (
        ops.AddColumnOp("t", sa.Column("x", X), insert_after="w"),
        "op.add_column('t', sa.Column('x', sa.Integer(), nullable=True))",
        "batch_op.add_column(sa.Column('x', sa.Integer(), nullable=True), "
        "insert_after='w')",
    ),
    (
        ops.AddColumnOp(
            "t",
            sa.Column("x", X, sa.ForeignKey("a.b", name="fk", ondelete="CASCADE")),
            inline_references=True,
        ),
        "op.add_column('t', sa.Column('x', sa.Integer(), "
        "sa.ForeignKey('a.b', name='fk', ondelete='CASCADE'), nullable=True), "
        "inline_references=True)",
        "batch_op.add_column(sa.Column('x', sa.Integer(), "
        "sa.ForeignKey('a.b', name='fk', ondelete='CASCADE'), nullable=True), "
        "inline_references=True)",
    ),
    (
        ops.AddColumnOp(
            "t", sa.Column("x", X, primary_key=True), inline_primary_key=True
        ),
        "op.add_column('t', sa.Column('x', sa.Integer(), primary_key=True, "
        "nullable=False), inline_primary_key=True)",
        "batch_op.add_column(sa.Column('x', sa.Integer(), primary_key=True, "
        "nullable=False), inline_primary_key=True)",
    ),
    (
        ops.DropColumnOp("t", "x", schema="s", if_exists=True, mssql_drop_check=True),
        "op.drop_column('t', 'x', schema='s', mssql_drop_check=True, if_exists=True)",
        "batch_op.drop_column('x', mssql_drop_check=True, if_exists=True)",
    ),
    (
        ops.DropColumnOp("t", "x"),
        "op.drop_column('t', 'x')",
        "batch_op.drop_column('x')",
    ),
]


@pytest.mark.parametrize(
    ("op", "plain", "in_batch"), ADDED, ids=[row[1] for row in ADDED]
)
def test_added_and_dropped(op, plain, in_batch):
    """Options are kept; in a batch block the table is known."""
    assert rendered(op) == plain
    assert rendered_in_batch(op) == in_batch


def altered(**kw):
    """Return the pieces of Python of a change, between table and column and the end."""
    text = rendered(ops.AlterColumnOp("t", "x", **kw))
    first, *rest = text.split(",\n")
    assert first.rstrip(")") == "op.alter_column('t', 'x'"
    assert all(line.startswith(" " * 11) for line in rest)
    pieces = [line.strip() for line in rest]
    if pieces:
        assert pieces[-1].endswith(")")
        pieces[-1] = pieces[-1][:-1]
    return pieces


ALTERED = [
    ({}, []),
    (
        {"modify_nullable": False, "existing_type": sa.Integer()},
        ["existing_type=sa.Integer()", "nullable=False"],
    ),
    (
        {"modify_nullable": False, "existing_nullable": True},
        ["nullable=False"],
    ),
    (
        {
            "existing_type": sa.Integer(),
            "existing_nullable": True,
            "existing_comment": "c",
            "existing_server_default": sa.DefaultClause("5"),
            "schema": "s",
            "autoincrement": True,
            "existing_autoincrement": False,
        },
        [
            "existing_type=sa.Integer()",
            "existing_comment='c'",
            "existing_nullable=True",
            "autoincrement=True",
            "existing_autoincrement=False",
            "existing_server_default='5'",
            "schema='s'",
        ],
    ),
    (
        {
            "existing_type": sa.String(),
            "modify_type": sa.Text(),
            "modify_name": "y",
            "modify_comment": "new",
            "existing_comment": "old",
            "modify_server_default": "a'b",
            "existing_server_default": sa.DefaultClause("5"),
        },
        [
            "existing_type=sa.String()",
            'server_default="a\'b"',
            "new_column_name='y'",
            "type_=sa.Text()",
            "comment='new'",
            "existing_comment='old'",
        ],
    ),
    (
        {"modify_server_default": None, "modify_comment": None},
        ["server_default=None", "comment=None"],
    ),
    ({"modify_server_default": sa.text("now()")}, ["server_default=sa.text('now()')"]),
    ({"modify_server_default": sa.func.now()}, ["server_default=sa.text('now()')"]),
    (
        {"existing_server_default": sa.text("now()"), "existing_nullable": False},
        ["existing_nullable=False", "existing_server_default=sa.text('now()')"],
    ),
    (
        {"modify_server_default": "a", "modify_own": 1, "mysql_x": "y"},
        ["server_default='a'", "mysql_x='y'"],
    ),
]


@pytest.mark.parametrize(
    ("kw", "pieces"), ALTERED, ids=[", ".join(row[0]) for row in ALTERED]
)
def test_altered(kw, pieces):
    """What changes is written, and what exists as far as the change needs it."""
    assert altered(**kw) == pieces


def test_altered_in_a_batch():
    """There, schema and table are those of the block."""
    op = ops.AlterColumnOp("t", "x", schema="s", modify_nullable=True, insert_after="w")
    assert rendered_in_batch(op) == (
        "batch_op.alter_column('x',\n           nullable=True,\n"
        "           insert_after='w')"
    )


USING = [
    (sa.String(5), sa.Integer(), "x::INTEGER"),
    (sa.Text(), postgresql.UUID(), "x::UUID"),
    (sa.Text(), postgresql.JSONB(), "x::JSONB"),
    (sa.Text(), sa.Enum("a", name="mood"), "x::mood"),
    (sa.Enum("a", name="old"), sa.Enum("a", name="mood"), "x::TEXT::mood"),
    (sa.Integer(), sa.Enum("a", name="mood"), "x::TEXT::mood"),
    (sa.Boolean(), sa.Integer(), "x::INTEGER"),
    (sa.Boolean(), sa.Numeric(5, 2), "x::INTEGER::NUMERIC(5, 2)"),
    (sa.SmallInteger(), sa.Boolean(), "x::INTEGER::BOOLEAN"),
    (sa.Integer(), sa.Boolean(), "x::BOOLEAN"),
    (sa.String(), sa.DateTime(), "x::TIMESTAMP WITHOUT TIME ZONE"),
    (postgresql.ARRAY(sa.Text), postgresql.ARRAY(sa.Integer), "x::INTEGER[]"),
    (sa.Integer(), sa.String(5), None),
    (sa.Integer(), sa.BigInteger(), None),
    (sa.Numeric(5, 2), sa.Integer(), None),
    (sa.Date(), sa.DateTime(), None),
    (sa.DateTime(), sa.Time(), None),
    (sa.Time(), sa.Interval(), None),
    (sa.String(5), sa.Text(), None),
    (postgresql.JSON(), postgresql.JSONB(), None),
    (sa.Enum("a", name="mood"), sa.String(5), None),
    (sa.Enum("a", name="mood"), sa.Enum("a", "b", name="mood"), None),
    (postgresql.ARRAY(sa.Integer), postgresql.ARRAY(sa.Text), None),
    (sa.types.NullType(), sa.Integer(), None),
]


@pytest.mark.parametrize(
    ("before", "after", "using"), USING, ids=[f"{a!r}-{b!r}" for a, b, _ in USING]
)
def test_conversions_on_postgresql(before, after, using):
    """``postgresql_using`` is written where an assignment would not convert."""
    op = ops.AlterColumnOp("t", "x", existing_type=before, modify_type=after)
    text = rendered(op, "postgresql")
    assert (f"postgresql_using={using!r}" in text) is (using is not None)
    assert ("postgresql_using" in text) is (using is not None)
    assert "postgresql_using" not in rendered(op, "mysql")


def test_a_given_conversion_is_kept():
    """``postgresql_using`` of the operation itself comes first."""
    kw = {"existing_type": sa.Text(), "modify_type": sa.Integer()}
    op = ops.AlterColumnOp("t", "x", postgresql_using="length(x)", **kw)
    for dialect_name in ("postgresql", "sqlite"):
        assert "postgresql_using='length(x)'" in rendered(op, dialect_name)


def test_a_default_is_taken_along():
    """It is dropped before the conversion and put back, converted, afterwards."""
    op = ops.AlterColumnOp(
        "t",
        "x",
        existing_type=sa.Text(),
        modify_type=sa.Boolean(),
        modify_nullable=False,
        existing_server_default=sa.DefaultClause(sa.text("'f'::text")),
    )
    body, operations = again([op], "postgresql")
    first, second, third = operations
    assert first.modify_server_default is None
    assert first.modify_type is None
    assert isinstance(second.modify_type, sa.Boolean)
    assert second.modify_nullable is False
    assert second.modify_server_default is False
    assert str(third.modify_server_default) == "'f'::BOOLEAN"
    assert body.count("op.alter_column") == 3


def test_a_default_leaves_its_enum():
    """It is written anew where its expression would still name the enum."""
    op = ops.AlterColumnOp(
        "t",
        "x",
        existing_type=sa.Enum("a", name="mood"),
        modify_type=sa.String(9),
        existing_server_default=sa.DefaultClause(sa.text("'a'::mood")),
    )
    body, operations = again([op], "postgresql")
    assert "postgresql_using" not in body
    assert str(operations[2].modify_server_default) == "'a'::VARCHAR(9)"
    op.modify_type = sa.Enum("a", "b", name="mood")
    assert len(again([op], "postgresql")[1]) == 1


def test_a_new_default_needs_no_conversion():
    """The last step then sets what the model says."""
    op = ops.AlterColumnOp(
        "t",
        "x",
        existing_type=sa.Text(),
        modify_type=sa.Boolean(),
        existing_server_default=sa.DefaultClause("f"),
        modify_server_default=sa.DefaultClause(sa.false()),
    )
    _, operations = again([op], "postgresql")
    assert str(operations[2].modify_server_default) == "false"
    in_batch = again(
        [ops.ModifyTableOps("t", [op])], "postgresql", render_as_batch=True
    )
    assert len(in_batch[1][0].ops) == 3
