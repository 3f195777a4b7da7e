"""Many tables are reflected with one question of each kind."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.autogenerate.compare.inspector import InspectorConv
from alembic.autogenerate.compare.util import _InspectorConv
from alembic.sqla.names import conv
from alembic.sqla.version import sqla_2_0

needs_bulk = pytest.mark.skipif(not sqla_2_0, reason="1.x reflects table by table")


class FakeInspector:
    """Answers from a dictionary, and keeps what it was asked."""

    def __init__(self, dialect="postgresql", **answers) -> None:
        self.info_cache = {}
        self.asked = []
        self.answers = answers
        self.dialect = type("Dialect", (), {"name": dialect})()

    def __getattr__(self, name):
        if not name.startswith("get_"):
            raise AttributeError(name)
        kind = name.replace("get_multi_", "").replace("get_", "")

        def multi(schema=None, filter_names=None):
            if kind not in self.answers:
                raise NotImplementedError(kind)
            self.asked.append((name, filter_names))
            return {
                (schema, table): records
                for table, records in self.answers[kind].items()
                if filter_names is None or table in filter_names
            }

        def single(table, schema=None):
            if kind not in self.answers:
                raise NotImplementedError(kind)
            self.asked.append((name, table))
            return self.answers[kind][table]

        return multi if name.startswith("get_multi_") else single


def index(name):
    return {"name": name, "column_names": ["x"], "unique": False}


INDEXES = {"a": [index("ix_a")], "b": [index("ix_b")], "c": [], "d": []}


def test_it_is_known_as_inspectorconv() -> None:
    """Programs find it under its former name."""
    assert _InspectorConv is InspectorConv


@needs_bulk
def test_announced_tables_are_asked_for_together() -> None:
    """Two tables of two cost one question."""
    fake = FakeInspector(indexes=INDEXES)
    inspector = InspectorConv(fake)
    inspector.pre_cache_tables(None, ["a", "b"], ["a", "b"])
    assert inspector.get_indexes("a", None)[0]["name"] == "ix_a"
    assert inspector.get_indexes("b", None)[0]["name"] == "ix_b"
    assert fake.asked == [("get_multi_indexes", None)]


@needs_bulk
def test_a_few_of_many_are_asked_for_by_name() -> None:
    """Where most tables do not matter they are not fetched."""
    fake = FakeInspector(indexes=INDEXES)
    inspector = InspectorConv(fake)
    inspector.pre_cache_tables(None, ["b"], ["a", "b", "c", "d"])
    inspector.get_indexes("b", None)
    assert fake.asked == [("get_multi_indexes", ["b"])]


@needs_bulk
def test_several_of_these_objects_share_what_they_know() -> None:
    """A second one on the same inspector asks nothing again."""
    fake = FakeInspector(indexes=INDEXES)
    InspectorConv(fake).pre_cache_tables(None, ["a"], ["a"])
    InspectorConv(fake).get_indexes("a", None)
    InspectorConv(fake).get_indexes("a", None)
    assert len(fake.asked) == 1


def test_a_table_that_was_not_announced_is_asked_for_alone() -> None:
    """Nothing has to be announced."""
    fake = FakeInspector(indexes=INDEXES)
    assert InspectorConv(fake).get_indexes("b", None)[0]["name"] == "ix_b"
    assert fake.asked == [("get_indexes", "b")]


def test_names_come_out_as_final() -> None:
    """No naming convention is applied to a name of the database."""
    fake = FakeInspector(indexes=INDEXES)
    name = InspectorConv(fake).get_indexes("a", None)[0]["name"]
    assert isinstance(name, conv)


def test_a_missing_name_stays_missing() -> None:
    """What has no name in the database has none."""
    fake = FakeInspector(unique_constraints={"t": [{"name": None}]})
    assert InspectorConv(fake).get_unique_constraints("t", None) == [{"name": None}]


@pytest.mark.parametrize(
    "method",
    [
        "get_indexes",
        "get_unique_constraints",
        "get_foreign_keys",
        "get_check_constraints",
    ],
)
def test_what_a_dialect_cannot_tell_is_said(method) -> None:
    """The comparators want to know the difference between none and not known."""
    with pytest.raises(NotImplementedError, match="postgresql"):
        getattr(InspectorConv(FakeInspector()), method)("t", None)


def test_a_comment_that_a_dialect_cannot_tell_is_none() -> None:
    """A dialect without comments has none."""
    assert InspectorConv(FakeInspector()).get_table_comment("t", None) is None


def test_a_table_is_filled_from_a_real_database() -> None:
    """Columns, keys and indexes are there, and no other table is looked for."""
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES gone (id), "
            "a INTEGER CONSTRAINT u UNIQUE)",
            "CREATE INDEX ix ON t (a)",
        ):
            connection.execute(sa.text(statement))
        table = sa.Table("t", sa.MetaData())
        InspectorConv(sa.inspect(connection)).reflect_table(table)
    engine.dispose()
    assert table.columns.keys() == ["id", "p", "a"]
    assert [ix.name for ix in table.indexes] == ["ix"]
    assert list(table.metadata.tables) == ["t"]
