"""What differs between a database and a model, as operations.

The steps, each run for what the one before it found, are ``"autogenerate"``,
``"schema"``, ``"table"`` and ``"column"``. Every module here whose name stands in the
table of built-in plugins registers functions for some of them; programs add functions
of their own through `comparators` or as plugins.
"""

from __future__ import annotations

from alembic.autogenerate.autogen_context import comparators as comparators

from .pipeline import _populate_migration_script as _populate_migration_script
from .schema import _produce_net_changes as _produce_net_changes

__all__ = ["comparators"]
