"""A disk that is full, for the database of one test on a server.

The database is moved to a small file system in memory, where a file takes up the room
that is to be missing. That needs the right to mount.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Callable
from typing import ContextManager
from typing import Dict
from typing import Iterator
from typing import List
from typing import Tuple

from sqlalchemy import create_engine
from sqlalchemy import text
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import NullPool

from tests.support import servers
from tests.support.databases import Database

_SIZE = 24 * 1024 * 1024


class SmallDisk:
    """A file system of a few megabytes.

    :param folder: where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, room: int = 0) -> None:
        """Take up all of it but so many bytes."""
        found = os.statvfs(str(self.folder))
        with self._filler.open("wb") as stream:
            size = found.f_bavail * found.f_frsize - room
            os.posix_fallocate(stream.fileno(), 0, size)

    def give_back(self) -> None:
        """Take up nothing any more."""
        self._filler.unlink()


@contextmanager
def mounted(folder: Path, owner: Path) -> Iterator[SmallDisk]:
    """Have a small disk mounted on a folder inside of the block.

    :param owner: a path whose owner is to be that of the disk.
    :raises servers.Unavailable: where nothing may be mounted.
    """
    found = owner.stat()
    options = f"size={_SIZE},mode=700,uid={found.st_uid},gid={found.st_gid}"
    command = ["mount", "-t", "tmpfs", "-o", options, "alembic-test", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise servers.Unavailable(f"a small disk: {error}") from error
    if done.returncode:
        raise servers.Unavailable(f"a small disk: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        # a server may keep files open that it has deleted
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


Small = Tuple[Database, SmallDisk]


@contextmanager
def _sqlite(database: Database) -> Iterator[Small]:
    folder = database.folder / "disk"
    with _made(folder), mounted(folder, database.folder) as disk:
        moved = Database("sqlite", f"sqlite:///{folder / 'database.db'}", folder)
        try:
            yield moved, disk
        finally:
            moved.close()


@contextmanager
def _postgresql(database: Database) -> Iterator[Small]:
    name = str(make_url(database.url).database)
    folder = servers.session_folder() / f"disk_{name}"
    owner = servers.session_folder() / "postgresql"
    url = database.url.replace(f"/{name}?", "/postgres?")
    with _made(folder), mounted(folder, owner) as disk, _statements(url) as run:
        run(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        try:
            run(f"ALTER DATABASE {name} SET TABLESPACE {name}")
            yield database, disk
        finally:
            run(f"DROP DATABASE {name} WITH (FORCE)")
            run(f"DROP TABLESPACE {name}")


@contextmanager
def _mariadb(server: Dict[str, str]) -> Iterator[Small]:
    folder = Path(server["data"]) / "full"
    # a folder is a database
    with _made(folder), mounted(folder, folder) as disk:
        database = Database("mariadb", server["url"].format(database="full"), folder)
        try:
            yield database, disk
        finally:
            database.close()
            with _statements(server["url"].format(database="mysql")) as run:
                for (table,) in run("SHOW TABLES FROM full"):
                    run(f"DROP TABLE full.{table}")


on_small_disk: Dict[str, Callable[[Any], ContextManager[Small]]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    # from `servers.own_mariadb`: a disk that is full may end the server
    "mariadb": _mariadb,
}
"""By backend, what puts an empty database on a small disk inside of a block.

It raises `servers.Unavailable` where nothing may be mounted.
"""


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    folder.mkdir()
    try:
        yield
    finally:
        folder.rmdir()


@contextmanager
def _statements(url: str) -> Iterator[Callable[[str], List[Any]]]:
    """Give a function that runs a statement outside of transactions."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:

        def run(statement: str) -> List[Any]:
            result = connection.execute(text(statement))
            return list(result.fetchall()) if result.returns_rows else []

        yield run
    engine.dispose()
