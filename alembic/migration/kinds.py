"""Loads what is made for one kind of database, by its dialect."""

from __future__ import annotations

from importlib import import_module
from typing import Any
from typing import Dict
from typing import Optional
from typing import Tuple

Kinds = Dict[str, Tuple[str, str]]
"""A module beside the table, and a name in it, by dialect."""


def load_kind(kinds: Kinds, dialect_name: str, package: Optional[str]) -> Any:
    """Return what a table names for a dialect; None where it names nothing.

    It is loaded by name, so that a run imports the one kind that it needs.

    :param kinds: the table.
    :param dialect_name: the name of the dialect.
    :param package: the package of the table's modules.
    """
    kind = kinds.get(dialect_name)
    if kind is None:
        return None
    module, name = kind
    return getattr(import_module(f"{package}.{module}"), name)
