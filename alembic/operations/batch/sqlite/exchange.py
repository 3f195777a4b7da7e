"""A new version of a table put in the place of the old one, nothing around it lost.

The order is the one that SQLite's documentation gives for changes that ALTER TABLE
cannot make: make the new table under another name, copy, drop the old one, rename,
make its indexes and triggers again, check the foreign keys.

Where foreign keys are enforced and stay so, because a transaction is open, dropping a
table deletes its rows first and with them, by ON DELETE CASCADE, those of other
tables. The old table is then given another name in ``sqlite_master`` itself, which
takes no reference with it; under that name nobody refers to it and it can be dropped.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import exc as sqlalchemy_exc
from sqlalchemy import text

from ....ddl import sqlite_foreign_keys
from ....ddl.sqlite_foreign_keys import prefix
from ....ddl.sqlite_foreign_keys import quote
from ....sqla.driver import execute_as_is
from ....util.exc import CommandError
from .dependents import Compiled
from .dependents import refuse_broken
from .reader import parse_table
from .tokens import fold

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from .schema_objects import SchemaObject
    from .schema_objects import TableState
    from .transaction import ForeignKeys

_OLD_NAME = "_alembic_old_{}"


class Exchange:
    """Replaces one table.

    :param connection: a connection to SQLite, inside `all_or_nothing()`.
    :param state: the table as it is.
    :param temporary_name: the name of the new version while it is made.
    :param foreign_keys: how things stand with foreign keys.
    """

    def __init__(
        self,
        connection: Connection,
        state: TableState,
        temporary_name: str,
        foreign_keys: ForeignKeys,
    ) -> None:
        self.connection = connection
        self.state = state
        self.temporary_name = temporary_name
        self.foreign_keys = foreign_keys
        self._prefix = prefix(connection, state.schema)
        self.table = self._prefix + quote(connection, state.name)
        self.temporary = self._prefix + quote(connection, temporary_name)

    def run(
        self,
        create: Callable[[], Any],
        copy: Callable[[], Any],
        make_indexes: Callable[[], Any],
    ) -> None:
        """Replace the table.

        :param create: makes the new version, under its temporary name.
        :param copy: fills it from the old one.
        :param make_indexes: makes the indexes, when the new version has its name.
        :raises CommandError: when a view or trigger would no longer work, or rows
            would break a foreign key.
        """
        leaning = Compiled(self.connection, self.state)
        sequence = self._sequence()
        statistics = self._statistics()
        with self._violations_deferred():
            create()
            self._refuse_mismatch(copy)
            # under the new table's name, where its rows have been counted
            self._check_foreign_keys([self.temporary_name])
        self._remove_old()
        with self._references_untouched():
            self._run(
                f"ALTER TABLE {self.temporary} RENAME TO "
                f"{quote(self.connection, self.state.name)}"
            )
        self._restore_sequence(sequence)
        make_indexes()
        self._refuse_lost_keys()
        self._check_foreign_keys(self._children())
        self._make_triggers()
        refuse_broken(leaning, self.state.name)
        self._restore_statistics(statistics)

    def _run(self, statement: str) -> Any:
        return execute_as_is(self.connection, statement)

    def _pragma(self, name: str) -> int:
        row = self._run(f"PRAGMA {name}").fetchone()
        return int(row[0]) if row else 0

    # foreign keys

    def _children(self) -> List[str]:
        """Return the tables that refer to this one, perhaps itself among them."""
        found = sqlite_foreign_keys.references(
            self.connection, self.state.name, self.state.schema
        )
        return list(dict.fromkeys(reference.child for reference in found))

    def _check_foreign_keys(self, tables: Sequence[str]) -> None:
        if self.foreign_keys.enforced:
            try:
                sqlite_foreign_keys.require_no_violations(
                    self.connection,
                    tables,
                    self.state.schema,
                    f"Changing table {self.state.name!r}",
                )
            except CommandError as error:
                raise CommandError(
                    str(error).replace(self.temporary_name, self.state.name)
                ) from error.__cause__

    def _refuse_mismatch(self, copy: Callable[[], Any]) -> None:
        """Copy, and say it well when a new foreign key refers to what is no key."""
        try:
            copy()
        except sqlalchemy_exc.DBAPIError as error:
            problem = str(error.orig).replace(self.temporary_name, self.state.name)
            if "foreign key mismatch" not in problem:
                raise
            raise CommandError(
                f"A foreign key of table {self.state.name!r} does not refer to a "
                f"primary key or unique columns ({problem}). Nothing was changed"
            ) from error

    @contextmanager
    def _violations_deferred(self) -> Iterator[None]:
        """Let rows in that break a foreign key, so that a check can name them all."""
        if not self.foreign_keys.enforced or self.foreign_keys.suspended:
            yield
            return
        before = self._pragma("defer_foreign_keys")
        self._run("PRAGMA defer_foreign_keys=ON")
        try:
            yield
        finally:
            self._run(f"PRAGMA defer_foreign_keys={before}")

    def _refuse_lost_keys(self) -> None:
        """Refuse when a foreign key refers to a column that is there no more."""
        name = quote(self.connection, self.state.name)
        rows = self._run(f"PRAGMA {self._prefix}table_info({name})").fetchall()
        columns = {fold(row[1]) for row in rows}
        for reference in sqlite_foreign_keys.references(
            self.connection, self.state.name, self.state.schema
        ):
            for column in reference.parent_columns:
                if column is not None and fold(column) not in columns:
                    raise CommandError(
                        f"Changing table {self.state.name!r} would take column "
                        f"{column!r} away, to which a foreign key of table "
                        f"{reference.child!r} refers; change that one first. Nothing "
                        "was changed"
                    )

    # the old table

    def _remove_old(self) -> None:
        unsafe = self.foreign_keys.enforced and not self.foreign_keys.suspended
        if unsafe and sqlite_foreign_keys.references(
            self.connection, self.state.name, self.state.schema
        ):
            name = self._free_name()
            self._take_name_away(name)
            self._run(f"DROP TABLE {self._prefix}{quote(self.connection, name)}")
            self._check_gone()
        else:
            self._run(f"DROP TABLE {self.table}")

    def _free_name(self) -> str:
        """Return a name for the old table that no other table has."""
        taken = {fold(other.name) for other in self.state.others}
        name = _OLD_NAME.format(self.state.name)
        while fold(name) in taken:
            name += "_"
        return name

    def _take_name_away(self, name: str) -> None:
        """Give the old table another name that nothing refers to."""
        for other in self.state.triggers:
            self._run(
                f"DROP TRIGGER IF EXISTS {self._prefix}"
                f"{quote(self.connection, other.name)}"
            )
        rows = self._run(
            f"SELECT name FROM {self._prefix}sqlite_master WHERE type = 'index' "
            f"AND sql IS NOT NULL AND tbl_name = {_literal(self.state.name)}"
        ).fetchall()
        for (index,) in rows:
            self._run(f"DROP INDEX {self._prefix}{quote(self.connection, index)}")
        renamed = parse_table(self.state.sql)
        for _, clause in renamed.clauses():
            clause.unqualify(self.state.name)
        automatic = f"sqlite_autoindex_{self.state.name}_"
        self._run("PRAGMA writable_schema=ON")
        try:
            self.connection.execute(
                text(
                    f"UPDATE {self._prefix}sqlite_master SET tbl_name = :name, "
                    "sql = CASE type WHEN 'table' THEN :sql END, "
                    "name = CASE type WHEN 'table' THEN :name "
                    "ELSE :automatic || substr(name, :length) END "
                    "WHERE tbl_name = :old AND type IN ('table', 'index')"
                ),
                {
                    "name": name,
                    "sql": renamed.render(quote(self.connection, name)),
                    "automatic": f"sqlite_autoindex_{name}_",
                    "length": len(automatic) + 1,
                    "old": self.state.name,
                },
            )
        except sqlalchemy_exc.DBAPIError as error:
            raise CommandError(
                f"Table {self.state.name!r} cannot be replaced inside a transaction "
                "while foreign keys are enforced, because this SQLite does not let "
                f"its schema be written ({error.orig}); run the migration with PRAGMA "
                "foreign_keys=OFF, set before the transaction begins"
            ) from error
        finally:
            self._reread_schema()

    def _reread_schema(self) -> None:
        """Have SQLite read ``sqlite_master`` again, and protect it again."""
        version = self._pragma(f"{self._prefix}schema_version")
        self._run(f"PRAGMA {self._prefix}schema_version={version + 1}")
        self._run("PRAGMA writable_schema=OFF")

    def _check_gone(self) -> None:
        """Make sure that the name is free; SQLite would otherwise say so less well."""
        row = self.connection.execute(
            text(
                f"SELECT count(*) FROM {self._prefix}sqlite_master "
                "WHERE type = 'table' AND name = :name"
            ),
            {"name": self.state.name},
        ).fetchone()
        if row is None or row[0]:
            raise CommandError(f"Table {self.state.name!r} could not be replaced")

    @contextmanager
    def _references_untouched(self) -> Iterator[None]:
        """Rename as SQLite did before 3.26: views, triggers and the like stay."""
        before = self._pragma("legacy_alter_table")
        self._run("PRAGMA legacy_alter_table=ON")
        try:
            yield
        finally:
            self._run(f"PRAGMA legacy_alter_table={before}")

    # what hangs on the name of the table

    def _make_triggers(self) -> None:
        for trigger in self.state.triggers:
            self._run(trigger.create_statement(self._prefix))
        for trigger in self.state.temporary:
            if trigger.type == "trigger" and fold(trigger.table) == fold(
                self.state.name
            ):
                self._run(f"DROP TRIGGER IF EXISTS temp.{self._quoted(trigger)}")
                self._run(trigger.create_statement("", temporary=True))

    def _quoted(self, found: SchemaObject) -> str:
        return quote(self.connection, found.name)

    def _has_table(self, name: str) -> bool:
        return any(other.name == name for other in self.state.others)

    def _sequence(self) -> Optional[Any]:
        """Return the row with the highest id ever given, if the table counts upwards.

        A tuple without elements says that it does and has given none yet.
        """
        if not self.state.parse().has_autoincrement:
            return None
        row = self.connection.execute(
            text(f"SELECT seq FROM {self._prefix}sqlite_sequence WHERE name = :name"),
            {"name": self.state.name},
        ).fetchone()
        return () if row is None else row

    def _restore_sequence(self, sequence: Optional[Any]) -> None:
        if sequence is None:
            return
        counter = f"{self._prefix}sqlite_sequence"
        name = {"name": self.state.name}
        self.connection.execute(text(f"DELETE FROM {counter} WHERE name = :name"), name)
        made = self._run(
            f"SELECT sql FROM {self._prefix}sqlite_master WHERE type = 'table' "
            f"AND name = {_literal(self.state.name)}"
        ).fetchone()
        if sequence and parse_table(made[0]).has_autoincrement:
            self.connection.execute(
                text(f"INSERT INTO {counter} (name, seq) VALUES (:name, :seq)"),
                dict(name, seq=sequence[0]),
            )

    def _statistics(self) -> Statistics:
        found: Dict[str, List[Tuple[Any, ...]]] = {}
        for name in ("sqlite_stat1", "sqlite_stat4"):
            if self._has_table(name):
                rows = self.connection.execute(
                    text(f"SELECT * FROM {self._prefix}{name} WHERE tbl = :table"),
                    {"table": self.state.name},
                ).fetchall()
                found[name] = [tuple(row) for row in rows]
        return Statistics(found, self._index_shapes() if found else {})

    def _restore_statistics(self, found: Statistics) -> None:
        shapes = self._index_shapes() if found.rows else {}
        for name, rows in found.rows.items():
            self.connection.execute(
                text(f"DELETE FROM {self._prefix}{name} WHERE tbl = :table"),
                {"table": self.state.name},
            )
            for row in rows:
                # the second column is the index, NULL for the table as a whole
                if row[1] is not None and (
                    row[1] not in shapes or shapes[row[1]] != found.shapes.get(row[1])
                ):
                    continue
                values = {f"v{index}": value for index, value in enumerate(row)}
                marks = ", ".join(f":{key}" for key in values)
                self.connection.execute(
                    text(f"INSERT INTO {self._prefix}{name} VALUES ({marks})"), values
                )

    def _index_shapes(self) -> Dict[str, List[Any]]:
        """Return what the table's indexes sort by, by their names."""
        table = quote(self.connection, self.state.name)
        indexes = self._run(f"PRAGMA {self._prefix}index_list({table})").fetchall()
        found = {}
        for index in indexes:
            name = quote(self.connection, index[1])
            columns = self._run(f"PRAGMA {self._prefix}index_xinfo({name})").fetchall()
            found[index[1]] = [tuple(column[2:]) for column in columns]
        return found


class Statistics(NamedTuple):
    """What ANALYZE has found out about a table."""

    rows: Dict[str, List[Tuple[Any, ...]]]
    """By the name of the table of statistics."""
    shapes: Dict[str, List[Any]]
    """What the indexes sort by, by their names."""


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
