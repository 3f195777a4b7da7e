"""Batch changes of SQLite tables on the text that SQLite itself keeps of them."""

from __future__ import annotations
