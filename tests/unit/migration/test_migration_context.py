"""MigrationContext without a database: how it is made and what it says."""

from __future__ import annotations

import io
import logging

import pytest
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql

from alembic.migration import MigrationContext
from alembic.util.exc import CommandError
from tests.support.steps import FakeHistory

LOGGER = "alembic.runtime.migration"


def lines(caplog):
    return [(record.name, record.getMessage()) for record in caplog.records]


def test_log_lines_of_configure(caplog):
    """The lines that a context logs when it is made are the well-known ones."""
    caplog.set_level(logging.INFO)
    MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": io.StringIO()}
    )
    MigrationContext.configure(dialect_name="sqlite")
    assert lines(caplog) == [
        (LOGGER, "Context impl PostgresqlImpl."),
        (LOGGER, "Generating static SQL"),
        (LOGGER, "Will assume transactional DDL."),
        (LOGGER, "Context impl SQLiteImpl."),
        (LOGGER, "Will assume non-transactional DDL."),
    ]


def test_log_lines_of_a_run(caplog):
    """Each step is logged before it runs, with its message."""
    caplog.set_level(logging.DEBUG)
    context = MigrationContext.configure(
        dialect_name="sqlite",
        opts={"as_sql": True, "output_buffer": io.StringIO(), "fn": FakeHistory("ab")},
    )
    caplog.clear()
    context.run_migrations()
    assert lines(caplog) == [
        (LOGGER, "Running upgrade  -> a, does a"),
        (LOGGER, "new branch insert a"),
        (LOGGER, "Running upgrade a -> b, does b"),
        (LOGGER, "update a to b"),
    ]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"url": "postgresql://user:secret@host/db"}, "postgresql"),
        ({"url": "mysql://host/db", "dialect_name": "sqlite"}, "mysql"),
        ({"dialect_name": "mssql"}, "mssql"),
        ({"dialect": postgresql.dialect()}, "postgresql"),
        ({"dialect_name": "oracle", "dialect": postgresql.dialect()}, "oracle"),
    ],
)
def test_where_the_dialect_comes_from(given, name):
    """A URL decides over a name, and a name over a dialect."""
    assert MigrationContext.configure(**given).dialect.name == name


def test_dialect_options():
    """dialect_opts reach the dialect."""
    context = MigrationContext.configure(
        dialect_name="postgresql", dialect_opts={"paramstyle": "named"}
    )
    assert context.dialect.paramstyle == "named"


class RunSync:
    """Looks like an AsyncConnection."""

    def run_sync(self):
        """Do nothing."""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Connection, url, or dialect_name is required."),
        ({"dialect_name": "nosuch"}, "'nosuch'"),
        ({"url": "nosuch://u:secret@h/d"}, "nosuch"),
        ({"url": "what is this"}, "cannot tell the dialect"),
        ({"connection": create_engine("sqlite://")}, "with engine.connect()"),
        ({"connection": RunSync()}, "run_sync"),
        ({"connection": object()}, "is expected to be a sqlalchemy.engine.Connection"),
    ],
)
def test_what_cannot_be_configured(given, words):
    """What names no dialect is refused in one line that shows no password."""
    with pytest.raises(CommandError) as error:
        MigrationContext.configure(**given)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "opts",
    [{"lock": "maybe"}, {"lock_timeout": "soon"}],
)
def test_bad_lock_options(opts):
    """A lock option that is neither yes, no nor a number names itself."""
    with pytest.raises(CommandError, match=next(iter(opts))):
        MigrationContext.configure(dialect_name="sqlite", opts=opts)


def test_defaults():
    """A context without options has the documented defaults."""
    context = MigrationContext.configure(dialect_name="sqlite")
    assert context.version_table == "alembic_version"
    assert context.version_table_schema is None
    assert context.as_sql is False
    assert context.script is None
    assert context.config is None
    assert context.bind is None
    assert context.on_version_apply_callbacks == ()
    assert context._version.name == "alembic_version"


def test_unknown_options_are_kept():
    """Options that are not known here stay in opts, for those who know them."""
    opts = {"my_own": object()}
    context = MigrationContext.configure(dialect_name="sqlite", opts=opts)
    assert context.opts is opts


@pytest.mark.parametrize("as_sql", [True, False])
def test_running_without_work(as_sql):
    """A context without fn says that there is nothing to run."""
    context = MigrationContext.configure(
        dialect_name="sqlite",
        opts={"as_sql": True, "output_buffer": io.StringIO()},
    )
    with pytest.raises(CommandError, match="without 'fn'"):
        context.run_migrations()


def test_reading_without_a_connection():
    """Asking where no connection can answer says so."""
    context = MigrationContext.configure(url="sqlite://")
    with pytest.raises(CommandError, match="without a connection"):
        context.get_current_heads()


def test_callbacks_are_told_by_keyword():
    """on_version_apply gets ctx, step, heads and run_args after each step."""
    seen = []

    def callback(*, ctx, step, heads, run_args):
        seen.append((ctx, step.revision, heads, run_args))

    context = MigrationContext.configure(
        dialect_name="sqlite",
        opts={
            "as_sql": True,
            "output_buffer": io.StringIO(),
            "fn": FakeHistory("ab"),
            "on_version_apply": (callback, callback),
        },
    )
    context.run_migrations(tenant="blue")
    assert seen == [
        (context, revision, {revision}, {"tenant": "blue"}) for revision in "aabb"
    ]


def test_work_of_a_generator_is_lazy():
    """Steps that are generated one by one are run one by one."""
    order = []

    def fn(heads, context):
        for step in FakeHistory("ab", {r: lambda c: order.append("run") for r in "ab"})(
            heads, context
        ):
            order.append("made")
            yield step

    MigrationContext.configure(
        dialect_name="sqlite",
        opts={"as_sql": True, "output_buffer": io.StringIO(), "fn": fn},
    ).run_migrations()
    assert order == ["made", "run", "made", "run"]


def test_too_long_an_identifier_is_refused_before_anything_runs():
    """An identifier that the version table cannot hold stops the run at once."""
    history = FakeHistory(["a", "b" * 40])
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "output_buffer": buffer, "fn": history},
    )
    with pytest.raises(CommandError, match="40 characters.*holds 32"):
        context.run_migrations()
    assert buffer.getvalue() == ""
    assert history.ran == []
