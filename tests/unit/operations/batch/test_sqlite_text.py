"""The text of a SQLite table, read and written back."""

from __future__ import annotations

from typing import Any
from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.operations.batch.sqlite.reader import parse_column
from alembic.operations.batch.sqlite.reader import parse_constraint
from alembic.operations.batch.sqlite.reader import parse_table
from alembic.operations.batch.sqlite.reader import Unreadable
from alembic.operations.batch.sqlite.schema_objects import index_parts
from alembic.operations.batch.sqlite.schema_objects import SchemaObject
from alembic.operations.batch.sqlite.schema_objects import trigger_columns
from alembic.operations.batch.sqlite.schema_objects import trigger_event
from alembic.operations.batch.sqlite.tokens import join
from alembic.operations.batch.sqlite.tokens import mentions
from alembic.operations.batch.sqlite.tokens import renamed
from alembic.operations.batch.sqlite.tokens import tokenize
from alembic.operations.batch.sqlite.tokens import unqualified
from tests.support.sqlite_tables import quoted
from tests.support.sqlite_tables import tables
from tests.support.sqlite_tables import TableSpec

WHOLE = """CREATE TABLE "t" (id INTEGER PRIMARY KEY AUTOINCREMENT, -- the id, of course
 "a b" varchar2(30, 2) DEFAULT -1 NOT NULL ON CONFLICT REPLACE COLLATE NOCASE,
 [c] money DEFAULT (1+2) CHECK (c>0) REFERENCES p(id) ON DELETE SET NULL
   ON UPDATE CASCADE MATCH FULL NOT DEFERRABLE INITIALLY DEFERRED NOT NULL,
 d int GENERATED ALWAYS AS (c*2) STORED CONSTRAINT uq UNIQUE ON CONFLICT IGNORE,
 e AS (c), f, g 'my type' DEFAULT true, `h` text default current_timestamp,
 /* and now */ CONSTRAINT x CHECK (c < 3), UNIQUE(c, f DESC),
 FOREIGN KEY (f, e) REFERENCES p ON DELETE CASCADE DEFERRABLE
) STRICT, WITHOUT ROWID"""


@given(st.text(alphabet=st.sampled_from("ab'\"`[]()-/*,.\n 0xX1;ü"), max_size=40))
def test_tokens_are_the_text(text: str) -> None:
    """No text, however broken, loses a sign when it is cut into tokens."""
    assert join(tokenize(text)) == text
    assert join(tokenize(text, backslash_escapes=True)) == text


@pytest.mark.parametrize(
    ("sql", "escapes"), [(r"'a\'b(', 'c'", True), (r"'a\', 'c'", False)]
)
def test_a_backslash_escapes_where_the_database_says_so(
    sql: str, escapes: bool
) -> None:
    """In SQLite a string ends at the next quote, in MySQL not behind a backslash."""
    tokens = tokenize(sql, backslash_escapes=escapes)
    assert len([token for token in tokens if token.kind == "string"]) == 2
    assert not any(token.is_other("(") for token in tokens)


@given(st.text(alphabet=st.sampled_from("ab'\"(),CHECKUNIQUE \n"), max_size=60))
def test_anything_is_read_or_called_unreadable(text: str) -> None:
    """Text that is no table raises one kind of error only."""
    try:
        table = parse_table(f"CREATE TABLE t ({text})")
    except Unreadable:
        return
    assert table.columns


@given(tables())
def test_a_table_is_written_back_as_it_was_read(spec: TableSpec) -> None:
    """Reading and writing any table gives the same text."""
    assert parse_table(spec.sql()).render("t") == spec.sql()


@given(tables())
def test_columns_and_constraints_are_found(spec: TableSpec) -> None:
    """The columns have the names and types that were written, the clauses too."""
    table = parse_table(spec.sql())
    assert [c.name for c in table.columns] == [c.name for c in spec.columns]
    assert [c.type for c in table.columns] == [c.type for c in spec.columns]
    assert [
        [part.text for part in c.parts if part.kind not in ("type", "generated")]
        for c in table.columns
    ] == [c.clauses for c in spec.columns]
    assert [item.clause.text for item in table.constraints] == spec.constraints
    assert table.primary_key == ["id"]


@given(tables(), st.data())
def test_a_removed_column_leaves_the_others(spec: TableSpec, data: Any) -> None:
    """Taking a column out of a text takes nothing else."""
    gone = data.draw(st.sampled_from(spec.columns[1:]))
    table = parse_table(spec.sql())
    column = table.column(gone.name)
    assert column is not None
    table.remove_column(column)
    kept = [c for c in spec.columns if c is not gone]
    assert table.render("t") == spec._replace(columns=kept).sql()


def test_everything_that_sqlite_can_say() -> None:
    """A table with every clause of the grammar is understood and kept."""
    table = parse_table(WHOLE)
    assert table.render('"t"') == WHOLE
    kinds = {c.name: [part.kind for part in c.parts] for c in table.columns}
    assert kinds == {
        "id": ["type", "primary key"],
        "a b": ["type", "default", "not null", "collate"],
        "c": ["type", "default", "check", "foreign key", "not null"],
        "d": ["type", "generated", "unique"],
        "e": ["generated"],
        "f": [],
        "g": ["type", "default"],
        "h": ["type", "default"],
    }
    assert [item.clause.kind for item in table.constraints] == [
        "check",
        "unique",
        "foreign key",
    ]
    assert table.constraints[1].clause.columns == ["c", "f"]
    assert table.has_autoincrement
    assert table.has_conflict_clauses
    assert table.without_rowid
    assert table.rowid_alias is None


def test_commas_between_constraints_may_be_missing() -> None:
    """SQLite takes constraints without commas; they come back with them."""
    table = parse_table("CREATE TABLE t (a, UNIQUE (a) CHECK (a > 0))")
    assert table.render("t") == "CREATE TABLE t (a, UNIQUE (a), CHECK (a > 0))"


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIRTUAL TABLE t USING fts5 (a)",
        "CREATE TABLE t AS SELECT 1",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE t (a, b",
        "CREATE TABLE t (a,, b)",
        "CREATE TABLE t (FOREIGN KEY (a))",
        "",
    ],
)
def test_what_is_no_table_is_unreadable(sql: str) -> None:
    """Text that is not a CREATE TABLE with columns is said to be unreadable."""
    with pytest.raises(Unreadable):
        parse_table(sql)


@pytest.mark.parametrize(
    ("definition", "alias"),
    [
        ("id INTEGER PRIMARY KEY", "id"),
        ("id integer, PRIMARY KEY (id)", "id"),
        ("id INTEGER PRIMARY KEY DESC", None),
        ("id INT PRIMARY KEY", None),
        ("id INTEGER, b, PRIMARY KEY (id, b)", None),
        ("id INTEGER", None),
    ],
)
def test_which_column_is_the_rowid(definition: str, alias: Any) -> None:
    """Only a key of exactly one INTEGER column is another name of the rowid."""
    assert parse_table(f"CREATE TABLE t ({definition})").rowid_alias == alias


EXPRESSIONS = [
    ("x > 0", True),
    ('"X" > 0', True),
    ("[x]>0", True),
    ("t.x > 0", True),
    ("x (1) > 0", False),
    ("x.y > 0", False),
    ("'x' > y", False),
    ("y COLLATE x", False),
    ("CAST(y AS x) > 0", False),
    ("y /* x */ > -- x\n 0", False),
    ("xx > 0", False),
]


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS)
def test_what_an_expression_is_about(expression: str, expected: bool) -> None:
    """Columns are told from functions, tables, collations, strings and comments."""
    assert mentions(tokenize(expression), "x") is expected


def test_a_rename_in_an_expression_spares_other_names() -> None:
    """Only the column is renamed, not a function or string of the same name."""
    tokens = renamed(tokenize("x(x) = 'x' AND t.\"x\" > x.y"), "x", '"n w"')
    assert join(tokens) == 'x("n w") = \'x\' AND t."n w" > x.y'


def test_a_qualifier_is_taken_away() -> None:
    """``table.column`` becomes ``column``; other tables keep their names."""
    assert join(unqualified(tokenize('"T" . a + u.t'), "t")) == " a + u.t"


def test_keys_of_an_index() -> None:
    """Order and collation of an index belong to no column's name."""
    parts = index_parts(
        'CREATE UNIQUE INDEX i ON t ("a b" COLLATE NOCASE DESC, lower(c)) WHERE d > 0'
    )
    assert [
        name for name in ("a b", "c", "d", "t", "nocase") if parts.mentions(name)
    ] == [
        "a b",
        "c",
        "d",
    ]


def test_the_head_of_a_trigger() -> None:
    """Event and columns of a trigger are read from its head, not its body."""
    sql = (
        'CREATE TRIGGER tr BEFORE UPDATE OF a, "b c" ON t BEGIN '
        "DELETE FROM o; UPDATE t SET d = 1; END"
    )
    assert trigger_event(sql) == "UPDATE"
    assert trigger_columns(sql) == ["a", "b c"]
    assert (
        trigger_columns("CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END") == []
    )


@pytest.mark.parametrize(
    ("type_", "sql", "expected"),
    [
        ("index", "CREATE UNIQUE INDEX i ON t (a)", "CREATE UNIQUE INDEX s.i ON t (a)"),
        (
            "trigger",
            "CREATE TRIGGER IF NOT EXISTS main.tr AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE TRIGGER s.tr AFTER INSERT ON t BEGIN SELECT 1; END",
        ),
    ],
)
def test_statements_that_make_things_again(type_: str, sql: str, expected: str) -> None:
    """An object is made again in its own attached database."""
    assert SchemaObject(type_, "x", "t", sql).create_statement("s.") == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('CREATE VIEW v AS SELECT "x" FROM t', True),
        ('CREATE VIEW v AS SELECT t."x" FROM t', False),
        ('CREATE VIEW v AS SELECT y AS "x" FROM t', False),
        ("CREATE VIEW v AS SELECT x FROM t", False),
        ("CREATE VIEW v AS SELECT 'x' FROM t", False),
    ],
)
def test_names_that_could_become_strings(sql: str, expected: bool) -> None:
    """A name in double quotes alone may turn into a string without an error."""
    view = SchemaObject("view", "v", "v", sql)
    assert view.reads_as_column_or_text("x") is expected


def test_clauses_are_changed_in_their_place() -> None:
    """A clause is put where the one it replaces stood."""
    column = parse_column("a INT DEFAULT 1 NOT NULL")
    default = parse_column("x DEFAULT 2").find("default")
    assert default is not None
    column.replace(["default", "generated"], default)
    column.set_type(parse_column("x VARCHAR(20)").find("type"))
    assert column.text == "a VARCHAR(20) DEFAULT 2 NOT NULL"


def test_key_columns_are_renamed_and_removed() -> None:
    """A key's own columns change; those of the other table do not."""
    clause = parse_constraint("FOREIGN KEY (a, b) REFERENCES a (a, b)")
    clause.rename_column("a", "z")
    assert clause.text == "FOREIGN KEY (z, b) REFERENCES a (a, b)"
    clause.rename_parent_column("b", "y")
    assert clause.text == "FOREIGN KEY (z, b) REFERENCES a (a, y)"
    assert (clause.parent, clause.parent_columns) == ("a", ["a", "y"])
    key = parse_constraint("CONSTRAINT pk PRIMARY KEY ( a , b)")
    key.remove_key_column("a")
    assert key.text == "CONSTRAINT pk PRIMARY KEY (b)"


def test_new_elements_look_like_their_neighbours() -> None:
    """An added column is indented as those before it; comments stay where they are."""
    table = parse_table("CREATE TABLE t (\n  a INT,\n  b INT\n)")
    table.add_column(parse_column("c INT"))
    table.add_constraint(parse_constraint("UNIQUE (c)"))
    assert table.render("t") == (
        "CREATE TABLE t (\n  a INT,\n  b INT,\n  c INT,\n  UNIQUE (c)\n)"
    )


def test_a_comment_never_swallows_what_is_added() -> None:
    """What is added after a comment to the end of a line stands on the next line."""
    table = parse_table("CREATE TABLE t (\n  a INT, -- first\n  b INT -- last\n)")
    table.add_column(parse_column("c INT"))
    written = parse_table(table.render("t"))
    assert [column.name for column in written.columns] == ["a", "b", "c"]
    assert "-- first\n" in table.render("t")
    assert "-- last\n" in table.render("t")


def names(sql: str) -> List[str]:
    return [quoted(column.name) for column in parse_table(sql).columns]


def test_quoted_names_are_read() -> None:
    """All four ways to quote a name give the name."""
    assert names("CREATE TABLE t (\"a\"\"b\" INT, [c d], `e``f`, 'g''h')") == [
        '"a"b"',
        '"c d"',
        '"e`f"',
        '"g\'h"',
    ]
