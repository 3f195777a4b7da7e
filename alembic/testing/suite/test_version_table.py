"""The version table: it is made, and says where the database stands."""

from __future__ import annotations

from typing import Any

import pytest

from ...sqla import connections
from .base import SuiteTest


class _Move:
    """A step that goes from some revisions to others and does nothing else."""

    is_upgrade = True
    is_downgrade = False
    doc = None
    info = None

    def __init__(self, from_: str, to_: str) -> None:
        self.from_revisions_no_deps = (from_,) if from_ else ()
        self.to_revisions_no_deps = (to_,)
        self.short_log = f"upgrade {from_} -> {to_}"
        self.insert_version_num = to_
        self._new = not from_
        self._update = (from_, to_)

    def migration_fn(self, **kw: Any) -> None:
        """Do nothing."""

    def should_delete_branch(self, heads: Any) -> bool:
        """No row goes."""
        return False

    def should_create_branch(self, heads: Any) -> bool:
        """The first step adds a row."""
        return self._new

    def should_merge_branches(self, heads: Any) -> bool:
        """No rows are joined."""
        return False

    def should_unmerge_branches(self, heads: Any) -> bool:
        """No row is split."""
        return False

    def update_version_num(self, heads: Any) -> Any:
        """The row to change, and what it becomes."""
        return self._update


class TestVersionTable(SuiteTest):
    """Steps change the rows; a failure takes them back where the database can."""

    def _go(self, *steps: Any) -> None:
        context = self.context(fn=lambda heads, context: list(steps))
        with context.begin_transaction():
            context.run_migrations()
        connections.commit(self.connection)

    def _heads(self) -> Any:
        with connections.scope_for_ddl(self.connection):
            return self.context().get_current_heads()

    def test_begins_with_nothing(self) -> None:
        """Without a version table a database stands nowhere."""
        assert self._heads() == ()

    def test_steps_are_written_down(self) -> None:
        """Each step moves the row."""
        self._go(_Move("", "a"), _Move("a", "b"))
        assert self._heads() == ("b",)
        self._go(_Move("b", "c"))
        assert self._heads() == ("c",)

    def test_failed_step_is_not_written_down(self) -> None:
        """A step that fails leaves the row as it was before it, or before the run."""

        class Fails(_Move):
            def migration_fn(self, **kw: Any) -> None:
                raise ValueError("as it should")

        self._go(_Move("", "a"))
        with pytest.raises(ValueError, match="as it should"):
            self._go(_Move("a", "b"), Fails("b", "c"))
        connections.rollback(self.connection)
        wanted = "a" if self.context().impl.transactional_ddl else "b"
        assert self._heads() in (("a",), (wanted,))
