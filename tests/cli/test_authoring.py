"""revision, merge, edit and check, as they are typed."""

from __future__ import annotations

import os
import stat

import pytest


def test_revision_writes_a_file(project):
    """The file is named after id and message, and says where it is in the history."""
    done = project.alembic("revision", "-m", "Add Users!", "--rev-id", "a1").ok()
    path = project.folder / "migrations" / "versions" / "a1_add_users.py"
    assert done.stdout == f"Generating {path} ...  done\n"
    assert done.stderr == ""
    text = path.read_text()
    assert text.startswith(
        '"""Add Users!\n\nRevision ID: a1\nRevises: \nCreate Date: 20'
    )
    assert "revision: str = 'a1'\n" in text
    assert "down_revision: Union[str, Sequence[str], None] = None\n" in text
    assert "branch_labels: Union[str, Sequence[str], None] = None\n" in text
    assert "depends_on: Union[str, Sequence[str], None] = None\n" in text
    assert "def upgrade() -> None:\n" in text
    assert text.endswith("    pass\n")
    compile(text, str(path), "exec")


def test_revision_options(project):
    """Every option leaves its mark in the file."""
    project.revision("a1")
    write = ("revision", "--rev-id")
    project.alembic(*write, "b2", "-m", "two", "--branch-label", "left").ok()
    branch = ("--head", "a1", "--splice", "--depends-on", "b2")
    project.alembic(*write, "c3", "-m", "three", *branch).ok()
    assert "branch_labels: Union[str, Sequence[str], None] = ('left',)" in (
        project.terminal.read(project.path("b2"))
    )
    three = project.terminal.read(project.path("c3"))
    assert "down_revision: Union[str, Sequence[str], None] = 'a1'" in three
    assert "depends_on: Union[str, Sequence[str], None] = 'b2'" in three


def test_revision_without_message_or_id(project):
    """Both may be left out."""
    done = project.alembic("revision").ok()
    [path] = (project.folder / "migrations" / "versions").glob("*.py")
    assert done.stdout == f"Generating {path} ...  done\n"
    assert path.read_text().startswith('"""empty message\n')


@pytest.mark.parametrize(
    "message",
    [
        'say """hello""" \\',
        "two\nlines",
        "${1/0} <% x %> % for",
        "../../escape/this",
        "quote ' and \" and \\N{x}",
        'ends with a quote"',
    ],
)
def test_message_cannot_break_out_of_the_file(project, message):
    """Quotes, templates and paths in a message are just words."""
    project.alembic("revision", "-m", message, "--rev-id", "a1").ok()
    files = [
        path
        for path in project.folder.rglob("a1*.py")
        if path.parent.name == "versions"
    ]
    assert len(files) == 1
    assert not list(project.folder.parent.glob("*escape*"))
    project.upgrade("head")
    assert "a1" in project.alembic("history").ok().stdout


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--rev-id", "a@b"], "'@'"),
        (["--rev-id", "x" * 33], "32"),
        (["--head", "nope"], "nope"),
        (["--splice", "--head", "nope"], "nope"),
        (["--depends-on", "nope"], "nope"),
        (["--rev-id", "a1"], "a1"),
        (["--rev-id", "../a"], "../a"),
        (["--version-path", "elsewhere"], "elsewhere"),
        (["--sql"], "Using --sql with the revision command when revision_environment"),
        (["--sql", "--autogenerate"], "Using --sql with --autogenerate does not make"),
        (["--branch-label", "a@b"], "a@b"),
    ],
)
def test_revision_that_cannot_be(chain, argv, message):
    """One line, and no file."""
    before = sorted(chain.folder.rglob("*.py"))
    chain.alembic("revision", "-m", "x", *argv).failed(message)
    assert sorted(chain.folder.rglob("*.py")) == before


def test_revision_on_several_heads_asks_which(fork):
    """The error of Alembic, before anything is written."""
    fork.alembic("revision", "-m", "x").failed(
        "Multiple heads are present; please specify the head revision on which the new "
        "revision should be based, or perform a merge."
    )
    fork.revision("d4", "x", head="left@head")
    assert "b2 -> d4" in fork.alembic("history").stdout


def test_revision_below_the_head_needs_splice(chain):
    """The error of Alembic."""
    chain.alembic("revision", "--head", "a1").failed(
        "Revision a1 is not a head revision; please specify --splice to create a new "
        "branch from this revision"
    )


def test_autogenerate_upgrade_and_check(project):
    """The main job: differences are written down, applied, and are gone."""
    project.with_models()
    project.alembic("revision", "--autogenerate", "-m", "users", "--rev-id", "a1").ok()
    assert "op.create_table('user'," in project.terminal.read(project.path("a1"))
    project.alembic("check").failed("Target database is not up to date.")
    project.alembic("upgrade", "head").ok()
    done = project.alembic("check").ok()
    assert done.stdout == "No new upgrade operations detected.\n"


def test_check_shows_a_line_for_each_difference(project):
    """The last line keeps its beginning; the others can be read."""
    project.with_models()
    done = project.alembic("check")
    done.failed("FAILED: New upgrade operations detected: [add table 'user']")
    assert done.status == 255
    assert done.stdout.startswith(
        "  add table 'user': op.create_table('user', sa.Column('id', sa.Integer(), "
    )
    project.terminal.edit(
        "models.py",
        "metadata = sa.MetaData()\n",
        "metadata = sa.MetaData()\n"
        "for i in range(9):\n"
        "    sa.Table(f't{i}', metadata, sa.Column('id', sa.Integer))\n",
    )
    done = project.alembic("check")
    done.failed("add table 't0'", "and 5 more]")
    assert len(done.stdout.splitlines()) == 11


def test_check_verbose_names_what_is_not_compared(project):
    """Each on a line with the reason, whether there are differences or not."""
    project.with_models()
    done = project.alembic("check", "--verbose")
    assert done.status == 255
    first, title, *lines, last = done.stdout.splitlines()
    assert first.startswith("  add table 'user': op.create_table(")
    assert last.startswith("FAILED: New upgrade operations detected: ")
    assert title == "Not compared:"
    assert "  server defaults: compare_server_default is not set" in lines
    project.alembic("revision", "--autogenerate", "-m", "users").ok()
    project.alembic("upgrade", "head").ok()
    done = project.alembic("check", "-v").ok()
    assert done.stdout.splitlines() == [
        "No new upgrade operations detected.",
        title,
        *lines,
    ]


def test_check_without_models_says_what_is_missing(project):
    """target_metadata is None in a new project."""
    project.alembic("check").failed(
        "Can't proceed with --autogenerate option; environment script",
        "does not provide a MetaData object or sequence of objects to the context.",
    )


def test_autogenerate_on_a_database_behind_the_files(chain):
    """The error of Alembic, with the command to type."""
    chain.with_models()
    chain.alembic("revision", "--autogenerate", "-m", "x").failed(
        "Target database is not up to date."
    )


def test_merge(fork):
    """Two heads become one."""
    fork.alembic("merge", "heads", "-m", "join", "--rev-id", "d4").ok()
    assert fork.alembic("heads").stdout == "d4 (left) (head)\n"
    assert "'b2', 'c3'" in fork.terminal.read(fork.path("d4"))
    assert "Revises: b2, c3\n" in fork.terminal.read(fork.path("d4"))


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["nope", "b2"], "nope"),
        (["a1"], "Revision a1 is not a head revision; please specify --splice"),
    ],
)
def test_merge_that_cannot_be(fork, argv, message):
    """One line, and no file."""
    before = sorted(fork.folder.rglob("*.py"))
    fork.alembic("merge", *argv).failed(message)
    assert sorted(fork.folder.rglob("*.py")) == before


def test_revision_environment_runs_env_py_for_every_new_file(project):
    """env.py has a say in revisions and merges."""
    project.terminal.edit(
        "alembic.ini", "# revision_environment = false", "revision_environment = true"
    )
    project.terminal.edit(
        "migrations/env.py",
        "target_metadata = None",
        "target_metadata = None\nprint('hi')",
    )
    assert project.alembic("revision").ok().stdout.startswith("hi\n")
    assert project.alembic("merge", "heads", "-m", "x").ok().stdout.startswith("hi\n")
    assert project.alembic("revision", "--sql").ok().stdout.startswith("hi\n")


@pytest.fixture
def editor(chain):
    """A program that notes what it was asked to open."""
    path = chain.folder / "my editor"
    path.write_text(f'#!/bin/sh\necho "$1" >> "{chain.folder}/opened"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    chain.terminal.environ["EDITOR"] = str(path)
    return chain


@pytest.mark.skipif(os.name != "posix", reason="a shell script is the editor")
def test_edit(editor):
    """The editor gets the path of each file."""
    editor.alembic("edit", "b2").ok()
    editor.alembic("edit", "heads").ok()
    editor.upgrade("a1")
    editor.alembic("edit", "current").ok()
    opened = editor.terminal.read("opened").splitlines()
    assert [os.path.basename(path) for path in opened] == [
        "b2_about_b2.py",
        "c3_about_c3.py",
        "a1_about_a1.py",
    ]


def test_edit_without_anything_to_edit(editor):
    """Unknown revisions, symbols that mean no file, and an empty database."""
    editor.alembic("edit", "nope").failed("Can't locate revision identified by 'nope'")
    editor.alembic("edit", "base").failed(
        "No revision files indicated by symbol 'base'"
    )
    editor.alembic("edit", "current").failed("No current revisions")


def test_editor_that_fails(chain):
    """Its exit status is told."""
    chain.terminal.environ["EDITOR"] = "false"
    chain.alembic("edit", "a1").failed("Error executing editor", "exit status 1")
