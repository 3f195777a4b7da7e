"""Alembic: schema migrations for SQLAlchemy.

Importing this package imports nothing else: ``alembic.op``, ``alembic.context`` and
the other modules are loaded when they are first touched.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import List


__version__ = "1.21.0"

_MODULES = (
    "aio",
    "autogenerate",
    "command",
    "config",
    "context",
    "ddl",
    "environment",
    "ext",
    "migration",
    "op",
    "operations",
    "plugins",
    "runtime",
    "script",
    "testing",
    "util",
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        import importlib

        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted({*globals(), *_MODULES})
