"""Fixtures for all tests; see tests/support for what they are made of."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Iterator

import pytest
from hypothesis import HealthCheck
from hypothesis import settings

from tests.support import databases
from tests.support import servers
from tests.support.transcript import Terminal

# `ALEMBIC_HYPOTHESIS=long` for the long run; the default fits into `make test`
settings.register_profile(
    "default",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
settings.register_profile("long", settings.get_profile("default"), max_examples=1000)
settings.register_profile(
    "random", settings.get_profile("default"), derandomize=False, max_examples=500
)
settings.load_profile(os.environ.get("ALEMBIC_HYPOTHESIS", "default"))

_controller_folder = None


def pytest_configure(config: pytest.Config) -> None:
    global _controller_folder
    if not hasattr(config, "workerinput") and servers.FOLDER_VARIABLE not in os.environ:
        # a short path: a socket in it must fit into 107 characters
        _controller_folder = Path(tempfile.mkdtemp(prefix="alembic-test-"))
        os.environ[servers.FOLDER_VARIABLE] = str(_controller_folder)
        _controller_folder.chmod(0o755)


def pytest_unconfigure(config: pytest.Config) -> None:
    databases.close_administration()
    if _controller_folder is not None:
        servers.stop_all(_controller_folder)
        os.environ.pop(servers.FOLDER_VARIABLE, None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the count of databases used from a worker to the controller."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["used"] = dict(databases.used)
        output["missing"] = dict(databases.missing)


def pytest_testnodedown(node, error) -> None:
    for backend, count in getattr(node, "workeroutput", {}).get("used", {}).items():
        databases.used[backend] = databases.used.get(backend, 0) + count
    databases.missing.update(getattr(node, "workeroutput", {}).get("missing", {}))


def pytest_terminal_summary(terminalreporter) -> None:
    """Say which databases took part, and why one did not."""
    for name, what in (("peer", "Alembic 1.20.1"), ("libraries", "libraries")):
        if name in databases.missing:
            terminalreporter.write_line(
                f"{what} did NOT take part: {databases.missing[name]}"
            )
    for backend in dict.fromkeys(
        (*databases.BACKENDS, *databases.used, *databases.missing)
    ):
        if backend in databases.used:
            line = f"took part, {databases.used[backend]} fresh databases"
        elif backend in databases.missing:
            line = f"did NOT take part: {databases.missing[backend]}"
        else:
            continue
        terminalreporter.write_line(f"database {backend}: {line}")
    wanted = os.environ.get("ALEMBIC_TEST_REQUIRE", "").split()
    absent = [backend for backend in wanted if backend not in databases.used]
    if absent:
        terminalreporter.write_line(
            f"ERROR: required but did not take part: {', '.join(absent)}"
        )
        terminalreporter._session.exitstatus = 1


def _fresh(backend: str, folder: Path, label: str = "") -> databases.Database:
    try:
        return databases.fresh(backend, folder, label)
    except servers.Unavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture(params=databases.BACKENDS)
def database(request, tmp_path: Path) -> Iterator[databases.Database]:
    """An empty database; the test runs once on each backend."""
    found = _fresh(request.param, tmp_path)
    yield found
    found.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[databases.Database]:
    """An empty SQLite database in a file."""
    found = _fresh("sqlite", tmp_path)
    yield found
    found.close()


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[databases.Database]:
    """An empty PostgreSQL database."""
    found = _fresh("postgresql", tmp_path)
    yield found
    found.close()


@pytest.fixture
def mariadb(tmp_path: Path) -> Iterator[databases.Database]:
    """An empty MariaDB database."""
    found = _fresh("mariadb", tmp_path)
    yield found
    found.close()


@pytest.fixture
def fresh_database(tmp_path: Path):
    """A function that gives further empty databases: ``(backend, label)``."""
    made = []

    def make(backend: str, label: str) -> databases.Database:
        made.append(_fresh(backend, tmp_path, label))
        return made[-1]

    yield make
    for found in made:
        found.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """An empty folder in which commands run as a user would type them."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Terminal(folder)


@pytest.fixture(autouse=True)
def _no_config_from_outside(monkeypatch) -> None:
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
