"""What is wrong with files, options and databases is one line without a traceback."""

from __future__ import annotations

import pytest

from tests.support.projects import new_project
from tests.support.versions import needs_driver


def test_no_configuration(terminal):
    """In an empty folder the line says how to get a project."""
    done = terminal.alembic("heads")
    done.failed("No 'script_location' key found in configuration", "alembic init")
    assert done.status == 255
    assert list(terminal.folder.iterdir()) == []


def test_configuration_file_that_is_not_there(terminal):
    """The name that was typed is in the line."""
    terminal.alembic("-c", "nope.ini", "upgrade", "head").failed("nope.ini")


def test_section_that_is_not_there(project):
    """-n with a wrong name."""
    project.alembic("-n", "other", "heads").failed("[other]")


def test_configuration_that_is_no_ini_file(project):
    """A file without sections, and one with a stray percent sign."""
    project.terminal.write("alembic.ini", "script_location = migrations\n")
    project.alembic("heads").failed("alembic.ini' is not a valid INI file")
    project.terminal.write(
        "alembic.ini",
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = x://u:a%40secret@h\n",
    )
    done = project.alembic("current")
    done.failed("Option 'sqlalchemy.url'", "write it as %%")
    assert "secret" not in done.output


def test_broken_pyproject(project):
    """The file and what is wrong with it."""
    project.terminal.write("pyproject.toml", "[tool.alembic\n")
    project.alembic("branches").failed("pyproject.toml' is not a valid TOML file")


def test_folder_that_is_not_there(project):
    """script_location leads nowhere."""
    project.terminal.edit("alembic.ini", "%(here)s/migrations", "%(here)s/gone")
    project.alembic("heads").failed("gone")


def test_env_py_that_is_not_there(project):
    """The line names the file."""
    (project.folder / "migrations" / "env.py").unlink()
    project.alembic("current").failed("env.py")
    project.alembic("heads").ok()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = (", ["SyntaxError", "env.py, line"]),
        (
            "import nowhere",
            ["ModuleNotFoundError: No module named 'nowhere'", "env.py, "],
        ),
        ("1 / 0", ["ZeroDivisionError: division by zero", "env.py, line 1"]),
        ("raise ValueError('a\\nb')", ["ValueError: a b"]),
        ("assert 0", ["AssertionError", "env.py, line 1"]),
    ],
)
def test_broken_env_py(project, code, words):
    """The kind of error and where it is."""
    project.terminal.write("migrations/env.py", code + "\n")
    done = project.alembic("current")
    done.failed(*words)
    assert "Traceback" in project.alembic("--raiseerr", "current").stderr


def test_url_of_a_new_project(terminal):
    """The placeholder leads to the option to set."""
    terminal.alembic("init", "migrations").ok()
    done = terminal.alembic("upgrade", "head")
    done.failed("sqlalchemy.dialects:driver", "check sqlalchemy.url")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg2://me:s3cret@127.0.0.1:1/nowhere",
        pytest.param(
            "postgresql+psycopg://me:s3cret@127.0.0.1:1/nowhere",
            marks=needs_driver("psycopg", "2.0"),
        ),
        "mysql+pymysql://me:s3cret@127.0.0.1:1/nowhere",
        "sqlite:////nowhere/plain.db",
    ],
)
def test_database_that_cannot_be_reached(terminal, url):
    """The driver's words on one line; the password nowhere."""
    terminal.alembic("init", "migrations").ok()
    terminal.edit("alembic.ini", "driver://user:pass@localhost/dbname", url)
    done = terminal.alembic("upgrade", "head")
    done.failed("Error)")
    assert done.status == 255
    assert "s3cret" not in done.output


@pytest.mark.parametrize("url", ["", "no url", "postgresql://u:s3cret@h:port/d"])
def test_malformed_url(terminal, url):
    """What is wrong with it, without its password."""
    terminal.alembic("init", "migrations").ok()
    terminal.edit("alembic.ini", "driver://user:pass@localhost/dbname", url)
    done = terminal.alembic("upgrade", "head")
    done.failed()
    assert "s3cret" not in done.output


def test_broken_revision_file(chain):
    """Commands that need only the header work; the error names file and line."""
    chain.terminal.edit(
        chain.path("b2"), "import sqlalchemy as sa", "import sqlalchemy as sa\n1 / 0"
    )
    assert len(chain.alembic("history").ok().stdout.splitlines()) == 3
    chain.alembic("upgrade", "head").failed("ZeroDivisionError", "b2_about_b2.py, line")


def test_mistyped_down_revision(chain):
    """The parent that is missing is named, with the file that wants it."""
    chain.terminal.edit(chain.path("b2"), "= 'a1'", "= 'a9'")
    assert "a9" in chain.alembic("heads").ok().stderr
    chain.alembic("upgrade", "c3").failed("a9")


def test_two_files_with_one_id(chain):
    """Both are named."""
    chain.terminal.write(
        "migrations/versions/other.py", chain.terminal.read(chain.path("b2"))
    )
    done = chain.alembic("upgrade", "head")
    assert "b2" in done.output
    assert "Traceback" not in done.output


def test_revision_template_that_cannot_be_rendered(project):
    """The line of the template; no file."""
    project.terminal.write("migrations/script.py.mako", "a\n${1/0}\n")
    done = project.alembic("revision", "-m", "x")
    assert done.status == 255
    assert "Traceback" not in done.output
    line = done.stdout.splitlines()[-1]
    assert "script.py.mako, line 2: ZeroDivisionError" in line
    assert list((project.folder / "migrations" / "versions").iterdir()) == []


def test_init_twice(terminal):
    """The second one changes nothing."""
    project = new_project(terminal)
    before = project.terminal.read("migrations/env.py")
    project.alembic("init", "migrations").failed(
        "Directory migrations already exists and is not empty"
    )
    assert project.terminal.read("migrations/env.py") == before


def test_reader_that_goes_away(chain):
    """`alembic history | head` is no error."""
    import subprocess
    import sys

    done = subprocess.run(
        f"{sys.executable} -m alembic history | true",
        shell=True,
        cwd=str(chain.folder),
        env=chain.terminal.environ,
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""


def test_no_url(project):
    """The line says where it belongs, not which key of a dictionary is missing."""
    project.terminal.edit("alembic.ini", "sqlalchemy.url = ", "# sqlalchemy.url = ")
    done = project.alembic("current")
    done.failed("No 'sqlalchemy.url' key found in configuration.", "section [alembic]")
    assert "KeyError" not in done.output


def test_database_that_does_not_answer(project):
    """With the words of the driver, and what to look at; not half of a password."""
    pytest.importorskip("psycopg2")
    url = "postgresql+psycopg2://user:p@ss word@localhost:1/db"
    project.terminal.edit("alembic.ini", "sqlite:///database.db", url)
    done = project.alembic("current")
    done.failed("check that the database answers, and sqlalchemy.url")
    assert "ss word" not in done.output


def test_driver_that_is_not_installed(project):
    """The line says who asks for it."""
    project.terminal.edit("alembic.ini", "sqlite:///database.db", "mysql://h/db")
    project.terminal.write(
        "sitecustomize.py", "import sys\nsys.modules['MySQLdb']=None"
    )
    project.terminal.environ["PYTHONPATH"] += f":{project.folder}"
    done = project.alembic("current")
    done.failed("MySQLdb", "the driver that the URL of the database asks for")


def test_two_files_of_one_revision(chain):
    """What is to run is refused; with the same content it does not matter."""
    chain.upgrade("a1")
    path = chain.path("b2")
    copy = chain.terminal.write(
        "migrations/versions/copy.py", chain.terminal.read(path)
    )
    chain.alembic("upgrade", "head").ok()
    copy.write_text(copy.read_text() + "\nx = 1\n")
    done = chain.alembic("downgrade", "a1")
    done.failed(
        "Revision b2 is to run, but several files have that id", "copy.py", path
    )
    assert chain.alembic("current").ok().stdout == "c3 (head)\n"


def test_parent_that_is_mistyped_makes_two_heads(chain):
    """The line about the heads says where the second one comes from."""
    path = chain.path("c3")
    text = chain.terminal.read(path)
    chain.terminal.write(path, text.replace("= 'b2'", "= 'b22'"))
    for argv in (("upgrade", "head"), ("revision", "-m", "more"), ("stamp", "head")):
        done = chain.alembic(*argv)
        done.failed("ultiple head", "c3_about_c3.py", "did you mean 'b2'?")
