"""Indexes and unique constraints of a table: gather, match, emit.

The two are compared together, for on many databases one is made out of the other.
"""

from __future__ import annotations

import logging
from typing import Any
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.schema import Index
from sqlalchemy.schema import UniqueConstraint

from alembic.autogenerate.autogen_context import NotCompared
from alembic.autogenerate.normalize import judge_of
from alembic.ddl.signatures import ComparisonResult
from alembic.ddl.signatures import is_index_sig
from alembic.ddl.signatures import is_uq_sig
from alembic.operations.ops.constraints import CreateUniqueConstraintOp
from alembic.operations.ops.constraints import DropConstraintOp
from alembic.operations.ops.indexes import CreateIndexOp
from alembic.operations.ops.indexes import DropIndexOp
from alembic.sqla.expressions import is_expression_index
from alembic.util.dispatch import PriorityDispatchResult

from . import mysql
from . import postgresql
from .inspector import InspectorConv
from .reflected import make_index
from .reflected import make_unique_constraint
from .reflected import options_of
from .seams import signature_of_database
from .seams import signature_of_model

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.ddl.impl import DefaultImpl
    from alembic.operations.ops.containers import ModifyTableOps

log = logging.getLogger("alembic.autogenerate.compare.constraints")

_TEXT_TELLS_LITTLE = ("sqlite", *mysql.DIALECTS)
"""Dialects that take indexes with expressions and options for the same by name."""

_IndexOrUnique = Union[Index, UniqueConstraint]
# ConstraintSignature of alembic.ddl; dialects of other packages make their own
_Signature = Any


class _Side(NamedTuple):
    """The indexes and unique constraints of one side."""

    uniques: Set[UniqueConstraint]
    indexes: Set[Index]
    records: Dict[Any, Dict[str, Any]]
    """What was reflected of the indexes, by name; empty for the model."""


def _compare_indexes_and_uniques(
    autogen_context: AutogenContext,
    modify_ops: ModifyTableOps,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
    metadata_table: Optional[Table],
) -> PriorityDispatchResult:
    """Append what makes the indexes and unique constraints those of the model.

    For a table that is created or dropped only its indexes count: its constraints
    come and go with it.
    """
    impl = autogen_context.migration_context.impl
    wanted = _of_model(metadata_table)
    found, knows_uniques = _of_database(autogen_context, schema, tname, conn_table)
    if not any((*wanted[:2], *found[:2])):
        return PriorityDispatchResult.CONTINUE
    if conn_table is not None and metadata_table is not None:
        _leave_one_of_duplicates(found, wanted)
    aside = _take_expressions_aside(impl, wanted)
    impl.correct_for_autogen_constraints(
        found.uniques, found.indexes, wanted.uniques, wanted.indexes
    )
    wanted.indexes.update(aside)
    if not knows_uniques or conn_table is None or metadata_table is None:
        wanted.uniques.clear()
        found.uniques.clear()

    emitter = _Emitter(autogen_context, modify_ops, tname, found.records)
    _match(
        autogen_context,
        emitter,
        [signature_of_database(impl, item) for item in _in_order(found, impl)],
        [
            signature_of_model(impl, item)
            for item in _in_order(wanted, impl)
            if not _is_primary_key(item, conn_table, impl)
        ],
    )
    return PriorityDispatchResult.CONTINUE


def _of_model(table: Optional[Table]) -> _Side:
    if table is None:
        return _Side(set(), set(), {})
    return _Side(
        {c for c in table.constraints if isinstance(c, UniqueConstraint)},
        set(table.indexes),
        {},
    )


def _of_database(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    conn_table: Optional[Table],
) -> Tuple[_Side, bool]:
    """Return what was found, and whether the dialect tells unique constraints."""
    side = _Side(set(), set(), {})
    if conn_table is None:
        return side, True
    inspector = InspectorConv(autogen_context.inspector)
    impl = autogen_context.migration_context.impl
    parents: Any = {"table_name": tname, "schema_name": schema}
    knows_uniques = True
    try:
        unique_records = inspector.get_unique_constraints(tname, schema)
    except NotImplementedError:
        unique_records, knows_uniques = [], False
    for record in unique_records:
        if autogen_context.run_name_filters(
            record["name"], "unique_constraint", dict(parents)
        ):
            constraint = make_unique_constraint(impl, record, conn_table)
            if autogen_context.dialect.name == "postgresql":
                options = postgresql.constraint_options(
                    autogen_context.inspector, schema, tname, record["name"]
                )
                constraint.deferrable = options.deferrable
                constraint.initially = options.initially
            side.uniques.add(constraint)
    try:
        index_records = inspector.get_indexes(tname, schema)
    except NotImplementedError:
        index_records = []
    for record in index_records:
        if autogen_context.run_name_filters(record["name"], "index", dict(parents)):
            index = make_index(impl, record, conn_table)
            if index is not None:
                side.indexes.add(index)
                side.records[record["name"]] = record
    return side, knows_uniques


def _leave_one_of_duplicates(found: _Side, wanted: _Side) -> None:
    """Take one of each pair that is the same object of the database under two views.

    A unique index is reported by some databases as a unique constraint too, by others
    it is the other way round. The one that the model speaks of is kept.
    """
    by_name = {index.name: index for index in found.indexes}
    wanted_indexes = {index.name for index in wanted.indexes}
    wanted_uniques = {unique.name for unique in wanted.uniques if unique.name}
    unnamed = {
        tuple(sorted(column.name for column in unique.columns))
        for unique in wanted.uniques
        if not isinstance(unique.name, str)
    }
    for unique in list(found.uniques):
        if "duplicates_index" not in unique.info:
            continue
        index = by_name.get(unique.info["duplicates_index"])
        if index is None:
            continue
        columns = tuple(sorted(column.name for column in unique.columns))
        if unique.name in wanted_indexes and unique.name not in wanted_uniques:
            found.uniques.discard(unique)
        elif unique.name in wanted_uniques or columns in unnamed:
            found.indexes.discard(index)
        else:
            found.uniques.discard(unique)


def _take_expressions_aside(impl: DefaultImpl, wanted: _Side) -> Set[Index]:
    """Keep indexes over expressions from being left out on SQLite.

    SQLAlchemy does not reflect them there, so the dialect leaves them out; but here
    they are read from SQLite's own text.
    """
    if impl.dialect.name != "sqlite":
        return set()
    aside = {index for index in wanted.indexes if is_expression_index(index)}
    wanted.indexes.difference_update(aside)
    return aside


def _is_primary_key(
    item: _IndexOrUnique, conn_table: Optional[Table], impl: DefaultImpl
) -> bool:
    """Tell whether PostgreSQL takes a unique constraint for the primary key.

    One over the same columns is dropped silently when both are created together,
    unless its options differ. When the model has another primary key it is missing.
    """
    if (
        impl.dialect.name != "postgresql"
        or conn_table is None
        or not isinstance(item, UniqueConstraint)
        or item.deferrable
    ):
        return False
    key = [column.name for column in conn_table.primary_key.columns]
    wanted_key = [column.name for column in item.table.primary_key.columns]
    return [column.name for column in item.columns] == key == wanted_key and not any(
        constraint.name == item.name
        or (item.name is None and [c.name for c in constraint.columns] == key)
        for constraint in conn_table.constraints
        if isinstance(constraint, UniqueConstraint)
    )


def _in_order(side: _Side, impl: DefaultImpl) -> List[_IndexOrUnique]:
    """Return a side in an order that does not depend on sets."""

    def position(item: Any) -> Tuple[Any, ...]:
        # by name: columns can not be compared, their == makes SQL
        positions = {
            name: place for place, name in enumerate(item.table.columns.keys())
        }
        return (
            [positions.get(column.key, -1) for column in item.columns],
            str(item.name or ""),
        )

    items: List[_IndexOrUnique] = []
    for group in (side.uniques, side.indexes):
        items.extend(sorted(group, key=position) if len(group) > 1 else group)
    return items


def _match(
    autogen_context: AutogenContext,
    emitter: _Emitter,
    found: List[_Signature],
    wanted: List[_Signature],
) -> None:
    """Match the two sides by name, or by shape where there is no name."""
    found_by_name: Dict[Any, _Signature] = {
        signature.name: signature for signature in found if signature.is_named
    }
    wanted_by_name: Dict[Any, _Signature] = {}
    wanted_unnamed: Dict[Any, _Signature] = {}
    for signature in wanted:
        if signature.is_named:
            wanted_by_name[signature.md_name_to_sql_name(autogen_context)] = signature
        else:
            wanted_unnamed[signature.unnamed] = signature
    found_shapes = {
        signature.unnamed for signature in found if not is_index_sig(signature)
    }

    wanted_shapes = wanted_unnamed.keys() | {
        signature.unnamed
        for name, signature in wanted_by_name.items()
        if not is_index_sig(signature) and name in found_by_name
    }

    for name in sorted(found_by_name.keys() - wanted_by_name.keys()):
        signature = found_by_name[name]
        if not is_index_sig(signature) and signature.unnamed in wanted_unnamed:
            # the model leaves its name to the database
            continue
        emitter.removed(signature)
    for signature in found:
        if not signature.is_named and signature.unnamed not in wanted_shapes:
            # SQLite leaves constraints unnamed; they are found by their columns
            emitter.removed(signature)
    for name in sorted(found_by_name.keys() & wanted_by_name.keys()):
        emitter.both(found_by_name[name], wanted_by_name[name])
    for name in sorted(wanted_by_name.keys() - found_by_name.keys()):
        emitter.added(wanted_by_name[name])
    for shape, signature in wanted_unnamed.items():
        if shape not in found_shapes:
            emitter.added(signature)


class _Emitter:
    """Appends operations, unless a filter refuses, and tells the log."""

    def __init__(
        self,
        autogen_context: AutogenContext,
        modify_ops: ModifyTableOps,
        tname: str,
        records: Dict[Any, Dict[str, Any]],
    ) -> None:
        self._records = records
        self._context = autogen_context
        self._ops = modify_ops.ops
        self._tname = tname

    def added(self, signature: _Signature) -> None:
        """The model has it and the database does not."""
        if self._wants(signature, False, None):
            self._create(signature)
            log.info(
                "Detected added %s %r on '%s'",
                _kind(signature),
                signature.name,
                tuple(signature.column_names),
            )

    def removed(self, signature: _Signature) -> None:
        """The database has it and the model does not."""
        if self._wants(signature, True, None):
            self._drop(signature)
            log.info(
                "Detected removed %s %r on %r",
                _kind(signature),
                _plain(signature.name),
                _plain(self._tname),
            )

    def both(self, found: _Signature, wanted: _Signature) -> None:
        """Both have one of this name; they may differ."""
        if is_index_sig(found) is not is_index_sig(wanted):
            self.removed(found)
            self.added(wanted)
            return
        result = self._compare(found, wanted)
        if result.is_different:
            if self._is_same_in_database(found, wanted) is not True and self._wants(
                wanted, False, found.const
            ):
                log.info(
                    "Detected changed %s %r on %r: %s",
                    _kind(wanted),
                    _plain(wanted.name),
                    _plain(self._tname),
                    result.message,
                )
                self._drop(found)
                self._create(wanted)
        elif result.is_skip:
            self._context.left_alone.append(
                NotCompared(
                    f"{_kind(wanted)} '{wanted.name}' on table '{self._tname}'",
                    str(result.message),
                )
            )
            log.info(
                "Cannot compare %s %r, assuming equal and skipping. %s",
                _kind(wanted),
                _plain(wanted.name),
                result.message,
            )

    def _compare(self, found: _Signature, wanted: _Signature) -> ComparisonResult:
        result: ComparisonResult = wanted.compare_to_reflected(found)
        if self._context.dialect.name in mysql.DIALECTS and is_index_sig(wanted):
            # temporary tables can have no FULLTEXT index, so the judge does not know
            before = mysql.index_prefix(options_of(self._records.get(found.name, {})))
            after = mysql.index_prefix(wanted.const.dialect_kwargs)
            if before != after:
                return ComparisonResult.Different(f"{before} to {after}")
        if (
            self._context.dialect.name in _TEXT_TELLS_LITTLE
            and result.is_equal
            and is_index_sig(wanted)
            and (
                wanted.has_expressions
                or wanted.const.dialect_kwargs
                or options_of(self._records.get(found.name, {}))
            )
            and self._is_same_in_database(found, wanted) is False
        ):
            return ComparisonResult.Different("expressions or options")
        if is_uq_sig(wanted) and self._context.dialect.name == "postgresql":
            one, other = _deferral(found.const), _deferral(wanted.const)
            if one != other:
                messages = [result.message] if result.is_different else []
                return ComparisonResult.Different([*messages, f"{one} to {other}"])
        return result

    def _is_same_in_database(
        self, found: _Signature, wanted: _Signature
    ) -> Optional[bool]:
        """Tell whether the database would make of the model's index what it has.

        :return: None when it could not be asked.
        """
        judge = judge_of(self._context)
        record = self._records.get(found.name)
        if judge is None or record is None or not is_index_sig(wanted):
            return None
        table: Any = wanted.const.table
        (would_be,) = judge.indexes(table, [wanted.const])
        return None if would_be is None else _essence(would_be) == _essence(record)

    def _wants(self, signature: _Signature, reflected: bool, other: Any) -> bool:
        return self._context.run_object_filters(
            signature.const,
            signature.name,
            "index" if is_index_sig(signature) else "unique_constraint",
            reflected,
            other,
        )

    def _create(self, signature: _Signature) -> None:
        if is_index_sig(signature):
            self._ops.append(CreateIndexOp.from_index(signature.const))
        else:
            self._ops.append(CreateUniqueConstraintOp.from_constraint(signature.const))

    def _drop(self, signature: _Signature) -> None:
        if is_index_sig(signature):
            self._ops.append(DropIndexOp.from_index(signature.const))
        else:
            self._ops.append(DropConstraintOp.from_constraint(signature.const))


def _deferral(constraint: UniqueConstraint) -> str:
    """Return when a constraint is checked, as SQL says it."""
    initially = (constraint.initially or "IMMEDIATE").upper()
    if not constraint.deferrable and initially != "DEFERRED":
        return "NOT DEFERRABLE"
    return f"DEFERRABLE INITIALLY {initially}"


def _essence(record: Dict[str, Any]) -> Dict[str, Any]:
    """Return what is reflected of an index without its name and its origin."""
    essence = {
        key: value
        for key, value in record.items()
        if key not in ("name", "duplicates_constraint", "comment") and value
    }
    # SQLite's conditions come as text(), which does not compare
    essence["dialect_options"] = {
        key: str(value) for key, value in options_of(record).items()
    }
    return essence


def _kind(signature: _Signature) -> str:
    return "index" if is_index_sig(signature) else "unique constraint"


def _plain(name: Any) -> Any:
    """Return a name whose repr is that of a string."""
    return str(name) if isinstance(name, str) else name
