# PYTHON_ARGCOMPLETE_OK
"""Door: the options of a project and the command line, at their public address."""

from __future__ import annotations

from .cli.main import CommandFunction
from .cli.main import CommandLine
from .cli.main import main

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import List

    from .settings import Config
    from .settings.messaging_options import MessagingOptions

__all__ = ["CommandFunction", "CommandLine", "Config", "main", "MessagingOptions"]


def __getattr__(name: str) -> Any:
    # who only asks for help has no options
    if name == "Config":
        from .settings import Config

        return Config
    if name == "MessagingOptions":
        from .settings.messaging_options import MessagingOptions

        return MessagingOptions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted({*globals(), *__all__})
