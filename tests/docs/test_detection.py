"""The table of what autogenerate finds is true on the servers that are here."""

from __future__ import annotations

import csv
from typing import Any
from typing import Callable
from typing import Dict
from typing import Tuple

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.support.transcript import ROOT
from tests.support.versions import needs

# older ones see less, as the chapter on installing tells
pytestmark = needs("2.1")

TABLE = ROOT / "docs" / "detected.csv"

Build = Callable[[sa.MetaData], Any]


def table(*elements: Callable[[], Any], **kw: Any) -> Build:
    """Return what makes a table with a key, two columns and further elements."""

    def build(metadata: sa.MetaData) -> sa.Table:
        return sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.Integer),
            *[element() for element in elements],
            **kw,
        )

    return build


def column(*args: Any, **kw: Any) -> Callable[[], Any]:
    return lambda: sa.Column("c", *args, **kw)


def element(make: Callable[..., Any], *args: Any, **kw: Any) -> Callable[[], Any]:
    return lambda: make(*args, **kw)


def computed(text: str) -> Callable[[], Any]:
    return lambda: sa.Column("c", sa.Integer, sa.Computed(text, persisted=True))


def keyed(**kw: Any) -> Build:
    """Return what makes a table that refers to another."""

    def build(metadata: sa.MetaData) -> Any:
        sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
        keys = [sa.ForeignKeyConstraint(["a"], ["p.id"], name="fk_a", **kw)]
        return table(*[lambda key=key: key for key in keys])(metadata)

    return build


def parent_alone(metadata: sa.MetaData) -> Any:
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return table()(metadata)


def key_of(*names: str) -> Build:
    def build(metadata: sa.MetaData) -> sa.Table:
        return sa.Table(
            "t",
            metadata,
            *[sa.Column(n, sa.Integer, nullable=False) for n in ("id", "a")],
            sa.PrimaryKeyConstraint(*names, name="pk_t"),
        )

    return build


def sequence(metadata: sa.MetaData) -> Any:
    table()(metadata)
    return sa.Sequence("s", metadata=metadata)


def enumeration(*values: str) -> Build:
    return table(lambda: sa.Column("c", sa.Enum(*values, name="colour")))


def span(*constraints: Callable[[], Any]) -> Build:
    """Return what makes a table with a range, which PostgreSQL can exclude."""

    def build(metadata: sa.MetaData) -> sa.Table:
        return sa.Table(
            "t",
            metadata,
            sa.Column("c", postgresql.INT4RANGE),
            *[constraint() for constraint in constraints],
        )

    return build


def nothing(metadata: sa.MetaData) -> Any:
    return table()(metadata)


CHANGES: Dict[str, Tuple[Build, Build]] = {
    "table added or removed": (nothing, parent_alone),
    "column added or removed": (nothing, table(column(sa.Integer))),
    "NULL or NOT NULL": (
        table(column(sa.Integer)),
        table(column(sa.Integer, nullable=False)),
    ),
    "type": (table(column(sa.Integer)), table(column(sa.String(20)))),
    "length of a string": (table(column(sa.String(20))), table(column(sa.String(30)))),
    "precision of a number": (
        table(column(sa.Numeric(10, 2))),
        table(column(sa.Numeric(12, 4))),
    ),
    "server default": (
        table(column(sa.String(20), server_default="x")),
        table(column(sa.String(20), server_default="y")),
    ),
    "comment of a table": (table(), table(comment="words")),
    "comment of a column": (
        table(column(sa.Integer)),
        table(column(sa.Integer, comment="words")),
    ),
    "collation of a column": (
        table(column(sa.String(20))),
        table(lambda: sa.Column("c", sa.String(20, collation="{collation}"))),
    ),
    "values of an enum": (enumeration("red"), enumeration("red", "blue")),
    "index added or removed": (table(), table(element(sa.Index, "ix", "a"))),
    "columns of an index": (
        table(element(sa.Index, "ix", "a")),
        table(element(sa.Index, "ix", "id", "a")),
    ),
    "uniqueness of an index": (
        table(element(sa.Index, "ix", "a")),
        table(element(sa.Index, "ix", "a", unique=True)),
    ),
    "expression of an index": (
        table(lambda: sa.Index("ix", sa.text("(a + 1)"))),
        table(lambda: sa.Index("ix", sa.text("(a + 2)"))),
    ),
    "condition of an index (WHERE)": (
        table(
            lambda: sa.Index(
                "ix",
                "a",
                sqlite_where=sa.text("a > 1"),
                postgresql_where=sa.text("a > 1"),
            )
        ),
        table(
            lambda: sa.Index(
                "ix",
                "a",
                sqlite_where=sa.text("a > 2"),
                postgresql_where=sa.text("a > 2"),
            )
        ),
    ),
    "unique constraint added or removed": (
        table(),
        table(element(sa.UniqueConstraint, "a", name="uq")),
    ),
    "foreign key added or removed": (parent_alone, keyed()),
    "options of a foreign key": (keyed(), keyed(ondelete="CASCADE")),
    "primary key": (key_of("id"), key_of("id", "a")),
    "CHECK constraint added": (
        table(),
        table(element(sa.CheckConstraint, "a > 1", name="ck")),
    ),
    "text of a CHECK constraint": (
        table(element(sa.CheckConstraint, "a > 1", name="ck")),
        table(element(sa.CheckConstraint, "a > 2", name="ck")),
    ),
    "EXCLUDE constraint added": (
        span(),
        span(
            lambda: postgresql.ExcludeConstraint(
                (sa.column("c"), "&&"), name="x", using="gist"
            )
        ),
    ),
    "computed column": (table(computed("a + 1")), table(computed("a + 2"))),
    "identity of a column": (
        table(column(sa.Integer, nullable=False)),
        table(lambda: sa.Column("c", sa.Integer, sa.Identity(), nullable=False)),
    ),
    "sequence added or removed": (nothing, sequence),
    "options of a table (mysql_engine …)": (
        table(mysql_engine="InnoDB"),
        table(mysql_engine="MyISAM"),
    ),
}

COLLATIONS = {
    "sqlite": "NOCASE",
    "postgresql": "C",
    "mariadb": "utf8mb4_bin",
}

# what the database, or its dialect in SQLAlchemy, does not have
ABSENT = {
    "sqlite": {
        "comment of a table",
        "comment of a column",
        "EXCLUDE constraint added",
        "identity of a column",
        "sequence added or removed",
        "options of a table (mysql_engine …)",
    },
    "postgresql": {"options of a table (mysql_engine …)"},
    "mariadb": {
        "condition of an index (WHERE)",
        "expression of an index",
        "EXCLUDE constraint added",
        "identity of a column",
    },
}


def documented() -> Dict[str, Dict[str, str]]:
    """Return the answers of the document, by change and backend."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    assert header == ["change", "SQLite", "PostgreSQL", "MySQL, MariaDB"]
    return {
        row[0]: dict(zip(("sqlite", "postgresql", "mariadb"), row[1:])) for row in rows
    }


def made(build: Build, backend: str) -> sa.MetaData:
    metadata = sa.MetaData()
    build(metadata)
    for made_table in metadata.tables.values():
        for made_column in made_table.columns:
            if getattr(made_column.type, "collation", None) == "{collation}":
                made_column.type.collation = COLLATIONS[backend]
    return metadata


def found(database: Any, change: str, **options: Any) -> bool:
    """Make the earlier state, compare with the later one, and tell what is seen."""
    before, after = CHANGES[change]
    with database.engine.connect() as connection:
        transaction = connection.begin()
        made(before, database.name).create_all(connection)
        transaction.commit()
        context = MigrationContext.configure(connection, opts=options)
        same = compare_metadata(context, made(before, database.name))
        assert not same, f"seen without a change: {same}"
        return bool(compare_metadata(context, made(after, database.name)))


def answer(database: Any, fresh_database: Any, change: str) -> str:
    if change in ABSENT[database.name]:
        return "—"
    if found(database, change):
        return "yes"
    other = fresh_database(database.name, "b")
    return "option" if found(other, change, compare_server_default=True) else "no"


def test_every_row_is_tried() -> None:
    """The document has the rows of this file, in this order."""
    assert list(documented()) == list(CHANGES)


# SQLAlchemy says that it leaves such an index of SQLite out
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression")
@pytest.mark.parametrize("change", CHANGES)
def test_change_is_found_as_documented(database, fresh_database, change) -> None:
    """A change is found where the table says so, and only there."""
    assert (
        answer(database, fresh_database, change) == documented()[change][database.name]
    )
