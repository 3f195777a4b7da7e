"""CHECK constraints, by name and by what the database makes of their expression."""

from __future__ import annotations

import logging
import re
from typing import Any
from typing import Dict
from typing import Iterator
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
from alembic.sqla.types import checks_are_asked_for
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
from .type_checks import come_along
from .type_checks import leave_out

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
    dialect, operations = autogen_context.dialect, modify_table_ops.ops
    wanted = named_checks_of_model(autogen_context, metadata_table)
    unnamed = unnamed_checks_of_model(autogen_context, metadata_table)
    along = come_along(operations, [*wanted.values(), *unnamed])
    missing, same, settled = _settle_unnamed(
        autogen_context, schema, metadata_table, found, wanted, unnamed, along
    )
    leave_out(operations, {*wanted.values(), *settled} - along)
    added = [
        (name, check)
        for name, check in [*missing.items(), *sorted(wanted.items())]
        if check not in along
    ]
    same.update(
        name
        for name in found.keys() & wanted.keys()
        if wanted[name] not in along
        and _is_same(autogen_context, metadata_table, found[name], wanted[name])
    )
    disturbed = disturbed_columns(
        autogen_context, operations, schema, tname, conn_table, metadata_table
    )
    first: List[MigrateOperation] = []
    last: List[MigrateOperation] = []
    for name in sorted(found):
        check = found[name]
        named = columns_named(str(check.sqltext), conn_table, dialect)
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
    last.extend(_additions(autogen_context, tname, found, missing, same, added))
    operations[:] = [*first, *operations, *last]


def _additions(
    autogen_context: AutogenContext,
    tname: str,
    found: Dict[str, CheckConstraint],
    missing: Dict[str, CheckConstraint],
    same: Set[str],
    added: List[Tuple[str, CheckConstraint]],
) -> Iterator[CreateCheckConstraintOp]:
    """Yield what creates constraints of the model.

    :param missing: those to which the model gives no name.
    :param same: the names of those that are there.
    :param added: all that shall be there, by name.
    """
    for name, check in added:
        given = None if name in missing else name
        if name not in same and autogen_context.run_object_filters(
            check, given, "check_constraint", False, found.get(name)
        ):
            create = CreateCheckConstraintOp.from_constraint(check)
            create.constraint_name = create.constraint_name or name
            yield create
            log.info("Detected added check constraint %r on table %r", given, tname)


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
    unnamed: List[CheckConstraint],
    along: Set[CheckConstraint],
) -> Tuple[Dict[str, CheckConstraint], Set[str], List[CheckConstraint]]:
    """Match the constraints that the model leaves unnamed, by their expression.

    :param along: constraints that come with a type or column, and are not missing.
    :return: those that the database does not have, by the names that it would choose;
        the names of those that it has, or may have; those about which it is known.
    """
    dialect = autogen_context.dialect
    candidates = {name for name in found if name not in wanted}
    judge = judge_of(autogen_context)
    texts: List[Optional[str]] = [None] * len(unnamed)
    if unnamed and judge is not None:
        texts = judge.checks(table, unnamed)
    if None in texts:
        # which of them is which can not be told
        return {}, candidates, []
    existing = {
        record["sqltext"]
        for record in InspectorConv(autogen_context.inspector).get_check_constraints(
            table.name, schema
        )
    }
    same = {name for name in candidates if str(found[name].sqltext) in texts}
    left = {
        name: columns_named(str(found[name].sqltext), table, dialect)
        for name in candidates - same
    }
    missing: Dict[str, CheckConstraint] = {}
    # those that come along are there first, so they get the first names
    for check, text in sorted(
        zip(unnamed, texts), key=lambda each: each[0] not in along
    ):
        if text in existing or not (
            # nobody may have meant it, and the database lived without
            checks_are_asked_for or check in along or not is_type_bound(check)
        ):
            continue
        columns = columns_named(str(text), table, dialect)
        # one about the same columns is what this one was before it changed
        taken = {n for n in found if left.get(n) != columns}.union(wanted, missing)
        name = check_name(dialect, table.name, sorted(columns), taken)
        missing[name] = check
    return missing, same, unnamed


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
    if is_type_bound(wanted):
        # the text of the model is SQLAlchemy's own, that of the database is not
        return True
    impl = autogen_context.migration_context.impl
    return not impl.compare_check_constraint(wanted, found).is_different
