"""What Alembic has to know of the dialect."""

from __future__ import annotations

from alembic.ddl.sqlite import SQLiteImpl


class AcmeImpl(SQLiteImpl):
    """Schema changes of an Acme database."""

    __dialect__ = "acme"
