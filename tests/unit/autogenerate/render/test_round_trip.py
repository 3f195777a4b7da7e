"""What is rendered, when run, asks for the same operations again."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import conv

from alembic.operations import ops
from tests.support.rendering import again
from tests.support.rendering import sql_of

# SQLAlchemy 1.3 says it of an index that names one expression twice
pytestmark = pytest.mark.filterwarnings(
    "ignore:Column .* being replaced by:sqlalchemy.exc.SAWarning"
)

DIALECTS = ["postgresql", "mysql", "mssql", "oracle"]

# what people put into names and values, and what breaks careless quoting
names = st.one_of(
    st.sampled_from(["x", "y", "user", "Order", "it's", 'say "x"', "a b", "é", "p%s"]),
    st.text("abz_", min_size=1, max_size=8),
)
texts = st.one_of(
    st.sampled_from(
        ["", "it's", "50%", "%(x)s", "a :b", "\\", "two\nlines", '"', "é", "{}"]
    ),
    st.text(st.characters(exclude_categories=["C"]), max_size=12),
)

types = st.sampled_from(
    [
        sa.Integer(),
        sa.BigInteger(),
        sa.String(20),
        sa.Text(),
        sa.Numeric(10, 2),
        sa.Float(),
        sa.Boolean(),
        sa.Date(),
        sa.DateTime(timezone=True),
        sa.LargeBinary(),
        sa.Enum("a", "it's", name="mood"),
        sa.Enum("a", name="short", native_enum=False, length=9),
        sa.String(5).with_variant(mysql.VARCHAR(6, charset="utf8mb4"), "mysql"),
        sa.Integer().with_variant(postgresql.JSONB(), "postgresql"),
    ]
)

defaults = st.one_of(
    st.none(),
    texts,
    texts.map(lambda value: sa.text("'" + value.replace("'", "''") + "'"))
    .filter(lambda clause: not clause._bindparams)
    .filter(lambda clause: "\\:" not in clause.text),
    texts.map(sa.literal),
    st.just(sa.func.now()),
    st.just(sa.text("5")),
)


@st.composite
def columns(draw, name=names):
    """Return a column."""
    return sa.Column(
        draw(name),
        draw(types),
        nullable=draw(st.booleans()),
        server_default=draw(defaults),
        comment=draw(st.one_of(st.none(), texts)),
    )


@st.composite
def tables(draw):
    """Return the operation that creates a table."""
    found = draw(
        st.lists(columns(), min_size=1, max_size=4, unique_by=lambda c: c.name)
    )
    column_names = [column.name for column in found]
    some = st.lists(st.sampled_from(column_names), min_size=1, unique=True)
    items = list(found)
    if draw(st.booleans()):
        items.append(sa.PrimaryKeyConstraint(*draw(some), name=draw(names)))
    if draw(st.booleans()):
        items.append(sa.UniqueConstraint(*draw(some), name=conv(draw(names))))
    if draw(st.booleans()):
        column = sa.column(draw(st.sampled_from(column_names)))
        value = draw(st.one_of(texts, st.integers(0, 99)))
        items.append(sa.CheckConstraint(column != value, name=draw(names)))
    if draw(st.booleans()):
        target = f"{draw(st.sampled_from(['p', 's.p']))}.id"
        column = draw(st.sampled_from(column_names))
        items.append(
            sa.ForeignKeyConstraint(
                [column],
                [target],
                name=draw(names),
                ondelete=draw(st.sampled_from([None, "CASCADE"])),
            )
        )
    metadata = sa.MetaData()
    table = sa.Table(
        draw(names),
        metadata,
        *items,
        schema=draw(st.sampled_from([None, "s"])),
        comment=draw(st.one_of(st.none(), texts)),
    )
    return ops.CreateTableOp.from_table(table)


@st.composite
def changes(draw):
    """Return an operation on a table."""
    table_name = draw(names)
    schema = draw(st.sampled_from([None, "s"]))
    kind = draw(
        st.sampled_from(["add", "drop", "alter", "index", "unique", "check", "fk"])
    )
    if kind == "add":
        return ops.AddColumnOp(table_name, draw(columns()), schema=schema)
    if kind == "drop":
        return ops.DropColumnOp(table_name, draw(names), schema=schema)
    if kind == "alter":
        return ops.AlterColumnOp(
            table_name,
            draw(names),
            schema=schema,
            existing_type=draw(types),
            existing_nullable=draw(st.booleans()),
            modify_nullable=draw(st.booleans()),
            modify_server_default=draw(st.one_of(st.just(False), defaults)),
        )
    if kind == "index":
        elements = draw(
            st.lists(
                st.one_of(
                    names, names.map(lambda name: sa.func.lower(sa.column(name)))
                ),
                min_size=1,
                max_size=2,
            )
        )
        return ops.CreateIndexOp(
            draw(names), table_name, elements, schema=schema, unique=draw(st.booleans())
        )
    if kind == "unique":
        return ops.CreateUniqueConstraintOp(
            draw(names), table_name, [draw(names)], schema=schema
        )
    if kind == "check":
        condition = sa.column(draw(names)) == draw(texts)
        return ops.CreateCheckConstraintOp(
            draw(names), table_name, condition, schema=schema
        )
    return ops.CreateForeignKeyOp(
        draw(names),
        table_name,
        draw(names),
        [draw(names)],
        [draw(names)],
        source_schema=schema,
        referent_schema=draw(st.sampled_from([None, "s"])),
        onupdate=draw(st.sampled_from([None, "CASCADE"])),
    )


operations = st.lists(st.one_of(tables(), changes()), min_size=1, max_size=3)


def pieces(operations, dialect_name):
    """Return the words of each statement; constraints may come in another order."""
    return [
        sorted(re.split(r"(\s|[(),])", statement))
        for statement in sql_of(operations, dialect_name)
    ]


@pytest.mark.filterwarnings("ignore:Oracle Database does not contain native UPDATE")
@given(operations=operations, dialect_name=st.sampled_from(DIALECTS))
def test_the_database_gets_the_same_sql(operations, dialect_name):
    """Run, the Python sends what the operations themselves would have sent."""
    body, recorded = again(operations, dialect_name)
    assert pieces(recorded, dialect_name) == pieces(operations, dialect_name), body


@given(operations=operations, dialect_name=st.sampled_from(["sqlite", *DIALECTS]))
def test_rendering_is_a_fixed_point(operations, dialect_name):
    """The operations that the Python asks for are rendered as the same Python."""
    body, recorded = again(operations, dialect_name)
    assert again(recorded, dialect_name)[0] == body


@given(
    changes=st.lists(changes(), min_size=1, max_size=3),
    dialect_name=st.sampled_from(["sqlite", "postgresql", "mysql"]),
)
def test_batches_are_a_fixed_point(changes, dialect_name):
    """So are the blocks of ``render_as_batch``."""
    batch = ops.ModifyTableOps("t", changes, schema="s")
    body, recorded = again([batch], dialect_name, render_as_batch=True)
    assert len(recorded) == 1
    assert again(recorded, dialect_name, render_as_batch=True)[0] == body
