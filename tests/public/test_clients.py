"""Names without a promise that published programs use all the same mean what they did."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import sqlalchemy as sa

import alembic
from alembic import command
from alembic import op
from alembic.autogenerate import RevisionContext
from alembic.autogenerate.rewriter import Rewriter
from alembic.config import CommandLine
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import ops
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionMap

REVISION = """
revision = {0!r}
down_revision = {1!r}
def upgrade(): pass
def downgrade(): pass
"""


@pytest.fixture
def script(tmp_path):
    """Two revisions, a1 and b2, in a folder."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "script.py.mako").write_text("")
    for id_, down in (("a1", None), ("b2", "a1")):
        (tmp_path / "versions" / f"{id_}.py").write_text(REVISION.format(id_, down))
    return ScriptDirectory(str(tmp_path))


@pytest.fixture
def context():
    """A context on a database in memory."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield MigrationContext.configure(connection)
    engine.dispose()


def test_steps_of_a_script_directory(script):
    """Each kind of move is planned by a method of its own."""
    ups = script._upgrade_revs("head", ())
    assert [step.revision.revision for step in ups] == ["a1", "b2"]
    downs = script._downgrade_revs("base", ("b2",))
    assert [step.revision.revision for step in downs] == ["b2", "a1"]
    assert [step.to_revisions for step in script._stamp_revs("head", ())] == [("b2",)]


def test_a_program_makes_the_map_anew(script):
    """The revisions are loaded by a method that fits `RevisionMap`."""
    script.revision_map = RevisionMap(script._load_revisions)
    assert script.get_heads() == ["b2"]
    assert set(script.revision_map._real_heads) == {"b2"}
    assert {"a1", "b2"} <= set(script.revision_map._revision_map)
    assert script.revision_map._resolve_branch("b2").revision == "b2"


def test_places_of_a_script_directory(script, tmp_path):
    """Where revisions lie, and where a new one would."""
    assert [str(one) for one in script._version_locations] == [
        str(tmp_path / "versions")
    ]
    path = script._rev_path(str(tmp_path), "c3", "message", datetime(2024, 1, 2))
    assert str(path).endswith("c3_message.py")


def test_the_version_table_of_a_context(context):
    """It can be made, asked for, emptied and read as a table."""
    assert context._version.name == "alembic_version"
    assert not context._has_version_table()
    context._ensure_version_table()
    assert context._has_version_table()
    context.connection.execute(context._version.insert().values(version_num="a1"))
    context._ensure_version_table(purge=True)
    assert context.get_current_heads() == ()


def test_a_context_runs_what_it_is_given_later(context):
    """A program may set the function that says which steps to take."""
    seen = []
    context._migrations_fn = lambda heads, ctx: seen.append((heads, ctx)) or []
    context.run_migrations()
    assert seen == [((), context)]


def test_operations_know_where_they_come_from():
    """An operation made from a schema object can be undone by what it keeps."""
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    create = ops.CreateTableOp.from_table(table)
    assert create._namespace_metadata is table.metadata
    assert create._constraints_included is True
    assert isinstance(ops.DropTableOp.from_table(table)._reverse, ops.CreateTableOp)
    dropped = ops.DropColumnOp.from_column_and_tablename(None, "t", table.c.a)
    assert dropped._reverse.column.name == "a"


def test_rewriters_learn_of_new_containers():
    """An extension registers how to get at what its operation holds."""

    class Box(ops.MigrateOperation):
        def __init__(self, *held):
            self.held = list(held)

    opened = []
    Rewriter._traverse.dispatch_for(Box)(
        lambda self, context, revision, box: opened.append(box)
    )
    box = Box(ops.ExecuteSQLOp("SELECT 1"))
    directives = [ops.MigrationScript("a", ops.UpgradeOps([box]), ops.DowngradeOps([]))]
    Rewriter()(None, (), directives)
    assert opened == [box]


def test_what_a_revision_context_has_made(script):
    """The scripts of a run are kept in a list, the folder beside it."""
    args = {
        "message": "m", "sql": False, "head": "head", "splice": False,
        "branch_label": None, "version_path": None, "rev_id": "c3", "depends_on": None,
    }  # fmt: skip
    made = RevisionContext(Config(), script, args)
    assert made.script_directory is script
    assert [type(one) for one in made.generated_revisions] == [ops.MigrationScript]


def test_command_lines_are_built_upon():
    """Programs add to the parser, and know commands by their module and text."""
    line = CommandLine(prog="program")
    assert line.parser.prog == "program"
    assert "upgrade" in line.subparsers.choices
    for name in ("upgrade", "downgrade", "revision", "stamp", "current", "history"):
        function = getattr(command, name)
        assert function.__module__ == "alembic.command"
        assert function.__doc__


def test_configurations_are_built_upon(tmp_path):
    """A subclass brings templates of its own; the separator can be asked for."""

    class Own(Config):
        def get_template_directory(self):
            return str(tmp_path)

    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "README").write_text("Nothing in it.\n")
    output = io.StringIO()
    own = Own(stdout=output)
    command.list_templates(own)
    assert "bare - Nothing in it." in output.getvalue()
    own.set_main_option("path_separator", "space")
    assert own._get_file_separator_char("path_separator") == " "


def test_nobody_speaks_outside_of_an_environment():
    """The module `op` stands for nothing until a context is entered."""
    assert op._proxy is None


def test_the_version_is_numbers():
    """Programs split the version at its dots and compare."""
    assert tuple(int(part) for part in alembic.__version__.split(".")) >= (1, 20, 1)
