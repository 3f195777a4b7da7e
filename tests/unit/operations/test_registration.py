"""How operations of one's own join the vocabulary, and how implementations change."""

from __future__ import annotations

import inspect

import pytest
import sqlalchemy as sa

from alembic import op as op_module
from alembic.operations import BatchOperations
from alembic.operations import MigrateOperation
from alembic.operations import Operations
from alembic.operations import ops
from alembic.operations.abstract import OperationsCore
from tests.support.recorder import Recorder


@pytest.fixture(autouse=True)
def _undo(monkeypatch):
    """Whatever a test registers is forgotten after it."""
    monkeypatch.setattr(OperationsCore, "_to_impl", OperationsCore._to_impl.branch())
    known = {cls: dict(vars(cls)) for cls in (Operations, BatchOperations)}
    module = dict(vars(op_module))
    yield
    for cls, before in known.items():
        for name in set(vars(cls)) - set(before):
            delattr(cls, name)
    for name in set(vars(op_module)) - set(module):
        delattr(op_module, name)


class CreateSequenceOp(MigrateOperation):
    """An operation such as an extension defines."""

    def __init__(self, name, start=1):
        self.name = name
        self.start = start

    @classmethod
    def create_sequence(cls, operations, name, start=1):
        """Create a sequence."""
        return operations.invoke(cls(name, start))

    @classmethod
    def batch_create_sequence(cls, operations, start):
        return operations.invoke(cls(operations.impl.table_name, start))


def register():
    @Operations.implementation_for(CreateSequenceOp)
    def create_sequence(operations, operation):
        operations.execute(f"CREATE SEQUENCE {operation.name}")
        return operation.start

    Operations.register_operation("create_sequence")(CreateSequenceOp)


def test_registered_operation_is_a_directive():
    """Its class method becomes a method that returns what the implementation does."""
    register()
    recorder = Recorder("postgresql")
    assert recorder.op.create_sequence("s", start=7) == 7
    assert recorder.statements == ["CREATE SEQUENCE s"]
    assert Operations.create_sequence.__doc__ == "Create a sequence."
    assert str(inspect.signature(Operations.create_sequence)) == (
        "(self, name, start=1)"
    )


def test_registered_operation_is_on_the_module_op():
    """What is registered later can be said on ``op`` as well."""
    register()
    recorder = Recorder("postgresql")
    with Operations.context(recorder.context):
        assert op_module.create_sequence("s") == 1


def test_sourcename_tells_the_class_method_that_a_directive_calls():
    """The directive and the class method may have different names."""
    register()
    BatchOperations.register_operation("create_sequence", "batch_create_sequence")(
        CreateSequenceOp
    )
    recorder = Recorder("postgresql")
    with recorder.op.batch_alter_table("t") as batch_op:
        assert batch_op.create_sequence(3) == 3
    assert recorder.statements == ["CREATE SEQUENCE t"]


def test_operation_without_implementation_is_refused():
    """The error names the operation."""
    recorder = Recorder("postgresql")
    with pytest.raises(ValueError, match="no dispatch function.*CreateSequenceOp"):
        recorder.op.invoke(CreateSequenceOp("s"))


def test_second_implementation_must_say_that_it_replaces():
    """One of Alembic's own is not replaced by accident."""
    with pytest.raises(ValueError, match="use replace=True"):
        Operations.implementation_for(ops.AddColumnOp)(lambda operations, op: None)

    @Operations.implementation_for(ops.AddColumnOp, replace=True)
    def replaced(operations, operation):
        operations.execute(f"-- {operation.column.name}")

    recorder = Recorder("postgresql")
    recorder.op.add_column("t", sa.Column("x", sa.Integer()))
    assert recorder.statements == ["-- x"]


@pytest.mark.parametrize(
    ("dialect", "expected"), [("sqlite", "for sqlite"), ("postgresql", "for all")]
)
def test_implementation_may_be_for_one_dialect(dialect, expected):
    """The implementation for the dialect in use wins over the one for all."""
    Operations.implementation_for(CreateSequenceOp)(lambda operations, op: "for all")
    Operations.implementation_for(CreateSequenceOp, qualifier="sqlite")(
        lambda operations, op: "for sqlite"
    )
    assert Recorder(dialect).op.invoke(CreateSequenceOp("s")) == expected


def test_subclass_takes_the_place_of_an_operation():
    """Registered under the same name, it is what the directive makes from then on."""
    made = []

    @Operations.register_operation("add_column")
    class LoudAddColumnOp(ops.AddColumnOp):
        def __init__(self, *args, **kw):
            super().__init__(*args, **kw)
            self.loud = True

    @Operations.implementation_for(LoudAddColumnOp)
    def add_column(operations, operation):
        made.append(operation)

    Recorder("sqlite").op.add_column("t", sa.Column("x", sa.Integer()), schema="s")
    (operation,) = made
    assert type(operation) is LoudAddColumnOp
    assert (operation.loud, operation.schema) == (True, "s")


def test_class_methods_of_operations_run_them():
    """``DropTableOp.drop_table(operations, ...)`` does what ``op.drop_table`` does."""
    recorder = Recorder("postgresql")
    ops.DropTableOp.drop_table(recorder.op, "t", schema="s")
    with recorder.op.batch_alter_table("t", schema="s") as batch_op:
        ops.DropColumnOp.batch_drop_column(batch_op, "x")
    assert recorder.statements == [
        "DROP TABLE s.t",
        "ALTER TABLE s.t DROP COLUMN x",
    ]


def test_operations_know_their_context():
    """Context, implementation and bind are those of the migration context."""
    recorder = Recorder("postgresql")
    assert recorder.op.get_context() is recorder.context
    assert recorder.op.impl is recorder.context.impl
    assert recorder.op.get_bind() is recorder.context.impl.bind
    assert recorder.op.schema_obj.migration_context is recorder.context


def test_f_marks_a_name_as_final():
    """A naming convention leaves such a name alone."""
    convention = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
    recorder = Recorder(
        "postgresql", target_metadata=sa.MetaData(naming_convention=convention)
    )
    recorder.op.drop_constraint("c", "t", type_="check")
    recorder.op.drop_constraint(recorder.op.f("c"), "t", type_="check")
    assert recorder.statements == [
        "ALTER TABLE t DROP CONSTRAINT ck_t_c",
        "ALTER TABLE t DROP CONSTRAINT c",
    ]


def test_name_of_the_convention_is_used_where_nothing_can_be_looked_up():
    """With columns and a convention, ``--sql`` needs no name either."""
    convention = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
    metadata = sa.MetaData(naming_convention=convention)
    recorder = Recorder("postgresql", target_metadata=metadata)
    recorder.op.drop_constraint(None, "t", type_="unique", columns=["b"])
    assert recorder.statements == ["ALTER TABLE t DROP CONSTRAINT uq_t_b"]
