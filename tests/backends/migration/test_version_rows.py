"""The version table in a database: made, read, changed, counted."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect
from sqlalchemy import text

from alembic.migration import HeadMaintainer
from alembic.migration import MigrationContext
from alembic.sqla import connections
from alembic.sqla.connections import has_table
from alembic.sqla.connections import rollback
from alembic.util.exc import CommandError
from tests.support.steps import FakeHistory


@pytest.fixture
def connection(database):
    with database.engine.connect() as connection:
        yield connection


def configured(connection, **opts):
    return MigrationContext.configure(connection, opts=opts)


def upgrade(connection, revisions, **opts):
    context = configured(connection, fn=FakeHistory(revisions), **opts)
    with context.begin_transaction():
        context.run_migrations()
    return context


def test_empty_database(connection):
    """A database without a version table is at no revision, and stays without."""
    context = configured(connection)
    assert context.get_current_revision() is None
    assert context.get_current_heads() == ()
    assert not has_table(connection, "alembic_version")


def test_shape_of_the_table(connection):
    """The version table is the well-known one."""
    upgrade(connection, "a")
    found = inspect(connection)
    (column,) = found.get_columns("alembic_version")
    assert column["name"] == "version_num"
    assert column["type"].length == 32
    assert column["nullable"] is False
    assert found.get_pk_constraint("alembic_version")["constrained_columns"] == [
        "version_num"
    ]


def test_made_although_there_is_nothing_to_run(database, connection):
    """A run without steps makes the version table, as those who wait for it expect."""
    upgrade(connection, "")
    rollback(connection)
    assert database.execute("SELECT * FROM alembic_version") == []


def test_not_made_when_only_looking(connection):
    """A run that must not change anything does not make it."""
    upgrade(connection, "", dont_mutate=True)
    assert not has_table(connection, "alembic_version")


def test_other_name_without_key(database, connection):
    """Name and missing primary key are honoured."""
    context = upgrade(
        connection, "a", version_table="My Versions", version_table_pk=False
    )
    assert context.get_current_revision() == "a"
    assert (
        inspect(connection).get_pk_constraint("My Versions")["constrained_columns"]
        == []
    )


def test_purge(database, connection):
    """With purge, the rows that are there are no obstacle."""
    upgrade(connection, "a")
    history = FakeHistory("b")
    context = configured(connection, fn=history, purge=True)
    with context.begin_transaction():
        context.run_migrations()
    assert history.asked == [()]
    rollback(connection)
    assert database.execute("SELECT version_num FROM alembic_version") == [("b",)]


def test_ensure(database, connection):
    """_ensure_version_table() commits what it makes when nobody has begun."""
    context = configured(connection)
    context._ensure_version_table()
    context._ensure_version_table()
    rollback(connection)
    assert database.execute("SELECT * FROM alembic_version") == []
    database.execute("INSERT INTO alembic_version VALUES ('a')")
    context._ensure_version_table(purge=True)
    assert database.execute("SELECT * FROM alembic_version") == []


def test_several_heads(database, connection):
    """Several rows are several heads, and no single revision."""
    context = configured(connection)
    context._ensure_version_table()
    database.execute("INSERT INTO alembic_version VALUES ('a'), ('b')")
    assert sorted(context.get_current_heads()) == ["a", "b"]
    with pytest.raises(CommandError) as error:
        context.get_current_revision()
    assert str(error.value) == (
        "Version table 'alembic_version' has more than one head present; please use "
        "get_current_heads()"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda maintainer: maintainer._update_version("a", "b"),
            "when updating 'a' to 'b' in 'alembic_version'; 0 found",
        ),
        (
            lambda maintainer: maintainer._delete_version("a"),
            "when deleting 'a' in 'alembic_version'; 0 found",
        ),
    ],
)
def test_a_row_that_is_not_there(connection, change, words):
    """Changing a row that is not there names what was expected and what was found."""
    context = configured(connection)
    context._ensure_version_table()
    maintainer = HeadMaintainer(context, ["a"])
    with pytest.raises(CommandError) as error:
        change(maintainer)
    assert str(error.value) == f"Online migration expected to match one row {words}"
    assert maintainer.heads == {"a"}


def test_a_row_that_is_there_twice(connection):
    """Two equal rows are more than the one that is expected."""
    context = configured(connection, version_table_pk=False)
    context._ensure_version_table()
    rows = text("INSERT INTO alembic_version VALUES ('a'), ('a')")
    connections.execute(connection, rows)
    with pytest.raises(CommandError, match="match one row.*; 2 found"):
        HeadMaintainer(context, ["a"])._delete_version("a")


def test_schema_is_made_where_it_is_missing(postgresql):
    """The schema of the version table is made when it is missing."""
    with postgresql.engine.connect() as connection:
        context = upgrade(connection, "a", version_table_schema="elsewhere")
        assert context.get_current_revision() == "a"
        rollback(connection)
    assert postgresql.execute("SELECT * FROM elsewhere.alembic_version") == [("a",)]


def test_schema_that_cannot_be_made(postgresql):
    """Who may not make the schema is told which, and where it comes from."""
    postgresql.execute("DROP ROLE IF EXISTS nobody_here", "CREATE ROLE nobody_here")
    with postgresql.engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(text("SET ROLE nobody_here"))
        transaction.commit()
        with pytest.raises(CommandError) as error:
            upgrade(connection, "a", version_table_schema="elsewhere")
        rollback(connection)
    assert "Schema 'elsewhere'" in str(error.value)
    assert "permission denied" in str(error.value)
    assert "version_table_schema" in str(error.value)
    postgresql.execute("DROP ROLE nobody_here")


@pytest.mark.parametrize("backend", ["sqlite", "mariadb"])
def test_schema_is_asked_for(backend, request):
    """Where a schema is a database, the user is asked to make it."""
    database = request.getfixturevalue(backend)
    with database.engine.connect() as connection, pytest.raises(
        CommandError, match="'elsewhere'.*does not exist; create"
    ):
        upgrade(connection, "a", version_table_schema="elsewhere")


def test_schema_translate_map(postgresql):
    """The version table goes where schema_translate_map sends its schema."""
    postgresql.execute("CREATE SCHEMA tenant")
    for _ in range(2):
        with postgresql.engine.connect() as connection:
            translated = connection.execution_options(
                schema_translate_map={None: "tenant"}
            )
            history = FakeHistory("a")
            context = configured(translated, fn=history)
            with context.begin_transaction():
                context.run_migrations()
    assert history.ran == []
    assert postgresql.execute("SELECT * FROM tenant.alembic_version") == [("a",)]


@pytest.mark.parametrize("backend", ["postgresql", "mariadb"])
def test_long_identifiers(backend, request):
    """An identifier must fit into the column as the database has it."""
    database = request.getfixturevalue(backend)
    long = "b" * 40
    with database.engine.connect() as connection:
        history = FakeHistory(["a", long])
        context = configured(connection, fn=history)
        with pytest.raises(
            CommandError, match="40 characters.*holds 32"
        ), context.begin_transaction():
            context.run_migrations()
        assert history.ran == []
    with database.engine.connect() as connection:
        upgrade(connection, "a")
        rollback(connection)
    change = {
        "postgresql": "ALTER TABLE alembic_version ALTER version_num TYPE VARCHAR(99)",
        "mariadb": "ALTER TABLE alembic_version MODIFY version_num VARCHAR(99)",
    }
    database.execute(change[backend])
    with database.engine.connect() as connection:
        upgrade(connection, ["a", long])
        rollback(connection)
    assert database.execute("SELECT version_num FROM alembic_version") == [(long,)]


def test_statements_of_a_step(database):
    """A step that does nothing costs one statement: the change of its row."""
    with database.engine.connect() as connection:
        upgrade(connection, "a")
    statements = database.recorded()
    costs = []
    for revisions in ("abc", "abcdefghi"):
        del statements[:]
        with database.engine.connect() as connection:
            upgrade(connection, revisions)
        costs.append(len(statements))
    # two steps, then six
    assert costs[1] - costs[0] == 4
