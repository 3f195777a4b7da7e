"""The folders from which stories in the documents begin, by the name they are given."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.support import servers
from tests.support.documents import merged_ini
from tests.support.documents import merged_python
from tests.support.projects import new_project
from tests.support.transcript import ROOT
from tests.support.transcript import Terminal

MODELS = ROOT / "docs" / "cookbook" / "models.py"

STARTS = ("an empty folder", "a project", "the shop")

ON_SQLITE = "sqlite:///shop.db"

# the backend on which a story that names a database begins
ON = {"PostgreSQL": "postgresql", "MariaDB": "mariadb"}


def begin(given: str, folder: Path, url: str = ON_SQLITE) -> None:
    """Fill a folder as a story wants to find it.

    :param given: one of `STARTS`: ``a project`` is what ``alembic init migrations``
        makes, with models, a URL and a quiet log; ``the shop`` has its first revision
        too, applied.
    :param folder: an empty folder.
    :param url: the database.
    """
    assert given in STARTS, f"{given!r} is no start; there are {', '.join(STARTS)}"
    if given == "an empty folder":
        return
    if url != ON_SQLITE:
        _make(given, folder, url)
        return
    # made once in a session: most stories begin with the same
    made = servers.session_folder() / given.replace(" ", "-")
    with servers._locked(made.with_suffix(".lock")):
        if not made.exists():
            unfinished = Path(tempfile.mkdtemp(dir=str(made.parent)))
            _make(given, unfinished, url)
            unfinished.rename(made)
    shutil.rmtree(str(folder))
    # what Python has compiled names the other folder
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(str(made), str(folder), ignore=without)


def _make(given: str, folder: Path, url: str) -> None:
    terminal = Terminal(folder)
    new_project(terminal)
    shutil.copy(str(MODELS), str(folder / "models.py"))
    url = url.replace("%", "%%")
    terminal.write(
        "alembic.ini",
        merged_ini(
            terminal.read("alembic.ini"),
            f"sqlalchemy.url = {url}\n[logger_alembic]\nlevel = WARNING\n",
        ),
    )
    terminal.write(
        "migrations/env.py",
        merged_python(
            terminal.read("migrations/env.py"),
            "from models import Base\n\ntarget_metadata = Base.metadata\n",
        ),
    )
    if given == "the shop":
        terminal.alembic(
            "revision", "--autogenerate", "-m", "first tables", "--rev-id", FIRST
        ).ok()
        terminal.alembic("upgrade", "head").ok()


# the identifier of the shop's first revision
FIRST = "ae1027a6acf0"
