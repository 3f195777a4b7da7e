"""Constraints as data: attributes, diff tuples, what undoes them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic.operations import ops
from alembic.sqla.version import sqla_1_4


def table(*items):
    metadata = sa.MetaData()
    sa.Table("p", metadata, sa.Column("id", sa.Integer), schema="s2")
    return sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer, key="a_key"),
        sa.Column("b", sa.Integer),
        *items,
        schema="s",
    )


def unique():
    return sa.UniqueConstraint(
        "a_key", "b", name="uq", deferrable=True, initially="DEFERRED"
    )


def foreign_key():
    return sa.ForeignKeyConstraint(
        ["a_key"], ["s2.p.id"], name="fk", ondelete="CASCADE", use_alter=True
    )


OPS = {"ops": {"a": "x"}} if sqla_1_4 else {}


def exclude():
    return postgresql.ExcludeConstraint(
        (sa.column("a"), "="), name="ex", using="gist", where="b > 5", **OPS
    )


CONSTRAINTS = {
    "primary": (
        lambda: sa.PrimaryKeyConstraint("a_key", name="pk"),
        ops.CreatePrimaryKeyOp,
        {"columns": ["a"], "kw": {}},
    ),
    "unique": (
        unique,
        ops.CreateUniqueConstraintOp,
        {
            "columns": ["a", "b"],
            "kw": {"deferrable": True, "initially": "DEFERRED"},
        },
    ),
    "foreignkey": (
        foreign_key,
        ops.CreateForeignKeyOp,
        {
            "source_table": "t",
            "referent_table": "p",
            "local_cols": ["a"],
            "remote_cols": ["id"],
            "kw": {
                "ondelete": "CASCADE",
                "use_alter": True,
                "source_schema": "s",
                "referent_schema": "s2",
            },
        },
    ),
    "check": (
        lambda: sa.CheckConstraint("b > 5", name="ck"),
        ops.CreateCheckConstraintOp,
        {"kw": {}},
    ),
    None: (
        exclude,
        ops.CreateExcludeConstraintOp,
        {"kw": {"using": "gist", **OPS}},
    ),
}


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_constraint_is_taken_by_the_class_of_its_kind(kind):
    """Names, not keys, of columns are kept, and the options that are set."""
    make, op_class, expected = CONSTRAINTS[kind]
    constraint = make()
    table(constraint)
    operation = ops.AddConstraintOp.from_constraint(constraint)
    assert type(operation) is op_class
    assert operation.constraint_name == constraint.name
    assert {name: getattr(operation, name) for name in expected} == expected


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_constraint_survives_being_dropped_and_added(kind):
    """Dropping remembers what was dropped; table and schema go along."""
    make, op_class, expected = CONSTRAINTS[kind]
    constraint = make()
    table(constraint)
    dropped = ops.DropConstraintOp.from_constraint(constraint)
    assert dropped.constraint_type == kind
    assert (dropped.table_name, dropped.schema) == ("t", "s")
    added = dropped.reverse()
    assert type(added) is op_class
    assert {name: getattr(added, name) for name in expected} == expected
    assert added.to_constraint().table.fullname == "s.t"
    assert type(added.to_constraint()) is type(constraint)


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_diff_tuples_name_foreign_keys_apart(kind):
    """Foreign keys are ``add_fk`` and ``remove_fk``, the others constraints."""
    what = "fk" if kind == "foreignkey" else "constraint"
    constraint = CONSTRAINTS[kind][0]()
    table(constraint)
    added = ops.AddConstraintOp.from_constraint(constraint)
    dropped = ops.DropConstraintOp.from_constraint(constraint)
    for operation, tag in ((added, f"add_{what}"), (dropped, f"remove_{what}")):
        found_tag, found = operation.to_diff_tuple()
        assert found_tag == tag
        assert (found.name, found.table.fullname) == (constraint.name, "s.t")


def test_drop_constraint_knows_its_columns():
    """They are those of the constraint it was made from, or those given."""
    constraint = foreign_key()
    table(constraint)
    assert ops.DropConstraintOp.from_constraint(constraint).columns == ["a"]
    assert ops.DropConstraintOp(None, "t", "unique", columns=["x"]).columns == ["x"]
    assert ops.DropConstraintOp(None, "t", "unique", columns="xy").columns == ["xy"]
    assert ops.DropConstraintOp("c", "t").columns is None


def test_drop_constraint_by_name_cannot_be_undone():
    """A name alone does not tell what the constraint was."""
    operation = ops.DropConstraintOp("c", "t", "unique")
    for method in (operation.reverse, operation.to_constraint, operation.to_diff_tuple):
        with pytest.raises(ValueError, match="original constraint is not present"):
            method()


def test_constraint_of_no_known_kind_is_refused():
    """What no class was registered for cannot be made into an operation."""
    with pytest.raises(ValueError, match="no dispatch function"):
        ops.AddConstraintOp.from_constraint(sa.Index("x"))


def test_kind_of_ones_own_can_be_registered(monkeypatch):
    """`register_add_constraint` makes a class serve a kind of constraint."""
    monkeypatch.setattr(
        ops.AddConstraintOp,
        "add_constraint_ops",
        ops.AddConstraintOp.add_constraint_ops.branch(),
    )

    class Special(sa.CheckConstraint):
        __visit_name__ = "special"

    @ops.AddConstraintOp.register_add_constraint("special")
    class AddSpecialOp(ops.CreateCheckConstraintOp):
        pass

    constraint = Special("b > 1", name="sp")
    table(constraint)
    operation = ops.AddConstraintOp.from_constraint(constraint)
    assert type(operation) is AddSpecialOp
    assert str(operation.condition) == "b > 1"


def test_exclude_constraint_of_names_text_and_expressions():
    """Elements may be names, ``text()`` and expressions over columns."""
    operation = ops.CreateExcludeConstraintOp(
        "ex",
        "t",
        [
            ("a", "="),
            (sa.text("lower(b)"), "="),
            (sa.func.abs(sa.column("c")), "="),
            (sa.Column("d", postgresql.TSRANGE), "&&"),
        ],
        schema="s",
        using="gist",
    )
    constraint = operation.to_constraint()
    sql = str(sa.schema.AddConstraint(constraint).compile(dialect=postgresql.dialect()))
    assert " ".join(sql.split()) == (
        "ALTER TABLE s.t ADD CONSTRAINT ex EXCLUDE USING gist "
        "(a WITH =, lower(b) WITH =, abs(c) WITH =, d WITH &&)"
    )
