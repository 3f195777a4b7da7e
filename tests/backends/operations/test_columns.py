"""Columns: what the operations did, by the database's own catalogue."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import NoSuchTableError

from alembic.util.exc import CommandError
from tests.support.versions import needs


def start(migrated, *columns):
    with migrated.op() as op:
        table = op.create_table(
            "t", sa.Column("id", sa.Integer, primary_key=True), *columns
        )
        op.bulk_insert(table, [{"id": 1}, {"id": 2}])


def test_add_column_adds_it_with_default_and_index(migrated):
    """Rows that exist get the default; the index has its usual name."""
    start(migrated)
    with migrated.op() as op:
        op.add_column(
            "t",
            sa.Column("name", sa.String(20), nullable=False, server_default="it's"),
        )
        op.add_column("t", sa.Column("n", sa.Integer, index=True))
    assert migrated.rows("SELECT id, name, n FROM t ORDER BY id") == [
        (1, "it's", None),
        (2, "it's", None),
    ]
    assert migrated.columns("t")["name"]["nullable"] is False
    assert migrated.indexes("t") == {"ix_t_n": (["n"], False)}


def test_add_column_adds_its_constraints(altered):
    """Foreign key, unique constraint and check come with the column."""
    start(altered)
    with altered.op() as op:
        op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
        op.add_column(
            "t",
            sa.Column(
                "p_id",
                sa.Integer,
                sa.ForeignKey("p.id", name="fk_p", ondelete="CASCADE"),
            ),
        )
        op.add_column("t", sa.Column("u", sa.Integer, unique=True))
        op.add_column(
            "t",
            sa.Column("c", sa.Integer, sa.CheckConstraint("c > 5")),
        )
        op.add_column("t", sa.Column("self_id", sa.Integer, sa.ForeignKey("t.id")))
    keys = altered.foreign_keys("t")
    assert keys.pop("fk_p") == (["p_id"], "p", ["id"], {"ondelete": "CASCADE"})
    assert list(keys.values()) == [(["self_id"], "t", ["id"], {})]
    assert list(altered.uniques("t").values()) == [["u"]]
    with pytest.raises(DBAPIError):
        altered.database.execute("INSERT INTO t (id, c) VALUES (3, 1)")


def test_add_column_with_inline_references(migrated):
    """REFERENCES in the column makes a foreign key on every database, SQLite too."""
    with migrated.op() as op:
        op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
    start(migrated)
    with migrated.op() as op:
        op.add_column(
            "t",
            sa.Column("p_id", sa.Integer, sa.ForeignKey("p.id", ondelete="CASCADE")),
            inline_references=True,
        )
    if migrated.name == "sqlite":
        # SQLAlchemy's reflection does not see the action of such a key
        found = migrated.rows(
            'SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list("t")'
        )
        assert found == [("p", "p_id", "id", "CASCADE")]
    else:
        assert list(migrated.foreign_keys("t").values()) == [
            (["p_id"], "p", ["id"], {"ondelete": "CASCADE"})
        ]


def test_add_and_drop_column_may_be_repeated(altered):
    """IF NOT EXISTS and IF EXISTS do nothing where there is nothing to do."""
    start(altered)
    with altered.op() as op:
        for _ in range(2):
            op.add_column("t", sa.Column("x", sa.Integer), if_not_exists=True)
    assert list(altered.columns("t")) == ["id", "x"]
    with altered.op() as op:
        for _ in range(2):
            op.drop_column("t", "x", if_exists=True)
    assert list(altered.columns("t")) == ["id"]


def test_drop_column_drops_it(migrated):
    """The others and their rows stay."""
    start(migrated, sa.Column("x", sa.Integer), sa.Column("y", sa.Integer))
    with migrated.op() as op:
        op.drop_column("t", "x")
    assert list(migrated.columns("t")) == ["id", "y"]
    assert migrated.rows("SELECT count(*) FROM t") == [(2,)]


def test_alter_column_changes_one_thing_and_keeps_the_rest(altered):
    """Type, nullability, default, name: each changes alone, in any order."""
    start(
        altered,
        sa.Column("x", sa.String(20), server_default="5", nullable=False),
    )
    told = {"existing_nullable": False, "existing_server_default": "5"}
    with altered.op() as op:
        op.alter_column(
            "t", "x", type_=sa.String(30), existing_type=sa.String(20), **told
        )
    column = altered.columns("t")["x"]
    assert (column["type"].length, column["nullable"]) == (30, False)
    assert "5" in column["default"]
    with altered.op() as op:
        op.alter_column(
            "t",
            "x",
            nullable=True,
            existing_type=sa.String(30),
            existing_server_default="5",
        )
    column = altered.columns("t")["x"]
    assert (column["type"].length, column["nullable"]) == (30, True)
    assert "5" in column["default"]
    with altered.op() as op:
        op.alter_column("t", "x", server_default="it's", existing_type=sa.String(30))
        op.alter_column(
            "t",
            "x",
            new_column_name="y",
            existing_type=sa.String(30),
            existing_nullable=True,
            existing_server_default="it's",
        )
    assert list(altered.columns("t")) == ["id", "y"]
    column = altered.columns("t")["y"]
    assert (column["type"].length, column["nullable"]) == (30, True)
    assert "it''s" in column["default"]
    with altered.op() as op:
        op.alter_column("t", "y", server_default=None, existing_type=sa.String(30))
    assert altered.columns("t")["y"]["default"] in (None, "NULL")


def test_alter_column_changes_everything_at_once(altered):
    """One call does what several would."""
    start(altered, sa.Column("x", sa.Integer, server_default="1"))
    with altered.op() as op:
        op.alter_column(
            "t",
            "x",
            new_column_name="y",
            type_=sa.String(9),
            nullable=False,
            server_default="a",
            comment="c",
            existing_type=sa.Integer(),
            existing_nullable=True,
            existing_server_default="1",
        )
    column = altered.columns("t")["y"]
    assert (column["type"].length, column["nullable"]) == (9, False)
    assert "a" in column["default"]
    assert column["comment"] == "c"
    assert altered.rows("SELECT y FROM t") == [("1",), ("1",)]


def test_alter_column_and_what_undoes_it(altered):
    """The reverse of an operation, invoked, brings the column back."""
    from alembic.operations import ops

    start(altered, sa.Column("x", sa.String(20), server_default="5", nullable=False))
    before = altered.columns("t")["x"]
    change = ops.AlterColumnOp(
        "t",
        "x",
        existing_type=sa.String(20),
        existing_nullable=False,
        existing_server_default="5",
        modify_type=sa.String(30),
        modify_nullable=True,
        modify_server_default=None,
        modify_name="y",
    )
    with altered.op() as op:
        op.invoke(change)
    assert altered.columns("t")["y"]["nullable"] is True
    with altered.op() as op:
        op.invoke(change.reverse())
    after = altered.columns("t")["x"]
    for name in ("nullable", "default"):
        assert after[name] == before[name]
    assert after["type"].length == 20


def test_batch_alters_columns_everywhere(migrated):
    """In a batch, every database can do what it cannot do alone."""
    start(migrated, sa.Column("x", sa.String(20)), sa.Column("y", sa.Integer))
    with migrated.op() as op, op.batch_alter_table("t") as batch_op:
        batch_op.alter_column(
            "x", type_=sa.String(30), existing_type=sa.String(20), nullable=True
        )
        batch_op.alter_column(
            "y", new_column_name="z", existing_type=sa.Integer(), nullable=True
        )
        batch_op.add_column(sa.Column("w", sa.Integer))
    columns = migrated.columns("t")
    assert list(columns) == ["id", "x", "z", "w"]
    assert columns["x"]["type"].length == 30
    assert migrated.rows("SELECT count(*) FROM t") == [(2,)]


def test_type_with_using_converts_the_rows(on_postgresql):
    """The expression says how the values become those of the new type."""
    with on_postgresql.op() as op:
        table = op.create_table("t", sa.Column("x", sa.String(9)))
        op.bulk_insert(table, [{"x": "12"}])
        op.alter_column(
            "t",
            "x",
            type_=sa.Integer(),
            existing_type=sa.String(9),
            postgresql_using="x::integer",
        )
    assert on_postgresql.rows("SELECT x + 1 FROM t") == [(13,)]


@needs("1.4")
@pytest.mark.parametrize("way", ["there", "back"])
def test_serial_and_identity_turn_into_each_other(on_postgresql, way):
    """The column goes on counting, whichever way it counts."""
    with on_postgresql.op() as op:
        op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("x", sa.Integer),
        )
        op.execute("INSERT INTO t (x) VALUES (1), (2)")
        serial = sa.text("nextval('t_id_seq'::regclass)")
        op.alter_column(
            "t",
            "id",
            server_default=sa.Identity(),
            existing_server_default=serial,
            existing_type=sa.Integer(),
        )
        if way == "back":
            op.alter_column(
                "t",
                "id",
                server_default=None,
                existing_server_default=sa.Identity(),
                existing_type=sa.Integer(),
            )
    column = on_postgresql.columns("t")["id"]
    assert bool(column.get("identity")) is (way == "there")


@pytest.mark.parametrize(
    "change", [{"nullable": False}, {"type_": sa.Text()}, {"server_default": "5"}]
)
def test_what_sqlite_cannot_alter_is_for_a_batch(on_sqlite, change):
    """The error says what to write, rather than that the syntax is wrong."""
    start(on_sqlite, sa.Column("x", sa.Integer))
    words = (
        r"change \w+ of column 'x' in place; write 'with op.batch_alter_table\('t'\)"
    )
    with pytest.raises(CommandError, match=words), on_sqlite.op() as op:
        op.alter_column("t", "x", existing_type=sa.Integer(), **change)


@pytest.mark.parametrize(
    "change",
    [
        lambda batch_op: batch_op.drop_column("nope"),
        lambda batch_op: batch_op.alter_column("nope", nullable=False),
        lambda batch_op: batch_op.drop_constraint("nope", type_="unique"),
        lambda batch_op: batch_op.drop_index("nope"),
    ],
    ids=["drop-column", "alter-column", "drop-constraint", "drop-index"],
)
def test_a_batch_says_what_its_table_lacks(on_sqlite, change):
    """With the batch, the table, the name and the line."""
    start(on_sqlite, sa.Column("x", sa.Integer))
    words = r"op\.batch_alter_table\('t'\): .*'nope'.*\(test_columns\.py, line \d+\)"
    with pytest.raises(CommandError, match=words), on_sqlite.op() as op:
        in_batch(op, "t", change, recreate="always")


def test_a_batch_of_no_table(on_sqlite):
    """It is said that there is none, and where it was asked for."""
    words = r"op\.batch_alter_table\('nope'\): there is no table 'nope' \(test_columns"
    with pytest.raises(NoSuchTableError, match=words), on_sqlite.op() as op:
        in_batch(op, "nope", lambda batch_op: batch_op.drop_column("x"))


def in_batch(op, table, change, **kw):
    with op.batch_alter_table(table, **kw) as batch_op:
        change(batch_op)
