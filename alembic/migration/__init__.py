"""Migrating one database: its context, its version table, its transactions."""

from __future__ import annotations

from ..script.steps import MigrationInfo
from ..script.steps import MigrationStep
from ..script.steps import RevisionStep
from ..script.steps import StampStep
from ..util.compat import EncodedIO
from .migration_context import MigrationContext
from .version_table import HeadMaintainer

__all__ = [
    "EncodedIO",
    "HeadMaintainer",
    "MigrationContext",
    "MigrationInfo",
    "MigrationStep",
    "RevisionStep",
    "StampStep",
]
