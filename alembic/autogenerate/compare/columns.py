"""Columns of a table that both sides have: added, changed, removed."""

from __future__ import annotations

import contextlib
import logging
from typing import Any
from typing import Dict
from typing import Iterator
from typing import Optional
from typing import TYPE_CHECKING

from alembic.operations.ops.columns import AddColumnOp
from alembic.operations.ops.columns import AlterColumnOp
from alembic.operations.ops.columns import DropColumnOp
from alembic.sqla.defaults import is_computed

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import Table

    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.operations.ops.containers import ModifyTableOps

log = logging.getLogger("alembic.autogenerate.compare.tables")


def takes_part(
    autogen_context: AutogenContext,
    schema: Optional[str],
    tname: str,
    conn_col: Column[Any],
) -> bool:
    """Tell whether filters let a column be dropped that only the database has.

    :param autogen_context: has the filters.
    :param schema: the schema of the table.
    :param tname: the name of the table.
    :param conn_col: the reflected column.
    """
    return autogen_context.run_name_filters(
        conn_col.name, "column", {"table_name": tname, "schema_name": schema}
    ) and autogen_context.run_object_filters(
        conn_col, conn_col.name, "column", True, None
    )


def columns_of_model(table: Table) -> Dict[str, Column[Any]]:
    """Return the columns that a table of the model gets, by name.

    :param table: the table. Those that every table has, such as ``xmin`` of
        PostgreSQL, are ``system`` columns in it: nobody creates or reflects them.
    """
    return {column.name: column for column in table.columns if not column.system}


@contextlib.contextmanager
def _compare_columns(
    schema: Optional[str],
    tname: str,
    conn_table: Table,
    metadata_table: Table,
    modify_table_ops: ModifyTableOps,
    autogen_context: AutogenContext,
    inspector: Inspector,
) -> Iterator[None]:
    """Add the operations on columns around those of the block.

    Columns are added and changed before the block, so that what it does with indexes
    and constraints finds them, and removed after it.
    """
    qualified = f"{schema}.{tname}" if schema else tname
    found: Dict[str, Column[Any]] = {
        column.name: column
        for column in conn_table.columns
        if autogen_context.run_name_filters(
            column.name, "column", {"table_name": tname, "schema_name": schema}
        )
    }
    wanted = columns_of_model(metadata_table)

    added = [column for name, column in wanted.items() if name not in found]
    # what a column is computed from has to be there before it
    added.sort(key=lambda column: is_computed(column.server_default))
    for column in added:
        if autogen_context.run_object_filters(
            column, column.name, "column", False, None
        ):
            modify_table_ops.ops.append(
                AddColumnOp.from_column_and_tablename(schema, tname, column)
            )
            log.info("Detected added column '%s.%s'", qualified, column.name)

    compare = autogen_context.comparators.dispatch(
        "column", qualifier=autogen_context.dialect.name
    )
    for name, column in wanted.items():
        conn_col = found.get(name)
        if conn_col is None or not autogen_context.run_object_filters(
            column, name, "column", False, conn_col
        ):
            continue
        alter_column_op = AlterColumnOp(
            tname,
            name,
            schema=schema,
            existing_type=conn_col.type,
            existing_nullable=conn_col.nullable,
        )
        compare(autogen_context, alter_column_op, schema, tname, name, conn_col, column)
        if alter_column_op.has_changes():
            modify_table_ops.ops.append(alter_column_op)

    yield

    # the last one first: reversed, this brings them back in their order, and what is
    # computed goes before what it is computed from
    gone = {
        op.column_name for op in modify_table_ops.ops if isinstance(op, DropColumnOp)
    }
    for name in reversed([name for name in found if name not in wanted]):
        if name in gone:
            continue
        if autogen_context.run_object_filters(found[name], name, "column", True, None):
            modify_table_ops.ops.append(
                DropColumnOp.from_column_and_tablename(schema, tname, found[name])
            )
            log.info("Detected removed column '%s.%s'", qualified, name)
