"""What env.py talks to: the configuration, the revisions, and the work of a command."""

from __future__ import annotations

from typing import Any
from typing import ContextManager
from typing import Dict
from typing import List
from typing import Optional
from typing import overload
from typing import Sequence
from typing import TextIO
from typing import TYPE_CHECKING
from typing import Union

from typing_extensions import Literal

from ..migration.migration_context import MigrationContext
from ..migration.operations_in_use import OPERATIONS
from ..util.exc import CommandError
from ..util.module_proxy import Later
from ..util.module_proxy import ModuleClsProxy
from .options import context_options

if TYPE_CHECKING:
    from sqlalchemy import MetaData
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import URL
    from sqlalchemy.sql import Executable

    from ..ddl.impl import DefaultImpl
    from ..migration.transactions import TransactionHandle
    from ..operations.base import Operations
    from ..script import ScriptDirectory
    from ..settings import Config
    from .hooks import CompareServerDefault
    from .hooks import CompareType
    from .hooks import IncludeNameFn
    from .hooks import IncludeObjectFn
    from .hooks import OnVersionApplyFn
    from .hooks import ProcessRevisionDirectiveFn
    from .hooks import RenderItemFn
    from .hooks import RevisionArgument


class EnvironmentContext(ModuleClsProxy):
    """One run of env.py, or of code that stands in for it.

    While it is entered it is the object that `alembic.context` speaks to. Commands
    enter it and execute env.py inside. A program can do without an env.py::

        from alembic.environment import EnvironmentContext

        def upgrade_to_head(heads, context):
            return script._upgrade_revs("head", heads)

        with EnvironmentContext(config, script, fn=upgrade_to_head) as environment:
            with engine.connect() as connection:
                environment.configure(connection=connection, target_metadata=metadata)
                with environment.begin_transaction():
                    environment.run_migrations()

    :param config: the `Config`.
    :param script: the `ScriptDirectory`.
    :param kw: options that the command sets: ``fn``, ``as_sql``, ``starting_rev``,
        ``destination_rev``, ``tag`` and any other of
        `alembic.migration.options.ContextOptions`.

    :ivar config: the `Config`.
    :ivar script: the `ScriptDirectory`.
    :ivar context_opts: the options of the command.
    """

    _migration_context: Optional[MigrationContext] = None

    config: Config = None  # type: ignore[assignment]
    """The `Config`."""

    script: ScriptDirectory = None  # type: ignore[assignment]
    """The `ScriptDirectory`."""

    def __init__(self, config: Config, script: ScriptDirectory, **kw: Any) -> None:
        self.config = config
        self.script = script
        self.context_opts: Dict[str, Any] = kw

    def __enter__(self) -> EnvironmentContext:
        """Make this what `alembic.context` speaks to."""
        self._install_proxy()
        return self

    def __exit__(self, *arg: Any, **kw: Any) -> None:
        self._remove_proxy()

    # -- what the command asks for

    def is_offline_mode(self) -> bool:
        """Tell whether SQL is to be written down instead of run (``--sql``)."""
        return bool(self.context_opts.get("as_sql", False))

    def is_transactional_ddl(self) -> bool:
        """Tell whether the dialect says that its schema changes are transactional.

        :raises CommandError: before `configure`.
        """
        return self.get_context().impl.transactional_ddl

    def requires_connection(self) -> bool:
        """Tell whether a connection is needed: the contrary of `is_offline_mode`."""
        return not self.is_offline_mode()

    def get_head_revision(self) -> RevisionArgument:
        """Return the head of the revision files; None when there are none.

        :raises CommandError: when there are several; see `get_head_revisions`.
        """
        return self.script.as_revision_number("head")

    def get_head_revisions(self) -> RevisionArgument:
        """Return the heads of the revision files as a tuple."""
        return self.script.as_revision_number("heads")

    def get_starting_revision_argument(self) -> RevisionArgument:
        """Return where an offline run starts: the ``a`` of ``upgrade a:b --sql``.

        :return: a full revision id; None for the base.
        :raises CommandError: when the command has no such argument.
        """
        if self._migration_context is not None:
            start = self._migration_context.opts.get("starting_rev")
        elif "starting_rev" in self.context_opts:
            start = self.context_opts["starting_rev"]
        else:
            raise CommandError("No starting revision argument is available.")
        return self.script.as_revision_number(start)

    def get_revision_argument(self) -> RevisionArgument:
        """Return the revision that the command is to reach, as a full id.

        :return: an id, several of them, None for the base; relative arguments such as
            ``+1`` as they are.
        :raises KeyError: when the command has no such argument.
        """
        return self.script.as_revision_number(self.context_opts["destination_rev"])

    def get_tag_argument(self) -> Optional[str]:
        """Return the text of ``--tag``, or None."""
        configured = self._migration_context
        options = self.context_opts if configured is None else configured.opts
        tag: Optional[str] = options.get("tag")
        return tag

    @overload
    def get_x_argument(self, as_dictionary: Literal[False] = ...) -> List[str]: ...

    @overload
    def get_x_argument(self, as_dictionary: Literal[True]) -> Dict[str, str]: ...

    @overload
    def get_x_argument(
        self, as_dictionary: bool
    ) -> Union[List[str], Dict[str, str]]: ...

    def get_x_argument(
        self, as_dictionary: bool = False
    ) -> Union[List[str], Dict[str, str]]:
        """Return what ``-x`` was given, which is for env.py to use as it likes.

        :param as_dictionary: split each at its first ``=``; what has none gets an empty
            text.
        :return: a list of texts, or a dictionary.

        Example, for ``alembic -x tenant=blue upgrade head``::

            tenant = context.get_x_argument(as_dictionary=True).get("tenant")
        """
        given: List[str] = list(getattr(self.config.cmd_opts, "x", None) or ())
        if not as_dictionary:
            return given
        return {key: value for key, _, value in (text.partition("=") for text in given)}

    # -- the database

    def configure(
        self,
        connection: Optional[Connection] = None,
        url: Union[str, URL, None] = None,
        dialect_name: Optional[str] = None,
        dialect_opts: Optional[Dict[str, Any]] = None,
        transactional_ddl: Optional[bool] = None,
        transaction_per_migration: bool = False,
        output_buffer: Optional[TextIO] = None,
        starting_rev: Optional[str] = None,
        tag: Optional[str] = None,
        template_args: Optional[Dict[str, Any]] = None,
        render_as_batch: bool = False,
        target_metadata: Union[MetaData, Sequence[MetaData], None] = None,
        include_name: Optional[IncludeNameFn] = None,
        include_object: Optional[IncludeObjectFn] = None,
        include_schemas: bool = False,
        process_revision_directives: Optional[ProcessRevisionDirectiveFn] = None,
        compare_type: Union[bool, CompareType] = True,
        compare_server_default: Union[bool, CompareServerDefault] = False,
        render_item: Optional[RenderItemFn] = None,
        literal_binds: bool = False,
        upgrade_token: str = "upgrades",
        downgrade_token: str = "downgrades",
        alembic_module_prefix: str = "op.",
        sqlalchemy_module_prefix: str = "sa.",
        user_module_prefix: Optional[str] = None,
        on_version_apply: Optional[OnVersionApplyFn] = None,
        autogenerate_plugins: Optional[Sequence[str]] = None,
        **kw: Any,
    ) -> None:
        """Say which database to work on, and how.

        Called by env.py, once for each database: the calls do not see each other's
        options. One of ``connection``, ``url`` and ``dialect_name`` is needed; offline,
        the latter two will do.

        :param connection: a SQLAlchemy Connection. If it is in a transaction, that
            transaction is the caller's: it is neither committed nor rolled back.
        :param url: a database URL; only the dialect is taken from it.
        :param dialect_name: the name of a dialect, such as ``"postgresql"``.
        :param dialect_opts: keyword arguments of the dialect that ``url`` or
            ``dialect_name`` name, such as ``{"paramstyle": "named"}``.
        :param transactional_ddl: whether schema changes can be rolled back; None: as
            the dialect says. False on SQLite gives back its driver's habit of
            committing schema changes at once.
        :param transaction_per_migration: one transaction for each revision instead of
            one for the whole run.
        :param output_buffer: where offline SQL is written; None: what the `Config`
            says, else standard output.
        :param starting_rev: offline: where the database is taken to be.
        :param tag: a text for `get_tag_argument`, in place of ``--tag``.
        :param template_args: further variables for the template of new revisions.
        :param render_as_batch: autogenerate writes ``batch_alter_table`` blocks.
        :param target_metadata: the MetaData of the models, or several of them.
        :param include_name: ``fn(name, type_, parent_names)``: whether autogenerate
            looks at a name in the database.
        :param include_object: ``fn(object, name, type_, reflected, compare_to)``:
            whether autogenerate compares an object.
        :param include_schemas: autogenerate looks at all schemas, not at the default
            one only.
        :param process_revision_directives: ``fn(context, revision, directives)``:
            changes what will be written into a new revision.
        :param compare_type: whether autogenerate compares column types; or
            ``fn(context, inspected_column, metadata_column, inspected_type,
            metadata_type)``, which returns whether they differ, or None to leave it to
            the dialect.
        :param compare_server_default: the same for server defaults; ``fn(context,
            inspected_column, metadata_column, inspected_default, metadata_default,
            rendered_metadata_default)``.
        :param render_item: ``fn(type_, obj, autogen_context)``: the text for an object
            in a new revision, or False for the usual one.
        :param literal_binds: offline: values of executed constructs are written into
            the SQL.
        :param upgrade_token: the template variable that holds the upgrade.
        :param downgrade_token: the template variable that holds the downgrade.
        :param alembic_module_prefix: what autogenerate writes before directives.
        :param sqlalchemy_module_prefix: what it writes before SQLAlchemy's names.
        :param user_module_prefix: what it writes before types of your own; None: their
            module.
        :param on_version_apply: ``fn(ctx, step, heads, run_args)``, or several of them,
            called by keyword whenever the version table has changed.
        :param autogenerate_plugins: names or patterns of the comparison plugins to use.
        :param kw: further options: ``version_table``, ``version_table_schema``,
            ``version_table_pk``, ``record_table`` (a name), ``output_encoding``,
            ``schema_translate_map`` (schemas to use in place of others), ``lock``
            (True; False; ``"transaction"`` for poolers), ``lock_timeout`` (seconds),
            ``journal`` (True; False), ``table_lock_timeout``, ``table_lock_retries``,
            ``table_lock_retry_pause``, ``statement_timeout``; see
            `alembic.migration.options.ContextOptions`. Unknown ones are kept for
            plugins and dialects.
        :raises CommandError: when what is given names no dialect.
        """
        if output_buffer is None:
            output_buffer = self.config.output_buffer
        options = context_options(
            self.context_opts,
            {
                "transactional_ddl": transactional_ddl,
                "output_buffer": output_buffer,
                "starting_rev": starting_rev,
                "tag": tag,
                "template_args": template_args,
                "transaction_per_migration": transaction_per_migration,
                "target_metadata": target_metadata,
                "include_name": include_name,
                "include_object": include_object,
                "include_schemas": include_schemas,
                "render_as_batch": render_as_batch,
                "upgrade_token": upgrade_token,
                "downgrade_token": downgrade_token,
                "sqlalchemy_module_prefix": sqlalchemy_module_prefix,
                "alembic_module_prefix": alembic_module_prefix,
                "user_module_prefix": user_module_prefix,
                "literal_binds": literal_binds,
                "process_revision_directives": process_revision_directives,
                "on_version_apply": on_version_apply,
                "autogenerate_plugins": autogenerate_plugins,
                "compare_type": compare_type,
                "compare_server_default": compare_server_default,
                "render_item": render_item,
                "script": self.script,
            },
            kw,
        )
        self._migration_context = MigrationContext.configure(
            connection=connection,
            url=url,
            dialect_name=dialect_name,
            environment_context=self,
            dialect_opts=dialect_opts,
            opts=options,
        )

    def run_migrations(self, **kw: Any) -> None:
        """Do the work of the command on the database given to `configure`.

        :param kw: handed to each ``upgrade()`` or ``downgrade()``.
        :raises CommandError: before `configure`, or when the work cannot be done.
        """
        context = self.get_context()

        def operations() -> Operations:
            # most commands need none
            from ..operations.base import Operations

            return Operations(context)

        with OPERATIONS.hold(Later(operations)):
            context.run_migrations(**kw)

    def begin_transaction(
        self,
    ) -> Union[TransactionHandle, ContextManager[Optional[bool]]]:
        """Begin the transaction in which migrations run, as the options say.

        :return: a context manager; env.py puts it around `run_migrations`. Offline it
            writes BEGIN and COMMIT where they apply; it does nothing when the
            connection came in inside a transaction, and when each revision has one of
            its own.
        """
        return self.get_context().begin_transaction()

    def execute(
        self,
        sql: Union[Executable, str],
        execution_options: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Run a statement on the database, or write it down in offline mode.

        :param sql: a string or an executable SQLAlchemy construct.
        :param execution_options: options of this one execution.
        """
        self.get_context().execute(sql, execution_options=execution_options)

    def static_output(self, text: str) -> None:
        """Write a text into the SQL of offline mode, such as a comment.

        :param text: the text; an empty line follows it.
        """
        self.get_context().impl.static_output(text)

    def get_context(self) -> MigrationContext:
        """Return the `MigrationContext` that `configure` made last.

        :raises CommandError: before `configure`.
        """
        if self._migration_context is None:
            raise CommandError(
                "No context has been configured yet. Call context.configure() first"
            )
        return self._migration_context

    def get_bind(self) -> Connection:
        """Return the connection; in offline mode what stands in for it."""
        bind: Any = self.get_context().bind
        found: Connection = bind
        return found

    def get_impl(self) -> DefaultImpl:
        """Return the `DefaultImpl` of the dialect."""
        return self.get_context().impl
