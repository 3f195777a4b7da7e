"""The databases' own clients: they load a script and show all that a database holds."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import List
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from tests.support import servers
from tests.support.databases import Database

VERSION_TABLE = "alembic_version"


def load(database: Database, script: str) -> None:
    """Run a script as a person would, stopping at the first error.

    :param database: the database it is meant for.
    :param script: what ``--sql`` wrote.
    """
    _run([*_CLIENT[database.name](database)], script)


def dump(database: Database) -> List[str]:
    """Return what a database holds, schema and rows, as lines of SQL.

    The version table is left out: a script that goes down to base drops it.
    """
    # SQLite keeps the statements as they were written; scripts hold no tabs
    return [line.strip() for line in _DUMP[database.name](database).splitlines()]


def _run(command: List[str], script: str = "") -> str:
    done = subprocess.run(
        command, input=script.encode(), capture_output=True, check=False
    )
    errors = done.stderr.decode()
    # sqlite3 goes on after an error, and says so
    assert done.returncode == 0, f"{errors}\n{script}"
    assert "rror" not in errors, f"{errors}\n{script}"
    return done.stdout.decode()


def program(name: str, package: str) -> str:
    """Return the path of a client, or skip the test.

    :param name: what it is called.
    :param package: the package of Debian that brings it.
    """
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on the PATH (Debian: apt-get install {package})")
    return found


def _sqlite3(database: Database) -> List[str]:
    path = urlsplit(database.url).path[1:]
    return [program("sqlite3", "sqlite3"), "-batch", "-bail", path]


def _psql(database: Database) -> List[str]:
    folder = Path(servers.server("postgresql")["bin"])
    return [
        str(folder / "psql"),
        *("--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"),
        *_address(database),
    ]


def _address(database: Database) -> List[str]:
    url = urlsplit(database.url)
    host = parse_qs(url.query)["host"][0]
    return ["--username", "postgres", "--host", host, url.path[1:]]


def _mariadb(database: Database) -> List[str]:
    url = urlsplit(database.url)
    return [
        program("mariadb", "mariadb-client"),
        *("--no-defaults", "--user=root", "--protocol=tcp", f"--host={url.hostname}"),
        *(f"--port={url.port}", "--default-character-set=utf8mb4"),
        url.path[1:],
    ]


def _dump_sqlite(database: Database) -> str:
    statements = _run([*_sqlite3(database), ".dump"]).split(";\n")
    left_out = (VERSION_TABLE, "DELETE FROM sqlite_sequence")
    return ";\n".join(
        one for one in statements if not any(part in one for part in left_out)
    )


def _dump_postgresql(database: Database) -> str:
    program = str(Path(servers.server("postgresql")["bin"]) / "pg_dump")
    options = ["--inserts", f"--exclude-table={VERSION_TABLE}"]
    text = _run([program, *options, *_address(database)])
    # a word that newer ones make up for each dump
    return re.sub(r"^\\(un)?restrict .*$", "", text, flags=re.MULTILINE)


def _dump_mariadb(database: Database) -> str:
    def ask(*statements: str) -> str:
        return _run([*_mariadb(database), *options], ";\n".join(statements))

    options = ["--batch", "--skip-column-names", "--binary-as-hex"]
    tables = ask(
        "SELECT table_name FROM information_schema.tables "
        f"WHERE table_schema = DATABASE() AND table_name <> '{VERSION_TABLE}' "
        "ORDER BY table_name"
    ).splitlines()
    return "".join(
        ask(f"SHOW CREATE TABLE `{table}`", f"SELECT * FROM `{table}`").replace(
            "\\n", "\n"
        )
        for table in tables
    ) + ask("SHOW TRIGGERS", "SHOW PROCEDURE STATUS WHERE db = DATABASE()")


_CLIENT = {"sqlite": _sqlite3, "postgresql": _psql, "mariadb": _mariadb}
_DUMP = {
    "sqlite": _dump_sqlite,
    "postgresql": _dump_postgresql,
    "mariadb": _dump_mariadb,
}
