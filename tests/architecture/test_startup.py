"""What a light command may load, seen in a fresh interpreter."""

from __future__ import annotations

import json

import pytest

from alembic.util import compat

HEAVY = ("sqlalchemy", "mako", "asyncio", "importlib.metadata", "alembic.ddl")

# parts of the standard library that cost as much as the whole of a light command
WEIGHTY = (
    "dataclasses",
    "datetime",
    "inspect",
    "logging",
    "pathlib",
    "subprocess",
    "tempfile",
    "threading",
    "traceback",
    "typing",
)

# what the environment itself has loaded, for an editable installation, is forgotten;
# so is what argparse itself loads, which is more on Python 3.8
PROBE = """
import argparse, json, sys
for name in list(sys.modules):
    if name.partition(".")[0] in WEIGHTY:
        del sys.modules[name]
from alembic.config import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
print()
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture
def history(terminal):
    """A project with two revisions and no database."""
    terminal.alembic("init", "migrations").ok()
    terminal.alembic("revision", "-m", "one").ok()
    terminal.alembic("revision", "-m", "two").ok()
    return terminal


def loaded(terminal, *argv):
    """Return the modules that a command has loaded in the end."""
    outcome = terminal.python(f"WEIGHTY = {WEIGHTY!r}\n{PROBE}", *argv).ok()
    return set(json.loads(outcome.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "argv",
    [
        ("heads",),
        ("heads", "--verbose"),
        ("history",),
        ("history", "--verbose"),
        ("branches",),
        ("show", "head"),
        ("list_templates",),
    ],
    ids=" ".join,
)
def test_readers_load_nothing_heavy(history, argv):
    """A command that only reads revision files loads no SQLAlchemy and no Mako."""
    assert not loaded(history, *argv) & {*HEAVY, *WEIGHTY}


@pytest.mark.parametrize(
    "argv",
    [("revision", "-m", "three"), ("merge", "heads", "-m", "m")],
    ids=" ".join,
)
def test_writers_load_nothing_heavy(history, argv):
    """A command that writes a revision file needs no database and no Mako.

    Not even the template language is loaded for the templates that come with Alembic.
    """
    if argv[0] == "merge":
        history.alembic("revision", "-m", "b", "--head", "base", "--splice").ok()
    modules = loaded(history, *argv)
    # before Python 3.12 its classes are to be had without it
    dates = () if compat.py312 else ("datetime",)
    assert not modules & {*HEAVY, "typing", *dates}


def test_help_and_version_load_next_to_nothing(terminal):
    """Asking for help or the version does not even load the commands' helpers."""
    for argv in (["--help"], ["--version"]):
        modules = loaded(terminal, *argv)
        if argv == ["--help"] and "_colorize" in modules:
            # what Python 3.14 and newer write help with
            modules -= {"dataclasses", "inspect"}
        options = {"configparser", "alembic.settings"}
        assert not modules & {*HEAVY, *WEIGHTY, *options, "alembic.script"}


def test_importing_the_package_loads_no_submodule_of_weight(terminal):
    """`import alembic` alone costs nothing, yet its parts are there on first touch."""
    code = (
        "import alembic, sys\n"
        "assert 'sqlalchemy' not in sys.modules\n"
        "assert [int(part) for part in alembic.__version__.split('.')] >= [1, 21, 0]\n"
        "for name in ('op context command config script util runtime autogenerate '\n"
        "             'operations migration environment ddl').split():\n"
        "    getattr(alembic, name)\n"
        "alembic.util.exc.CommandError, alembic.runtime.migration.MigrationContext\n"
        "alembic.script.ScriptDirectory, alembic.config.Config\n"
    )
    terminal.python(code).ok()


def test_a_batch_on_sqlite_loads_nothing_for_other_databases(terminal):
    """What makes a table anew by SQLAlchemy's description of it is not needed there."""
    code = (
        "import sys\n"
        "import sqlalchemy as sa\n"
        "from alembic.migration import MigrationContext\n"
        "from alembic.operations import Operations\n"
        "with sa.create_engine('sqlite://').begin() as connection:\n"
        "    connection.execute(sa.text('CREATE TABLE t (a INTEGER, b INTEGER)'))\n"
        "    op = Operations(MigrationContext.configure(connection))\n"
        "    with op.batch_alter_table('t') as batch:\n"
        "        batch.alter_column('a', nullable=False)\n"
        "        batch.drop_column('b')\n"
        "    assert len(sa.inspect(connection).get_columns('t')) == 1\n"
        "assert 'alembic.operations.batch.recorder' in sys.modules\n"
        "for name in ('rebuild', 'changed_table', 'copies'):\n"
        "    assert 'alembic.operations.batch.' + name not in sys.modules\n"
    )
    terminal.python(code).ok()


def test_only_the_dialect_in_use_is_loaded(terminal):
    """A SQLite context loads no code for the other dialects."""
    code = (
        "import sys\n"
        "from sqlalchemy import create_engine\n"
        "from alembic.migration import MigrationContext\n"
        "with create_engine('sqlite://').connect() as connection:\n"
        "    MigrationContext.configure(connection)\n"
        "loaded = {m for m in sys.modules if m.startswith('alembic.ddl.')}\n"
        "assert 'alembic.ddl.sqlite' in loaded\n"
        "for other in ('postgresql', 'mysql', 'mssql', 'oracle'):\n"
        "    assert not any(m.startswith('alembic.ddl.' + other) for m in loaded)\n"
        "    assert f'sqlalchemy.dialects.{other}' not in sys.modules\n"
    )
    terminal.python(code).ok()


def test_asking_where_a_database_is_loads_no_operations(history):
    """`current` and `history` of a database need nothing that changes one."""
    history.edit("alembic.ini", "driver://user:pass@localhost/dbname", "sqlite:///d.db")
    history.alembic("upgrade", "head").ok()
    for argv in (("current",), ("history", "--indicate-current")):
        assert not [
            name
            for name in loaded(history, *argv)
            if name.startswith(("alembic.operations", "alembic.autogenerate"))
        ]
