"""Batches that make a table anew from its description, on every database."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import List

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from tests.support.versions import has
from tests.support.versions import needs
from tests.support.versions import reason


def batch(
    database: Any, work: Callable[[Any], Any], table: str = "t", **kw: Any
) -> List[str]:
    """Run a batch in a transaction and return the statements that it sent."""
    statements = database.recorded()
    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations(context).batch_alter_table(table, **kw) as batch_op:
            work(batch_op)
    return [s for s in statements if s.split()[0] in ("CREATE", "INSERT", "DROP")]


@pytest.fixture
def table(database: Any) -> sa.Table:
    """A table ``t`` with rows, beside a table ``p`` that it refers to."""
    metadata = sa.MetaData()
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    made = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(30), nullable=False, server_default="x"),
        sa.Column("amount", sa.Integer),
        sa.Column("pid", sa.Integer),
        sa.UniqueConstraint("name", name="uq_name"),
        sa.CheckConstraint("amount > 0", name="ck_amount"),
        sa.ForeignKeyConstraint(["pid"], ["p.id"], name="fk_p", ondelete="CASCADE"),
        sa.Index("ix_amount", "amount"),
    )
    metadata.create_all(database.engine)
    with database.engine.begin() as connection:
        connection.execute(metadata.tables["p"].insert(), [{"id": 1}])
        connection.execute(
            made.insert(),
            [
                {"name": "a", "amount": 3, "pid": 1},
                {"name": "b", "amount": 4, "pid": None},
            ],
        )
    return made


def rows(database: Any, columns: str) -> List[Any]:
    return [
        tuple(row) for row in database.execute(f"SELECT {columns} FROM t ORDER BY id")
    ]


def test_recreate_always_keeps_everything(database: Any, table: sa.Table) -> None:
    """A table made anew without a change is the same table with the same rows."""
    sent = batch(database, lambda b: None, recreate="always")
    inspector = sa.inspect(database.engine)
    assert [s.split()[0] for s in sent][:2] == ["CREATE", "INSERT"]
    assert rows(database, "id, name, amount, pid") == [
        (1, "a", 3, 1),
        (2, "b", 4, None),
    ]
    assert [c["name"] for c in inspector.get_columns("t")] == [
        "id",
        "name",
        "amount",
        "pid",
    ]
    assert [i["name"] for i in inspector.get_indexes("t") if i["name"] == "ix_amount"]
    assert inspector.get_check_constraints("t")[0]["name"] == "ck_amount"
    key = inspector.get_foreign_keys("t")[0]
    options = {name: value for name, value in key["options"].items() if value}
    assert (key["referred_table"], options) == ("p", {"ondelete": "CASCADE"})
    assert not [n for n in inspector.get_table_names() if n.startswith("_alembic")]


def test_recreate_always_goes_on_counting(database: Any, table: sa.Table) -> None:
    """The next row of a table made anew gets the next number, not one in use."""
    batch(database, lambda b: None, recreate="always")
    database.execute("INSERT INTO t (name, amount) VALUES ('c', 5)")
    assert rows(database, "id, name")[-1] == (3, "c")


def test_many_changes_cost_one_copy(database: Any, table: sa.Table) -> None:
    """Several changes at once move the rows once."""

    def work(b: Any) -> None:
        b.add_column(sa.Column("extra", sa.Integer(), server_default="7"))
        b.alter_column(
            "amount",
            new_column_name="total",
            type_=sa.String(20),
            existing_type=sa.Integer(),
        )
        b.drop_constraint("ck_amount", type_="check")
        b.drop_index("ix_amount")
        b.create_index("ix_total", ["total"])
        b.create_unique_constraint("uq_both", ["name", "pid"])

    sent = batch(database, work, recreate="always")
    assert len([s for s in sent if s.startswith("INSERT")]) == 1
    assert rows(database, "id, name, total, pid, extra") == [
        (1, "a", "3", 1, 7),
        (2, "b", "4", None, 7),
    ]
    inspector = sa.inspect(database.engine)
    assert "ix_total" in [i["name"] for i in inspector.get_indexes("t")]
    assert {"uq_name", "uq_both"} <= {
        u["name"] for u in inspector.get_unique_constraints("t")
    }


def test_dropped_column_takes_its_constraints_along(
    database: Any, table: sa.Table
) -> None:
    """Index, foreign key and CHECK of a dropped column alone go with it."""

    def work(b: Any) -> None:
        b.drop_column("amount")
        b.drop_column("pid")

    batch(database, work, recreate="always")
    inspector = sa.inspect(database.engine)
    assert rows(database, "*") == [(1, "a"), (2, "b")]
    assert inspector.get_foreign_keys("t") == []
    assert inspector.get_check_constraints("t") == []


def test_columns_stand_where_they_are_put(database: Any, table: sa.Table) -> None:
    """insert_before, insert_after and partial_reordering decide on the order."""

    def work(b: Any) -> None:
        b.add_column(sa.Column("one", sa.Integer()), insert_after="id")
        b.add_column(sa.Column("two", sa.Integer()), insert_before="pid")

    batch(database, work, recreate="always", partial_reordering=[("amount", "name")])
    inspector = sa.inspect(database.engine)
    assert [c["name"] for c in inspector.get_columns("t")] == [
        "id",
        "one",
        "amount",
        "name",
        "two",
        "pid",
    ]


def test_copy_from_describes_the_table(database: Any, table: sa.Table) -> None:
    """With copy_from the table is made after the description, not after reflection."""
    described = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("amount", sa.Integer),
    )
    batch(
        database,
        lambda b: b.alter_column("amount", new_column_name="total"),
        copy_from=described,
        recreate="always",
    )
    assert rows(database, "*") == [(1, "a", 3), (2, "b", 4)]
    assert sa.inspect(database.engine).get_unique_constraints("t") == []


def test_a_failed_copy_leaves_the_old_table(database: Any, table: sa.Table) -> None:
    """When rows do not fit the new table, the old one stays and no other is left."""
    with pytest.raises(sa.exc.DBAPIError):
        batch(
            database,
            lambda b: b.alter_column("pid", nullable=False, existing_type=sa.Integer()),
            recreate="always",
        )
    inspector = sa.inspect(database.engine)
    assert sorted(inspector.get_table_names()) == ["p", "t"]
    assert rows(database, "id, name, amount, pid") == [
        (1, "a", 3, 1),
        (2, "b", 4, None),
    ]


def test_plain_alters_elsewhere(database: Any, table: sa.Table) -> None:
    """Where a database alters tables by itself, a batch sends plain ALTERs."""
    if database.name == "sqlite":
        pytest.skip("SQLite is the one that cannot")
    sent = batch(database, lambda b: b.add_column(sa.Column("z", sa.Integer())))
    assert sent == []
    assert rows(database, "z") == [(None,), (None,)]


def test_generated_columns_are_not_copied_into(database: Any) -> None:
    """A table with a computed column can be made anew."""
    if not has("1.3.24"):
        pytest.skip(reason("1.3.24"))
    stored = "STORED" if database.name != "mariadb" else "PERSISTENT"
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, "
        f"twice INTEGER GENERATED ALWAYS AS (a * 2) {stored})",
        "INSERT INTO t (id, a) VALUES (1, 21)",
    )
    batch(
        database,
        lambda b: b.add_column(sa.Column("z", sa.Integer(), server_default="1")),
        recreate="always",
    )
    assert rows(database, "id, a, twice, z") == [(1, 21, 42, 1)]


@needs("1.4")
def test_identity_always_keeps_its_values(postgresql: Any) -> None:
    """Values of a column GENERATED ALWAYS AS IDENTITY are copied as they are."""
    postgresql.execute(
        "CREATE TABLE t (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a TEXT)",
        "INSERT INTO t (a) VALUES ('x'), ('y')",
        "DELETE FROM t WHERE a = 'x'",
    )
    batch(postgresql, lambda b: None, recreate="always")
    postgresql.execute("INSERT INTO t (a) VALUES ('z')")
    assert rows(postgresql, "id, a") == [(2, "y"), (3, "z")]
