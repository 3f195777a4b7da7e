"""A package of somebody else's, really installed: its dialect, its plugin, its tests.

The package is in ``tests/support/acme``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.support.projects import new_project
from tests.support.transcript import ROOT
from tests.support.transcript import Terminal
from tests.support.versions import needs

pytestmark = pytest.mark.slow

# -- how the package is tested

CONFTEST = """
import pytest

pytest.register_assert_rewrite("sqlalchemy.testing.assertions")

from sqlalchemy.testing.plugin.pytestplugin import *
"""

PLAIN_CONFTEST = """
import pytest
from sqlalchemy import create_engine

from acme.requirements import Requirements


@pytest.fixture
def alembic_engine(tmp_path):
    engine = create_engine(f"acme:///{tmp_path}/acme.db")
    yield engine
    engine.dispose()


@pytest.fixture
def alembic_requirements():
    return Requirements()
"""

TESTS = """
from alembic.testing import suite
from alembic.testing.suite import *


class AutogenerateForeignKeysTest(suite.AutogenerateForeignKeysTest):
    def test_no_change_colkeys(self):
        "This one does not apply."
        print("left out")
"""

MORE_TESTS = """
from alembic import op
from alembic.testing import combinations
from alembic.testing import config
from alembic.testing import eq_
from alembic.testing import fixtures
from alembic.testing.fixtures import op_fixture
from alembic.testing.fixtures import TablesTest
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import Table


class StatementTest(fixtures.TestBase):
    @combinations("a", "b")
    def test_rename(self, name):
        context = op_fixture("acme")
        op.rename_table("t", name)
        context.assert_(f"ALTER TABLE t RENAME TO {name}")

    def test_context(self, migration_context, connection):
        eq_(migration_context.dialect.name, "acme")
        eq_(connection.engine, config.db)


class RowsTest(TablesTest):
    @classmethod
    def define_tables(cls, metadata):
        Table("acme_row", metadata, Column("id", Integer, primary_key=True))

    def test_tables(self, tables, ops_context):
        op.bulk_insert(tables["acme_row"], [{"id": 1}])
        row = op.get_bind().execute(tables["acme_row"].select()).fetchone()
        eq_(row[0], 1)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder in which the package is installed."""
    folder = tmp_path_factory.mktemp("acme")
    source, site = folder / "source", folder / "site"
    shutil.copytree(str(ROOT / "tests" / "support" / "acme"), str(source))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
        + ["--disable-pip-version-check", "--no-build-isolation"]
        + ["--target", str(site), str(source)],
        check=True,
    )
    return site


@pytest.fixture
def terminal(site, tmp_path):
    """An empty folder where that package can be imported."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Terminal(folder, {"PYTHONPATH": f"{ROOT}:{site}"})


def counted(outcome):
    """Return how many tests passed, and how many did anything else but skip."""
    last = outcome.stdout.splitlines()[-1]
    found = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last)}
    assert "passed" in found, str(outcome)
    return found["passed"], found.get("failed", 0) + found.get("errors", 0)


def run_tests(terminal, *files):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs"]
    return terminal.run([*command, *files], timeout=300).ok()


@needs("2.0")
def test_suite_with_the_plugin_of_sqlalchemy(terminal):
    """With SQLAlchemy's pytest plugin the suite takes its engine and requirements."""
    shutil.copy(str(ROOT / "tests/support/acme/setup.cfg"), str(terminal.folder))
    terminal.write("test/conftest.py", CONFTEST)
    terminal.write("test/test_alembic.py", TESTS)
    terminal.write("test/test_more.py", MORE_TESTS)
    outcome = run_tests(terminal, "test")
    passed, failed = counted(outcome)
    assert failed == 0, str(outcome)
    assert passed > 70, str(outcome)
    # the package's own requirements count: it cannot alter columns, it tells ON DELETE
    assert "alter_column is no ability" in outcome.stdout
    assert "fk_ondelete_is_reflected is no ability" not in outcome.stdout


def test_suite_with_plain_pytest(terminal):
    """Without that plugin the suite takes them from two fixtures."""
    terminal.write("conftest.py", PLAIN_CONFTEST)
    terminal.write("test_alembic.py", TESTS)
    outcome = run_tests(terminal, "test_alembic.py")
    passed, failed = counted(outcome)
    assert failed == 0, str(outcome)
    assert passed > 70, str(outcome)
    assert "alter_column is no ability" in outcome.stdout
    assert "fk_ondelete_is_reflected is no ability" not in outcome.stdout


# -- a project that uses it

MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("account", metadata, sa.Column("id", sa.Integer), info={"grant": ["ada"]})
"""


@pytest.fixture
def project(terminal):
    """A project on an Acme database that has the table of the plugin."""
    project = new_project(terminal)
    terminal.write("models.py", MODELS)
    terminal.edit(
        "migrations/env.py",
        "\ntarget_metadata = None\n",
        "\nimport models\n\ntarget_metadata = models.metadata\n",
    )
    terminal.edit("alembic.ini", "sqlite:///database.db", "acme:///acme.db")
    terminal.edit(
        "migrations/env.py",
        "        target_metadata=target_metadata,\n        # SQLite",
        "        target_metadata=target_metadata,\n"
        "        autogenerate_plugins=context.get_x_argument() or ['*'],\n"
        "        # SQLite",
    )
    terminal.write(
        "migrations/versions/a.py",
        "from alembic import op\nimport sqlalchemy as sa\n"
        "revision = 'a'\ndown_revision = None\n"
        "def upgrade():\n"
        "    op.create_table('acme_grant', sa.Column('name', sa.String),"
        " sa.Column('role', sa.String))\n"
        "def downgrade():\n    op.drop_table('acme_grant')\n",
    )
    terminal.alembic("upgrade", "head").ok()
    terminal.edit(
        "models.py",
        "sa.Table(",
        'sa.Table("acme_grant", metadata, sa.Column("name", sa.String),'
        ' sa.Column("role", sa.String))\nsa.Table(',
    )
    return project


def rows(terminal):
    code = (
        "import sqlite3; print(sqlite3.connect('acme.db')"
        ".execute('SELECT name, role FROM acme_grant').fetchall())"
    )
    return terminal.python(code).ok().stdout.strip()


def generate(terminal, *options):
    terminal.alembic(*options, "revision", "--autogenerate", "--rev-id", "b").ok()
    return terminal.read("migrations/versions/b_.py")


def test_plugin_brings_an_operation_with_all_that_belongs_to_it(terminal, project):
    """Compared, rendered, run and reversed: grants are in the next revision."""
    text = generate(terminal)
    assert "import acme\n" in text
    assert "op.grant('account', 'ada')" in text
    assert "op.revoke('account', 'ada')" in text
    terminal.alembic("upgrade", "head").ok()
    assert rows(terminal) == "[('account', 'ada')]"
    terminal.alembic("check").ok()
    terminal.alembic("downgrade", "a").ok()
    assert rows(terminal) == "[]"


@pytest.mark.parametrize(
    "plugins", [["alembic.*"], ["*", "~acme"]], ids=["others", "without"]
)
def test_plugin_is_selected_by_each_environment(terminal, project, plugins):
    """An env.py that does not select the plugin does not compare with it."""
    options = [word for name in plugins for word in ("-x", name)]
    text = generate(terminal, *options)
    assert "create_table('account'" in text
    assert "grant(" not in text


def test_plugin_brings_a_write_hook(terminal, project):
    """A new file goes through a hook of the plugin, with its options."""
    terminal.edit(
        "alembic.ini",
        "[post_write_hooks]\n",
        "[post_write_hooks]\nhooks = licence\nlicence.type = acme_licence\n"
        "licence.holder = Ada\n",
    )
    terminal.alembic("revision", "-m", "more", "--rev-id", "c").ok()
    assert terminal.read("migrations/versions/c_more.py").startswith("# (c) Ada\n")


# -- a plugin that is broken


@pytest.fixture
def broken(terminal, project, tmp_path):
    """The same project beside a package whose plugin cannot be loaded."""
    info = tmp_path / "more" / "broken-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[alembic.plugins]\nbroken = no_module\n")
    terminal.environ["PYTHONPATH"] += f":{tmp_path / 'more'}"
    return terminal


@pytest.mark.parametrize("words", [["heads"], ["history"], ["revision", "-m", "x"]])
def test_broken_plugin_where_none_is_needed(broken, words):
    """A command that needs no plugins does not look at them."""
    assert "The plugin" not in broken.alembic(*words).ok().output


def test_broken_plugin_is_named_and_not_fatal(broken):
    """A command that needs the others works, and says which one does not."""
    outcome = broken.alembic("current").ok()
    assert "The plugin broken cannot be loaded: ModuleNotFoundError" in outcome.stderr
    assert outcome.stderr.count("The plugin broken") == 1
    outcome = broken.alembic("-x", "*", "-x", "~broken", "check")
    outcome.failed("New upgrade operations")
    assert "GrantOp: op.grant('account', 'ada')" in outcome.stdout


def test_broken_plugin_is_fatal_where_it_is_selected(broken):
    """An env.py that selects it is told how to go on."""
    broken.alembic("-x", "*", "check").failed(
        "broken", "no_module", "ModuleNotFoundError", "~broken"
    )
