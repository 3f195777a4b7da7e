"""Records the SQL that operations emit for a dialect without a server."""

from __future__ import annotations

import io
from typing import Any
from typing import List

from alembic.migration import MigrationContext
from alembic.operations import Operations

DIALECTS = ("sqlite", "postgresql", "mysql", "mssql", "oracle")


class Recorder:
    """An offline context with its operations and what they wrote.

    Example::

        recorder = Recorder("postgresql")
        recorder.op.drop_table("t")
        assert recorder.statements == ["DROP TABLE t"]
    """

    def __init__(self, dialect_name: str, **opts: Any) -> None:
        self.buffer = io.StringIO()
        self.context = MigrationContext.configure(
            dialect_name=dialect_name,
            opts={"as_sql": True, "output_buffer": self.buffer, **opts},
        )
        self.op = Operations(self.context)

    @property
    def text(self) -> str:
        """Everything that was written, as it was written."""
        return self.buffer.getvalue()

    @property
    def statements(self) -> List[str]:
        """The statements without separators, each on one line."""
        separators = {"GO", "/"}
        text = self.text.replace("\r", "")
        blocks = [block.strip() for block in text.split("\n\n")]
        return [
            " ".join(block.rstrip(";").split())
            for block in blocks
            if block and block not in separators
        ]
