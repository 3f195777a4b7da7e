"""The checks for a project's migrations: what passes, and what each one finds."""

from __future__ import annotations

import functools
import re
import textwrap

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from alembic.config import Config
from alembic.testing import migrations
from alembic.util.exc import CommandError

ENV = """\
import sqlalchemy as sa
from alembic import context

metadata = sa.MetaData()
sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50)),
)
engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=context.config.attributes.get("each", False),
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""

CREATE = (
    'op.create_table("account", sa.Column("id", sa.Integer, primary_key=True))',
    'op.drop_table("account")',
)
ADD = (
    'op.add_column("account", sa.Column("name", sa.String(50)))',
    'with op.batch_alter_table("account") as t: t.drop_column("name")',
)


def write_project(folder, *bodies, url="sqlite://", parents=None, env=ENV):
    """Write a project of the bodies given, and return its Config."""
    versions = folder / "versions"
    versions.mkdir()
    (folder / "env.py").write_text(env)
    for number, (up, down) in enumerate(bodies, start=1):
        parent = f"r{number - 1}" if number > 1 else None
        parent = (parents or {}).get(number, parent)
        (versions / f"r{number}.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = 'r{number}'\ndown_revision = {parent!r}\n"
            f"def upgrade():\n{textwrap.indent(up, '    ')}\n"
            f"def downgrade():\n{textwrap.indent(down, '    ')}\n"
        )
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("sqlalchemy.url", url)
    return config


@pytest.fixture
def project(tmp_path):
    """A function that writes a project of the bodies given, and returns its Config."""
    return functools.partial(write_project, tmp_path)


CHECKS = (
    migrations.check_one_head,
    migrations.check_up_down_up,
    migrations.check_downgrade_leaves_no_trace,
    migrations.check_models_agree,
    migrations.check_offline_equals_online,
)


@pytest.mark.parametrize("each", [False, True])
@pytest.mark.parametrize("in_file", [False, True])
@pytest.mark.parametrize("check", CHECKS)
def test_sound_project_passes(project, tmp_path, check, in_file, each):
    """Nothing is found in a project without faults, and the database is empty after."""
    url = f"sqlite:///{tmp_path / 'd.db'}" if in_file else "sqlite://"
    config = project(CREATE, ADD, url=url)
    config.attributes["each"] = each
    check(config)
    check(config)


def test_ready_tests(project):
    """The class runs every check, with what the subclass says."""
    made = project(CREATE, ADD)

    class Mine(migrations.MigrationChecks):
        config = made

    tests = [name for name in dir(Mine) if name.startswith("test_")]
    assert len(tests) == len(CHECKS)
    for name in tests:
        getattr(Mine(), name)()
    with pytest.raises(CommandError, match="has no config"):
        migrations.MigrationChecks().test_one_head()


def test_several_heads_are_found(project):
    """A history with two heads, or with none, is told."""
    with pytest.raises(AssertionError, match="2 heads: r2, r3; join them with"):
        migrations.check_one_head(project(CREATE, ADD, ADD, parents={3: "r1"}))


def test_no_revisions_are_found(project):
    """A history without revisions is told."""
    with pytest.raises(AssertionError, match="no revisions under"):
        migrations.check_one_head(project())


FAULTS = [
    (
        migrations.check_up_down_up,
        (ADD[0], 'raise ValueError("no way")'),
        r"downgrade\(\) of revision r2 fails: ValueError: no way \(.*r2.py\)",
    ),
    (
        migrations.check_up_down_up,
        (ADD[0], "pass"),
        r"upgrade\(\) of revision r2 fails: .*duplicate column",
    ),
    (
        migrations.check_up_down_up,
        (
            'if "name" not in str(op.get_bind().execute(sa.text('
            '"SELECT group_concat(sql) FROM sqlite_master")).fetchall()):\n'
            f"    {ADD[0]}\nelse:\n"
            '    op.execute("ALTER TABLE account ADD COLUMN again INTEGER")',
            "pass",
        ),
        r"Revision r2 makes something else.*\n  table account: column again is left",
    ),
    (
        migrations.check_downgrade_leaves_no_trace,
        (f'{ADD[0]}\nop.create_index("ix", "account", ["id"])', ADD[1]),
        r"Downgrade of revision r2 leaves a trace.*\n  table account: index ix is left",
    ),
    (
        migrations.check_downgrade_leaves_no_trace,
        ('op.execute("CREATE VIEW v AS SELECT id FROM account")', "pass"),
        "view v is left",
    ),
    (
        migrations.check_downgrade_leaves_no_trace,
        (
            'with op.batch_alter_table("account") as t:\n'
            '    t.alter_column("id", type_=sa.BigInteger)',
            "pass",
        ),
        r"column id is \(.*BIGINT.*\), was \(.*INTEGER",
    ),
    (
        migrations.check_models_agree,
        ("pass", "pass"),
        r"Models and migrations differ.*\n  add column 'account.name'.*op.add_column",
    ),
    (
        migrations.check_offline_equals_online,
        (f"if not op.get_context().as_sql:\n    {ADD[0]}", ADD[1]),
        r"The script of --sql makes something else:\n.*column name is missing",
    ),
    (
        migrations.check_offline_equals_online,
        (
            "from alembic import context\n"
            "if not context.is_offline_mode():\n"
            '    op.execute("INSERT INTO account (id) VALUES (1)")',
            "pass",
        ),
        "makes other rows:\n  table account has 0, not 1",
    ),
    (
        migrations.check_offline_equals_online,
        ('op.get_bind().execute(sa.text("SELECT 1")).fetchall()', "pass"),
        r"upgrade\(\) of revision r2 fails: .*needs the result of a query",
    ),
    (
        migrations.check_offline_equals_online,
        ('if op.get_context().as_sql: op.execute("NO SQL")', "pass"),
        "The script of --sql cannot be run: .*syntax error",
    ),
]


@pytest.mark.parametrize(("check", "body", "message"), FAULTS)
def test_fault_is_found(project, tmp_path, check, body, message):
    """A fault is told with the revision, and leaves an empty database."""
    config = project(CREATE, body, url=f"sqlite:///{tmp_path / 'd.db'}")
    for _ in range(2):
        with pytest.raises(AssertionError) as caught:
            check(config)
        assert re.search(message, str(caught.value), re.DOTALL), caught.value


def test_irreversible_revisions_are_left_up(project):
    """A revision that is said to have no way down is not taken down."""
    config = project(CREATE, (ADD[0], "raise ValueError"))
    migrations.check_up_down_up(config, irreversible=["r2"])
    migrations.check_downgrade_leaves_no_trace(config, irreversible=["r2"])


@pytest.mark.parametrize("check", CHECKS[1:])
def test_database_in_use_is_left_alone(project, tmp_path, check):
    """Nothing is touched in a database that holds something."""
    import sqlite3

    path = tmp_path / "d.db"
    connection = sqlite3.connect(str(path))
    connection.execute("CREATE TABLE precious (id INTEGER)")
    config = project(CREATE, ADD, url=f"sqlite:///{path}")
    with pytest.raises(CommandError, match=r"empty database, but .* holds table preci"):
        check(config)
    names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert ("precious",) in names
    assert ("account",) not in names


def test_env_without_migrations_is_told(project):
    """An env.py that runs nothing does not pass as a sound one."""
    with pytest.raises(CommandError, match="without a call of context.run_migrations"):
        migrations.check_up_down_up(project(CREATE, env=""))


def statements_of_walks(folder, length):
    """Return how many statements the walks over a history of tables send."""
    folder.mkdir()
    config = write_project(
        folder,
        *(
            (
                f'op.create_table("t{n:03}", sa.Column("id", sa.Integer, '
                'primary_key=True), sa.Column("x", sa.String(5)))',
                f'op.drop_table("t{n:03}")',
            )
            for n in range(length)
        ),
    )
    sent = []

    def send(connection, cursor, statement, *rest):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", send)
    try:
        migrations.check_up_down_up(config)
        migrations.check_downgrade_leaves_no_trace(config)
    finally:
        event.remove(Engine, "before_cursor_execute", send)
    return len(sent)


def test_walks_look_only_where_something_may_have_changed(tmp_path):
    """Each revision costs the same number of statements, however many there are."""
    few, more, most = (
        statements_of_walks(tmp_path / str(length), length) for length in (10, 20, 40)
    )
    assert most - more == 2 * (more - few)


INDEX = (
    'op.create_index("ix_name", "account", ["name"])',
    # on SQLite and PostgreSQL this names no table
    'op.execute("DROP INDEX ix_name")',
)


def test_what_is_dropped_by_its_own_name_alone_is_seen(project):
    """An index that a statement drops without naming the table is not taken for left."""
    config = project(CREATE, ADD, INDEX, ADD_MORE)
    migrations.check_downgrade_leaves_no_trace(config)
    config.attributes["each"] = True
    migrations.check_up_down_up(config)


ADD_MORE = (
    'op.add_column("account", sa.Column("more", sa.Integer))',
    'with op.batch_alter_table("account") as t: t.drop_column("more")',
)


def questions(folder, count):
    """Return how many statements a walk through so many tables needs for each."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    bodies = [
        (
            f'op.create_table("t{n}", sa.Column("id", sa.Integer))\n'
            f'op.create_index("ix{n}", "t{n}", ["id"])',
            f'op.drop_index("ix{n}", table_name="t{n}")\nop.drop_table("t{n}")',
        )
        for n in range(count)
    ]
    statements = []

    def hear(conn, cursor, statement, params, context, many):
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        migrations.check_downgrade_leaves_no_trace(write_project(folder, *bodies))
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    return len(statements) / count


def test_a_look_costs_what_the_step_cost(tmp_path_factory):
    """Whether there are ten tables or forty, as much is asked for each revision."""
    few, many = (
        questions(tmp_path_factory.mktemp("tables"), count) for count in (10, 40)
    )
    assert many <= few
