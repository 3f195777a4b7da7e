"""alembic.util.messaging: words to the person at the terminal."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from alembic.util import err
from alembic.util import format_as_comma
from alembic.util import msg
from alembic.util import obfuscate_url_pw
from alembic.util import status
from alembic.util import warn
from alembic.util import warn_deprecated
from alembic.util import write_outstream
from alembic.util.compat import EncodedIO


def test_msg_is_whole_in_a_pipe(capsys):
    """In a pipe a long message stays on one line for scripts to read."""
    msg("word " * 60)
    assert capsys.readouterr().out == "word " * 60 + "\n"


def test_msg_is_folded_on_a_terminal(capsys, monkeypatch):
    """On a terminal a long message is folded to its width."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    msg("word " * 20)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("  word") and len(line) <= 40 for line in lines)


@pytest.mark.parametrize("quiet", [True, False])
def test_quiet(capsys, quiet):
    """`quiet` silences messages and progress."""
    msg("a", quiet=quiet)
    with status("b", quiet=quiet):
        pass
    assert bool(capsys.readouterr().out) is not quiet


def test_status_tells_the_outcome(capsys):
    """Progress ends in `done` or `FAILED`, and errors go on."""
    with status("Trying"):
        pass
    with pytest.raises(KeyError), status("Trying"):
        raise KeyError
    assert capsys.readouterr().out == "Trying ...  done\nTrying ...  FAILED\n"


def test_err_leaves_with_255(capsys, caplog):
    """A failure is printed and logged, and the status is -1, in a shell 255."""
    with pytest.raises(SystemExit) as caught:
        err("it broke")
    assert caught.value.code == -1
    assert capsys.readouterr().out == "FAILED: it broke\n"
    assert caplog.record_tuples == [("alembic.util.messaging", 40, "it broke")]


def test_unknown_characters_do_not_break_output():
    """A stream that lacks a character gets a question mark."""
    raw = io.BytesIO()
    stream = EncodedIO(raw, "ascii")
    write_outstream(stream, "naïve", 5)
    stream.close()
    assert raw.getvalue() == b"na?ve5"
    assert not raw.closed


@pytest.mark.parametrize(
    ("value", "expected"), [(None, ""), ("a", "a"), (("a", "b"), "a, b")]
)
def test_format_as_comma(value, expected):
    """One or several words as one text."""
    assert format_as_comma(value) == expected


def test_warnings_point_at_the_caller():
    """Warnings name the file that called, not the helper."""
    with pytest.warns(UserWarning, match="one") as caught:
        warn("one")
    assert caught[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="two") as caught:
        warn_deprecated("two")
    assert caught[0].filename == __file__


def test_passwords_are_masked():
    """A URL is shown without its password."""
    assert obfuscate_url_pw("postgresql://u:se%40cret@h/d") == "postgresql://u:***@h/d"


@pytest.mark.parametrize(
    ("first", "name"),
    [
        ("alembic.migration", "alembic.runtime.migration"),
        ("alembic.operations.batch.sqlite.leftovers", "alembic.operations"),
        ("alembic.autogenerate", "alembic.autogenerate"),
    ],
)
def test_log_lines_that_nobody_asked_for_are_not_printed(first, name):
    """A program without logging sees no warning on its standard error."""
    code = (
        f"import importlib, logging; importlib.import_module({first!r}); "
        f"logging.getLogger({name!r}).warning('not asked for')"
    )
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_failure_is_told_once():
    """err() tells the failure on standard output and not on the other stream."""
    code = "from alembic.util import messaging; messaging.err('it broke')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert (done.stdout, done.stderr) == (b"FAILED: it broke\n", b"")
