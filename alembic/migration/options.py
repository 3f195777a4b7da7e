"""Every option of a migration context: its name, its type, its default, its meaning."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TextIO
from typing import Tuple
from typing import TypedDict
from typing import Union

VERSION_TABLE = "alembic_version"
"""The name of the version table where `ContextOptions.version_table` is not given."""

LOCK_TIMEOUT = 300.0
"""Seconds to wait for another migration where no ``lock_timeout`` is given."""

COMMITS_SCHEMA_CHANGES = ("mysql", "mariadb", "oracle")
"""Dialects on which every change of the schema is committed by itself."""


class ContextOptions(TypedDict, total=False):
    """What `MigrationContext.opts` may hold.

    All keys are optional. Keys that are not listed here are kept too: plugins and
    third-party dialects read options of their own.
    """

    # what to do
    fn: Callable[[Tuple[str, ...], Any], Iterable[Any]]
    """``fn(heads, context)`` gives the steps to run; None: there is no work."""
    script: Any
    """The `ScriptDirectory`; None where revisions play no part."""
    destination_rev: Optional[str]
    """The revision argument of the command."""
    starting_rev: Optional[Union[str, Tuple[str, ...]]]
    """Offline: where the database is taken to be. None: nothing is applied yet."""
    tag: Optional[str]
    """The ``--tag`` of the command line, for env.py to read. None."""
    purge: bool
    """Empty the version table first. False."""
    dont_mutate: bool
    """Only look: neither the version table nor a lock is made. False."""
    revision_context: Any
    """What `alembic revision` works with. None."""

    # how statements reach the database
    as_sql: bool
    """Offline mode: write the SQL down instead of running it. False."""
    output_buffer: Optional[TextIO]
    """Where offline SQL is written. None: standard output."""
    output_encoding: str
    """The encoding of `output_buffer`. None: as the stream has it."""
    schema_translate_map: Optional[Mapping[Optional[str], Optional[str]]]
    """The schemas to use in place of those that revisions name; None stands for the
    default one. None: as the execution options of the connection say."""
    literal_binds: bool
    """Offline: write values of `op.execute()` constructs into the text. False."""
    transactional_ddl: Optional[bool]
    """Whether schema changes can be rolled back. None: as the dialect says."""
    transaction_per_migration: bool
    """One transaction for each revision instead of one for the run. False."""
    lock: Union[bool, str]
    """Wait for other migrations of the same database, and keep them waiting.

    True (the default), False, or ``"transaction"``: hold the lock by the transaction
    only, for connection poolers that give each transaction another session.
    """
    lock_timeout: float
    """Seconds to wait for another migration to end. 300."""
    journal: bool
    """Write down each statement of a revision where a schema change cannot be rolled
    back, so that the next run can go on where one was cut off. True."""

    table_lock_timeout: Optional[float]
    """Seconds that a statement waits for locks of others; 0: for ever. None: as it is.

    A revision file may set it for itself, as a variable of this name.
    """
    table_lock_retries: int
    """How often a transaction is tried again that did not get a lock in time. 5."""
    table_lock_retry_pause: float
    """Seconds before the first new try; twice as long before each further one. 1."""
    statement_timeout: Optional[float]
    """Seconds that a statement may run; 0: for ever. None: as it is.

    A revision file may set it for itself, as a variable of this name.
    """
    typed: Optional[Mapping[str, Any]]
    """Those of ``lock``, ``lock_timeout`` and both timeouts that were typed for this
    run, which goes before all others. None."""

    # the version table
    version_table: str
    """Its name. ``alembic_version``."""
    version_table_schema: Optional[str]
    """Its schema. None: the default one."""
    version_table_pk: bool
    """Whether it has a primary key. True."""
    record_table: Optional[str]
    """The table, beside it, that records what ran. None: no record."""
    on_version_apply: Union[Callable[..., Any], Iterable[Callable[..., Any]]]
    """Called with ``ctx, step, heads, run_args`` after each version change. ()."""

    # comparing models and database
    target_metadata: Any
    """The MetaData of the models, or a sequence of them. None."""
    compare_type: Union[None, bool, Callable[..., Optional[bool]]]
    """Compare column types: True, False, or a callable that decides. True."""
    compare_server_default: Union[None, bool, Callable[..., Optional[bool]]]
    """Compare server defaults: True, False, or a callable that decides. False."""
    include_name: Optional[Callable[..., bool]]
    """Which names to look at in the database. None: all."""
    include_object: Optional[Callable[..., bool]]
    """Which objects of models and database to compare. None: all."""
    include_schemas: bool
    """Compare all schemas, not the default one only. False."""
    autogenerate_plugins: Sequence[str]
    """Names or patterns of the comparison plugins to use."""

    # writing revisions
    process_revision_directives: Optional[Callable[..., None]]
    """Called with ``context, revision, directives`` before a file is written."""
    render_item: Optional[Callable[..., Any]]
    """Renders types, defaults and constraints of the user's own. None."""
    render_as_batch: bool
    """Write table changes as ``batch_alter_table`` blocks. False."""
    render_layout: str
    """``"black"``: lay generated operations out as Black would. None: as 1.20.1 did."""
    upgrade_token: str
    """The template variable that holds the upgrade. ``upgrades``."""
    downgrade_token: str
    """The template variable that holds the downgrade. ``downgrades``."""
    alembic_module_prefix: str
    """What stands before directives. ``op.``."""
    sqlalchemy_module_prefix: str
    """What stands before SQLAlchemy's names. ``sa.``."""
    user_module_prefix: Optional[str]
    """What stands before types of the user's own. None: their module."""
    template_args: Dict[str, Any]
    """Further variables of the revision template."""
