"""alembic.command.init: a whole new project, or nothing."""

from __future__ import annotations

import os

import pytest

from alembic import command
from alembic.command import new_project
from alembic.settings import Config
from alembic.util import CommandError

FILES = {"README", "env.py", "script.py.mako", "versions"}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Run each test in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def config(ini="alembic.ini", toml="pyproject.toml", **kw):
    return Config(ini, toml_file=toml, **kw)


def everything(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    )


@pytest.mark.parametrize(
    "template", ["async", "generic", "multidb", "pyproject", "pyproject_async"]
)
def test_every_template_makes_a_project(template, folder, capsys):
    """The folder, env.py, the revision template, and a configuration that finds them."""
    command.init(config(), "migrations", template)
    assert {path.name for path in (folder / "migrations").iterdir()} == FILES
    made = config()
    assert made.get_alembic_option("script_location") == (
        f"{folder.as_posix()}/migrations"
    )
    assert made.get_prepend_sys_paths_list() == ["."]
    assert made.get_section("loggers")["keys"] == "root,sqlalchemy,alembic,plugins"
    section = "engine1" if template == "multidb" else "alembic"
    assert made.get_section_option(section, "sqlalchemy.url") == (
        "driver://user:pass@localhost/dbname"
    )
    assert (folder / "pyproject.toml").exists() is template.startswith("pyproject")
    compile((folder / "migrations" / "env.py").read_text(), "env.py", "exec")


def test_what_init_says(folder, capsys):
    """Each step as it is done, and what to do next."""
    command.init(config(), "migrations", package=True)
    here = folder.absolute()
    assert capsys.readouterr().out == (
        f"Creating directory {here}/migrations ...  done\n"
        f"Creating directory {here}/migrations/versions ...  done\n"
        f"Generating {here}/migrations/README ...  done\n"
        f"Generating {here}/migrations/env.py ...  done\n"
        f"Generating {here}/migrations/script.py.mako ...  done\n"
        f"Generating {here}/alembic.ini ...  done\n"
        f"Adding {here}/migrations/__init__.py ...  done\n"
        f"Adding {here}/migrations/versions/__init__.py ...  done\n"
        f"Please edit configuration/connection/logging settings in {here}/alembic.ini "
        "before proceeding.\n"
    )


def test_quiet_init_says_nothing(capsys):
    """-q silences every line."""
    from argparse import Namespace

    command.init(config(cmd_opts=Namespace(quiet=True)), "migrations")
    assert capsys.readouterr().out == ""


def test_empty_folder_may_be_there_already(folder, capsys):
    """It is filled."""
    (folder / "migrations").mkdir()
    command.init(config(), "migrations")
    assert {path.name for path in (folder / "migrations").iterdir()} == FILES
    assert "Creating directory " + str(folder / "migrations") + " " not in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda path: (path.mkdir(), (path / "x").touch()),
            "^Directory migrations already exists and is not empty; name another",
        ),
        (
            lambda path: path.touch(),
            "^migrations already exists and is not a directory",
        ),
    ],
)
def test_folder_in_use_is_left_alone(folder, make, message):
    """Nothing is written when the folder holds something."""
    make(folder / "migrations")
    before = everything(folder)
    with pytest.raises(CommandError, match=message):
        command.init(config(), "migrations")
    assert everything(folder) == before


def test_unknown_template_lists_those_that_there_are(folder):
    """The error names what could be meant."""
    with pytest.raises(
        CommandError, match="No such template .*nope; available templates: async, gen"
    ):
        command.init(config(), "migrations", "nope")
    assert everything(folder) == []


def test_existing_configuration_is_kept(folder, capsys):
    """An alembic.ini that is there is not touched."""
    (folder / "alembic.ini").write_text("[alembic]\n")
    command.init(config(), "migrations")
    assert (folder / "alembic.ini").read_text() == "[alembic]\n"
    assert f"File {folder}/alembic.ini already exists, skipping\n" in (
        capsys.readouterr().out
    )


def test_table_is_added_to_an_existing_pyproject(folder, capsys):
    """The rest of the file stays as it was."""
    text = '[project]\nname = "x"\n'
    (folder / "pyproject.toml").write_text(text)
    command.init(config(), "migrations", "pyproject")
    now = (folder / "pyproject.toml").read_text()
    assert now.startswith(text + "\n\n[tool.alembic]\n")
    assert config().toml_alembic_config["script_location"] == "%(here)s/migrations"
    assert f"Appending to existing {folder}/pyproject.toml ...  done\n" in (
        capsys.readouterr().out
    )


def test_existing_table_is_kept(folder, capsys):
    """A pyproject.toml that is set up for Alembic is not touched."""
    text = '[tool.alembic]\nscript_location = "x"\n'
    (folder / "pyproject.toml").write_text(text)
    command.init(config(), "migrations", "pyproject")
    assert (folder / "pyproject.toml").read_text() == text
    output = capsys.readouterr().out
    assert "already exists and already has a [tool.alembic] section, skipping" in output
    assert (
        f"Please edit configuration settings in {folder}/pyproject.toml and "
        f"configuration/connection/logging settings in {folder}/alembic.ini before "
        "proceeding.\n"
    ) in output


def test_broken_pyproject_is_found_before_anything_is_written(folder):
    """A file that cannot be extended stops init at once."""
    (folder / "pyproject.toml").write_text("[project\n")
    with pytest.raises(CommandError, match="is not a valid TOML file"):
        command.init(config(), "migrations", "pyproject")
    assert everything(folder) == ["pyproject.toml"]


@pytest.mark.parametrize(
    ("ini", "directory", "expected"),
    [
        ("alembic.ini", "migrations", "%(here)s/migrations"),
        ("alembic.ini", "a/b", "%(here)s/a/b"),
        ("alembic.ini", ".", "%(here)s"),
        ("conf/alembic.ini", "conf/migrations", "%(here)s/migrations"),
        ("conf/alembic.ini", "migrations", "%(here)s/../migrations"),
        ("alembic.ini", "50% off", "%(here)s/50%% off"),
    ],
)
def test_script_location_is_relative_to_the_configuration(
    folder, ini, directory, expected
):
    """Wherever the file is, it leads to the folder."""
    (folder / "conf").mkdir()
    if directory == ".":
        (folder / "conf").rmdir()
    command.init(config(ini), directory)
    made = config(ini)
    assert made.file_config.get("alembic", "script_location", raw=True) == expected
    found = made.get_alembic_option("script_location")
    assert os.path.samefile(found, directory)


def test_absolute_folder_is_written_as_it_is(folder):
    """Who gives an absolute path wants it."""
    command.init(config(), str(folder / "migrations"))
    made = config().file_config.get("alembic", "script_location", raw=True)
    assert made == (folder / "migrations").as_posix()


def test_quotes_in_the_folder_do_not_break_toml(folder):
    """A folder may have any name."""
    command.init(config(), 'a"b', "pyproject")
    assert config().get_alembic_option("script_location").endswith('/a"b')


@pytest.mark.parametrize("template", ["generic", "pyproject"])
def test_configuration_without_a_file_name(folder, template):
    """A Config made without files cannot say where to write."""
    with pytest.raises(CommandError, match="file name"):
        command.init(Config(), "migrations", template)
    assert everything(folder) == []


@pytest.mark.parametrize("failing", ["env.py", "script.py.mako", "alembic.ini"])
def test_failure_half_way_leaves_nothing_behind(folder, failing, monkeypatch, capsys):
    """Folders and files that were made are taken away again."""
    (folder / "pyproject.toml").write_text("x = 1\n")
    write = new_project.write_whole

    def full(path, content, **kw):
        if path.name == failing:
            raise OSError(28, "No space left on device", str(path))
        write(path, content, **kw)

    monkeypatch.setattr(new_project, "write_whole", full)
    with pytest.raises(
        CommandError, match=f"Nothing was created: No space left on device: .*{failing}"
    ):
        command.init(config(), "a/b/migrations", "pyproject")
    assert everything(folder) == ["pyproject.toml"]
    assert (folder / "pyproject.toml").read_text() == "x = 1\n"
    assert "FAILED\n" in capsys.readouterr().out


def test_templates_of_another_package(folder, capsys):
    """A Config subclass offers its own; their files are copied, their INI rendered."""

    class Theirs(Config):
        def get_template_directory(self):
            return str(folder / "templates")

    theirs = folder / "templates" / "flask"
    theirs.mkdir(parents=True)
    (theirs / "README").write_text("Ours.\nMore.\n")
    (theirs / "alembic.ini.mako").write_text("[alembic]\nx = ${script_location}\n")
    (theirs / "env.py").write_text("# ${not_rendered}\n")
    (theirs / "__pycache__").mkdir()
    made = Theirs("migrations/alembic.ini")
    command.list_templates(made)
    assert "flask - Ours.\n" in capsys.readouterr().out
    command.init(made, "migrations", "flask")
    assert (folder / "migrations" / "env.py").read_text() == "# ${not_rendered}\n"
    assert (folder / "migrations" / "alembic.ini").read_text() == (
        "[alembic]\nx = %(here)s\n"
    )
    assert "__pycache__" not in os.listdir(str(folder / "migrations"))


def test_template_that_cannot_be_rendered(folder):
    """A mistake in somebody's template is told before anything is written."""

    class Theirs(Config):
        def get_template_directory(self):
            return str(folder / "templates")

    (folder / "templates" / "t").mkdir(parents=True)
    (folder / "templates" / "t" / "alembic.ini.mako").write_text("${1/0}")
    before = everything(folder)
    with pytest.raises(CommandError, match="alembic.ini.mako.*division by zero"):
        command.init(Theirs("alembic.ini"), "migrations", "t")
    assert everything(folder) == before


def test_list_templates(capsys):
    """Each with the first line of its README, and how to use one."""
    command.list_templates(Config())
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "Available templates:"
    assert [line.split(" - ")[0] for line in lines[2:7]] == [
        "async",
        "generic",
        "multidb",
        "pyproject",
        "pyproject_async",
    ]
    assert all(" - " in line for line in lines[2:7])
    assert lines[8] == "Templates are used via the 'init' command, e.g.:"
    assert lines[10] == "  alembic init --template generic ./scripts"
