"""Projects for transcripts: a folder as `alembic init` leaves it, with words for more."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any
from typing import List
from typing import Optional

from alembic import command
from alembic.config import Config
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
    """A project whose database is SQLite, in a terminal.

    What a test is about is typed in the terminal. What leads up to it is done in this
    process, which is many times faster.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.alembic = terminal.alembic
        self.folder = terminal.folder

    def _config(self, **kw: Any) -> Config:
        config = Config(self.folder / "alembic.ini", **kw)
        config.remove_main_option("prepend_sys_path")
        config.set_main_option(
            "sqlalchemy.url", f"sqlite:///{self.folder / 'database.db'}"
        )
        return config

    def revision(
        self, rev_id: str, message: Optional[str] = None, **options: Any
    ) -> None:
        """Write an empty revision."""
        command.revision(
            self._config(), message or f"about {rev_id}", rev_id=rev_id, **options
        )

    def upgrade(self, revision: str) -> None:
        """Upgrade the database."""
        command.upgrade(self._config(), revision)

    def current(self) -> List[str]:
        """Return the lines of `alembic current`."""
        buffer = io.StringIO()
        command.current(self._config(stdout=buffer))
        return buffer.getvalue().splitlines()

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


def typed_project(terminal: Terminal, url: str) -> Project:
    """Begin a project on a database as a person does, by ``alembic init``."""
    terminal.alembic("init", "migrations").ok()
    terminal.edit(
        "alembic.ini", "driver://user:pass@localhost/dbname", url.replace("%", "%%")
    )
    return Project(terminal)


def new_project(terminal: Terminal, template: str = "generic") -> Project:
    """Begin a project in a terminal's folder, as `alembic init` does."""
    target = terminal.folder / "migrations"
    source = Path(Config().get_template_directory()) / template
    shutil.copytree(str(source), str(target), ignore=shutil.ignore_patterns("*.ini*"))
    (target / "versions").mkdir()
    for name in ("alembic.ini", "pyproject.toml"):
        rendered = source / f"{name}.mako"
        if rendered.exists():
            text = rendered.read_text(encoding="utf-8")
            text = text.replace("${script_location}", "%(here)s/migrations")
            terminal.write(name, text)
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
