"""heads, branches, history, show and current, as they are typed."""

from __future__ import annotations

import re


def block(project, rev_id, marks="", parent="<base>", extra=()):
    """Return what `show` prints for a revision of these projects."""
    lines = [f"Rev: {rev_id}{marks}", f"Parent: {parent}", *extra]
    path = project.folder / project.path(rev_id)
    lines += [f"Path: {path}", "", f"    about {rev_id}", "    "]
    revises = "" if parent == "<base>" else parent
    lines += [f"    Revision ID: {rev_id}", f"    Revises: {revises}"]
    return "\n".join([*lines, "    Create Date: DATE", "", ""])


def undated(text):
    return re.sub(r"Create Date: .*", "Create Date: DATE", text)


def test_project_without_revisions(project):
    """Nothing to show is no error."""
    for words in (["heads"], ["branches"], ["history"], ["current"], ["show", "head"]):
        done = project.alembic(*words).ok()
        assert done.stdout == "", words


def test_heads(fork):
    """Each head with its label, or in full."""
    assert fork.alembic("heads").ok().stdout == "b2 (left) (head)\nc3 (head)\n"
    verbose = undated(fork.alembic("heads", "-v").ok().stdout)
    assert verbose == block(
        fork, "b2", " (head)", "a1", ["Branch names: left"]
    ) + block(fork, "c3", " (head)", "a1")


def test_heads_with_dependencies(project):
    """A head that another revision depends on is left out when asked."""
    project.revision("a1")
    project.revision("b2", head="base", depends_on="a1")
    assert project.alembic("heads").ok().stdout == ("a1 (effective head)\nb2 (head)\n")
    assert project.alembic("heads", "--resolve-dependencies").stdout == "b2 (head)\n"
    assert "Also depends on: a1\n" in project.alembic("show", "b2").stdout


def test_branches(fork):
    """Each branch point with what follows it."""
    assert fork.alembic("branches").ok().stdout == (
        "a1 (branchpoint)\n   -> b2 (left) (head)\n   -> c3 (head)\n\n"
    )
    assert undated(fork.alembic("branches", "-v").ok().stdout) == (
        block(fork, "a1", " (branchpoint)", extra=["Branches into: b2, c3"])
        + "   -> b2 (left) (head), about b2\n   -> c3 (head), about c3\n\n"
    )


def test_history(fork):
    """The newest first; where a revision comes from, what it is, what it is about."""
    fork.alembic("merge", "heads", "--rev-id", "d4").ok()
    assert fork.alembic("history").ok().stdout == (
        "b2, c3 -> d4 (left) (head) (mergepoint), empty message\n"
        "a1 -> b2 (left), about b2\n"
        "a1 -> c3, about c3\n"
        "<base> -> a1 (branchpoint), about a1\n"
    )


def test_history_in_full(chain):
    """The blocks of `show`."""
    assert undated(chain.alembic("history", "-v", "-r", "a1:b2").ok().stdout) == (
        block(chain, "b2", parent="a1") + block(chain, "a1")
    )


def test_ranges_of_history(chain):
    """Either end may be left out, relative, or the database."""
    c3, b2, a1 = chain.alembic("history").ok().stdout.splitlines()
    assert (c3, a1) == ("b2 -> c3 (head), about c3", "<base> -> a1, about a1")

    def history(*argv):
        return chain.alembic("history", *argv).ok().stdout.splitlines()

    chain.upgrade("b2")
    assert history("-r", ":") == [c3, b2, a1]
    assert history("-r", "b2:") == [c3, b2]
    assert history("-r", ":b2") == [b2, a1]
    assert history("-r", "a1:b2") == [b2, a1]
    assert history("-r", "current:") == [c3, b2]
    assert history("-r", ":current") == [b2, a1]
    assert history("-r", "-2:") == [c3, b2, a1]
    assert history("-r", "-1:current") == [b2]
    marked = history("-i")
    assert marked == [c3, b2.replace("b2,", "b2 (current),"), a1]


def test_ranges_that_are_none(chain):
    """The form is told."""
    for text in ("abc", "a:b:c"):
        chain.alembic("history", "-r", text).failed(
            "History range requires [start]:[end], [start]:, or :[end]"
        )
    chain.alembic("history", "-r", "a1:nope").failed(
        "Can't locate revision identified by 'nope'"
    )


def test_show(chain):
    """A revision by its id, a part of it, a symbol, or the database's."""
    shown = chain.alembic("show", "b2").ok().stdout
    assert undated(shown) == block(chain, "b2", parent="a1")
    assert chain.alembic("show", "b").ok().stdout == shown
    assert chain.alembic("show", "current").ok().stdout == ""
    chain.upgrade("b2")
    assert chain.alembic("show", "current").ok().stdout == shown
    chain.alembic("show", "nope").failed("Can't locate revision identified by 'nope'")


def test_current(fork):
    """Where the database is, on every branch."""
    assert fork.current() == []
    fork.upgrade("a1")
    assert fork.current() == ["a1 (branchpoint)"]
    fork.upgrade("heads")
    assert sorted(fork.current()) == ["b2 (head)", "c3 (head)"]


def test_current_begins_with_what_the_version_table_says(project):
    """What is there because something depends on it follows, in the order of names."""
    for rev_id in ("b1", "c1", "a1"):
        project.revision(rev_id, head="base", splice=True)
    project.revision("z2", head="base", splice=True, depends_on=["c1", "a1", "b1"])
    project.upgrade("z2")
    dependencies = [f"{rev_id} (effective head)" for rev_id in ("a1", "b1", "c1")]
    assert project.current() == ["z2 (head)", *dependencies]


def test_current_in_full_names_the_database(chain):
    """The URL has no password."""
    chain.upgrade("b2")
    done = chain.alembic("current", "--verbose").ok()
    first, _, rest = done.stdout.partition("\n")
    assert first == "Current revision(s) for sqlite:///database.db:"
    assert undated(rest) == block(chain, "b2", parent="a1")


def test_current_checks_heads(fork):
    """Exit status 255 until every head is applied."""
    fork.upgrade("b2")
    done = fork.alembic("current", "--check-heads")
    done.failed("Database is not on all head revisions")
    assert done.status == 255
    fork.upgrade("heads")
    fork.alembic("current", "-c").ok()


def test_current_leaves_an_empty_database_empty(project):
    """Looking does not create the version table."""
    import sqlite3

    project.alembic("current").ok()
    with sqlite3.connect(str(project.folder / "database.db")) as connection:
        found = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert found == []


def test_unknown_revision_in_the_database(chain):
    """What the database says that no file explains."""
    chain.upgrade("c3")
    (chain.folder / chain.path("c3")).unlink()
    chain.alembic("current").failed("Can't locate revision identified by 'c3'")


def test_quiet(chain):
    """-q prints nothing but errors."""
    assert chain.alembic("-q", "history").ok().stdout == ""
    done = chain.alembic("-q", "show", "nope")
    assert (done.status, done.stdout) == (255, "")
    assert done.stderr.startswith("FAILED: Can't locate revision identified by 'nope'")
