"""Uses the commands of advanced-alchemy: ``python -m drive STAGE-COMMAND ...``."""

from __future__ import annotations

import os
import sys

import models
from advanced_alchemy.alembic.commands import AlembicCommands
from advanced_alchemy.config import AlembicSyncConfig
from advanced_alchemy.config import SQLAlchemySyncConfig

assert models.metadata
config = SQLAlchemySyncConfig(
    connection_string=os.environ["DATABASE_URL"],
    metadata=models.metadata,
    alembic_config=AlembicSyncConfig(
        script_location="notes", script_config="notes/alembic.ini"
    ),
)
commands = AlembicCommands(sqlalchemy_config=config)
CALLS = {
    "init": lambda: commands.init(directory="notes"),
    "a1": lambda: commands.revision(message="begin", autogenerate=True, rev_id="a1"),
    "b2": lambda: commands.revision(message="author", autogenerate=True, rev_id="b2"),
    "upgrade": commands.upgrade,
    "downgrade": lambda: commands.downgrade("-1"),
    "current": lambda: commands.current(verbose=False),
    "history": lambda: commands.history(verbose=False),
    "heads": lambda: commands.heads(verbose=True),
    "check": commands.check,
    "stamp": lambda: commands.stamp("a1"),
    "list": commands.list_templates,
}
for name in sys.argv[1:]:
    print("$", name, flush=True)
    CALLS[name]()
    sys.stdout.flush()
