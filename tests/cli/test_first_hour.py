"""Mistakes of somebody's first hour: each line says what to do next."""

from __future__ import annotations

import pytest

from tests.support.projects import new_project
from tests.support.versions import needs

BEFORE_A_PROJECT = [
    ([], "'alembic init migrations' begins a project"),
    (["upgrade"], "Example: alembic upgrade head"),
    (["init"], "Example: alembic init migrations"),
    (["upgrad", "head"], "did you mean 'upgrade'?"),
    (["migrate"], "(choose from branches"),
    (["revision", "--autogenrate"], "did you mean '--autogenerate'?"),
    (["upgrade", "head", "--raiseerr"], "options of all commands go before"),
    (["upgrade", "head"], "begin a project with 'alembic init migrations'"),
    (["-c", "alembic.toml", "heads"], "no file 'alembic.toml': check the name"),
    (["-c", "conf/alembic.ini", "heads"], "no file 'conf/alembic.ini': check the name"),
    (["init", "-t", "generi", "m"], "available templates: async, generic"),
]


@pytest.mark.parametrize(("argv", "words"), BEFORE_A_PROJECT)
def test_in_an_empty_folder(terminal, argv, words):
    """Before there is a project."""
    done = terminal.alembic(*argv)
    assert done.status != 0
    assert words in done.output, str(done)
    assert "Traceback" not in done.output
    assert list(terminal.folder.iterdir()) == []


IN_A_NEW_PROJECT = [
    (["init", "migrations"], "name another one, or delete this one first"),
    (["revision", "--autogenerate", "-m", "x"], "Set target_metadata there"),
    (["check"], "such as Base.metadata"),
    (["upgrade", "haed"], "did you mean 'head'?"),
    (["upgrade", "nothing"], "'alembic history' lists those that there are"),
    (["downgrade", "-1"], "'alembic history -i' shows where the database is"),
    (["history", "-r", "a"], "such as base:head"),
    (["downgrade", "base", "--sql"], "such as head:base"),
    (["stamp"], "Example: alembic stamp head"),
]


@pytest.mark.parametrize(("argv", "words"), IN_A_NEW_PROJECT)
def test_in_a_new_project(terminal, argv, words):
    """Before there is a revision."""
    done = new_project(terminal).alembic(*argv)
    assert done.status != 0
    assert words in done.output, str(done)
    assert "Traceback" not in done.output


URLS = [
    ("driver://user:pass@localhost/dbname", "check sqlalchemy.url"),
    # before 1.4 it may begin like this
    pytest.param(
        *("postgres://a:b@localhost/x", "has to begin with postgresql"),
        marks=needs("1.4"),
    ),
    ("mysql+mysqldb://a:b@localhost/x", "pip install 'mysqlclient'"),
    ("oracle+cx_oracle://a:b@localhost/x", "pip install 'cx_Oracle'"),
]


@pytest.mark.parametrize(("url", "words"), URLS)
def test_url_that_does_not_work(terminal, url, words):
    """The cure is in sqlalchemy.url, or a driver away."""
    project = new_project(terminal)
    terminal.edit("alembic.ini", "sqlite:///database.db", url)
    project.alembic("upgrade", "head").failed(words)


def test_models_that_are_not_found(terminal):
    """Where Python looks for them is an option."""
    project = new_project(terminal)
    terminal.edit(
        "migrations/env.py",
        "\ntarget_metadata = None\n",
        "\nimport shop.models\n\ntarget_metadata = None\n",
    )
    project.alembic("check").failed("No module named 'shop'", "prepend_sys_path")


def test_revision_that_is_not_applied(project):
    """A second revision needs the first one in the database."""
    project.with_models()
    project.revision("a1")
    done = project.alembic("revision", "--autogenerate", "-m", "more")
    done.failed("Target database is not up to date. Run 'alembic upgrade heads' first")


def test_from_a_folder_inside(project):
    """The folder in which the command would work is named."""
    project.terminal.folder = project.folder / "migrations" / "versions"
    done = project.terminal.alembic("heads")
    done.failed(f"but in '{project.folder}': run the command there")
