"""Whatever is written into files or typed: a result or one clear line, never a crash."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import shutil
import sqlite3
import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from alembic.config import CommandLine
from alembic.config import Config

ENV = """\
from alembic import context
from sqlalchemy import create_engine, MetaData
from sqlalchemy.pool import NullPool
url = context.config.get_main_option("sqlalchemy.url") or "sqlite://"
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine("sqlite:///database.db", poolclass=NullPool).connect() as found:
        context.configure(connection=found, target_metadata=MetaData())
        with context.begin_transaction():
            context.run_migrations()
"""

REVISION = """\
revision = {id!r}
down_revision = {down!r}


def upgrade():
    pass


def downgrade():
    pass
"""

# each of these runs whole commands
few = settings(max_examples=settings.default.max_examples // 3)

INI = "[alembic]\nscript_location = %(here)s/scripts\npath_separator = os\n"

TEMPLATE = Path(Config().get_template_directory()) / "generic" / "script.py.mako"


@pytest.fixture(autouse=True)
def _no_log():
    # half of a character, which a log may hold, can not be sent to the process that
    # reports; what is claimed is printed as well
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@contextlib.contextmanager
def project():
    """A folder with three revisions, in which commands run."""
    before = os.getcwd()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        versions = folder / "scripts" / "versions"
        versions.mkdir(parents=True)
        (folder / "alembic.ini").write_text(INI)
        (folder / "scripts" / "env.py").write_text(ENV)
        shutil.copy(str(TEMPLATE), str(folder / "scripts" / "script.py.mako"))
        for id_, down in (("a1", None), ("b2", "a1"), ("c3", "b2")):
            (versions / f"{id_}.py").write_text(REVISION.format(id=id_, down=down))
        os.chdir(str(folder))
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(str(folder))


def run(*argv):
    """Run a command line; return its status and what it printed."""
    out, error = io.StringIO(), io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(
        error
    ), warnings.catch_warnings():
        # they go to standard error, and the command goes on
        warnings.simplefilter("ignore")
        try:
            CommandLine("alembic").main(list(argv))
        except SystemExit as end:
            status = end.code or 0
    return status, out.getvalue(), error.getvalue()


def claim(argv, users_file=False):
    """Claim a result, or one line for a person.

    :param users_file: whether the line may tell of an error that a file raises.
    """
    status, out, error = run(*argv)
    assert status in (0, -1, 2), (argv, status)
    if status == -1:
        lines = [line for line in out.splitlines() if line.startswith("FAILED: ")]
        assert len(lines) == 1, (argv, out, error)
        assert len(lines[0]) > len("FAILED: "), argv
        if not users_file:
            assert "--raiseerr" not in lines[0], (argv, lines)
    elif status == 2:
        assert "usage: " in error, (argv, error)
        assert "error: " in error, (argv, error)
    return status, out


@pytest.fixture(autouse=True)
def _editor(monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("VISUAL", "true")


# what a slip of the finger, another tool or another language may leave
ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            " ",
            "%",
            "%%",
            "%(here)s",
            "%(nope)s",
            "%(",
            "\0",
            "a\tb",
            "é",
            "日本語",
            "\udcff",
            "true",
            "1",
            "-1",
            "1e999",
            "None",
            "[]",
            "{}",
            "a b,c;d:e",
            "x" * 300,
            "\N{ZERO WIDTH SPACE}",
            "\r",
            "\x1b[31m",
            "$HOME",
            "`id`",
            "'",
            '"',
            "\\",
        ]
    ),
)
# no way out of the folder, and what a shell can hand over
WORD = ODD.map(
    lambda text: text.replace("\0", "").replace("/", "").replace("..", "").lstrip(".")
)

OPTIONS = st.sampled_from(
    [
        "script_location",
        "version_locations",
        "prepend_sys_path",
        "path_separator",
        "version_path_separator",
        "file_template",
        "truncate_slug_length",
        "timezone",
        "revision_environment",
        "sourceless",
        "recursive_version_locations",
        "output_encoding",
        "lock",
        "lock_timeout",
        "record_table",
        "table_lock_timeout",
        "table_lock_retries",
        "table_lock_retry_pause",
        "statement_timeout",
        "journal",
        "sqlalchemy.url",
    ]
)

COMMANDS = st.sampled_from(
    [
        ("heads",),
        ("history", "-v"),
        ("current",),
        ("upgrade", "head"),
        ("revision", "-m", "more"),
        ("upgrade", "head", "--sql"),
        ("check",),
        ("branches",),
        ("stamp", "b2"),
    ]
)


def write(path, text):
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


@few
@given(st.dictionaries(OPTIONS, ODD, min_size=1, max_size=2), COMMANDS)
def test_odd_values_in_an_ini_file(values, command):
    """Each option with what does not belong there."""
    with project() as folder:
        lines = "".join(f"{name} = {value}\n" for name, value in values.items())
        text = INI
        for name in values:
            text = "\n".join(
                line for line in text.split("\n") if not line.startswith(f"{name} =")
            )
        write(folder / "alembic.ini", text + lines)
        claim(command)


@few
@given(st.binary(max_size=60), st.sampled_from(["before", "after", "alone"]))
def test_ini_file_of_anything(content, where):
    """Bytes at its beginning, at its end, or nothing else."""
    with project() as folder:
        parts = {"before": (content, INI.encode()), "after": (INI.encode(), content)}
        (folder / "alembic.ini").write_bytes(b"".join(parts.get(where, (content,))))
        claim(["heads"])


JSON = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**60), 2**60),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8),
    ),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@few
@given(st.dictionaries(OPTIONS, JSON, min_size=1, max_size=2), COMMANDS)
def test_odd_values_in_a_toml_file(values, command):
    """Each option with another type than it has."""
    with project() as folder:
        (folder / "alembic.ini").unlink()
        options = {"script_location": "%(here)s/scripts", **values}
        text = "[tool.alembic]\n" + "".join(
            f"{json.dumps(name)} = {json.dumps(value)}\n"
            for name, value in options.items()
        )
        write(folder / "pyproject.toml", text)
        claim(command)


@few
@given(st.binary(max_size=60))
def test_toml_file_of_anything(content):
    """Bytes behind a table that is right."""
    with project() as folder:
        (folder / "pyproject.toml").write_bytes(b"[tool.alembic]\n" + content)
        claim(["heads"])


VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.booleans(),
    st.binary(max_size=3),
    ODD,
    st.sampled_from(["a1", "b2", "c3", "d4", "a", "head", "base", "c3@head", "+1"]),
    st.lists(st.sampled_from(["a1", "b2", "c3", "d4", "", None, 1]), max_size=3).map(
        tuple
    ),
)
HEADER = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("revision", "down_revision", "branch_labels", "depends_on"), VALUES
    ),
)


@few
@given(HEADER, COMMANDS, st.booleans())
@example({"revision": "d4", "down_revision": "nope"}, ("heads",), False)
@example({"revision": "a1", "down_revision": "c3"}, ("heads",), False)
@example({"revision": "a1", "down_revision": None}, ("upgrade", "head"), False)
@example({"revision": "d4", "down_revision": "d4"}, ("history", "-v"), True)
def test_odd_headers_of_a_revision(header, command, instead):
    """Any value where an identifier belongs, in a new file or one that there was."""
    with project() as folder:
        name = "c3.py" if instead else "d4.py"
        text = "".join(f"{key} = {value!r}\n" for key, value in header.items())
        text += "def upgrade(): pass\ndef downgrade(): pass\n"
        write(folder / "scripts" / "versions" / name, text)
        claim(command)


@few
@given(st.one_of(st.binary(max_size=80), st.text(max_size=60).map(str.encode)))
@example(b"\xff\xfe")
@example(b"revision = 'd4'\ndown_revision = 'c3'\n\0")
@example(b"# -*- coding: nope -*-\nrevision = 'd4'\n")
@example(b"revision = '" + b"(" * 500)
@example(b"revision = " + b"(" * 500)
@example(b"revision = 'd4'\ndown_revision = 'c3'\nraise SystemExit(7)\n")
@example(b"import sys\nsys.exit()\n")
def test_revision_file_of_anything(content):
    """Bytes that may be no Python."""
    with project() as folder:
        (folder / "scripts" / "versions" / "d4.py").write_bytes(content)
        for command in (["heads"], ["upgrade", "heads"]):
            claim(command)


@few
@given(WORD, st.sampled_from(["c3", "head", "b2", "nope", "c3@head"]))
def test_odd_identifiers(text, head):
    """What `revision` takes for an id, label or message it can read again."""
    for flags in (
        ["--rev-id", text],
        ["--branch-label", text],
        ["--depends-on", text],
        ["-m", text],
        ["--version-path", text],
    ):
        with project() as folder:
            before = len(list((folder / "scripts" / "versions").iterdir()))
            argv = ["revision", "--head", head, *flags]
            status, _ = claim(argv)
            made = len(list((folder / "scripts" / "versions").iterdir())) - before
            assert made == (1 if status == 0 else 0), argv
            assert claim(["heads"])[0] == 0, argv
            assert claim(["upgrade", "heads"])[0] == 0, argv


@few
@given(
    st.one_of(
        ODD,
        st.builds(
            "{}{}{}".format,
            st.sampled_from(["", "a1", "b2", "c3", "head", "base", "heads", "a", "x"]),
            st.sampled_from(["", "@", ":", "+", "-", "@head:", "~"]),
            st.sampled_from(["", "1", "99", "head", "base", "b2", "99999999999999"]),
        ),
    ),
    st.sampled_from(
        [
            ("upgrade",),
            ("downgrade",),
            ("stamp",),
            ("show",),
            ("edit",),
            ("upgrade", "--sql"),
            ("downgrade", "--sql"),
            ("stamp", "--sql"),
            ("history", "-r"),
            ("merge",),
        ]
    ),
)
def test_odd_targets(text, command):
    """A revision that is none; the database is where it was, or where it was told."""
    with project() as folder:
        assert claim(["upgrade", "b2"])[0] == 0
        flag = command[1:] if command[1:] == ("--sql",) else ()
        argv = [command[0], *flag, *([command[1], text] if "-r" in command else [])]
        if "-r" not in command:
            argv += ["--", text]
        status, _ = claim(argv)
        database = sqlite3.connect(str(folder / "database.db"))
        rows = database.execute("SELECT version_num FROM alembic_version").fetchall()
        database.close()
        if status or command[0] not in ("upgrade", "downgrade", "stamp") or flag:
            assert rows == [("b2",)], argv
        assert claim(["current"])[0] == 0


FLAGS = st.sampled_from(
    [
        *("-v", "-q", "-n", "-c", "-x", "--name", "--sql", "--tag", "-m", "--purge"),
        *("--head", "--splice", "--rev-id", "-r", "-i", "--applied", "--autogenerate"),
        *("--lock-wait", "--no-lock", "--check-heads", "--", "-", "--nope", "-1"),
        *("--table-lock-timeout", "--statement-timeout", "--resolve-dependencies"),
    ]
)
NAMES = st.sampled_from(
    [
        *("branches", "check", "current", "downgrade", "edit", "ensure_version"),
        *("heads", "history", "init", "list_templates", "merge", "revision", "show"),
        *("stamp", "upgrade", "upgrad", ""),
    ]
)


@few
@given(
    st.lists(FLAGS, max_size=2),
    NAMES,
    st.lists(st.one_of(FLAGS, WORD, st.sampled_from(["a1", "head"])), max_size=4),
)
def test_odd_command_lines(before, name, after):
    """Flags and words in any order."""
    with project():
        status, out, error = run(*before, name, *after)
        assert status in (0, -1, 2), (before, name, after)
        assert "Traceback" not in out + error
        if status == -1:
            assert "FAILED: " in out + error
