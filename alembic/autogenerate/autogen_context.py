"""What comparing and rendering share: both sides, the filters, the inspector.

An :class:`.AutogenContext` is made for each database that is looked at.  It holds
no algorithm of its own; the comparators (``compare/``) and the renderers
(``render/``) receive it as their first argument.
"""

from __future__ import annotations

import contextlib
from functools import cached_property
from typing import AbstractSet
from typing import Any
from typing import Callable
from typing import Dict
from typing import Hashable
from typing import Iterator
from typing import List
from typing import MutableMapping
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import MetaData
from typing_extensions import Literal

from alembic.plugins import Plugin
from alembic.sqla.dependencies import sorted_by_dependency
from alembic.sqla.reflection import inspector_of
from alembic.util.dispatch import PriorityDispatcher
from alembic.util.exc import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import SchemaItem

    from alembic.migration.migration_context import MigrationContext

NameFilterType = Literal[
    "schema",
    "table",
    "column",
    "index",
    "unique_constraint",
    "check_constraint",
    "foreign_key_constraint",
]
"""What kind of object a name filter is asked about."""

NameFilterParentNames = MutableMapping[
    Literal["schema_name", "table_name", "schema_qualified_table_name"],
    Optional[str],
]
"""Where the object that a name filter is asked about stands."""

NameFilterFn = Callable[
    [Optional[str], NameFilterType, NameFilterParentNames],
    bool,
]
"""The ``include_name`` hook: name, kind, parents -> keep it?"""

ObjectFilterFn = Callable[
    ["SchemaItem", Optional[str], NameFilterType, bool, Optional["SchemaItem"]],
    bool,
]
"""The ``include_object`` hook: object, name, kind, reflected, counterpart -> keep?"""


class NotCompared(NamedTuple):
    """Something that may differ without being found.

    :ivar what: what it is.
    :ivar why: why it is not compared, or what to do to have it compared.
    """

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


TypeKey = Tuple[Optional[str], str]
"""Schema and name of a type that a database knows by name."""

DEFAULT_PLUGINS = ("alembic.autogenerate.*",)
"""The comparators that run where ``autogenerate_plugins`` does not say otherwise."""

comparators = PriorityDispatcher()
"""Comparators registered by programs for every environment.

The registry known as ``alembic.autogenerate.comparators``.  What is registered here
runs before the comparators of plugins that have the same priority, and runs whatever
``autogenerate_plugins`` selects.
"""


class AutogenContext:
    """Both sides of a comparison, and the options that steer it.

    :param migration_context: the :class:`.MigrationContext` of the database.
    :param metadata: the :class:`~sqlalchemy.schema.MetaData` that says what the
        database should look like, or a sequence of them; default: the option
        ``target_metadata`` of the migration context.
    :param opts: the options to use; default: those of the migration context.
    :param autogenerate: ``True`` (the default) when the database is going to be
        compared; ``False`` when the context only serves to render operations.

    :raises CommandError: when a comparison is asked for and cannot be made: there is
        no metadata, or the context writes SQL instead of running it.
    """

    metadata: Optional[Union[MetaData, Sequence[MetaData]]] = None
    """The model, as one collection of tables or as several."""

    connection: Optional[Connection] = None
    """The database, or ``None`` where there is none."""

    dialect: Dialect
    """The dialect that types and defaults are rendered for."""

    imports: Set[str] = None  # type: ignore[assignment]
    """Import lines that the rendered operations need; renderers add to it."""

    migration_context: MigrationContext
    """The migration context of the database."""

    comparators: PriorityDispatcher
    """The comparators selected for this environment (comparing contexts only)."""

    left_alone: List[NotCompared]
    """What comparators saw in this database and did not compare."""

    def __init__(
        self,
        migration_context: MigrationContext,
        metadata: Optional[Union[MetaData, Sequence[MetaData]]] = None,
        opts: Optional[Dict[str, Any]] = None,
        autogenerate: bool = True,
    ) -> None:
        options: Dict[str, Any] = opts if opts is not None else migration_context.opts
        self.opts = options
        self.metadata = (
            metadata if metadata is not None else options.get("target_metadata")
        )
        self.migration_context = migration_context
        self.connection = migration_context.bind
        self.dialect = migration_context.dialect
        self.imports = set()
        self.left_alone = []

        if autogenerate:
            self._refuse_what_cannot_be_compared()
            self.comparators = self._select_comparators()

        include_object = options.get("include_object")
        include_name = options.get("include_name")
        self._object_filters: List[ObjectFilterFn] = (
            [include_object] if include_object else []
        )
        self._name_filters: List[NameFilterFn] = [include_name] if include_name else []
        self._has_batch = False
        self.existing_types: AbstractSet[TypeKey] = frozenset()
        self.rendered_types: Dict[Hashable, str] = {}

    def _refuse_what_cannot_be_compared(self) -> None:
        script = self.migration_context.script
        if self.metadata is None and script is not None:
            raise CommandError(
                "Can't proceed with --autogenerate option; environment script "
                f"{script.env_py_location} does not provide a MetaData object or "
                "sequence of objects to the context. Set target_metadata there to the "
                "MetaData of your models, such as Base.metadata"
            )
        if self.opts.get("as_sql"):
            raise CommandError(
                "autogenerate can't use as_sql=True as it prevents querying "
                "the database for schema information"
            )

    def _select_comparators(self) -> PriorityDispatcher:
        selected = comparators.branch()
        Plugin.populate_autogenerate_priority_dispatch(
            selected, include_plugins=self.plugin_selection
        )
        return selected

    @property
    def plugin_selection(self) -> List[str]:
        """What ``autogenerate_plugins`` says, or what counts where it says nothing."""
        plugins = self.opts.get("autogenerate_plugins")
        return list(DEFAULT_PLUGINS if plugins is None else plugins)

    @cached_property
    def inspector(self) -> Inspector:
        """The :class:`~sqlalchemy.engine.reflection.Inspector` of the database.

        :raises TypeError: when the context has no database connection.
        """
        if self.connection is None:
            raise TypeError(
                "can't return inspector as this AutogenContext has no "
                "database connection"
            )
        return inspector_of(self.connection)

    @contextlib.contextmanager
    def _within_batch(self) -> Iterator[None]:
        """Render operations as methods of ``batch_op`` inside the block."""
        before = self._has_batch
        self._has_batch = True
        try:
            yield
        finally:
            self._has_batch = before

    @contextlib.contextmanager
    def types_exist(self, types: AbstractSet[TypeKey]) -> Iterator[None]:
        """Render some named types, inside the block, as being there already.

        :param types: enums and domains of PostgreSQL; they are written such that
            creating a table does not create them.
        """
        before = self.existing_types
        self.existing_types = types
        try:
            yield
        finally:
            self.existing_types = before

    def run_name_filters(
        self,
        name: Optional[str],
        type_: NameFilterType,
        parent_names: NameFilterParentNames,
    ) -> bool:
        """Say whether an object of the database is to be looked at, by its name.

        :param name: the object's name; ``None`` for the default schema and for
            objects without a name.
        :param type_: the kind of object, e.g. ``"table"``.
        :param parent_names: the names ``schema_name`` and ``table_name`` that the
            object stands under; where the table is known, the entry
            ``schema_qualified_table_name`` is added before the filters see it.
        :return: ``False`` as soon as one filter refuses the name.
        """
        if "schema_name" in parent_names:
            table_name = name if type_ == "table" else parent_names.get("table_name")
            if table_name:
                schema = parent_names["schema_name"]
                parent_names["schema_qualified_table_name"] = (
                    f"{schema}.{table_name}" if schema else table_name
                )
        return all(keep(name, type_, parent_names) for keep in self._name_filters)

    def run_object_filters(
        self,
        object_: SchemaItem,
        name: Optional[str],
        type_: NameFilterType,
        reflected: bool,
        compare_to: Optional[SchemaItem],
    ) -> bool:
        """Say whether an object takes part in the comparison.

        :param object_: the object itself: a table, column, index or constraint.
        :param name: its name, or ``None``.
        :param type_: the kind of object, e.g. ``"column"``.
        :param reflected: ``True`` when the object was read from the database,
            ``False`` when it stands in the metadata.
        :param compare_to: the object on the other side, or ``None``.
        :return: ``False`` as soon as one filter refuses the object.
        """
        return all(
            keep(object_, name, type_, reflected, compare_to)
            for keep in self._object_filters
        )

    run_filters = run_object_filters
    """The former name of :meth:`.run_object_filters`."""

    @cached_property
    def sorted_tables(self) -> List[Table]:
        """All tables of the metadata, each after the tables that it refers to.

        Several collections follow one another in the order in which they are given.
        """
        tables: List[Table] = []
        for metadata in self._collections:
            by_key = sorted(metadata.tables.values(), key=lambda table: table.key)
            # circles are no news here: the order of operations breaks them
            tables.extend(sorted_by_dependency(by_key))
        return tables

    @cached_property
    def table_key_to_table(self) -> Dict[str, Table]:
        """All tables of the metadata by their key (``schema.name`` or ``name``).

        :raises ValueError: when two collections hold a table of the same key.
        """
        found: Dict[str, Table] = {}
        for metadata in self._collections:
            twice = found.keys() & metadata.tables.keys()
            if twice:
                keys = ", ".join(f'"{key}"' for key in sorted(twice))
                raise ValueError(
                    f"Duplicate table keys across multiple MetaData objects: {keys}"
                )
            found.update(metadata.tables)
        return found

    @cached_property
    def _collections(self) -> List[MetaData]:
        if self.metadata is None:
            raise TypeError(
                "this AutogenContext has no metadata: pass metadata= or set "
                "target_metadata in the options"
            )
        if isinstance(self.metadata, MetaData):
            return [self.metadata]
        return list(self.metadata)
