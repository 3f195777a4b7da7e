"""Tells Alembic which database to migrate and which models describe it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from logging.config import fileConfig

from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config

# The options of the project: those of alembic.ini and those that a program has set.
config = context.config

# Log messages are set up for the command line only. A program that runs migrations
# has loggers of its own, which are left as they are.
if config.cmd_opts is not None and config.file_config.has_section("loggers"):
    fileConfig(config.config_file_name, disable_existing_loggers=False)

# The URL of the database is in alembic.ini. To keep its password out of the file, take
# it from the environment:
#
#     import os
#
#     config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"])

# The models, which `alembic revision --autogenerate` compares with the database:
#
#     from myapp.models import Base
#
#     target_metadata = Base.metadata
#
# A constraint can only be changed later if it has a name. Let one convention name them
# all, where the models are defined and before the first revision is written:
#
#     class Base(DeclarativeBase):
#         metadata = MetaData(
#             naming_convention={
#                 "ix": "ix_%(column_0_label)s",
#                 "uq": "uq_%(table_name)s_%(column_0_N_name)s",
#                 "ck": "ck_%(table_name)s_%(constraint_name)s",
#                 "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
#                 "pk": "pk_%(table_name)s",
#             }
#         )
target_metadata = None


def run_migrations_offline() -> None:
    """Print the SQL of the migrations; nothing connects (``alembic upgrade --sql``)."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Migrate the database over a connection."""
    # a program may hand over a connection of its own, from within
    # `await connection.run_sync(...)`: config.attributes["connection"] = connection
    connection = config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(connect_and_migrate())
    else:
        # An application that migrates while its event loop runs: a loop can not be
        # entered twice, so this one gets a thread of its own.
        with ThreadPoolExecutor(max_workers=1) as threads:
            threads.submit(
                copy_context().run, asyncio.run, connect_and_migrate()
            ).result()


async def connect_and_migrate() -> None:
    """Connect with the asyncio driver, and run the migrations from there."""
    engine = async_engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


def migrate(connection) -> None:
    """Run the migrations on a connection."""
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        # SQLite alters little in place: there, changes are generated in batch mode
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
