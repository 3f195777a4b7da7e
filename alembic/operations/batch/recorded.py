"""A change that a batch has taken note of and not made yet."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Tuple

Change = Tuple[str, Tuple[Any, ...], Dict[str, Any]]
"""The name of the method of `DefaultImpl`, its arguments, its keywords."""

TEMPORARY_NAME_LENGTH = 50


def temporary_name(table_name: str) -> str:
    """Return the name under which a new version of a table is made."""
    return f"_alembic_tmp_{table_name}"[:TEMPORARY_NAME_LENGTH]
