# PYTHON_ARGCOMPLETE_OK
"""Door: the options of a project and the command line, at their public address."""

from __future__ import annotations

from .cli.main import CommandFunction
from .cli.main import CommandLine
from .cli.main import main
from .settings import Config
from .settings import MessagingOptions

__all__ = ["CommandFunction", "CommandLine", "Config", "main", "MessagingOptions"]
