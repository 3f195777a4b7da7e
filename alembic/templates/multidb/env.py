"""Tells Alembic which databases to migrate and which models describe each."""

import logging
import re
from contextlib import ExitStack
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config
from sqlalchemy import pool

# The options of the project: those of alembic.ini and those that a program has set.
config = context.config

# Log messages are set up for the command line only. A program that runs migrations
# has loggers of its own, which are left as they are.
if config.cmd_opts is not None and config.file_config.has_section("loggers"):
    fileConfig(config.config_file_name, disable_existing_loggers=False)
log = logging.getLogger("alembic.env")

# The names of the databases. Each has a section of its name in alembic.ini, with its
# sqlalchemy.url. To keep passwords out of the file, take them from the environment:
#
#     import os
#
#     config.set_section_option("engine1", "sqlalchemy.url", os.environ["ENGINE1_URL"])
names = [
    name
    for name in re.split(r"[\s,]+", config.get_main_option("databases", ""))
    if name
]

# The models of each database, by its name, which `alembic revision --autogenerate`
# compares with it:
#
#     from myapp import models
#
#     target_metadata = {
#         "engine1": models.Accounts.metadata,
#         "engine2": models.Events.metadata,
#     }
#
# A constraint can only be changed later if it has a name. Let one convention name them
# all, where the models are defined and before the first revision is written; see
# `naming_convention` of MetaData.
target_metadata = {}

# True commits to all databases in two phases, where all of them can (PostgreSQL, MySQL,
# Oracle): then either all are migrated or none.
USE_TWOPHASE = False


def run_migrations_offline() -> None:
    """Write the SQL for each database into a file ``<name>.sql``; nothing connects."""
    for name in names:
        file_name = f"{name}.sql"
        log.info("Writing the SQL for database %s to %s", name, file_name)
        with open(file_name, "w", encoding="utf-8") as output:
            context.configure(
                url=config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=output,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_migrations_online() -> None:
    """Migrate every database; none is committed before all are migrated."""
    with ExitStack() as stack:
        opened = []
        for name in names:
            engine = engine_from_config(
                config.get_section(name, {}),
                prefix="sqlalchemy.",
                poolclass=pool.NullPool,
            )
            connection = stack.enter_context(engine.connect())
            transaction = (
                connection.begin_twophase() if USE_TWOPHASE else connection.begin()
            )
            opened.append((name, connection, transaction))

        try:
            for name, connection, _ in opened:
                log.info("Migrating database %s", name)
                context.configure(
                    connection=connection,
                    upgrade_token=f"{name}_upgrades",
                    downgrade_token=f"{name}_downgrades",
                    target_metadata=target_metadata.get(name),
                    # SQLite alters little in place: there, changes are generated in
                    # batch mode
                    render_as_batch=connection.dialect.name == "sqlite",
                )
                context.run_migrations(engine_name=name)
            if USE_TWOPHASE:
                for _, _, transaction in opened:
                    transaction.prepare()
        except BaseException:
            for _, _, transaction in opened:
                transaction.rollback()
            raise
        for _, _, transaction in opened:
            transaction.commit()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
