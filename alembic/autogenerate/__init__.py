"""What changed in the model, and how to write it down as a revision file."""

from __future__ import annotations

from alembic.autogenerate.api import _render_migration_diffs as _render_migration_diffs
from alembic.autogenerate.api import compare_metadata as compare_metadata
from alembic.autogenerate.api import not_compared as not_compared
from alembic.autogenerate.api import produce_migrations as produce_migrations
from alembic.autogenerate.api import render_python_code as render_python_code
from alembic.autogenerate.api import RevisionContext as RevisionContext
from alembic.autogenerate.compare import _produce_net_changes as _produce_net_changes
from alembic.autogenerate.compare import comparators as comparators
from alembic.autogenerate.render import render_op_text as render_op_text
from alembic.autogenerate.render import renderers as renderers
from alembic.autogenerate.rewriter import Rewriter as Rewriter
