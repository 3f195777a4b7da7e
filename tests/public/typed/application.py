"""An application that calls Alembic, and the tests of its migrations."""

from __future__ import annotations

import asyncio
from typing import Any
from typing import List
from typing import Optional
from typing import Tuple
from typing import Union

import sqlalchemy as sa

from alembic import aio
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate import produce_migrations
from alembic.autogenerate import render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script
from alembic.script import ScriptDirectory
from alembic.testing.migrations import check_up_down_up
from alembic.testing.migrations import MigrationChecks
from alembic.util import CommandError

metadata = sa.MetaData()


def migrate(engine: sa.Engine) -> None:
    config = Config("alembic.ini", attributes={"name": "value"})
    config.set_main_option("sqlalchemy.url", "sqlite://")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head", sql=False, tag=None)
        command.downgrade(config, "-1")
        command.stamp(config, ["a", "b"], purge=True)
        command.current(config, verbose=True)
    try:
        command.check(config)
    except CommandError as error:
        print(error)


def write(config: Config) -> List[Script]:
    made: Union[Optional[Script], List[Optional[Script]]] = command.revision(
        config, message="more", autogenerate=True
    )
    merged: Optional[Script] = command.merge(config, "heads")
    return [found for found in (made, merged) if isinstance(found, Script)]


def look(config: Config, connection: sa.Connection) -> Tuple[str, ...]:
    script = ScriptDirectory.from_config(config)
    heads: List[str] = script.get_heads()
    head: Optional[str] = script.get_current_head()
    for found in script.walk_revisions("base", "heads"):
        print(found.revision, found.down_revision, found.doc, found.path)
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    current: Optional[str] = context.get_current_revision()
    differences: Any = compare_metadata(context, metadata)
    wanted = produce_migrations(context, metadata)
    assert wanted.upgrade_ops is not None
    code: str = render_python_code(wanted.upgrade_ops)
    Operations(context).create_table("t", sa.Column("x", sa.Integer()))
    print(heads, head, current, differences, code)
    return context.get_current_heads()


def without_env(config: Config, connection: sa.Connection) -> None:
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, as_sql=False) as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        with environment.begin_transaction():
            environment.run_migrations()


async def start(config: Config) -> None:
    await aio.upgrade(config, "head")
    await asyncio.gather(aio.current(config), aio.heads(config, verbose=True))
    await aio.upgrade(config)  # wrong
    await aio.upgrades(config, "head")  # wrong
    print(1 + await aio.check(config))  # wrong


class TestMigrations(MigrationChecks):
    config = Config("alembic.ini")
    irreversible = ["a"]


class TestElsewhere(MigrationChecks):
    def make_config(self) -> Config:
        return Config("alembic.ini")


check_up_down_up(Config("alembic.ini"), irreversible={"a"})

command.upgrade("alembic.ini", "head")  # wrong
command.upgrade(Config(), "head", sq=True)  # wrong
Config().set_main_option("a", 1)  # wrong
ScriptDirectory.from_config("alembic.ini")  # wrong
