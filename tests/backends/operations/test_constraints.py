"""Constraints: what the operations did, by the database's own catalogue."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.util.exc import CommandError
from tests.backends.operations.conftest import Migrated


def start(migrated):
    with migrated.op() as op:
        op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
        op.create_table(
            "t",
            sa.Column("a", sa.Integer, nullable=False),
            sa.Column("b", sa.Integer, nullable=False),
            sa.Column("c", sa.Integer),
        )


def test_constraints_are_added_and_dropped(altered):
    """Each kind is in the catalogue, and gone from it."""
    start(altered)
    with altered.op() as op:
        op.create_primary_key("pk_t", "t", ["a", "b"])
        op.create_unique_constraint("uq_c", "t", ["c"])
        op.create_check_constraint("ck_c", "t", sa.column("c") > 5)
        op.create_foreign_key(
            "fk_b", "t", "p", ["b"], ["id"], ondelete="CASCADE", onupdate="CASCADE"
        )
    assert altered.primary_key("t") == ["a", "b"]
    assert altered.uniques("t") == {"uq_c": ["c"]}
    assert list(altered.checks("t")) == ["ck_c"]
    assert altered.foreign_keys("t") == {
        "fk_b": (["b"], "p", ["id"], {"ondelete": "CASCADE", "onupdate": "CASCADE"})
    }
    with altered.op() as op:
        op.drop_constraint("fk_b", "t", type_="foreignkey")
        op.drop_constraint("ck_c", "t", type_="check")
        op.drop_constraint("uq_c", "t", type_="unique")
        op.drop_constraint("pk_t", "t", type_="primary")
    assert altered.primary_key("t") == []
    assert altered.uniques("t") == {}
    assert altered.checks("t") == {}
    assert altered.foreign_keys("t") == {}


def test_constraints_are_added_and_dropped_in_a_batch(migrated):
    """On every database, in one batch each."""
    start(migrated)
    with migrated.op() as op, op.batch_alter_table("t") as batch_op:
        batch_op.create_primary_key("pk_t", ["a", "b"])
        batch_op.create_unique_constraint("uq_c", ["c"])
        batch_op.create_check_constraint("ck_c", "c > 5")
        batch_op.create_foreign_key("fk_b", "p", ["b"], ["id"], ondelete="CASCADE")
    assert migrated.primary_key("t") == ["a", "b"]
    assert migrated.uniques("t") == {"uq_c": ["c"]}
    assert list(migrated.checks("t")) == ["ck_c"]
    assert migrated.foreign_keys("t") == {
        "fk_b": (["b"], "p", ["id"], {"ondelete": "CASCADE"})
    }
    with migrated.op() as op, op.batch_alter_table("t") as batch_op:
        batch_op.drop_constraint("fk_b", type_="foreignkey")
        batch_op.drop_constraint("ck_c", type_="check")
        batch_op.drop_constraint("uq_c", type_="unique")
    assert migrated.uniques("t") == {}
    assert migrated.checks("t") == {}
    assert migrated.foreign_keys("t") == {}


def test_constraint_without_a_kind_is_dropped_by_name(altered):
    """Where the database wants to know the kind, it is looked up."""
    start(altered)
    with altered.op() as op:
        op.create_unique_constraint("uq_c", "t", ["c"])
        op.create_check_constraint("ck_c", "t", "c > 5")
        op.create_foreign_key("fk_b", "t", "p", ["b"], ["id"])
        for name in ("uq_c", "ck_c", "fk_b"):
            op.drop_constraint(name, "t")
    assert (altered.uniques("t"), altered.checks("t"), altered.foreign_keys("t")) == (
        {},
        {},
        {},
    )


def unnamed(migrated):
    """Make constraints whose names the database chooses."""
    with migrated.op() as op:
        op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
        op.create_table(
            "t",
            sa.Column("a", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("b", sa.Integer, unique=True),
            sa.Column("c", sa.Integer),
            sa.Column("d", sa.Integer, sa.ForeignKey("p.id")),
            sa.UniqueConstraint("c", "b"),
        )


def test_constraint_without_a_name_is_found_by_its_columns(altered):
    """The database knows what it is called."""
    unnamed(altered)
    with altered.op() as op:
        op.drop_constraint(None, "t", type_="unique", columns=["b", "c"])
        op.drop_constraint(None, "t", type_="foreignkey", columns=["d"])
    assert list(altered.uniques("t").values()) == [["b"]]
    assert altered.foreign_keys("t") == {}
    with altered.op() as op:
        op.drop_constraint(None, "t", columns=["b"])
        op.drop_constraint(None, "t", type_="primary")
    assert altered.uniques("t") == {}
    assert altered.primary_key("t") == []


def test_constraint_without_a_name_is_found_in_a_batch(migrated):
    """SQLite keeps no name for it, and the columns do as well."""
    unnamed(migrated)
    with migrated.op() as op, op.batch_alter_table("t") as batch_op:
        batch_op.drop_constraint(None, type_="unique", columns=["c", "b"])
        batch_op.drop_constraint(None, type_="foreignkey", columns=["d"])
    assert list(migrated.uniques("t").values()) == [["b"]]
    assert migrated.foreign_keys("t") == {}


def test_operation_made_from_an_unnamed_constraint_drops_it(altered):
    """What autogenerate remembers of it is enough to find it."""
    from alembic.operations import ops

    unnamed(altered)
    table = sa.Table("t", sa.MetaData(), sa.Column("b", sa.Integer, unique=True))
    (unique,) = (c for c in table.constraints if isinstance(c, sa.UniqueConstraint))
    with altered.op() as op:
        op.invoke(ops.DropConstraintOp.from_constraint(unique))
    assert list(altered.uniques("t").values()) == [["c", "b"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            {"type_": "unique"},
            "the constraint has no name; the unique constraints of the table are: ",
        ),
        (
            {"type_": "unique", "columns": ["a"]},
            "there is no unique constraint on columns ['a']; the unique constraints "
            "of the table are: ",
        ),
        ({"type_": "check"}, "the check constraints of the table are: none; give "),
        ({}, "give constraint_name or type_ or columns=[...] (test_constraints.py"),
    ],
)
def test_constraint_that_cannot_be_found_is_asked_for(altered, arguments, expected):
    """The error lists what there is and says what to give."""
    unnamed(altered)
    with pytest.raises(CommandError) as caught, altered.op() as op:
        op.drop_constraint(None, "t", **arguments)
    assert "op.drop_constraint() on table 't'" in str(caught.value)
    assert expected in str(caught.value)


def test_exclude_constraint_is_added_and_dropped(on_postgresql):
    """The database refuses rows that overlap, until it is dropped."""
    from sqlalchemy.dialects.postgresql import INT4RANGE

    with on_postgresql.op() as op:
        op.create_table("t", sa.Column("during", INT4RANGE), sa.Column("n", sa.Integer))
        op.create_exclude_constraint(
            "no_overlap", "t", ("during", "&&"), where="n > 0", using="gist"
        )
    insert = "INSERT INTO t VALUES (int4range(1, 5), 1), (int4range(2, 3), 1)"
    with pytest.raises(sa.exc.IntegrityError):
        on_postgresql.database.execute(insert)
    with on_postgresql.op() as op:
        op.drop_constraint("no_overlap", "t")
    on_postgresql.database.execute(insert)


def test_sqlite_says_that_constraints_need_a_batch(on_sqlite):
    """Outside of a batch there is no such statement."""
    start(on_sqlite)
    with pytest.raises(NotImplementedError, match="batch mode"), on_sqlite.op() as op:
        op.create_unique_constraint("uq", "t", ["a"])


@pytest.mark.parametrize(
    ("name", "type_", "real"),
    [("uq_c", "foreignkey", "unique"), ("fk_b", "unique", "foreignkey")],
)
def test_constraint_of_another_type_is_told(mariadb, name, type_, real):
    """MariaDB only says that there is none of that type; the argument is named."""
    migrated = Migrated(mariadb)
    start(migrated)
    with migrated.op() as op:
        op.create_unique_constraint("uq_c", "t", ["c"])
        op.create_foreign_key("fk_b", "t", "p", ["b"], ["id"])
    words = (
        rf"op\.drop_constraint\(\) on table 't': Constraint '{name}' is of another "
        rf"type; give type_='{real}' \(test_constraints\.py, line"
    )
    with pytest.raises(CommandError, match=words), migrated.op() as op:
        op.drop_constraint(name, "t", type_=type_)


def test_colon_in_a_condition_is_a_colon(migrated):
    """Nothing gives values to a condition, so NULL would be written for ``:x``."""
    with migrated.op() as op:
        op.create_table(
            "t",
            sa.Column("a", sa.String(9), sa.CheckConstraint("a <> 'a:b'", name="ck_1")),
            sa.CheckConstraint("a <> 'c:d'", name="ck_2"),
        )
        with op.batch_alter_table("t") as batch_op:
            batch_op.create_check_constraint("ck_3", sa.text("a <> 'e:f'"))
    for value in ("a:b", "c:d", "e:f"):
        with pytest.raises(sa.exc.DBAPIError):
            migrated.database.execute(
                f"INSERT INTO t (a) VALUES ('{value}')".replace(":", "\\:")
            )
    migrated.database.execute("INSERT INTO t (a) VALUES ('b')")
