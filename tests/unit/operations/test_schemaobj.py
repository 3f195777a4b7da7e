"""Throw-away schema objects: what they are made of, and what they leave alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.operations.schemaobj import SchemaObjects
from tests.support.recorder import Recorder

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def objects(**opts):
    return SchemaObjects(Recorder("postgresql", **opts).context)


def with_convention():
    return objects(target_metadata=sa.MetaData(naming_convention=CONVENTION))


def test_metadata_has_the_naming_convention_of_the_models():
    """Every object made for one context follows it."""
    made = with_convention()
    assert made.metadata().naming_convention["uq"] == CONVENTION["uq"]
    assert made.unique_constraint(None, "t", ["a"]).name == "uq_t_a"
    assert made.primary_key_constraint(None, "t", ["a"]).name == "pk_t"
    assert made.index(None, "t", ["a"]).name == "ix_t_a"
    assert made.foreign_key_constraint(None, "t", "r", ["a"], ["b"]).name == "fk_t_a_r"


@pytest.mark.parametrize(
    "target",
    [None, [sa.MetaData(naming_convention=CONVENTION), sa.MetaData()]],
    ids=["none", "list"],
)
def test_metadata_has_no_convention_where_none_is_told(target):
    """Of several MetaData none can speak for all."""
    assert "uq" not in objects(target_metadata=target).metadata().naming_convention


def test_objects_can_be_made_without_a_context():
    """What is only looked at needs no context."""
    assert SchemaObjects().table("t", schema="s").fullname == "s.t"


def test_foreign_keys_of_a_table_find_what_they_point_to():
    """Tables that are only referred to are made up, with the columns named."""
    table = objects().table(
        "t",
        sa.Column("a", sa.Integer, sa.ForeignKey("x.y.z")),
        sa.Column("b", sa.Integer, sa.ForeignKey("q.one")),
        sa.Column("c", sa.Integer, sa.ForeignKey("q.two")),
        sa.Column("d", sa.Integer, sa.ForeignKey("s.t.new")),
        schema="s",
    )
    assert set(table.metadata.tables) == {"s.t", "x.y", "q"}
    targets = {fk.parent.name: str(fk.column) for fk in table.foreign_keys}
    assert targets == {"a": "y.z", "b": "q.one", "c": "q.two", "d": "t.new"} or (
        targets == {"a": "x.y.z", "b": "q.one", "c": "q.two", "d": "s.t.new"}
    )


@pytest.mark.parametrize(
    ("included", "uniques", "indexes"), [(False, 2, 1), (True, 1, 0)]
)
def test_flags_of_columns_count_unless_constraints_are_included(
    included, uniques, indexes
):
    """A table whose constraints are listed does not have them twice."""
    source = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Integer, index=True, unique=True),
        sa.Column("b", sa.Integer, unique=True),
    )
    items = [source.c.a, source.c.b, sa.UniqueConstraint("b")]
    if not included:
        items.pop()
        items.append(sa.UniqueConstraint("a", "b"))
    table = objects().table("t", *items, _constraints_included=included)
    found = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    assert len(found) == uniques
    assert len(table.indexes) == indexes


@pytest.mark.parametrize("schema", [None, "s"])
def test_self_referential_foreign_key_stays_in_one_table(schema):
    """The table has the columns of both sides."""
    constraint = objects().foreign_key_constraint(
        "fk", "t", "t", ["a"], ["b"], source_schema=schema, referent_schema=schema
    )
    assert list(constraint.table.metadata.tables.values()) == [constraint.table]
    assert set(constraint.table.c.keys()) == {"a", "b"}


def test_foreign_key_to_a_table_of_the_same_name_in_another_schema():
    """The schema tells them apart."""
    constraint = objects().foreign_key_constraint(
        "fk", "t", "t", ["a"], ["b"], source_schema="s"
    )
    assert set(constraint.table.metadata.tables) == {"t", "s.t"}
    assert constraint.elements[0].column.table.schema is None


def test_names_with_dots_are_names():
    """A dot in a column name separates nothing."""
    constraint = objects().foreign_key_constraint("fk", "t", "r", ["a.b"], ["c.d"])
    assert constraint.elements[0].column.name == "c.d"


def test_check_constraint_leaves_the_columns_of_the_models_alone():
    """A condition over a column of the models does not add a constraint to them."""
    models = sa.Table("m", sa.MetaData(), sa.Column("a", sa.Integer))
    constraint = objects().check_constraint("ck", "t", models.c.a > 5, schema="s")
    assert constraint.table.fullname == "s.t"
    assert not any(isinstance(c, sa.CheckConstraint) for c in models.constraints)


def test_colon_in_a_check_constraint_is_a_colon():
    """The text of a condition has no bind parameters."""
    constraint = objects().check_constraint("ck", "t", "a <> ':b' AND a::int > 5")
    assert str(sa.schema.AddConstraint(constraint)) == (
        "ALTER TABLE t ADD CONSTRAINT ck CHECK (a <> ':b' AND a::int > 5)"
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (None, sa.Constraint),
        ("foreignkey", sa.ForeignKeyConstraint),
        ("unique", sa.UniqueConstraint),
        ("primary", sa.PrimaryKeyConstraint),
        ("check", sa.CheckConstraint),
    ],
)
def test_generic_constraint_is_of_the_kind_asked_for(kind, expected):
    """It has a name and a table, and nothing else."""
    constraint = objects().generic_constraint("c", "t", kind, schema="s")
    assert type(constraint) is expected
    assert (constraint.name, constraint.table.fullname) == ("c", "s.t")


def test_index_without_a_table_stands_on_a_made_up_one():
    """An index that is dropped by name needs no table."""
    assert objects().index("ix", None, ["a"]).table.name == "no_table"


def test_column_is_made_as_told():
    """Arguments reach the column."""
    column = objects().column("a", sa.Integer(), nullable=False)
    assert (column.name, column.nullable) == ("a", False)
