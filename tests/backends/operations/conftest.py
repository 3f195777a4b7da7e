"""An `op` on a real database, and a look into its catalogue."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla import connections
from alembic.sqla.version import sqla_1_4

if_exists = pytest.mark.skipif(
    not sqla_1_4, reason="IF EXISTS came with SQLAlchemy 1.4"
)


class Migrated:
    """A database on which operations run, each block in a transaction of its own."""

    def __init__(self, database):
        self.database = database
        self.name = database.name

    @contextmanager
    def op(self, **opts):
        """Run operations and commit."""
        with self.database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=opts)
            with context.begin_transaction():
                yield Operations(context)
            # where DDL commits by itself, that transaction does nothing for rows
            connections.commit(connection)

    @contextmanager
    def look(self):
        """Return an inspector that knows nothing yet."""
        with self.database.engine.connect() as connection:
            yield sa.inspect(connection)

    def tables(self, schema=None):
        with self.look() as inspector:
            return sorted(inspector.get_table_names(schema=schema))

    def columns(self, table, schema=None):
        """Return the columns by name."""
        with self.look() as inspector:
            return {
                column["name"]: column
                for column in inspector.get_columns(table, schema=schema)
            }

    def indexes(self, table):
        """Return names of indexes with their columns and whether they are unique."""
        with self.look() as inspector:
            return {
                index["name"]: (index["column_names"], bool(index["unique"]))
                for index in inspector.get_indexes(table)
                if not index.get("duplicates_constraint")
            }

    def uniques(self, table):
        with self.look() as inspector:
            return {
                unique["name"]: unique["column_names"]
                for unique in inspector.get_unique_constraints(table)
            }

    def checks(self, table):
        with self.look() as inspector:
            return {
                check["name"]: check["sqltext"]
                for check in inspector.get_check_constraints(table)
            }

    def foreign_keys(self, table):
        with self.look() as inspector:
            return {
                key["name"]: (
                    key["constrained_columns"],
                    key["referred_table"],
                    key["referred_columns"],
                    {
                        name: value
                        for name, value in key["options"].items()
                        if value not in (None, "RESTRICT", "NO ACTION")
                    },
                )
                for key in inspector.get_foreign_keys(table)
            }

    def primary_key(self, table):
        with self.look() as inspector:
            return inspector.get_pk_constraint(table)["constrained_columns"]

    def comment(self, table):
        with self.look() as inspector:
            return inspector.get_table_comment(table)["text"]

    def rows(self, sql):
        """Return what a query finds."""
        return [tuple(row) for row in self.database.execute(sql)]


@pytest.fixture
def migrated(database):
    """A database with operations; the test runs once on each backend."""
    return Migrated(database)


@pytest.fixture
def migrated_on(request):
    """A function that returns the same on one backend."""
    return lambda backend: Migrated(request.getfixturevalue(backend))


@pytest.fixture
def on_postgresql(postgresql):
    """The same on PostgreSQL alone."""
    return Migrated(postgresql)


@pytest.fixture
def on_sqlite(sqlite):
    """The same on SQLite alone."""
    return Migrated(sqlite)


@pytest.fixture
def altered(request):
    """The same, only where tables can be altered freely."""
    return Migrated(request.getfixturevalue(request.param))


def pytest_generate_tests(metafunc):
    if "altered" in metafunc.fixturenames:
        metafunc.parametrize("altered", ["postgresql", "mariadb"], indirect=True)
