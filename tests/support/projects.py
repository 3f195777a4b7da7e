"""Projects for transcripts: a folder as `alembic init` leaves it, with words for more."""

from __future__ import annotations

from typing import Optional

from tests.support.transcript import Outcome
from tests.support.transcript import Terminal

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
user = sa.Table(
    "user",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False),
)
"""


class Project:
    """A project whose database is SQLite, in a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.alembic = terminal.alembic
        self.folder = terminal.folder

    def revision(self, rev_id: str, message: Optional[str] = None, *argv: str) -> None:
        """Write an empty revision."""
        words = ["revision", "--rev-id", rev_id, "-m", message or f"about {rev_id}"]
        self.alembic(*words, *argv).ok()

    def path(self, rev_id: str) -> str:
        """Return the path of a revision file, from the project's folder."""
        [found] = self.folder.glob(f"migrations/versions/{rev_id}_*.py")
        return found.relative_to(self.folder).as_posix()

    def with_models(self) -> None:
        """Give the project models, for autogenerate."""
        self.terminal.write("models.py", MODELS)
        self.terminal.edit(
            "migrations/env.py",
            "\ntarget_metadata = None\n",
            "\nimport models\n\ntarget_metadata = models.metadata\n",
        )

    def current(self) -> list:
        """Return the lines of `alembic current`."""
        return self.alembic("current").ok().stdout.splitlines()


def new_project(terminal: Terminal, template: str = "generic") -> Project:
    terminal.alembic("init", "-t", template, "migrations").ok()
    terminal.edit(
        "alembic.ini", "driver://user:pass@localhost/dbname", "sqlite:///database.db"
    )
    return Project(terminal)


def log_of(outcome: Outcome) -> list:
    """Return the log messages about migrations, without those about the context."""
    mark = "INFO  [alembic.runtime.migration] "
    return [
        line[len(mark) :]
        for line in outcome.stderr.splitlines()
        if line.startswith(mark + "Running")
    ]
