"""Statements and rows: what the operations did, by asking the database."""

from __future__ import annotations

import datetime
import decimal
import io

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla import expressions
from alembic.util.exc import CommandError


def start(migrated):
    with migrated.op() as op:
        return op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(50)),
        )


@pytest.mark.parametrize(
    "value",
    [
        '{"a":true, "b": "x:y"}',
        "12:34:56",
        "50% of %s",
        "a?b",
        "back\\:slash",
        "::",
    ],
)
def test_colon_in_a_string_is_a_colon(migrated, value):
    """SQL in a string is sent as it is, save for ``\\:``, which is a colon."""
    start(migrated)
    with migrated.op() as op:
        op.execute(f"INSERT INTO t (id, name) VALUES (1, '{value}')")
    assert migrated.rows("SELECT name FROM t") == [(value.replace("\\:", ":"),)]


def test_text_has_bind_parameters(migrated):
    """``text()`` binds; nothing is left for the user to escape by mistake."""
    start(migrated)
    with migrated.op() as op:
        op.execute(
            sa.text("INSERT INTO t (id, name) VALUES (:id, :name)").bindparams(
                id=1, name="it's"
            )
        )
    assert migrated.rows("SELECT id, name FROM t") == [(1, "it's")]


def test_a_parameter_without_value_is_explained(migrated):
    """The error says both ways to write it, with the parameter's name."""
    start(migrated)
    words = r"parameter ':x'.*bindparams\(x=\.\.\.\).*'\\\\:x'"
    with pytest.raises(CommandError, match=words), migrated.op() as op:
        op.execute(sa.text("INSERT INTO t (id, name) VALUES (1, 'a :x')"))
    with migrated.op() as op:
        op.execute(sa.text("INSERT INTO t (name) VALUES (:x)").bindparams(x=None))


@pytest.mark.parametrize("nothing", [None, 5, ["SELECT 1"]])
def test_only_statements_are_executed(migrated, nothing):
    """Anything else is named in the error."""
    words = r"op\.execute\(\): there is nothing to execute in .*test_data\.py, line"
    with pytest.raises(CommandError, match=words), migrated.op() as op:
        op.execute(nothing)


def test_values_without_a_column_are_warned_of(migrated):
    """They do not get lost unnoticed; the others are inserted."""
    start(migrated)
    table = sa.table("t", sa.column("id", sa.Integer))
    warned = pytest.warns(UserWarning, match="on table 't'.* no column 'name'")
    with warned, migrated.op() as op:
        op.bulk_insert(table, [{"id": 1}, {"id": 2, "name": "x"}])
    assert migrated.rows("SELECT id, name FROM t ORDER BY id") == [(1, None), (2, None)]


def test_constructs_and_inline_literals_run(migrated):
    """UPDATE with values bound and values written into it."""
    table = start(migrated)
    with migrated.op() as op:
        op.bulk_insert(table, [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
        op.execute(
            table.update()
            .where(table.c.name == op.inline_literal("a"))
            .values(name=op.inline_literal("it's"))
        )
        op.execute(table.update().where(table.c.id == 2).values(name="c"))
    assert migrated.rows("SELECT name FROM t ORDER BY id") == [("it's",), ("c",)]


def test_rows_with_expressions_are_inserted_one_by_one(migrated):
    """``multiinsert=False`` takes rows of different keys, and literals."""
    table = start(migrated)
    with migrated.op() as op:
        op.bulk_insert(
            table,
            [{"id": 1, "name": op.inline_literal("x")}, {"id": 2}],
            multiinsert=False,
        )
        op.bulk_insert(table, [])
    assert migrated.rows("SELECT id, name FROM t ORDER BY id") == [(1, "x"), (2, None)]


def test_rows_with_literals_need_no_argument(migrated):
    """SQL in a row goes into its own INSERT by itself."""
    table = start(migrated)
    with migrated.op() as op:
        op.bulk_insert(
            table,
            [
                {"id": 1, "name": op.inline_literal("it's")},
                {"id": 2, "name": sa.func.lower("ABC")},
                {"id": 3, "name": "x:y"},
            ],
        )
    rows = migrated.rows("SELECT id, name FROM t ORDER BY id")
    assert rows == [(1, "it's"), (2, "abc"), (3, "x:y")]


@pytest.mark.parametrize("rows", [{"id": 1}, [(1, "a")]])
def test_rows_must_be_dictionaries(migrated, rows):
    """Anything else is refused before it is sent."""
    table = start(migrated)
    with pytest.raises(TypeError, match="expected"), migrated.op() as op:
        op.bulk_insert(table, rows)


def test_execute_in_a_batch_runs_at_once(migrated):
    """It does not wait for the end of the batch."""
    start(migrated)
    with migrated.op() as op, op.batch_alter_table("t") as batch_op:
        batch_op.execute("INSERT INTO t (id, name) VALUES (1, 'early')")
        batch_op.add_column(sa.Column("x", sa.Integer))
    assert migrated.rows("SELECT id, name, x FROM t") == [(1, "early", None)]


def test_get_bind_reads(migrated):
    """A script may look at the database it changes."""
    table = start(migrated)
    with migrated.op() as op:
        op.bulk_insert(table, [{"id": 1, "name": "a"}])
        bind = op.get_bind()
        assert bind.execute(sa.text("SELECT name FROM t")).scalar() == "a"
        assert sa.inspect(bind).get_table_names() == ["t"]


TYPED = sa.table(
    "typed",
    sa.column("id", sa.Integer),
    sa.column("day", sa.Date),
    sa.column("moment", sa.DateTime),
    sa.column("amount", sa.Numeric(8, 2)),
    sa.column("flag", sa.Boolean),
    sa.column("words", sa.String(50)),
)
VALUES = {
    "id": 1,
    "day": datetime.date(2020, 1, 2),
    "moment": datetime.datetime(2020, 1, 2, 3, 4, 5),
    "amount": decimal.Decimal("1.50"),
    "flag": True,
    "words": "it's 50% \\ :x",
}


@pytest.mark.filterwarnings("ignore:.*does \\*not\\* support Decimal")
def test_rows_written_offline_are_the_rows_inserted_online(migrated):
    """The script that ``--sql`` writes inserts what a run inserts."""
    with migrated.op() as op:
        op.create_table(
            "typed", *[sa.Column(column.name, column.type) for column in TYPED.c]
        )
        op.bulk_insert(TYPED, [VALUES])
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=migrated.database.dialect_name,
        opts={"as_sql": True, "output_buffer": buffer},
    )
    Operations(context).bulk_insert(TYPED, [dict(VALUES, id=2)])
    statement = buffer.getvalue().strip().rstrip(";")
    with migrated.database.engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(expressions.literal_text(statement))
        transaction.commit()
        rows = connection.execute(TYPED.select().order_by(TYPED.c.id)).fetchall()
    first, second = ([*row][1:] for row in rows)
    assert first == second
    assert first == [*VALUES.values()][1:]
