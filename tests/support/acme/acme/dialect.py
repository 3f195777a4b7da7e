"""The dialect: SQLite by another name, so that nothing of SQLite's own is at hand."""

from __future__ import annotations

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from . import impl  # noqa: F401 - migrations are part of the dialect


class AcmeDialect(SQLiteDialect_pysqlite):
    """Speaks to an Acme database."""

    name = "acme"
    supports_statement_cache = True
