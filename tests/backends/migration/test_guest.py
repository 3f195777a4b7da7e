"""A program that runs commands finds nothing of theirs behind."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings

import pytest

from alembic import command
from alembic import context
from alembic import op
from alembic.config import Config
from alembic.script import ScriptDirectory


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A function that makes a project whose env.py needs a module of its own."""

    def make(name, upgrade="pass", hook="", location="migrations"):
        folder = tmp_path / name
        folder.mkdir()
        config = Config(folder / "alembic.ini")
        command.init(config, str(folder / "migrations"))
        (folder / f"needed_by_{name}.py").write_text("VALUE = 1\n")
        env = folder / "migrations" / "env.py"
        env.write_text(f"import needed_by_{name}\n{hook}\n{env.read_text()}")
        # a header that only running the file tells
        (folder / "migrations" / "versions" / "a.py").write_text(
            f"import needed_by_{name}\nrevision = 'a' * needed_by_{name}.VALUE\n"
            f"down_revision = None\ndef upgrade():\n    {upgrade}\n"
            "def downgrade():\n    pass\n"
        )
        config = Config(folder / "alembic.ini")
        config.set_main_option("prepend_sys_path", str(folder))
        config.set_main_option("sqlalchemy.url", f"sqlite:///{folder}/database.db")
        return config

    yield make
    for name in [name for name in sys.modules if name.startswith("needed_by_")]:
        del sys.modules[name]


def state():
    """Return what a command might leave behind."""
    return {
        "path": list(sys.path),
        "folder": os.getcwd(),
        "environ": dict(os.environ),
        "filters": list(warnings.filters),
        "handlers": list(logging.getLogger().handlers),
        "level": logging.getLogger("alembic").level,
        "threads": threading.active_count(),
        "current": (op._proxy, context._proxy),
    }


RUNS = {
    "upgrade": lambda config: command.upgrade(config, "head"),
    "script": lambda config: command.upgrade(config, "head", sql=True),
    "history": lambda config: command.history(config),
    "current": lambda config: command.current(config),
    "stamp": lambda config: command.stamp(config, "head"),
    "revision": lambda config: command.revision(config, "more"),
    "autogenerate": lambda config: command.revision(
        config, "more", head="base", splice=True, rev_id="b"
    ),
}


@pytest.mark.parametrize("name", sorted(RUNS))
def test_nothing_is_left(project, name):
    """After a command all is as it was before."""
    config = project("one")
    before = state()
    RUNS[name](config)
    assert state() == before


@pytest.mark.parametrize(
    "fault",
    [
        {"upgrade": "raise ZeroDivisionError"},
        {"hook": "1 / 0"},
        {"upgrade": "import sys; sys.exit(3)"},
    ],
    ids=["revision", "env", "exit"],
)
def test_nothing_is_left_after_an_error(project, fault):
    """After a command that failed, too."""
    config = project("one", **fault)
    before = state()
    with pytest.raises((ZeroDivisionError, SystemExit)):
        command.upgrade(config, "head")
    assert state() == before


def test_what_was_there_before_stays(project, monkeypatch):
    """A folder that the program has on its path is not taken away."""
    config = project("one")
    folder = config.get_main_option("prepend_sys_path")
    monkeypatch.syspath_prepend(folder)
    before = list(sys.path)
    command.upgrade(config, "head")
    assert sys.path == before


def test_a_program_that_asks_for_the_folder_keeps_it(project, monkeypatch):
    """`ScriptDirectory.from_config` puts folders on the path, as it always did."""
    config = project("one")
    monkeypatch.setattr(sys, "path", list(sys.path))
    ScriptDirectory.from_config(config)
    assert sys.path[0] == config.get_main_option("prepend_sys_path")


def test_a_location_in_a_package_that_is_found_there(project):
    """``script_location`` may name a package in one of these folders."""
    config = project("one")
    folder = config.get_main_option("prepend_sys_path")
    with open(f"{folder}/migrations/__init__.py", "w"):
        pass
    os.rename(f"{folder}/migrations", f"{folder}/needed_by_location")
    config.set_main_option("script_location", "needed_by_location:.")
    config.set_main_option("version_locations", "needed_by_location:versions")
    before = list(sys.path)
    command.upgrade(config, "head")
    assert sys.path == before


def test_threads_that_need_one_folder(project):
    """The folder stays until the last of them is done."""
    first_is_in, second_is_done = threading.Event(), threading.Event()
    errors = []
    config = project(
        "one",
        hook="for wait in context.config.attributes.get('waits', ()): wait()",
    )
    env = f"{config.get_main_option('prepend_sys_path')}/migrations/env.py"
    with open(env) as file:
        text = file.read()
    with open(env, "w") as file:
        file.write(
            "from alembic import context\n" + text + "\nimport needed_by_later\n"
        )
    later = f"{config.get_main_option('prepend_sys_path')}/needed_by_later.py"
    with open(later, "w"):
        pass
    other = Config(config.config_file_name)
    for name in ("prepend_sys_path", "sqlalchemy.url"):
        other.set_main_option(name, config.get_main_option(name))
    config.attributes["waits"] = [first_is_in.set, lambda: second_is_done.wait(120)]

    def run():
        try:
            command.current(config)
        except BaseException as error:
            errors.append(error)

    before = list(sys.path)
    thread = threading.Thread(target=run)
    thread.start()
    assert first_is_in.wait(120)
    command.current(other)
    del sys.modules["needed_by_later"]
    second_is_done.set()
    thread.join()
    assert errors == []
    assert sys.path == before
