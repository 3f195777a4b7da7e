"""A fresh, empty database for each test, on every backend that this machine has."""

from __future__ import annotations

import contextlib
import os
from functools import cached_property
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List

from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.support import servers

BACKENDS = ("sqlite", "postgresql", "mariadb")

# which backends took part in this process; the session's summary names them
used: Dict[str, int] = {}
missing: Dict[str, str] = {}


class Database:
    """One empty database.

    :ivar name: ``sqlite``, ``postgresql`` or ``mariadb``.
    :ivar url: its URL as text.
    :ivar engine: an Engine without a pool.
    """

    def __init__(self, name: str, url: str, folder: Path) -> None:
        self.name = name
        self.url = url
        self.folder = folder
        self._engines: List[Any] = []

    @cached_property
    def engine(self) -> Any:
        return self.new_engine()

    def new_engine(self, **kw: Any) -> Any:
        """Return another Engine on this database, disposed of with it."""
        kw.setdefault("poolclass", NullPool)
        engine = create_engine(self.url, **kw)
        self._engines.append(engine)
        return engine

    @property
    def dialect_name(self) -> str:
        """What SQLAlchemy calls the dialect."""
        return "mysql" if self.name == "mariadb" else self.name

    def execute(self, *statements: str) -> List[Any]:
        """Run statements, commit, and return the rows of the last one."""
        rows: List[Any] = []
        with self.engine.connect() as connection:
            transaction = connection.begin()
            for statement in statements:
                result = connection.execute(text(statement))
                rows = list(result.fetchall()) if result.returns_rows else []
            transaction.commit()
        return rows

    def recorded(self) -> List[str]:
        """Return a list that receives every statement `engine` sends from now on."""
        statements: List[str] = []

        @event.listens_for(self.engine, "before_cursor_execute")
        def record(
            conn: Any, cursor: Any, statement: str, params: Any, ctx: Any, many: bool
        ) -> None:
            statements.append(statement)

        return statements

    def close(self) -> None:
        for engine in self._engines:
            engine.dispose()


def fresh(backend: str, folder: Path, label: str = "") -> Database:
    """Return an empty database.

    :param backend: one of `BACKENDS`.
    :param folder: a folder of the test, in which SQLite's file is made.
    :param label: tells several databases of one test apart.
    :raises servers.Unavailable: when this machine does not have the server.
    """
    if backend == "sqlite":
        used[backend] = used.get(backend, 0) + 1
        path = folder / f"database{label}.db"
        return Database(backend, f"sqlite:///{path}", folder)
    try:
        if backend not in os.environ.get("ALEMBIC_TEST_DATABASES", backend).split():
            raise servers.Unavailable(
                f"{backend}: ALEMBIC_TEST_DATABASES leaves it out"
            )
        server = servers.server(backend)
    except servers.Unavailable as error:
        missing[backend] = str(error)
        raise
    used[backend] = used.get(backend, 0) + 1
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"alembic_{worker}{label}"
    _EMPTY[backend](server["url"], name)
    return Database(backend, server["url"].replace("{database}", name), folder)


_admin: Dict[str, Any] = {}


def _administer(url: str) -> Any:
    """Return a connection on which every statement commits by itself."""
    if url not in _admin:
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        _admin[url] = engine.connect()
    return _admin[url]


def _empty_postgresql(url: str, name: str) -> None:
    admin = _administer(url.replace("{database}", "postgres"))
    admin.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = :name"
        ),
        {"name": name},
    )
    admin.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
    admin.execute(text(f'CREATE DATABASE "{name}" STRATEGY file_copy'))


def _empty_mariadb(url: str, name: str) -> None:
    admin = _administer(url.replace("{database}", "mysql"))
    for (pid,) in admin.execute(
        text("SELECT id FROM information_schema.processlist WHERE db = :name"),
        {"name": name},
    ).fetchall():
        # it may have gone by itself meanwhile
        with contextlib.suppress(OperationalError):
            admin.execute(text(f"KILL {pid}"))
    for (other,) in admin.execute(
        text("SELECT schema_name FROM information_schema.schemata")
    ).fetchall():
        # a test may have made schemas of its own, which are databases here
        if other == name or other.startswith(f"{name}_"):
            admin.execute(text(f"DROP DATABASE `{other}`"))
    admin.execute(text(f"CREATE DATABASE `{name}`"))


_EMPTY = {"postgresql": _empty_postgresql, "mariadb": _empty_mariadb}


def close_administration() -> None:
    """Close what `fresh` keeps open; for the end of a session."""
    for connection in _admin.values():
        connection.close()
        connection.engine.dispose()
    _admin.clear()
