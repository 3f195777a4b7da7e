"""Grants: an operation with all that belongs to it, in one plugin."""

from __future__ import annotations

import sqlalchemy as sa

from alembic.autogenerate import renderers
from alembic.operations import MigrateOperation
from alembic.operations import Operations
from alembic.script import write_hooks
from alembic.util import PriorityDispatchResult


@Operations.register_operation("grant")
class GrantOp(MigrateOperation):
    """Let somebody use a table."""

    def __init__(self, table, role):
        self.table = table
        self.role = role

    @classmethod
    def grant(cls, operations, table, role):
        """Let somebody use a table."""
        return operations.invoke(cls(table, role))

    def reverse(self):
        return RevokeOp(self.table, self.role)


@Operations.register_operation("revoke")
class RevokeOp(GrantOp):
    """Let somebody use a table no more."""

    @classmethod
    def revoke(cls, operations, table, role):
        """Let somebody use a table no more."""
        return operations.invoke(cls(table, role))

    def reverse(self):
        return GrantOp(self.table, self.role)


# SQLite knows no grants, so they are rows of a table
@Operations.implementation_for(GrantOp)
def run_grant(operations, operation):
    operations.execute(
        f"INSERT INTO acme_grant VALUES ('{operation.table}', '{operation.role}')"
    )


@Operations.implementation_for(RevokeOp)
def run_revoke(operations, operation):
    operations.execute(
        f"DELETE FROM acme_grant WHERE name = '{operation.table}' "
        f"AND role = '{operation.role}'"
    )


@renderers.dispatch_for(GrantOp)
def render_grant(autogen_context, op):
    autogen_context.imports.add("import acme")
    return f"op.grant({op.table!r}, {op.role!r})"


@renderers.dispatch_for(RevokeOp)
def render_revoke(autogen_context, op):
    return f"op.revoke({op.table!r}, {op.role!r})"


@write_hooks.register("acme_licence")
def add_licence(path, options):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# (c) {options['holder']}\n{text}")


def compare_grants(autogen_context, upgrade_ops, schemas):
    """Grant what ``table.info["grant"]`` says and the database does not."""
    rows = autogen_context.connection.execute(sa.text("SELECT * FROM acme_grant"))
    there = {tuple(row) for row in rows}
    wanted = {
        (table.name, role)
        for table in autogen_context.sorted_tables
        for role in table.info.get("grant", ())
    }
    upgrade_ops.ops += [GrantOp(*each) for each in sorted(wanted - there)]
    upgrade_ops.ops += [RevokeOp(*each) for each in sorted(there - wanted)]
    return PriorityDispatchResult.CONTINUE


def setup(plugin):
    """Called by Alembic when it first needs plugins."""
    plugin.add_autogenerate_comparator(compare_grants, "schema", "grants")
