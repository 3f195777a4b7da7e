"""A plugin as a package with type checks has it: all that one can bring."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Set
from typing import Union

from alembic.autogenerate import comparators
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.ddl.impl import DefaultImpl
from alembic.operations import BatchOperations
from alembic.operations import MigrateOperation
from alembic.operations import Operations
from alembic.operations import ops
from alembic.runtime.plugins import Plugin
from alembic.script import write_hooks
from alembic.util import DispatchPriority
from alembic.util import PriorityDispatchResult


class AcmeImpl(DefaultImpl):
    __dialect__ = "acme"
    transactional_ddl = True


@Operations.register_operation("create_grant")
@BatchOperations.register_operation("create_grant", "batch_create_grant")
class CreateGrantOp(MigrateOperation):
    """Grant something on a table."""

    def __init__(self, table: str, role: str, schema: Optional[str] = None) -> None:
        self.table = table
        self.role = role
        self.schema = schema

    @classmethod
    def create_grant(cls, operations: Operations, table: str, role: str) -> Any:
        return operations.invoke(cls(table, role))

    @classmethod
    def batch_create_grant(cls, operations: BatchOperations, role: str) -> Any:
        return operations.invoke(cls(operations.impl.table_name, role))

    def reverse(self) -> MigrateOperation:
        return ops.ExecuteSQLOp(f"REVOKE ALL ON {self.table} FROM {self.role}")


@Operations.implementation_for(CreateGrantOp)
def create_grant(operations: Operations, operation: CreateGrantOp) -> None:
    operations.execute(f"GRANT ALL ON {operation.table} TO {operation.role}")


@renderers.dispatch_for(CreateGrantOp)
def render_grant(
    autogen_context: AutogenContext, op: CreateGrantOp
) -> Union[str, List[str]]:
    autogen_context.imports.add("import acme")
    return f"op.create_grant({op.table!r}, {op.role!r})"


def compare_grants(
    autogen_context: AutogenContext,
    upgrade_ops: ops.UpgradeOps,
    schemas: Set[Optional[str]],
) -> PriorityDispatchResult:
    assert autogen_context.connection is not None
    upgrade_ops.ops.append(CreateGrantOp("t", "r"))
    return PriorityDispatchResult.CONTINUE


@comparators.dispatch_for("schema")
def compare_old_style(
    autogen_context: AutogenContext,
    upgrade_ops: ops.UpgradeOps,
    schemas: Set[Optional[str]],
) -> None:
    upgrade_ops.ops.extend([ops.ExecuteSQLOp("SELECT 1")])


@write_hooks.register("licence")
def add_licence(filename: str, options: Dict[str, Any]) -> None:
    print(filename, options["licence.holder"])


def setup(plugin: Plugin) -> None:
    plugin.add_autogenerate_comparator(
        compare_grants,
        "schema",
        "grants",
        qualifier="acme",
        priority=DispatchPriority.LAST,
    )
    plugin.add_autogenerate_comparator(1)  # wrong
    plugin.add_comparator(compare_grants, "schema")  # wrong


text: str = create_grant  # wrong
CreateGrantOp("t")  # wrong
