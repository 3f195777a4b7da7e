"""Where the `Operations` of a run are held, for those who import `alembic.op`.

Commands that only look at a database run no operation, and need not load what makes
them.
"""

from __future__ import annotations

from typing import Any

from ..util.module_proxy import Current

OPERATIONS: Current[Any] = Current("Operations")
