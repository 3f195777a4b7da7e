"""Every operation has all its parts: directive, implementation, renderer, reverse."""

from __future__ import annotations

import inspect

import pytest
import sqlalchemy as sa

from alembic import op
from alembic.operations import BatchOperations
from alembic.operations import Operations
from alembic.operations import ops

CONTAINERS = (ops.ModifyTableOps, ops.UpgradeOps, ops.DowngradeOps)
NOT_REVERSIBLE = (ops.ExecuteSQLOp, ops.BulkInsertOp)
NEVER_RENDERED = (ops.BulkInsertOp, ops.RenameTableOp)
ONLY_ON_OP = {
    "bulk_insert",
    "create_table",
    "drop_table",
    "rename_table",
}


def account():
    return sa.Table(
        "account",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50)),
    )


def an_operation(op_class):
    """Return an operation of the class that knows all it may know."""
    table = account()
    unique = sa.UniqueConstraint(table.c.name, name="uq_name")
    made = {
        ops.AddColumnOp: lambda: ops.AddColumnOp.from_column(table.c.name),
        ops.AlterColumnOp: lambda: ops.AlterColumnOp(
            "account", "name", modify_nullable=False, existing_nullable=True
        ),
        ops.BulkInsertOp: lambda: ops.BulkInsertOp(table, [{"id": 1}]),
        ops.CreateCheckConstraintOp: lambda: ops.CreateCheckConstraintOp(
            "ck_name", "account", "length(name) > 2"
        ),
        ops.CreateExcludeConstraintOp: lambda: ops.CreateExcludeConstraintOp(
            "no_overlap", "account", [("name", "=")]
        ),
        ops.CreateForeignKeyOp: lambda: ops.CreateForeignKeyOp(
            "fk_name", "account", "person", ["name"], ["name"]
        ),
        ops.CreateIndexOp: lambda: ops.CreateIndexOp("ix_name", "account", ["name"]),
        ops.CreatePrimaryKeyOp: lambda: ops.CreatePrimaryKeyOp(
            "pk_account", "account", ["id"]
        ),
        ops.CreateTableCommentOp: lambda: ops.CreateTableCommentOp("account", "who"),
        ops.CreateTableOp: lambda: ops.CreateTableOp.from_table(table),
        ops.CreateUniqueConstraintOp: lambda: ops.CreateUniqueConstraintOp(
            "uq_name", "account", ["name"]
        ),
        ops.DropColumnOp: lambda: ops.DropColumnOp.from_column_and_tablename(
            None, "account", table.c.name
        ),
        ops.DropConstraintOp: lambda: ops.DropConstraintOp.from_constraint(unique),
        ops.DropIndexOp: lambda: ops.DropIndexOp.from_index(
            sa.Index("ix_name", table.c.name)
        ),
        ops.DropTableCommentOp: lambda: ops.DropTableCommentOp(
            "account", existing_comment="who"
        ),
        ops.DropTableOp: lambda: ops.DropTableOp.from_table(table),
        ops.ExecuteSQLOp: lambda: ops.ExecuteSQLOp("SELECT 1"),
        ops.RenameTableOp: lambda: ops.RenameTableOp("account", "customer"),
        ops.ModifyTableOps: lambda: ops.ModifyTableOps("account", []),
        ops.UpgradeOps: ops.UpgradeOps,
        ops.DowngradeOps: ops.DowngradeOps,
    }
    return made[op_class]()


OPERATIONS = sorted(ops.DIRECTIVES.values(), key=lambda op_class: op_class.__name__)


def test_every_class_of_operation_has_a_directive():
    """No operation stands in `ops` that cannot be said on ``op``."""
    abstract = {ops.MigrateOperation, ops.AlterTableOp, ops.AddConstraintOp}
    containers = {*CONTAINERS, ops.OpContainer, ops.MigrationScript}
    classes = {
        member
        for member in vars(ops).values()
        if inspect.isclass(member) and issubclass(member, ops.MigrateOperation)
    }
    assert classes - abstract - containers == set(ops.DIRECTIVES.values())


@pytest.mark.parametrize("name", sorted(ops.DIRECTIVES))
def test_directive_is_there_and_documented(name):
    """Each directive is a method of Operations with a docstring of its own."""
    method = getattr(Operations, name)
    assert len(method.__doc__) > 100
    assert getattr(op, name).__doc__ == method.__doc__


@pytest.mark.parametrize("name", sorted(set(ops.DIRECTIVES) - ONLY_ON_OP))
def test_directive_is_there_in_a_batch(name):
    """Each directive that speaks of one table is a method of BatchOperations."""
    method = getattr(BatchOperations, name)
    assert "table_name" not in inspect.signature(method).parameters
    assert method.__doc__


@pytest.mark.parametrize("name", sorted(ONLY_ON_OP))
def test_directive_for_whole_tables_is_not_in_a_batch(name):
    """What speaks of whole tables cannot be said in a batch of one."""
    assert not hasattr(BatchOperations, name)


@pytest.mark.parametrize("op_class", OPERATIONS)
def test_operation_has_an_implementation(op_class):
    """Each operation can be carried out."""
    assert callable(Operations._to_impl.dispatch(an_operation(op_class)))


@pytest.mark.parametrize(
    "op_class", [*OPERATIONS, *CONTAINERS], ids=lambda op_class: op_class.__name__
)
def test_operation_reverses_twice_to_itself(op_class):
    """What undoes the undoing of an operation is an operation of the same class."""
    operation = an_operation(op_class)
    if op_class in NOT_REVERSIBLE:
        with pytest.raises(NotImplementedError, match="by hand"):
            operation.reverse()
    else:
        assert type(operation.reverse().reverse()) is op_class


@pytest.mark.parametrize(
    "op_class", [found for found in OPERATIONS if found not in NEVER_RENDERED]
)
def test_operation_has_a_renderer(op_class):
    """Each operation that autogenerate can produce is written down as Python."""
    from alembic.autogenerate.render import renderers

    assert callable(renderers.dispatch(an_operation(op_class)))


@pytest.mark.parametrize("name", sorted(ops.DIRECTIVES))
def test_class_methods_have_the_signature_of_the_directive(name):
    """``AddColumnOp.add_column(operations, ...)`` takes what ``op.add_column`` takes."""
    op_class = ops.DIRECTIVES[name]
    for kind, method_name in ((Operations, name), (BatchOperations, f"batch_{name}")):
        directive = getattr(kind, name, None)
        if directive is None:
            assert not hasattr(op_class, method_name)
            continue
        _, *expected = inspect.signature(directive).parameters.values()
        first, *found = inspect.signature(
            getattr(op_class, method_name)
        ).parameters.values()
        assert first.name == "operations"
        assert found == expected


def test_info_is_a_dictionary_of_the_operations_own():
    """Notes on one operation are not seen on another."""
    one, other = ops.UpgradeOps(), ops.UpgradeOps()
    one.info["seen"] = True
    assert one.info == {"seen": True}
    assert other.info == {}
