"""Door: Script and ScriptDirectory under their old path."""

from __future__ import annotations

from .directory import _default_file_template as _default_file_template
from .directory import ScriptDirectory
from .script import Script

__all__ = ["Script", "ScriptDirectory"]
