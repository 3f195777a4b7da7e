"""Door: plugins under their old path."""

from __future__ import annotations

from typing import Any

from .. import plugins as _home
from ..plugins import _legacy_plugin_names
from ..plugins import _make_re
from ..plugins import _setup
from ..plugins import _translate_legacy_name
from ..plugins import log
from ..plugins import Plugin

__all__ = [
    "_legacy_plugin_names",
    "_make_re",
    "_setup",
    "_translate_legacy_name",
    "log",
    "Plugin",
]


def __getattr__(name: str) -> Any:
    # the table of plugins is filled when it is first asked for
    if name == "_all_plugins":
        return getattr(_home, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
