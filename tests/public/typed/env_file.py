"""An env.py as a project with type checks has it: every hook and option."""

from __future__ import annotations

from typing import Any
from typing import Collection
from typing import Iterable
from typing import List
from typing import Literal
from typing import Mapping
from typing import Optional
from typing import Union

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from alembic import context
from alembic.autogenerate import rewriter
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.environment import NameFilterParentNames
from alembic.runtime.environment import NameFilterType
from alembic.runtime.migration import MigrationContext
from alembic.runtime.migration import MigrationInfo

metadata = sa.MetaData()
config = context.config
writer = rewriter.Rewriter()


@writer.rewrites(ops.AddColumnOp)
def comment_first(
    context: MigrationContext,
    revision: Union[str, Iterable[Optional[str]], Iterable[str]],
    op: ops.AddColumnOp,
) -> List[ops.MigrateOperation]:
    return [ops.ExecuteSQLOp(f"-- {op.table_name}"), op]


def include_name(
    name: Optional[str], type_: NameFilterType, parents: NameFilterParentNames
) -> bool:
    return type_ != "table" or parents.get("schema_name") is None


def include_object(
    obj: SchemaItem,
    name: Optional[str],
    type_: NameFilterType,
    reflected: bool,
    compare_to: Optional[SchemaItem],
) -> bool:
    return not (reflected and compare_to is None)


def compare_type(
    context: MigrationContext,
    inspected_column: sa.Column[Any],
    metadata_column: sa.Column[Any],
    inspected_type: TypeEngine[Any],
    metadata_type: TypeEngine[Any],
) -> Optional[bool]:
    return None


def compare_server_default(
    context: MigrationContext,
    inspected_column: sa.Column[Any],
    metadata_column: sa.Column[Any],
    inspected_default: Optional[str],
    metadata_default: Optional[sa.FetchedValue],
    rendered_metadata_default: Optional[str],
) -> Optional[bool]:
    return None


def render_item(
    type_: str, obj: Any, autogen_context: AutogenContext
) -> Union[str, Literal[False]]:
    autogen_context.imports.add("import acme")
    return False


def on_version_apply(
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Collection[Any],
    run_args: Mapping[str, Any],
) -> None:
    print(step.up_revision_id, step.is_upgrade, ctx.dialect.name)


def process(
    context: MigrationContext,
    revision: Union[str, Iterable[Optional[str]], Iterable[str]],
    directives: List[ops.MigrationScript],
) -> None:
    if directives[0].upgrade_ops is not None and directives[0].upgrade_ops.is_empty():
        directives.clear()


def run_offline() -> None:
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=[metadata],
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=None,
        transaction_per_migration=True,
        template_args={"author": "me"},
        render_as_batch=True,
        include_name=include_name,
        include_object=include_object,
        include_schemas=True,
        process_revision_directives=writer,
        compare_type=compare_type,
        compare_server_default=compare_server_default,
        render_item=render_item,
        user_module_prefix="acme.",
        on_version_apply=on_version_apply,
        autogenerate_plugins=["alembic.autogenerate.*", "~alembic.ext.*"],
        version_table="versions",
        version_table_schema="private",
        version_table_pk=False,
    )
    context.configure(connection=connection, process_revision_directives=process)
    with context.begin_transaction():
        context.execute(sa.text("SELECT 1"))
        context.static_output("-- a word")
        context.run_migrations(tenant="a")


def ask() -> None:
    section: Mapping[str, str] = config.get_section("alembic", {})
    fallback: Optional[str] = config.get_main_option("one")
    text: str = config.get_main_option("one", "two")
    connection: Any = config.attributes.get("connection")
    tag: Optional[str] = context.get_tag_argument()
    listed: List[str] = context.get_x_argument()
    named: Mapping[str, str] = context.get_x_argument(as_dictionary=True)
    dialect: str = context.get_context().dialect.name
    transactional: bool = context.is_transactional_ddl()
    bind: Connection = context.get_bind()
    print(section, fallback, text, connection, tag, listed, named, dialect)
    print(transactional, bind, context.get_impl(), context.requires_connection())
    print(context.get_head_revision(), context.get_head_revisions())
    print(context.get_starting_revision_argument(), context.get_revision_argument())


if context.is_offline_mode():
    run_offline()
else:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as found:
        run_online(found)

number: int = config.get_main_option("one")  # wrong
context.configure(compare_type="yes")  # wrong
context.configure(on_version_apply=include_name)  # wrong
context.run_migration()  # wrong
context.configure(target_metadata=found)  # wrong
flag: str = context.is_offline_mode()  # wrong
