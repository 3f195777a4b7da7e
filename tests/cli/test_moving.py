"""upgrade, downgrade, stamp and ensure_version, as they are typed."""

from __future__ import annotations

import pytest

from tests.support.projects import log_of

SQLITE_TABLE = (
    "CREATE TABLE alembic_version (\n"
    "    version_num VARCHAR(32) NOT NULL, \n"
    "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n"
    ");\n\n"
)


def test_upgrade_and_downgrade(chain):
    """Each revision that runs is a log line; a second run finds nothing to do."""
    assert log_of(chain.alembic("upgrade", "head").ok()) == [
        "Running upgrade  -> a1, about a1",
        "Running upgrade a1 -> b2, about b2",
        "Running upgrade b2 -> c3, about c3",
    ]
    assert log_of(chain.alembic("upgrade", "head").ok()) == []
    assert chain.current() == ["c3 (head)"]
    assert log_of(chain.alembic("downgrade", "-1").ok()) == [
        "Running downgrade c3 -> b2, about c3"
    ]
    assert log_of(chain.alembic("downgrade", "base").ok()) == [
        "Running downgrade b2 -> a1, about b2",
        "Running downgrade a1 -> , about a1",
    ]
    assert chain.current() == []


@pytest.mark.parametrize(
    ("command", "target", "at"),
    [
        ("upgrade", "+1", "b2"),
        ("upgrade", "b", "b2"),
        ("upgrade", "a1+2", "c3"),
        ("upgrade", "heads", "c3"),
        ("upgrade", "head-1", "b2"),
        ("downgrade", "base", None),
        ("downgrade", "-1", None),
        ("stamp", "head", "c3"),
    ],
)
def test_targets(chain, command, target, at):
    """From a1 to wherever the words say."""
    chain.upgrade("a1")
    chain.alembic(command, target).ok()
    assert [line.split()[0] for line in chain.current()] == ([at] if at else [])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["upgrade", "nope"], "Can't locate revision identified by 'nope'"),
        (["upgrade", "+9"], "Relative revision +9 didn't produce 9 migrations"),
        (["upgrade", "a1:b2"], "Range revision not allowed"),
        (["downgrade", "nope"], "Can't locate revision identified by 'nope'"),
        (["downgrade", "-9"], "Relative revision -9 didn't produce 9 migrations"),
        (["downgrade", "b2:a1"], "Range revision not allowed"),
        (
            ["downgrade", "b2", "--sql"],
            "downgrade with --sql requires <fromrev>:<torev>",
        ),
        (["upgrade", "a1:", "--sql"], "'a1:' is no range of revisions"),
        (["upgrade", "a1:b2:c3", "--sql"], "'a1:b2:c3' is no range of revisions"),
        (["downgrade", "a1:b2:c3", "--sql"], "'a1:b2:c3' is no range of revisions"),
        (["stamp", "nope"], "Can't locate revision identified by 'nope'"),
        (["stamp", "a1:b2", "b2", "--sql"], "only supports a single starting revision"),
    ],
)
def test_targets_that_cannot_be_reached(chain, words, message):
    """One line; the database stays where it is."""
    chain.upgrade("a1")
    done = chain.alembic(*words)
    done.failed(message)
    assert done.status == 255
    assert chain.current() == ["a1"]


def test_head_of_several(fork):
    """Which one is asked."""
    fork.alembic("upgrade", "head").failed(
        "Multiple head revisions are present for given argument 'head'; please specify "
        "a specific target revision, '<branchname>@head' to narrow to a specific head, "
        "or 'heads' for all heads"
    )
    fork.alembic("upgrade", "left@head").ok()
    assert fork.current() == ["b2 (head)"]


def test_offline_upgrade(chain):
    """SQL on standard output, log lines on standard error."""
    done = chain.alembic("upgrade", "a1", "--sql").ok()
    assert done.stdout.startswith(SQLITE_TABLE + "-- Running upgrade  -> a1\n\nINSERT")
    assert "VALUES ('a1')" in done.stdout
    assert not (chain.folder / "database.db").exists()
    ranged = chain.alembic("upgrade", "a1:c3", "--sql").ok().stdout
    assert ranged == (
        "-- Running upgrade a1 -> b2\n\n"
        "UPDATE alembic_version SET version_num='b2' "
        "WHERE alembic_version.version_num = 'a1';\n\n"
        "-- Running upgrade b2 -> c3\n\n"
        "UPDATE alembic_version SET version_num='c3' "
        "WHERE alembic_version.version_num = 'b2';\n\n"
    )
    from_base = chain.alembic("upgrade", ":a1", "--sql").ok().stdout
    assert from_base == done.stdout


def test_offline_downgrade(chain):
    """A range says from where to where."""
    assert chain.alembic("downgrade", "a1:base", "--sql").ok().stdout == (
        "-- Running downgrade a1 -> \n\n"
        "DELETE FROM alembic_version WHERE alembic_version.version_num = 'a1';\n\n"
    )


def test_stamp(fork):
    """The version table changes, nothing runs."""
    assert log_of(fork.alembic("stamp", "a1").ok()) == ["Running stamp_revision  -> a1"]
    fork.alembic("stamp", "b2", "c3").ok()
    assert sorted(fork.current()) == ["b2 (head)", "c3 (head)"]
    fork.alembic("stamp", "base").ok()
    assert fork.current() == []


def test_stamp_with_purge(chain):
    """Whatever the table held is gone, even what no file explains."""
    chain.upgrade("c3")
    (chain.folder / chain.path("c3")).unlink()
    chain.alembic("stamp", "b2").failed("Can't locate revision identified by 'c3'")
    chain.alembic("stamp", "--purge", "b2").ok()
    assert chain.current() == ["b2 (head)"]


def test_offline_stamp(chain):
    """Statements for the version table."""
    assert chain.alembic("stamp", "a1:b2", "--sql").ok().stdout == (
        "-- Running stamp_revision a1 -> b2\n\n"
        "UPDATE alembic_version SET version_num='b2' "
        "WHERE alembic_version.version_num = 'a1';\n\n"
    )


def test_ensure_version(project):
    """The table is created once; offline its SQL is shown."""
    assert project.alembic("ensure_version", "--sql").ok().stdout == SQLITE_TABLE
    project.alembic("ensure_version").ok()
    project.alembic("ensure_version").ok()
    assert project.current() == []


def test_tag_and_x_reach_env_py(chain):
    """Settings from the command line are found by env.py."""
    chain.terminal.edit(
        "migrations/env.py",
        "target_metadata = None\n",
        "target_metadata = None\n"
        "print(context.get_tag_argument(), context.get_x_argument(as_dictionary=True))\n"
        "print(config.cmd_opts.cmd[0].__name__, config.cmd_opts.revision)\n",
    )
    done = chain.alembic("-x", "a=b=c", "-x", "d", "upgrade", "a1", "--tag", "t").ok()
    assert done.stdout == "t {'a': 'b=c', 'd': ''}\nupgrade a1\n"


def test_broken_file_among_the_planned_ones_stops_everything(chain):
    """All planned files are loaded before the first one runs."""
    chain.terminal.edit(chain.path("c3"), "import sqlalchemy as sa", "import nowhere")
    chain.alembic("upgrade", "head").failed(
        "No module named 'nowhere'", "c3_about_c3.py, line"
    )
    assert chain.current() == []
    chain.upgrade("b2")


def test_failing_revision_names_its_line_and_the_statement(chain):
    """The driver's words, the SQL and the place; no traceback unless asked for."""
    with (chain.folder / chain.path("b2")).open("a") as stream:
        stream.write("\ndef upgrade():\n    op.execute('DROP TABLE nowhere')\n")
    done = chain.alembic("upgrade", "head")
    done.failed(
        "no such table: nowhere", "[SQL: DROP TABLE nowhere]", "b2_about_b2.py, line"
    )
    assert "Traceback" in chain.alembic("--raiseerr", "upgrade", "head").stderr
