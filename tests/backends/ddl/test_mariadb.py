"""MariaDB: what a change of a column does not mention stays as it is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import mysql

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla.connections import commit
from alembic.util.exc import CommandError
from tests.support.versions import needs

TABLE = """CREATE TABLE t (
  id int PRIMARY KEY AUTO_INCREMENT,
  a varchar(5) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL
    DEFAULT 'it''s' COMMENT 'he said "x", ok',
  b int unsigned DEFAULT 5 CHECK (b > 1),
  d datetime(3) DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  g int GENERATED ALWAYS AS (b + 1) STORED COMMENT 'gen',
  j json,
  e enum('a','b,c') DEFAULT 'a',
  u varchar(36) DEFAULT uuid(),
  i int INVISIBLE DEFAULT 3,
  n decimal(10,2) NOT NULL DEFAULT 1.50,
  ts timestamp NULL,
  `we ird` int NULL DEFAULT -1
)"""


@pytest.fixture
def changed(mariadb):
    """A function that changes a column and returns it as the server describes it."""
    mariadb.execute(TABLE)

    def change(name, **kw):
        with mariadb.engine.connect() as connection:
            op = Operations(MigrationContext.configure(connection))
            op.alter_column("t", name, **kw)
            commit(connection)
            return definition(mariadb, kw.get("new_column_name", name))

    return change


def definition(database, name):
    """Return the line of SHOW CREATE TABLE for a column, without its name."""
    (row,) = database.execute("SHOW CREATE TABLE t")
    start = f"  `{name}` "
    (line,) = [line for line in row[1].splitlines() if line.startswith(start)]
    # the order of newer servers
    line = line.replace("DEFAULT 3 INVISIBLE", "INVISIBLE DEFAULT 3")
    return line[len(start) :].rstrip(",")


LATIN = "CHARACTER SET latin1 COLLATE latin1_bin"


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        (
            "a",
            {"nullable": True},
            f"varchar(5) {LATIN} DEFAULT 'it''s' COMMENT 'he said \"x\", ok'",
        ),
        (
            "a",
            {"type_": sa.String(10)},
            f"varchar(10) {LATIN} NOT NULL DEFAULT 'it''s' COMMENT 'he said \"x\", ok'",
        ),
        (
            "a",
            {"new_column_name": "aa"},
            f"varchar(5) {LATIN} NOT NULL DEFAULT 'it''s' COMMENT 'he said \"x\", ok'",
        ),
        (
            "a",
            {"new_column_name": "aa", "comment": None, "server_default": "q"},
            f"varchar(5) {LATIN} NOT NULL DEFAULT 'q'",
        ),
        (
            "b",
            {"nullable": False},
            "int(10) unsigned NOT NULL DEFAULT 5 CHECK (`b` > 1)",
        ),
        (
            "b",
            {"comment": "b's"},
            "int(10) unsigned DEFAULT 5 COMMENT 'b''s' CHECK (`b` > 1)",
        ),
        (
            "d",
            {"nullable": False},
            "datetime(3) NOT NULL DEFAULT current_timestamp(3) "
            "ON UPDATE current_timestamp(3)",
        ),
        (
            "d",
            {"type_": mysql.DATETIME(fsp=6), "server_default": sa.text("now(6)")},
            "datetime(6) DEFAULT current_timestamp(6)",
        ),
        (
            "g",
            {"comment": "new"},
            "int(11) GENERATED ALWAYS AS (`b` + 1) STORED COMMENT 'new'",
        ),
        (
            "j",
            {"nullable": False},
            "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL "
            "CHECK (json_valid(`j`))",
        ),
        ("j", {"type_": sa.String(20)}, "varchar(20) DEFAULT NULL"),
        (
            "e",
            {"nullable": False, "existing_type": sa.Enum("a", "b,c")},
            "enum('a','b,c') NOT NULL DEFAULT 'a'",
        ),
        ("u", {"comment": "c"}, "varchar(36) DEFAULT uuid() COMMENT 'c'"),
        (
            "u",
            {"server_default": sa.text("concat('a', uuid())")},
            "varchar(36) DEFAULT concat('a',uuid())",
        ),
        ("i", {"nullable": False}, "int(11) NOT NULL INVISIBLE DEFAULT 3"),
        ("n", {"type_": sa.Numeric(12, 2)}, "decimal(12,2) NOT NULL DEFAULT 1.50"),
        ("n", {"server_default": None}, "decimal(10,2) NOT NULL"),
        ("ts", {"comment": "c"}, "timestamp NULL DEFAULT NULL COMMENT 'c'"),
        (
            "ts",
            {"server_default": sa.text("now()")},
            "timestamp NULL DEFAULT current_timestamp()",
        ),
        ("we ird", {"nullable": False}, "int(11) NOT NULL DEFAULT -1"),
        ("id", {"type_": sa.BigInteger()}, "bigint(20) NOT NULL AUTO_INCREMENT"),
        ("id", {"autoincrement": False}, "int(11) NOT NULL"),
    ],
)
def test_only_what_the_call_says_changes(changed, name, change, expected) -> None:
    """Everything of a column that a call does not mention is kept."""
    assert changed(name, **change) == expected


def test_unknown_column_is_named(changed) -> None:
    """A column that is not there is an error that says so."""
    with pytest.raises(CommandError, match="Table 't' has no column 'nope'"):
        changed("nope", nullable=True)


def test_kind_of_a_constraint_is_looked_up(mariadb) -> None:
    """A constraint is dropped without its kind, unless there is none of that name."""
    mariadb.execute(
        "CREATE TABLE p (id int PRIMARY KEY)",
        "CREATE TABLE t (a int, b int, CONSTRAINT ck CHECK (a > 1), "
        "CONSTRAINT uq UNIQUE (b), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id))",
    )
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        for name in ("ck", "uq", "fk"):
            op.drop_constraint(name, "t")
        with pytest.raises(CommandError, match="'t' has no constraint 'nope'"):
            op.drop_constraint("nope", "t")
    rows = mariadb.execute(
        "SELECT constraint_name FROM information_schema.table_constraints "
        "WHERE table_schema = database() AND table_name = 't'"
    )
    assert list(rows) == []


@needs("2.0")
def test_constraint_that_is_gone_may_be_dropped(mariadb) -> None:
    """With if_exists a second drop does nothing."""
    mariadb.execute("CREATE TABLE t (b int, CONSTRAINT uq UNIQUE (b))")
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        for _ in range(2):
            op.drop_constraint("uq", "t", type_="unique", if_exists=True)
        assert sa.inspect(connection).get_indexes("t") == []


def test_foreign_key_inside_a_column_keeps_its_name(mariadb) -> None:
    """A foreign key that is written with its column exists, and under its name."""
    mariadb.execute("CREATE TABLE p (id int PRIMARY KEY)", "CREATE TABLE t (a int)")
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        column = sa.Column("c", sa.Integer, sa.ForeignKey("p.id", name="fk_c"))
        op.add_column("t", column, inline_references=True)
        (found,) = sa.inspect(connection).get_foreign_keys("t")
    assert (found["name"], found["constrained_columns"]) == ("fk_c", ["c"])


def test_check_of_a_boolean_goes_with_it(mariadb) -> None:
    """When a Boolean becomes a number, its CHECK does not stay behind."""
    boolean = sa.Boolean(create_constraint=True, name="flag")
    mariadb.execute("CREATE TABLE t (a int)")
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        op.add_column("t", sa.Column("f", boolean))
        op.alter_column("t", "f", type_=sa.Integer(), existing_type=boolean)
        commit(connection)
    mariadb.execute("INSERT INTO t (f) VALUES (5)")
    assert definition(mariadb, "f") == "int(11) DEFAULT NULL"


def test_check_with_a_name_inside_a_column(mariadb) -> None:
    """It is a constraint of the table, which is all that MariaDB can name."""
    check = sa.CheckConstraint("a > 1", name="ck_a")
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        op.create_table("t", sa.Column("a", sa.Integer, check))
        op.add_column(
            "t",
            sa.Column("b", sa.Integer, sa.CheckConstraint("b > 1", name="ck_b")),
            if_not_exists=True,
        )
        found = sa.inspect(connection).get_check_constraints("t")
    assert sorted(one["name"] for one in found) == ["ck_a", "ck_b"]


@needs("1.4")
def test_indexes_of_a_table_that_is_there_are_looked_for(mariadb, monkeypatch) -> None:
    """MySQL, which has no IF NOT EXISTS for indexes, is asked which there are."""
    monkeypatch.setattr("alembic.ddl.mysql.MySQLImpl._is_mariadb", False)
    statements = mariadb.recorded()
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        for _ in range(2):
            column = sa.Column("a", sa.Integer, index=True)
            op.create_table("t", column, if_not_exists=True)
    created = [one for one in statements if one.lstrip().startswith("CREATE INDEX")]
    assert created == ["CREATE INDEX ix_t_a ON t (a)"]


@needs("1.4")
def test_expression_of_a_column_changes(mariadb) -> None:
    """What is computed is computed anew, stored or not; stored values may stay."""
    mariadb.execute(
        "CREATE TABLE t (a int, s int AS (a + 1) STORED, v int AS (a + 1) VIRTUAL)",
        "INSERT INTO t (a) VALUES (10)",
    )
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        for name, stored in (("s", True), ("v", False)):
            computed = sa.Computed("a + 2", persisted=stored)
            op.alter_column("t", name, server_default=computed)
        with pytest.raises(exc.CompileError, match="drop column 'v' and add it again"):
            op.alter_column("t", "v", server_default=sa.Computed("a", persisted=True))
        assert (
            definition(mariadb, "v") == "int(11) GENERATED ALWAYS AS (`a` + 2) VIRTUAL"
        )
        op.alter_column(
            "t",
            "s",
            server_default=None,
            existing_server_default=sa.Computed("a + 2", persisted=True),
        )
    assert definition(mariadb, "s") == "int(11) DEFAULT NULL"
    assert mariadb.execute("SELECT s, v FROM t") == [(12, 12)]


def test_percent_signs_stay(mariadb) -> None:
    """Those in values, conditions and expressions are not taken for parameters."""
    mariadb.execute(
        "CREATE TABLE t (id int, e enum('5%','x') DEFAULT '5%' COMMENT 'a%', "
        "s varchar(9) CHECK (s <> '6%'), g int AS (id % 3) VIRTUAL)"
    )
    with mariadb.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        for name in ("e", "s"):
            op.alter_column("t", name, nullable=False)
        op.alter_column("t", "g", comment="b%")
        commit(connection)
    assert [definition(mariadb, name) for name in "esg"] == [
        "enum('5%','x') NOT NULL DEFAULT '5%' COMMENT 'a%'",
        "varchar(9) NOT NULL CHECK (`s` <> '6%')",
        "int(11) GENERATED ALWAYS AS (`id` MOD 3) VIRTUAL COMMENT 'b%'",
    ]
