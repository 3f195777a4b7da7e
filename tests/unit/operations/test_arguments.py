"""Mistakes in a revision file are answered in words of the one who made them."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import CompileError

from alembic.operations import arguments
from alembic.operations import ops
from alembic.util.exc import CommandError
from tests.support.recorder import Recorder
from tests.support.versions import needs

Column, Integer = sa.Column, sa.Integer
a_table = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer))

MISTAKES = [
    (
        lambda op: op.add_column("t", "x"),
        "op.add_column() on table 't': the column is given as 'x' (str); "
        "write op.add_column('t', sa.Column('x', sa.Integer()))",
    ),
    (
        lambda op: op.add_column(Column("x", Integer), "t"),
        "op.add_column(): the table is given as the Column object 'x'; "
        "give its name, 'x'",
    ),
    (
        lambda op: op.add_column("t", Column(Integer)),
        "op.add_column() on table 't': the column has no name; "
        "write op.add_column('t', sa.Column('name', ...))",
    ),
    (
        lambda op: op.drop_table(a_table),
        "op.drop_table(): the table is given as the Table object 't'; "
        "give its name, 't'",
    ),
    (
        lambda op: op.drop_table(None),
        "op.drop_table(): table_name is None; give the name of the table",
    ),
    (
        lambda op: op.create_foreign_key("fk", None, "p", ["x"], ["id"]),
        "op.create_foreign_key(): source_table is None; give the name of the table",
    ),
    (
        lambda op: op.rename_table("t", None),
        "op.rename_table() on table 't': new_table_name is None; "
        "give the name of the table",
    ),
    (
        lambda op: op.rename_table("t", a_table),
        "op.rename_table() on table 't': new_table_name is given as the Table object "
        "'t'; give its name, 't'",
    ),
    (
        lambda op: op.create_check_constraint("ck", "t", None),
        "op.create_check_constraint() on table 't': it has no condition; "
        "give condition, such as 'x > 5'",
    ),
    (
        lambda op: op.create_exclude_constraint("ex", "t", "x"),
        "op.create_exclude_constraint() on table 't': 'x' (str) is not a pair; "
        "give pairs of a column and an operator, such as ('room', '=')",
    ),
    (
        lambda op: op.create_table_comment("t", 5),
        "op.create_table_comment() on table 't': the comment is given as 5 (int); "
        "give comment as a string, or None for none",
    ),
    (
        lambda op: op.bulk_insert("t", [{"x": 1}]),
        "op.bulk_insert(): the table is given as 't' (str); "
        "give sa.table('t', sa.column(...)), or what create_table() returned",
    ),
    (
        lambda op: op.drop_column("t", a_table.c.x),
        "op.drop_column() on table 't': the column is given as the Column object "
        "'x'; give its name, 'x'",
    ),
    (
        lambda op: op.alter_column("t", 5),
        "op.alter_column() on table 't': the column is given as 5 (int); give its name",
    ),
    (
        lambda op: op.alter_column("t", "x", type=Integer),
        "op.alter_column() on table 't': there is no argument 'type' for column 'x'; "
        "the argument is called 'type_'",
    ),
    (
        lambda op: op.alter_column("t", "x", name="y"),
        "op.alter_column() on table 't': there is no argument 'name' for column 'x'; "
        "the argument is called 'new_column_name'",
    ),
    (
        lambda op: op.alter_column("t", "x", type_="integer"),
        "op.alter_column() on table 't': type_ of column 'x' is 'integer' (str); "
        "give a SQLAlchemy type, such as type_=sa.Integer()",
    ),
    (
        lambda op: op.alter_column("t", "x", nullable=True, existing_type="integer"),
        "op.alter_column() on table 't': existing_type of column 'x' is 'integer' "
        "(str); give a SQLAlchemy type, such as existing_type=sa.Integer()",
    ),
    (
        lambda op: op.create_table("t", "x"),
        "op.create_table() on table 't': 'x' (str) is neither a column nor a "
        "constraint; give sa.Column(...), constraints and indexes",
    ),
    (
        lambda op: op.create_table("t", [Column("x", Integer)]),
        "op.create_table() on table 't': the columns are given as a list; "
        "unpack it: op.create_table('t', *columns)",
    ),
    (
        lambda op: op.create_table("t", Column("x", Integer), Column("x", Integer)),
        "op.create_table() on table 't': there are two columns 'x'; "
        "give each a name of its own",
    ),
    (
        lambda op: op.create_index("ix", "t", []),
        "op.create_index() on table 't': it has no columns; give columns=['name', ...]",
    ),
    (
        lambda op: op.create_unique_constraint("uq", "t", []),
        "op.create_unique_constraint() on table 't': it has no columns; "
        "give columns=['name', ...]",
    ),
    (
        lambda op: op.create_foreign_key("fk", "t", "r", ["a", "b"], ["c"]),
        "op.create_foreign_key() on table 't': local_cols=['a', 'b'] and "
        "remote_cols=['c'] do not pair; give as many columns of 'r' as columns that "
        "refer to them",
    ),
    (
        lambda op: op.create_foreign_key("fk", "t", a_table, ["a"], ["c"]),
        "op.create_foreign_key() on table 't': the table referred to is given as the "
        "Table object 't'; give its name as referent_table",
    ),
    (
        lambda op: op.drop_index(None, "t"),
        "op.drop_index() on table 't': the index has no name; give index_name",
    ),
    (
        lambda op: op.drop_constraint(None, "t", "unique"),
        "op.drop_constraint() on table 't': the constraint has no name, and in --sql "
        "mode there is no database to look for it; give constraint_name",
    ),
    (
        lambda op: op.drop_constraint(None, "t", "unique", columns=["a", "b"]),
        "op.drop_constraint() on table 't': the constraint has no name, and in --sql "
        "mode there is no database to look for it; give constraint_name, which is "
        "usually 't_a_b_key'",
    ),
    (
        lambda op: op.drop_constraint(None, "t", "foreignkey", columns=["a"]),
        "op.drop_constraint() on table 't': the constraint has no name, and in --sql "
        "mode there is no database to look for it; give constraint_name, which is "
        "usually 't_a_fkey'",
    ),
    (
        lambda op: op.drop_constraint(None, "t", "primary"),
        "op.drop_constraint() on table 't': the constraint has no name, and in --sql "
        "mode there is no database to look for it; give constraint_name, which is "
        "usually 't_pkey'",
    ),
    (
        lambda op: op.run_async(None),
        "op.run_async(): there is no connection in --sql mode; run it only when "
        "context.is_offline_mode() is false",
    ),
]


@pytest.mark.parametrize(("mistake", "expected"), MISTAKES)
def test_mistake_names_operation_table_and_argument(mistake, expected):
    """The error says what was asked, what was found, what to write, and where."""
    recorder = Recorder("postgresql")
    with pytest.raises(CommandError) as caught:
        mistake(recorder.op)
    line = mistake.__code__.co_firstlineno
    assert str(caught.value) == f"{expected} (test_arguments.py, line {line})"
    assert recorder.statements == []


@pytest.mark.parametrize("dialect", ["mysql", "mssql"])
def test_drop_index_needs_its_table_where_names_are_the_tables_own(dialect):
    """These databases have no index names but within a table."""
    with pytest.raises(CommandError, match=f"{dialect} needs; give table_name"):
        Recorder(dialect).op.drop_index("ix")


def test_mistake_in_a_batch_names_batch_op():
    """The error speaks of what was written."""
    recorder = Recorder("postgresql")
    with pytest.raises(CommandError) as caught, recorder.op.batch_alter_table("t") as b:
        b.add_column("x")
    assert str(caught.value).startswith(
        "batch_op.add_column() on table 't': the column is given as 'x' (str); "
        "write batch_op.add_column(sa.Column('x', sa.Integer()))"
    )


@pytest.mark.parametrize(
    ("dialect", "refused", "error", "expected"),
    [
        (
            "mysql",
            lambda op: op.alter_column("t", "x", nullable=True),
            CommandError,
            r"op.alter_column\(\) on table 't': .*existing.type",
        ),
        (
            "mssql",
            lambda op: op.alter_column("t", "x", nullable=True),
            CommandError,
            r"op.alter_column\(\) on table 't': .*existing_type",
        ),
        (
            "mysql",
            lambda op: op.drop_constraint("c", "t"),
            NotImplementedError,
            r"op.drop_constraint\(\) on table 't': .*constraint type",
        ),
        (
            "sqlite",
            lambda op: op.create_unique_constraint("c", "t", ["x"]),
            NotImplementedError,
            r"op.create_unique_constraint\(\) on table 't': .*batch mode.*Write 'with "
            r"op.batch_alter_table\('t'\) as batch_op:'",
        ),
        (
            "postgresql",
            lambda op: op.create_table("t", sa.Column("x")),
            CompileError,
            r"op.create_table\(\) on table 't': .*column 'x'.* a type on this Column",
        ),
        (
            "postgresql",
            lambda op: op.create_table("t", Column("x", Integer), colour="red"),
            TypeError,
            r"op.create_table\(\) on table 't': Additional arguments .*got 'colour'",
        ),
        (
            "postgresql",
            lambda op: op.create_index("ix", "t", ["x"], postgresql_colour=1),
            ArgumentError,
            r"op.create_index\(\) on table 't': .*'postgresql_colour'",
        ),
        pytest.param(
            "postgresql",
            lambda op: op.create_table(
                "t", Column("x", Integer), sa.UniqueConstraint("y")
            ),
            ArgumentError,
            r"op.create_table\(\) on table 't': .*'y'",
            marks=needs("2.0"),
        ),
        (
            "postgresql",
            lambda op: op.bulk_insert(a_table, {"x": 1}),
            TypeError,
            r"op.bulk_insert\(\) on table 't': List expected",
        ),
        (
            "postgresql",
            lambda op: op.alter_column(
                "t",
                "x",
                type_=sa.Integer(),
                existing_type=sa.Enum("a", native_enum=False, create_constraint=True),
            ),
            CommandError,
            r"op.alter_column\(\) on table 't': the CHECK constraint of existing_type "
            "of column 'x' has no name; give the type the name",
        ),
    ],
)
def test_what_a_dialect_refuses_is_placed(dialect, refused, error, expected):
    """The dialect says what it needs; operation, table and line are added once."""
    with pytest.raises(error) as caught:
        refused(Recorder(dialect).op)
    line = refused.__code__.co_firstlineno
    assert re.match(expected, str(caught.value), re.DOTALL)
    place = re.search(r"\(test_arguments.py, line (\d+)\)$", str(caught.value))
    assert line <= int(place.group(1)) <= line + 3
    assert str(caught.value).count("() on table 't'") == 1


def test_unknown_kind_of_constraint_is_refused():
    """The kinds are listed, and the constraint is named."""
    with pytest.raises(TypeError) as caught:
        Recorder("postgresql").op.drop_constraint("c", "t", type_="uniqe")
    assert str(caught.value).startswith(
        "op.drop_constraint() on table 't': 'type' can be one of 'check', "
        "'foreignkey', 'primary', 'unique', None; constraint 'c' of table 't' was "
        "given type_='uniqe' (test_arguments.py, line "
    )


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (ops.AddColumnOp("t", None), "op.add_column() on table 't'"),
        (ops.ExecuteSQLOp("x"), "op.execute()"),
        (ops.BulkInsertOp(a_table, []), "op.bulk_insert() on table 't'"),
        (
            ops.CreateForeignKeyOp("fk", "t", "r", [], []),
            "op.create_foreign_key() on table 't'",
        ),
        (ops.UpgradeOps(), "UpgradeOps"),
        (
            type("MyOp", (ops.AddColumnOp,), {})("t", None),
            "op.add_column() on table 't'",
        ),
    ],
)
def test_operation_is_described_as_it_is_written(operation, expected):
    """Its directive and its table are named; the class of what has no directive."""
    assert arguments.describe(operation) == expected
