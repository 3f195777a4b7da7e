"""Types of the callbacks that env.py may give to ``context.configure()``."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterable
from typing import List
from typing import Mapping
from typing import MutableMapping
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy.schema import FetchedValue
from typing_extensions import Literal

from ..migration.migration_context import MigrationContext

if TYPE_CHECKING:
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.types import TypeEngine

    from ..autogenerate.autogen_context import AutogenContext
    from ..operations.ops import MigrationScript
    from ..script.steps import MigrationInfo

RevisionArgument = Union[str, Tuple[str, ...], None]
"""A revision, several of them, or none, as the commands take it."""

ProcessRevisionDirectiveFn = Callable[
    [
        MigrationContext,
        Union[str, Iterable[Optional[str]], Iterable[str]],
        List["MigrationScript"],
    ],
    None,
]
"""``fn(context, revision, directives)``: changes the list of directives in place."""

RenderItemFn = Callable[[str, Any, "AutogenContext"], Union[str, Literal[False]]]
"""``fn(type_, obj, autogen_context)``: the text for an object, or False."""

NameFilterType = Literal[
    "schema",
    "table",
    "column",
    "index",
    "unique_constraint",
    "foreign_key_constraint",
    "check_constraint",
]
"""What kind of thing a filter is asked about."""

NameFilterParentNames = MutableMapping[
    Literal["schema_name", "table_name", "schema_qualified_table_name"],
    Optional[str],
]
"""Where the thing lives that a name filter is asked about."""

IncludeNameFn = Callable[[Optional[str], NameFilterType, NameFilterParentNames], bool]
"""``fn(name, type_, parent_names)``: whether to look at a name in the database."""

IncludeObjectFn = Callable[
    ["SchemaItem", Optional[str], NameFilterType, bool, Optional["SchemaItem"]], bool
]
"""``fn(object, name, type_, reflected, compare_to)``: whether to compare an object."""

OnVersionApplyFn = Callable[
    [MigrationContext, "MigrationInfo", Collection[Any], Mapping[str, Any]], None
]
"""``fn(ctx, step, heads, run_args)``, called by keyword after each version change."""

CompareServerDefault = Callable[
    [
        MigrationContext,
        "Column[Any]",
        "Column[Any]",
        Optional[str],
        Optional[FetchedValue],
        Optional[str],
    ],
    Optional[bool],
]
"""``fn(context, inspected_column, metadata_column, inspected_default, metadata_default,
rendered_metadata_default)``: whether they differ; None: as the dialect says."""

CompareType = Callable[
    [
        MigrationContext,
        "Column[Any]",
        "Column[Any]",
        "TypeEngine[Any]",
        "TypeEngine[Any]",
    ],
    Optional[bool],
]
"""``fn(context, inspected_column, metadata_column, inspected_type, metadata_type)``:
whether they differ; None: as the dialect says."""
