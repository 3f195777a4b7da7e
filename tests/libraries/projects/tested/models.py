"""A library of books whose migrations pytest-alembic tests."""

from __future__ import annotations

import os

import sqlalchemy as sa

STAGE = int(os.environ.get("STAGE", "1"))
metadata = sa.MetaData()

book = sa.Table(
    "book",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.String(80), nullable=False),
    *([sa.Column("year", sa.Integer, index=True)] if STAGE > 1 else []),
)
OPTIONS = {"render_as_batch": True}
