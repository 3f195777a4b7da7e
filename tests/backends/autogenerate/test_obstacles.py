"""What stands in the way of a change: views that read it, rows without a value."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic.autogenerate import not_compared
from tests.support.convergence import context_for
from tests.support.convergence import generate
from tests.support.convergence import kinds
from tests.support.convergence import model
from tests.support.convergence import run

ALL = ("sqlite", "postgresql", "mariadb")
NUMBER, TEXT = sa.Integer, sa.String(50)


def t(**columns: Any):
    """Return a function that puts a table with an id and some columns in a MetaData."""

    def build(metadata: sa.MetaData) -> None:
        sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *[sa.Column(name, type_) for name, type_ in columns.items()],
        )

    return build


def required(**kw: Any):
    """Return a function that adds a NOT NULL column to the table of `t`."""

    def build(metadata: sa.MetaData) -> None:
        t(n=NUMBER)(metadata)
        column = sa.Column("z", sa.Integer, nullable=False, **kw)
        metadata.tables["t"].append_column(column)

    return build


def nothing(metadata: sa.MetaData) -> None:
    pass


def create(database: Any, build: Any, *statements: str) -> None:
    with database.engine.begin() as connection:
        model(build).create_all(connection)
    database.execute(*statements)


def there_and_back(database: Any, before: Any, after: Any) -> Any:
    """Run what is generated and its downgrade; return the kinds and the upgrade."""
    diffs, up, down = generate(database.engine, model(after))
    run(database.engine, up)
    assert generate(database.engine, model(after))[0] == []
    between = sorted(view_names(database))
    run(database.engine, down)
    assert generate(database.engine, model(before))[0] == []
    return kinds(diffs), up, between


def view_names(database: Any) -> Any:
    rows = database.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE relkind IN ('v', 'm') AND nspname = 'public'"
    )
    return [name for (name,) in rows]


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_views_make_way_for_another_type(empty) -> None:
    """They are dropped and created again, those that read them as well."""
    before, after = t(n=NUMBER, a=TEXT), t(n=sa.BigInteger, a=TEXT)
    create(
        empty,
        before,
        "CREATE VIEW v WITH (security_barrier=true) AS SELECT id, n + 1 AS m FROM t",
        'CREATE MATERIALIZED VIEW "v 2" AS SELECT m FROM v WHERE m > 5',
        "CREATE VIEW other AS SELECT a FROM t",
    )
    found, up, between = there_and_back(empty, before, after)
    assert found == [
        *["execute", "execute"],
        "modify_type",
        *["execute", "execute"],
    ]
    assert between == ["other", "v", "v 2"]
    assert (
        "# The view 'v' reads a column that gets another type, so it is dropped" in up
    )
    assert sorted(view_names(empty)) == ["other", "v", "v 2"]
    assert empty.execute("SELECT reloptions FROM pg_class WHERE relname = 'v'") == [
        (["security_barrier=true"],)
    ]


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
@pytest.mark.parametrize("after", [t(a=TEXT), nothing], ids=["column", "table"])
def test_views_go_with_what_they_read(empty, after) -> None:
    """The downgrade brings them back; those that read something else stay."""
    before = t(n=NUMBER, a=TEXT)

    def with_other(build: Any):
        def built(metadata: sa.MetaData) -> None:
            build(metadata)
            sa.Table("x", metadata, sa.Column("id", sa.Integer, primary_key=True))

        return built

    create(
        empty,
        with_other(before),
        "CREATE VIEW v AS SELECT id, n FROM t",
        "CREATE VIEW w AS SELECT n FROM v",
        "CREATE VIEW other AS SELECT id FROM x",
    )
    found, up, between = there_and_back(empty, with_other(before), with_other(after))
    assert found[:2] == ["execute", "execute"]
    assert len(found) == 3
    assert "# The view 'w' reads what is dropped below, so it goes first." in up
    assert between == ["other"]
    assert sorted(view_names(empty)) == ["other", "v", "w"]


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_views_make_way_for_other_values_of_an_enumeration(empty) -> None:
    """The column gets the new type by a statement, which views do not allow either."""
    before = t(e=sa.Enum("a", "b", name="e"))
    create(empty, before, "CREATE VIEW v AS SELECT e FROM t")
    after = t(e=sa.Enum("b", "a", name="e"))
    assert there_and_back(empty, before, after)[2] == ["v"]


@pytest.mark.parametrize("empty", ALL, indirect=True)
def test_a_view_that_the_model_maps_is_left_alone(empty) -> None:
    """No table is created in its place; it is named as not compared."""

    def mapped(metadata: sa.MetaData) -> None:
        t(n=NUMBER)(metadata)
        sa.Table("v", metadata, sa.Column("id", sa.Integer, primary_key=True))

    create(empty, t(n=NUMBER), "CREATE VIEW v AS SELECT id FROM t")
    assert generate(empty.engine, model(mapped))[0] == []
    with empty.engine.connect() as connection:
        metadata = model(mapped)
        found = not_compared(context_for(connection, metadata), metadata)
    assert (
        "table 'v' of the model",
        "the database has a view of that name",
    ) in found


REMARK = "# The table 't' has rows, and none of them has a value for 'z'. Add"


@pytest.mark.parametrize("empty", ALL, indirect=True)
def test_rows_without_a_value_are_remarked_upon(empty) -> None:
    """In the direction that adds the column; so the author knows what to write."""
    create(empty, t(n=NUMBER), "INSERT INTO t (id, n) VALUES (1, 1)")
    diffs, up, down = generate(empty.engine, model(required()))
    assert REMARK in up
    assert REMARK not in down
    assert kinds(diffs) == ["add_column"]


@pytest.mark.parametrize("empty", ALL, indirect=True)
def test_a_dropped_column_without_default_is_remarked_upon(empty) -> None:
    """In the downgrade, which adds it again."""
    create(empty, required(), "INSERT INTO t (id, z) VALUES (1, 1)")
    _, up, down = generate(empty.engine, model(t(n=NUMBER)))
    assert REMARK not in up
    assert REMARK in down


@pytest.mark.parametrize("empty", ALL, indirect=True)
@pytest.mark.parametrize("rows", [False, True])
def test_no_remark_where_none_is_needed(empty, rows) -> None:
    """Without rows, or with a default."""
    insert = ["INSERT INTO t (id, n) VALUES (1, 1)"] if rows else []
    create(empty, t(n=NUMBER), *insert)
    after = required(server_default="5") if rows else required()
    assert REMARK not in generate(empty.engine, model(after))[1]


@pytest.mark.parametrize("empty", ["sqlite", "postgresql"], indirect=True)
def test_rows_without_a_value_fail_clearly(empty) -> None:
    """The database, or the batch, names the column; MySQL takes 0 or ''."""
    create(empty, t(n=NUMBER), "INSERT INTO t (id, n) VALUES (1, 1)")
    _, up, _ = generate(empty.engine, model(required()))
    with pytest.raises(Exception, match=r"column (\"z\"|'z') (of|to)"):
        run(empty.engine, up)
