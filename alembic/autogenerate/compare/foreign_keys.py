"""Foreign keys of a table that both sides have."""

from __future__ import annotations

import logging
from typing import Any
from typing import cast
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.schema import Column
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import Index
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table
from sqlalchemy.types import NULLTYPE

from alembic.operations.ops.constraints import DropConstraintOp
from alembic.operations.ops.foreign_keys import CreateForeignKeyOp
from alembic.sqla.constraints import mark_not_valid
from alembic.sqla.reflection import reports_deferral_on_sqlite
from alembic.util.dispatch import PriorityDispatchResult

from . import mysql
from . import postgresql
from .inspector import InspectorConv
from .key_indexes import begins_with
from .key_indexes import DropIndexOfForeignKeyOp
from .key_indexes import keys_of_model
from .seams import signature_of_database
from .seams import signature_of_model

if TYPE_CHECKING:
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
    try:
        found, options_are_known = _of_database(
            autogen_context, schema, tname, conn_table
        )
    except NotImplementedError:
        # a dialect that does not reflect them
        return PriorityDispatchResult.CONTINUE
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
        metadata_table,
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
        if impl.dialect.name == "sqlite" and not reports_deferral_on_sqlite:
            actions = [(fk.ondelete or "").lower(), (fk.onupdate or "").lower()]
            key = (
                *signature.unnamed_no_options,
                *["" if action == "no action" else action for action in actions],
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
    metadata_table: Table,
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
            index = _index_made_for(fk, metadata_table)
            if index is not None and autogen_context.dialect.name in mysql.DIALECTS:
                modify_table_ops.ops.append(DropIndexOfForeignKeyOp.from_index(index))


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


def _index_made_for(fk: ForeignKeyConstraint, metadata_table: Table) -> Optional[Index]:
    """Return the index that MySQL made for a foreign key and keeps without it.

    :param fk: a reflected foreign key that is dropped.
    :param metadata_table: the table of the model; what it needs is kept.
    """
    columns = [element.parent.name for element in fk.elements]
    for other in metadata_table.constraints:
        if isinstance(other, ForeignKeyConstraint) and columns == [
            element.parent.name for element in other.elements
        ]:
            return None
    if begins_with(keys_of_model(metadata_table), columns):
        # it takes the place of the other, which then goes by itself
        return None
    table: Any = fk.parent
    for index in table.indexes:
        if not index.unique and mysql.is_index_of_foreign_key(
            index.name,
            [column.name for column in index.columns],
            fk.name,
            columns,
        ):
            return cast(Index, index)
    return None


def existing_foreign_keys(
    autogen_context: AutogenContext,
) -> Iterator[ForeignKeyConstraint]:
    """Give all foreign keys of the tables that were compared, on throw-away tables.

    :param autogen_context: the comparison.
    """
    inspector = InspectorConv(autogen_context.inspector)
    for schema, tname in inspector.announced():
        for record in inspector.get_foreign_keys(tname, schema):
            columns = [Column(name, NULLTYPE) for name in record["constrained_columns"]]
            table = Table(tname, MetaData(), *columns, schema=schema)
            options = record.get("options") or {}
            target = (record["referred_schema"], record["referred_table"])
            fk = ForeignKeyConstraint(
                record["constrained_columns"],
                [
                    ".".join(part for part in (*target, name) if part)
                    for name in record["referred_columns"]
                ],
                name=record["name"],
                **{
                    key: options[key]
                    for key in (
                        *("onupdate", "ondelete", "deferrable", "initially", "match"),
                    )
                    if options.get(key)
                },
            )
            table.append_constraint(fk)
            if autogen_context.dialect.name == "postgresql" and (
                postgresql.constraint_options(
                    autogen_context.inspector, schema, tname, record["name"]
                ).not_valid
            ):
                mark_not_valid(fk)
            yield fk


def foreign_keys_of_model(
    autogen_context: AutogenContext,
) -> Iterator[ForeignKeyConstraint]:
    """Give all foreign keys of the model.

    :param autogen_context: the comparison.
    """
    for table in autogen_context.sorted_tables:
        yield from sorted(
            _of_table(table),
            key=lambda fk: [element.parent.key for element in fk.elements],
        )


def _description(fk: ForeignKeyConstraint) -> str:
    """Return a foreign key as it is named in the log."""
    table: Any = fk.parent
    qualified = f"{table.schema}.{table.name}" if table.schema else table.name
    local = ", ".join(element.parent.name for element in fk.elements)
    remote = ", ".join(
        element.target_fullname.rsplit(".", 1)[-1] for element in fk.elements
    )
    return f"foreign key ({local})({remote}) on table {qualified}"
