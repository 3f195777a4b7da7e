"""The test kit: for dialects of your own, and for the migrations of a project.

`alembic.testing.migrations` checks a project's migrations. The rest is for packages
that bring a dialect or a plugin, and is written for pytest.
"""

from __future__ import annotations
