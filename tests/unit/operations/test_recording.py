"""Operations that are written down instead of run."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic import op
from alembic.operations import ops
from alembic.operations.recording import RecordingOperations
from alembic.util.exc import CommandError
from tests.support.recorder import Recorder


def test_nothing_runs_and_everything_is_kept():
    """The operations come out in order, and no SQL was written."""
    recorder = Recorder("postgresql")
    with RecordingOperations.context(recorder.context) as recording:
        table = op.create_table("t", sa.Column("x", sa.Integer))
        op.bulk_insert(table, [{"x": 1}])
        op.execute("SELECT 1")
        with op.batch_alter_table("t", schema="s") as batch_op:
            batch_op.drop_column("y")
            batch_op.create_index("ix", ["x"])
    assert recorder.statements == []
    assert [type(operation) for operation in recording.recorded] == [
        ops.CreateTableOp,
        ops.BulkInsertOp,
        ops.ExecuteSQLOp,
        ops.ModifyTableOps,
    ]
    batch = recording.recorded[-1]
    assert (batch.table_name, batch.schema) == ("t", "s")
    assert [type(operation) for operation in batch.ops] == [
        ops.DropColumnOp,
        ops.CreateIndexOp,
    ]
    assert batch.ops[0].table_name == "t"
    assert batch.ops[0].schema == "s"


def test_every_operation_knows_its_line():
    """Those in a batch too."""
    recording = RecordingOperations(Recorder("postgresql").context)
    here = test_every_operation_knows_its_line.__code__.co_firstlineno
    recording.drop_table("t")
    with recording.batch_alter_table("t") as batch_op:
        batch_op.drop_column("y")
    dropped, batch = recording.recorded
    places = [recording.place_of(found) for found in (dropped, batch, batch.ops[0])]
    assert [place.line - here for place in places] == [4, 5, 6]
    assert {place.file for place in places} == {__file__}
    assert recording.place_of(ops.UpgradeOps()) is None


def test_there_is_no_connection_to_ask():
    """A script that wants one is told so, with its line."""
    recording = RecordingOperations(Recorder("postgresql").context)
    with pytest.raises(CommandError, match=r"no connection \(test_recording.py, line"):
        recording.get_bind()
    with pytest.raises(
        CommandError, match="no connection"
    ), recording.batch_alter_table("t") as batch_op:
        batch_op.get_bind()


def test_mistakes_are_found_as_in_earnest():
    """What could not run is not written down."""
    recording = RecordingOperations(Recorder("postgresql").context)
    with pytest.raises(CommandError, match="the column is given as"):
        recording.add_column("t", "x")
    assert recording.recorded == []
