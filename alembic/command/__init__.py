"""What the command line does, as functions: ``command.upgrade(config, "head")``.

The first argument of each is a `alembic.config.Config`; the others have the names of
the options on the command line. A function of this module is a command when it is
named in ``__all__``.
"""

from __future__ import annotations

from .authoring import check
from .authoring import edit
from .authoring import merge
from .authoring import revision
from .listing import branches
from .listing import current
from .listing import heads
from .listing import history
from .listing import show
from .moving import downgrade
from .moving import ensure_version
from .moving import stamp
from .moving import upgrade
from .resolving import resolve
from .scaffold import init
from .scaffold import list_templates

__all__ = [
    "branches",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "history",
    "init",
    "list_templates",
    "merge",
    "resolve",
    "revision",
    "show",
    "stamp",
    "upgrade",
]

# programs tell a command by the module that it says it is from
for _name in __all__:
    globals()[_name].__module__ = __name__
del _name
