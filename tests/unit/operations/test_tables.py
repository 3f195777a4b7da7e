"""Tables as data: attributes, diff tuples, what undoes them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.operations import ops


def models():
    """Return a table with one of everything, and the MetaData it stands in."""
    metadata = sa.MetaData(
        naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}
    )
    sa.Table(
        "p", metadata, sa.Column("pk_name", sa.Integer, key="id", primary_key=True)
    )
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(10), index=True, unique=True),
        sa.Column("flag", sa.Boolean(create_constraint=True)),
        sa.Column("parent", sa.Integer, sa.ForeignKey("p.id", name="fk_parent")),
        sa.Column("other", sa.Integer, unique=True),
        sa.CheckConstraint("id > 5", name="ck_id"),
        schema="s",
        comment="things",
        info={"k": 2},
        prefixes=["TEMPORARY"],
        mysql_engine="InnoDB",
    )
    return table, metadata


def shape(table):
    """Return what a table is made of, as sorted names of classes and columns."""
    return sorted(
        (
            type(constraint).__name__,
            sorted(column.name for column in constraint.columns),
        )
        for constraint in table.constraints
    )


def test_create_table_carries_everything_but_indexes():
    """A table that goes through the operation comes out the same, without indexes."""
    table, metadata = models()
    operation = ops.CreateTableOp.from_table(table)
    assert operation._namespace_metadata is metadata
    assert operation._constraints_included is True
    assert (operation.table_name, operation.schema) == ("t", "s")
    assert operation.comment == "things"
    assert operation.info == {"k": 2}
    assert operation.prefixes == ["TEMPORARY"]
    assert operation.kw == {"mysql_engine": "InnoDB"}
    copy = operation.to_table()
    assert copy is not table
    assert shape(copy) == shape(table)
    assert copy.indexes == set()
    assert copy.comment == "things"
    assert copy.kwargs["mysql_engine"] == "InnoDB"
    uniques = [c for c in copy.constraints if isinstance(c, sa.UniqueConstraint)]
    assert {c.name for c in uniques} == {"uq_t_other"}


def test_looking_at_an_operation_leaves_the_models_alone():
    """Making tables out of it adds nothing to the table it was made from."""
    table, metadata = models()
    before = shape(table), set(table.indexes), set(metadata.tables)
    operation = ops.CreateTableOp.from_table(table)
    for _ in range(3):
        operation.to_table()
        operation.reverse().reverse().to_diff_tuple()
    assert (shape(table), set(table.indexes), set(metadata.tables)) == before


def test_foreign_key_points_to_the_name_of_a_column_not_to_its_key():
    """A target column whose key differs from its name is found under its name."""
    copy = ops.CreateTableOp.from_table(models()[0]).to_table()
    (foreign_key,) = copy.foreign_keys
    assert foreign_key.column.name == "pk_name"


def test_create_table_and_drop_table_undo_each_other():
    """The table goes along there and back."""
    table, metadata = models()
    dropped = ops.CreateTableOp.from_table(table).reverse()
    assert isinstance(dropped, ops.DropTableOp)
    assert dropped.to_diff_tuple()[0] == "remove_table"
    assert dropped.table_kw == {"mysql_engine": "InnoDB"}
    created = dropped.reverse()
    assert created.to_diff_tuple()[0] == "add_table"
    assert created._namespace_metadata is metadata
    assert shape(created.to_table()) == shape(table)
    assert (created.comment, created.schema) == ("things", "s")


def test_drop_table_by_name_makes_an_empty_table():
    """With nothing but a name known, the table has no columns."""
    operation = ops.DropTableOp("t", schema="s", if_exists=True, table_kw={"info": {}})
    assert list(operation.to_table().columns) == []
    assert operation.to_table().fullname == "s.t"
    assert list(operation.reverse().to_table().columns) == []


def test_rename_table_is_undone_by_renaming_back():
    """The old and the new name change places."""
    operation = ops.RenameTableOp("a", "b", schema="s").reverse()
    assert (operation.table_name, operation.new_table_name, operation.schema) == (
        "b",
        "a",
        "s",
    )


@pytest.mark.parametrize("existing", [None, "old"])
def test_table_comment_is_undone_by_the_comment_before(existing):
    """Where there was a comment it is set again; where there was none, dropped."""
    operation = ops.CreateTableCommentOp(
        "t", "new", schema="s", existing_comment=existing
    )
    tag, table, before = operation.to_diff_tuple()
    assert (tag, table.fullname, table.comment, before) == (
        "add_table_comment",
        "s.t",
        "new",
        existing,
    )
    undone = operation.reverse()
    if existing is None:
        assert isinstance(undone, ops.DropTableCommentOp)
        assert undone.to_diff_tuple()[0] == "remove_table_comment"
        assert undone.reverse().comment == "new"
    else:
        assert undone.comment == "old"
    assert undone.existing_comment == "new"


def test_a_column_object_may_be_used_for_several_tables():
    """A column, and its foreign key, are copied for the second table that has them."""
    shared = sa.Column("p", sa.Integer, sa.ForeignKey("parent.id"))
    tables = [ops.CreateTableOp(name, [shared]).to_table() for name in ("a", "b", "c")]
    for table in tables:
        (foreign_key,) = table.foreign_keys
        assert foreign_key.parent is table.c.p
        assert foreign_key.column.table.name == "parent"


def test_none_among_the_columns_is_left_out():
    """``column if wanted else None`` works."""
    operation = ops.CreateTableOp("t", [None, sa.Column("x", sa.Integer)])
    assert [column.name for column in operation.to_table().columns] == ["x"]


def test_a_drop_is_not_changed_by_what_happens_to_the_creation():
    """Options and list of columns of a creation are its own after reverse()."""
    table, _ = models()
    create = ops.CreateTableOp.from_table(table)
    drop = create.reverse()
    create.columns[:] = []
    create.kw["mysql_engine"] = "MyISAM"
    create.info["k"] = 3
    again = drop.to_table()
    assert shape(again) == shape(table)
    assert again is not table
    assert (again.kwargs["mysql_engine"], again.info) == ("InnoDB", {"k": 2})
