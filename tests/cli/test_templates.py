"""The five templates at work, each with its own kind of project."""

from __future__ import annotations

import sqlite3

import pytest

from tests.support.projects import log_of
from tests.support.projects import MODELS
from tests.support.projects import new_project
from tests.support.versions import needs
from tests.support.versions import needs_driver

asynchronous = needs_driver("aiosqlite", "1.4")


def tables(path):
    connection = sqlite3.connect(str(path))
    try:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        return sorted(name for (name,) in found)
    finally:
        connection.close()


@pytest.mark.parametrize(
    "template",
    [
        "generic",
        "pyproject",
        pytest.param("async", marks=asynchronous),
        pytest.param("pyproject_async", marks=asynchronous),
    ],
)
def test_one_database(terminal, template):
    """Autogenerate, upgrade, check, downgrade and offline SQL."""
    project = new_project(terminal, template)
    if "async" in template:
        terminal.edit("alembic.ini", "sqlite:///", "sqlite+aiosqlite:///")
    project.with_models()
    project.alembic("revision", "--autogenerate", "-m", "users", "--rev-id", "a1").ok()
    done = project.alembic("upgrade", "head").ok()
    assert log_of(done) == ["Running upgrade  -> a1, users"]
    assert tables(project.folder / "database.db") == ["alembic_version", "user"]
    project.alembic("check").ok()
    assert project.alembic("current").ok().stdout == "a1 (head)\n"
    project.alembic("downgrade", "base").ok()
    assert tables(project.folder / "database.db") == ["alembic_version"]
    assert (
        "CREATE TABLE user" in project.alembic("upgrade", "head", "--sql").ok().stdout
    )


@asynchronous
def test_asyncio_template_inside_a_running_loop(terminal):
    """An application may upgrade while its event loop runs."""
    project = new_project(terminal, "async")
    terminal.edit("alembic.ini", "sqlite:///", "sqlite+aiosqlite:///")
    project.revision("a1")
    code = (
        "import asyncio\n"
        "from alembic import command\n"
        "from alembic.config import Config\n"
        "async def main():\n"
        "    command.upgrade(Config('alembic.ini'), 'head')\n"
        "    command.current(Config('alembic.ini'))\n"
        "asyncio.run(main())\n"
        "command.current(Config('alembic.ini'), check_heads=True)\n"
    )
    assert terminal.python(code).ok().stdout == "a1 (head)\na1 (head)\n"


@asynchronous
def test_asyncio_template_on_a_connection_of_the_application(terminal):
    """A connection handed over from run_sync is used and left open."""
    project = new_project(terminal, "async")
    project.revision("a1")
    code = (
        "import asyncio\n"
        "from alembic import command\n"
        "from alembic.config import Config\n"
        "from sqlalchemy.ext.asyncio import create_async_engine\n"
        "def upgrade(connection):\n"
        "    config = Config('alembic.ini')\n"
        "    config.attributes['connection'] = connection\n"
        "    command.upgrade(config, 'head')\n"
        "async def main():\n"
        "    engine = create_async_engine('sqlite+aiosqlite:///database.db')\n"
        "    async with engine.begin() as connection:\n"
        "        await connection.run_sync(upgrade)\n"
        "    await engine.dispose()\n"
        "asyncio.run(main())\n"
    )
    terminal.python(code).ok()
    terminal.edit("alembic.ini", "sqlite:///", "sqlite+aiosqlite:///")
    assert project.alembic("current").ok().stdout == "a1 (head)\n"


@pytest.fixture
def two(terminal):
    """A project of the template multidb on two SQLite files."""
    terminal.alembic("init", "-t", "multidb", "migrations").ok()
    terminal.edit(
        "alembic.ini", "driver://user:pass@localhost/dbname\n", "sqlite:///1.db\n"
    )
    terminal.edit(
        "alembic.ini", "driver://user:pass@localhost/dbname2", "sqlite:///2.db"
    )
    terminal.write("models.py", MODELS.replace("user", "first"))
    terminal.write("models2.py", MODELS.replace("user", "second"))
    terminal.edit(
        "migrations/env.py",
        "\ntarget_metadata = {}\n",
        "\nimport models, models2\n\n"
        "target_metadata = {'engine1': models.metadata, 'engine2': models2.metadata}\n",
    )
    return terminal


def test_several_databases(two):
    """Each gets its own upgrade, in one revision."""
    two.alembic("revision", "--autogenerate", "-m", "start", "--rev-id", "a1").ok()
    text = two.read("migrations/versions/a1_start.py")
    for name in ("engine1", "engine2"):
        assert f"def upgrade_{name}() -> None:\n" in text
        assert f"def downgrade_{name}() -> None:\n" in text
    two.alembic("upgrade", "head").ok()
    assert tables(two.folder / "1.db") == ["alembic_version", "first"]
    assert tables(two.folder / "2.db") == ["alembic_version", "second"]
    assert two.alembic("current").ok().stdout == "a1 (head)\na1 (head)\n"
    two.alembic("upgrade", "head", "--sql").ok()
    assert "CREATE TABLE first" in two.read("engine1.sql")
    assert "CREATE TABLE second" in two.read("engine2.sql")
    two.alembic("downgrade", "base").ok()
    assert tables(two.folder / "1.db") == ["alembic_version"]


def test_failure_in_one_of_several_databases_leaves_all_as_they_were(two):
    """None is committed before all are migrated."""
    two.alembic("revision", "--autogenerate", "-m", "start", "--rev-id", "a1").ok()
    with (two.folder / "migrations" / "versions" / "a1_start.py").open("a") as stream:
        stream.write("\ndef upgrade_engine2():\n    op.execute('DROP TABLE nowhere')\n")
    two.alembic("upgrade", "head").failed("no such table: nowhere")
    assert two.alembic("current").ok().stdout == ""


def test_empty_revision_for_several_databases(two):
    """Functions for each, with nothing in them."""
    two.alembic("revision", "-m", "empty", "--rev-id", "a1").ok()
    text = two.read("migrations/versions/a1_empty.py")
    assert text.endswith("def downgrade_engine2() -> None:\n    pass\n")
    assert "\n\n\n\n" not in text
    two.alembic("upgrade", "head").ok()


def test_loggers_of_a_program_are_left_alone(project):
    """A program that runs a command keeps its handlers, levels and loggers."""
    project.revision("a1")
    code = (
        "import io, logging\n"
        "out = io.StringIO()\n"
        "logging.basicConfig(stream=out, level=logging.INFO, format='%(message)s')\n"
        "log = logging.getLogger('myapp')\n"
        "before = list(logging.root.handlers)\n"
        "from alembic import command\n"
        "from alembic.config import Config\n"
        "command.upgrade(Config('alembic.ini'), 'head')\n"
        "assert logging.root.handlers == before\n"
        "assert logging.root.level == logging.INFO\n"
        "assert not log.disabled\n"
        "print('Running upgrade  -> a1, about a1' in out.getvalue())\n"
    )
    assert project.terminal.python(code).ok().stdout == "True\n"


def test_loggers_made_before_the_command_line_are_not_disabled(project):
    """env.py sets up logging but disables nobody's logger."""
    project.terminal.edit(
        "migrations/env.py",
        "from alembic import context\n",
        "from alembic import context\nimport logging\n"
        "mine = logging.getLogger('myapp')\n",
    )
    with (project.folder / "migrations" / "env.py").open("a") as stream:
        stream.write("\nprint(mine.disabled)\n")
    assert project.alembic("current").ok().stdout == "False\n"


def test_url_from_the_environment(project):
    """The lines that env.py shows work as they stand, with percent signs too."""
    project.revision("a1")
    env = project.terminal.read("migrations/env.py")
    for line in (
        "    import os\n",
        '    config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"])\n',
    ):
        assert env.count(f"# {line}") == 1
        env = env.replace(f"# {line}", line.strip() + "\n")
    project.terminal.write("migrations/env.py", env)
    project.terminal.environ["DATABASE_URL"] = "sqlite:///100%25.db"
    project.alembic("upgrade", "head").ok()
    assert list(project.folder.glob("100%*.db"))


@needs("2.0")
def test_naming_convention_that_env_py_shows(project):
    """The lines work as they stand: constraints without a name get one."""
    env = project.terminal.read("migrations/env.py")
    _, start, rest = env.partition("#     class Base(DeclarativeBase):\n")
    shown = (
        start + rest.partition("\n#         )\n")[0] + "\n#         )\n"
    ).splitlines()
    project.terminal.write(
        "models.py",
        "from sqlalchemy import Column, ForeignKey, Integer, MetaData\n"
        "from sqlalchemy.orm import DeclarativeBase\n"
        + "".join(line[6:] + "\n" for line in shown)
        + "class User(Base):\n"
        "    __tablename__ = 'user'\n"
        "    id = Column(Integer, primary_key=True)\n"
        "    code = Column(Integer, unique=True, index=True)\n"
        "    parent = Column(ForeignKey('user.id'))\n",
    )
    project.terminal.edit(
        "migrations/env.py",
        "\ntarget_metadata = None\n",
        "\nfrom models import Base\ntarget_metadata = Base.metadata\n",
    )
    project.alembic("revision", "--autogenerate", "--rev-id", "a1", "-m", "x").ok()
    text = project.terminal.read(project.path("a1"))
    for name in ("pk_user", "ix_user_code", "fk_user_parent_user"):
        assert f"op.f('{name}')" in text


def test_connection_of_the_program(project):
    """A connection in config.attributes is used and left open, its transaction too."""
    project.revision("a1")
    code = (
        "import sqlalchemy as sa\n"
        "from alembic import command\n"
        "from alembic.config import Config\n"
        "engine = sa.create_engine('sqlite://')\n"
        "with engine.connect() as connection:\n"
        "    config = Config('alembic.ini')\n"
        "    config.attributes['connection'] = connection\n"
        "    command.upgrade(config, 'head')\n"
        "    command.current(config)\n"
        "    assert not connection.closed\n"
    )
    assert project.terminal.python(code).ok().stdout == "a1 (head)\n"
    assert not (project.folder / "database.db").exists()


def test_package_option(terminal):
    """--package makes the folders importable, and a location of package:folder."""
    terminal.alembic("init", "--package", "migrations").ok()
    terminal.edit("alembic.ini", "%(here)s/migrations", "migrations:.")
    terminal.edit("alembic.ini", "driver://user:pass@localhost/dbname", "sqlite://")
    terminal.alembic("revision", "-m", "x").ok()
    assert "head" in terminal.alembic("heads").ok().stdout
