"""CHECK constraints, by name and by what the database makes of their expression."""

from __future__ import annotations

import logging
import re
from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from alembic.autogenerate.normalize import judge_of
from alembic.operations.ops.constraints import CreateCheckConstraintOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.sqla.constraints import is_type_bound
from alembic.sqla.expressions import render_expression
from alembic.util.dispatch import DispatchPriority
from alembic.util.dispatch import PriorityDispatchResult

from .check_constraints import named_checks_of_database
from .check_constraints import named_checks_of_model
from .check_constraints import unnamed_checks_of_model
from .chosen_names import check_name
from .disturbed import columns_named
from .disturbed import disturbed_columns
from .disturbed import DisturbedColumns
from .disturbed import undeclared
from .inspector import InspectorConv
from .mysql import DIALECTS

if TYPE_CHECKING:
    from sqlalchemy.schema import CheckConstraint
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.base import MigrateOperation
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
    """Append what adds and changes the CHECK constraints that the model declares."""
    compare_checks(
        autogen_context, modify_table_ops, schema, tname, conn_table, metadata_table
    )
    return PriorityDispatchResult.CONTINUE


def compare_checks(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
    *,
    drop_undeclared: bool = False,
) -> None:
    """Append what makes the CHECK constraints those of the model.

    Drops come before all else and additions after it, since a constraint stands in
    the way of changes to the columns that it names.

    Without the judgement of the database only names are compared, and nothing is
    dropped that might be one of the constraints without a name.

    :param drop_undeclared: also drop what only the database has. Otherwise that is
        dropped with a column that it names, and when the database refuses it for the
        type that a column gets.
    """
    if conn_table is None or metadata_table is None:
        return
    found = named_checks_of_database(autogen_context, schema, tname, conn_table)
    if found is None:
        return
    found = {
        name: check
        for name, check in found.items()
        if not _belongs_to_json_type(name, check)
    }
    wanted = named_checks_of_model(autogen_context, metadata_table)
    missing, same = _settle_unnamed(
        autogen_context, schema, metadata_table, found, wanted
    )
    added = [*missing.items(), *((n, wanted[n]) for n in sorted(wanted))]
    same.update(
        name
        for name in found.keys() & wanted.keys()
        if is_type_bound(wanted[name])
        or _is_same(autogen_context, metadata_table, found[name], wanted[name])
    )
    operations = modify_table_ops.ops
    disturbed = disturbed_columns(
        autogen_context, operations, schema, tname, conn_table, metadata_table
    )
    first: List[MigrateOperation] = []
    last: List[MigrateOperation] = []
    for name in sorted(found):
        check = found[name]
        named = columns_named(str(check.sqltext), conn_table)
        stays = name in same or not (
            name in wanted
            or name in missing
            or drop_undeclared
            or _is_in_the_way(
                autogen_context, metadata_table, name, check, named, disturbed
            )
        )
        if stays and name not in same:
            autogen_context.left_alone.append(undeclared("CHECK", name, schema, tname))
        if stays and not named & disturbed.remade:
            continue
        if not autogen_context.run_object_filters(
            check, name, "check_constraint", True, wanted.get(name)
        ):
            continue
        first.append(DropConstraintOp.from_constraint(check))
        if stays:
            # a column that it names is made anew
            last.append(CreateCheckConstraintOp.from_constraint(check))
        else:
            log.info("Detected removed check constraint %r on table %r", name, tname)
    for name, check in added:
        given = None if name in missing else name
        if name not in same and autogen_context.run_object_filters(
            check, given, "check_constraint", False, found.get(name)
        ):
            create = CreateCheckConstraintOp.from_constraint(check)
            create.constraint_name = create.constraint_name or name
            last.append(create)
            log.info("Detected added check constraint %r on table %r", given, tname)
    operations[:] = [*first, *operations, *last]


def _is_in_the_way(
    autogen_context: AutogenContext,
    metadata_table: Table,
    name: str,
    check: CheckConstraint,
    named: Set[str],
    disturbed: DisturbedColumns,
) -> bool:
    """Tell whether a constraint that only the database has cannot stay."""
    if named & disturbed.dropped:
        # MySQL calls what is written inside of a column by the name of the column,
        # and drops it along
        return not (
            name in disturbed.dropped and autogen_context.dialect.name in DIALECTS
        )
    judge = judge_of(autogen_context)
    if judge is None or not named & disturbed.retyped:
        return False
    return judge.checks(metadata_table, [check]) == [None]


def _belongs_to_json_type(name: str, check: CheckConstraint) -> bool:
    """Tell whether a constraint is the one that MariaDB gives to JSON columns."""
    match = _OF_JSON_TYPE.fullmatch(str(check.sqltext))
    return match is not None and match.group("column") == name


def _settle_unnamed(
    autogen_context: AutogenContext,
    schema: Optional[str],
    table: Table,
    found: Dict[str, CheckConstraint],
    wanted: Dict[str, CheckConstraint],
) -> Tuple[Dict[str, CheckConstraint], Set[str]]:
    """Match the constraints that the model leaves unnamed, by their expression.

    :return: those that the database does not have, by the names that it would choose,
        and the names of those that it has, or may have.
    """
    unnamed = unnamed_checks_of_model(autogen_context, table)
    if not unnamed:
        return {}, set()
    candidates = {name for name in found if name not in wanted}
    judge = judge_of(autogen_context)
    checks = [check for check in unnamed if not is_type_bound(check)]
    texts: List[Optional[str]] = [None] * len(checks)
    if judge is not None:
        texts = judge.checks(table, checks)
    if len(checks) < len(unnamed) or None in texts:
        # which of them is which can not be told
        return {}, candidates
    existing = {
        record["sqltext"]
        for record in InspectorConv(autogen_context.inspector).get_check_constraints(
            table.name, schema
        )
    }
    settled = {name for name in candidates if str(found[name].sqltext) in texts}
    left = {
        name: columns_named(str(found[name].sqltext), table)
        for name in candidates - settled
    }
    missing: Dict[str, CheckConstraint] = {}
    for check, text in zip(checks, texts):
        if text not in existing:
            columns = columns_named(str(text), table)
            # one about the same columns is what this one was before it changed
            taken = {n for n in found if left.get(n) != columns}.union(wanted, missing)
            name = check_name(
                autogen_context.dialect, table.name, sorted(columns), taken
            )
            missing[name] = check
    return missing, settled


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
