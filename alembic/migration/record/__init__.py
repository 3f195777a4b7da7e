"""The record of what ran: a table beside the version table, for those who want one."""

from __future__ import annotations

from .entries import Entry
from .findings import Finding
from .migration_record import MigrationRecord

__all__ = ["Entry", "Finding", "MigrationRecord"]
