"""Tables that are certainly unchanged, told at little cost."""

from __future__ import annotations

import sqlalchemy as sa

from alembic.autogenerate import compare_metadata
from alembic.ddl.sqlite import SQLiteImpl
from alembic.migration import MigrationContext


def test_equal_types_are_compared_once(monkeypatch):
    """However many columns have them, those of more than SQL, as Boolean, included."""
    metadata = sa.MetaData()
    for number in range(20):
        sa.Table(
            f"t{number}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("flag", sa.Boolean),
            sa.Column("name", sa.String(30)),
            sa.Column("title", sa.String(30)),
        )
    compared = []
    plain = SQLiteImpl.compare_type

    def counted(self, inspector_column, metadata_column):
        compared.append(type(metadata_column.type))
        return plain(self, inspector_column, metadata_column)

    monkeypatch.setattr(SQLiteImpl, "compare_type", counted)
    with sa.create_engine("sqlite://").connect() as connection:
        metadata.create_all(connection)
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
    assert sorted(compared, key=str) == [sa.Boolean, sa.Integer, sa.String]
