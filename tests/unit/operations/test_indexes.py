"""Indexes as data: attributes, diff tuples, what undoes them."""

from __future__ import annotations

import sqlalchemy as sa

from alembic.operations import ops
from alembic.operations.ops import indexes
from alembic.operations.schemaobj import SchemaObjects


def index():
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Integer, key="a_key"),
        sa.Column("b", sa.String(5)),
        schema="s",
    )
    return sa.Index(
        "ix",
        table.c.a_key,
        sa.func.lower(table.c.b),
        unique=True,
        postgresql_where=sa.text("a > 5"),
    )


def sql(index):
    return str(sa.schema.CreateIndex(index))


def test_create_index_is_made_from_an_index():
    """Name, table, schema, elements and options come from the index."""
    operation = ops.CreateIndexOp.from_index(index())
    assert (operation.index_name, operation.table_name) == ("ix", "t")
    assert (operation.schema, operation.unique) == ("s", True)
    assert str(operation.kw["postgresql_where"]) == "a > 5"
    assert len(operation.columns) == 2


def test_index_of_an_operation_stands_on_a_table_of_its_own():
    """The index of the models, and their tables, are left alone."""
    original = index()
    copies = [ops.CreateIndexOp.from_index(original).to_index() for _ in range(2)]
    assert original.table.indexes == {original}
    for copy in copies:
        assert copy.table is not original.table
        assert copy.table.fullname == "s.t"
        assert copy.table.indexes == {copy}
        assert sql(copy) == "CREATE UNIQUE INDEX ix ON s.t (a, lower(b))"
        assert isinstance(copy.expressions[0].type, sa.Integer)


def test_create_index_and_drop_index_undo_each_other():
    """Elements and options go along there and back."""
    dropped = ops.CreateIndexOp.from_index(index()).reverse()
    assert isinstance(dropped, ops.DropIndexOp)
    assert dropped.to_diff_tuple()[0] == "remove_index"
    created = dropped.reverse()
    tag, found = created.to_diff_tuple()
    assert (tag, found.name, found.unique) == ("add_index", "ix", True)
    assert sql(found) == "CREATE UNIQUE INDEX ix ON s.t (a, lower(b))"
    assert str(found.kwargs["postgresql_where"]) == "a > 5"


def test_index_of_text_can_be_looked_at_again_and_again():
    """SQL text in an index survives being reversed and made into an index."""
    operation = ops.CreateIndexOp("ix", "t", [sa.text("lower(a)"), "b"])
    for _ in range(2):
        operation = operation.reverse().reverse()
        assert sql(operation.to_index()) == "CREATE INDEX ix ON t (lower(a), b)"


def test_index_of_expressions_without_columns_finds_its_table():
    """Not one element need be the name of a column."""
    operation = ops.CreateIndexOp(
        "ix", "t", [sa.func.upper(sa.column("c")), sa.text("d DESC"), sa.desc("e")]
    )
    assert sql(operation.to_index()) == (
        "CREATE INDEX ix ON t (upper(c), d DESC, e DESC)"
    )


def test_drop_index_by_name_needs_no_table():
    """Where the columns and the table are not known, they are made up."""
    found = ops.DropIndexOp("ix").to_index()
    assert (found.name, len(found.columns)) == ("ix", 1)


def test_a_single_name_is_one_column():
    """A string given for the columns is not taken apart into letters."""
    assert ops.CreateIndexOp("ix", "t", "name").columns == ["name"]


def test_an_index_of_columns_is_undone_without_being_made(monkeypatch):
    """Name, table and columns are all that there is to tell, and are told as they are."""
    table = index().table
    created = ops.CreateIndexOp("ix", "t", ["x", table.c.a_key], unique=True)
    with monkeypatch.context() as patch:
        patch.setattr(indexes, "is_plain", lambda operation: False)
        expected = vars(created.reverse())
    monkeypatch.setattr(SchemaObjects, "index", None)
    dropped = created.reverse()
    assert {**vars(dropped), "_reverse": None} == {**expected, "_reverse": None}
    columns = dropped._reverse.columns
    created.columns.append("later")
    assert columns == ["x", table.c.a_key]


def test_the_index_of_a_subclass_is_asked_for():
    """What a program's own operation says of its index counts when it is undone."""

    class CreateOther(ops.CreateIndexOp):
        def to_index(self, migration_context=None):
            return ops.CreateIndexOp("other", "t", ["a", "b"]).to_index()

    dropped = CreateOther("ix", "t", ["a"]).reverse()
    assert dropped.index_name == "other"
    assert [column.name for column in dropped._reverse.columns] == ["a", "b"]


def test_an_index_without_a_name_is_undone_by_the_name_it_gets():
    """SQLAlchemy names it after its first column."""
    assert ops.CreateIndexOp(None, "t", ["a"]).reverse().index_name == "ix_t_a"
