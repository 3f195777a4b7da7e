"""The vocabulary of migrations: what can be said on ``op`` and in a batch.

Each directive makes an operation of `alembic.operations.ops` and invokes it. The
modules are families; in each, one class is for `Operations` and one for
`BatchOperations`, where the table is known already.
"""
