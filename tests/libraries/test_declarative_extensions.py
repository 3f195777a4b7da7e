"""sqlalchemy-declarative-extensions on this project: comparators and operations."""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side

pytestmark = pytest.mark.peer

OBJECTS = """
SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = 'shop'
UNION ALL SELECT 'function ' || proname FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace WHERE nspname = 'shop'
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'view ' || viewname FROM pg_views WHERE schemaname = 'shop'
UNION ALL SELECT 'table ' || tablename FROM pg_tables WHERE schemaname = 'shop'
ORDER BY 1
"""


def grow(side: Side) -> None:
    """Declare objects and rows, generate, go up and down."""
    generate = "revision --autogenerate -m stage --rev-id"
    for number, rev_id in enumerate(("a1", "b2", "c3"), start=1):
        side.stage(number, f"{generate} {rev_id}", "upgrade head")
        side.revision(rev_id)
        side.look("objects", [row[0] for row in side.database.execute(OBJECTS)])
    side.look("rows", side.database.execute("SELECT id, name FROM shop.account"))
    side.stage(3, "downgrade a1")
    side.look("objects", [row[0] for row in side.database.execute(OBJECTS)])
    side.stage(3, "upgrade head", "downgrade base")
    side.look("objects", [row[0] for row in side.database.execute(OBJECTS)])


def test_declared_objects_come_and_go(stage):
    """Revisions, objects and rows are the same."""
    mended = {
        "one line tells what was found, whoever sees to it": (
            r' *"INFO  \[alembic\.autogenerate\.compare\.tables\] Detected added schema '
            r"'shop'\",?\n"
        )
    }
    ours = stage.agree(grow, "declared", "postgresql", mended=mended)
    assert ours.seen[-1] == {"objects": []}
