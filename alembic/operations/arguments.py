"""Checks of what a directive was given, worded for the person who wrote it.

A mistake in a revision file is answered here, with the operation, its table and what
to write instead, before SQLAlchemy or the database answer it in their own terms.
"""

from __future__ import annotations

import inspect
import os
from typing import Any
from typing import Callable
from typing import Dict
from typing import Optional
from typing import Tuple
from typing import Type

from sqlalchemy.schema import Column
from sqlalchemy.schema import SchemaItem
from sqlalchemy.schema import Table
from sqlalchemy.types import TypeEngine

from alembic.sqla import expressions
from alembic.util.exc import CommandError

from . import ops

_NAMES: Dict[Type[ops.MigrateOperation], str] = {
    op_class: name for name, op_class in ops.DIRECTIVES.items()
}

_PACKAGE = __name__.partition(".")[0]


def describe(operation: ops.MigrateOperation, word: str = "op") -> str:
    """Return an operation as people write it, such as ``op.add_column() on 't'``.

    :param operation: any operation.
    :param word: what its directive is called on.
    """
    name: Optional[str] = None
    for op_class in type(operation).__mro__:
        name = name or _NAMES.get(op_class)
    called = f"{word}.{name}()" if name else type(operation).__name__
    table = _table_name(operation)
    if not isinstance(table, str):
        return called
    return f"{called} on table {table!r}"


def position() -> Tuple[str, int]:
    """Return file and line of the code outside this package that is running."""
    frame: Any = inspect.currentframe()
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in (_PACKAGE, "contextlib"):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return "unknown file", 0


def caller() -> str:
    """Return the `position` as words for an error."""
    file, line = position()
    return f"{os.path.basename(file)}, line {line}"


def misuse(
    operation: ops.MigrateOperation, found: str, instead: str, word: str = "op"
) -> CommandError:
    """Return the error for a directive that was given something it cannot use.

    :param operation: the operation it made.
    :param found: what is wrong with it.
    :param instead: what to write.
    :param word: what the directive was called on.
    """
    return CommandError(f"{describe(operation, word)}: {found}; {instead} ({caller()})")


def check(operation: ops.MigrateOperation, word: str = "op") -> None:
    """Look at what an operation was made of.

    :param operation: an operation that a directive made.
    :param word: what the directive was called on, ``op`` or ``batch_op``.
    :raises CommandError: when it cannot work.
    """
    _name_of_table(operation, word, _table_name(operation), "the table")
    for attribute in ("table_name", "source_table", "new_table_name"):
        is_optional = isinstance(operation, ops.DropIndexOp)
        if getattr(operation, attribute, "") is None and not is_optional:
            raise misuse(
                operation, f"{attribute} is None", "give the name of the table", word
            )
    for op_class in type(operation).__mro__:
        look = _CHECKS.get(op_class)
        if look is not None:
            look(operation, word)
            return


def _name_of_table(operation: Any, word: str, table: Any, what: str) -> None:
    if table is not None and not isinstance(table, str):
        name = getattr(table, "name", None)
        raise misuse(
            operation,
            f"{what} is given as {_kind(table)}",
            f"give its name, {name!r}" if isinstance(name, str) else "give its name",
            word,
        )


def _table_name(operation: ops.MigrateOperation) -> Any:
    name = getattr(operation, "table_name", None)
    if name is None:
        name = getattr(operation, "source_table", None)
    if name is None:
        name = getattr(getattr(operation, "table", None), "name", None)
    return name


def _kind(thing: Any) -> str:
    """Return a thing and its type, as words of a sentence."""
    if isinstance(thing, (Table, Column)):
        return f"the {type(thing).__name__} object {thing.name!r}"
    text = repr(thing)
    if len(text) > 60:
        text = text[:57] + "..."
    return f"{text} ({type(thing).__name__})"


def _add_column(operation: Any, word: str) -> None:
    column = operation.column
    table = "" if word == "batch_op" else f"{operation.table_name!r}, "
    if not isinstance(column, Column):
        name = column if isinstance(column, str) else "name"
        raise misuse(
            operation,
            f"the column is given as {_kind(column)}",
            f"write {word}.add_column({table}sa.Column({name!r}, sa.Integer()))",
            word,
        )
    if not column.name:
        raise misuse(
            operation,
            "the column has no name",
            f"write {word}.add_column({table}sa.Column('name', ...))",
            word,
        )
    _texts_of_column(operation, word, column)


def _column_name(operation: Any, word: str) -> None:
    name = operation.column_name
    if not isinstance(name, str):
        real = getattr(name, "name", None)
        raise misuse(
            operation,
            f"the column is given as {_kind(name)}",
            f"give its name, {real!r}" if isinstance(real, str) else "give its name",
            word,
        )


def _text(operation: Any, word: str, what: str, value: Any) -> None:
    """Refuse text with a parameter, for which SQLAlchemy would write NULL.

    :param what: what the text is, in words.
    """
    found = expressions.open_parameter(value)
    if found is not None:
        raise misuse(
            operation,
            f"{what} has a parameter ':{found}' that nothing gives a value",
            f"write '\\\\:{found}' where a colon is meant",
            word,
        )


def _texts_of_column(operation: Any, word: str, column: Column[Any]) -> None:
    default: Any = column.server_default
    for attribute, argument in (("arg", "server_default"), ("sqltext", "Computed()")):
        value = getattr(default, attribute, None)
        _text(operation, word, f"{argument} of column {str(column.name)!r}", value)


_MEANT = {
    "type": "type_",
    "new_type": "type_",
    "name": "new_column_name",
    "new_name": "new_column_name",
    "default": "server_default",
    "existing_default": "existing_server_default",
    "null": "nullable",
    "existing_type_": "existing_type",
}
"""Arguments that alter_column() does not have -> those that were meant."""


def _alter_column(operation: Any, word: str) -> None:
    _column_name(operation, word)
    column = operation.column_name
    for given in operation.kw:
        if given in _MEANT:
            raise misuse(
                operation,
                f"there is no argument {given!r} for column {column!r}",
                f"the argument is called {_MEANT[given]!r}",
                word,
            )
    default = operation.modify_server_default
    for value in (default, getattr(default, "sqltext", None)):
        _text(operation, word, f"server_default of column {column!r}", value)
    for argument, type_ in (
        ("type_", operation.modify_type),
        ("existing_type", operation.existing_type),
    ):
        is_type = isinstance(type_, TypeEngine) or (
            isinstance(type_, type) and issubclass(type_, TypeEngine)
        )
        if type_ is not None and not is_type:
            raise misuse(
                operation,
                f"{argument} of column {column!r} is {_kind(type_)}",
                f"give a SQLAlchemy type, such as {argument}=sa.Integer()",
                word,
            )


def _create_table(operation: Any, word: str) -> None:
    seen = set()
    for item in operation.columns:
        if item is None:
            continue
        if isinstance(item, (list, tuple)):
            raise misuse(
                operation,
                "the columns are given as a list",
                f"unpack it: {word}.create_table({operation.table_name!r}, *columns)",
                word,
            )
        if not isinstance(item, SchemaItem):
            raise misuse(
                operation,
                f"{_kind(item)} is neither a column nor a constraint",
                "give sa.Column(...), constraints and indexes",
                word,
            )
        if isinstance(item, Column):
            if item.name in seen:
                raise misuse(
                    operation,
                    f"there are two columns {item.name!r}",
                    "give each a name of its own",
                    word,
                )
            seen.add(item.name)
            _texts_of_column(operation, word, item)


def _columns(operation: Any, word: str) -> None:
    if not operation.columns:
        raise misuse(operation, "it has no columns", "give columns=['name', ...]", word)


def _create_foreign_key(operation: Any, word: str) -> None:
    local, remote = list(operation.local_cols), list(operation.remote_cols)
    if not isinstance(operation.referent_table, str):
        raise misuse(
            operation,
            f"the table referred to is given as {_kind(operation.referent_table)}",
            "give its name as referent_table",
            word,
        )
    if not local or len(local) != len(remote):
        raise misuse(
            operation,
            f"local_cols={local!r} and remote_cols={remote!r} do not pair",
            f"give as many columns of {operation.referent_table!r} as columns that "
            "refer to them",
            word,
        )


def _create_check(operation: Any, word: str) -> None:
    if operation.condition is None:
        raise misuse(
            operation, "it has no condition", "give condition, such as 'x > 5'", word
        )


def _create_exclude(operation: Any, word: str) -> None:
    for element in operation.elements:
        if not isinstance(element, (tuple, list)) or len(element) != 2:
            raise misuse(
                operation,
                f"{_kind(element)} is not a pair",
                "give pairs of a column and an operator, such as ('room', '=')",
                word,
            )


def _rename_table(operation: Any, word: str) -> None:
    _name_of_table(operation, word, operation.new_table_name, "new_table_name")


def _comment(operation: Any, word: str) -> None:
    comment = operation.comment
    if comment is not None and not isinstance(comment, str):
        raise misuse(
            operation,
            f"the comment is given as {_kind(comment)}",
            "give comment as a string, or None for none",
            word,
        )


def _bulk_insert(operation: Any, word: str) -> None:
    table = operation.table
    if not hasattr(table, "c") or not hasattr(table, "insert"):
        name = table if isinstance(table, str) else "name"
        raise misuse(
            operation,
            f"the table is given as {_kind(table)}",
            f"give sa.table({name!r}, sa.column(...)), or what create_table() returned",
            word,
        )


def _drop_index(operation: Any, word: str) -> None:
    if operation.index_name is None and operation._reverse is None:
        raise misuse(operation, "the index has no name", "give index_name", word)


def _execute(operation: Any, word: str) -> None:
    if isinstance(
        operation.sqltext, (type(None), int, float, bytes, list, tuple, dict)
    ):
        raise misuse(
            operation,
            f"there is nothing to execute in {_kind(operation.sqltext)}",
            "give SQL as a string, or a statement such as table.update()",
            word,
        )


_CHECKS: Dict[Type[ops.MigrateOperation], Callable[[Any, str], None]] = {
    ops.AddColumnOp: _add_column,
    ops.AlterColumnOp: _alter_column,
    ops.BulkInsertOp: _bulk_insert,
    ops.CreateCheckConstraintOp: _create_check,
    ops.CreateExcludeConstraintOp: _create_exclude,
    ops.CreateForeignKeyOp: _create_foreign_key,
    ops.CreateIndexOp: _columns,
    ops.CreatePrimaryKeyOp: _columns,
    ops.CreateTableCommentOp: _comment,
    ops.CreateTableOp: _create_table,
    ops.CreateUniqueConstraintOp: _columns,
    ops.DropColumnOp: _column_name,
    ops.DropIndexOp: _drop_index,
    ops.ExecuteSQLOp: _execute,
    ops.RenameTableOp: _rename_table,
}
