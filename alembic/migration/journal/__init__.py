"""The journal of statements, where the database commits schema changes by itself."""

from __future__ import annotations

from .entries import Unfinished
from .journal import Journal

__all__ = ["Journal", "Unfinished"]
