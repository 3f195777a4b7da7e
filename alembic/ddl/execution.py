"""Runs the statements of schema changes, or writes them to a script."""

from __future__ import annotations

import re
from typing import Any
from typing import Callable
from typing import cast
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TextIO
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import Table

from ..sqla import connections
from ..sqla import driver
from ..sqla import expressions
from ..sqla.elements import as_translated
from ..sqla.elements import is_ddl
from ..sqla.elements import plain_insert
from ..sqla.scripts import script_dialect
from ..sqla.scripts import sql_for_script
from ..util.exc import CommandError
from ..util.sequences import EMPTY_DICT
from . import conditions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import CursorResult
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql import Executable
    from sqlalchemy.sql.selectable import TableClause


_INDENT = re.compile(r"^\t+", re.MULTILINE)


class Execution:
    """Runs statements on a connection, or writes them to a script.

    What a `DefaultImpl` is made with is told there.
    """

    dialect: Dialect
    connection: Optional[Connection]
    as_sql: bool
    literal_binds: bool
    output_buffer: Optional[TextIO]
    memo: Dict[Any, Any]

    command_terminator: str = ";"
    """What ends a statement in a script."""

    schema_translate_map: Mapping[Any, Any] = EMPTY_DICT
    """The schemas that a script has in place of those that revisions name."""

    writes_transaction: bool = False
    """Is a transaction open in the script that is being written?"""

    unconditional: Tuple[type, ...] = ()
    """Statements in which the database reads no IF EXISTS or IF NOT EXISTS."""

    answers: Callable[[str, Callable[[], Any]], Any] = staticmethod(
        lambda key, ask: ask()
    )
    """Asks the database what a statement needs to know; the migration context sets it.

    Called with what is asked, and with a function that asks and whose answer is JSON.
    When a revision is continued, the answer may be the one of the first time.
    """

    def static_output(self, text: str) -> None:
        """Write a piece of text, and an empty line, to the output buffer."""
        buffer = cast(TextIO, self.output_buffer)
        buffer.write(text + "\n\n")
        buffer.flush()

    def _exec(
        self,
        construct: Union[Executable, str],
        execution_options: Optional[Mapping[str, Any]] = None,
        multiparams: Optional[Sequence[Mapping[str, Any]]] = None,
        params: Mapping[str, Any] = EMPTY_DICT,
    ) -> Optional[CursorResult[Any]]:
        """Run a statement, or write it: every change goes through here.

        :param construct: a statement. A string is SQL as it is; a colon in it begins
            no parameter.
        :param execution_options: options of this execution.
        :param multiparams: a set of parameters for each of several executions.
        :param params: the parameters of one execution.
        :return: the result; None when the statement is only written.
        """
        if isinstance(construct, str):
            construct = expressions.literal_text(construct)
        if isinstance(construct, self.unconditional) and (
            conditions.condition_of(construct)
        ):
            self._exec_conditional(construct)
            return None
        if self.as_sql:
            if multiparams is not None or params:
                raise TypeError("SQL parameters not allowed with as_sql")
            self._write(construct)
            return None
        connection = self.connection
        assert connection is not None
        return cast(
            "CursorResult[Any]",
            connections.execute(
                connection,
                construct,
                multiparams if multiparams is not None else dict(params) or None,
                execution_options,
            ),
        )

    def _exec_conditional(self, construct: Any) -> None:
        """Run a statement if its condition, which is not among its words, is met.

        :param construct: a statement of `unconditional`.
        :raises CommandError: in a script, which cannot look.
        """
        live = self._live
        condition = conditions.condition_of(construct)
        target = conditions.target_of(construct, self.dialect)
        if live is None:
            raise CommandError(
                f"{self.dialect.name} has no {condition} for a {target.kind}, and in "
                f"--sql mode there is no database to look for {target.name!r} in; "
                f"leave {condition} out"
            )
        is_there = self.answers(
            f"is there {target.kind} {target.schema}.{target.table}.{target.name}",
            lambda: conditions.is_there(live, target),
        )
        if bool(is_there) == (condition == "if_exists"):
            self._exec(conditions.without_condition(construct))

    def _write(self, construct: Executable) -> None:
        """Write a statement to the output buffer, with its terminator."""
        text = sql_for_script(construct, self._script_dialect, self.literal_binds)
        if is_ddl(construct):
            text = _INDENT.sub(lambda tabs: "    " * len(tabs.group()), text)
        text = text.strip()
        if not (self.command_terminator and text.endswith(self.command_terminator)):
            text += self.command_terminator
        self.static_output(text)

    @property
    def _script_dialect(self) -> Dialect:
        """The dialect as it writes for a script rather than for a driver."""
        found = self.memo.get("script_dialect")
        if found is None:
            found = self.memo["script_dialect"] = script_dialect(
                self.dialect, self.schema_translate_map
            )
        return cast("Dialect", found)

    @property
    def _live(self) -> Optional[Connection]:
        """The connection when it may be asked questions, else None."""
        return None if self.as_sql else self.connection

    def execute(
        self,
        sql: Union[Executable, str],
        execution_options: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Run SQL of the user's.

        :param sql: a string, which is sent as it is, or a statement.
        :param execution_options: options of this execution.
        """
        self._exec(sql, execution_options)

    def emit_begin(self) -> None:
        """Write the beginning of a transaction to the script."""
        self.writes_transaction = True
        self.static_output(f"BEGIN{self.command_terminator}")

    def emit_commit(self) -> None:
        """Write the end of a transaction to the script."""
        self.writes_transaction = False
        self.static_output(f"COMMIT{self.command_terminator}")

    # -- rows -----------------------------------------------------------------

    def bulk_insert(
        self,
        table: Union[TableClause, Table],
        rows: List[Dict[str, Any]],
        multiinsert: bool = True,
    ) -> None:
        """Insert rows.

        :param table: the table.
        :param rows: a dictionary for each row.
        :param multiinsert: hand all rows to the driver at once; false to execute one
            INSERT a row, which is done in any case for rows that hold SQL expressions.
        :raises TypeError: when ``rows`` is not a list of dictionaries.
        """
        if not isinstance(rows, list):
            raise TypeError("List expected")
        if rows and not isinstance(rows[0], dict):
            raise TypeError("List of dictionaries expected")
        if driver.translates_schemas(self._live):
            table = as_translated(table)
        if self.as_sql:
            for row in rows:
                self._exec(plain_insert(table).values(self._literal_row(table, row)))
        elif rows and multiinsert and not _hold_expressions(rows):
            self._exec(plain_insert(table), multiparams=rows)
        else:
            for row in rows:
                self._exec(plain_insert(table).values(row))

    def _literal_row(
        self, table: Union[TableClause, Table], row: Mapping[str, Any]
    ) -> Dict[str, Any]:
        """Return a row whose values will be written into the SQL as literals."""
        columns: Any = table.c
        return {
            key: (
                value
                if isinstance(value, expressions.LiteralBindParameter)
                or hasattr(value, "__clause_element__")
                or expressions.is_clause(value)
                else expressions.LiteralBindParameter(
                    key, value, type_=columns[key].type, unique=True
                )
            )
            for key, value in row.items()
        }


def _hold_expressions(rows: List[Dict[str, Any]]) -> bool:
    """Tell whether any value of some rows is SQL, which no parameter can carry."""
    return any(
        expressions.is_clause(value) or hasattr(value, "__clause_element__")
        for row in rows
        for value in row.values()
    )
