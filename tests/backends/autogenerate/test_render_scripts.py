"""Generated scripts, run on each database: what the model says arrives there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.sqla.connections import begin
from tests.support.generated import back
from tests.support.generated import difference
from tests.support.generated import migrate
from tests.support.versions import has

STRINGS = [
    "plain",
    "it's",
    "'quoted'",
    'say "x"',
    "100%",
    "%s %(x)s %%",
    ":a :b",
    "12:30",
    "é",
    "",
    '{"a": [1]}',
]


def there_and_back(database, metadata):
    """Migrate an empty database to a model, and back; return the script."""
    script = migrate(database.engine, metadata)
    assert difference(database.engine, metadata) == []
    return script


def rows(database, table):
    """Insert a row of defaults and return the columns that have one."""
    columns = [column.name for column in table.columns if column.server_default]
    database.execute("INSERT INTO t (id) VALUES (1)")
    (row,) = database.execute(f"SELECT {', '.join(columns)} FROM t")
    return list(row)


def model(*columns, **kw):
    """Return a model of one table."""
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *columns,
        **kw,
    )
    return metadata


def test_string_defaults_arrive(database):
    """A new row has just the strings that the model says."""
    metadata = model(
        *[
            sa.Column(f"c{n}", sa.String(40), server_default=value)
            for n, value in enumerate(STRINGS)
        ]
    )
    script = there_and_back(database, metadata)
    assert rows(database, metadata.tables["t"]) == STRINGS
    back(database.engine, script)
    assert difference(database.engine, sa.MetaData()) == []


def test_literal_defaults_arrive(database):
    """So do strings that are SQL expressions, by their SQL."""
    metadata = model(
        *[
            sa.Column(f"c{n}", sa.String(40), server_default=sa.literal(value))
            for n, value in enumerate(STRINGS)
        ]
    )
    there_and_back(database, metadata)
    assert rows(database, metadata.tables["t"]) == STRINGS


def test_added_defaults_arrive(database):
    """The same for columns that are added to a table, and for altered defaults."""
    migrate(database.engine, model(sa.Column("c0", sa.String(40))))
    metadata = model(
        *[
            sa.Column(f"c{n}", sa.String(40), server_default=value)
            for n, value in enumerate(STRINGS)
        ]
    )
    opts = {"render_as_batch": database.name == "sqlite"}
    script = migrate(database.engine, metadata, **opts)
    assert rows(database, metadata.tables["t"]) == STRINGS
    database.execute("DELETE FROM t")
    back(database.engine, script)
    before = model(sa.Column("c0", sa.String(40)))
    assert difference(database.engine, before, **opts) == []


@pytest.mark.parametrize("value", ["it's", "50%", "%(x)s", "a :b", "a::b", "12:30"])
def test_checks_hold(database, value):
    """A check constraint compares with the value in the model."""
    condition = sa.column("x", sa.String) == value
    metadata = model(
        sa.Column("x", sa.String(20)), sa.CheckConstraint(condition, name="ck")
    )
    there_and_back(database, metadata)
    table = metadata.tables["t"]
    with database.engine.connect() as connection:
        begin(connection)
        connection.execute(table.insert().values(id=1, x=value))
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(table.insert().values(id=2, x="something else"))


def test_circles_with_use_alter(database):
    """Both foreign keys of a circle are there after one script, and gone after it."""
    metadata = sa.MetaData()
    for name, other in (("a", "b"), ("b", "a")):
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column(
                "other",
                sa.Integer,
                sa.ForeignKey(f"{other}.id", name=f"fk_{name}", use_alter=True),
            ),
            sa.Column(
                "own",
                sa.Integer,
                sa.ForeignKey(f"{name}.id", name=f"fk_own_{name}", use_alter=True),
            ),
        )
    script = there_and_back(database, metadata)
    inspector = sa.inspect(database.engine)
    for name in ("a", "b"):
        assert len(inspector.get_foreign_keys(name)) == 2
    back(database.engine, script)
    assert difference(database.engine, sa.MetaData()) == []


def test_comments_arrive(database):
    """Whatever is in them."""
    text = 'it\'s 50% :a "x" é'
    metadata = model(sa.Column("x", sa.Integer, comment=text), comment=text)
    there_and_back(database, metadata)
    if database.name != "sqlite":
        inspector = sa.inspect(database.engine)
        assert inspector.get_table_comment("t")["text"] == text
        assert inspector.get_columns("t")[1]["comment"] == text


def test_names_arrive(database):
    """Names that need quotes, or hold them."""
    names = ["Order", "sel ect", "p%s", "a:b", "é", "select"]
    if database.name != "sqlite" or has("1.3.24"):
        # early in 1.3 SQLAlchemy asks SQLite for it without doubling the quote
        names.append("it's")
    metadata = sa.MetaData()
    for name in names:
        sa.Table(
            name,
            metadata,
            sa.Column("Id", sa.Integer, primary_key=True),
            sa.Column(name, sa.Integer, index=True),
            sa.UniqueConstraint(name, name=f"uq {name}"),
        )
    script = there_and_back(database, metadata)
    assert set(names) <= set(sa.inspect(database.engine).get_table_names())
    back(database.engine, script)
    assert difference(database.engine, sa.MetaData()) == []


@pytest.mark.filterwarnings(
    "ignore:Predicate of partial index:sqlalchemy.exc.SAWarning"
)
def test_indexes_arrive(database):
    """Expressions in them are those of the model."""
    metadata = model(sa.Column("x", sa.String(20)), sa.Column("y", sa.Integer))
    table = metadata.tables["t"]
    sa.Index("i1", table.c.y.desc())
    if database.name == "postgresql" and has("2.0"):
        sa.Index("i2", sa.func.lower(table.c.x))
        sa.Index("i3", table.c.x + "50% :a")
    if database.name != "mariadb":
        where = {f"{database.name}_where": table.c.x.like("50%")}
        sa.Index("i4", table.c.y, **where)
    script = there_and_back(database, metadata)
    rows = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 't'",
    }
    if database.name in rows:
        found = dict(tuple(row) for row in database.execute(rows[database.name]))
        assert "'50%'" in found["i4"]
        assert "'50% :a'" in found.get("i3", "'50% :a'")
    back(database.engine, script)
    assert difference(database.engine, sa.MetaData()) == []


def test_the_layout_of_black_runs(database):
    """It is the same script."""
    metadata = model(sa.Column("x", sa.String(20), server_default="it's"))
    script = migrate(database.engine, metadata, render_layout="black")
    assert 'server_default="it\'s"' in script.upgrade
    assert "op.create_table(\n" in script.upgrade
    assert difference(database.engine, metadata) == []
    back(database.engine, script)
