"""Tables as Python: create, drop, rename, comment."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.autogenerate import render
from alembic.operations import ops
from tests.support.rendering import rendered
from tests.support.rendering import rendered_in_batch


def created(*items, **kw):
    """Return the Python of creating a table."""
    op = ops.CreateTableOp.from_table(sa.Table("t", sa.MetaData(), *items, **kw))
    return rendered(op)


X = "sa.Column('x', sa.Integer(), nullable=True)"


def x():
    """Return a column."""
    return sa.Column("x", sa.Integer)


def test_one_line_for_each_item():
    """Columns come first, then constraints, then options."""
    text = created(
        sa.Column("x", sa.Integer, primary_key=True),
        sa.Column("y", sa.String(5), nullable=False),
        sa.UniqueConstraint("y", name="u"),
        schema="s",
        comment="it's",
        info={"a": 1},
        mysql_engine="InnoDB",
        prefixes=["TEMPORARY"],
    )
    assert text == (
        "op.create_table('t',\n"
        "sa.Column('x', sa.Integer(), nullable=False),\n"
        "sa.Column('y', sa.String(length=5), nullable=False),\n"
        "sa.PrimaryKeyConstraint('x'),\n"
        "sa.UniqueConstraint('y', name='u'),\n"
        "schema='s',\n"
        'comment="it\'s",\n'
        "info={'a': 1},\n"
        "mysql_engine='InnoDB',\n"
        "prefixes=['TEMPORARY']\n"
        ")"
    )


OPTIONS = [
    ({}, f"{X}\n"),
    ({"comment": ""}, f"{X},\ncomment=''\n"),
    ({"info": {"class": object}}, f"{X}\n"),
    ({"info": {"class": object, "a": [1]}}, f"{X},\ninfo={{'a': [1]}}\n"),
    (
        {"sqlite_autoincrement": True, "mysql_charset": "utf8"},
        f"{X},\nmysql_charset='utf8',\nsqlite_autoincrement=True\n",
    ),
]


@pytest.mark.parametrize(("kw", "rest"), OPTIONS, ids=[str(row[0]) for row in OPTIONS])
def test_options(kw, rest):
    """Options follow; of ``info`` what can be written down."""
    assert created(x(), **kw) == f"op.create_table('t',\n{rest})"


@pytest.mark.parametrize("flag", [True, False])
def test_only_if_needed(flag):
    """``if_not_exists`` and ``if_exists`` are kept when they were given."""
    create = ops.CreateTableOp("t", [x()], if_not_exists=flag)
    text = f"op.create_table('t',\n{X},\nif_not_exists={flag}\n)"
    assert rendered(create) == text
    drop = ops.DropTableOp("t", schema="s", if_exists=flag)
    assert rendered(drop) == f"op.drop_table('t', schema='s', if_exists={flag})"


def test_a_table_without_columns():
    """It is valid Python, with and without options."""
    assert rendered(ops.CreateTableOp("t", [])) == "op.create_table('t',\n\n)"
    text = rendered(ops.CreateTableOp("t", [], schema="s"))
    assert text == "op.create_table('t',\nschema='s'\n)"
    compile(text, "<rendered>", "exec")


def many(count):
    """Return the Python of creating a table of so many columns."""
    return created(*[sa.Column(f"c{n}", sa.Integer) for n in range(count)])


def test_more_than_255_arguments():
    """Beyond the limit they are unpacked from a list."""
    assert "*[" not in many(render.MAX_PYTHON_ARGS)
    text = many(render.MAX_PYTHON_ARGS + 1)
    assert text.startswith("op.create_table('t',\n*[sa.Column('c0', ")
    assert text.endswith("sa.Column('c255', sa.Integer(), nullable=True)]\n)")
    compile(text, "<rendered>", "exec")


def test_the_limit_can_be_changed(monkeypatch):
    """Programs set ``MAX_PYTHON_ARGS`` on the package."""
    monkeypatch.setattr(render, "MAX_PYTHON_ARGS", 2)
    assert "*[" in many(3)
    assert "*[" not in many(2)


def test_foreign_keys_that_come_later_are_not_lost():
    """Inside ``CREATE TABLE`` a foreign key is written without ``use_alter``."""
    key = sa.ForeignKeyConstraint(["x"], ["t.x"], name="fk", use_alter=True)
    text = created(x(), key)
    assert "sa.ForeignKeyConstraint(['x'], ['t.x'], name='fk')" in text


OPERATIONS = [
    (ops.DropTableOp("t"), "op.drop_table('t')"),
    (ops.RenameTableOp("a", "b"), "op.rename_table('a', 'b')"),
    (
        ops.RenameTableOp("a", "b", schema="s"),
        "op.rename_table('a', 'b', schema='s')",
    ),
    (
        ops.CreateTableCommentOp("t", "it's", schema="s", existing_comment="old"),
        "op.create_table_comment(\n    't',\n    \"it's\",\n"
        "    existing_comment='old',\n    schema='s'\n)",
    ),
    (
        ops.DropTableCommentOp("t"),
        "op.drop_table_comment(\n    't',\n    existing_comment=None,\n"
        "    schema=None\n)",
    ),
    (ops.ExecuteSQLOp("select ':a' %s"), "op.execute(\"select ':a' %s\")"),
    (
        ops.ExecuteSQLOp("q", execution_options={"a": 1}),
        "op.execute('q', execution_options={'a': 1})",
    ),
    (ops.ExecuteSQLOp(sa.text("q")), "op.execute(sa.text('q'))"),
    (
        ops.BulkInsertOp(
            sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer), schema="s"),
            [{"x": 1}],
        ),
        "op.bulk_insert(\n    sa.table('t', sa.column('x', sa.Integer()), schema='s'),"
        "\n    [{'x': 1}]\n)",
    ),
]


@pytest.mark.parametrize(("op", "text"), OPERATIONS, ids=[row[1] for row in OPERATIONS])
def test_operations(op, text):
    """All that happens to a table or its rows has its directive."""
    assert rendered(op) == text
    compile(text, "<rendered>", "exec")


def test_comments_in_a_batch():
    """There, the table is known."""
    op = ops.CreateTableCommentOp("t", "c", schema="s")
    assert rendered_in_batch(op) == (
        "batch_op.create_table_comment(\n    'c',\n    existing_comment=None\n)"
    )


def test_statements_that_are_expressions():
    """An expression is written as the SQL of the database, values included."""
    table = sa.table("t", sa.column("x", sa.String))
    op = ops.ExecuteSQLOp(table.update().values(x="50% :a"))
    assert rendered(op) == "op.execute(sa.text(\"UPDATE t SET x='50% \\\\:a'\"))"
    with pytest.raises(NotImplementedError, match="give ExecuteSQLOp a string"):
        rendered(ops.ExecuteSQLOp(5))


class _Elsewhere(ops.CreateTableOp):
    """A library's operation that changes the table before it is created."""

    def to_table(self, migration_context=None):
        table = super().to_table(migration_context)
        for column in table.columns:
            column.info["seen"] = True
        table.append_column(sa.Column("added", sa.Integer))
        return table


def test_a_subclass_has_a_say_in_what_the_table_is():
    """What its ``to_table()`` returns is written."""
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    assert "'added'" in rendered(_Elsewhere.from_table(table))
