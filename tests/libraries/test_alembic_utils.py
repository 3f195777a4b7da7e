"""alembic-utils on this project: functions, views and triggers of PostgreSQL."""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side
from tests.support.shape import tables
from tests.support.shape import versions

pytestmark = pytest.mark.peer

OBJECTS = """
SELECT 'function ' || proname || ' ' || prosrc FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'view ' || viewname || definition FROM pg_views
WHERE schemaname = 'public'
UNION ALL SELECT 'matview ' || matviewname FROM pg_matviews
ORDER BY 1
"""


def objects(side: Side):
    """Take notice of what the library looks after."""
    return side.look("objects", [row[0] for row in side.database.execute(OBJECTS)])


def grow(side: Side) -> None:
    """Create, replace and drop entities beside tables, up and down."""
    generate = "revision --autogenerate -m stage --rev-id"
    side.stage(1, f"{generate} a1", "upgrade head")
    side.stage(2, f"{generate} b2", "upgrade head", "check", "current")
    side.revision("b2")
    assert len(objects(side)) == 5
    # the tables first: the view needs the new column while it is compared
    side.stage(3, f"{generate} c3", "upgrade head", "check")
    side.revision("c3")
    objects(side)
    side.stage(4, f"{generate} d4", "upgrade head", "check")
    side.revision("d4")
    assert len(objects(side)) == 4
    side.stage(4, "downgrade -1")
    objects(side)
    side.stage(4, "downgrade b2")
    objects(side)
    side.look("tables", tables(side.database))
    side.stage(4, "upgrade head --sql", "downgrade base")
    assert objects(side) == []
    side.look("at", versions(side.database))


def test_entities_come_change_and_go(stage):
    """Revisions, objects in the database and what is printed are the same."""
    ours = stage.agree(grow, "entities", "postgresql")
    assert "op.replace_entity" in str(ours.seen)
