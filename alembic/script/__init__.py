"""Revision files and their history; no database."""

from __future__ import annotations

from .directory import ScriptDirectory
from .script import Script

__all__ = ["Script", "ScriptDirectory"]
