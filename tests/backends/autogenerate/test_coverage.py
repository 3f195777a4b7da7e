"""What is not compared has a name, and what has one is really not compared."""

from __future__ import annotations

import warnings
from typing import Any
from typing import List

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from alembic.autogenerate import not_compared
from alembic.autogenerate.normalize import scratch
from tests.support.convergence import context_for
from tests.support.convergence import generate
from tests.support.convergence import model
from tests.support.versions import has
from tests.support.versions import reason

if not has("2.0"):
    # some of the options below are new in it
    pytest.skip(reason("2.0"), allow_module_level=True)

S, P, M = "sqlite", "postgresql", "mariadb"
ALL = (S, P, M)


def t(*items: Any, **kw: Any):
    """Return a function that puts a table into a MetaData."""

    def build(metadata: sa.MetaData) -> None:
        table = sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *[item() for item in items],
            **kw,
        )
        assert table is not None

    return build


def of(make: Any, *args: Any, **kw: Any):
    return lambda: make(*args, **kw)


def col(*args: Any, **kw: Any):
    return of(sa.Column, *args, **kw)


def sequence(**kw: Any):
    def build(metadata: sa.MetaData) -> None:
        t()(metadata)
        sa.Sequence("sq", metadata=metadata, **kw)

    return build


def searched(metadata: sa.MetaData) -> None:
    t()(metadata)
    statement = "CREATE VIRTUAL TABLE search USING fts5(a)"
    sa.event.listen(metadata, "after_create", sa.DDL(statement))


def key(**kw: Any):
    def build(metadata: sa.MetaData) -> None:
        sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
        t(col("p", sa.Integer, sa.ForeignKey("p.id", **kw)))(metadata)

    return build


def domain(**kw: Any):
    return t(col("a", postgresql.DOMAIN("d", sa.Integer, **kw)))


A = col("a", sa.String(9))
INDEX = of(sa.Index, "ix", "a")

ROWS = [
    (ALL, t(A, col("b", sa.Integer)), t(col("b", sa.Integer), A), "order of columns"),
    (
        (S, P),
        t(),
        lambda m: sa.Table(
            "t",
            m,
            sa.Column("id", sa.Integer),
            sa.PrimaryKeyConstraint("id", name="key"),
        ),
        "names of primary keys and foreign keys",
    ),
    (ALL, key(name="one"), key(name="two"), "names of primary keys and foreign keys"),
    ((P,), sequence(), sequence(start=5), "options of sequences"),
    ((M,), sequence(), sequence(start=5), "options of sequences"),
    ((S,), searched, t(), "virtual tables, and the tables that they keep"),
    ((P,), sequence(), t(), "sequences that no model names"),
    ((M,), sequence(), t(), "sequences that no model names"),
    (
        (P,),
        domain(check="VALUE > 0"),
        domain(check="VALUE > 1"),
        "base type, default and constraints of domains",
    ),
    (
        (P,),
        t(),
        t(postgresql_partition_by="RANGE (id)"),
        "partitioning, inheritance, tablespace, access method",
    ),
    (
        (P,),
        t(postgresql_with={"fillfactor": 50}),
        t(),
        "storage parameters of tables that the model does not name",
    ),
    (
        (P,),
        t(A, INDEX),
        t(A, of(sa.Index, "ix", "a", postgresql_tablespace="pg_default")),
        "tablespace of indexes",
    ),
    (
        (P,),
        t(of(sa.CheckConstraint, "id > 0", name="ck")),
        t(of(sa.CheckConstraint, "id > 0", name="ck", postgresql_not_valid=True)),
        "NOT VALID in the model",
    ),
    (
        (M,),
        t(),
        t(mysql_row_format="COMPRESSED"),
        "options of tables but engine, character set and collation",
    ),
    (
        (M,),
        t(mysql_charset="latin1"),
        t(),
        "options of tables that the model does not name",
    ),
    ((M,), t(), t(mysql_partition_by="HASH(id)"), "partitioning"),
    (
        (M,),
        t(A, INDEX),
        t(A, of(sa.Index, "ix", sa.text("a DESC"))),
        "ascending or descending columns of indexes",
    ),
    (
        (M,),
        t(A, INDEX),
        t(A, of(sa.Index, "ix", "a", mysql_using="hash")),
        "type of indexes, such as BTREE or HASH",
    ),
    (
        (M,),
        t(col("a", mysql.INTEGER())),
        t(col("a", mysql.INTEGER(5))),
        "display width of integers",
    ),
    ((M,), key(), key(match="FULL"), "MATCH and DEFERRABLE of foreign keys"),
    (
        (M,),
        t(),
        lambda m: sa.Table(
            "t", m, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
        ),
        "AUTO_INCREMENT",
    ),
    ((S,), t(), t(comment="new"), "comments of tables and columns"),
    (
        (S,),
        t(),
        t(sqlite_autoincrement=True),
        "AUTOINCREMENT, WITHOUT ROWID and STRICT",
    ),
    ((S,), t(), t(sqlite_with_rowid=False), "AUTOINCREMENT, WITHOUT ROWID and STRICT"),
    (
        (S,),
        t(A, of(sa.UniqueConstraint, "a", name="u")),
        t(
            A,
            of(sa.UniqueConstraint, "a", name="u", sqlite_on_conflict="IGNORE"),
        ),
        "ON CONFLICT clauses",
    ),
    ((S,), key(), key(match="FULL"), "MATCH of foreign keys"),
    (
        (S,),
        t(of(sa.CheckConstraint, "id > 0")),
        t(),
        "CHECK constraints without a name that no model declares",
    ),
    (
        (S,),
        t(A, of(sa.UniqueConstraint, "a", name="u")),
        t(A, of(sa.UniqueConstraint, "a")),
        "names of unique constraints that the model leaves unnamed",
    ),
    (
        ALL,
        t(A, of(sa.CheckConstraint, "a <> ''", name="ck")),
        t(A),
        "CHECK constraint 'ck' on table 't'",
    ),
    (
        (P,),
        t(of(postgresql.ExcludeConstraint, ("id", "="), name="ex", using="btree")),
        t(),
        "EXCLUDE constraint 'ex' on table 't'",
    ),
]


def params() -> List[Any]:
    return [
        pytest.param(backend, before, after, words, id=f"{backend}-{words}")
        for backends, before, after, words in ROWS
        for backend in backends
    ]


def names(engine: Any, build: Any, **opts: Any) -> List[str]:
    metadata = model(build)
    with engine.connect() as connection:
        context = context_for(connection, metadata, **opts)
        return [item.what for item in not_compared(context, metadata)]


@pytest.mark.parametrize(
    ("empty", "before", "after", "words"), params(), indirect=["empty"]
)
def test_a_difference_that_is_not_found_is_named(empty, before, after, words) -> None:
    """Nothing is generated for it, and the list says so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        with empty.engine.begin() as connection:
            model(before).create_all(connection)
        diffs, _, _ = generate(empty.engine, model(after))
        assert diffs == []
        assert words in names(empty.engine, after)


@pytest.mark.parametrize("empty", ALL, indirect=True)
def test_options_that_leave_something_out_are_named(empty) -> None:
    """With its reason; an option that is set is not among them."""
    assert "types of columns" not in names(empty.engine, t())
    found = names(
        empty.engine,
        t(),
        compare_type=False,
        compare_server_default=False,
        include_object=lambda *args: True,
        include_name=lambda *args: True,
        autogenerate_plugins=[
            "alembic.autogenerate.*",
            "~alembic.autogenerate.computed",
        ],
    )
    assert found[:6] == [
        "expressions of computed columns",
        "types of columns",
        "server defaults",
        "what only the database has in schemas but the default one",
        "what include_name leaves out",
        "what include_object leaves out",
    ]


@pytest.mark.parametrize("empty", ALL, indirect=True)
def test_a_database_that_could_not_be_asked_is_named(empty, monkeypatch) -> None:
    """Where no temporary table can be made the text decides, and that is said."""
    words = "types and defaults of table 't' that differ in their text only"
    before = t(col("a", sa.Integer, server_default="5"))
    after = t(col("a", sa.Integer, server_default=sa.text("(2 + 3)")))
    with empty.engine.begin() as connection:
        model(before).create_all(connection)
    assert words not in names(empty.engine, after)
    monkeypatch.setattr(scratch, "reflect_columns", lambda *args: None)
    assert words in names(empty.engine, after)


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_plugins_that_are_opt_in_are_known(empty) -> None:
    """Names instead of expressions are compared where that was asked for."""
    found = names(
        empty.engine,
        t(),
        autogenerate_plugins=[
            "alembic.autogenerate.*",
            "alembic.ext.checkconstraint_byname",
        ],
    )
    assert "expressions of CHECK constraints" in found
    assert "CHECK constraints" not in found
