"""Exit statuses, by which scripts and CI tell what has happened."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

FINE = {
    "nothing to do": ("upgrade", "b2"),
    "at the head": ("upgrade", "head"),
    "looking": ("current",),
    "help": ("--help",),
    "version": ("--version",),
    "a script": ("upgrade", "head", "--sql"),
}
FAILED = {
    "unknown revision": ("upgrade", "nope"),
    "behind": ("current", "--check-heads"),
    "check, behind": ("check",),
    "no record": ("history", "--applied"),
    "no such file": ("-c", "nope.ini", "heads"),
    "broken limit": ("upgrade", "head", "--statement-timeout", "-1"),
}
USAGE = {
    "no command": (),
    "unknown command": ("upgrad",),
    "unknown flag": ("upgrade", "--nope", "head"),
    "argument missing": ("upgrade",),
    "no number": ("upgrade", "head", "--lock-wait", "soon"),
    "two ranges": ("history", "a", "b"),
}


@pytest.mark.parametrize(
    ("status", "argv"),
    [
        pytest.param(status, argv, id=name)
        for status, table in ((0, FINE), (255, FAILED), (2, USAGE))
        for name, argv in table.items()
    ],
)
def test_status(chain, status, argv):
    """0 for what is well, 255 for what failed, 2 for what was typed wrongly."""
    chain.upgrade("b2")
    done = chain.alembic(*argv)
    assert done.status == status, str(done)
    assert "Traceback" not in done.output
    assert ("FAILED: " in done.output) == (status == 255)


def test_status_of_differences(project):
    """`check` fails when the models hold what the database has not."""
    project.with_models()
    project.alembic("upgrade", "head").ok()
    assert project.alembic("check").status == 255


def test_status_of_a_traceback(chain):
    """--raiseerr ends as any Python program does."""
    done = chain.alembic("--raiseerr", "upgrade", "nope")
    assert done.status == 1
    assert "Traceback" in done.stderr


def test_quiet_failure_is_on_standard_error(chain):
    """With -q standard output stays empty."""
    done = chain.alembic("-q", "upgrade", "nope")
    assert done.status == 255
    assert done.stdout == ""
    assert "FAILED: " in done.stderr


def test_status_when_nobody_reads(chain):
    """The reader of a pipe has gone: no error, but no success either."""
    line = f"{sys.executable} -m alembic history -v; echo $? >&2"
    done = chain.terminal.run(["bash", "-c", f"({line}) | true"])
    assert done.stderr.split()[-1] in ("0", "1"), str(done)
    assert "Traceback" not in done.stderr


def test_status_of_an_interrupt(chain):
    """Control-C in the middle of a revision: one line, all rolled back."""
    chain.terminal.edit(
        chain.path("a1"),
        'one to this one."""\n    pass\n',
        'one to this one."""\n'
        '    op.execute("CREATE TABLE half (x INTEGER)")\n'
        "    import pathlib, time\n"
        "    pathlib.Path('there').touch()\n"
        "    time.sleep(600)\n",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=str(chain.folder),
        env=chain.terminal.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        # where the tests run in the background, it would inherit that it is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 120
    while not (chain.folder / "there").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in out + error
    assert "FAILED: interrupted" in error
    assert chain.current() == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize("words", [(), ("--quiet",)])
def test_terminal_shows_a_failure_once(chain, words):
    """Not as a line of the log and again, where both go to one terminal."""
    argv = [*words, "upgrade", "nowhere"]
    in_pipes = chain.alembic(*argv)
    assert "ERROR [alembic.util.messaging] Can't locate" in in_pipes.stderr
    ours, theirs = os.openpty()
    status = subprocess.call(
        [sys.executable, "-m", "alembic", *argv],
        cwd=chain.folder,
        env=chain.terminal.environ,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    with contextlib.suppress(OSError):
        # the end of what was written is an error there
        for piece in iter(lambda: os.read(ours, 4096), b""):
            text += piece
    os.close(ours)
    assert status == 255
    assert text.count(b"Can't locate") == text.count(b"FAILED: Can't locate") == 1


def test_warning_is_one_line(chain):
    """Without the place in Alembic's own code where it came up."""
    chain.terminal.write(
        "migrations/versions/d4.py", "revision = 'd4'\ndown_revision = 'c33'\n"
    )
    done = chain.alembic("heads").ok()
    [line] = done.stderr.splitlines()
    assert line.startswith("UserWarning: Revision c33 referenced from c33 -> d4")
