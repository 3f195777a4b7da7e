"""Whether the views and triggers around a table still work after it has changed."""

from __future__ import annotations

import itertools
from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import exc as sqlalchemy_exc

from ....ddl.sqlite_foreign_keys import prefix
from ....ddl.sqlite_foreign_keys import quote
from ....ddl.sqlite_foreign_keys import references
from ....sqla.driver import execute_as_is
from ....util.exc import CommandError
from .schema_objects import trigger_columns
from .schema_objects import trigger_event
from .tokens import same_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from .schema_objects import SchemaObject
    from .schema_objects import TableState


_numbers = itertools.count(1)


class Compiled:
    """The views and triggers that lean on a table and that work.

    SQLite compiles a view when it is read and a trigger when it would fire. EXPLAIN
    has it do so without reading or firing anything.

    :param connection: a connection to SQLite.
    :param state: the table, before it is changed.
    """

    def __init__(self, connection: Connection, state: TableState) -> None:
        self.connection = connection
        self.state = state
        leaning = state.leaning_views() + state.leaning_triggers()
        leaning += [(False, trigger) for trigger in state.triggers]
        self.working: List[Tuple[bool, SchemaObject]] = [
            entry for entry in leaning if self.objection(*entry) is None
        ]

    def objection(self, temporary: bool, found: SchemaObject) -> Optional[str]:
        """Return what SQLite objects to in a view or trigger, or None."""
        schema = prefix(self.connection, "temp" if temporary else self.state.schema)
        if found.type == "view":
            statement = f"SELECT * FROM {schema}{quote(self.connection, found.name)}"
        else:
            target = self._target(found, temporary)
            statement = self._firing_statement(found, target)
        # the driver keeps compiled statements by their text; an old one would say
        # what was right before the change
        question = f"EXPLAIN {statement} -- {next(_numbers)}"
        try:
            execute_as_is(self.connection, question)
        except sqlalchemy_exc.DBAPIError as error:
            return str(error.orig)
        return None

    def _target(self, trigger: SchemaObject, temporary: bool) -> str:
        # the table of a temporary trigger may be a temporary one or not
        schema = "" if temporary else prefix(self.connection, self.state.schema)
        return schema + quote(self.connection, trigger.table)

    def _firing_statement(self, trigger: SchemaObject, target: str) -> str:
        event = trigger_event(trigger.sql or "")
        if event == "INSERT":
            return f"INSERT INTO {target} DEFAULT VALUES"
        if event == "DELETE":
            return f"DELETE FROM {target}"
        columns = self._plain_columns(trigger.table)
        changes = ", ".join(f"{column} = {column}" for column in columns)
        return f"UPDATE {target} SET {changes}"

    def _plain_columns(self, table: str) -> List[str]:
        name = quote(self.connection, table)
        rows: Any = execute_as_is(
            self.connection,
            f"PRAGMA {prefix(self.connection, self.state.schema)}table_info({name})",
        ).fetchall()
        return [quote(self.connection, row[1]) for row in rows]


def refuse_broken(before: Compiled, table: str) -> None:
    """Refuse a change after which a view or trigger works no longer.

    :param before: what worked before the change.
    :param table: the name of the table that was changed.
    :raises CommandError: names each of them, and what is wrong with it.
    """
    reasons: Dict[str, str] = {}
    for temporary, found in before.working:
        objection = before.objection(temporary, found)
        if objection is not None:
            reasons[f"{found.type} {found.name!r}"] = objection
    if reasons:
        listed = ", ".join(f"{name} ({reason})" for name, reason in reasons.items())
        raise CommandError(
            f"Changing table {table!r} would break {listed}; drop it before the batch "
            "with op.execute(), and make it again afterwards as it shall be. Nothing "
            "was changed"
        )


def refuse_blind_drops(
    connection: Connection, state: TableState, columns: Sequence[str]
) -> None:
    """Refuse to drop columns that something uses where SQLite would not notice.

    The head of a trigger may name columns that are not there, a name in double quotes
    becomes a string, and a foreign key is looked at when rows change.

    :param connection: a connection to SQLite.
    :param state: the table, before it is changed.
    :param columns: the columns to be dropped.
    :raises CommandError: names the users.
    """
    leaning = state.leaning_views() + state.leaning_triggers()
    around = state.triggers + [found for _, found in leaning]
    for column in columns:
        users = [
            f"{other.type} {other.name!r}"
            for other in around
            if other.reads_as_column_or_text(column)
            or (
                other in state.triggers
                and any(same_name(c, column) for c in trigger_columns(other.sql or ""))
            )
        ]
        users += [
            f"a foreign key of table {reference.child!r}"
            for reference in references(connection, state.name, state.schema)
            if not same_name(reference.child, state.name)
            and any(same_name(name or "", column) for name in reference.parent_columns)
        ]
        if users:
            raise CommandError(
                f"Can't drop column {column!r} of table {state.name!r}: it is used by "
                f"{' and '.join(dict.fromkeys(users))}; drop or change that first"
            )
