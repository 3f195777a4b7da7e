"""Tables that are certainly unchanged, told at little cost."""

from __future__ import annotations

import sqlalchemy as sa

from alembic.autogenerate import compare_metadata
from alembic.autogenerate.compare import tables
from alembic.ddl.sqlite import SQLiteImpl
from alembic.migration import MigrationContext
from tests.support.versions import needs

# before, every table is reflected alone, and compared whole
in_bulk = needs("2.0")


def differences(metadata):
    """Return what a database that was made of the model differs in."""
    with sa.create_engine("sqlite://").begin() as connection:
        metadata.create_all(connection)
        return compare_metadata(MigrationContext.configure(connection), metadata)


@in_bulk
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
    assert differences(metadata) == []
    assert sorted(compared, key=str) == [sa.Boolean, sa.Integer, sa.String]


def test_a_dialect_may_adjust_what_is_reflected(monkeypatch):
    """It is told of every column, and of the table that it is reflected into."""
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer), sa.Column("n", sa.Integer))
    told = []

    def adjust(self, inspector, table, column_info):
        told.append((table.name, column_info["name"]))

    monkeypatch.setattr(SQLiteImpl, "autogen_column_reflect", adjust)
    assert differences(metadata) == []
    assert told == [("t", "id"), ("t", "n")]


@in_bulk
def test_no_table_is_made_for_one_that_is_unchanged(monkeypatch):
    """Its records tell enough where the dialect does not adjust them."""
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer))
    made = []
    plain = tables._TableComparison._empty

    def counted(self, name):
        made.append(name)
        return plain(self, name)

    monkeypatch.setattr(tables._TableComparison, "_empty", counted)
    monkeypatch.delattr(SQLiteImpl, "autogen_column_reflect")
    assert differences(metadata) == []
    assert made == []
