"""Names and values of an operation -> throw-away schema objects that DDL needs.

SQLAlchemy writes DDL for objects that stand in tables, and tables stand in a
MetaData. Each method here makes such a MetaData, used once and forgotten; the
application's own objects are copied, never touched.
"""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import cast
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import Union

from sqlalchemy.exc import NoReferencedColumnError
from sqlalchemy.exc import NoReferencedTableError
from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import Column
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import ForeignKey
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import Index
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import PrimaryKeyConstraint
from sqlalchemy.schema import Table
from sqlalchemy.schema import UniqueConstraint
from sqlalchemy.types import Integer
from sqlalchemy.types import NULLTYPE

from alembic.sqla import constraints
from alembic.sqla import expressions
from alembic.sqla import foreign_keys
from alembic.sqla.names import table_key

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.sql.elements import TextClause
    from sqlalchemy.types import TypeEngine

    from alembic.migration.migration_context import MigrationContext

_K = TypeVar("_K", bound=Constraint)

NO_TABLE = "no_table"
"""Stands for the table of an index that is dropped by its name alone."""


class SchemaObjects:
    """Makes schema objects.

    :param migration_context: the context whose ``target_metadata`` tells the naming
        convention; None for none.
    """

    def __init__(self, migration_context: Optional[MigrationContext] = None) -> None:
        self.migration_context = migration_context

    def metadata(self) -> MetaData:
        """Return an empty MetaData with the application's naming convention.

        Where ``target_metadata`` is a list there is no telling which convention is
        meant, and none is used.
        """
        context = self.migration_context
        if context is not None:
            target = context.opts.get("target_metadata")
            convention = getattr(target, "naming_convention", None)
            if convention is not None:
                return MetaData(naming_convention=convention)
        return MetaData()

    def table(self, name: str, *columns: Any, **kw: Any) -> Table:
        """Return a table.

        :param name: its name.
        :param columns: columns, constraints and indexes. What belongs to a table
            already is copied; None is left out.
        :param kw: further arguments of ``sqlalchemy.Table``.
        """
        included: bool = kw.pop("_constraints_included", False)
        metadata = self.metadata()
        table = Table(name, metadata, *_own_items(columns, included), **kw)
        for item in columns:
            if (
                isinstance(item, Constraint)
                and _belongs_elsewhere(item, table)
                # a type makes its constraint anew for the copy of its column
                and not constraints.is_type_bound(item)
            ):
                table.append_constraint(_copy_constraint(item, table))
        for foreign_key in table.foreign_keys:
            _ensure_table_for_fk(metadata, foreign_key)
        for constraint in table.constraints:
            if isinstance(constraint, CheckConstraint):
                _take_colons_for_colons(constraint)
        return table

    def column(self, name: str, type_: TypeEngine[Any], **kw: Any) -> Column[Any]:
        """Return a column."""
        return Column(name, type_, **kw)

    def primary_key_constraint(
        self,
        name: Optional[str],
        table_name: str,
        cols: Sequence[str],
        schema: Optional[str] = None,
        **dialect_kw: Any,
    ) -> PrimaryKeyConstraint:
        """Return a primary key of a table with the columns named."""
        table = self._table_of_columns(
            table_name, [*cols, *_included(dialect_kw)], schema
        )
        return PrimaryKeyConstraint(
            *[table.c[col] for col in cols], name=name, **dialect_kw
        )

    def foreign_key_constraint(
        self,
        name: Optional[str],
        source: str,
        referent: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        onupdate: Optional[str] = None,
        ondelete: Optional[str] = None,
        deferrable: Optional[bool] = None,
        source_schema: Optional[str] = None,
        referent_schema: Optional[str] = None,
        initially: Optional[str] = None,
        match: Optional[str] = None,
        **dialect_kw: Any,
    ) -> ForeignKeyConstraint:
        """Return a foreign key between two tables, or one table and itself."""
        table = self._table_of_columns(source, local_cols, source_schema)
        if source == referent and source_schema == referent_schema:
            target = table
            for col in remote_cols:
                if col not in table.c:
                    table.append_column(Column(col, NULLTYPE))
        else:
            target = Table(
                referent,
                table.metadata,
                *[Column(col, NULLTYPE) for col in dict.fromkeys(remote_cols)],
                schema=referent_schema,
            )
        constraint = ForeignKeyConstraint(
            [table.c[col] for col in local_cols],
            [target.c[col] for col in remote_cols],
            name=name,
            onupdate=onupdate,
            ondelete=ondelete,
            deferrable=deferrable,
            initially=initially,
            match=match,
            **dialect_kw,
        )
        return _in_table(constraint, table)

    def unique_constraint(
        self,
        name: Optional[str],
        source: str,
        local_cols: Sequence[str],
        schema: Optional[str] = None,
        **kw: Any,
    ) -> UniqueConstraint:
        """Return a unique constraint of a table with the columns named."""
        table = self._table_of_columns(source, [*local_cols, *_included(kw)], schema)
        constraint = UniqueConstraint(
            *[table.c[col] for col in local_cols], name=name, **kw
        )
        return _in_table(constraint, table)

    def check_constraint(
        self,
        name: Optional[str],
        source: str,
        condition: Union[str, TextClause, ColumnElement[Any]],
        schema: Optional[str] = None,
        **kw: Any,
    ) -> CheckConstraint:
        """Return a check constraint of a table."""
        table = Table(source, self.metadata(), Column("x", Integer), schema=schema)
        sql: Any
        if isinstance(condition, str):
            sql = expressions.literal_text(condition)
        else:
            sql = expressions.copy_expression(condition, table)
        constraint = CheckConstraint(sql, name=name, **kw)
        _take_colons_for_colons(constraint)
        return _in_table(constraint, table)

    def generic_constraint(
        self,
        name: Optional[str],
        table_name: str,
        type_: Optional[str],
        schema: Optional[str] = None,
        **kw: Any,
    ) -> Any:
        """Return a constraint of which only name and kind are known, to drop it.

        :param name: its name.
        :param table_name: the name of its table.
        :param type_: its kind, or None where that does not matter.
        :param schema: the schema of the table.
        :param kw: further arguments of the constraint.
        :raises TypeError: when ``type_`` is none of the kinds.
        """
        make = _GENERIC.get(type_)
        if make is None:
            kinds = ", ".join(sorted(repr(kind) for kind in _GENERIC if kind))
            raise TypeError(
                f"'type' can be one of {kinds}, None; constraint {name!r} of table "
                f"{table_name!r} was given type_={type_!r}"
            )
        table = Table(table_name, self.metadata(), schema=schema)
        return _in_table(make(name=name, **kw), table)

    def index(
        self,
        name: Optional[str],
        tablename: Optional[str],
        columns: Sequence[Union[str, TextClause, ColumnElement[Any]]],
        schema: Optional[str] = None,
        **kw: Any,
    ) -> Index:
        """Return an index of a table with the columns named.

        :param name: its name; None leaves it to the naming convention.
        :param tablename: the name of its table; None where it does not matter.
        :param columns: column names, ``text()`` and SQL expressions.
        :param schema: the schema of the table.
        :param kw: further arguments of ``sqlalchemy.Index``.
        """
        table = Table(tablename or NO_TABLE, self.metadata(), schema=schema)
        index = Index(
            name,
            *[expressions.textual_index_column(table, element) for element in columns],
            **{
                key: expressions.without_open_parameters(value)
                for key, value in kw.items()
            },
        )
        if index.table is None:
            # nothing in it is a Column, so it did not find its table by itself
            cast(Any, table).append_constraint(index)
        return index

    def _table_of_columns(
        self, name: str, columns: Sequence[str], schema: Optional[str]
    ) -> Table:
        return Table(
            name,
            self.metadata(),
            *[Column(col, NULLTYPE) for col in dict.fromkeys(columns)],
            schema=schema,
        )


def _included(options: Mapping[str, Any]) -> List[str]:
    """Return the columns that the index of a constraint holds beside its own."""
    return [
        getattr(column, "name", column)
        for key, columns in options.items()
        if key.endswith("_include")
        for column in columns or ()
    ]


def _generic_foreign_key(**kw: Any) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([], [], **kw)


def _generic_check(**kw: Any) -> CheckConstraint:
    return CheckConstraint("", **kw)


_GENERIC: Dict[Optional[str], Callable[..., Any]] = {
    "foreignkey": _generic_foreign_key,
    "primary": PrimaryKeyConstraint,
    "unique": UniqueConstraint,
    "check": _generic_check,
    None: Constraint,
}


def _take_colons_for_colons(constraint: CheckConstraint) -> None:
    any_constraint: Any = constraint
    any_constraint.sqltext = expressions.without_open_parameters(constraint.sqltext)


def _in_table(constraint: _K, table: Table) -> _K:
    """Return the constraint, put into the table where it is not there already."""
    if getattr(constraint, "parent", None) is not table:
        table.append_constraint(constraint)
    return constraint


def _belongs_elsewhere(constraint: Constraint, table: Optional[Table]) -> bool:
    return getattr(constraint, "parent", None) not in (None, table)


def _own_items(items: Sequence[Any], constraints_included: bool) -> List[Any]:
    """Return what can be put into a new table without touching another one.

    :param items: columns, constraints and indexes; constraints of another table are
        left out, since they are copied when the columns are there.
    :param constraints_included: the constraints that columns imply are among them.
    """
    own: List[Any] = []
    spoken_for = {
        tuple(item.column_keys)
        for item in items
        if isinstance(item, ForeignKeyConstraint)
    }
    for item in items:
        if isinstance(item, Column):
            if item.table is not None:
                item = _copy_column(item, constraints_included, spoken_for)
            own.append(item)
        elif item is not None and not (
            isinstance(item, Constraint) and _belongs_elsewhere(item, None)
        ):
            own.append(item)
    return own


def _copy_column(
    column: Column[Any], constraints_included: bool, spoken_for: Any
) -> Column[Any]:
    copy = constraints.copy_item(column)
    if constraints_included:
        copy.unique = copy.index = None
    elif not copy.foreign_keys and (column.key,) not in spoken_for:
        # SQLAlchemy's copy leaves out the keys that have become table constraints
        for foreign_key in column.foreign_keys:
            if len(_elements_of(foreign_key)) == 1:
                cast(Any, copy).append_foreign_key(constraints.copy_item(foreign_key))
    return copy


def _elements_of(foreign_key: ForeignKey) -> Sequence[ForeignKey]:
    constraint = foreign_key.constraint
    return () if constraint is None else constraint.elements


def _copy_constraint(constraint: Constraint, table: Table) -> Constraint:
    copy = constraints.copy_item(constraint, target_table=table)
    if isinstance(constraint, ForeignKeyConstraint):
        for old, new in zip(constraint.elements, cast(Any, copy).elements):
            new.info[_REAL_NAME] = _target_column_name(old)
    return copy


_REAL_NAME = "alembic.target_column_name"
"""Where the copy of a foreign key keeps the name, not key, of its target column."""


def _target_column_name(foreign_key: ForeignKey) -> Optional[str]:
    try:
        return foreign_key.column.name
    except (NoReferencedTableError, NoReferencedColumnError):
        return None


def _ensure_table_for_fk(metadata: MetaData, foreign_key: ForeignKey) -> None:
    """Make a table and column for a foreign key to point to, where missing."""
    if not foreign_keys.target_is_named(foreign_key):
        return
    target = foreign_keys.target_tokens(foreign_key)
    key = target.column_name or foreign_key.parent.key
    table = metadata.tables.get(table_key(target.table_name, target.schema))
    if table is None:
        table = Table(target.table_name, metadata, schema=target.schema)
    if key not in table.c:
        name = foreign_key.info.get(_REAL_NAME) or key
        table.append_column(Column(name, NULLTYPE, key=key))
