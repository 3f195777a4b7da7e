"""Operations that are written down instead of run.

What reads revision scripts for their contents, such as a linter, runs ``upgrade()``
with these in place of the real ones.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import NoReturn
from typing import Optional
from typing import TYPE_CHECKING

from alembic.util.exc import CommandError

from . import arguments
from . import ops
from .base import BatchOperations
from .base import Operations

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.migration.migration_context import MigrationContext


class Place(NamedTuple):
    """Where in a script an operation was written."""

    file: str
    line: int


class RecordingOperations(Operations):
    """Takes every operation and keeps it.

    :param migration_context: a context, which need not have a connection; its dialect
        is what a script sees.

    :ivar recorded: the operations, in order. Those of a batch stand together in a
        `ModifyTableOps`, those of classes of one's own as they were given.

    Example::

        with RecordingOperations.context(migration_context) as recording:
            script.module.upgrade()
        for operation in recording.recorded:
            print(operation, recording.place_of(operation))
    """

    def __init__(self, migration_context: MigrationContext, impl: Any = None) -> None:
        super().__init__(migration_context, impl)
        self.recorded: List[ops.MigrateOperation] = []
        self._places: Dict[int, Place] = {}

    def invoke(self, operation: ops.MigrateOperation) -> Any:
        """Write an operation down.

        :return: for ``create_table`` the table, as in earnest; else None.
        """
        return _write_down(self, self.recorded, operation)

    def place_of(self, operation: ops.MigrateOperation) -> Optional[Place]:
        """Return where a recorded operation was written; None if it was not here."""
        return self._places.get(id(operation))

    @contextmanager
    def batch_alter_table(
        self, table_name: str, schema: Optional[str] = None, *args: Any, **kw: Any
    ) -> Iterator[BatchOperations]:
        """Gather the operations of one table; see `Operations.batch_alter_table`."""
        batch = ops.ModifyTableOps(table_name, [], schema=schema)
        self._places[id(batch)] = Place(*arguments.position())
        yield _RecordingBatch(self, batch)
        self.recorded.append(batch)

    def get_bind(self) -> NoReturn:
        """Refuse: there is no connection while a script is only read.

        :raises CommandError: always.
        """
        raise CommandError(
            "op.get_bind(): the script is read, not run, and there is no connection "
            f"({arguments.caller()})"
        )


class _TableOnly:
    """Stands for what carries a batch out, of which a directive asks the table."""

    def __init__(self, batch: ops.ModifyTableOps) -> None:
        self.table_name = batch.table_name
        self.schema = batch.schema


class _RecordingBatch(BatchOperations):
    """Takes every operation of a batch and keeps it."""

    def __init__(
        self, recording: RecordingOperations, batch: ops.ModifyTableOps
    ) -> None:
        super().__init__(recording.migration_context, impl=_TableOnly(batch))
        self._recording = recording
        self._batch = batch

    def invoke(self, operation: ops.MigrateOperation) -> Any:
        return _write_down(self._recording, self._batch.ops, operation)

    def get_bind(self) -> NoReturn:
        self._recording.get_bind()


def _write_down(
    recording: RecordingOperations,
    where: List[ops.MigrateOperation],
    operation: ops.MigrateOperation,
) -> Optional[Table]:
    where.append(operation)
    recording._places[id(operation)] = Place(*arguments.position())  # noqa: SLF001
    if isinstance(operation, ops.CreateTableOp):
        return operation.to_table(recording.migration_context)
    return None
