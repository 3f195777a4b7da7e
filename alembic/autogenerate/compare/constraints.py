"""The comparators of indexes, constraints and nullability, as one plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .foreign_keys import _compare_foreign_keys
from .indexes import _compare_indexes_and_uniques
from .nullable import _compare_nullable

if TYPE_CHECKING:
    from alembic.plugins import Plugin

__all__ = [
    "_compare_foreign_keys",
    "_compare_indexes_and_uniques",
    "_compare_nullable",
    "setup",
]


def setup(plugin: Plugin) -> None:
    """Register the three comparators."""
    plugin.add_autogenerate_comparator(_compare_indexes_and_uniques, "table", "indexes")
    plugin.add_autogenerate_comparator(_compare_foreign_keys, "table", "foreignkeys")
    plugin.add_autogenerate_comparator(_compare_nullable, "column", "nullable")
