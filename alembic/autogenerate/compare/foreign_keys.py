"""Foreign keys of a table that both sides have."""

from __future__ import annotations

import logging
from typing import Any
from typing import cast
from typing import Dict
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import ForeignKeyConstraint

from alembic.operations.ops.constraints import DropConstraintOp
from alembic.operations.ops.foreign_keys import CreateForeignKeyOp
from alembic.util.dispatch import PriorityDispatchResult

from .inspector import InspectorConv
from .seams import signature_of_database
from .seams import signature_of_model

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.ddl.impl import DefaultImpl
    from alembic.operations.ops.containers import ModifyTableOps

log = logging.getLogger("alembic.autogenerate.compare.constraints")

_Key = Tuple[Any, ...]


def _compare_foreign_keys(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Drop the foreign keys that the model does not have, add those it does.

    Two are the same when they lead from the same columns to the same columns with the
    same options; their names do not matter.
    """
    if conn_table is None or metadata_table is None:
        # a table that is created or dropped takes its foreign keys along
        return PriorityDispatchResult.CONTINUE
    impl = autogen_context.migration_context.impl
    wanted = _of_table(metadata_table)
    found, options_are_known = _of_database(autogen_context, schema, tname, conn_table)
    impl.correct_for_autogen_foreignkeys(found, wanted)
    if not found and not wanted:
        return PriorityDispatchResult.CONTINUE

    found_by_key = _by_key(impl, found, False, options_are_known)
    wanted_by_key = _by_key(impl, wanted, True, options_are_known)
    _remove(
        autogen_context,
        modify_table_ops,
        [fk for key, fk in found_by_key.items() if key not in wanted_by_key],
        {fk.name: fk for fk in wanted if fk.name is not None},
    )
    _add(
        autogen_context,
        modify_table_ops,
        [fk for key, fk in wanted_by_key.items() if key not in found_by_key],
        {fk.name: fk for fk in found if fk.name is not None},
    )
    return PriorityDispatchResult.CONTINUE


def _of_table(table: Table) -> Set[ForeignKeyConstraint]:
    return {fk for fk in table.constraints if isinstance(fk, ForeignKeyConstraint)}


def _of_database(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    conn_table: Table,
) -> Tuple[Set[ForeignKeyConstraint], bool]:
    """Return the foreign keys found, and whether the dialect tells their options."""
    records = InspectorConv(autogen_context.inspector).get_foreign_keys(tname, schema)
    kept = {
        _record_key(record)
        for record in records
        if autogen_context.run_name_filters(
            record["name"],
            "foreign_key_constraint",
            {"table_name": tname, "schema_name": schema},
        )
    }
    found = {
        fk
        for fk in _of_table(conn_table)
        if (fk.name, tuple(element.parent.name for element in fk.elements)) in kept
    }
    return found, not records or "options" in records[0]


def _record_key(record: Dict[str, Any]) -> Tuple[Optional[str], Tuple[str, ...]]:
    return record["name"], tuple(record["constrained_columns"])


def _by_key(
    impl: DefaultImpl,
    constraints: Set[ForeignKeyConstraint],
    is_metadata: bool,
    with_options: bool,
) -> Dict[_Key, ForeignKeyConstraint]:
    """Return foreign keys by what makes them the same, in the order of columns."""
    found: List[Tuple[Any, _Key, ForeignKeyConstraint]] = []
    for fk in constraints:
        signature: Any = (
            signature_of_model(impl, fk)
            if is_metadata
            else signature_of_database(impl, fk)
        )
        key = cast(
            _Key, signature.unnamed if with_options else signature.unnamed_no_options
        )
        if impl.dialect.name == "postgresql":
            match = (fk.match or "SIMPLE").upper()
            key = (*key, match)
        columns = list(cast(Any, fk.parent).columns.keys())
        position = [columns.index(element.parent.key) for element in fk.elements]
        found.append(((position, str(fk.name or ""), str(key)), key, fk))
    found.sort(key=lambda entry: entry[0])
    return {key: fk for _, key, fk in found}


def _remove(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    constraints: List[ForeignKeyConstraint],
    others: Dict[Any, ForeignKeyConstraint],
) -> None:
    for fk in constraints:
        if autogen_context.run_object_filters(
            fk,
            cast(Optional[str], fk.name),
            "foreign_key_constraint",
            True,
            others.get(fk.name),
        ):
            modify_table_ops.ops.append(DropConstraintOp.from_constraint(fk))
            log.info("Detected removed %s", _description(fk))


def _add(
    autogen_context: AutogenContext,
    modify_table_ops: ModifyTableOps,
    constraints: List[ForeignKeyConstraint],
    others: Dict[Any, ForeignKeyConstraint],
) -> None:
    for fk in constraints:
        if autogen_context.run_object_filters(
            fk,
            cast(Optional[str], fk.name),
            "foreign_key_constraint",
            False,
            others.get(fk.name),
        ):
            modify_table_ops.ops.append(CreateForeignKeyOp.from_constraint(fk))
            log.info("Detected added %s", _description(fk))


def _description(fk: ForeignKeyConstraint) -> str:
    """Return a foreign key as it is named in the log."""
    table: Any = fk.parent
    qualified = f"{table.schema}.{table.name}" if table.schema else table.name
    local = ", ".join(element.parent.name for element in fk.elements)
    remote = ", ".join(
        element.target_fullname.rsplit(".", 1)[-1] for element in fk.elements
    )
    return f"foreign key ({local})({remote}) on table {qualified}"
