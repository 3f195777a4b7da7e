"""From directives to revision files."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic.autogenerate import RevisionContext
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import ops
from alembic.sqla.connections import begin
from alembic.util.exc import CommandError

ARGUMENTS = {
    "message": "a message",
    "autogenerate": True,
    "sql": False,
    "head": "head",
    "splice": False,
    "branch_label": None,
    "version_path": None,
    "rev_id": "abc",
    "depends_on": None,
}

OPTIONS = {
    "sqlalchemy_module_prefix": "sa.",
    "alembic_module_prefix": "op.",
    "user_module_prefix": None,
    "render_as_batch": False,
    "upgrade_token": "upgrades",
    "downgrade_token": "downgrades",
}


class Scripts:
    """Stands for a script directory; remembers what it was to write."""

    def __init__(self):
        self.written = []
        self.heads = ()

    def get_revisions(self, ids):
        return self.heads if ids == "heads" else tuple(ids)

    def generate_revision(self, revid, message, **kw):
        self.written.append((revid, message, kw))
        return revid


@pytest.fixture
def connection():
    """A connection to an empty database."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as found:
        yield found
    engine.dispose()


def model(*names):
    """Return a model of some tables."""
    found = sa.MetaData()
    for name in names:
        sa.Table(name, found, sa.Column("x", sa.Integer))
    return found


def revision(hook=None, config=None, **arguments):
    """Return a revision context and what stands for the script directory."""
    scripts = Scripts()
    context = RevisionContext(
        config or Config(), scripts, {**ARGUMENTS, **arguments}, hook
    )
    return context, scripts


def migration(connection, target_metadata, **opts):
    """Return a migration context."""
    options = {**OPTIONS, "target_metadata": target_metadata, **opts}
    return MigrationContext.configure(connection, opts=options)


def test_an_empty_revision():
    """Nothing is rendered; the template has defaults for that."""
    context, scripts = revision()
    assert list(context.generate_scripts()) == ["abc"]
    assert scripts.written == [
        (
            "abc",
            "a message",
            {
                "refresh": True,
                "head": "head",
                "splice": False,
                "branch_labels": None,
                "version_path": None,
                "depends_on": None,
                "config": context.config,
            },
        )
    ]


def test_a_revision_gets_an_id():
    """One is made up where none was asked for."""
    context, _ = revision(rev_id=None)
    assert len(context.generated_revisions[0].rev_id) == 12


def test_scripts_are_written_one_by_one():
    """``generate_scripts`` is lazy, as callers stop between two files."""
    context, scripts = revision()
    iterator = context.generate_scripts()
    assert scripts.written == []
    next(iterator)
    assert len(scripts.written) == 1


def test_autogenerate(connection):
    """What differs is rendered, under the tokens of the environment."""
    context, scripts = revision()
    options = {"upgrade_token": "up", "downgrade_token": "down"}
    context.run_autogenerate((), migration(connection, model("t"), **options))
    list(context.generate_scripts())
    variables = scripts.written[0][2]
    assert "op.create_table('t'," in variables["up"]
    assert "op.drop_table('t')" in variables["down"]
    assert variables["imports"] == ""
    assert "upgrades" not in variables


def test_no_autogenerate(connection):
    """Hooks run, nothing is compared, and both directions are rendered empty."""
    seen = []
    context, scripts = revision(lambda *arguments: seen.append(arguments))
    context.run_no_autogenerate((), migration(connection, model("t")))
    list(context.generate_scripts())
    assert len(seen) == 1
    variables = scripts.written[0][2]
    assert "    pass\n" in variables["upgrades"]
    assert "    pass\n" in variables["downgrades"]


def test_several_databases(connection):
    """Each adds its operations to the same script."""
    context, scripts = revision()
    for name in ("a", "b"):
        tokens = {"upgrade_token": f"{name}_up", "downgrade_token": f"{name}_down"}
        context.run_autogenerate((), migration(connection, model(name), **tokens))
    (script,) = context.generated_revisions
    assert [found.upgrade_token for found in script.upgrade_ops_list] == [
        "a_up",
        "b_up",
    ]
    list(context.generate_scripts())
    ((_, _, variables),) = scripts.written
    assert "'a'" in variables["a_up"]
    assert "'b'" in variables["b_up"]
    assert "'b'" in variables["b_down"]


def test_the_command_hook_comes_first(connection):
    """Then the one of env.py; both see the same list."""
    seen = []

    def command_hook(context, revision, directives):
        seen.append("command")
        directives[0].message = "changed"

    def env_hook(context, revision, directives):
        seen.append(("env", revision, directives[0].message))
        directives[0].upgrade_ops.ops.append(ops.ExecuteSQLOp("more"))

    context, scripts = revision(command_hook)
    context.run_autogenerate(
        (), migration(connection, model(), process_revision_directives=env_hook)
    )
    list(context.generate_scripts())
    assert seen == ["command", ("env", (), "changed")]
    assert scripts.written[0][1] == "changed"
    assert "op.execute('more')" in scripts.written[0][2]["upgrades"]


def test_hooks_may_take_revisions_away(connection):
    """No file is written then; another database finds room again."""

    def clear(context, revision, directives):
        del directives[:]

    context, scripts = revision(clear)
    context.run_autogenerate((), migration(connection, model("a")))
    assert list(context.generate_scripts()) == []
    context.process_revision_directives = None
    context.run_autogenerate((), migration(connection, model("b")))
    list(context.generate_scripts())
    assert "'b'" in scripts.written[0][2]["upgrades"]


def test_hooks_may_add_revisions(connection):
    """Each has what it was made with, and imports of its own."""

    def add(context, revision, directives):
        column = sa.Column("j", postgresql.JSONB())
        directives[0].upgrade_ops.ops.append(ops.AddColumnOp("t", column))
        directives[0].imports.add("import own")
        directives.append(
            ops.MigrationScript(
                "second",
                ops.UpgradeOps([]),
                ops.DowngradeOps([]),
                head="abc",
                splice=True,
                branch_label=["label"],
                version_path="/path",
                depends_on=["other"],
            )
        )

    context, scripts = revision(add)
    context.run_autogenerate((), migration(connection, model()))
    assert list(context.generate_scripts()) == ["abc", "second"]
    first, second = (row[2] for row in scripts.written)
    assert first["imports"] == "from sqlalchemy.dialects import postgresql\nimport own"
    assert second["imports"] == ""
    assert (second["head"], second["splice"]) == ("abc", True)
    assert (second["branch_labels"], second["depends_on"]) == (["label"], ["other"])
    assert second["version_path"] == "/path"


def test_the_database_must_be_up_to_date(connection):
    """Otherwise the difference would be that to another state."""
    context, scripts = revision()
    scripts.heads = ("b",)
    with pytest.raises(CommandError, match="^Target database is not up to date. Run"):
        context.run_autogenerate(("a",), migration(connection, model()))
    scripts.heads = ("b", "a")
    context.run_autogenerate(("a", "b"), migration(connection, model()))


def test_sql_mode(connection):
    """It cannot be combined with a comparison."""
    context, _ = revision(sql=True)
    message = "^Using --sql with --autogenerate does not make any sense$"
    with pytest.raises(CommandError, match=message):
        context.run_autogenerate((), migration(connection, model()))
    context.run_no_autogenerate((), migration(connection, model()))


class CommandLineOptions:
    """Stands for the options of a command line."""

    def __init__(self, allow_mass_drop):
        self.allow_mass_drop = allow_mass_drop


def dropping(connection, names, kept=(), cmd_opts=None, **opts):
    """Compare a database of some tables with a model of some of them."""
    begin(connection)
    for name in names:
        connection.execute(sa.text(f"CREATE TABLE {name} (x INTEGER)"))
    config = Config()
    config.cmd_opts = cmd_opts
    context, _ = revision(config=config)
    context.run_autogenerate((), migration(connection, model(*kept), **opts))
    return context.generated_revisions[0].upgrade_ops.ops


def test_an_empty_model_is_suspicious(connection):
    """On the command line, dropping everything needs a word."""
    with pytest.raises(CommandError) as error:
        dropping(connection, "abcde", cmd_opts=CommandLineOptions(False))
    assert str(error.value) == (
        "This revision would drop tables 'a', 'b', 'c' and 2 more: target_metadata "
        "holds no tables, so the modules that define the models were probably not "
        "imported in env.py. Import them there, or say --allow-mass-drop if the "
        "tables shall go."
    )


def test_most_tables_missing_is_suspicious(connection):
    """So is a model that knows less than half of the tables."""
    with pytest.raises(CommandError, match="target_metadata knows 1 of 4 tables"):
        dropping(connection, "abcd", "a", cmd_opts=CommandLineOptions(False))


@pytest.mark.parametrize(
    ("names", "kept", "cmd_opts"),
    [
        ("abcd", "", None),
        ("abcd", "", CommandLineOptions(True)),
        ("abcd", "", object()),
        ("abcd", "ab", CommandLineOptions(False)),
        ("ab", "c", CommandLineOptions(False)),
        ("", "", CommandLineOptions(False)),
    ],
)
def test_what_is_not_suspicious(connection, names, kept, cmd_opts):
    """Programs, those who say so, and drops of a few or of half the tables."""
    operations = dropping(connection, names, kept, cmd_opts)
    dropped = [op for op in operations if isinstance(op, ops.DropTableOp)]
    assert len(dropped) == len(set(names) - set(kept))


def test_hooks_may_save_the_tables(connection):
    """The guard looks at what the hooks have left."""

    def keep(context, revision, directives):
        directives[0].upgrade_ops.ops = []

    opts = {"process_revision_directives": keep}
    found = dropping(connection, "abcd", "", CommandLineOptions(False), **opts)
    assert found == []
