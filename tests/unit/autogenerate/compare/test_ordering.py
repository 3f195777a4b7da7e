"""Foreign keys are taken out of places where they cannot be."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from alembic.autogenerate.compare import ordering
from alembic.migration import MigrationContext
from alembic.operations import ops


def context(dialect: str, metadata=None):
    migration_context = MigrationContext.configure(dialect_name=dialect)
    found = migration_context.dialect
    found.default_schema_name = "public" if dialect == "postgresql" else "main"
    return SimpleNamespace(
        dialect=found,
        migration_context=migration_context,
        sorted_tables=list(metadata.tables.values()) if metadata else [],
    )


def arrange(operations, dialect="postgresql", existing=()):
    container = ops.UpgradeOps(operations)
    ordering._put_in_order(context(dialect), container, lambda ctx: iter(existing))
    return [line for op in container.ops for line in describe(op)]


def describe(op):
    if isinstance(op, ops.ModifyTableOps):
        return [line for part in op.ops for line in describe(part)]
    if isinstance(op, ops.CreateTableOp):
        keys = [i for i in op.columns if isinstance(i, sa.ForeignKeyConstraint)]
        return [f"create {op.table_name} with {len(keys)}"]
    if isinstance(op, ops.DropTableOp):
        return [f"drop {op.table_name}"]
    if isinstance(op, ops.CreateForeignKeyOp):
        return [f"add fk {op.source_table}.{op.local_cols[0]}"]
    if isinstance(op, ops.DropConstraintOp):
        return [f"drop {op.constraint_type} {op.table_name}.{','.join(op.columns)}"]
    return [type(op).__name__]


def table(name, *items, metadata=None):
    return sa.Table(
        name,
        metadata if metadata is not None else sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        *items,
    )


def ref(column, target, **kw):
    return sa.Column(column, sa.ForeignKey(f"{target}.id", **kw))


def circle():
    metadata = sa.MetaData()
    a = table("a", ref("b_id", "b", name="fk_b"), metadata=metadata)
    b = table("b", ref("a_id", "a", name="fk_a"), metadata=metadata)
    return a, b


def test_a_circle_of_new_tables_is_closed_afterwards() -> None:
    """The key to the table that comes later is added when both are there."""
    a, b = circle()
    assert arrange([ops.CreateTableOp.from_table(t) for t in (a, b)]) == [
        "create a with 0",
        "create b with 1",
        "add fk a.b_id",
    ]


def test_a_circle_is_opened_before_its_tables_are_dropped() -> None:
    """The key to the table that goes first is dropped before."""
    a, b = circle()
    assert arrange([ops.DropTableOp.from_table(t) for t in (a, b)]) == [
        "drop foreignkey b.a_id",
        "drop a",
        "drop b",
    ]


def test_what_is_opened_before_is_closed_after_by_the_downgrade() -> None:
    """The reverse of a drop creates the table without the key, and the key last."""
    a, b = circle()
    upgrade = ops.UpgradeOps([ops.DropTableOp.from_table(t) for t in (a, b)])
    ordering._put_in_order(context("postgresql"), upgrade, lambda ctx: iter(()))
    lines = [line for op in upgrade.reverse().ops for line in describe(op)]
    assert lines == ["create b with 0", "create a with 1", "add fk b.a_id"]


def test_use_alter_is_honoured() -> None:
    """A key with use_alter is added afterwards, circle or not."""
    metadata = sa.MetaData()
    p = table("p", metadata=metadata)
    t = table("t", ref("p_id", "p", name="fk", use_alter=True), metadata=metadata)
    assert arrange([ops.CreateTableOp.from_table(x) for x in (p, t)]) == [
        "create p with 0",
        "create t with 0",
        "add fk t.p_id",
    ]


def test_a_self_reference_stays_inside() -> None:
    """A key of a table to itself is a part of it."""
    assert arrange([ops.CreateTableOp.from_table(table("t", ref("up", "t")))]) == [
        "create t with 1"
    ]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_nothing_moves_where_keys_cannot_be_altered(dialect) -> None:
    """On SQLite a key may point to a table that is not there."""
    a, b = circle()
    assert arrange([ops.CreateTableOp.from_table(t) for t in (a, b)], dialect) == [
        "create a with 1",
        "create b with 1",
    ]


def foreign_key(source, column, target):
    metadata = sa.MetaData()
    table(target, metadata=metadata)
    made = table(source, ref(column, target, name=f"fk_{column}"), metadata=metadata)
    return next(c for c in made.constraints if isinstance(c, sa.ForeignKeyConstraint))


def test_a_parent_is_dropped_after_the_key_of_a_table_that_stays() -> None:
    """The column's key goes before the parent table, the column after."""
    fk = foreign_key("t", "p_id", "p")
    assert arrange(
        [
            ops.DropTableOp.from_table(table("p")),
            ops.ModifyTableOps(
                "t",
                [
                    ops.DropConstraintOp.from_constraint(fk),
                    ops.DropColumnOp.from_column_and_tablename(
                        None, "t", sa.Column("p_id", sa.Integer)
                    ),
                ],
            ),
        ]
    ) == ["drop foreignkey t.p_id", "drop p", "DropColumnOp"]


def test_a_key_waits_for_the_unique_constraint_it_points_to() -> None:
    """A key to columns that become unique later is added after that."""
    fk = foreign_key("a", "z_id", "z")
    assert arrange(
        [
            ops.ModifyTableOps("a", [ops.CreateForeignKeyOp.from_constraint(fk)]),
            ops.ModifyTableOps("z", [ops.CreateUniqueConstraintOp("u", "z", ["id"])]),
        ]
    ) == ["CreateUniqueConstraintOp", "add fk a.z_id"]


def retype(tname, column):
    return ops.ModifyTableOps(
        tname, [ops.AlterColumnOp(tname, column, modify_type=sa.BigInteger())]
    )


def test_a_key_that_stays_makes_way_for_a_type_change() -> None:
    """It is dropped before, and created again after."""
    fk = foreign_key("t", "p_id", "p")
    assert arrange([retype("p", "id")], "mysql", [fk]) == [
        "drop foreignkey t.p_id",
        "AlterColumnOp",
        "add fk t.p_id",
    ]


def test_a_key_elsewhere_is_left_alone() -> None:
    """A type change of another column disturbs no key."""
    fk = foreign_key("t", "p_id", "p")
    assert arrange([retype("p", "other")], "mysql", [fk]) == ["AlterColumnOp"]


def drop_index(tname, *columns):
    made = table(tname, *[sa.Column(name, sa.Integer) for name in columns])
    return ops.DropIndexOp.from_index(sa.Index("ix", *[made.c[c] for c in columns]))


def test_mysql_lets_go_of_an_index_only_without_its_key() -> None:
    """A key that is dropped goes before the index that serves it."""
    fk = foreign_key("t", "p_id", "p")
    operations = [
        ops.ModifyTableOps(
            "t",
            [drop_index("t", "p_id"), ops.DropConstraintOp.from_constraint(fk)],
        )
    ]
    assert arrange(operations, "mysql") == ["drop foreignkey t.p_id", "DropIndexOp"]


def test_elsewhere_the_order_of_the_comparators_stays() -> None:
    """On PostgreSQL an index is no part of a key."""
    fk = foreign_key("t", "p_id", "p")
    operations = [
        ops.ModifyTableOps(
            "t",
            [drop_index("t", "p_id"), ops.DropConstraintOp.from_constraint(fk)],
        )
    ]
    assert arrange(operations) == ["DropIndexOp", "drop foreignkey t.p_id"]


def test_a_key_that_stays_is_made_anew_when_its_index_goes() -> None:
    """MySQL makes an index of its own then."""
    fk = foreign_key("t", "p_id", "p")
    operations = [ops.ModifyTableOps("t", [drop_index("t", "p_id")])]
    assert arrange(operations, "mysql", [fk]) == [
        "drop foreignkey t.p_id",
        "DropIndexOp",
        "add fk t.p_id",
    ]


def test_unnamed_keys_come_after_those_with_a_name() -> None:
    """MySQL would give an unnamed key the name of one that is about to return."""
    named, unnamed = foreign_key("t", "p_id", "p"), foreign_key("t", "q_id", "q")
    unnamed.name = None
    operations = [
        ops.ModifyTableOps("t", [ops.CreateForeignKeyOp.from_constraint(unnamed)]),
        retype("p", "id"),
    ]
    assert arrange(operations, "mysql", [named]) == [
        "drop foreignkey t.p_id",
        "AlterColumnOp",
        "add fk t.p_id",
        "add fk t.q_id",
    ]


def test_the_default_schema_is_one_whether_named_or_not() -> None:
    """A key to public.b waits for b."""
    metadata = sa.MetaData()
    a = sa.Table("a", metadata, sa.Column("b", sa.ForeignKey("public.b.id", name="f")))
    b = sa.Table(
        "b",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        schema="public",
    )
    assert arrange([ops.CreateTableOp.from_table(x) for x in (a, b)]) == [
        "create a with 0",
        "create b with 0",
        "add fk a.b",
    ]
