"""Whole projects: env.py, revision files and a database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import inspect

from alembic import command
from alembic.config import Config
from alembic.environment import EnvironmentContext
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

ENV = """
from alembic import context

connection = context.config.attributes.get("connection")

def run(connection):
    context.configure(connection=connection, **context.config.attributes["options"])
    with context.begin_transaction():
        context.run_migrations()

if connection is not None:
    run(connection)
else:
    with context.config.attributes["engine"].connect() as connection:
        run(connection)
"""

REVISION = '''"""does {name}"""
from alembic import op

revision = {name!r}
down_revision = {down!r}


def upgrade():
    op.execute("CREATE TABLE t_{name} (x INTEGER)")


def downgrade():
    op.execute("DROP TABLE t_{name}")
'''

DIAMOND = (("a", None), ("b1", "a"), ("b2", "a"), ("m", ("b1", "b2")))


@pytest.fixture
def project(tmp_path):
    """A function that makes a project of some revisions and returns its Config."""

    def make(revisions=DIAMOND, **attributes):
        folder = tmp_path / "scripts"
        (folder / "versions").mkdir(parents=True, exist_ok=True)
        (folder / "env.py").write_text(ENV)
        for name, down in revisions:
            (folder / "versions" / f"{name}.py").write_text(
                REVISION.format(name=name, down=down)
            )
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes.update(attributes)
        config.attributes.setdefault("options", {})
        return config

    return make


def heads(database):
    with database.engine.connect() as connection:
        return sorted(MigrationContext.configure(connection).get_current_heads())


def tables(database):
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_up_and_down_through_branches(database, project):
    """Branches and a merge come and go, with the rows of the version table."""
    config = project(engine=database.engine)
    command.upgrade(config, "b1")
    assert heads(database) == ["b1"]
    command.upgrade(config, "heads")
    assert heads(database) == ["m"]
    assert tables(database) == {"t_a", "t_b1", "t_b2", "t_m"}
    command.downgrade(config, "b1")
    assert heads(database) == ["b1", "b2"]
    command.downgrade(config, "base")
    assert heads(database) == []
    assert tables(database) == set()


def test_stamp(database, project):
    """Stamping moves the rows and nothing else."""
    config = project(engine=database.engine)
    command.stamp(config, ("b1", "b2"))
    assert heads(database) == ["b1", "b2"]
    command.stamp(config, "heads")
    assert heads(database) == ["m"]
    command.stamp(config, "a", purge=True)
    assert heads(database) == ["a"]
    assert tables(database) == set()


def test_stamp_of_a_context(database, project):
    """MigrationContext.stamp() leaves the commit to its caller."""
    script = ScriptDirectory.from_config(project())
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        transaction = connection.begin()
        context.stamp(script, "m")
        transaction.commit()
    assert heads(database) == ["m"]


def test_unknown_revision_in_the_database(database, project):
    """A version that no file has is named, with where it stands and what helps."""
    config = project(engine=database.engine)
    command.stamp(config, "a")
    database.execute("UPDATE alembic_version SET version_num = 'deadbeef'")
    with pytest.raises(CommandError) as error:
        command.upgrade(config, "m")
    message = str(error.value)
    assert message.startswith("Can't locate revision identified by 'deadbeef'")
    assert "'alembic_version'" in message
    assert config.get_main_option("script_location") in message
    assert "alembic stamp --purge" in message
    assert "\n" not in message
    assert heads(database) == ["deadbeef"]


def test_on_version_apply(database, project):
    """Callbacks are told what each step was, once its rows are written."""
    seen = []

    def callback(ctx, step, heads, run_args):
        seen.append(
            (
                step.is_upgrade,
                step.is_stamp,
                step.source_revision_ids,
                step.destination_revision_ids,
                sorted(heads),
                sorted(ctx.get_current_heads()) == sorted(heads),
            )
        )

    options = {"on_version_apply": callback}
    config = project(engine=database.engine, options=options)
    command.upgrade(config, "b1")
    command.stamp(config, "base")
    assert seen == [
        (True, False, (), ("a",), ["a"], True),
        (True, False, ("a",), ("b1",), ["b1"], True),
        (False, True, ("b1",), (), [], True),
    ]


def test_connection_of_the_application(database, project):
    """A connection given in Config.attributes is used, and left open and committed
    as its owner wants."""
    with database.engine.connect() as connection:
        config = project(connection=connection)
        command.upgrade(config, "b1")
        assert not connection.closed
        assert not connection.in_transaction()
    assert heads(database) == ["b1"]


@pytest.mark.parametrize("lock", [True, False])
def test_two_environments_without_env_py(database, project, lock):
    """Programs run one environment after the other with steps of their own."""
    config = project()
    script = ScriptDirectory.from_config(config)
    steps = []

    def upgrade(heads, context):
        steps.append(script._upgrade_revs("b1", heads))
        return steps[-1]

    def downgrade(heads, context):
        return script._downgrade_revs("base", heads)

    for fn in (upgrade, downgrade):
        with EnvironmentContext(
            config, script, fn=fn, lock=lock
        ) as environment, database.engine.connect() as connection:
            environment.configure(connection=connection)
            with environment.begin_transaction():
                environment.run_migrations()
    assert [step.revision.revision for step in steps[0]] == ["a", "b1"]
    assert heads(database) == []


@pytest.mark.parametrize("backend", ["sqlite", "postgresql", "mariadb"])
def test_threads_never_mix(backend, project, fresh_database):
    """Threads that upgrade databases of their own at once stay on their own."""
    databases = [fresh_database(backend, f"_t{number}") for number in range(3)]
    project()
    configs = [project(engine=database.engine) for database in databases]
    targets = ["a", "b1", "m"]
    ready = threading.Barrier(len(targets))
    errors = []

    def upgrade(config, target):
        try:
            ready.wait(120)
            for _ in range(2):
                command.upgrade(config, target)
                command.downgrade(config, "base")
            command.upgrade(config, target)
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=upgrade, args=pair) for pair in zip(configs, targets)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [heads(database) for database in databases] == [["a"], ["b1"], ["m"]]


def test_threads_on_one_database(database, project):
    """Threads that upgrade one database at once run each revision once."""
    configs = [
        project(engine=database.new_engine(), number=number) for number in range(3)
    ]
    errors = []

    def upgrade(config):
        try:
            command.upgrade(config, "heads")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=upgrade, args=(c,)) for c in configs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert heads(database) == ["m"]


def test_a_failing_env_py_leaves_nothing(database, project):
    """After an error in a run, no environment and no operations are current."""
    from alembic import context
    from alembic import op

    config = project([("a", None), ("b", "a")], engine=database.engine)
    path = config.get_main_option("script_location") + "/versions/b.py"
    with open(path, "a") as file:
        file.write("\n\ndef upgrade():\n    raise ZeroDivisionError\n")
    with pytest.raises(ZeroDivisionError):
        command.upgrade(config, "b")
    assert context._proxy is None
    assert op._proxy is None
