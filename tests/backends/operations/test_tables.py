"""Tables: what the operations did, by the database's own catalogue."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import ProgrammingError

from tests.backends.operations.conftest import if_exists


def create_account(op, name="account", **kw):
    return op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, index=True),
        sa.Column("age", sa.Integer, server_default="5"),
        **kw,
    )


def test_create_table_makes_table_index_and_constraints(migrated):
    """Columns, keys, uniques, checks and indexes are there under their names."""
    with migrated.op() as op:
        create_account(op)
        op.create_table(
            "pet",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("owner", sa.Integer),
            sa.Column("tag", sa.String(20)),
            sa.ForeignKeyConstraint(
                ["owner"], ["account.id"], name="fk_owner", ondelete="CASCADE"
            ),
            sa.UniqueConstraint("tag", "owner", name="uq_tag"),
            sa.CheckConstraint("owner > 0", name="ck_owner"),
        )
    assert migrated.tables() == ["account", "pet"]
    columns = migrated.columns("account")
    assert list(columns) == ["id", "name", "age"]
    assert columns["name"]["nullable"] is False
    assert columns["name"]["type"].length == 50
    assert "5" in columns["age"]["default"]
    assert migrated.primary_key("account") == ["id"]
    assert migrated.indexes("account") == {"ix_account_name": (["name"], False)}
    assert migrated.foreign_keys("pet") == {
        "fk_owner": (["owner"], "account", ["id"], {"ondelete": "CASCADE"})
    }
    assert migrated.uniques("pet") == {"uq_tag": ["tag", "owner"]}
    assert list(migrated.checks("pet")) == ["ck_owner"]


def test_create_table_returns_a_table_for_rows(migrated):
    """What it returns can be filled at once."""
    with migrated.op() as op:
        table = create_account(op)
        op.bulk_insert(table, [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}])
    assert migrated.rows("SELECT id, name, age FROM account ORDER BY id") == [
        (1, "ann", 5),
        (2, "bob", 5),
    ]


@if_exists
def test_if_not_exists_and_if_exists_do_nothing_twice(migrated):
    """Tables that are there, or are not, are left as they are."""
    with migrated.op() as op:
        op.create_table("t", sa.Column("a", sa.Integer), if_not_exists=True)
        op.create_table("t", sa.Column("b", sa.Integer), if_not_exists=True)
    assert list(migrated.columns("t")) == ["a"]
    with migrated.op() as op:
        op.drop_table("t", if_exists=True)
        op.drop_table("t", if_exists=True)
    assert migrated.tables() == []


def test_names_follow_the_naming_convention_of_the_models(migrated):
    """Constraints without a name get one from ``target_metadata``."""
    convention = {
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
    metadata = sa.MetaData(naming_convention=convention)
    with migrated.op(target_metadata=metadata) as op:
        op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.Integer, sa.ForeignKey("t.id"), unique=True),
            sa.CheckConstraint("a > 1", name="positive"),
            sa.CheckConstraint("a < 9", name=op.f("final")),
        )
    assert migrated.uniques("t") == {"uq_t_a": ["a"]}
    assert list(migrated.foreign_keys("t")) == ["fk_t_a_t"]
    assert set(migrated.checks("t")) == {"ck_t_positive", "final"}


def test_rename_table_keeps_its_rows(migrated):
    """The table is the same under another name."""
    with migrated.op() as op:
        table = create_account(op)
        op.bulk_insert(table, [{"id": 1, "name": "ann"}])
        op.rename_table("account", "customer")
    assert migrated.tables() == ["customer"]
    assert migrated.rows("SELECT name FROM customer") == [("ann",)]


def test_drop_table_drops_it(migrated):
    """It is gone; dropping it again names the operation, the table and the line."""
    with migrated.op() as op:
        create_account(op)
        op.drop_table("account")
    assert migrated.tables() == []
    with pytest.raises((OperationalError, ProgrammingError)) as caught:
        drop(migrated, "account")
    line = drop.__code__.co_firstlineno + 2
    assert f"in op.drop_table() on table 'account', test_tables.py, line {line}" in str(
        caught.value
    )


def drop(migrated, name):
    with migrated.op() as op:
        op.drop_table(name)


def test_table_and_column_comments_are_set_and_dropped(altered):
    """The catalogue shows them, and shows them gone."""
    with altered.op() as op:
        op.create_table(
            "t", sa.Column("a", sa.Integer, comment="it's a"), comment="first"
        )
        op.create_table("u", sa.Column("a", sa.Integer))
        op.create_table_comment("u", "it's u")
    assert altered.comment("t") == "first"
    assert altered.comment("u") == "it's u"
    assert altered.columns("t")["a"]["comment"] == "it's a"
    with altered.op() as op:
        op.drop_table_comment("t")
        op.create_table_comment("u", "second", existing_comment="it's u")
        op.alter_column("t", "a", comment=None, existing_type=sa.Integer())
        op.add_column("t", sa.Column("b", sa.Integer, comment="b"))
    assert altered.comment("t") in (None, "")
    assert altered.comment("u") == "second"
    assert altered.columns("t")["a"]["comment"] in (None, "")
    assert altered.columns("t")["b"]["comment"] == "b"


def test_schema_is_honoured(on_postgresql):
    """Every operation works in a schema that is not the default one."""
    on_postgresql.database.execute("CREATE SCHEMA other")
    with on_postgresql.op() as op:
        create_account(op, schema="other", comment="c")
        op.add_column(
            "account", sa.Column("x", sa.Integer, comment="x"), schema="other"
        )
        op.alter_column("account", "x", nullable=False, schema="other")
        op.create_index("ix_x", "account", ["x"], schema="other")
        op.drop_index("ix_x", "account", schema="other")
        op.create_unique_constraint("uq_x", "account", ["x"], schema="other")
        op.drop_constraint("uq_x", "account", schema="other")
        op.drop_column("account", "age", schema="other")
        op.rename_table("account", "customer", schema="other")
        op.drop_table_comment("customer", schema="other")
    assert on_postgresql.tables() == []
    assert on_postgresql.tables("other") == ["customer"]
    assert list(on_postgresql.columns("customer", "other")) == ["id", "name", "x"]


def test_schema_translate_map_is_honoured(on_postgresql):
    """A schema of the script stands for another one, in every operation."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    on_postgresql.database.execute("CREATE SCHEMA real_one")
    with on_postgresql.database.engine.connect() as connection:
        connection = connection.execution_options(
            schema_translate_map={"pretended": "real_one", None: "real_one"}
        )
        context = MigrationContext.configure(connection)
        with context.begin_transaction():
            op = Operations(context)
            create_account(op, schema="pretended")
            op.add_column("account", sa.Column("x", sa.Integer), schema="pretended")
            op.create_table("plain", sa.Column("id", sa.Integer, primary_key=True))
            op.add_column(
                "plain", sa.Column("y", sa.Integer, sa.ForeignKey("plain.id"))
            )
            op.alter_column("plain", "y", new_column_name="z")
            op.create_index("ix_z", "plain", ["z"])
            op.drop_column("account", "age", schema="pretended")
            op.rename_table("plain", "simple")
    assert on_postgresql.tables() == []
    assert on_postgresql.tables("real_one") == ["account", "simple"]
    assert list(on_postgresql.columns("account", "real_one")) == ["id", "name", "x"]
    assert list(on_postgresql.columns("simple", "real_one")) == ["id", "z"]


@if_exists
def test_a_table_that_is_there_is_left_with_its_indexes(migrated):
    """A second run of a whole create_table() succeeds and changes nothing."""
    for _ in range(2):
        with migrated.op() as op:
            op.create_table(
                "t",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("x", sa.Integer, index=True, comment="it's"),
                sa.Column("color", sa.Enum("red", "green", name="color")),
                sa.Index("ix_both", "x", "color", unique=True),
                comment="c",
                if_not_exists=True,
            )
    assert migrated.indexes("t") == {
        "ix_t_x": (["x"], False),
        "ix_both": (["x", "color"], True),
    }


def test_a_column_that_is_there_is_left_with_its_constraints(altered):
    """A second run of a whole add_column() succeeds and changes nothing."""
    with altered.op() as op:
        op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
    for _ in range(2):
        with altered.op() as op:
            op.add_column(
                "t",
                sa.Column(
                    "x",
                    sa.Integer,
                    sa.ForeignKey("t.id", name="fk_x"),
                    sa.CheckConstraint("x > 5", name="ck_x"),
                    index=True,
                ),
                if_not_exists=True,
            )
            op.add_column(
                "t", sa.Column("u", sa.Integer, unique=True), if_not_exists=True
            )
    assert list(altered.foreign_keys("t")) == ["fk_x"]
    assert list(altered.checks("t")) == ["ck_x"]
    assert list(altered.uniques("t").values()) == [["u"]]
    assert altered.indexes("t")["ix_t_x"] == (["x"], False)
