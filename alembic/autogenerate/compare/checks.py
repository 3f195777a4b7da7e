"""CHECK constraints, by name and by what the database makes of their expression."""

from __future__ import annotations

import logging
import re
from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import TYPE_CHECKING

from alembic.autogenerate.normalize import judge_of
from alembic.operations.ops.constraints import CreateCheckConstraintOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.sqla.constraints import all_table_check_constraints
from alembic.sqla.constraints import is_type_bound
from alembic.sqla.constraints import is_written_by
from alembic.sqla.expressions import render_expression
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .check_constraints import named_checks_of_database
from .check_constraints import named_checks_of_model
from .inspector import InspectorConv

if TYPE_CHECKING:
    from sqlalchemy.schema import CheckConstraint
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import ModifyTableOps
    from alembic.plugins import Plugin

log = logging.getLogger("alembic.autogenerate.compare.constraints")

_OF_JSON_TYPE = re.compile(r"\s*json_valid\(`(?P<column>.*)`\)\s*", re.IGNORECASE)


def setup(plugin: Plugin) -> None:
    """Register the comparator; it steps back for one that looks at names only."""
    plugin.add_autogenerate_comparator(
        _compare_checks,
        "table",
        "checkconstraints",
        priority=DispatchPriority.LAST,
    )


def _compare_checks(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Append what makes the CHECK constraints those of the model.

    Without the judgement of the database only names are compared, and nothing is
    dropped that might be one of the constraints without a name.
    """
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    found = named_checks_of_database(autogen_context, schema, tname, conn_table)
    if found is None:
        return PriorityDispatchResult.CONTINUE
    found = {
        name: check
        for name, check in found.items()
        if not _belongs_to_json_type(name, check)
    }
    wanted = named_checks_of_model(autogen_context, metadata_table)
    missing = _settle_unnamed(autogen_context, schema, metadata_table, found, wanted)
    for name in sorted(found.keys() & wanted.keys()):
        if is_type_bound(wanted[name]) or _is_same(
            autogen_context, metadata_table, found[name], wanted[name]
        ):
            del found[name], wanted[name]
    for name in sorted(found):
        if autogen_context.run_object_filters(
            found[name], name, "check_constraint", True, wanted.get(name)
        ):
            modify_table_ops.ops.append(DropConstraintOp.from_constraint(found[name]))
            log.info("Detected removed check constraint %r on table %r", name, tname)
    for check in missing:
        if autogen_context.run_object_filters(
            check, None, "check_constraint", False, None
        ):
            modify_table_ops.ops.append(CreateCheckConstraintOp.from_constraint(check))
            log.info("Detected added check constraint %r on table %r", None, tname)
    for name in sorted(wanted):
        if autogen_context.run_object_filters(
            wanted[name], name, "check_constraint", False, found.get(name)
        ):
            modify_table_ops.ops.append(
                CreateCheckConstraintOp.from_constraint(wanted[name])
            )
            log.info("Detected added check constraint %r on table %r", name, tname)
    return PriorityDispatchResult.CONTINUE


def _belongs_to_json_type(name: str, check: CheckConstraint) -> bool:
    """Tell whether a constraint is the one that MariaDB gives to JSON columns."""
    match = _OF_JSON_TYPE.fullmatch(str(check.sqltext))
    return match is not None and match.group("column") == name


def _unnamed_of_model(
    autogen_context: AutogenContext, table: Table, named: Dict[str, CheckConstraint]
) -> List[CheckConstraint]:
    impl = autogen_context.migration_context.impl
    known = set(named.values())
    return [
        check
        for check in all_table_check_constraints(table)
        if check not in known and is_written_by(check, impl)
    ]


def _settle_unnamed(
    autogen_context: AutogenContext,
    schema: Optional[str],
    table: Table,
    found: Dict[str, CheckConstraint],
    wanted: Dict[str, CheckConstraint],
) -> List[CheckConstraint]:
    """Match the constraints that the model leaves unnamed, by their expression.

    What they match is taken out of ``found``.

    :return: those that the database does not have.
    """
    unnamed = _unnamed_of_model(autogen_context, table, wanted)
    if not unnamed:
        return []
    candidates = [name for name in found if name not in wanted]
    judge = judge_of(autogen_context)
    checks = [check for check in unnamed if not is_type_bound(check)]
    texts: List[Optional[str]] = [None] * len(checks)
    if judge is not None:
        texts = judge.checks(table, checks)
    if len(checks) < len(unnamed) or None in texts:
        # which of them is which can not be told
        for name in candidates:
            del found[name]
        return []
    existing = {
        record["sqltext"]
        for record in InspectorConv(autogen_context.inspector).get_check_constraints(
            table.name, schema
        )
    }
    for name in candidates:
        if str(found[name].sqltext) in texts:
            del found[name]
    return [check for check, text in zip(checks, texts) if text not in existing]


def _is_same(
    autogen_context: AutogenContext,
    table: Table,
    found: CheckConstraint,
    wanted: CheckConstraint,
) -> bool:
    """Tell whether two constraints of one name check the same."""
    text: Any = str(found.sqltext)
    if text == render_expression(wanted.sqltext, autogen_context.dialect):
        return True
    judge = judge_of(autogen_context)
    would_be = None if judge is None else judge.checks(table, [wanted])[0]
    if would_be is not None:
        return bool(would_be == text)
    impl = autogen_context.migration_context.impl
    return not impl.compare_check_constraint(wanted, found).is_different
