"""Data: execute statements, insert rows."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import TYPE_CHECKING
from typing import Union

from .. import ops
from ..abstract import OperationsCore

if TYPE_CHECKING:
    from sqlalchemy.schema import Table
    from sqlalchemy.sql.expression import Executable
    from sqlalchemy.sql.expression import TableClause


class ExecuteDirective(OperationsCore):
    """What can be said in plain SQL, on ``op`` and in a batch alike."""

    def execute(
        self,
        sqltext: Union[Executable, str],
        *,
        execution_options: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Execute a statement.

        :param sqltext: SQL as a string, or a construct of SQLAlchemy: ``text()``,
            ``insert()``, ``update()``, DDL. In a string a colon is just a colon; for
            bind parameters use ``text()`` and its ``bindparams()``.
        :param execution_options: options of this one execution.

        Rows that the statement returns are lost; to read, use `get_bind`. In
        ``--sql`` mode the statement is written down, its values as literals.

        Example::

            op.execute("UPDATE account SET name = lower(name)")

            account = sa.table("account", sa.column("name"))
            op.execute(
                account.update().values(name=op.inline_literal("anonymous"))
            )
        """
        self._run(ops.ExecuteSQLOp, sqltext, execution_options=execution_options)


class DataDirectives(ExecuteDirective):
    """What can be done with the rows of tables."""

    def bulk_insert(
        self,
        table: Union[Table, TableClause],
        rows: List[Dict[str, Any]],
        *,
        multiinsert: bool = True,
    ) -> None:
        """Insert rows into a table.

        :param table: the table: what `create_table` returned, or ``sa.table()`` with
            the columns that the rows name, typed where their values need it.
        :param rows: the rows, as dictionaries.
        :param multiinsert: one execution for all rows. False makes one for each, so
            that rows may have different keys and hold SQL expressions such as
            `inline_literal`.
        :raises TypeError: when ``rows`` is not a list of dictionaries.

        In ``--sql`` mode there is one INSERT for each row, its values as literals.

        Example::

            import datetime

            account = sa.table(
                "account", sa.column("name", sa.String), sa.column("born", sa.Date)
            )
            op.bulk_insert(
                account,
                [
                    {"name": "ann", "born": datetime.date(1990, 1, 2)},
                    {"name": "bob", "born": datetime.date(1991, 3, 4)},
                ],
            )
        """
        self._run(ops.BulkInsertOp, table, rows, multiinsert=multiinsert)
