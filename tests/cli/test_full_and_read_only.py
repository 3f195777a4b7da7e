"""Disks that are full, and folders, files and databases that cannot be written."""

from __future__ import annotations

import os
import sys

import pytest
from sqlalchemy import create_engine
from sqlalchemy import inspect

# the root user may write anywhere, unless it gives that right away
UNPRIVILEGED = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0
    else []
)


def alembic(terminal, *argv, largest=None):
    """Run a command that may not write where permissions say so.

    :param largest: the largest file that can be written, in bytes, as on a full disk.
    """
    code = "import sys; from alembic.config import main; main(sys.argv[1:])"
    if largest is not None:
        code = (
            "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, {largest})); "
        ) + code
    return terminal.run(
        [*UNPRIVILEGED, sys.executable, "-B", "-c", code, *argv],
        shown=" ".join(("alembic", *argv)),
    )


def failed(done, *words):
    """Claim one line that holds the words; a status line before it may say FAILED."""
    assert done.status == 255, str(done)
    assert "Traceback" not in done.output
    [line] = [line for line in done.output.splitlines() if line.startswith("FAILED: ")]
    for word in words:
        assert word in line, str(done)


def files(folder):
    """Return every file with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def tables(project):
    engine = create_engine(f"sqlite:///{project.folder / 'database.db'}")
    with engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
    engine.dispose()
    return found


@pytest.fixture
def read_only():
    """A function that takes the right to write away until the test ends."""
    changed = []

    def take(*paths):
        for path in paths:
            changed.append((path, path.stat().st_mode))
            path.chmod(path.stat().st_mode & 0o555)

    yield take
    for path, mode in changed:
        path.chmod(mode)


@pytest.mark.parametrize("largest", [0, 100, 400])
def test_full_disk_while_a_file_is_written(project, largest):
    """No file, or the half of one, is left; with room the same command succeeds."""
    before = files(project.folder)
    done = alembic(project.terminal, "revision", "-m", "more", largest=largest)
    failed(done, "migrations/versions", "File too large")
    assert files(project.folder) == before
    alembic(project.terminal, "revision", "-m", "more").ok()


@pytest.mark.parametrize("largest", [0, 100, 3000])
def test_full_disk_while_a_project_is_begun(terminal, largest):
    """The line names the file; what is there is whole, and init can be run again."""
    done = alembic(terminal, "init", "migrations", largest=largest)
    failed(done, "File too large")
    for name, content in files(terminal.folder).items():
        assert content or name.endswith("__init__.py"), name
    alembic(terminal, "init", "migrations").ok()
    alembic(terminal, "heads").ok()


def test_full_disk_while_a_database_grows(project):
    """The run is rolled back, the database whole; with room it ends well."""
    project.revision("a1")
    project.revision("b2")
    project.terminal.edit(
        project.path("b2"),
        'one to this one."""\n    pass\n',
        'one to this one."""\n'
        '    op.execute("CREATE TABLE t (x TEXT)")\n'
        '    op.execute("INSERT INTO t VALUES (hex(zeroblob(500000)))")\n',
    )
    project.upgrade("a1")
    before = tables(project)
    done = alembic(project.terminal, "upgrade", "head", largest=200_000)
    failed(done, "OperationalError", "disk")
    assert tables(project) == before
    assert project.current() == ["a1"]
    alembic(project.terminal, "upgrade", "head").ok()
    assert "t" in tables(project)


def test_folder_that_cannot_be_written(project, read_only):
    """The line names the file that was to be written."""
    read_only(project.folder / "migrations" / "versions")
    done = alembic(project.terminal, "revision", "-m", "more")
    failed(done, "migrations/versions", "Permission denied")


def test_project_in_a_folder_that_cannot_be_written(terminal, read_only):
    """Nothing is begun."""
    read_only(terminal.folder)
    done = alembic(terminal, "init", "migrations")
    failed(done, "migrations", "Permission denied")
    assert files(terminal.folder) == {}


def test_commands_that_only_read(chain, read_only):
    """Nothing needs to be written to look at a history or a database."""
    chain.upgrade("b2")
    folder = chain.folder
    read_only(
        folder / "database.db",
        folder / "migrations" / "versions",
        folder / "migrations",
    )
    read_only(folder)
    for command in ("heads", "history", "branches", "current"):
        alembic(chain.terminal, command).ok()
    alembic(chain.terminal, "show", "head").ok()
    assert "c3" in alembic(chain.terminal, "upgrade", "head", "--sql").ok().stdout


@pytest.mark.parametrize("what", ["database.db", "."])
def test_database_that_cannot_be_written(chain, read_only, what):
    """The file, or its folder, in which SQLite puts its journal."""
    chain.upgrade("b2")
    read_only(chain.folder / what)
    done = alembic(chain.terminal, "upgrade", "head")
    failed(done, "readonly database", "SQLite has to write the file and beside it")
    assert chain.current() == ["b2"]


def test_database_in_a_folder_that_is_not_there(project):
    """SQLite makes files, not folders; the line says which file was meant."""
    project.terminal.edit("alembic.ini", "database.db", "nowhere/database.db")
    done = project.alembic("upgrade", "head")
    failed(done, "unable to open database file", "nowhere/database.db")


def test_configuration_that_cannot_be_read(project):
    """The line names the file."""
    (project.folder / "alembic.ini").chmod(0)
    done = alembic(project.terminal, "heads")
    failed(done, "alembic.ini", "Permission denied")


def test_revision_file_that_cannot_be_read(chain):
    """The line names the file."""
    (chain.folder / chain.path("b2")).chmod(0)
    done = alembic(chain.terminal, "history")
    failed(done, "b2_about_b2.py", "Permission denied")


def test_standard_output_that_is_full(chain):
    """A script that cannot be written is no success."""
    done = chain.terminal.run(
        ["sh", "-c", f"{sys.executable} -m alembic history > /dev/full"]
    )
    assert done.status == 255
    assert done.stderr.count("FAILED") == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
