"""Columns whose server default, computed expression or identity differs."""

from __future__ import annotations

import logging
from typing import Any
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.schema import DefaultClause

from alembic.autogenerate.normalize import judge_of
from alembic.sqla.defaults import AUTOINCREMENT_DEFAULT
from alembic.sqla.defaults import counts_by_itself
from alembic.sqla.defaults import is_computed
from alembic.sqla.defaults import is_identity
from alembic.sqla.expressions import text_of
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult
from alembic.util.messaging import warn

from .seams import identity_difference
from .seams import normalized_computed

if TYPE_CHECKING:
    from sqlalchemy.schema import Column

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.columns import AlterColumnOp
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.server_defaults")


def setup(plugin: Plugin) -> None:
    """Register the steps; each may decide and so keep the later ones from running."""
    add = plugin.add_autogenerate_comparator
    add(
        _user_compare_server_default,
        "column",
        "server_default",
        priority=DispatchPriority.FIRST,
    )
    add(_compare_computed_default, "column", "server_default")
    add(_compare_identity_default, "column", "server_default")
    add(_setup_autoincrement, "column", "server_default")
    add(
        _dialect_impl_compare_server_default,
        "column",
        "server_default",
        priority=DispatchPriority.LAST,
    )


def _render_server_default_for_compare(
    metadata_default: Any, autogen_context: AutogenContext
) -> Optional[str]:
    """Return a default of the model in the form that users' functions get.

    :param metadata_default: the ``server_default`` of a column, or None.
    :return: a string as it was given, without quotes, and anything else as SQL text;
        None when there is no default, or one that has no text.
    """
    if not isinstance(metadata_default, DefaultClause):
        return None
    value = metadata_default.arg
    if isinstance(value, str):
        return value
    return autogen_context.migration_context.impl.render_ddl_sql_expr(value)


def rendered_of_model(
    metadata_default: Any, autogen_context: AutogenContext
) -> Optional[str]:
    """Return a default of the model as SQL text; a string is quoted in it."""
    rendered = _render_server_default_for_compare(metadata_default, autogen_context)
    if rendered is not None and isinstance(metadata_default.arg, str):
        return "'" + rendered.replace("'", "''") + "'"
    return rendered


def _rendered_of_database(conn_default: Any) -> Optional[str]:
    if not isinstance(conn_default, DefaultClause):
        return None
    value: Any = conn_default.arg
    return text_of(value) or str(value)


def _user_compare_server_default(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Note the default in the operation; ask the user's function if there is one."""
    found = conn_col.server_default
    wanted = metadata_col.server_default
    if not found and not wanted:
        return PriorityDispatchResult.CONTINUE
    alter_column_op.existing_server_default = found
    compare = autogen_context.opts.get("compare_server_default", False)
    if not callable(compare) or is_computed(found, wanted):
        return PriorityDispatchResult.CONTINUE
    differs = compare(
        autogen_context.migration_context,
        conn_col,
        metadata_col,
        _rendered_of_database(found),
        wanted,
        _render_server_default_for_compare(wanted, autogen_context),
    )
    if differs is None:
        return PriorityDispatchResult.CONTINUE
    if differs:
        alter_column_op.modify_server_default = wanted
        log.info(
            "User defined function %s detected server default on column '%s.%s'",
            compare,
            tname,
            cname,
        )
    return PriorityDispatchResult.STOP


def _compare_computed_default(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Compare computed columns; there is no ALTER for them, so differences warn."""
    found = conn_col.server_default
    wanted = metadata_col.server_default
    if not is_computed(found, wanted):
        return PriorityDispatchResult.CONTINUE
    if computed_differs(autogen_context, conn_col, metadata_col):
        warn(f"Computed default on {tname}.{cname} cannot be modified")
    return PriorityDispatchResult.STOP


def computed_differs(
    autogen_context: AutogenContext, conn_col: Column[Any], metadata_col: Column[Any]
) -> bool:
    """Tell whether a column is computed on one side only, or by other expressions.

    :param autogen_context: knows the dialect, which simplifies the expressions.
    :param conn_col: the column that was found.
    :param metadata_col: the column of the model.
    """
    found: Any = conn_col.server_default
    wanted: Any = metadata_col.server_default
    if is_computed(found) != is_computed(wanted):
        # a default that reflection could not tell from a computed column
        return not (found is None and wanted is None)
    impl = autogen_context.migration_context.impl
    wanted_text = impl.render_ddl_sql_expr(wanted.sqltext, is_server_default=False)
    found_text = text_of(found.sqltext) or str(found.sqltext)
    if wanted_text != found_text:
        judge = judge_of(autogen_context)
        same = None if judge is None else judge.same_computed(conn_col, metadata_col)
        if same is None:
            same = normalized_computed(impl, wanted_text) == normalized_computed(
                impl, found_text
            )
        if not same:
            return True
    persisted = (wanted.persisted, found.persisted)
    return None not in persisted and persisted[0] is not persisted[1]


def _compare_identity_default(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
    skip: Sequence[str] = ("order", "on_null", "oracle_order", "oracle_on_null"),
) -> PriorityDispatchResult:
    """Compare the options of identity columns, and whether there is an identity."""
    found = conn_col.server_default
    wanted = metadata_col.server_default
    if not is_identity(found, wanted):
        return PriorityDispatchResult.CONTINUE
    if not autogen_context.dialect.supports_identity_columns:
        # CREATE TABLE passes over it there
        return PriorityDispatchResult.STOP
    impl = autogen_context.migration_context.impl
    different, _, alter = identity_difference(
        impl,
        wanted if is_identity(wanted) else None,
        found if is_identity(found) else None,
    )
    if alter:
        alter_column_op.modify_server_default = wanted
        if is_identity(found) and is_identity(wanted):
            log.info(
                "Detected server default on column '%s.%s': "
                "identity options attributes %s",
                tname,
                cname,
                sorted(different),
            )
    return PriorityDispatchResult.STOP


def _setup_autoincrement(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Note in the operation whether the column counts by itself."""
    counting = metadata_col.autoincrement
    if counts_by_itself(metadata_col) or counting is True:
        alter_column_op.kw["autoincrement"] = True
    elif counting != AUTOINCREMENT_DEFAULT and not counting:
        alter_column_op.kw["autoincrement"] = False
    return PriorityDispatchResult.CONTINUE


def _dialect_impl_compare_server_default(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: Optional[str],
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Ask the dialect, if ``compare_server_default`` is on."""
    if not autogen_context.opts.get("compare_server_default", False):
        return PriorityDispatchResult.CONTINUE
    found = conn_col.server_default
    wanted = metadata_col.server_default
    if not found and not wanted:
        return PriorityDispatchResult.CONTINUE
    if wanted and not isinstance(wanted, DefaultClause):
        # FetchedValue: something in the database gives a value, and not what
        return PriorityDispatchResult.CONTINUE
    rendered = rendered_of_model(wanted, autogen_context)
    rendered_found = _rendered_of_database(found)
    if rendered is None and rendered_found is None:
        return PriorityDispatchResult.CONTINUE
    impl = autogen_context.migration_context.impl
    judge = judge_of(autogen_context)
    if impl.compare_server_default(
        conn_col, metadata_col, rendered, rendered_found
    ) and not (judge is not None and judge.same_default(conn_col, metadata_col)):
        alter_column_op.modify_server_default = wanted
        log.info(
            "Dialect impl %s detected server default on column '%s.%s'",
            impl,
            tname,
            cname,
        )
    return PriorityDispatchResult.CONTINUE
