"""alembic.cli.explain: every error as one line without passwords."""

from __future__ import annotations

import pytest
import sqlalchemy
import sqlalchemy.exc

from alembic.cli.explain import explain
from alembic.cli.secrets import without_secrets
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://u:secret@h/d", "postgresql://u:***@h/d"),
        ("a 'mysql+pymysql://u:s@cret@h/d' b", "a 'mysql+pymysql://u:***@h/d' b"),
        ("x://u:a:b/c@h x://h:80/d", "x://u:***@h x://h:80/d"),
        ("host=h password=secret user=u", "host=h password=*** user=u"),
        ("password = 'two words', x", "password = ***, x"),
        (
            'password authentication failed for user "u"',
            'password authentication failed for user "u"',
        ),
        ("http://example.com/a", "http://example.com/a"),
        ("me@example.com", "me@example.com"),
    ],
)
def test_passwords_are_masked(text, expected):
    """In URLs and in key-value strings; other words stay."""
    assert without_secrets(text) == expected


def test_error_for_people_is_shown_as_it_is():
    """A CommandError is its text, folded into one line."""
    assert explain(CommandError("No such\n  thing x://u:pw@h")) == (
        "No such thing x://u:***@h"
    )


def test_error_of_a_users_file_names_the_innermost_place(tmp_path):
    """File and line of env.py or a revision, and how to see more."""
    path = tmp_path / "env.py"
    path.write_text("import json\n\njson.loads('{')\n")
    with pytest.raises(ValueError) as caught:
        exec(compile(path.read_text(), str(path), "exec"))
    line = explain(caught.value)
    assert line.startswith("JSONDecodeError: Expecting property name")
    assert f"({path}, line 3)" in line
    assert line.endswith("use --raiseerr to see the traceback")


def test_syntax_error_names_its_file_and_line(tmp_path):
    """The place of the mistake, not that of the import."""
    path = tmp_path / "env.py"
    with pytest.raises(SyntaxError) as caught:
        compile("x = 1\ny = (\n", str(path), "exec")
    assert f"({path}, line 2)" in explain(caught.value)


def test_error_without_words_is_called_by_its_type():
    """An assertion without a message has a line too."""
    assert explain(AssertionError()).startswith("AssertionError")


def test_database_error_names_the_operation_that_met_it(tmp_path):
    """Before what the database says; what helps comes after it, and the place once."""
    path = tmp_path / "revision.py"
    path.write_text(
        "op.create_table('t', sa.Column('x', sa.Integer))\n"
        "op.execute('INSERT INTO t (x) VALUES (1)')\n"
        "op.add_column('t', sa.Column('y', sa.Integer, nullable=False))\n"
    )
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as connection:
        names = {
            "op": Operations(MigrationContext.configure(connection)),
            "sa": sqlalchemy,
        }
        with pytest.raises(sqlalchemy.exc.DBAPIError) as caught:
            exec(compile(path.read_text(), str(path), "exec"), names)
    assert explain(caught.value) == (
        "op.add_column() on table 't': (sqlite3.OperationalError) Cannot add a NOT NULL "
        "column with default value NULL "
        "[SQL: ALTER TABLE t ADD COLUMN y INTEGER NOT NULL]; give column 'y' a "
        f"server_default, for the rows that are there ({path}, line 3); "
        "use --raiseerr to see the traceback"
    )


def test_error_of_an_operation_has_one_place(tmp_path):
    """The whole path, without the name of the file beside it."""
    path = tmp_path / "revision.py"
    path.write_text("op.create_unique_constraint('uq', 't', ['x'])\n")
    with sqlalchemy.create_engine("sqlite://").connect() as connection:
        names = {"op": Operations(MigrationContext.configure(connection))}
        with pytest.raises(NotImplementedError) as caught:
            exec(compile(path.read_text(), str(path), "exec"), names)
    line = explain(caught.value)
    assert line.count("line 1)") == 1
    assert f" ({path}, line 1)" in line


def test_database_error_shows_the_driver_and_the_statement():
    """The words of the driver and the statement on one line, without the values."""
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(sqlalchemy.exc.DBAPIError) as e:
        connection.execute(
            sqlalchemy.text("SELECT *\n  FROM nowhere\n  WHERE x = :x"),
            {"x": "private"},
        )
    line = explain(e.value)
    assert line.startswith(
        "(sqlite3.OperationalError) no such table: nowhere "
        "[SQL: SELECT * FROM nowhere WHERE x = ?]"
    )
    assert "private" not in line
    assert "\n" not in line


def test_long_statement_is_cut():
    """A page of SQL does not bury the message."""
    error = sqlalchemy.exc.OperationalError(
        "SELECT " + "x, " * 500, {}, Exception("no")
    )
    assert len(explain(error)) < 500


def test_unknown_kind_of_database_points_to_the_url():
    """The placeholder of a new alembic.ini leads to the option to set."""
    with pytest.raises(sqlalchemy.exc.NoSuchModuleError) as caught:
        sqlalchemy.create_engine("driver://user:pass@localhost/dbname")
    assert explain(caught.value).startswith(
        "NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:driver; check "
        "sqlalchemy.url"
    )


@pytest.mark.parametrize(
    "code",
    [
        "from sqlalchemy.nowhere import x",
        "from sqlalchemy import Nowhere",
        "from sqlalchemy.dialects.postgresql import NOWHERE",
        "import sqlalchemy as sa; sa.Nowhere",
        "from sqlalchemy.dialects import postgresql; postgresql.NOWHERE",
    ],
)
def test_what_sqlalchemy_does_not_have_brings_its_version(code):
    """A type or a package that came with a later SQLAlchemy than the installed one."""
    with pytest.raises((ImportError, AttributeError)) as caught:
        exec(code, {})
    assert (
        f"; the installed SQLAlchemy {sqlalchemy.__version__} does not have it, a newer "
        "one may; use --raiseerr"
    ) in explain(caught.value)


def test_other_modules_that_are_missing_are_looked_for_elsewhere():
    """A module with another name says nothing about SQLAlchemy."""
    with pytest.raises(ModuleNotFoundError) as caught:
        exec("import sqlalchemy_nowhere", {})
    assert "SQLAlchemy" not in explain(caught.value)


def test_error_of_the_operating_system_names_the_file(tmp_path):
    """Where it came up in the program says nothing more to a person."""
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "gone").stat()
    caught.value.__traceback__ = None
    assert explain(caught.value) == (
        f"Cannot use '{tmp_path / 'gone'}': No such file or directory"
    )


@pytest.mark.parametrize(
    "words",
    [
        "database or disk is full",
        'could not extend file "base/1/2": No space left on device',
        "(1114, \"The table 'big' is full\")",
        "(1005, 'Can't create table `d`.`t` (errno: 135 \"No more room in record file\")')",
    ],
)
def test_full_disk_of_a_database(words):
    """What the databases say of it does not always say what is to be done."""
    error = sqlalchemy.exc.OperationalError("INSERT", {}, Exception(words))
    assert explain(error).endswith(
        "; make room on the disk of the database and run the command again; use "
        "--raiseerr to see the traceback"
    )
