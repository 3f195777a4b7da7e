"""Indexes as Python."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy import literal_column
from sqlalchemy import text

from alembic.operations import ops
from alembic.operations.schemaobj import SchemaObjects
from tests.support.rendering import rendered
from tests.support.rendering import rendered_in_batch


def table(schema=None, metadata=None):
    """Return a table with columns to make indexes of."""
    return sa.Table(
        "t",
        metadata or sa.MetaData(),
        sa.Column("x", sa.Integer),
        sa.Column("y", sa.String),
        sa.Column("z", sa.Integer, key="zk"),
        schema=schema,
    )


T = table()
ELEMENTS = [
    ((T.c.x, T.c.y), "'x', 'y'"),
    ((T.c.zk,), "'z'"),
    ((func.lower(T.c.y),), "sa.literal_column('lower(y)')"),
    ((T.c.x.desc(),), "sa.literal_column('x DESC')"),
    (
        (T.c.x.desc().nullslast(), T.c.y),
        "sa.literal_column('x DESC NULLS LAST'), 'y'",
    ),
    ((text("lower(y)"), T.c.x), "sa.literal_column('lower(y)'), 'x'"),
    (
        (T.c.y + "50%' :a",),
        "sa.literal_column(\"y || '50%'' :a'\")",
    ),
    (
        (func.lower(T.c.y).label("ly"),),
        "sa.literal_column('lower(y)').label('ly')",
    ),
]


@pytest.mark.parametrize(
    ("expressions", "elements"), ELEMENTS, ids=[row[1] for row in ELEMENTS]
)
def test_elements(expressions, elements):
    """A column is its name, an expression is its SQL."""
    op = ops.CreateIndexOp("i", "t", list(expressions))
    expected = f"op.create_index('i', 't', [{elements}], unique=False)"
    assert rendered(op) == expected


OPTIONS = [
    ({"unique": True}, "unique=True"),
    ({"if_not_exists": True}, "unique=False, if_not_exists=True"),
    ({"schema": "s"}, "unique=False, schema='s'"),
    (
        {"postgresql_where": T.c.y.like("a%")},
        "unique=False, postgresql_where=sa.text(\"y LIKE 'a%'\")",
    ),
    ({"postgresql_where": "x > 5"}, "unique=False, postgresql_where='x > 5'"),
    (
        {"postgresql_using": "gin", "postgresql_ops": {"x": "int4_ops"}},
        "unique=False, postgresql_using='gin', postgresql_ops={'x': 'int4_ops'}",
    ),
    ({"mssql_include": [T.c.y]}, "unique=False, mssql_include=['y']"),
    ({"mysql_length": {"x": 5}}, "unique=False, mysql_length={'x': 5}"),
]


@pytest.mark.parametrize(("kw", "options"), OPTIONS, ids=[row[1] for row in OPTIONS])
def test_options(kw, options):
    """Options of all dialects are kept, expressions in them as SQL."""
    op = ops.CreateIndexOp("i", "t", ["x"], **kw)
    assert rendered(op) == f"op.create_index('i', 't', ['x'], {options})"


def test_dropping():
    """The options are those of the index, which some databases need."""
    index = sa.Index("i", T.c.x, postgresql_where=T.c.x > 5)
    op = ops.DropIndexOp.from_index(index)
    assert rendered(op) == (
        "op.drop_index('i', table_name='t', postgresql_where=sa.text('x > 5'))"
    )
    op = ops.DropIndexOp("i", if_exists=True)
    assert rendered(op) == "op.drop_index('i', table_name=None, if_exists=True)"


def test_in_a_batch():
    """There, table and schema are those of the block."""
    index = sa.Index("i", table("s").c.x)
    created = rendered_in_batch(ops.CreateIndexOp.from_index(index))
    dropped = rendered_in_batch(ops.DropIndexOp.from_index(index))
    assert created == "batch_op.create_index('i', ['x'], unique=False)"
    assert dropped == "batch_op.drop_index('i')"


def test_names_made_by_a_convention_are_final():
    """Such a name comes out as ``op.f()``."""
    metadata = sa.MetaData(naming_convention={"ix": "my_%(column_0_name)s"})
    index = sa.Index(None, table(metadata=metadata).c.x)
    op = ops.CreateIndexOp.from_index(index)
    expected = "op.create_index(op.f('my_x'), 't', ['x'], unique=False)"
    assert rendered(op) == expected


def test_literal_columns():
    """An element that is SQL already stays what it is."""
    op = ops.CreateIndexOp("i", "t", [literal_column("x % 2")])
    expected = "op.create_index('i', 't', [sa.literal_column('x % 2')], unique=False)"
    assert rendered(op, "mysql").replace("(x % 2)", "x % 2") == expected


def test_an_index_of_columns_is_written_without_being_made(monkeypatch):
    """There is nothing that SQLAlchemy would have to be asked about it."""
    created = ops.CreateIndexOp.from_index(sa.Index("i", T.c.x, T.c.zk, unique=True))
    dropped = created.reverse()
    monkeypatch.setattr(SchemaObjects, "index", None)
    assert rendered(created) == "op.create_index('i', 't', ['x', 'z'], unique=True)"
    assert rendered(dropped) == "op.drop_index('i', table_name='t')"


def test_the_index_of_a_subclass_is_written():
    """What a program's own operation says of its index counts."""

    class CreateOther(ops.CreateIndexOp):
        def to_index(self, migration_context=None):
            return ops.CreateIndexOp("other", "t", ["y"], unique=True).to_index()

    class DropOther(ops.DropIndexOp):
        def to_index(self, migration_context=None):
            return ops.CreateIndexOp("o", "t", ["y"], mysql_length=5).to_index()

    expected = "op.create_index('other', 't', ['y'], unique=True)"
    assert rendered(CreateOther("i", "t", ["x"])) == expected
    expected = "op.drop_index('i', table_name='t', mysql_length=5)"
    assert rendered(DropOther("i", "t")) == expected
