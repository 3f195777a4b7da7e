"""Enums and domains of PostgreSQL in generated scripts, run there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.support.generated import back
from tests.support.generated import difference
from tests.support.generated import migrate


@pytest.fixture
def database(database):
    """A database that knows types by name."""
    if database.name != "postgresql":
        pytest.skip("only PostgreSQL has types of their own")
    return database


def mood(*labels, **kw):
    """Return an enum."""
    return sa.Enum(*(labels or ("sad", "it's :ok 100%")), name="mood", **kw)


def model(**tables):
    """Return a model; each table has an id and one column for each type."""
    metadata = sa.MetaData()
    for name, columns in tables.items():
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *[sa.Column(column, type_) for column, type_ in columns.items()],
        )
    return metadata


def types(database):
    """Return the named types of a database."""
    rows = database.execute(
        "SELECT t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
        "WHERE t.typtype IN ('e', 'd') AND n.nspname IN ('public', 'other') ORDER BY 1"
    )
    return [row[0] for row in rows]


def there_and_back(database, before, after):
    """Migrate to one model, to another, and all the way back; nothing is left over.

    :return: the second script.
    """
    first = migrate(database.engine, before)
    had = types(database)
    second = migrate(database.engine, after)
    assert difference(database.engine, after) == []
    back(database.engine, second)
    assert difference(database.engine, before) == []
    assert types(database) == had
    third = migrate(database.engine, after)
    assert third.upgrade == second.upgrade
    back(database.engine, third)
    back(database.engine, first)
    assert difference(database.engine, sa.MetaData()) == []
    assert types(database) == []
    return second


TEXT = sa.String(20)
PAIRS = {
    "added column": ({"t": {}}, {"t": {"m": mood()}}),
    "added column of an array": (
        {"t": {}},
        {"t": {"m": postgresql.ARRAY(postgresql.ENUM("a", "b", name="mood"))}},
    ),
    "changed column": ({"t": {"m": TEXT}}, {"t": {"m": mood()}}),
    "changed to another enum": (
        {"t": {"m": sa.Enum("sad", "x", name="old")}},
        {"t": {"m": mood()}},
    ),
    "two columns of one type": ({"t": {}}, {"t": {"m": mood(), "n": mood()}}),
    "two tables of one type": ({}, {"t": {"m": mood()}, "u": {"m": mood()}}),
    "new table of a known type": (
        {"t": {"m": mood()}},
        {"t": {"m": mood()}, "u": {"m": mood()}},
    ),
    "new table and added column": (
        {"t": {}},
        {"t": {"m": mood()}, "a": {"m": mood()}, "z": {"m": mood()}},
    ),
    "dropped table": ({"t": {"m": mood()}, "u": {}}, {"u": {}}),
    "dropped table of a type still in use": (
        {"t": {"m": mood()}, "u": {"m": mood()}},
        {"u": {"m": mood()}},
    ),
    "dropped column": ({"t": {"m": mood()}}, {"t": {}}),
    "dropped columns in two tables": (
        {"t": {"m": mood()}, "u": {"m": mood()}},
        {"t": {}, "u": {}},
    ),
    "moved column": ({"t": {"m": mood()}, "u": {}}, {"t": {}, "u": {"m": mood()}}),
}


@pytest.mark.parametrize("name", list(PAIRS))
def test_there_and_back(database, name):
    """Types are created before use, dropped afterwards, and each of it once."""
    before, after = PAIRS[name]
    there_and_back(database, model(**before), model(**after))


def test_the_statements(database):
    """What ``ADD COLUMN`` does not do is said in plain SQL."""
    script = there_and_back(
        database, model(t={}), model(t={"m": mood("sad", "it's :ok 100%")})
    )
    statements = script.upgrade.split("\n")[1:-2]
    assert statements[0] == (
        "op.execute(\"CREATE TYPE mood AS ENUM ('sad', 'it''s \\\\:ok 100%')\")"
    )
    assert statements[1].startswith("op.add_column('t', ")
    assert script.downgrade.split("\n")[1:-2] == [
        "op.drop_column('t', 'm')",
        "op.execute('DROP TYPE mood')",
    ]


def test_a_known_type_is_not_created_by_a_table(database):
    """Its column says so."""
    before = model(t={"m": mood("a")})
    after = model(t={"m": mood("a")}, u={"m": mood("a")})
    script = there_and_back(database, before, after)
    assert "postgresql.ENUM('a', name='mood', create_type=False)" in script.upgrade


def test_labels_survive(database):
    """Whatever is in them."""
    labels = ["it's", 'say "x"', ":a", "50%", "%s", "back\\slash", "é", "a b"]
    migrate(database.engine, model(t={}))
    migrate(database.engine, model(t={"m": mood(*labels)}))
    rows = database.execute("SELECT unnest(enum_range(NULL::mood))::text")
    assert [row[0] for row in rows] == labels


def test_types_in_a_schema(database):
    """They are created there."""
    database.execute("CREATE SCHEMA other")
    after = model(t={"m": sa.Enum("a", name="Mood", schema="other")})
    script = there_and_back(database, model(t={}), after)
    assert "CREATE TYPE other.\"Mood\" AS ENUM (\\'a\\')" in script.upgrade


def test_types_of_others_are_left_alone(database):
    """A type that something outside of the model uses stays."""
    migrate(database.engine, model(t={"m": mood("a")}))
    database.execute("CREATE FUNCTION f(x mood) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    script = migrate(database.engine, model(t={}))
    assert "DROP TYPE" not in script.upgrade
    assert types(database) == ["mood"]


def test_excluded_tables_count(database):
    """A type that a table outside of the comparison uses stays."""
    migrate(database.engine, model(t={"m": mood("a")}, kept={"m": mood("a")}))
    opts = {"include_name": lambda name, kind, parents: name != "kept"}
    script = migrate(database.engine, model(t={}), **opts)
    assert "DROP TYPE" not in script.upgrade


def test_create_type_false(database):
    """Who creates the type elsewhere is not helped."""
    enum = postgresql.ENUM("a", name="mood", create_type=False)
    database.execute("CREATE TYPE mood AS ENUM ('a')")
    migrate(database.engine, model(t={}))
    script = migrate(database.engine, model(t={"m": enum}))
    assert "CREATE TYPE" not in script.upgrade
    assert "DROP TYPE" not in script.downgrade


def test_domains(database):
    """They are types with a name, too."""
    domain = getattr(postgresql, "DOMAIN", None)
    if domain is None:
        pytest.skip("this SQLAlchemy has no domains")
    positive = domain("positive", sa.Integer(), check="VALUE % 2 > 0", not_null=True)
    migrate(database.engine, model(t={}))
    script = migrate(database.engine, model(t={"p": positive}))
    assert types(database) == ["positive"]
    with pytest.raises(sa.exc.DBAPIError):
        database.execute("INSERT INTO t (p) VALUES (2)")
    back(database.engine, script)
    assert types(database) == []


def test_values_are_converted(database):
    """Rows survive a change of type, a default survives with them."""
    before, after = model(t={"m": TEXT}), model(t={"m": mood("a", "b")})
    before.tables["t"].c.m.server_default = sa.DefaultClause("a")
    after.tables["t"].c.m.server_default = sa.DefaultClause("a")
    migrate(database.engine, before)
    database.execute("INSERT INTO t (m) VALUES ('b')")
    script = migrate(database.engine, after)
    database.execute("INSERT INTO t DEFAULT VALUES")
    assert [row[0] for row in database.execute("SELECT m FROM t ORDER BY id")] == [
        "b",
        "a",
    ]
    back(database.engine, script)
    database.execute("INSERT INTO t DEFAULT VALUES")
    rows = database.execute("SELECT m || '!' FROM t ORDER BY id")
    assert [row[0] for row in rows] == ["b!", "a!", "a!"]


CONVERSIONS = [
    (sa.String(9), sa.Integer(), "'5'", "5"),
    (sa.String(9), sa.Boolean(), "'t'", "true"),
    (sa.Boolean(), sa.Integer(), "true", "1"),
    (sa.Integer(), sa.Boolean(), "1", "true"),
    (sa.SmallInteger(), sa.Boolean(), "1", "true"),
    (sa.Text(), sa.Date(), "'2020-01-02'", "2020-01-02"),
    (sa.Text(), postgresql.JSONB(), "'{\"a\": 1}'", '{"a": 1}'),
    (postgresql.ARRAY(sa.Text), postgresql.ARRAY(sa.Integer), "'{1,2}'", "{1,2}"),
]


@pytest.mark.parametrize(
    ("old", "new", "value", "expected"),
    CONVERSIONS,
    ids=[f"{old!r}-{new!r}" for old, new, _, _ in CONVERSIONS],
)
def test_conversions(database, old, new, value, expected):
    """A column's values become values of another type, there and back."""
    migrate(database.engine, model(t={"m": old}))
    database.execute(f"INSERT INTO t (m) VALUES ({value})")
    script = migrate(database.engine, model(t={"m": new}))
    assert database.execute("SELECT m::text FROM t") == [(expected,)]
    back(database.engine, script)
    assert difference(database.engine, model(t={"m": old})) == []
