"""What a statement does, as its text tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.migration.journal.sql_words import Reader
from alembic.migration.journal.sql_words import words_of
from alembic.migration.journal.statements import Kind
from alembic.migration.journal.statements import understand


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", Kind.READ),
        ("  -- a comment\n select 1", Kind.READ),
        ("# one more\n/* and this */ SHOW TABLES", Kind.READ),
        ("(SELECT 1) UNION (SELECT 2)", Kind.READ),
        ("WITH x AS (SELECT 1) SELECT * FROM x", Kind.READ),
        ("WITH x AS (SELECT 1) DELETE FROM t WHERE a IN (SELECT * FROM x)", Kind.DATA),
        ("SET sql_mode = ''", Kind.SESSION),
        ("SET SESSION lock_wait_timeout = 5", Kind.SESSION),
        ("SET autocommit = 1", Kind.COMMIT),
        ("SET @@session.autocommit = 1", Kind.COMMIT),
        ("SAVEPOINT a", Kind.SESSION),
        ("ROLLBACK TO SAVEPOINT a", Kind.SESSION),
        ("COMMIT", Kind.COMMIT),
        ("START TRANSACTION", Kind.COMMIT),
        ("BEGIN", Kind.COMMIT),
        ("BEGIN NOT ATOMIC INSERT INTO t VALUES (1); END", Kind.SCHEMA),
        ("INSERT INTO t VALUES ('DROP TABLE t')", Kind.DATA),
        ("replace into t values (1)", Kind.DATA),
        ("UPDATE t SET x = 1", Kind.DATA),
        ("LOAD DATA INFILE 'x' INTO TABLE t", Kind.DATA),
        ("CREATE TEMPORARY TABLE t (x INT)", Kind.TEMPORARY),
        ("DROP TEMPORARY TABLE t", Kind.TEMPORARY),
        ("LOCK TABLES t WRITE", Kind.LOCK),
        ("UNLOCK TABLES", Kind.UNLOCK),
        ("CALL p()", Kind.SCHEMA),
        ("ALTER USER x ACCOUNT LOCK", Kind.SCHEMA),
        ("/*!40101 SET NAMES utf8 */", Kind.SCHEMA),
        ("", Kind.SCHEMA),
    ],
)
def test_kinds(sql, kind):
    """What runs again, what goes with the transaction, what commits."""
    assert understand(sql).kind is kind


@pytest.mark.parametrize(
    ("sql", "facts"),
    [
        ("CREATE TABLE t (x INT)", ["table t exists"]),
        ("CREATE TABLE `a b`.`t``t` (x INT)", ["table t`t exists"]),
        ('CREATE TABLE "T" (x INT)', ["table T exists"]),
        (
            "DROP TABLE a, s.b CASCADE",
            ["table a does not exist", "table b does not exist"],
        ),
        ("CREATE UNIQUE INDEX i ON t (x)", ["index i of t exists"]),
        ("CREATE FULLTEXT INDEX i USING BTREE ON s.t (x)", ["index i of t exists"]),
        ("DROP INDEX i ON t", ["index i of t does not exist"]),
        ("RENAME TABLE a TO b", ["table a does not exist", "table b exists"]),
        ("ALTER TABLE t ADD x INT", ["column x of t exists"]),
        ("ALTER TABLE t ADD COLUMN `x` INT UNIQUE", ["column x of t exists"]),
        (
            "ALTER TABLE t ADD (x INT, y DECIMAL(5, 2))",
            ["column x of t exists", "column y of t exists"],
        ),
        ("ALTER ONLINE IGNORE TABLE t DROP COLUMN x", ["column x of t does not exist"]),
        ("ALTER TABLE t DROP x", ["column x of t does not exist"]),
        (
            "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (x) REFERENCES u (x)",
            ["foreign key c of t exists"],
        ),
        ("ALTER TABLE t ADD CONSTRAINT c UNIQUE KEY (x)", ["index c of t exists"]),
        ("ALTER TABLE t ADD UNIQUE KEY c (x)", ["index c of t exists"]),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0)", ["constraint c of t exists"]),
        ("ALTER TABLE t ADD PRIMARY KEY (x)", ["primary key  of t exists"]),
        ("ALTER TABLE t DROP PRIMARY KEY", ["primary key  of t does not exist"]),
        ("ALTER TABLE t DROP FOREIGN KEY c", ["foreign key c of t does not exist"]),
        ("ALTER TABLE t DROP INDEX i", ["index i of t does not exist"]),
        ("ALTER TABLE t DROP CONSTRAINT c", ["constraint c of t does not exist"]),
        (
            "ALTER TABLE t CHANGE x y INT NOT NULL",
            ["column x of t does not exist", "column y of t exists"],
        ),
        (
            "ALTER TABLE t RENAME COLUMN x TO y",
            ["column x of t does not exist", "column y of t exists"],
        ),
        (
            "ALTER TABLE t RENAME INDEX x TO y",
            ["index x of t does not exist", "index y of t exists"],
        ),
        ("ALTER TABLE s.t RENAME u", ["table t does not exist", "table u exists"]),
        (
            "ALTER TABLE t ADD x INT, RENAME TO u",
            ["table t does not exist", "table u exists"],
        ),
        ("ALTER TABLE t MODIFY y INT, ADD x INT", ["column x of t exists"]),
        ("ALTER TABLE t DROP x, ADD x TEXT, ADD z INT", ["column z of t exists"]),
        (
            "CREATE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1",
            ["view v exists"],
        ),
        ("DROP TRIGGER g", ["trigger g does not exist"]),
        ("CREATE PROCEDURE p() SELECT 1", ["procedure p exists"]),
    ],
)
def test_effects_that_can_be_looked_for(sql, facts):
    """What is there when the statement took effect, and not when it did not."""
    effect = understand(sql).effect
    assert [str(fact) for fact in effect.facts] == facts
    assert not effect.repeatable


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE IF NOT EXISTS t (x INT)",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "DROP TABLE IF EXISTS t",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS x INT",
        "ALTER TABLE t DROP COLUMN IF EXISTS x",
        "ALTER TABLE t MODIFY x INT NOT NULL",
        "ALTER TABLE t CHANGE x X BIGINT",
        "ALTER TABLE t ALTER COLUMN x SET DEFAULT 5",
        "ALTER TABLE t COMMENT 'ADD x, DROP y'",
        "ALTER TABLE t ENGINE=InnoDB, COMMENT = 'x'",
        "TRUNCATE TABLE t",
        "GRANT SELECT ON t TO u",
        "COMMENT ON TABLE t IS 'x'",
    ],
)
def test_repeatable(sql):
    """What may simply run again."""
    effect = understand(sql).effect
    assert effect.repeatable
    assert effect.facts == ()


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES u (x)",
        "ALTER TABLE t ADD UNIQUE (x)",
        "ALTER TABLE t ADD CHECK (x > 0)",
        "ALTER TABLE t MODIFY x INT UNIQUE",
        "ALTER TABLE t DROP COLUMN x, ADD COLUMN x TEXT",
        "ALTER TABLE t DROP PARTITION p",
        "ALTER TABLE t WHO KNOWS",
    ],
)
def test_changes_of_a_definition(sql):
    """What shows in the definition of the table, and by no name of its own."""
    effect = understand(sql).effect
    assert effect.changes == (None, "t")
    assert not effect.facts
    assert not effect.repeatable


@pytest.mark.parametrize(
    "sql",
    [
        "CALL p()",
        "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u",
        "ALTER TABLE IF EXISTS t ADD x INT",
        # Oracle's, which it refuses when nothing changes
        "ALTER TABLE t MODIFY x NOT NULL",
        "ALTER TABLE t MODIFY x NULL",
        "ALTER TABLE t MODIFY (x NUMBER NOT NULL)",
        "RENAME TABLE a TO x, b TO a, x TO b",
        "ALTER DATABASE d CHARACTER SET utf8",
        "CREATE SOMETHING",
        "REVOKE ALL ON t FROM u",
    ],
)
def test_what_cannot_be_seen(sql):
    """What a person has to be asked about."""
    effect = understand(sql).effect
    assert (effect.facts, effect.repeatable, effect.changes) == ((), False, None)


WORDS = [
    *("ALTER", "CREATE", "DROP", "TABLE", "INDEX", "ADD", "RENAME", "TO", "ON", "IF"),
    *("EXISTS", "NOT", "COLUMN", "CONSTRAINT", "PRIMARY", "KEY", "MODIFY", "CHANGE"),
    *(",", "(", ")", "'", "`", '"', ".", "=", "t", "x", "/*", "--", "#"),
]


@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=12,
    ).map(" ".join)
    | st.text(max_size=60)
)
def test_any_text_is_understood_somehow(sql):
    """No text raises, whatever is wrong with it."""
    assert understand(sql).kind in Kind


def test_no_more_words_are_read_than_tell():
    """What a long statement does is known from its beginning; the rest is left."""
    text = "CREATE TABLE s.t (" + "x INT, " * 1000
    taken = []

    def words():
        for word in words_of(text):
            taken.append(word)
            yield word

    reader = Reader(words())
    assert reader.take("CREATE", "TABLE")
    assert reader.table() == ("s", "t")
    assert not reader.at_end
    assert len(taken) == 6
    assert len(reader.rest()) == 1 + 3 * 1000
    assert [word.text for word in reader.rest()[:3]] == ["(", "x", "INT"]
