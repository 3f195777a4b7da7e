"""Programs that carry a history of their own: Optuna and JupyterHub.

Their histories were written over years, by hand and by autogenerate.
"""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side
from tests.support.shape import tables
from tests.support.shape import versions

pytestmark = pytest.mark.peer

OPTUNA = """
import os
import optuna
from optuna.storages import RDBStorage
from optuna.storages._rdb import models
from sqlalchemy import create_engine

url = os.environ["DATABASE_URL"]
storage = RDBStorage(url)
print(storage.get_current_version(), storage.get_head_version())
print(storage.get_all_versions())
study = optuna.create_study(storage=storage, study_name="s")
study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
storage.upgrade()
print(len(study.trials))
"""

UP_AND_DOWN = """
import os
import sys
from alembic import command
from alembic.config import Config
from jupyterhub.dbutil import _temp_alembic_ini

with _temp_alembic_ini(os.environ["DATABASE_URL"]) as ini:
    config = Config(ini)
    for name, argument in [word.split(":") for word in sys.argv[1:]]:
        print("$", name, argument, flush=True)
        getattr(command, name)(config, argument)
    command.history(config)
    command.current(config)
"""


def test_optuna_finds_its_way(stage):
    """A study is kept in a database that the program migrates by itself."""

    def story(side: Side) -> None:
        side.terminal.write("program.py", OPTUNA)
        side.run("program")
        side.look("tables", tables(side.database))
        side.look("at", versions(side.database))

    stage.agree(story)


def test_jupyterhub_goes_up_and_down(stage):
    """Twenty revisions of batches and reflected tables, there and part of the way back."""

    def story(side: Side) -> None:
        side.terminal.write(
            "first.py",
            "import os\n"
            "from jupyterhub.orm import new_session_factory\n"
            "new_session_factory(os.environ['DATABASE_URL'])()\n"
            "from jupyterhub.orm import check_db_revision\n"
            "from sqlalchemy import create_engine\n"
            "check_db_revision(create_engine(os.environ['DATABASE_URL']))\n",
        )
        side.run("first")
        side.look("at", versions(side.database))
        side.look("tables", tables(side.database))
        side.terminal.write(
            "program.py",
            UP_AND_DOWN,
        )
        side.run("program", "downgrade:4621fec11365", "upgrade:head")
        side.look("tables", tables(side.database))

    stage.agree(story)
