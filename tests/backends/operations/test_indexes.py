"""Indexes: what the operations did, by the database's own catalogue."""

from __future__ import annotations

import sqlalchemy as sa

from tests.backends.operations.conftest import if_exists


def start(migrated):
    with migrated.op() as op:
        op.create_table(
            "t",
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.String(20)),
            sa.Column("order", sa.Integer),
        )


def test_indexes_are_created_and_dropped(migrated):
    """Columns, uniqueness and quoted names are in the catalogue."""
    start(migrated)
    with migrated.op() as op:
        op.create_index("ix_ab", "t", ["a", "b"])
        op.create_index("Ix Order", "t", ["order"], unique=True)
        op.create_index(None, "t", ["a"])
    assert migrated.indexes("t") == {
        "ix_ab": (["a", "b"], False),
        "Ix Order": (["order"], True),
        "ix_t_a": (["a"], False),
    }
    with migrated.op() as op:
        op.drop_index("ix_ab", "t")
        op.drop_index("Ix Order", table_name="t")
    assert list(migrated.indexes("t")) == ["ix_t_a"]


@if_exists
def test_indexes_may_be_created_and_dropped_twice(migrated):
    """IF NOT EXISTS and IF EXISTS do nothing where there is nothing to do."""
    start(migrated)
    with migrated.op() as op:
        for _ in range(2):
            op.create_index("ix", "t", ["a"], if_not_exists=True)
    assert list(migrated.indexes("t")) == ["ix"]
    with migrated.op() as op:
        for _ in range(2):
            op.drop_index("ix", "t", if_exists=True)
    assert migrated.indexes("t") == {}


def test_index_in_a_batch(migrated):
    """A batch creates and drops indexes of its table."""
    start(migrated)
    with migrated.op() as op, op.batch_alter_table("t") as batch_op:
        batch_op.create_index("ix_a", ["a"], unique=True)
        batch_op.create_index("ix_b", ["b"])
    with migrated.op() as op, op.batch_alter_table("t") as batch_op:
        batch_op.drop_index("ix_b")
    assert migrated.indexes("t") == {"ix_a": (["a"], True)}


def test_index_over_expressions(on_postgresql):
    """Text and expressions are indexed as they are written."""
    start(on_postgresql)
    with on_postgresql.op() as op:
        op.create_index(
            "ix",
            "t",
            [sa.text("lower(b)"), "a", sa.func.abs(sa.column("order")), sa.desc("a")],
            postgresql_where=sa.text("a > 5"),
        )
    ((found,),) = on_postgresql.rows(
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix'"
    )
    assert found.startswith("CREATE INDEX ix ON public.t USING btree (lower(")
    assert 'abs("order"), a DESC) WHERE (a > 5)' in found


def test_index_is_built_concurrently_without_ceremony(on_postgresql):
    """In the middle of a migration, before and after other operations."""
    start(on_postgresql)
    statements = on_postgresql.database.recorded()
    with on_postgresql.op() as op:
        op.add_column("t", sa.Column("c", sa.Integer))
        op.create_index("ix_c", "t", ["c"], postgresql_concurrently=True)
        op.add_column("t", sa.Column("d", sa.Integer))
        op.create_index("ix_d", "t", ["d"], postgresql_concurrently=True)
        op.drop_index("ix_c", "t", postgresql_concurrently=True)
    assert list(on_postgresql.indexes("t")) == ["ix_d"]
    assert list(on_postgresql.columns("t"))[-2:] == ["c", "d"]
    assert "CREATE INDEX CONCURRENTLY ix_c ON t (c)" in statements
    assert [
        valid
        for (valid,) in on_postgresql.rows(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_d'::regclass"
        )
    ] == [True]
