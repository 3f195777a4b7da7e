"""Carries each operation out: calls on the dialect, or on the batch in its place."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Optional
from typing import TYPE_CHECKING

from sqlalchemy.exc import CompileError
from sqlalchemy.exc import UnsupportedCompilationError
from sqlalchemy.schema import Column
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import PrimaryKeyConstraint

from alembic.sqla import connections
from alembic.sqla import constraints
from alembic.sqla import names
from alembic.sqla.elements import ddl_has_conditions
from alembic.sqla.expressions import open_parameter
from alembic.util.messaging import warn

from . import arguments
from . import lookup
from . import ops
from .abstract import OperationsCore

if TYPE_CHECKING:
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Table

_NEED_KIND = ("mysql", "mariadb")
"""Dialects that drop each kind of constraint in words of its own."""

_NEED_TABLE = ("mysql", "mariadb", "mssql")
"""Dialects whose indexes have names within their table only."""


def _given(**kw: Any) -> Dict[str, Any]:
    """Return the options that are set: a dialect need not know those that are not."""
    return {name: value for name, value in kw.items() if value is not None}


def _condition(operations: OperationsCore, operation: Any, name: str) -> Dict[str, Any]:
    """Return ``if_exists`` or ``if_not_exists`` of a table or index, if it was given.

    :raises CommandError: when this SQLAlchemy cannot write it.
    """
    found = _given(**{name: getattr(operation, name)})
    if found.get(name) and not ddl_has_conditions:
        raise arguments.misuse(
            operation,
            f"{name} needs SQLAlchemy 1.4",
            "ask sqlalchemy.inspect(op.get_bind()) instead",
            operations.word,
        )
    return found if ddl_has_conditions else {}


@OperationsCore.implementation_for(ops.CreateTableOp)
def create_table(operations: OperationsCore, operation: ops.CreateTableOp) -> Table:
    """Create a table and return it."""
    table = operation.to_table(operations.migration_context)
    operations.impl.create_table(
        table, **_condition(operations, operation, "if_not_exists")
    )
    return table


@OperationsCore.implementation_for(ops.DropTableOp)
def drop_table(operations: OperationsCore, operation: ops.DropTableOp) -> None:
    """Drop a table."""
    operations.impl.drop_table(
        operation.to_table(operations.migration_context),
        **_condition(operations, operation, "if_exists"),
    )


@OperationsCore.implementation_for(ops.RenameTableOp)
def rename_table(operations: OperationsCore, operation: ops.RenameTableOp) -> None:
    """Rename a table."""
    operations.impl.rename_table(
        operation.table_name, operation.new_table_name, schema=operation.schema
    )


@OperationsCore.implementation_for(ops.CreateTableCommentOp)
def create_table_comment(
    operations: OperationsCore, operation: ops.CreateTableCommentOp
) -> None:
    """Set the comment of a table; to set none is to drop it."""
    table = operation.to_table(operations.migration_context)
    if operation.comment is None:
        operations.impl.drop_table_comment(table)
    else:
        operations.impl.create_table_comment(table)


@OperationsCore.implementation_for(ops.DropTableCommentOp)
def drop_table_comment(
    operations: OperationsCore, operation: ops.DropTableCommentOp
) -> None:
    """Take the comment of a table away."""
    table = operation.to_table(operations.migration_context)
    operations.impl.drop_table_comment(table)


@OperationsCore.implementation_for(ops.AddColumnOp)
def add_column(operations: OperationsCore, operation: ops.AddColumnOp) -> None:
    """Add a column; then its constraints, indexes and comment."""
    impl = operations.impl
    table = operations.schema_obj.table(
        operation.table_name, operation.column, schema=operation.schema
    )
    # a foreign key to the table itself brings another column along
    column = table.columns[operation.column.key]
    if operation.if_not_exists and _is_there(operations, operation):
        # so are its constraints and indexes, and not each has such a condition
        return
    impl.add_column(
        operation.table_name,
        column,
        schema=operation.schema,
        **_given(
            if_not_exists=operation.if_not_exists,
            inline_references=operation.inline_references,
            inline_primary_key=operation.inline_primary_key,
        ),
        **operation.kw,
    )
    context = operations.migration_context
    # online, the column was not there a moment ago
    guard = _given(if_not_exists=operation.if_not_exists) if context.as_sql else {}
    # neither a batch nor a dialect from outside takes it for all of them
    guards = guard if impl is context.impl and context.impl.guards else {}
    for constraint in constraints.in_creation_order(table.constraints):
        if isinstance(constraint, PrimaryKeyConstraint):
            continue
        if operation.inline_references and isinstance(constraint, ForeignKeyConstraint):
            continue
        impl.add_constraint(constraint, **guards)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        impl.create_index(index, **(guard if ddl_has_conditions else {}))
    dialect = impl.dialect
    if column.comment and dialect.supports_comments and not dialect.inline_comments:
        impl.create_column_comment(column, **guards)


def _is_there(operations: OperationsCore, operation: ops.AddColumnOp) -> bool:
    """Tell whether the database has a column already, as far as it can be asked."""
    context, table, schema = (
        operations.migration_context,
        operation.table_name,
        operation.schema,
    )
    if context.as_sql:
        return False
    connection: Any = context.connection
    name = str(operation.column.name)
    return bool(
        context.impl.answers(
            f"is there a column {schema}.{table}.{name}",
            lambda: connections.has_column(connection, table, name, schema),
        )
    )


@OperationsCore.implementation_for(ops.DropColumnOp)
def drop_column(operations: OperationsCore, operation: ops.DropColumnOp) -> None:
    """Drop a column."""
    operations.impl.drop_column(
        operation.table_name,
        operation.to_column(operations.migration_context),
        schema=operation.schema,
        **_given(if_exists=operation.if_exists),
        **operation.kw,
    )


@OperationsCore.implementation_for(ops.AlterColumnOp)
def alter_column(operations: OperationsCore, operation: ops.AlterColumnOp) -> None:
    """Change a column, and the constraint that came with its type."""
    impl = operations.impl
    old_type, new_type = operation.existing_type, operation.modify_type
    if old_type is not None and new_type is not None:
        for constraint in _implied(operations, operation, None, old_type):
            _drop_implied(operations, operation, constraint)
    impl.alter_column(
        operation.table_name,
        operation.column_name,
        nullable=operation.modify_nullable,
        server_default=operation.modify_server_default,
        name=operation.modify_name,
        type_=new_type,
        schema=operation.schema,
        existing_type=old_type,
        existing_server_default=operation.existing_server_default,
        existing_nullable=operation.existing_nullable,
        comment=operation.modify_comment,
        existing_comment=operation.existing_comment,
        **operation.kw,
    )
    if new_type is not None:
        for constraint in _implied(
            operations, operation, operation.modify_name, new_type
        ):
            impl.add_constraint(constraint)


def _implied(
    operations: OperationsCore,
    operation: ops.AlterColumnOp,
    name: Optional[str],
    type_: Any,
) -> Any:
    """Return the constraints that the type of a column brings with it."""
    column: Column[Any] = Column(name or operation.column_name, type_)
    table = operations.schema_obj.table(
        operation.table_name, column, schema=operation.schema
    )
    return [
        constraint
        for constraint in constraints.in_creation_order(table.constraints)
        if not isinstance(constraint, PrimaryKeyConstraint)
        and constraints.is_written_by(constraint, operations.impl)
    ]


def _drop_implied(
    operations: OperationsCore, operation: ops.AlterColumnOp, constraint: Constraint
) -> None:
    try:
        operations.impl.drop_constraint(constraint)
    except CompileError as error:
        # it has no name, and only a name can be dropped
        raise arguments.misuse(
            operation,
            f"the CHECK constraint of existing_type of column "
            f"{operation.column_name!r} has no name",
            "give the type the name that the constraint has, or "
            "create_constraint=False",
            operations.word,
        ) from error


@OperationsCore.implementation_for(ops.AddConstraintOp)
def create_constraint(
    operations: OperationsCore, operation: ops.AddConstraintOp
) -> None:
    """Add a constraint of any kind."""
    constraint = operation.to_constraint(operations.migration_context)
    try:
        if operations.impl is not operations.migration_context.impl:
            # a batch would find out later, when nobody knows what was asked
            dialect: Any = operations.migration_context.dialect
            dialect.ddl_compiler(dialect, None).process(constraint)
        operations.impl.add_constraint(constraint)
    except UnsupportedCompilationError as error:
        raise arguments.misuse(
            operation,
            f"{operations.migration_context.dialect.name} has no constraints of this "
            "kind",
            "leave it out where op.get_context().dialect.name tells so",
            operations.word,
        ) from error


@OperationsCore.implementation_for(ops.DropConstraintOp)
def drop_constraint(
    operations: OperationsCore, operation: ops.DropConstraintOp
) -> None:
    """Drop a constraint, which is looked up first where it is not named."""
    constraint: Constraint
    if operation.constraint_name is None:
        constraint = _found_by_columns(operations, operation)
    else:
        kind = operation.constraint_type
        context = operations.migration_context
        if kind is None and context.dialect.name in _NEED_KIND and not context.as_sql:
            kind = lookup.find_kind(operations, operation)
        constraint = operations.schema_obj.generic_constraint(
            operation.constraint_name,
            operation.table_name,
            kind,
            schema=operation.schema,
        )
    operations.impl.drop_constraint(constraint, **_given(if_exists=operation.if_exists))


def _found_by_columns(
    operations: OperationsCore, operation: ops.DropConstraintOp
) -> Constraint:
    """Return the constraint that is meant by its columns.

    Where it has no name even in the database, its columns tell a batch which it is.
    """
    found = lookup.find_by_columns(operations, operation)
    objects = operations.schema_obj
    if found.name is not None:
        return objects.generic_constraint(  # type: ignore[no-any-return]
            names.conv(found.name),
            operation.table_name,
            found.kind,
            schema=operation.schema,
        )
    if found.kind == "foreignkey":
        return objects.foreign_key_constraint(
            None,
            operation.table_name,
            "unknown",
            found.columns,
            found.columns,
            source_schema=operation.schema,
        )
    make = (
        objects.primary_key_constraint
        if found.kind == "primary"
        else objects.unique_constraint
    )
    return make(None, operation.table_name, found.columns, schema=operation.schema)


@OperationsCore.implementation_for(ops.CreateIndexOp)
def create_index(operations: OperationsCore, operation: ops.CreateIndexOp) -> None:
    """Create an index."""
    operations.impl.create_index(
        operation.to_index(operations.migration_context),
        **_condition(operations, operation, "if_not_exists"),
    )


@OperationsCore.implementation_for(ops.DropIndexOp)
def drop_index(operations: OperationsCore, operation: ops.DropIndexOp) -> None:
    """Drop an index."""
    dialect = operations.migration_context.dialect.name
    if operation.table_name is None and dialect in _NEED_TABLE:
        raise arguments.misuse(
            operation,
            f"index {operation.index_name!r} is given without its table, which "
            f"{dialect} needs",
            "give table_name",
        )
    operations.impl.drop_index(
        operation.to_index(operations.migration_context),
        **_condition(operations, operation, "if_exists"),
    )


@OperationsCore.implementation_for(ops.BulkInsertOp)
def bulk_insert(operations: OperationsCore, operation: ops.BulkInsertOp) -> None:
    """Insert rows."""
    rows = _known(operations, operation)
    if operations.migration_context.as_sql and isinstance(rows, list):
        rows = [_with_defaults(operations, operation, row) for row in rows]
    operations.impl.bulk_insert(
        operation.table, rows, multiinsert=operation.multiinsert
    )


def _known(operations: OperationsCore, operation: ops.BulkInsertOp) -> Any:
    """Return the rows without what the table has no column for, which is warned of."""
    rows = operation.rows
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return rows
    names = set().union(*rows)
    unknown = sorted(
        name
        for name in names
        if isinstance(name, str) and name not in operation.table.c
    )
    if not unknown:
        return rows
    warn(
        f"{arguments.describe(operation, operations.word)}: the table given has no "
        f"column {', '.join(map(repr, unknown))}, so the values in the rows are left "
        f"out; add sa.column(...) for it ({arguments.caller()})"
    )
    return [
        {name: value for name, value in row.items() if name not in unknown}
        for row in rows
    ]


def _with_defaults(
    operations: OperationsCore, operation: ops.BulkInsertOp, row: Any
) -> Any:
    """Return a row with the Python defaults that a connection would have added."""
    if not isinstance(row, dict):
        return row
    filled = dict(row)
    for column in operation.table.c:
        default = getattr(column, "default", None)
        if default is None or column.key in filled:
            continue
        if default.is_scalar:
            filled[column.key] = default.arg
        elif default.is_callable:
            try:
                filled[column.key] = default.arg(None)
            except Exception as error:
                raise arguments.misuse(
                    operation,
                    f"the default of column {column.name!r} needs a connection "
                    f"({type(error).__name__}: {error}), and in --sql mode there is "
                    "none",
                    f"give {column.key!r} in every row",
                    operations.word,
                ) from error
    return filled


@OperationsCore.implementation_for(ops.ExecuteSQLOp)
def execute_sql(operations: OperationsCore, operation: ops.ExecuteSQLOp) -> None:
    """Execute a statement; at once, in a batch too."""
    context = operations.migration_context
    unfilled = None if context.as_sql else open_parameter(operation.sqltext)
    if unfilled is not None:
        raise arguments.misuse(
            operation,
            f"text() has a parameter ':{unfilled}' that nothing gives a value",
            f"write text(...).bindparams({unfilled}=...); where a colon is meant, "
            f"write '\\\\:{unfilled}', or give the SQL as a plain string",
            operations.word,
        )
    context.impl.execute(
        operation.sqltext, execution_options=operation.execution_options
    )
