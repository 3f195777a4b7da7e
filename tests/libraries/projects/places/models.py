"""Places with GeoAlchemy2's columns; its tools rewrite what is generated."""

from __future__ import annotations

import os

import sqlalchemy as sa
from geoalchemy2 import alembic_helpers
from geoalchemy2 import Geography
from geoalchemy2 import Geometry

STAGE = int(os.environ.get("STAGE", "1"))
metadata = sa.MetaData()

road = sa.Table(
    "road",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(80)),
    *(
        [sa.Column("line", Geometry("LINESTRING", srid=4326), nullable=False)]
        if STAGE > 1
        else []
    ),
)
if STAGE > 1:
    place = sa.Table(
        "place",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("point", Geometry("POINT", srid=4326, spatial_index=True)),
        sa.Column("area", Geography("POLYGON", srid=4326, spatial_index=False)),
    )

OPTIONS = {
    "include_object": alembic_helpers.include_object,
    "process_revision_directives": alembic_helpers.writer,
    "render_item": alembic_helpers.render_item,
}
