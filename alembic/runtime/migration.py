"""Door: the migration context and its steps under their old path."""

from __future__ import annotations

from ..migration import EncodedIO
from ..migration import HeadMaintainer
from ..migration import MigrationContext
from ..migration import MigrationInfo
from ..migration import MigrationStep
from ..migration import RevisionStep
from ..migration import StampStep
from ..migration.migration_context import log
from ..migration.transactions import TransactionHandle as _ProxyTransaction

__all__ = [
    "_ProxyTransaction",
    "EncodedIO",
    "HeadMaintainer",
    "log",
    "MigrationContext",
    "MigrationInfo",
    "MigrationStep",
    "RevisionStep",
    "StampStep",
]
