"""One database, being migrated: where it stands, and the steps that take it on."""

from __future__ import annotations

import logging
import sys
from typing import Any
from typing import cast
from typing import ContextManager
from typing import Dict
from typing import Iterable
from typing import List
from typing import Optional
from typing import Set
from typing import TextIO
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import exc as sa_exc
from typing_extensions import Protocol

from ..ddl import DefaultImpl
from ..sqla import connections
from ..sqla import driver
from ..util import compat
from ..util.exc import CommandError
from ..util.sequences import asbool
from ..util.sequences import to_tuple
from .lock import LockKey
from .lock import RunLock
from .offline import stdout_connection
from .options import COMMITS_SCHEMA_CHANGES
from .options import LOCK_TIMEOUT
from .options import VERSION_TABLE
from .run import Run
from .timeouts import count
from .timeouts import in_seconds
from .timeouts import limits
from .timeouts import Patience
from .timeouts import PAUSE
from .timeouts import RETRIES
from .timeouts import RunTimeouts
from .timeouts import ScriptTimeouts
from .transactions import TransactionHandle
from .transactions import Transactions
from .version_table import VersionTable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine import URL
    from sqlalchemy.sql import Executable

    from ..script import ScriptDirectory
    from ..settings import Config
    from .journal import Journal
    from .journal import Unfinished
    from .record import MigrationRecord

log = logging.getLogger("alembic.runtime.migration")


class _HasConfig(Protocol):
    """What is asked of the `EnvironmentContext`."""

    config: Config


class MigrationContext:
    """One database that is being migrated, or looked at.

    In env.py it is made by ``context.configure()`` and found by
    ``context.get_context()``; a program makes one of its own::

        from alembic.migration import MigrationContext
        from alembic.operations import Operations

        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            print(context.get_current_revision())
            with context.begin_transaction():
                Operations(context).drop_column("account", "fax")

    :param dialect: the dialect of the database.
    :param connection: the connection; None in offline mode.
    :param opts: see `alembic.migration.options.ContextOptions`.
    :param environment_context: the `EnvironmentContext` that this belongs to.

    :ivar connection: what statements are sent to; in offline mode a stand-in.
    :ivar dialect: the SQLAlchemy dialect.
    :ivar impl: the `alembic.ddl.impl.DefaultImpl` of the dialect.
    :ivar opts: the options, a plain dictionary.
    :ivar script: the `ScriptDirectory`, or None.
    :ivar as_sql: whether SQL is written down instead of run.
    :ivar record: the `alembic.migration.record.MigrationRecord`; None without one.
    :ivar journal: the `alembic.migration.journal.Journal` of a database that commits
        schema changes by itself; None on others.
    """

    def __init__(
        self,
        dialect: Dialect,
        connection: Optional[Connection],
        opts: Dict[str, Any],
        environment_context: Optional[_HasConfig] = None,
    ) -> None:
        self.environment_context = environment_context
        self.opts = opts
        self.dialect = dialect
        self.script: Optional[ScriptDirectory] = opts.get("script")
        self.as_sql: bool = bool(opts.get("as_sql", False))
        self.purge: bool = bool(opts.get("purge", False))
        self.transactional_ddl: Optional[bool] = opts.get("transactional_ddl")
        self._transaction_per_migration = bool(opts.get("transaction_per_migration"))
        self.on_version_apply_callbacks = to_tuple(
            opts.get("on_version_apply"), default=()
        )
        self._migrations_fn = opts.get("fn")
        self._user_compare_type = opts.get("compare_type", True)
        self._user_compare_server_default = opts.get("compare_server_default", False)
        self.version_table: str = opts.get("version_table", VERSION_TABLE)
        self.version_table_schema: Optional[str] = opts.get("version_table_schema")
        self._start_from_rev = opts.get("starting_rev")
        self.output_buffer = self._output_buffer()

        self.connection: Any = driver.translating(
            connection, opts.get("schema_translate_map")
        )
        if self.as_sql:
            self.connection = stdout_connection(dialect, self._write)
        elif self._start_from_rev is not None and connection is not None:
            raise CommandError(
                "Can't specify current_rev to context when using a database connection"
            )

        impl_class = DefaultImpl.get_by_dialect(dialect)
        self.impl: DefaultImpl = impl_class(
            dialect,
            self.connection,
            self.as_sql,
            self.transactional_ddl,
            self.output_buffer,
            opts,
        )
        self.impl.autocommit_block = self.autocommit_block
        if self.as_sql:
            self.impl.schema_translate_map = opts.get(
                "schema_translate_map"
            ) or driver.schema_translate_map(connection)
        self._version = self.impl.version_table_impl(
            version_table=self.version_table,
            version_table_schema=self.version_table_schema,
            version_table_pk=opts.get("version_table_pk", True),
        )
        self.versions = VersionTable(self._version, self.impl)
        self._prepare_runs()
        self.record = self._prepare_record()
        self.journal = self._prepare_journal()
        self._run = Run(self)

        log.info("Context impl %s.", self.impl.__class__.__name__)
        if self.as_sql:
            log.info("Generating static SQL")
        log.info(
            "Will assume %s DDL.",
            "transactional" if self.impl.transactional_ddl else "non-transactional",
        )

    def _prepare_runs(self) -> None:
        """Set up the lock and the transactions, as the options say."""
        typed = self.opts.get("typed") or {}
        lock = self._setting("lock", True)
        # what kind of sessions there are does not depend on who locks them
        by_transaction = lock == "transaction"
        try:
            enabled = typed.get("lock", by_transaction or asbool(lock))
        except (TypeError, ValueError):
            raise CommandError(
                f"Option lock = {lock!r}: it is true, false or transaction"
            ) from None
        timeout = typed.get("lock_timeout")
        if timeout is None:
            timeout = self._setting("lock_timeout", LOCK_TIMEOUT)
        wait = in_seconds("lock_timeout", timeout, "the configuration") or 0.0
        self.lock = RunLock(
            self.dialect.name,
            lambda: self.connection,
            self._lock_key,
            enabled=enabled and not self.as_sql,
            by_transaction=by_transaction,
            timeout=wait,
            renew=lambda: self.transactions.renew(),
        )
        self.transactions = Transactions(
            self,
            per_migration=self._transaction_per_migration,
            transactional_ddl=self.transactional_ddl,
            # without revisions to run, there is nothing to wait for
            claim_at_once=self._migrations_fn is None,
            timeout=wait,
        )
        self._prepare_timeouts(in_sessions=not by_transaction)

    def _prepare_timeouts(self, in_sessions: bool) -> None:
        """Set up how long statements may wait and run, as the options say."""
        where = "the configuration"
        typed = limits(self.opts.get("typed") or {}, "this run")
        configured = limits(
            {
                "table_lock_timeout": self._setting("table_lock_timeout", None),
                "statement_timeout": self._setting("statement_timeout", None),
            },
            where,
        )
        name = self.dialect.name
        self.timeouts = (
            ScriptTimeouts(name, self.impl, typed, configured, in_sessions)
            if self.as_sql
            else RunTimeouts(
                name, lambda: self.connection, typed, configured, in_sessions
            )
        )
        retries = self._setting("table_lock_retries", RETRIES)
        pause = self._setting("table_lock_retry_pause", PAUSE)
        self.patience = Patience(
            self.timeouts,
            self.transactions,
            lambda: self.connection,
            retries=count("table_lock_retries", retries, where),
            pause=in_seconds("table_lock_retry_pause", pause, where) or 0.0,
        )

    def _prepare_record(self) -> Optional[MigrationRecord]:
        """Return the record of what runs, if there is to be one."""
        name = self._setting("record_table", None)
        if not name:
            return None
        if not isinstance(name, str):
            raise CommandError(
                f"Option record_table = {name!r}: it is the name of a table, such as "
                "alembic_record"
            )
        if name == self.version_table:
            raise CommandError(
                f"record_table = {name!r} is the version table; give the record "
                "another name, such as alembic_record"
            )
        # most do without one
        from .record import MigrationRecord

        return MigrationRecord(
            name, self.version_table_schema, lambda: self.connection, self.script
        )

    def _prepare_journal(self) -> Optional[Journal]:
        """Return the journal of statements, where the database needs one."""
        wanted = self._setting("journal", True)
        try:
            enabled = asbool(wanted)
        except ValueError as error:
            raise CommandError(
                f"Option journal = {wanted!r}: it is true or false"
            ) from error
        if (
            not enabled
            or self.as_sql
            or self.connection is None
            or self.impl.transactional_ddl
            or self.dialect.name not in COMMITS_SCHEMA_CHANGES
        ):
            return None
        # most databases do without one
        from .journal import Journal

        return Journal(self)

    @property
    def own_tables(self) -> Set[Tuple[Optional[str], str]]:
        """The tables that migrations keep for themselves: schemas and names."""
        names = {self.version_table}
        if self.record is not None:
            names.add(self.record.table.table.name)
        if self.journal is not None:
            names.add(self.journal.table_name)
        return {(self.version_table_schema, name) for name in names}

    def _setting(self, name: str, default: Any) -> Any:
        """Return an option of `configure()`, else of the configuration file."""
        found = self.opts.get(name)
        if found is None and self.config is not None:
            found = self.config.get_alembic_option(name)
        return default if found is None else found

    def _lock_key(self) -> LockKey:
        return LockKey(
            driver.physical_schema(self.connection, self._version), self._version.name
        )

    def _output_buffer(self) -> TextIO:
        buffer: TextIO = self.opts.get("output_buffer") or sys.stdout
        encoding = self.opts.get("output_encoding")
        if encoding:
            return compat.EncodedIO(cast(Any, buffer).buffer, encoding)
        return buffer

    def _write(self, construct: Any) -> None:
        self.impl._exec(construct)  # noqa: SLF001 - dialects override it

    @classmethod
    def configure(
        cls,
        connection: Optional[Connection] = None,
        url: Union[str, URL, None] = None,
        dialect_name: Optional[str] = None,
        dialect: Optional[Dialect] = None,
        environment_context: Optional[Any] = None,
        dialect_opts: Optional[Dict[str, Any]] = None,
        opts: Optional[Any] = None,
    ) -> MigrationContext:
        """Make a context for one database.

        The first of ``connection``, ``url``, ``dialect_name`` and ``dialect`` that is
        given decides which dialect is spoken.

        :param connection: a SQLAlchemy Connection. If it is in a transaction, that
            transaction is the caller's: it is neither committed nor rolled back.
        :param url: a database URL; only the dialect is taken from it, nothing connects.
        :param dialect_name: the name of a dialect, such as ``"postgresql"``.
        :param dialect: a dialect.
        :param environment_context: the `EnvironmentContext` that this belongs to.
        :param dialect_opts: keyword arguments of the dialect that ``url`` or
            ``dialect_name`` name.
        :param opts: a dictionary of options, see
            `alembic.migration.options.ContextOptions`.
        :return: the new context.
        :raises CommandError: when what is given names no dialect.
        """
        if connection is not None:
            if not driver.is_connection(connection):
                raise CommandError(
                    "'connection' argument to configure() is expected to be a "
                    "sqlalchemy.engine.Connection instance, "
                    f"got {connection!r}{_how_to_connect(connection)}"
                )
            dialect = connection.dialect
        elif url or dialect_name:
            try:
                dialect = driver.dialect_of_url(
                    url or f"{dialect_name}://", dialect_opts
                )
            except sa_exc.ArgumentError as error:
                raise CommandError(
                    "configure() cannot tell the dialect from "
                    + ("the URL" if url else f"the name {dialect_name!r}")
                    + f": {error}"
                ) from error
        elif dialect is None:
            raise CommandError("Connection, url, or dialect_name is required.")
        return cls(
            dialect, connection, {} if opts is None else opts, environment_context
        )

    # -- what belongs to it

    @property
    def bind(self) -> Optional[Connection]:
        """The connection; in offline mode what stands in for it."""
        return cast("Optional[Connection]", self.connection)

    @property
    def config(self) -> Optional[Config]:
        """The `Config` of the environment, or None."""
        if self.environment_context is None:
            return None
        return self.environment_context.config

    @property
    def _transaction(self) -> Any:
        return self.transactions.current

    @property
    def _in_external_transaction(self) -> bool:
        return self.transactions.is_external

    def _in_connection_transaction(self) -> bool:
        return connections.in_transaction(self.connection)

    # -- transactions

    def begin_transaction(
        self, _per_migration: bool = False
    ) -> Union[TransactionHandle, ContextManager[Optional[bool]]]:
        """Begin the transaction in which migrations run, as the options say.

        Put it around `run_migrations`, or around operations of your own::

            with context.begin_transaction():
                context.run_migrations()

        Nothing is begun when the connection came in inside a transaction, or when each
        revision has one of its own. Offline, BEGIN and COMMIT are written where the
        database rolls schema changes back.

        :return: a context manager. It commits at the end of the block and rolls back
            when the block raises.
        """
        return self.transactions.begin(_per_migration)

    def autocommit_block(self) -> ContextManager[None]:
        """Run a block outside of any transaction.

        For statements that a database refuses inside one, such as PostgreSQL's ``ALTER
        TYPE ... ADD VALUE`` or SQLite's ``VACUUM``::

            with op.get_context().autocommit_block():
                op.execute("VACUUM")

        What was done before in the same transaction is committed first, so it will not
        be rolled back if the migration fails later; with
        ``transaction_per_migration=True`` that is this revision only.

        :raises CommandError: when the transaction in progress is the caller's.
        """
        return self.transactions.autocommit()

    # -- where the database stands

    def get_current_revision(self) -> Optional[str]:
        """Return the revision of the database, or None when nothing is applied.

        :raises CommandError: when there are several; see `get_current_heads`.
        """
        heads = self.get_current_heads()
        if len(heads) > 1:
            raise CommandError(
                f"Version table '{self.version_table}' has more than one head present; "
                "please use get_current_heads()"
            )
        return heads[0] if heads else None

    def get_current_heads(self) -> Tuple[str, ...]:
        """Return the revisions of the database, one for each branch.

        Offline, these are what ``starting_rev`` says.
        """
        if self.as_sql:
            return self._starting_heads()
        if not self._has_version_table():
            return ()
        return self.versions.heads()

    def _starting_heads(self) -> Tuple[str, ...]:
        heads: List[str] = []
        for given in to_tuple(self._start_from_rev, default=()):
            if self.script is not None:
                given = self.script.as_revision_number(given)
            heads.extend(rev for rev in to_tuple(given, default=()) if rev != "base")
        return tuple(heads)

    def _has_version_table(self) -> bool:
        return self.versions.exists()

    def _ensure_version_table(self, purge: bool = False) -> None:
        """Make the version table unless it is there.

        :param purge: remove its rows if it is.
        """
        if self.as_sql:
            self.versions.create()
            if purge:
                self.versions.clear()
            return
        with connections.scope_for_ddl(self.connection):
            if not self._has_version_table():
                self.versions.create()
            elif purge:
                self.versions.clear()

    def stamp(self, script_directory: ScriptDirectory, revision: str) -> None:
        """Write down that the database is at a revision, without running anything.

        Nothing is committed here. While another migration of the database runs, this
        waits for it.

        :param script_directory: where the revisions are.
        :param revision: the revision, in any form that commands accept.
        :raises CommandError: when there is no such revision, or another migration did
            not end in time.
        """
        self._run.stamp(script_directory, revision)

    def unfinished(self, heads: Iterable[str]) -> Optional[Unfinished]:
        """Return the revision that was begun and did not end; None if there is none.

        :param heads: what `get_current_heads` says.
        """
        return None if self.journal is None else self.journal.unfinished(heads)

    def resolve(self, heads: Iterable[str], applied: bool) -> Unfinished:
        """Decide what became of the statement in which a revision was cut off.

        :param heads: what `get_current_heads` says.
        :param applied: whether it took effect; see `Journal.resolve`.
        :return: the revision that is unfinished.
        :raises CommandError: when there is nothing to decide.
        """
        return self._run.resolve(heads, applied)

    # -- running

    def run_migrations(self, **kw: Any) -> None:
        """Run the steps that ``fn`` gives for where the database stands.

        When there are any, the lock against other migrations is taken first; the
        database is then asked again where it stands, and when that has changed
        meanwhile, ``fn`` too.

        :param kw: handed to each ``upgrade()`` or ``downgrade()``, and to the
            ``on_version_apply`` callbacks as ``run_args``.
        :raises CommandError: when the work cannot be done.
        """
        self._run.migrate(kw)

    def execute(
        self,
        sql: Union[Executable, str],
        execution_options: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Run a statement on the database, or write it down in offline mode.

        :param sql: a string or an executable SQLAlchemy construct.
        :param execution_options: options of this one execution.
        """
        self.impl.execute(sql, execution_options)


def _how_to_connect(given: Any) -> str:
    """Say what to give instead of something that is not a connection."""
    if hasattr(given, "run_sync"):
        return (
            "; call 'await connection.run_sync(...)' and use what that is given, or "
            "await the commands of alembic.aio"
        )
    if hasattr(given, "connect"):
        return "; use 'with engine.connect() as connection:'"
    return ""
