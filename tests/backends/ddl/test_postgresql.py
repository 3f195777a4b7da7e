"""PostgreSQL: columns that count, types with defaults, concurrent indexes."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util.exc import CommandError
from tests.support.recorder import Recorder
from tests.support.versions import needs


@contextmanager
def migrated(database):
    """Run operations in a transaction of their own."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with context.begin_transaction():
            yield Operations(context)


def column(database, name, table="t"):
    """Return what is reflected of a column."""
    with database.engine.connect() as connection:
        columns = sa.inspect(connection).get_columns(table)
    (found,) = [found for found in columns if found["name"] == name]
    return found


def ids(database):
    """Return the keys of the rows."""
    return [row[0] for row in database.execute("SELECT id FROM t ORDER BY id")]


def sequences(database):
    """Return the names of all sequences."""
    with database.engine.connect() as connection:
        return sa.inspect(connection).get_sequence_names()


@needs("1.4")
def test_serial_becomes_identity_and_back(postgresql) -> None:
    """A column goes on counting where it was, in both directions, with one sequence."""
    postgresql.execute(
        "CREATE TABLE t (id serial PRIMARY KEY, n integer)",
        "INSERT INTO t (n) VALUES (1), (2)",
    )
    with migrated(postgresql) as op:
        op.alter_column(
            "t",
            "id",
            existing_type=sa.Integer(),
            existing_nullable=False,
            server_default=sa.Identity(),
            autoincrement=True,
        )
    assert column(postgresql, "id")["identity"]["start"] == 1
    assert column(postgresql, "id")["default"] is None
    postgresql.execute("INSERT INTO t (n) VALUES (3)")
    with migrated(postgresql) as op:
        op.alter_column(
            "t",
            "id",
            existing_type=sa.Integer(),
            existing_nullable=False,
            server_default=None,
            existing_server_default=sa.Identity(),
            autoincrement=True,
        )
    assert column(postgresql, "id")["default"] == "nextval('t_id_seq'::regclass)"
    postgresql.execute("INSERT INTO t (n) VALUES (4)")
    assert ids(postgresql) == [1, 2, 3, 4]
    assert sequences(postgresql) == ["t_id_seq"]


@needs("1.4")
def test_serial_in_a_schema_with_odd_names(postgresql) -> None:
    """Names that need quotes, and schemas, are no obstacle."""
    postgresql.execute(
        'CREATE SCHEMA "S x"', 'CREATE TABLE "S x"."T y" ("Id z" serial PRIMARY KEY)'
    )
    with migrated(postgresql) as op:
        op.alter_column("T y", "Id z", schema="S x", server_default=sa.Identity())
        op.alter_column("T y", "Id z", schema="S x", server_default=None)
    with postgresql.engine.connect() as connection:
        (found,) = sa.inspect(connection).get_columns("T y", schema="S x")
    assert "identity" not in found
    assert found["default"] is None


@needs("1.4")
def test_plain_column_becomes_identity_and_back(postgresql) -> None:
    """A default that stands in the way is taken off; the way back needs no hint."""
    postgresql.execute("CREATE TABLE t (id integer NOT NULL DEFAULT 5)")
    with migrated(postgresql) as op:
        op.alter_column("t", "id", server_default=sa.Identity(start=100))
    assert column(postgresql, "id")["identity"]["start"] == 100
    with migrated(postgresql) as op:
        op.alter_column("t", "id", server_default=None)
    assert "identity" not in column(postgresql, "id")
    with migrated(postgresql) as op:
        op.alter_column("t", "id", server_default=sa.Identity())
        op.alter_column(
            "t",
            "id",
            server_default=sa.Identity(always=True, increment=2),
            existing_server_default=sa.Identity(),
        )
        op.alter_column(
            "t", "id", server_default="7", existing_server_default=sa.Identity()
        )
    assert column(postgresql, "id")["default"] == "7"


def test_type_and_default_change_together(postgresql) -> None:
    """A default that cannot follow the type is taken off and set again."""
    postgresql.execute("CREATE TABLE t (v varchar(5) DEFAULT 'f', n text DEFAULT '5')")
    with migrated(postgresql) as op:
        op.alter_column(
            "t",
            "v",
            type_=sa.Boolean(),
            existing_type=sa.String(5),
            server_default=sa.false(),
            existing_server_default=sa.text("'f'::character varying"),
            postgresql_using="v::boolean",
        )
        op.alter_column(
            "t",
            "n",
            type_=sa.Integer(),
            existing_type=sa.Text(),
            existing_server_default=sa.text("'5'::text"),
            postgresql_using="n::integer",
        )
    assert isinstance(column(postgresql, "v")["type"], sa.Boolean)
    assert column(postgresql, "v")["default"] == "false"
    assert isinstance(column(postgresql, "n")["type"], sa.Integer)
    assert column(postgresql, "n")["default"] == "5"


def invalid_indexes(database):
    """Return the names of indexes, and whether each is valid."""
    return dict(
        map(
            tuple,
            database.execute(
                "SELECT relname, indisvalid FROM pg_index JOIN pg_class "
                "ON oid = indexrelid WHERE relname LIKE 'ix%'"
            ),
        )
    )


def test_concurrent_index_leaves_the_transaction(postgresql) -> None:
    """CONCURRENTLY works in the middle of a migration, which goes on afterwards."""
    with migrated(postgresql) as op:
        op.create_table("t", sa.Column("a", sa.Integer))
        op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
        op.add_column("t", sa.Column("b", sa.Integer))
        op.drop_index("ix", "t", postgresql_concurrently=True)
        op.create_index("ix_b", "t", ["b"], postgresql_concurrently=True)
    assert invalid_indexes(postgresql) == {"ix_b": True}


def test_concurrent_index_in_the_callers_transaction(postgresql) -> None:
    """In a transaction that is not ours, the error says so and what to do."""
    postgresql.execute("CREATE TABLE t (a integer)")
    with postgresql.engine.connect() as connection, connection.begin():
        op = Operations(MigrationContext.configure(connection))
        with pytest.raises(CommandError, match="CONCURRENTLY ix cannot run inside"):
            op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
    assert invalid_indexes(postgresql) == {}


@pytest.mark.parametrize("schema", [None, "public"])
@pytest.mark.parametrize(
    "if_not_exists", [None, pytest.param(True, marks=needs("1.4"))]
)
def test_invalid_index_is_replaced(postgresql, schema, if_not_exists, caplog) -> None:
    """What a failed concurrent build has left is dropped by the next attempt."""

    def build() -> None:
        with migrated(postgresql) as op:
            op.create_index(
                "ix",
                "t",
                ["a"],
                unique=True,
                schema=schema,
                if_not_exists=if_not_exists,
                postgresql_concurrently=True,
            )

    postgresql.execute("CREATE TABLE t (a integer)", "INSERT INTO t VALUES (1), (1)")
    with pytest.raises(exc.IntegrityError):
        build()
    assert invalid_indexes(postgresql) == {"ix": False}
    postgresql.execute("DELETE FROM t")
    build()
    assert invalid_indexes(postgresql) == {"ix": True}
    assert "a failed concurrent build has left it" in caplog.text


def test_serial_columns_are_found_with_one_query(postgresql) -> None:
    """However many tables there are, their sequences are asked for once."""
    for number in range(5):
        postgresql.execute(f"CREATE TABLE t{number} (id serial, n integer DEFAULT 5)")
    postgresql.execute("CREATE SEQUENCE own", "CREATE TABLE o (id int)")
    postgresql.execute("ALTER TABLE o ALTER id SET DEFAULT nextval('own')")
    with postgresql.engine.connect() as connection:
        impl = MigrationContext.configure(connection).impl
        inspector = sa.inspect(connection)
        metadata = sa.MetaData()
        tables = [sa.Table(f"t{n}", metadata) for n in range(5)]
        tables.append(sa.Table("o", metadata))
        columns = {t: inspector.get_columns(t.name) for t in tables}
        seen = []
        sa.event.listen(
            connection,
            "before_cursor_execute",
            lambda conn, cursor, statement, *rest: seen.append(statement),
        )
        for table, records in columns.items():
            for record in records:
                impl.autogen_column_reflect(inspector, table, record)
    assert len(seen) == 1
    assert ["default" in columns[t][0] for t in tables] == [False] * 5 + [True]
    assert columns[tables[0]][1]["default"] == "5"


@needs("2.0")
def test_reflected_indexes_are_those_that_were_created(postgresql) -> None:
    """An index compared with its own reflection is equal, whatever it is made of."""
    from alembic.autogenerate.compare.reflected import make_index

    metadata = sa.MetaData()
    t = sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Text),
        sa.Column("j", sa.dialects.postgresql.JSONB),
        sa.Column("ts", sa.DateTime),
    )
    sa.Index("ix_desc", t.c.a.desc(), t.c.b)
    sa.Index("ix_nulls", t.c.a.desc().nullslast(), t.c.b.nullsfirst())
    sa.Index("ix_lower", sa.func.lower(t.c.b), postgresql_where=t.c.a > 5)
    sa.Index("ix_gin", t.c.j, postgresql_using="gin")
    sa.Index("ix_ops", t.c.b, postgresql_ops={"b": "text_pattern_ops"})
    sa.Index("ix_include", t.c.a, unique=True, postgresql_include=["b"])
    sa.Index("ix_with", t.c.a, postgresql_with={"fillfactor": 50})
    for name, sql in {
        "case": "(case when a in (1, 2) then 1 else 0 end)",
        "trim": "upper(trim(b))",
        "not": "(a != 1)",
        "between": "(a between 1 and 2)",
        "like": "(b like 'x%')",
        "year": "extract(year from ts)",
        "join": "(b || 'x')",
        "coalesce": "coalesce(b, 'y')",
        "sub": "substring(b from 1 for 2)",
        "zone": "(ts at time zone 'utc')",
        "json": "(j ->> 'k')",
        "null": "(b is null)",
        "cast": "(a::text)",
        "position": "position('x' in b)",
    }.items():
        sa.Index(f"ix_{name}", sa.text(sql.replace("::", "\\:\\:")), _table=t)
    metadata.create_all(postgresql.engine)
    with postgresql.engine.connect() as connection:
        impl = MigrationContext.configure(connection).impl
        inspector = sa.inspect(connection)
        reflected = sa.Table("t", sa.MetaData())
        inspector.reflect_table(reflected, None)
        records = {record["name"]: record for record in inspector.get_indexes("t")}
        different = {}
        for index in t.indexes:
            found = make_index(impl, records[index.name], reflected)
            result = impl.compare_indexes(index, found)
            if not result.is_equal:
                different[index.name] = result.message
    assert different == {}


COLOR = {"name": "color"}


def with_enum(op, table, *labels, **kw):
    """Create a table with a column of an enum."""
    op.create_table(
        table, sa.Column("x", sa.Enum(*labels or ("a", "b"), **COLOR)), **kw
    )


def labels(database):
    rows = database.execute("SELECT unnest(enum_range(NULL::color))::text")
    return [row[0] for row in rows]


def test_an_enum_is_created_when_it_is_not_there(postgresql) -> None:
    """Tables of one run and of several share it; one that was dropped comes again."""
    with migrated(postgresql) as op:
        with_enum(op, "one")
        with_enum(op, "two")
    with migrated(postgresql) as op:
        with_enum(op, "three")
        for table in ("one", "two", "three"):
            op.drop_table(table)
        op.execute("DROP TYPE color")
        with_enum(op, "four", "c")
    assert labels(postgresql) == ["c"]


def test_an_enum_with_other_labels_is_not_taken_for_it(postgresql) -> None:
    """PostgreSQL's own error says that the name is taken."""
    with migrated(postgresql) as op:
        with_enum(op, "one")
    taken = pytest.raises(exc.ProgrammingError, match='type "color" already exists')
    with taken, migrated(postgresql) as op:
        with_enum(op, "two", "c")


def test_a_dropped_enum_comes_again_in_a_script() -> None:
    """What the script drops is not taken for created."""
    recorder = Recorder("postgresql")
    with_enum(recorder.op, "one")
    recorder.op.execute('DROP TYPE IF EXISTS other, "color" CASCADE')
    with_enum(recorder.op, "two")
    with_enum(recorder.op, "three")
    kinds = [statement.split("(")[0] for statement in recorder.statements]
    assert kinds == [
        "CREATE TYPE color AS ENUM ",
        "CREATE TABLE one ",
        'DROP TYPE IF EXISTS other, "color" CASCADE',
        "CREATE TYPE color AS ENUM ",
        "CREATE TABLE two ",
        "CREATE TABLE three ",
    ]


@needs("1.4")
def test_expression_of_a_column_changes(postgresql) -> None:
    """What is computed is computed anew; without an expression, values stay."""
    first, second = (sa.Computed(f"a + {n}", persisted=True) for n in (1, 2))
    with migrated(postgresql) as op:
        op.create_table(
            "t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, first)
        )
        op.execute("INSERT INTO t (a) VALUES (10)")
        op.alter_column("t", "b", server_default=second, existing_server_default=first)
    assert postgresql.execute("SELECT b FROM t") == [(12,)]
    with migrated(postgresql) as op:
        op.alter_column("t", "b", server_default="7", existing_server_default=second)
        op.execute("INSERT INTO t (a) VALUES (20)")
    assert postgresql.execute("SELECT b FROM t ORDER BY a") == [(12,), (7,)]
    with migrated(postgresql) as op, pytest.raises(
        exc.CompileError, match="add it again"
    ):
        op.alter_column("t", "b", server_default=first, existing_server_default="7")


@needs("1.4")
def test_expressions_are_fixed_before_17(postgresql) -> None:
    """An older server is not sent what it has no words for."""
    both = {
        "server_default": sa.Computed("a + 2"),
        "existing_server_default": sa.Computed("a"),
    }
    with migrated(postgresql) as op:
        op.get_bind().dialect.server_version_info = (16, 3)
        with pytest.raises(
            CommandError, match="PostgreSQL 16 cannot .* drop the column"
        ):
            op.alter_column("t", "b", **both)
