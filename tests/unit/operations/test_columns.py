"""Columns as data: attributes, diff tuples, what undoes them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.operations import ops


def column(**kw):
    table = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer, **kw), schema="s")
    return table.c.x


def test_add_column_is_made_from_a_column():
    """Name and schema come from the table of the column, which is kept as it is."""
    x = column()
    operation = ops.AddColumnOp.from_column(x)
    assert (operation.table_name, operation.schema) == ("t", "s")
    assert operation.to_column() is x
    assert operation.to_diff_tuple() == ("add_column", "s", "t", x)


def test_add_column_and_drop_column_undo_each_other():
    """The column goes along there and back, so does IF (NOT) EXISTS."""
    x = column()
    operation = ops.AddColumnOp("t", x, schema="s", if_not_exists=True)
    dropped = operation.reverse()
    assert isinstance(dropped, ops.DropColumnOp)
    assert (dropped.column_name, dropped.schema) == ("x", "s")
    assert dropped.if_exists is True
    assert dropped.to_diff_tuple() == ("remove_column", "s", "t", x)
    added = dropped.reverse()
    assert added.column is x
    assert added.if_not_exists is True


def test_drop_column_by_name_cannot_be_undone():
    """A name alone does not tell the type, and the error says how to tell it."""
    operation = ops.DropColumnOp("t", "x", mssql_drop_default=True)
    assert operation.kw == {"mssql_drop_default": True}
    assert isinstance(operation.to_column().type, sa.types.NullType)
    with pytest.raises(ValueError, match="not reversible.*from_column_and_tablename"):
        operation.reverse()


def test_alter_column_lists_each_change():
    """There is one diff tuple for each property, with the others as context."""
    old, new = sa.Integer(), sa.String()
    operation = ops.AlterColumnOp(
        "t",
        "x",
        schema="s",
        existing_type=old,
        existing_nullable=True,
        existing_server_default="5",
        existing_comment="old",
        modify_type=new,
        modify_nullable=False,
        modify_server_default=None,
        modify_comment="new",
    )
    everything = {
        "existing_type": old,
        "existing_nullable": True,
        "existing_server_default": "5",
        "existing_comment": "old",
    }

    def without(name):
        return {key: everything[key] for key in everything if key != name}

    assert operation.to_diff_tuple() == [
        ("modify_type", "s", "t", "x", without("existing_type"), old, new),
        ("modify_nullable", "s", "t", "x", without("existing_nullable"), True, False),
        (
            "modify_default",
            "s",
            "t",
            "x",
            without("existing_server_default"),
            "5",
            None,
        ),
        ("modify_comment", "s", "t", "x", without("existing_comment"), "old", "new"),
    ]


def test_alter_column_reversed_swaps_old_and_new():
    """Undoing sets what was, knowing what is; the column is found by its new name."""
    operation = ops.AlterColumnOp(
        "t",
        "x",
        schema="s",
        existing_type=sa.Integer(),
        existing_nullable=True,
        existing_server_default="5",
        modify_type=sa.String(),
        modify_server_default=None,
        modify_name="y",
        postgresql_using="x::text",
    )
    undone = operation.reverse()
    assert (undone.column_name, undone.modify_name, undone.schema) == ("y", "x", "s")
    assert isinstance(undone.modify_type, sa.Integer)
    assert isinstance(undone.existing_type, sa.String)
    assert undone.modify_server_default == "5"
    assert undone.existing_server_default is None
    assert undone.modify_nullable is None
    assert undone.existing_nullable is True
    assert undone.modify_comment is False
    assert undone.kw == {"postgresql_using": "x::text"}


def test_alter_column_reversed_swaps_options_of_ones_own():
    """``modify_`` and ``existing_`` options of extensions are swapped as well."""
    undone = ops.AlterColumnOp("t", "x", modify_z=1, existing_z=2, modify_q=3).reverse()
    assert undone.kw == {"modify_z": 2, "existing_z": 1, "existing_q": 3}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"existing_type": sa.Integer()}, False),
        ({"autoincrement": True}, False),
        ({"modify_type": sa.Integer()}, True),
        ({"modify_nullable": False}, True),
        ({"modify_server_default": None}, True),
        ({"modify_comment": None}, True),
        ({"modify_name": "y"}, True),
        ({"modify_z": 1}, True),
    ],
)
def test_alter_column_tells_whether_it_changes_anything(change, expected):
    """Only what shall be counts, not what is."""
    assert ops.AlterColumnOp("t", "x", **change).has_changes() is expected
