"""What operations of other packages do already is not done twice."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from alembic.autogenerate.compare.extensions import leave_to_extensions
from alembic.autogenerate.compare.extensions import types_of_extensions
from alembic.autogenerate.compare.statements import ReversibleSQLOp
from alembic.operations.ops import ExecuteSQLOp
from alembic.operations.ops import MigrateOperation
from alembic.operations.ops import ModifyTableOps
from alembic.operations.ops import UpgradeOps

CONTEXT = SimpleNamespace(dialect=SimpleNamespace(default_schema_name="public"))


class SyncEnumOp(MigrateOperation):
    """An operation of another package, about a type."""

    def __init__(self, schema, name):
        self.schema = schema
        self.name = name


def about(schema, name):
    """Return a statement of this project about an enumeration."""
    op = ReversibleSQLOp("ALTER TYPE", "ALTER TYPE back")
    op.enum = (schema, name)
    return op


@pytest.mark.parametrize(
    ("op", "found"),
    [
        (SyncEnumOp("public", "state"), {(None, "state")}),
        (SyncEnumOp(None, "state"), {(None, "state")}),
        (SyncEnumOp("shop", "state"), {("shop", "state")}),
        (ModifyTableOps("t", [SyncEnumOp(None, "state")]), {(None, "state")}),
        (SyncEnumOp(None, None), set()),
        (ExecuteSQLOp("SELECT 1"), set()),
    ],
    ids=["default schema", "no schema", "schema", "in a table", "no name", "own"],
)
def test_types_that_extensions_speak_of(op, found):
    """The name of a foreign operation may be that of a type."""
    assert types_of_extensions(CONTEXT, [op]) == found


def test_what_an_extension_does_is_left_to_it():
    """Statements about the same type go, all others stay in their order."""
    same, other, plain = about(None, "state"), about("shop", "state"), ExecuteSQLOp("x")
    theirs = SyncEnumOp("public", "state")
    upgrade = UpgradeOps(ops=[same, other, plain, theirs])
    leave_to_extensions(CONTEXT, upgrade)
    assert upgrade.ops == [other, plain, theirs]


def test_without_extensions_nothing_changes():
    """This project's own statements stay."""
    upgrade = UpgradeOps(ops=[about(None, "state"), ExecuteSQLOp("x")])
    before = list(upgrade.ops)
    leave_to_extensions(CONTEXT, upgrade)
    assert upgrade.ops == before


def test_a_schema_that_an_extension_makes_is_made_once():
    """An operation that holds a schema as an object is about that schema."""
    same, other = ReversibleSQLOp("CREATE", "DROP"), ReversibleSQLOp("CREATE", "DROP")
    same.new_schema, other.new_schema = "shop", "depot"
    theirs = SyncEnumOp(SimpleNamespace(name="shop"), None)
    upgrade = UpgradeOps(ops=[same, other, theirs])
    leave_to_extensions(CONTEXT, upgrade)
    assert upgrade.ops == [other, theirs]
