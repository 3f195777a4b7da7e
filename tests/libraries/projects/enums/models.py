"""Purchases with enumerations that grow, on PostgreSQL."""

from __future__ import annotations

import os

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

library = os.environ["ENUM_LIBRARY"]
__import__(library)

metadata = sa.MetaData()
STAGE = int(os.environ.get("STAGE", "1"))

states = ["open", "paid"] if STAGE == 1 else ["open", "paid", "sent"]
purchase = sa.Table(
    "purchase",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "state",
        sa.Enum(*states, name="state"),
        nullable=False,
        # the other library cannot take values away under a default
        server_default="open" if library == "alembic_postgresql_enum" else None,
    ),
    *(
        [
            sa.Column("colour", postgresql.ENUM("red", "blue", name="colour")),
            sa.Column(
                "sizes", postgresql.ARRAY(postgresql.ENUM("s", "m", name="size"))
            ),
        ]
        # the other library leaves new types to Alembic, which did not make them
        if STAGE > 1 and library == "alembic_postgresql_enum"
        else []
    ),
)
