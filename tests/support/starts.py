"""The folders from which stories in the documents begin, by the name they are given."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.documents import merged_ini
from tests.support.documents import merged_python
from tests.support.projects import new_project
from tests.support.transcript import ROOT
from tests.support.transcript import Terminal

MODELS = ROOT / "docs" / "cookbook" / "models.py"

STARTS = ("an empty folder", "a project", "the shop")

# the backend on which a story that names a database begins
ON = {"PostgreSQL": "postgresql", "MariaDB": "mariadb"}


def begin(given: str, folder: Path, url: str = "sqlite:///shop.db") -> None:
    """Fill a folder as a story wants to find it.

    :param given: one of `STARTS`: ``a project`` is what ``alembic init migrations``
        makes, with models, a URL and a quiet log; ``the shop`` has its first revision too, applied.
    :param folder: an empty folder.
    :param url: the database.
    """
    assert given in STARTS, f"{given!r} is no start; there are {', '.join(STARTS)}"
    if given == "an empty folder":
        return
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
