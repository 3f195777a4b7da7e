"""Libraries that look after PostgreSQL's enumerations, beside this project's own eye.

This project sees enumerations itself; where a library that does the same is imported,
each change must still be made once.
"""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side
from tests.support.shape import tables

pytestmark = pytest.mark.peer

ENUMS = """
SELECT t.typname || ': ' || string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder)
FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname ORDER BY 1
"""


def grow(side: Side) -> None:
    """Begin with an enumeration, let it grow, add others, and go back."""
    generate = "revision --autogenerate -m stage --rev-id"
    side.stage(1, f"{generate} a1", "upgrade head", "check")
    side.revision("a1")
    side.look("enums", side.database.execute(ENUMS))
    side.stage(2, f"{generate} b2", "upgrade head", "check")
    side.revision("b2")
    side.look("enums", side.database.execute(ENUMS))
    side.look("tables", tables(side.database))
    side.stage(2, "downgrade a1")
    side.look("enums", side.database.execute(ENUMS))
    side.stage(2, "upgrade head", "downgrade base")


MENDED = {
    "alembic_postgresql_enum": {
        "one line tells what was found, whoever sees to it": (
            r' *"INFO  \[alembic.autogenerate.compare.types\] Detected changed values '
            r"of enum 'state'.*\n"
        )
    },
    "alembic_autogenerate_enums": {
        "one line tells what was found, whoever sees to it": (
            r' *"INFO  \[alembic.autogenerate.compare.types\] Detected changed values '
            r"of enum 'state'.*\n"
        ),
        "there the type stays when its last table goes": (
            r"\n    op\.execute\('DROP TYPE state'\)"
        ),
    },
}


@pytest.mark.parametrize("library", MENDED)
def test_enumerations_grow(stage, library):
    """Values and types are added, and taken back, as with Alembic 1.20.1."""
    mended = MENDED[library]
    stage.agree(grow, "enums", "postgresql", mended=mended, ENUM_LIBRARY=library)
