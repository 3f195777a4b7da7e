"""A project that keeps a record of what ran, and its twin that keeps none."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Tuple
from typing import Union

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

RECORD = "alembic_record"

ENV = """\
from alembic import context
connection = context.config.attributes["connection"]
context.configure(connection=connection, **context.config.attributes["options"])
with context.begin_transaction():
    context.run_migrations()
"""

REVISION = """\
from alembic import op
revision = {id!r}
down_revision = {down!r}


def upgrade():
    op.execute("CREATE TABLE t_{id} ({column} INTEGER)")


def downgrade():
    op.execute("DROP TABLE t_{id}")
"""

Down = Union[None, str, Tuple[str, ...]]


class Recorded:
    """Revision files and a database.

    :param database: an empty database.
    :param folder: an empty folder.
    :param options: for ``context.configure()``.
    """

    def __init__(self, database: Any, folder: Path, **options: Any) -> None:
        self.database = database
        self.options = options
        self.scripts = folder / "scripts"
        self.versions = self.scripts / "versions"
        self.versions.mkdir(parents=True)
        (self.scripts / "env.py").write_text(ENV)
        self.downs: Dict[str, Down] = {}

    def chain(self, *ids: str) -> None:
        """Write revisions, one after the other."""
        down: Optional[str] = None
        for id_ in ids:
            self.write(id_, down)
            down = id_

    def write(self, id_: str, down: Down, column: str = "x") -> None:
        """Write one revision file, also over an older one."""
        self.downs[id_] = down
        (self.versions / f"{id_}.py").write_text(
            REVISION.format(id=id_, down=down, column=column)
        )

    def path(self, id_: str) -> Path:
        return self.versions / f"{id_}.py"

    def run(self, name: str, *args: Any, record: bool = True, **kw: Any) -> List[str]:
        """Run a command.

        :param record: whether the record is kept, as a tool without one does not.
        :return: the lines that it prints.
        """
        buffer = io.StringIO()
        config = Config(stdout=buffer, output_buffer=buffer)
        config.set_main_option("script_location", str(self.scripts))
        config.set_main_option("path_separator", "os")
        if record:
            config.set_main_option("record_table", RECORD)
        with self.database.engine.connect() as connection:
            config.attributes.update(connection=connection, options=self.options)
            getattr(command, name)(config, *args, **kw)
        return buffer.getvalue().splitlines()

    def complaints(self) -> List[str]:
        """Return what ``current --check-heads`` warns of and what it fails with."""
        heard: List[str] = []

        class Listen(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                heard.append(record.getMessage())

        listener = Listen(logging.WARNING)
        logger = logging.getLogger("alembic.runtime.migration")
        logger.addHandler(listener)
        try:
            self.run("current", check_heads=True)
        except CommandError as error:
            heard.append(str(error))
        finally:
            logger.removeHandler(listener)
        return heard

    def rows(self) -> List[Tuple[str, str]]:
        """Return direction and revision of each line of the record."""
        found = self.database.execute(
            f"SELECT direction, revision FROM {RECORD} ORDER BY id"
        )
        return [(row[0], row[1]) for row in found]
