"""The version table: the one place that reads, makes and changes it."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import Any
from typing import Dict
from typing import Iterable
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import bindparam
from sqlalchemy import exc as sa_exc
from sqlalchemy import inspect
from sqlalchemy import literal_column
from sqlalchemy.schema import CreateSchema
from typing_extensions import Protocol

from ..sqla import connections
from ..sqla import driver
from ..sqla.elements import plain_insert
from ..sqla.scripts import script_dialect
from ..sqla.scripts import sql_for_script
from ..sqla.snapshots import past_snapshot
from ..sqla.snapshots import snapshot_ignored
from ..util.exc import CommandError

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from ..ddl.impl import DefaultImpl

log = logging.getLogger("alembic.runtime.migration")

# dialects where a schema is a plain container, cheap to make and to remove
_CAN_MAKE_SCHEMA = ("postgresql", "mssql", "cockroachdb")

# stand for versions while the text of a script is made; no table is called so
_FROM = "version before"
_TO = "version after"


class VersionTable:
    """The rows that say where a database stands, one for each head.

    :param table: the table, as ``DefaultImpl.version_table_impl()`` makes it.
    :param impl: the dialect, through which every statement is sent.
    """

    def __init__(self, table: Table, impl: DefaultImpl) -> None:
        self.table = table
        self.impl = impl
        self._statements: Dict[str, Any] = {}

    # -- reading

    def exists(self) -> bool:
        """Tell whether the table is there."""
        if self.impl.as_sql:
            raise CommandError(
                f"Whether table '{self.table.fullname}' exists cannot be told with "
                "--sql, as no database is asked"
            )
        connection = self._connection()
        schema = driver.physical_schema(connection, self.table)
        try:
            return connections.has_table(connection, self.table.name, schema)
        except sa_exc.OperationalError:
            # SQLite before SQLAlchemy 2.0, of a schema that is not attached
            if schema is None or self.impl.dialect.name != "sqlite":
                raise
            return False

    def heads(self, newest: bool = False) -> Tuple[str, ...]:
        """Return the versions in the table, which must exist.

        :param newest: look past the snapshot of the transaction, where there is one.
        """
        select = driver.select_column(self.table.c.version_num)
        if newest:
            select = past_snapshot(select, self.impl.dialect)
        connection = self._connection()
        with snapshot_ignored(connection) if newest else nullcontext():
            rows = connections.execute(connection, select).fetchall()
        return tuple(row[0] for row in rows)

    def _connection(self) -> Any:
        connection = self.impl.connection
        if connection is None:
            raise CommandError(
                f"The versions in table '{self.table.fullname}' cannot be read without "
                "a connection; give one to configure(), or use as_sql=True"
            )
        return connection

    # -- making

    def create(self) -> None:
        """Make the table, and its schema where that is missing."""
        if not self.impl.as_sql:
            self._create_schema()
        self.table.create(self._connection(), checkfirst=False)

    def clear(self) -> None:
        """Remove every row."""
        self._send(self.table.delete())

    def _create_schema(self) -> None:
        connection = self._connection()
        schema = driver.physical_schema(connection, self.table)
        if schema is None or schema in inspect(connection).get_schema_names():
            return
        advice = (
            f"Schema '{schema}', which is to hold the version table "
            f"'{self.table.name}', does not exist"
        )
        if self.impl.dialect.name not in _CAN_MAKE_SCHEMA:
            raise CommandError(
                f"{advice}; create it, or correct version_table_schema in env.py"
            )
        log.info("Creating schema %s for the version table", schema)
        try:
            connections.execute(connection, CreateSchema(schema))
        except sa_exc.DBAPIError as error:
            raise CommandError(
                f"{advice} and cannot be created ({error.orig}); create it, or correct "
                "version_table_schema in env.py"
            ) from error

    # -- changing

    def insert(self, version: str) -> None:
        """Add a row."""
        if self.impl.as_sql:
            insert = (
                # Oracle's RETURNING ... INTO needs a variable that no script has
                plain_insert(self.table)
                if self.impl.dialect.name == "oracle"
                else self.table.insert()
            )
            self._send(insert.values(version_num=_literal(version)))
            return
        if "insert" not in self._statements:
            self._statements["insert"] = plain_insert(self.table).values(
                version_num=bindparam("new_version")
            )
        self._send(self._statements["insert"], new_version=version)

    def update(self, from_: str, to_: str) -> None:
        """Change one row.

        :raises CommandError: when there is not exactly one row for ``from_``.
        """
        column = self.table.c.version_num
        if self.impl.as_sql:
            self.impl.execute(self._update_text(_quoted(from_), _quoted(to_)))
            return
        if "update" not in self._statements:
            self._statements["update"] = (
                self.table.update()
                .where(column == bindparam("old_version"))
                .values(version_num=bindparam("new_version"))
            )
        result = self._send(
            self._statements["update"], old_version=from_, new_version=to_
        )
        self._expect_one_row(result, f"updating '{from_}' to '{to_}'")

    def delete(self, version: str) -> None:
        """Remove one row.

        :raises CommandError: when there is not exactly one row for ``version``.
        """
        column = self.table.c.version_num
        if self.impl.as_sql:
            self._send(self.table.delete().where(column == _literal(version)))
            return
        if "delete" not in self._statements:
            self._statements["delete"] = self.table.delete().where(
                column == bindparam("old_version")
            )
        result = self._send(self._statements["delete"], old_version=version)
        self._expect_one_row(result, f"deleting '{version}'")

    def _update_text(self, from_: str, to_: str) -> str:
        """Return the UPDATE of a script, which is compiled only once for all steps."""
        if "script" not in self._statements:
            statement = (
                self.table.update()
                .where(self.table.c.version_num == _literal(_FROM))
                .values(version_num=_literal(_TO))
            )
            self._statements["script"] = sql_for_script(
                statement,
                script_dialect(self.impl.dialect, self.impl.schema_translate_map),
                False,
            )
        # one replacement at a time would look for _FROM in what stands for _TO
        before, after = self._statements["script"].split(_quoted(_TO))
        return str(to_.join((before, after.replace(_quoted(_FROM), from_))))

    def _send(self, statement: Any, **params: str) -> Any:
        # dialects of others override _exec()
        return self.impl._exec(statement, params=params)  # noqa: SLF001

    def _expect_one_row(self, result: Any, doing: str) -> None:
        if not connections.rows_matched_can_be_trusted(self.impl.dialect):
            return
        if result.rowcount != 1:
            raise CommandError(
                f"Online migration expected to match one row when {doing} in "
                f"'{self.table.name}'; {result.rowcount} found"
            )

    # -- fitting

    def refuse_too_long(self, versions: Iterable[str]) -> None:
        """Raise when an identifier does not fit into the column.

        :raises CommandError: naming the first such identifier and what helps.
        """
        planned = getattr(self.table.c.version_num.type, "length", None)
        if planned is None or self.impl.dialect.name == "sqlite":
            return
        long = [version for version in versions if len(version) > planned]
        if not long:
            return
        room = planned if self.impl.as_sql else self._actual_length(planned)
        for version in long:
            if room is not None and len(version) > room:
                raise CommandError(
                    f"Revision id '{version}' has {len(version)} characters, but "
                    f"{self.table.fullname}.version_num holds {room}; give the "
                    "revision a shorter id or make the column wider"
                )

    def _actual_length(self, planned: int) -> Optional[int]:
        """Ask the database, since the column may have been widened by hand."""
        connection = self._connection()
        if not self.exists():
            return planned
        for column in inspect(connection).get_columns(
            self.table.name, schema=driver.physical_schema(connection, self.table)
        ):
            if column["name"].lower() == "version_num":
                length: Optional[int] = getattr(column["type"], "length", None)
                return length
        return planned


def _quoted(version: str) -> str:
    """Return a version as a literal of SQL."""
    text = version.replace("'", "''")
    return f"'{text}'"


def _literal(version: str) -> Any:
    """Return a version as it is written in a script."""
    return literal_column(_quoted(version))


class _MigratedContext(Protocol):
    """What `HeadMaintainer` asks of a `MigrationContext`."""

    versions: VersionTable


class HeadMaintainer:
    """Keeps the rows of the version table in step with what was run.

    :param context: the `MigrationContext` of the database.
    :param heads: the versions that are in the table now.
    """

    def __init__(self, context: _MigratedContext, heads: Iterable[str]) -> None:
        self.context = context
        self.heads: Set[str] = set(heads)

    def _insert_version(self, version: str) -> None:
        if version in self.heads:
            raise CommandError(
                f"Version '{version}' is already in "
                f"'{self.context.versions.table.name}'; see 'alembic current'"
            )
        self.context.versions.insert(version)
        self.heads.add(version)

    def _delete_version(self, version: str) -> None:
        self.context.versions.delete(version)
        self.heads.discard(version)

    def _update_version(self, from_: str, to_: str) -> None:
        if to_ in self.heads:
            raise CommandError(
                f"Version '{to_}' is already in "
                f"'{self.context.versions.table.name}'; see 'alembic current'"
            )
        self.context.versions.update(from_, to_)
        self.heads.discard(from_)
        self.heads.add(to_)

    def update_to_step(self, step: Any) -> None:
        """Write down that a step was run.

        :param step: a `RevisionStep` or `StampStep`.
        :raises CommandError: when the table does not hold what it should.
        """
        heads = self.heads
        if step.should_delete_branch(heads):
            version = step.delete_version_num
            log.debug("branch delete %s", version)
            self._delete_version(version)
        elif step.should_create_branch(heads):
            version = step.insert_version_num
            log.debug("new branch insert %s", version)
            self._insert_version(version)
        elif step.should_merge_branches(heads):
            gone, from_, to_ = step.merge_branch_idents(heads)
            log.debug("merge, delete %s, update %s to %s", gone, from_, to_)
            for version in gone:
                self._delete_version(version)
            self._update_version(from_, to_)
        elif step.should_unmerge_branches(heads):
            from_, to_, new = step.unmerge_branch_idents(heads)
            log.debug("unmerge, insert %s, update %s to %s", new, from_, to_)
            for version in new:
                self._insert_version(version)
            self._update_version(from_, to_)
        else:
            from_, to_ = step.update_version_num(heads)
            log.debug("update %s to %s", from_, to_)
            self._update_version(from_, to_)
