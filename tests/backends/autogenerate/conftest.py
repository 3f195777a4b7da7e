"""Databases that are emptied, not made anew, between many small tests."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Iterator

import pytest

from tests.support import databases
from tests.support import servers


def _empty_postgresql(database: databases.Database) -> None:
    schemas = database.execute(
        "SELECT nspname FROM pg_namespace "
        "WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    )
    database.execute(
        *[f'DROP SCHEMA "{schema}" CASCADE' for (schema,) in schemas],
        "CREATE SCHEMA public",
    )


def _quoted(name: str) -> str:
    doubled = name.replace("`", "``")
    return f"`{doubled}`"


def _empty_mariadb(database: databases.Database) -> None:
    tables = database.execute("SHOW FULL TABLES")
    database.execute(
        "SET foreign_key_checks = 0",
        *[
            f"DROP {kind if kind in ('VIEW', 'SEQUENCE') else 'TABLE'} {_quoted(name)}"
            for name, kind in tables
        ],
    )


@pytest.fixture(scope="module")
def _kept(tmp_path_factory) -> Iterator[Dict[str, Any]]:
    kept: Dict[str, Any] = {}
    yield kept
    for database in kept.values():
        database.close()


@pytest.fixture
def empty(request, tmp_path, _kept) -> Iterator[databases.Database]:
    """The empty database of the backend that a test is told (``indirect``)."""
    backend = request.param
    if backend == "sqlite":
        database = databases.fresh("sqlite", tmp_path)
        yield database
        database.close()
        return
    try:
        if backend not in _kept:
            _kept[backend] = databases.fresh(backend, tmp_path)
    except servers.Unavailable as missing:
        pytest.skip(str(missing))
    database = _kept[backend]
    {"postgresql": _empty_postgresql, "mariadb": _empty_mariadb}[backend](database)
    yield database
