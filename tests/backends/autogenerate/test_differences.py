"""Every difference is found, can be applied, and can be undone."""

from __future__ import annotations

import warnings
from typing import Any
from typing import Callable
from typing import List
from typing import Optional
from typing import Tuple

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from tests.support.convergence import generate
from tests.support.convergence import model
from tests.support.convergence import round_trip
from tests.support.convergence import run
from tests.support.versions import has
from tests.support.versions import needs
from tests.support.versions import reason

if not has("1.4"):
    # identities are new in it
    pytest.skip(reason("1.4"), allow_module_level=True)

S, P, M = "sqlite", "postgresql", "mariadb"
ALL = (S, P, M)
Build = Callable[[sa.MetaData], Any]
Row = Tuple[str, Tuple[str, ...], Build, Build, Optional[List[str]]]
"""A name, the databases, both models, the kinds of differences (None: they depend)."""

TYPE = ["modify_type"]
DEFAULT = ["modify_default"]
REMADE_INDEX = ["remove_index", "add_index"]
REMADE_UNIQUE = ["remove_constraint", "add_constraint"]
REMADE_KEY = ["remove_fk", "add_fk"]
REMADE_COLUMN = ["remove_column", "add_column"]
RUN = ["execute"]


def t(*items: Callable[[], Any], **kw: Any) -> Build:
    def build(metadata: sa.MetaData) -> None:
        sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *[item() for item in items],
            **kw,
        )

    return build


def a(*args: Any, **kw: Any) -> Build:
    return t(lambda: sa.Column("a", *args, **kw))


def col(*args: Any, **kw: Any) -> Callable[[], Any]:
    return lambda: sa.Column(*args, **kw)


def of(make: Callable[..., Any], *args: Any, **kw: Any) -> Callable[[], Any]:
    return lambda: make(*args, **kw)


def refers(type_: Any = sa.Integer, **fk: Any) -> Build:
    def build(metadata: sa.MetaData) -> None:
        sa.Table("p", metadata, sa.Column("id", type_, primary_key=True))
        sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("pid", type_, sa.ForeignKey("p.id", name="fk", **fk)),
        )

    return build


def nothing(metadata: sa.MetaData) -> None:
    pass


TWO = (col("a", sa.String(50)), col("n", sa.Integer))


def unnamed_check(limit: int) -> Callable[[], Any]:
    return of(sa.CheckConstraint, f"n > {limit}")


def collated(name: str, default: Optional[str] = "it's: 5%") -> Callable[[], Any]:
    """Return a column with a collation of its own."""
    return of(
        sa.Column,
        name,
        mysql.VARCHAR(20, charset="utf8mb4", collation="utf8mb4_bin"),
        nullable=default is None,
        server_default=default,
        comment="it's: 5%",
    )


def unique_beside_key(*key: str) -> Build:
    """Return a table with a unique constraint over ``id`` and some primary key."""

    def build(metadata: sa.MetaData) -> None:
        sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
            sa.Column("k", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint(*key),
            sa.UniqueConstraint("id"),
        )

    return build


def key_of(name: Optional[str] = None, *, is_key: bool = True, **kw: Any) -> Build:
    """Return a column with or without a foreign key."""

    def build(metadata: sa.MetaData) -> None:
        sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
        keys = [sa.ForeignKey("p.id", name=name)] if is_key else []
        t(col("pid", sa.Integer, *keys, **kw))(metadata)

    return build


def two_keys(first: bool, second: bool) -> Build:
    """Return a table with a key over ``id`` and some of two other columns."""

    def build(metadata: sa.MetaData) -> None:
        others = {"a": first, "b": second}
        sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *[
                sa.Column(n, sa.Integer, primary_key=is_key, autoincrement=False)
                for n, is_key in others.items()
            ],
        )

    return build


def unnamed_exclude(**kw: Any) -> Callable[[], Any]:
    return of(postgresql.ExcludeConstraint, ("n", "="), using="btree", **kw)


def excludes(**kw: Any) -> Callable[[], Any]:
    return of(postgresql.ExcludeConstraint, ("n", "="), name="ex", using="btree", **kw)


def positive(**kw: Any) -> Callable[[], Any]:
    return of(sa.CheckConstraint, "n > 0", **kw)


def added_later(build: Build) -> Build:
    """Add CHECK constraints by ALTER TABLE, which alone leaves them NOT VALID."""

    def built(metadata: sa.MetaData) -> None:
        build(metadata)
        for table in metadata.tables.values():
            for constraint in list(table.constraints):
                if isinstance(constraint, sa.CheckConstraint):
                    add = sa.schema.AddConstraint(constraint)
                    sa.event.listen(table, "after_create", add)

    return built


NOT_VALID = {"postgresql_not_valid": True}
LATER_KEY = {"use_alter": True, **NOT_VALID}


def doubled(by: int) -> Callable[[], Any]:
    return lambda: sa.Column("g", sa.Integer, sa.Computed(f"n * {by}", persisted=True))


def plain_index(**kw: Any) -> Build:
    return t(*TWO, of(sa.Index, "ix", "a", **kw))


ROWS: List[Row] = [
    # what Alembic 1.20.1 finds as well
    ("create", ALL, nothing, a(sa.Integer), ["add_table"]),
    ("drop", ALL, a(sa.Integer), nothing, ["remove_table"]),
    ("add column", ALL, t(), a(sa.Integer), ["add_column"]),
    ("drop column", ALL, a(sa.Integer), t(), ["remove_column"]),
    ("type", ALL, a(sa.String(10)), a(sa.String(20)), TYPE),
    ("type family", (S, P), a(sa.Integer), a(sa.String(20)), TYPE),
    (
        "not null",
        ALL,
        a(sa.Integer),
        a(sa.Integer, nullable=False),
        ["modify_nullable"],
    ),
    ("null", ALL, a(sa.Integer, nullable=False), a(sa.Integer), ["modify_nullable"]),
    ("default", ALL, a(sa.Integer), a(sa.Integer, server_default="5"), DEFAULT),
    (
        "other default",
        ALL,
        a(sa.Integer, server_default="4"),
        a(sa.Integer, server_default="5"),
        DEFAULT,
    ),
    ("no default", ALL, a(sa.Integer, server_default="4"), a(sa.Integer), DEFAULT),
    (
        "quoted default",
        ALL,
        a(sa.String(9), server_default="a"),
        a(sa.String(9), server_default="it's"),
        DEFAULT,
    ),
    (
        "boolean default",
        ALL,
        a(sa.Boolean, server_default=sa.false()),
        a(sa.Boolean, server_default=sa.true()),
        DEFAULT,
    ),
    (
        "expression default",
        ALL,
        a(sa.String(50), server_default=sa.text("(lower('A'))")),
        a(sa.String(50), server_default=sa.text("(lower('B'))")),
        DEFAULT,
    ),
    (
        "no expression default",
        ALL,
        a(sa.String(50), server_default=sa.text("(lower('A'))")),
        a(sa.String(50)),
        DEFAULT,
    ),
    (
        "table with an expression default",
        ALL,
        a(sa.String(50), server_default=sa.text("(lower('A, (b'))")),
        nothing,
        ["remove_table"],
    ),
    (
        "comment of an expression default",
        (P, M),
        a(sa.String(50), server_default=sa.text("(lower('A'))"), comment="it's"),
        a(sa.String(50), server_default=sa.text("(lower('A'))"), comment="a 'b\\"),
        ["modify_comment"],
    ),
    (
        "json default",
        (S, P),
        a(sa.JSON, server_default="{}"),
        a(sa.JSON, server_default='{"a": 1}'),
        DEFAULT,
    ),
    (
        "column comment",
        (P, M),
        a(sa.Integer),
        a(sa.Integer, comment="it's 5%"),
        ["modify_comment"],
    ),
    (
        "no column comment",
        (P, M),
        a(sa.Integer, comment="x"),
        a(sa.Integer),
        ["modify_comment"],
    ),
    ("table comment", (P, M), t(), t(comment="new"), ["add_table_comment"]),
    ("no table comment", (P, M), t(comment="old"), t(), ["remove_table_comment"]),
    ("index", ALL, t(*TWO), plain_index(), ["add_index"]),
    ("no index", ALL, plain_index(), t(*TWO), ["remove_index"]),
    ("unique index", ALL, plain_index(), plain_index(unique=True), REMADE_INDEX),
    (
        "index columns",
        ALL,
        plain_index(),
        t(*TWO, of(sa.Index, "ix", "a", "n")),
        REMADE_INDEX,
    ),
    ("unique", ALL, t(*TWO), t(*TWO, of(sa.UniqueConstraint, "a")), ["add_constraint"]),
    (
        "named unique",
        ALL,
        t(*TWO),
        t(*TWO, of(sa.UniqueConstraint, "a", name="u")),
        ["add_constraint"],
    ),
    (
        "unique columns",
        ALL,
        t(*TWO, of(sa.UniqueConstraint, "a", name="u")),
        t(*TWO, of(sa.UniqueConstraint, "a", "n", name="u")),
        REMADE_UNIQUE,
    ),
    ("on delete", ALL, refers(), refers(ondelete="CASCADE"), REMADE_KEY),
    ("on update", ALL, refers(), refers(onupdate="CASCADE"), REMADE_KEY),
    (
        "deferrable key",
        (S, P),
        refers(),
        refers(deferrable=True, initially="DEFERRED"),
        REMADE_KEY,
    ),
    (
        "identity",
        (P,),
        t(col("b", sa.Integer, nullable=False)),
        t(col("b", sa.Integer, sa.Identity(), nullable=False)),
        DEFAULT,
    ),
    (
        "identity always",
        (P,),
        t(col("b", sa.Integer, sa.Identity())),
        t(col("b", sa.Integer, sa.Identity(always=True))),
        DEFAULT,
    ),
    (
        "serial to identity",
        (P,),
        t(),
        lambda m: sa.Table(
            "t", m, sa.Column("id", sa.Integer, sa.Identity(), primary_key=True)
        ),
        DEFAULT,
    ),
    # what it does not find, or not always
    (
        "no unique",
        (M,),
        t(*TWO, of(sa.UniqueConstraint, "a")),
        t(*TWO),
        ["remove_index"],
    ),
    (
        "no unique",
        (S, P),
        t(*TWO, of(sa.UniqueConstraint, "a")),
        t(*TWO),
        ["remove_constraint"],
    ),
    (
        "primary key",
        (S, P),
        lambda m: sa.Table(
            "t",
            m,
            sa.Column("x", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("y", sa.Integer, nullable=False),
        ),
        lambda m: sa.Table(
            "t",
            m,
            sa.Column("x", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("y", sa.Integer, primary_key=True),
        ),
        REMADE_UNIQUE,
    ),
    (
        "primary key",
        (M,),
        lambda m: sa.Table(
            "t",
            m,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("y", sa.Integer, nullable=False),
        ),
        lambda m: sa.Table(
            "t",
            m,
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("y", sa.Integer, primary_key=True),
        ),
        RUN,
    ),
    (
        "column out of the primary key",
        (M,),
        two_keys(True, True),
        two_keys(True, False),
        [*RUN, "modify_nullable"],
    ),
    (
        "column into the primary key and out of it",
        (M,),
        two_keys(False, True),
        two_keys(True, False),
        ["modify_nullable", *RUN, "modify_nullable"],
    ),
    ("foreign key", ALL, key_of(is_key=False), key_of("fk"), ["add_fk"]),
    ("unnamed foreign key", ALL, key_of(is_key=False), key_of(), ["add_fk"]),
    (
        "foreign key of an index",
        ALL,
        key_of(is_key=False, index=True),
        key_of("fk", index=True),
        ["add_fk"],
    ),
    (
        "foreign key and index",
        (P, M),
        key_of(is_key=False),
        key_of(index=True),
        ["add_index", "add_fk"],
    ),
    (
        "unique constraint that was the primary key",
        ALL,
        unique_beside_key("id"),
        unique_beside_key("id", "k"),
        None,
    ),
    (
        "computed column that an index covers",
        (P,),
        t(*TWO, doubled(2), of(sa.Index, "ix", "n", postgresql_include=["g"])),
        t(*TWO, doubled(3), of(sa.Index, "ix", "n", postgresql_include=["g"])),
        ["remove_index", "remove_column", "add_column", "add_index"],
    ),
    (
        "computed column in the condition of an index",
        (P,),
        t(*TWO, doubled(2), of(sa.Index, "ix", "n", postgresql_where=sa.text("g > 1"))),
        t(*TWO, doubled(3), of(sa.Index, "ix", "n", postgresql_where=sa.text("g > 1"))),
        ["remove_index", "remove_column", "add_column", "add_index"],
    ),
    (
        "computed column in the expression of an index",
        (P,),
        t(*TWO, doubled(2), of(sa.Index, "ix", sa.text("(g + 1)"))),
        t(*TWO, doubled(3), of(sa.Index, "ix", sa.text("(g + 1)"))),
        ["remove_index", "remove_column", "add_column", "add_index"],
    ),
    (
        "column of an unnamed check",
        ALL,
        t(*TWO, unnamed_check(0), of(sa.CheckConstraint, "a <> 'n' AND 1 = 1")),
        t(col("a", sa.String(50)), of(sa.CheckConstraint, "a <> 'n' AND 1 = 1")),
        None,
    ),
    (
        "computed column of an unnamed check",
        ALL,
        t(*TWO, doubled(2), of(sa.CheckConstraint, "g > -9")),
        t(*TWO, doubled(3), of(sa.CheckConstraint, "g > -9")),
        None,
    ),
    ("unnamed check", ALL, t(*TWO), t(*TWO, unnamed_check(0)), ["add_constraint"]),
    (
        "unnamed checks",
        ALL,
        t(*TWO, unnamed_check(0)),
        t(*TWO, unnamed_check(0), unnamed_check(1)),
        ["add_constraint"],
    ),
    (
        "other unnamed check",
        (P, M),
        t(*TWO, unnamed_check(0)),
        t(*TWO, unnamed_check(1)),
        ["remove_constraint", "add_constraint"],
    ),
    (
        "check",
        ALL,
        t(*TWO),
        t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")),
        ["add_constraint"],
    ),
    (
        "check expression",
        ALL,
        t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")),
        t(*TWO, of(sa.CheckConstraint, "n > 1", name="ck")),
        REMADE_UNIQUE,
    ),
    (
        "computed",
        ALL,
        t(*TWO, col("g", sa.Integer, sa.Computed("n * 2", persisted=True))),
        t(*TWO, col("g", sa.Integer, sa.Computed("n * 3", persisted=True))),
        REMADE_COLUMN,
    ),
    (
        "computed grouping",
        ALL,
        t(*TWO, col("g", sa.Integer, sa.Computed("n * (2 + n)", persisted=True))),
        t(*TWO, col("g", sa.Integer, sa.Computed("(n * 2) + n", persisted=True))),
        REMADE_COLUMN,
    ),
    (
        "no longer computed",
        ALL,
        t(*TWO, col("g", sa.Integer, sa.Computed("n * 2", persisted=True))),
        t(*TWO, col("g", sa.Integer)),
        REMADE_COLUMN,
    ),
    (
        "computed now",
        ALL,
        t(*TWO, col("g", sa.Integer)),
        t(*TWO, col("g", sa.Integer, sa.Computed("n * 2", persisted=True))),
        REMADE_COLUMN,
    ),
    (
        "computed in an index",
        ALL,
        t(
            *TWO,
            col(
                "g",
                sa.Integer,
                sa.Computed("n * 2", persisted=True),
                index=True,
                unique=True,
            ),
        ),
        t(
            *TWO,
            col(
                "g",
                sa.Integer,
                sa.Computed("n * 3", persisted=True),
                index=True,
                unique=True,
            ),
        ),
        ["remove_index", "remove_column", "add_column", "add_index"],
    ),
    ("collation", (S,), a(sa.String(9)), a(sa.String(9, collation="NOCASE")), TYPE),
    ("collation", (P,), a(sa.String(9)), a(sa.String(9, collation="C")), TYPE),
    (
        "collation",
        (M,),
        a(sa.String(9)),
        a(sa.String(9, collation="utf8mb4_bin")),
        TYPE,
    ),
    ("length appears", (S, P), a(sa.String), a(sa.String(50)), TYPE),
    ("length goes", (S, P), a(sa.String(50)), a(sa.String), TYPE),
    ("precision goes", ALL, a(sa.Numeric(12, 4)), a(sa.Numeric), TYPE),
    (
        "timestamp precision",
        (P,),
        a(postgresql.TIMESTAMP(precision=3)),
        a(sa.DateTime),
        TYPE,
    ),
    ("unsigned", (M,), a(sa.Integer), a(mysql.INTEGER(unsigned=True)), TYPE),
    ("fractional seconds", (M,), a(sa.DateTime), a(mysql.DATETIME(fsp=6)), TYPE),
    ("mysql enum", (M,), a(sa.Enum("a", "b")), a(sa.Enum("b", "a")), TYPE),
    (
        "charset beside columns with their own",
        (M,),
        t(*TWO, collated("a%b"), mysql_charset="utf8mb4"),
        t(*TWO, collated("a%b"), collated("new", default=None), mysql_charset="latin1"),
        ["add_column", *RUN, *RUN],
    ),
    (
        "odd values",
        (M,),
        a(mysql.ENUM("a\\b", "it's", "5%")),
        a(mysql.ENUM("a\\b", "it's", "6%")),
        TYPE,
    ),
    (
        "odd values of a set",
        (M,),
        a(mysql.SET("a\\b", "it's")),
        a(mysql.SET("a\\c", "it's")),
        TYPE,
    ),
    (
        "bits as default",
        (M,),
        a(mysql.BIT(3), server_default=sa.text("b'101'"), comment="why"),
        a(mysql.BIT(3), server_default=sa.text("b'111'"), comment="why"),
        DEFAULT,
    ),
    ("set", (M,), a(mysql.SET("a", "b")), a(mysql.SET("a", "b", "c")), TYPE),
    (
        "enum value",
        (P,),
        a(sa.Enum("a", "b", name="e")),
        a(sa.Enum("a", "x", "b", name="e")),
        RUN,
    ),
    (
        "enum values",
        (P,),
        a(sa.Enum("b", name="e"), server_default="b"),
        a(sa.Enum("a", "b", "c", name="e"), server_default="b"),
        RUN * 2,
    ),
    (
        "enum value as default",
        (P,),
        a(sa.Enum("a", name="e"), server_default="a"),
        a(sa.Enum("a", "b", name="e"), server_default="b"),
        RUN * 6 + DEFAULT,
    ),
    (
        "enum order",
        (P,),
        a(sa.Enum("a", "b", name="e"), server_default="b"),
        a(sa.Enum("b", "a", name="e"), server_default="b"),
        RUN * 6,
    ),
    (
        "enum array",
        (P,),
        a(postgresql.ARRAY(sa.Enum("a", "b", name="e"))),
        a(postgresql.ARRAY(sa.Enum("a", name="e"))),
        RUN * 4,
    ),
    ("sequence", (P,), t(), lambda m: (t()(m), sa.Sequence("sq", metadata=m)), RUN),
    (
        "sequence default",
        (P,),
        a(sa.Integer),
        lambda m: a(
            sa.Integer, server_default=sa.Sequence("sq", metadata=m).next_value()
        )(m),
        RUN + DEFAULT,
    ),
    (
        "check beside a type and a sequence that are not there yet",
        (P,),
        t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")),
        lambda m: t(
            col("a", sa.String(50)),
            col(
                "n",
                sa.Integer,
                server_default=sa.Sequence("sq", metadata=m).next_value(),
            ),
            col("e", sa.Enum("a", name="en")),
            of(sa.CheckConstraint, "n > 1", name="ck"),
        )(m),
        [
            "execute",
            "execute",
            "remove_constraint",
            "add_column",
            "modify_default",
            "add_constraint",
        ],
    ),
    (
        "exclude",
        (P,),
        t(*TWO),
        t(*TWO, of(postgresql.ExcludeConstraint, ("n", "="), name="ex", using="btree")),
        ["add_constraint"],
    ),
    (
        "other exclude",
        (P,),
        t(*TWO, of(postgresql.ExcludeConstraint, ("n", "="), name="ex", using="btree")),
        t(*TWO, of(postgresql.ExcludeConstraint, ("a", "="), name="ex", using="btree")),
        ["execute", "add_constraint"],
    ),
    (
        "exclude where",
        (P,),
        t(*TWO, excludes()),
        t(*TWO, excludes(where=sa.text("n > 5"))),
        ["execute", "add_constraint"],
    ),
    ("unnamed exclude", (P,), t(*TWO), t(*TWO, unnamed_exclude()), ["add_constraint"]),
    (
        "other unnamed exclude",
        (P,),
        t(*TWO, unnamed_exclude()),
        t(*TWO, unnamed_exclude(where=sa.text("n > 5"))),
        ["execute", "add_constraint"],
    ),
    (
        "another unnamed exclude",
        (P,),
        t(*TWO, unnamed_exclude()),
        t(*TWO, unnamed_exclude(), unnamed_exclude(where=sa.text("n > 5"))),
        ["add_constraint"],
    ),
    (
        "check and exclude of a dropped column",
        (P,),
        t(*TWO, excludes(), of(sa.CheckConstraint, "n > 0", name="ck")),
        t(col("a", sa.String(50))),
        ["execute", "remove_constraint", "remove_column"],
    ),
    (
        "check of a dropped column",
        (S, M),
        t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")),
        t(col("a", sa.String(50))),
        ["remove_constraint", "remove_column"],
    ),
    (
        "check in the way of a type",
        (P,),
        t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")),
        t(col("a", sa.String(50)), col("n", sa.String(20))),
        ["remove_constraint", "modify_type"],
    ),
    (
        "checks of a computed column",
        (P,),
        t(
            *TWO,
            doubled(2),
            of(sa.CheckConstraint, "g > 0", name="ck"),
            of(sa.CheckConstraint, "g > 1"),
            of(postgresql.ExcludeConstraint, ("g", "="), name="ex", using="btree"),
        ),
        t(
            *TWO,
            doubled(3),
            of(sa.CheckConstraint, "g > 0", name="ck"),
            of(sa.CheckConstraint, "g > 1"),
            of(postgresql.ExcludeConstraint, ("g", "="), name="ex", using="btree"),
        ),
        [
            *["execute", "remove_constraint", "remove_constraint"],
            *["remove_column", "add_column"],
            *["add_constraint", "add_constraint", "execute"],
        ],
    ),
    (
        "where",
        (P,),
        plain_index(),
        plain_index(postgresql_where=sa.text("n > 5")),
        REMADE_INDEX,
    ),
    (
        "other where",
        (P,),
        plain_index(postgresql_where=sa.text("n > 4")),
        plain_index(postgresql_where=sa.text("n > 5")),
        REMADE_INDEX,
    ),
    (
        "sqlite where",
        (S,),
        plain_index(),
        plain_index(sqlite_where=sa.text("n > 5")),
        REMADE_INDEX,
    ),
    ("using", (P,), plain_index(), plain_index(postgresql_using="hash"), REMADE_INDEX),
    (
        "include",
        (P,),
        plain_index(),
        plain_index(postgresql_include=["n"]),
        REMADE_INDEX,
    ),
    (
        "ops",
        (P,),
        plain_index(),
        plain_index(postgresql_ops={"a": "varchar_pattern_ops"}),
        REMADE_INDEX,
    ),
    (
        "expression",
        (S, P),
        t(*TWO, of(sa.Index, "ix", sa.text("lower(a)"))),
        t(*TWO, of(sa.Index, "ix", sa.text("upper(a)"))),
        REMADE_INDEX,
    ),
    (
        "new expression",
        (S, P),
        t(*TWO),
        t(*TWO, of(sa.Index, "ix", sa.text("lower(a)"))),
        ["add_index"],
    ),
    ("prefix length", (M,), plain_index(), plain_index(mysql_length=10), REMADE_INDEX),
    (
        "deferrable unique",
        (P,),
        t(*TWO, of(sa.UniqueConstraint, "a", name="u")),
        t(*TWO, of(sa.UniqueConstraint, "a", name="u", deferrable=True)),
        REMADE_UNIQUE,
    ),
    (
        "deferred unique",
        (P,),
        t(*TWO, of(sa.UniqueConstraint, "a", name="u", deferrable=True)),
        t(
            *TWO,
            of(
                sa.UniqueConstraint,
                "a",
                name="u",
                deferrable=True,
                initially="DEFERRED",
            ),
        ),
        REMADE_UNIQUE,
    ),
    (
        "unique include",
        (P,),
        t(*TWO, of(sa.UniqueConstraint, "a", name="u")),
        t(*TWO, of(sa.UniqueConstraint, "a", name="u", postgresql_include=["n"])),
        REMADE_UNIQUE,
    ),
    (
        "fulltext",
        (M,),
        plain_index(),
        plain_index(mysql_prefix="FULLTEXT"),
        REMADE_INDEX,
    ),
    ("match", (P,), refers(), refers(match="FULL"), REMADE_KEY),
    ("not valid key", (P,), refers(**LATER_KEY), refers(), RUN),
    ("no longer valid key", (P,), refers(), refers(postgresql_not_valid=True), []),
    (
        "not valid check",
        (P,),
        added_later(t(*TWO, positive(name="ck", **NOT_VALID))),
        t(*TWO, positive(name="ck")),
        RUN,
    ),
    (
        "not valid unnamed check",
        (P,),
        added_later(t(*TWO, positive(**NOT_VALID))),
        t(*TWO, positive()),
        RUN,
    ),
    (
        "not valid key and another type",
        (P,),
        refers(**LATER_KEY),
        refers(sa.BigInteger),
        ["remove_fk", "modify_type", "modify_type", "add_fk"],
    ),
    (
        "new key that is not valid",
        (P,),
        nothing,
        refers(postgresql_not_valid=True),
        ["add_table", "add_table"],
    ),
    (
        "not valid checks go",
        (P,),
        added_later(t(*TWO, positive(name="ck", **NOT_VALID))),
        t(col("a", sa.String(50))),
        ["remove_constraint", "remove_column"],
    ),
    ("unlogged", (P,), t(), t(prefixes=["UNLOGGED"]), RUN),
    ("storage", (P,), t(), t(postgresql_with={"fillfactor": 50}), RUN),
    ("unlogged, dropped", (P,), t(prefixes=["UNLOGGED"]), nothing, ["remove_table"]),
    ("engine", (M,), t(mysql_engine="InnoDB"), t(mysql_engine="MyISAM"), RUN),
    (
        "charset",
        (M,),
        a(sa.Integer),
        t(col("a", sa.Integer), mysql_charset="latin1"),
        RUN,
    ),
]


# the SQLAlchemy from which on these can be reflected, or written at all
SINCE = {
    (P, "where"): "2.0",
    (P, "other where"): "2.0",
    (P, "using"): "2.0",
    (P, "include"): "2.0",
    (P, "expression"): "2.0",
    (P, "new expression"): "2.0",
    (P, "unique include"): "2.0.41",
    (P, "collation"): "2.1",
    (P, "ops"): "2.1",
    (P, "storage"): "2.1",
}


def params() -> List[Any]:
    return [
        pytest.param(
            backend,
            *row[2:],
            id=f"{backend}-{row[0]}",
            marks=needs(SINCE.get((backend, row[0]), "1.3")),
        )
        for row in ROWS
        for backend in row[1]
    ]


@pytest.mark.parametrize(
    ("empty", "before", "after", "expected"), params(), indirect=["empty"]
)
def test_difference(empty, before, after, expected) -> None:
    """It is found, the upgrade leaves nothing of it, the downgrade brings it back."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        found = round_trip(empty.engine, before, after)
    assert expected in (found, None)


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("table", "elements", "name"),
    [
        ("t", [("n", "=")], "t_n_excl"),
        ("t", [("a", "="), ("n", "=")], "t_a_n_excl"),
        ("t", [(sa.text("lower(a)"), "="), (sa.text("(n + 1)"), "=")], None),
        ("t" * 60, [("n", "=")], None),
        ("t" * 40, [("c" * 40, "=")], None),
        ("\u00e4" * 20, [("\u00f6" * 21, "=")], None),
    ],
)
def test_unnamed_exclude_gets_the_name_of_the_database(
    empty, table, elements, name
) -> None:
    """It is called as if the table had been created with it."""

    def build(metadata: sa.MetaData, *constraints: Any) -> None:
        columns = [sa.Column(c, sa.Integer) for c in ("n", "c" * 40, "\u00f6" * 21)]
        a = sa.Column("a", sa.String(9))
        sa.Table(table, metadata, a, *columns, *constraints)

    def wanted(metadata: sa.MetaData) -> None:
        build(metadata, postgresql.ExcludeConstraint(*elements, using="btree"))

    def names() -> Any:
        return empty.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")

    with empty.engine.begin() as connection:
        model(wanted).create_all(connection)
    [(chosen,)] = names()
    assert name in (None, chosen)
    with empty.engine.begin() as connection:
        model(wanted).drop_all(connection)
        model(build).create_all(connection)
    _, up, _ = generate(empty.engine, model(wanted))
    run(empty.engine, up)
    assert names() == [(chosen,)]


@pytest.mark.parametrize("empty", ["postgresql", "mariadb"], indirect=True)
@pytest.mark.parametrize("text", ["n > 0", "n > length(a)", "1 = 1", "a <> 'n'"])
def test_unnamed_check_gets_the_name_of_the_database(empty, text) -> None:
    """It is called as if the table had been created with it."""

    def names() -> Any:
        return empty.execute(
            "SELECT constraint_name FROM information_schema.check_constraints "
            "WHERE constraint_name NOT LIKE '%not_null' "
            "AND constraint_schema IN ('public', DATABASE())"
            if empty.name == "mariadb"
            else "SELECT conname FROM pg_constraint WHERE contype = 'c' "
            "AND conrelid <> 0"
        )

    unnamed = t(*TWO, of(sa.CheckConstraint, text))
    with empty.engine.begin() as connection:
        model(unnamed).create_all(connection)
    chosen = names()
    assert len(chosen) == 1
    with empty.engine.begin() as connection:
        model(unnamed).drop_all(connection)
        model(t(*TWO)).create_all(connection)
    _, up, _ = generate(empty.engine, model(unnamed))
    run(empty.engine, up)
    assert names() == chosen


def backticks(*items: Callable[[], Any]) -> Build:
    def build(metadata: sa.MetaData) -> None:
        sa.Table("p`p", metadata, sa.Column("i`d", sa.Integer, primary_key=True))
        sa.Table(
            "t`t",
            metadata,
            sa.Column("a``a", sa.Integer, nullable=False),
            *[item() for item in items],
        )

    return build


@pytest.mark.parametrize("empty", ["mariadb"], indirect=True)
def test_names_with_backticks(empty) -> None:
    """They are not doubled on the way, and what SQLAlchemy reads by itself stays so."""
    before = backticks(
        col("b`b", sa.Integer, server_default="5"),
        col("r`r", sa.Integer),
        of(sa.ForeignKeyConstraint, ["r`r"], ["p`p.i`d"], name="f`k"),
        of(sa.UniqueConstraint, "a``a", name="u`q"),
        of(sa.Index, "i`x", "b`b"),
        of(sa.CheckConstraint, "`b``b` > 3", name="c`k"),
    )
    after = backticks(
        col("b`b", sa.BigInteger, comment="new"),
        col("r`r", sa.Integer),
        of(sa.UniqueConstraint, "b`b", name="v`q"),
        of(sa.Index, "i`x", "a``a"),
        of(sa.CheckConstraint, "`b``b` > 2", name="c`k"),
    )
    assert set(round_trip(empty.engine, before, after)) == {
        *("add_constraint", "add_index", "modify_comment", "modify_default"),
        *("modify_type", "remove_constraint", "remove_fk", "remove_index"),
    }
    read, fresh = (
        sa.inspect(engine).get_columns("p`p")[0]["name"]
        for engine in (empty.engine, empty.new_engine())
    )
    assert read == fresh


def undeclared(metadata: sa.MetaData) -> None:
    t(
        *TWO,
        of(sa.CheckConstraint, "n > 0", name="ck"),
        of(sa.CheckConstraint, "n < 99"),
    )(metadata)


@pytest.mark.parametrize("empty", ALL, indirect=True)
def test_checks_that_only_the_database_has_stay(empty) -> None:
    """Autogenerate proposes nothing for them, and other changes leave them as they are."""
    assert round_trip(empty.engine, undeclared, t(*TWO)) == []
    run(empty.engine, 'op.execute("INSERT INTO t (id, n) VALUES (1, 5)")')
    with pytest.raises(sa.exc.DBAPIError):
        run(empty.engine, 'op.execute("INSERT INTO t (id, n) VALUES (2, -5)")')


ALSO_UNDECLARED = ["alembic.autogenerate.*", "alembic.ext.undeclared_constraints"]


@pytest.mark.parametrize(
    ("empty", "before", "expected"),
    [
        (S, t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")), "remove_constraint"),
        (P, t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")), "remove_constraint"),
        (P, t(*TWO, of(sa.CheckConstraint, "n > 0")), "remove_constraint"),
        (M, t(*TWO, of(sa.CheckConstraint, "n > 0", name="ck")), "remove_constraint"),
        (P, t(*TWO, excludes()), "execute"),
    ],
    indirect=["empty"],
    ids=["sqlite", "postgresql", "postgresql-unnamed", "mariadb", "exclude"],
)
def test_undeclared_constraints_go_where_asked(empty, before, expected) -> None:
    """The plugin of that name drops what the model does not declare."""
    assert round_trip(
        empty.engine, before, t(*TWO), autogenerate_plugins=ALSO_UNDECLARED
    ) == [expected]


@pytest.mark.parametrize("empty", ["postgresql", "mariadb"], indirect=True)
def test_new_schema(empty) -> None:
    """A schema that only the model has is created before its tables."""
    name = "fresh" if empty.name == "postgresql" else "alembic_main_fresh"

    def after(metadata: sa.MetaData) -> None:
        sa.Table(
            "t", metadata, sa.Column("id", sa.Integer, primary_key=True), schema=name
        )

    found = round_trip(
        empty.engine,
        nothing,
        after,
        include_schemas=True,
        include_name=lambda n, type_, parents: type_ != "schema" or n in (None, name),
    )
    assert found == ["execute", "add_table"]
