"""Autogenerate for programs: compare a database, get operations, get Python."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.types import TypeEngine

from alembic.autogenerate import coverage
from alembic.autogenerate import render
from alembic.autogenerate.autogen_context import AutogenContext as AutogenContext
from alembic.autogenerate.autogen_context import NotCompared
from alembic.autogenerate.compare import _populate_migration_script
from alembic.autogenerate.compare import _produce_net_changes
from alembic.autogenerate.named_types import add_named_types
from alembic.autogenerate.render import _render_python_into_templatevars
from alembic.autogenerate.revision_context import RevisionContext as RevisionContext
from alembic.migration.migration_context import MigrationContext
from alembic.operations.ops.containers import DowngradeOps
from alembic.operations.ops.containers import MigrationScript
from alembic.operations.ops.containers import UpgradeOps
from alembic.sqla.types import compiled_type

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from alembic.autogenerate.render.registry import RenderItemFn


def compare_metadata(
    context: MigrationContext, metadata: Union[MetaData, Sequence[MetaData]]
) -> List[Any]:
    """Compare a database with a model and return the differences as tuples.

    Each difference is a tuple whose first member names the change; changes of one
    column come together as a list of tuples::

        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            for difference in compare_metadata(context, metadata):
                print(difference)  # ('add_table', Table('account', ...)) ...

    Filters (``include_name``, ``include_object``), ``compare_type``,
    ``compare_server_default`` and the like are taken from the options of ``context``.

    :param context: a :class:`.MigrationContext` connected to the database.
    :param metadata: what the database should look like: a
        :class:`~sqlalchemy.schema.MetaData` or a sequence of them.
    :return: the differences, the changes that the database would need; empty when
        it agrees with the model.

    .. seealso:: :func:`.produce_migrations` returns the same as operations.
    """
    _, migration_script = _compare(context, metadata)
    differences: List[Any] = migration_script.upgrade_ops_list[0].as_diffs()
    return differences


def produce_migrations(
    context: MigrationContext, metadata: Union[MetaData, Sequence[MetaData]]
) -> MigrationScript:
    """Compare a database with a model and return the operations that would adapt it.

    :param context: a :class:`.MigrationContext` connected to the database; its
        options steer the comparison as in :func:`.compare_metadata`.
    :param metadata: what the database should look like: a
        :class:`~sqlalchemy.schema.MetaData` or a sequence of them.
    :return: a :class:`.MigrationScript` with both directions, as the hook
        ``process_revision_directives`` gets it, without a revision id.

    .. seealso:: :func:`.render_python_code` writes the operations down.
    """
    autogen_context, migration_script = _compare(context, metadata)
    add_named_types(autogen_context, migration_script)
    return migration_script


def not_compared(
    context: MigrationContext, metadata: Union[MetaData, Sequence[MetaData]]
) -> List[NotCompared]:
    """Compare, and return what was not compared.

    That is what the options and the selected plugins leave out, what this kind of
    database does not tell, and what was seen in this database and left alone, such as
    constraints that no model declares::

        for item in not_compared(context, metadata):
            print(item)  # server defaults: compare_server_default is not set

    :param context: a :class:`.MigrationContext` connected to the database; its
        options steer the comparison as in :func:`.compare_metadata`.
    :param metadata: what the database should look like: a
        :class:`~sqlalchemy.schema.MetaData` or a sequence of them.
    :return: named tuples of what it is and why it is not compared.

    .. seealso:: ``alembic check --verbose`` prints them.
    """
    autogen_context, _ = _compare(context, metadata)
    return coverage.not_compared(autogen_context)


def _compare(
    context: MigrationContext, metadata: Union[MetaData, Sequence[MetaData]]
) -> Tuple[AutogenContext, MigrationScript]:
    autogen_context = AutogenContext(context, metadata=metadata)
    migration_script = MigrationScript(
        rev_id=None,
        upgrade_ops=UpgradeOps([]),
        downgrade_ops=DowngradeOps([]),
    )
    _populate_migration_script(autogen_context, migration_script)
    return autogen_context, migration_script


def render_python_code(
    up_or_down_op: Union[UpgradeOps, DowngradeOps],
    sqlalchemy_module_prefix: str = "sa.",
    alembic_module_prefix: str = "op.",
    render_as_batch: bool = False,
    imports: Sequence[str] = (),
    render_item: Optional[RenderItemFn] = None,
    migration_context: Optional[MigrationContext] = None,
    user_module_prefix: Optional[str] = None,
) -> str:
    """Write operations down as the Python lines of a revision's function body.

    ::

        migrations = produce_migrations(context, metadata)
        print(render_python_code(migrations.upgrade_ops))

    :param up_or_down_op: the operations, e.g. ``script.upgrade_ops``.
    :param sqlalchemy_module_prefix: what stands before names of SQLAlchemy,
        default ``"sa."``.
    :param alembic_module_prefix: what stands before names of operations,
        default ``"op."``.
    :param render_as_batch: write changes of tables as ``batch_alter_table`` blocks;
        default ``False``.
    :param imports: import lines that are there already.
    :param render_item: a function that renders types, defaults and constraints of
        the program's own, as the option of the same name.
    :param migration_context: the context whose dialect the code is for; default:
        one for the dialect that SQLAlchemy calls "default".
    :param user_module_prefix: what stands before the names of types that the program
        defines; default: the name of the module that defines them.
    :return: the lines, indented by four spaces but for the first.
    """
    opts: Dict[str, Any] = {
        "sqlalchemy_module_prefix": sqlalchemy_module_prefix,
        "alembic_module_prefix": alembic_module_prefix,
        "render_item": render_item,
        "render_as_batch": render_as_batch,
        "user_module_prefix": user_module_prefix,
    }
    if migration_context is None:
        from sqlalchemy.engine.default import DefaultDialect

        migration_context = MigrationContext.configure(dialect=DefaultDialect())

    autogen_context = AutogenContext(migration_context, opts=opts, autogenerate=False)
    autogen_context.imports = set(imports)
    return render.render_body(up_or_down_op, autogen_context)


def sql_text(context: MigrationContext, value: Any) -> str:
    """Return a type or an expression as the SQL of a context's database.

    :param context: knows the dialect.
    :param value: the type or expression.
    :raises sqlalchemy.exc.CompileError: when the dialect cannot write it.
    """
    if isinstance(value, TypeEngine):
        return compiled_type(value, context.dialect)
    return context.impl.render_ddl_sql_expr(value)


def _render_migration_diffs(
    context: MigrationContext, template_args: Dict[str, Any]
) -> None:
    """Compare, and put the code of both directions into ``template_args``.

    Kept for programs that call it: :func:`.produce_migrations` and
    :func:`.render_python_code` are the public way.
    """
    autogen_context = AutogenContext(context)
    upgrade_ops = UpgradeOps([])
    _produce_net_changes(autogen_context, upgrade_ops)
    migration_script = MigrationScript(
        rev_id=None,
        upgrade_ops=upgrade_ops,
        downgrade_ops=upgrade_ops.reverse(),
    )
    _render_python_into_templatevars(autogen_context, migration_script, template_args)
