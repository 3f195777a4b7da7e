"""Tells tables that are certainly the same on both sides, without building them.

Most tables of most databases are. To find that out the reflected records are held
against the model directly; anything unusual is left to the comparators, which work on
tables built from the same records. So this is about speed only: whatever it says "yes"
to, the comparators would find no difference in.
"""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy.exc import CompileError
from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import Column
from sqlalchemy.schema import DefaultClause
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table
from sqlalchemy.schema import UniqueConstraint
from sqlalchemy.sql import text
from sqlalchemy.types import NullType
from sqlalchemy.types import SchemaType
from sqlalchemy.types import TypeDecorator

from alembic.sqla.constraints import is_written_by
from alembic.sqla.defaults import Identity
from alembic.sqla.defaults import is_identity
from alembic.sqla.foreign_keys import foreign_key_spec
from alembic.sqla.names import final_constraint_name
from alembic.sqla.reflection import can_reflect_many
from alembic.sqla.types import compiled_type
from alembic.sqla.types import value_of

from . import mysql
from . import postgresql
from .collations import is_collated
from .columns import columns_of_model
from .comments import comment_of_model
from .exclusions import exclusions_of_model
from .exclusions import exclusions_of_table
from .reflected import options_of
from .seams import comparators_are_our_own
from .seams import has_filters
from .seams import identity_difference
from .server_defaults import rendered_of_model
from .table_options import option_changes

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from alembic.autogenerate.autogen_context import AutogenContext

    from .inspector import InspectorConv

_Record = Dict[str, Any]
_KNOWN_DIALECTS = ("postgresql", "sqlite", *mysql.DIALECTS)
_SHORT = 50


def may_be_asked(autogen_context: AutogenContext) -> bool:
    """Tell whether nobody but the built-in comparators takes part in a comparison.

    Filters, functions given as options, comparators and dialects of others and
    listeners to reflection all get to see every table as an object.

    :param autogen_context: the comparison.
    """
    opts = autogen_context.opts
    impl_class = type(autogen_context.migration_context.impl)
    return (
        autogen_context.dialect.name in _KNOWN_DIALECTS
        and impl_class.__module__.startswith("alembic.ddl.")
        and can_reflect_many(autogen_context.inspector)
        and not callable(opts.get("compare_type", True))
        and not callable(opts.get("compare_server_default", False))
        and not has_filters(autogen_context)
        and comparators_are_our_own(autogen_context)
        and not _somebody_listens()
    )


def _somebody_listens() -> bool:
    metadata = MetaData()
    table: Any = Table("t", metadata)
    return bool(table.dispatch.column_reflect or metadata.dispatch.column_reflect)


class UnchangedTables:
    """Tells which tables are certainly unchanged.

    :param autogen_context: the comparison, for which `may_be_asked` is true.
    :param reflector: gives the records.
    """

    def __init__(
        self, autogen_context: AutogenContext, reflector: InspectorConv
    ) -> None:
        self._context = autogen_context
        self._inspector = autogen_context.inspector
        self._reflector = reflector
        self._impl = autogen_context.migration_context.impl
        self._dialect = autogen_context.dialect
        self._default_schema = self._dialect.default_schema_name
        self._compares_types = autogen_context.opts.get("compare_type", True)
        self._compares_defaults = autogen_context.opts.get("compare_server_default")
        self._types: Dict[Tuple[Any, ...], bool] = {}
        self._defaults: Dict[Tuple[Any, ...], bool] = {}

    def has(
        self, schema: Optional[str], tname: str, columns: List[_Record], table: Table
    ) -> bool:
        """Tell whether a table of the database is certainly that of the model.

        :param schema: the schema of the table; None for the default one.
        :param tname: its name.
        :param columns: its reflected columns, adjusted by the dialect.
        :param table: the table of the model.
        """
        return (
            self._columns_are_same(columns, table)
            and self._comment_is_same(schema, tname, table)
            and self._primary_key_is_same(schema, tname, table)
            and self._foreign_keys_are_same(schema, tname, table)
            and self._indexes_are_same(schema, tname, table)
            and self._has_no_checks(schema, tname, table)
            and self._has_no_exclusions(schema, tname, table)
            and not option_changes(self._context, schema, tname, table)
        )

    # -- columns --------------------------------------------------------------

    def _columns_are_same(self, records: List[_Record], table: Table) -> bool:
        wanted = columns_of_model(table)
        return len(records) == len(wanted) and all(
            record["name"] in wanted
            and self._column_is_same(record, wanted[record["name"]])
            for record in records
        )

    def _column_is_same(self, record: _Record, column: Column[Any]) -> bool:
        if record["nullable"] is not column.nullable or "computed" in record:
            return False
        if self._dialect.supports_comments and (record.get("comment") or None) != (
            column.comment or None
        ):
            return False
        return self._type_is_same(record, column) and self._default_is_same(
            record, column
        )

    def _type_is_same(self, record: _Record, column: Column[Any]) -> bool:
        if not self._compares_types:
            return True
        found = record["type"]
        key = (value_of(found), value_of(column.type))
        if None in key:
            return self._types_are_same(found, column)
        if key not in self._types:
            self._types[key] = self._types_are_same(found, column)
        return self._types[key]

    def _types_are_same(self, found: TypeEngine[Any], column: Column[Any]) -> bool:
        wanted = column.type
        if isinstance(found, NullType) or isinstance(wanted, NullType):
            return False
        if is_collated(found) or is_collated(wanted):
            return False
        if isinstance(wanted, (SchemaType, TypeDecorator)) or isinstance(
            found, SchemaType
        ):
            # more than their SQL tells
            key: Optional[Tuple[Any, ...]] = None
        else:
            try:
                key = (
                    type(found),
                    compiled_type(found, self._dialect),
                    type(wanted),
                    compiled_type(wanted, self._dialect),
                )
            except CompileError:
                return False
        if key is None:
            return not self._impl.compare_type(Column(column.name, found), column)
        if key not in self._types:
            self._types[key] = not self._impl.compare_type(
                Column(column.name, found), column
            )
        return self._types[key]

    def _default_is_same(self, record: _Record, column: Column[Any]) -> bool:
        found, wanted = record.get("default"), column.server_default
        if found is None and wanted is None and "identity" not in record:
            return True
        if "identity" in record or is_identity(wanted):
            return self._identity_is_same(record, column)
        if not self._compares_defaults:
            return wanted is None or isinstance(wanted, DefaultClause)
        if (
            not isinstance(found, str)
            or not isinstance(wanted, DefaultClause)
            or column.primary_key
        ):
            return False
        rendered = rendered_of_model(wanted, self._context)
        key = (found, rendered, type(column.type), type(record["type"]))
        if key not in self._defaults:
            conn_col = Column(
                column.name,
                record["type"],
                server_default=text(found.replace(":", r"\:")),
            )
            self._defaults[key] = not self._impl.compare_server_default(
                conn_col, column, rendered, found
            )
        return self._defaults[key]

    def _identity_is_same(self, record: _Record, column: Column[Any]) -> bool:
        if "identity" not in record or not is_identity(column.server_default):
            return False
        found = Identity(**record["identity"])
        return not identity_difference(self._impl, column.server_default, found)[2]

    # -- the table ------------------------------------------------------------

    def _comment_is_same(self, schema: Optional[str], tname: str, table: Table) -> bool:
        if not self._dialect.supports_comments:
            return True
        found = self._reflector.get_table_comment(tname, schema)
        return (found or None) == comment_of_model(self._context, table)

    def _primary_key_is_same(
        self, schema: Optional[str], tname: str, table: Table
    ) -> bool:
        record = self._reflector.get_pk_constraint(tname, schema)
        return list(record.get("constrained_columns", ())) == [
            column.name for column in table.primary_key.columns
        ]

    def _has_no_checks(self, schema: Optional[str], tname: str, table: Table) -> bool:
        if any(
            isinstance(constraint, CheckConstraint)
            and is_written_by(constraint, self._impl)
            for constraint in table.constraints
        ):
            return False
        try:
            return not self._reflector.get_check_constraints(tname, schema)
        except NotImplementedError:
            return True

    def _has_no_exclusions(
        self, schema: Optional[str], tname: str, table: Table
    ) -> bool:
        return self._dialect.name != "postgresql" or not (
            exclusions_of_table(self._context, schema, tname)
            or exclusions_of_model(table)
        )

    def _foreign_keys_are_same(
        self, schema: Optional[str], tname: str, table: Table
    ) -> bool:
        records = self._reflector.get_foreign_keys(tname, schema)
        wanted = {
            self._foreign_key_of_model(constraint)
            for constraint in table.constraints
            if isinstance(constraint, ForeignKeyConstraint)
        }
        if not records and not wanted:
            return True
        found = {
            (
                tuple(record["constrained_columns"]),
                self._schema(record["referred_schema"]),
                record["referred_table"],
                tuple(record["referred_columns"]),
            )
            for record in records
            if not any((record.get("options") or {}).values())
            and self._is_usual(schema, tname, record["name"])
        }
        return len(found) == len(records) and found == wanted

    def _foreign_key_of_model(
        self, constraint: ForeignKeyConstraint
    ) -> Optional[Tuple[Any, ...]]:
        """Return what makes a foreign key; None when its options matter."""
        spec = foreign_key_spec(constraint)
        if any(spec[6:]) or constraint.match:
            return None
        return (tuple(spec[2]), self._schema(spec[3]), spec[4], tuple(spec[5]))

    def _schema(self, schema: Optional[str]) -> Optional[str]:
        return None if schema == self._default_schema else schema

    def _is_usual(self, schema: Optional[str], tname: str, name: Optional[str]) -> bool:
        return self._dialect.name != "postgresql" or (
            postgresql.constraint_options(self._inspector, schema, tname, name)
            is postgresql.USUAL
        )

    # -- indexes and unique constraints ---------------------------------------

    def _indexes_are_same(
        self, schema: Optional[str], tname: str, table: Table
    ) -> bool:
        try:
            indexes = self._reflector.get_indexes(tname, schema)
            uniques = self._reflector.get_unique_constraints(tname, schema)
        except NotImplementedError:
            return False
        wanted_uniques = [
            constraint
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        ]
        if not (indexes or uniques or wanted_uniques or table.indexes):
            return True
        shapes = self._indexes_of_model(table)
        unique_shapes = self._uniques_of_model(wanted_uniques)
        if shapes is None or unique_shapes is None:
            return False
        named, unnamed = unique_shapes
        for record in uniques:
            if record.get("duplicates_index") in shapes:
                # the same object under two views, of which the model knows the other
                continue
            columns = tuple(sorted(record["column_names"]))
            if not self._is_usual(schema, tname, record["name"]) or options_of(record):
                return False
            if named.pop(record["name"], None) != columns:
                if columns not in unnamed:
                    return False
                unnamed.discard(columns)
        if named or unnamed:
            return False
        known = {record["name"] for record in uniques}
        for record in indexes:
            if record.get("duplicates_constraint"):
                continue
            shape = shapes.pop(record["name"], None)
            if shape is not None:
                if shape != _shape(record):
                    return False
            elif not (
                (record["unique"] and record["name"] in known)
                or self._serves_foreign_key(schema, tname, record)
            ):
                return False
        return not shapes

    def _indexes_of_model(self, table: Table) -> Optional[Dict[str, Any]]:
        """Return the shape of each index by name; None when one is unusual."""
        shapes: Dict[str, Any] = {}
        for index in table.indexes:
            if index.dialect_kwargs:
                return None
            columns = []
            for expression in index.expressions:
                if not isinstance(expression, Column):
                    return None
                columns.append(expression.name)
            shapes[self._name(index)] = (bool(index.unique), columns)
        return shapes

    def _uniques_of_model(
        self, constraints: List[UniqueConstraint]
    ) -> Optional[Tuple[Dict[str, Tuple[str, ...]], Set[Tuple[str, ...]]]]:
        """Return the columns of those with a name, and of those without.

        :return: None when one is unusual.
        """
        named: Dict[str, Tuple[str, ...]] = {}
        unnamed: Set[Tuple[str, ...]] = set()
        for constraint in constraints:
            if (
                constraint.deferrable
                or constraint.initially
                or constraint.dialect_kwargs
            ):
                return None
            columns = tuple(sorted(column.name for column in constraint.columns))
            name = self._name(constraint)
            if name is None:
                unnamed.add(columns)
            else:
                named[name] = columns
        return named, unnamed

    def _name(self, item: Any) -> Any:
        name = item.name
        if name is None or (type(name) is str and len(name) < _SHORT):
            return name
        return final_constraint_name(item, self._dialect)

    def _serves_foreign_key(
        self, schema: Optional[str], tname: str, record: _Record
    ) -> bool:
        return (
            self._dialect.name in mysql.DIALECTS
            and not record["unique"]
            and any(
                mysql.is_index_of_foreign_key(
                    record["name"],
                    record["column_names"],
                    fk["name"],
                    fk["constrained_columns"],
                )
                for fk in self._reflector.get_foreign_keys(tname, schema)
            )
        )


def _shape(record: _Record) -> Any:
    """Return what makes a reflected index; None when it is unusual."""
    if (
        record.get("expressions")
        or record.get("column_sorting")
        or options_of(record)
        or None in record["column_names"]
    ):
        return None
    return (bool(record["unique"]), list(record["column_names"]))
