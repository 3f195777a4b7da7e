"""What becomes of a live SQLite table in a batch: nothing is lost, little is copied."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import List
from typing import Sequence

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla.defaults import Computed
from alembic.sqla.defaults import has_computed
from alembic.sqla.driver import execute_as_is
from alembic.util.exc import CommandError
from tests.support.versions import needs


class Place:
    """A SQLite database and batches on its table ``t``."""

    def __init__(self, database: Any) -> None:
        self.database = database
        self.sent: List[str] = []
        self.enforce = False
        self.engine = database.engine

        @sa.event.listens_for(self.engine, "connect")
        def connect(raw: Any, record: Any) -> None:
            raw.execute(f"PRAGMA foreign_keys={int(self.enforce)}")

    def make(self, *statements: str) -> None:
        self.database.execute(*statements)

    def batch(self, work: Callable[[Any], Any], **kw: Any) -> List[str]:
        """Run a batch as a migration does and return what changed the schema."""
        self.sent = []

        def record(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            self.sent.append(statement)

        sa.event.listen(self.engine, "before_cursor_execute", record)
        try:
            with self.engine.connect() as connection:
                context = MigrationContext.configure(connection)
                op = Operations(context)
                with context.begin_transaction(), op.batch_alter_table(
                    "t", **kw
                ) as batch_op:
                    work(batch_op)
        finally:
            sa.event.remove(self.engine, "before_cursor_execute", record)
        words = ("CREATE", "ALTER", "DROP", "INSERT INTO _", "INSERT OR")
        return [s for s in self.sent if s.startswith(words)]

    def rows(self, query: str) -> List[Any]:
        return [tuple(row) for row in self.database.execute(query)]

    def sql(self, name: str) -> str:
        found = self.rows(f"SELECT sql FROM sqlite_master WHERE name = '{name}'")
        return str(found[0][0]) if found else ""

    def names(self) -> List[str]:
        return [
            row[0]
            for row in self.rows(
                "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
        ]


@pytest.fixture
def place(sqlite: Any) -> Place:
    return Place(sqlite)


def copies(sent: Sequence[str]) -> int:
    return len([s for s in sent if s.startswith("INSERT")])


def not_null(batch: Any) -> None:
    batch.alter_column("x", nullable=False)


# -- foreign keys


@pytest.mark.parametrize("action", ["CASCADE", "SET NULL", "RESTRICT", "NO ACTION"])
def test_no_child_row_is_touched(place: Place, action: str) -> None:
    """With foreign keys enforced, rows that refer to the table stay as they are."""
    place.enforce = True
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        f"CREATE TABLE c (tid INT REFERENCES t (id) ON DELETE {action})",
        "INSERT INTO t VALUES (1, 5), (2, 6)",
        "INSERT INTO c VALUES (1), (2)",
    )
    sent = place.batch(not_null)
    assert copies(sent) == 1
    assert place.rows("SELECT * FROM c") == [(1,), (2,)]
    assert place.names() == ["c", "t"]
    with pytest.raises(sa.exc.IntegrityError):
        place.make("INSERT INTO c VALUES (99)")


def test_a_violation_names_table_and_rows_and_changes_nothing(place: Place) -> None:
    """A new foreign key that rows break is refused with their table and numbers."""
    place.enforce = True
    place.make(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO t VALUES (7, 1), (8, 2), (9, 3)",
    )
    before = place.sql("t")

    def work(batch: Any) -> None:
        batch.add_column(sa.Column("z", sa.Integer()))
        batch.create_foreign_key("fk_p", "p", ["x"], ["id"])

    with pytest.raises(CommandError, match=r"rows 8, 9 of table 't'.*'p'"):
        place.batch(work)
    assert place.sql("t") == before
    assert place.names() == ["p", "t"]
    assert len(place.rows("SELECT * FROM t")) == 3


def test_a_lost_parent_key_is_refused(place: Place) -> None:
    """Dropping the unique columns that another table refers to is refused."""
    place.enforce = True
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, CONSTRAINT uq UNIQUE (x))",
        "CREATE TABLE c (tx INT REFERENCES t (x))",
    )
    with pytest.raises(CommandError, match="foreign key of table 'c'"):
        place.batch(lambda b: b.drop_constraint("uq", type_="unique"))
    assert "UNIQUE" in place.sql("t")


def test_a_column_that_others_refer_to_is_not_dropped(place: Place) -> None:
    """Dropping a column to which a foreign key refers is refused with its table."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT UNIQUE)",
        "CREATE TABLE c (tx INT REFERENCES t (x))",
    )
    with pytest.raises(CommandError, match="foreign key of table 'c'"):
        place.batch(lambda b: b.drop_column("x"))


def test_outside_a_transaction_enforcement_comes_back(place: Place) -> None:
    """Without a transaction, the batch is one, and enforcement is on again after it."""
    place.enforce = True
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        "CREATE TABLE c (tid INT REFERENCES t (id) ON DELETE CASCADE)",
        "INSERT INTO t VALUES (1, 5)",
        "INSERT INTO c VALUES (1)",
    )
    with place.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with Operations(context).batch_alter_table("t") as batch:
            not_null(batch)
        enforced = execute_as_is(connection, "PRAGMA foreign_keys").scalar()
    assert enforced == 1
    assert place.rows("SELECT * FROM c") == [(1,)]
    assert "NOT NULL" in place.sql("t")


def test_cascades_of_the_migration_itself_still_work(place: Place) -> None:
    """A DELETE beside a batch cascades: enforcement is not turned off for it."""
    place.enforce = True
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        "CREATE TABLE c (tid INT REFERENCES t (id) ON DELETE CASCADE)",
        "INSERT INTO t VALUES (1, 5), (2, 6)",
        "INSERT INTO c VALUES (1), (2)",
    )
    with place.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with context.begin_transaction():
            op = Operations(context)
            with op.batch_alter_table("t") as batch:
                not_null(batch)
            op.execute("DELETE FROM t WHERE id = 1")
    assert place.rows("SELECT * FROM c") == [(2,)]


# -- what a table has


KEPT = [
    "x INT REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE",
    "x INT COLLATE NOCASE",
    "x INT UNIQUE ON CONFLICT REPLACE",
    "x INT CHECK (x > 0)",
    "x money",
    "x varchar2(30)",
    "x INT, y AS (x + 1) STORED, z INT GENERATED ALWAYS AS (x * 2)",
    "x INT CHECK (x <> 1 OR id > 2)",
    "x INT CONSTRAINT named CHECK (x > 0) DEFAULT (1 + 2)",
]


@pytest.mark.parametrize("column", KEPT)
def test_definitions_stay_as_they_are_written(place: Place, column: str) -> None:
    """Making one column NOT NULL changes nothing else in the table's text."""
    place.make(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {column}, n TEXT)",
        "INSERT INTO t (id, x, n) VALUES (5, NULL, 'a')",
    )
    place.batch(lambda b: b.alter_column("n", nullable=False))
    assert place.sql("t").replace('"t"', "t") == (
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {column}, n TEXT NOT NULL)"
    )
    assert place.rows("SELECT id, n FROM t") == [(5, "a")]


def test_autoincrement_goes_on(place: Place) -> None:
    """Ids of deleted rows are not given again after a batch."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x INT)",
        "INSERT INTO t (x) VALUES (1), (2), (3)",
        "DELETE FROM t WHERE id = 3",
    )
    place.batch(not_null)
    place.make("INSERT INTO t (x) VALUES (4)")
    assert place.rows("SELECT id FROM t") == [(1,), (2,), (4,)]


def test_indexes_triggers_and_views_stay(place: Place) -> None:
    """What hangs on a table is there after the batch, word for word."""
    around = {
        "ix": "CREATE INDEX ix ON t (y COLLATE NOCASE DESC, lower(y)) WHERE x > 0",
        "v": "CREATE VIEW v AS SELECT x, y FROM t",
        "tr": "CREATE TRIGGER tr AFTER INSERT ON t BEGIN "
        "INSERT INTO log VALUES (NEW.x); END",
    }
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, y TEXT)",
        "CREATE TABLE log (x)",
        *around.values(),
    )
    place.batch(not_null)
    for name, sql in around.items():
        assert place.sql(name) == sql
    place.make("INSERT INTO t (x, y) VALUES (1, 'b')")
    assert place.rows("SELECT * FROM log") == [(1,)]
    assert place.rows("SELECT * FROM v") == [(1, "b")]


def test_hidden_row_numbers_stay(place: Place) -> None:
    """Rows of a table without an integer key keep their rowid."""
    place.make(
        "CREATE TABLE t (x INT, y TEXT)",
        "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "DELETE FROM t WHERE x = 2",
    )
    place.batch(not_null)
    assert place.rows("SELECT rowid, x FROM t") == [(1, 1), (3, 3)]


def test_statistics_stay(place: Place) -> None:
    """What ANALYZE found out about the table is not forgotten."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, y TEXT UNIQUE)",
        "CREATE INDEX ix ON t (x)",
        "INSERT INTO t VALUES (1, 2, 'a'), (2, 2, 'b')",
        "ANALYZE",
    )
    before = place.rows("SELECT * FROM sqlite_stat1 ORDER BY 1, 2")
    place.batch(not_null)
    assert place.rows("SELECT * FROM sqlite_stat1 ORDER BY 1, 2") == before


def test_a_conflict_clause_drops_no_row_while_copying(place: Place) -> None:
    """ON CONFLICT REPLACE does not thin out rows that become equal by a cast."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE ON CONFLICT REPLACE)",
        "INSERT INTO t VALUES (1, '1'), (2, '1.0')",
    )
    with pytest.raises(sa.exc.IntegrityError):
        place.batch(lambda b: b.alter_column("x", type_=sa.Integer()))
    assert place.rows("SELECT * FROM t") == [(1, "1"), (2, "1.0")]


# -- the cheapest way


def test_renames_copy_nothing(place: Place) -> None:
    """SQLite renames columns itself, and carries the names to where they are used."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT CHECK (x > 0), y TEXT)",
        "CREATE INDEX ix ON t (x, y)",
        "CREATE VIEW v AS SELECT x AS one FROM t",
        "INSERT INTO t VALUES (1, 2, 'a')",
    )

    def work(batch: Any) -> None:
        batch.alter_column("x", new_column_name="y")
        batch.alter_column("y", new_column_name="x")

    sent = place.batch(work)
    assert copies(sent) == 0
    assert place.rows("SELECT x, y FROM t") == [("a", 2)]
    assert place.rows("SELECT * FROM v") == [(2,)]
    assert place.sql("ix").replace('"', "") == "CREATE INDEX ix ON t (y, x)"


def test_plain_adds_and_drops_copy_nothing(place: Place) -> None:
    """Nullable columns are added and plain ones dropped without a new table."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, y TEXT)",
        "CREATE INDEX ix ON t (x)",
        "INSERT INTO t VALUES (1, 2, 'a')",
    )

    def work(batch: Any) -> None:
        batch.add_column(sa.Column("z", sa.Integer(), server_default="3"))
        batch.drop_column("y")
        batch.drop_column("x")
        batch.create_index("iz", ["z"])

    sent = place.batch(work)
    assert [s.split()[0] for s in sent] == ["DROP", "ALTER", "ALTER", "ALTER", "CREATE"]
    assert place.rows("SELECT * FROM t") == [(1, 3)]
    assert place.names() == ["iz", "t"]


def test_many_changes_cost_one_copy(place: Place) -> None:
    """Whatever the number of changes, the rows move once."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, y TEXT, z INT)",
        "INSERT INTO t VALUES (1, 2, 'a', 9)",
    )

    def work(batch: Any) -> None:
        batch.alter_column("x", new_column_name="xx", nullable=False)
        batch.alter_column("y", type_=sa.String(9), server_default="q")
        batch.drop_column("z")
        batch.add_column(
            sa.Column("n", sa.Integer(), nullable=False, server_default="1")
        )
        batch.create_unique_constraint("uq", ["xx"])
        batch.create_check_constraint("ck", "n > 0")

    assert copies(place.batch(work)) == 1
    assert place.rows("SELECT xx, y, n FROM t") == [(2, "a", 1)]


def test_a_change_that_changes_nothing_costs_nothing(place: Place) -> None:
    """Saying of a column what it is already does not copy the table."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x varchar(20) NOT NULL)")
    sent = place.batch(
        lambda b: b.alter_column("x", nullable=False, type_=sa.String(20), comment="c")
    )
    assert sent == []


def test_always_means_always(place: Place) -> None:
    """recreate="always" copies the rows even for a rename."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)")
    sent = place.batch(
        lambda b: b.alter_column("x", new_column_name="y"), recreate="always"
    )
    assert copies(sent) == 1
    assert "y INT" in place.sql("t").replace('"', "")


STORED = (
    [sa.Column("z", sa.Integer(), Computed("x + 1", persisted=True))]
    if has_computed
    else []
)


@pytest.mark.parametrize(
    "column",
    [
        sa.Column("z", sa.DateTime(), server_default=sa.func.now()),
        sa.Column("z", sa.Integer(), server_default=sa.text("(1 + 2)")),
        *STORED,
        sa.Column("z", sa.Integer(), nullable=False, default=4),
    ],
)
def test_columns_that_sqlite_does_not_add(place: Place, column: Any) -> None:
    """A column that ALTER TABLE refuses is added by one copy."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        "INSERT INTO t VALUES (1, 2)",
    )
    assert copies(place.batch(lambda b: b.add_column(column))) == 1
    assert place.rows("SELECT count(z) FROM t") == [(1,)]


@pytest.mark.parametrize("version", ["3.24.0", "3.34.1"])
def test_older_libraries_lose_nothing_either(
    place: Place, version: str, monkeypatch: Any
) -> None:
    """Where SQLite cannot rename or drop a column itself, a copy does so."""
    from alembic.operations.batch.sqlite import live

    numbers = tuple(map(int, version.split(".")))
    monkeypatch.setattr(live, "sqlite_version", lambda connection: numbers)
    place.make(
        'CREATE TABLE t (id INTEGER PRIMARY KEY, x INT CHECK (t.x > 0), "the y" TEXT, '
        "z INT, UNIQUE (x, id), FOREIGN KEY (x) REFERENCES t (x))",
        "CREATE INDEX ix ON t (x) WHERE x > 5",
        "INSERT INTO t VALUES (1, 2, 'a', 3)",
    )

    def work(batch: Any) -> None:
        batch.alter_column("x", new_column_name="new x")
        batch.drop_column("z")

    assert copies(place.batch(work)) == 1
    assert place.rows('SELECT id, "new x", "the y" FROM t') == [(1, 2, "a")]
    assert place.sql("t") == (
        'CREATE TABLE "t" (id INTEGER PRIMARY KEY, "new x" INT CHECK ("new x" > 0), '
        '"the y" TEXT, UNIQUE ("new x", id), FOREIGN KEY ("new x") '
        'REFERENCES t ("new x"))'
    )
    assert place.sql("ix") == 'CREATE INDEX ix ON t ("new x") WHERE "new x" > 5'


def test_an_older_library_refuses_what_it_cannot_carry(
    place: Place, monkeypatch: Any
) -> None:
    """A rename that a view depends on is refused where SQLite cannot carry it."""
    from alembic.operations.batch.sqlite import live

    monkeypatch.setattr(live, "sqlite_version", lambda connection: (3, 24, 0))
    place.make("CREATE TABLE t (x INT)", "CREATE VIEW v AS SELECT x FROM t")
    with pytest.raises(CommandError, match="view 'v'"):
        place.batch(lambda b: b.alter_column("x", new_column_name="y"))


# -- drops


REFUSED = [
    ("CREATE INDEX ix ON t (x, y)", "index 'ix'"),
    ("CREATE INDEX ix ON t (y) WHERE x > 1", "index 'ix'"),
    ("CREATE VIEW v AS SELECT x FROM t", "view v"),
    ('CREATE VIEW v AS SELECT "x" FROM t', "view 'v'"),
    ("CREATE VIEW v AS SELECT x FROM t; CREATE VIEW w AS SELECT * FROM v", "view"),
    ("CREATE TRIGGER tr AFTER UPDATE OF x ON t BEGIN SELECT 1; END", "trigger 'tr'"),
    ("CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT NEW.x; END", "trigger tr"),
    (
        "CREATE TABLE o (a); CREATE TRIGGER tr AFTER INSERT ON o BEGIN "
        "UPDATE t SET x = 1; END",
        "trigger tr",
    ),
]


@pytest.mark.parametrize("recreate", ["auto", "always"])
@pytest.mark.parametrize(("around", "word"), REFUSED)
def test_a_drop_that_would_break_something_is_refused(
    place: Place, around: str, word: str, recreate: str
) -> None:
    """A column that something else needs is not dropped, and that thing is named."""
    statements = around.split("; ") if "BEGIN" not in around else [around]
    if around.startswith("CREATE TABLE o"):
        statements = around.split("; ", 1)
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, y INT)", *statements)
    before = place.names(), place.sql("t")
    with pytest.raises(CommandError) as refusal:
        place.batch(lambda b: b.drop_column("x"), recreate=recreate)
    assert word.replace("'", "") in str(refusal.value).replace("'", "")
    assert (place.names(), place.sql("t")) == before


CARRIED = [
    ("x INT UNIQUE, y INT", ""),
    ("x INT CHECK (x > 0), y INT", ""),
    ("x INT REFERENCES t (id), y INT", ""),
    ("x INT, y INT, CHECK (x > 0)", ""),
    ("x INT, y INT, CONSTRAINT u UNIQUE (x, y)", ""),
    ("x INT, y INT, FOREIGN KEY (x) REFERENCES t (id)", ""),
    ("x INT, y INT", "CREATE INDEX ix ON t (x DESC)"),
    ("x INT, y INT", "CREATE INDEX ix ON t (abs(x)) WHERE x > 0"),
    ("x INT, y INT", "CREATE VIEW v AS SELECT y FROM t"),
]


@pytest.mark.parametrize(("columns", "around"), CARRIED)
def test_a_drop_takes_along_what_is_about_the_column(
    place: Place, columns: str, around: str
) -> None:
    """Constraints and indexes that mean nothing without the column go with it."""
    place.make(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns})",
        "INSERT INTO t VALUES (1, NULL, 3)",
        *([around] if around else []),
    )
    place.batch(lambda b: b.drop_column("x"))
    assert place.sql("t").replace('"', "") == (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, y INT)"
    )
    assert place.rows("SELECT * FROM t") == [(1, 3)]
    assert "ix" not in place.names()


def test_a_check_about_two_columns_stops_the_drop(place: Place) -> None:
    """A CHECK that is also about another column must be dropped by name."""
    place.make("CREATE TABLE t (x INT, y INT, CONSTRAINT ck CHECK (x < y))")
    with pytest.raises(CommandError, match="CHECK constraint 'ck' is also about 'y'"):
        place.batch(lambda b: b.drop_column("x"))

    def work(batch: Any) -> None:
        batch.drop_column("x")
        batch.drop_constraint("ck", type_="check")

    place.batch(work)
    assert place.sql("t") == 'CREATE TABLE "t" (y INT)'


def test_a_computed_column_goes_with_its_source(place: Place) -> None:
    """The source of a computed column goes when the computed one does."""
    place.make("CREATE TABLE t (x INT, y AS (x + 1), z INT)")
    with pytest.raises(CommandError, match="'y' is computed from it"):
        place.batch(lambda b: b.drop_column("x"))

    def work(batch: Any) -> None:
        batch.drop_column("x")
        batch.drop_column("y")

    place.batch(work)
    assert [
        row[0] for row in place.rows("SELECT name FROM pragma_table_info('t')")
    ] == ["z"]


def test_a_primary_key_keeps_its_other_columns(place: Place) -> None:
    """Dropping one column of a primary key leaves a key of the others."""
    place.make("CREATE TABLE t (a INT, b INT, c INT, PRIMARY KEY (a, b))")
    place.batch(lambda b: b.drop_column("a"))
    assert "PRIMARY KEY (b)" in place.sql("t")


def test_a_new_primary_key_takes_the_place_of_a_dropped_one(place: Place) -> None:
    """drop_column of the key and add_column of another one make that the key."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)", "INSERT INTO t VALUES (4, 5)"
    )

    def work(batch: Any) -> None:
        batch.drop_column("id")
        batch.add_column(sa.Column("key", sa.Integer(), primary_key=True))

    place.batch(work)
    assert place.rows("SELECT name FROM pragma_table_info('t') WHERE pk") == [("key",)]
    assert place.rows("SELECT x FROM t") == [(5,)]


# -- what is left over


def test_an_empty_or_copied_leftover_is_dropped(place: Place) -> None:
    """The temporary table of an interrupted batch goes when the rows are elsewhere."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        "CREATE TABLE _alembic_tmp_t (id INTEGER PRIMARY KEY, x INT, y INT)",
        "INSERT INTO t VALUES (1, 2), (3, 4)",
        "INSERT INTO _alembic_tmp_t VALUES (1, 2, NULL)",
    )
    place.batch(not_null)
    assert place.names() == ["t"]
    assert place.rows("SELECT * FROM t") == [(1, 2), (3, 4)]


def test_a_leftover_that_is_not_in_the_way(place: Place, caplog: Any) -> None:
    """Where no copy is made, a left-over goes or stays by the same rule, unrefused."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        "CREATE TABLE _alembic_tmp_t (id INTEGER PRIMARY KEY, x INT)",
        "INSERT INTO _alembic_tmp_t VALUES (1, 2)",
    )
    place.batch(lambda b: b.add_column(sa.Column("z", sa.Integer())))
    assert place.names() == ["_alembic_tmp_t", "t"]
    assert "it was not touched" in caplog.text
    place.make("INSERT INTO t (id, x) VALUES (1, 2)")
    place.batch(lambda b: b.drop_column("z"))
    assert place.names() == ["t"]


@pytest.mark.parametrize(
    ("columns", "row"), [("id, x", "9, 9"), ("id, other", "1, 'mine'")]
)
def test_a_leftover_with_rows_of_its_own_stays(
    place: Place, columns: str, row: str
) -> None:
    """Rows that exist only in the temporary table are never dropped."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)",
        f"CREATE TABLE _alembic_tmp_t ({columns})",
        "INSERT INTO t VALUES (1, 2)",
        f"INSERT INTO _alembic_tmp_t VALUES ({row})",
    )
    if "other" in columns:
        place.make("INSERT INTO _alembic_tmp_t VALUES (1, 'yours')")
    with pytest.raises(CommandError, match="_alembic_tmp_t"):
        place.batch(not_null)
    assert place.names() == ["_alembic_tmp_t", "t"]
    assert "NOT NULL" not in place.sql("t")


def test_a_table_of_which_only_the_copy_is_left(place: Place) -> None:
    """When the old table is gone, the error says how to get the copy back."""
    place.make(
        "CREATE TABLE _alembic_tmp_t (x INT)", "INSERT INTO _alembic_tmp_t VALUES (1)"
    )
    with pytest.raises(CommandError, match="ALTER TABLE _alembic_tmp_t RENAME TO t"):
        place.batch(not_null)
    assert place.rows("SELECT * FROM _alembic_tmp_t") == [(1,)]


# -- names and options


@needs("1.4")
def test_if_not_exists_and_if_exists(place: Place) -> None:
    """Parts that are there are not made again; missing ones need not be dropped."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)", "CREATE INDEX ix ON t (x)"
    )

    def work(batch: Any) -> None:
        batch.create_index("ix", ["x"], if_not_exists=True)
        batch.create_index("iy", ["x"], if_not_exists=True)
        batch.add_column(sa.Column("x", sa.Integer()), if_not_exists=True)
        batch.drop_column("nope", if_exists=True)
        batch.drop_index("nope", if_exists=True)
        not_null(batch)

    assert copies(place.batch(work)) == 1
    assert place.names() == ["ix", "iy", "t"]


def test_nameless_constraints_are_made(place: Place) -> None:
    """A constraint needs no name to be created."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)")

    def work(batch: Any) -> None:
        batch.create_unique_constraint(None, ["x"])
        batch.create_foreign_key(None, "t", ["x"], ["id"])

    place.batch(work)
    assert "UNIQUE (x), FOREIGN KEY(x) REFERENCES t (id)" in place.sql("t")


@pytest.mark.parametrize(
    ("definition", "name", "kind"),
    [
        ("x INT UNIQUE", "uq_t_x", "unique"),
        ("x INT, UNIQUE (x)", "uq_t_x", "unique"),
        ("x INT REFERENCES p", "fk_t_x_p", "foreignkey"),
        ("x INT, FOREIGN KEY (x) REFERENCES p (id)", "fk_t_x_p", "foreignkey"),
    ],
)
def test_nameless_constraints_are_dropped_by_convention(
    place: Place, definition: str, name: str, kind: Any
) -> None:
    """naming_convention tells which nameless constraint a name means."""
    place.make(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {definition})",
    )
    place.batch(
        lambda b: b.drop_constraint(name, type_=kind),
        naming_convention={
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        },
    )
    assert place.sql("t") == 'CREATE TABLE "t" (id INTEGER PRIMARY KEY, x INT)'


def test_a_convention_names_what_is_copied(place: Place) -> None:
    """Constraints without a name get that of the convention, and are found by it."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT UNIQUE, y INT)")
    convention = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
    place.batch(
        lambda b: b.alter_column("y", nullable=False), naming_convention=convention
    )
    assert "CONSTRAINT uq_t_x UNIQUE (x)" in place.sql("t")
    place.batch(lambda b: b.drop_constraint("uq_t_x", type_="unique"))
    assert "UNIQUE" not in place.sql("t")


def test_an_unknown_constraint_is_an_error_of_both_kinds(place: Place) -> None:
    """A missing constraint is a CommandError, and a ValueError for older programs."""
    place.make("CREATE TABLE t (x INT)")
    with pytest.raises(CommandError, match="No such constraint: 'nope'"):
        place.batch(lambda b: b.drop_constraint("nope", type_="unique"))
    with pytest.raises(ValueError, match="No such constraint: 'nope'"):
        place.batch(lambda b: b.drop_constraint("nope", type_="unique"))


def test_an_unknown_column_is_an_error_of_both_kinds(place: Place) -> None:
    """A missing column is a CommandError, and a KeyError for older programs."""
    place.make("CREATE TABLE t (x INT)")
    with pytest.raises(CommandError, match="Table 't' has no column 'nope'"):
        place.batch(lambda b: b.alter_column("nope", nullable=False))
    with pytest.raises(KeyError):
        place.batch(lambda b: b.drop_column("nope"))


def test_a_boolean_check_goes_with_its_type(place: Place) -> None:
    """Changing a Boolean to another type drops the CHECK that made it one."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, "
        "x BOOLEAN, CONSTRAINT ck_x CHECK (x IN (0, 1)), CHECK (x IN (0, 1)))"
    )
    place.batch(
        lambda b: b.alter_column(
            "x",
            type_=sa.Integer(),
            existing_type=sa.Boolean(create_constraint=True, name="ck_x"),
        )
    )
    assert "ck_x" not in place.sql("t")
    place.batch(
        lambda b: b.alter_column(
            "x", type_=sa.Text(), existing_type=sa.Boolean(create_constraint=True)
        )
    )
    assert "CHECK" not in place.sql("t")


def test_reflect_args_describe_a_type(place: Place) -> None:
    """A column of reflect_args tells the type that SQLite's declaration does not."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x SMALLINT NOT NULL DEFAULT 0)")
    place.batch(
        lambda b: b.add_column(sa.Column("y", sa.Integer())),
        reflect_args=[sa.Column("x", sa.Boolean(create_constraint=True, name="ck_x"))],
        recreate="always",
    )
    assert place.sql("t") == (
        'CREATE TABLE "t" (id INTEGER PRIMARY KEY, x BOOLEAN NOT NULL DEFAULT 0, '
        "y INTEGER, CONSTRAINT ck_x CHECK (x IN (0, 1)))"
    )


def test_listeners_describe_types(place: Place) -> None:
    """A listener of reflect_kwargs may describe the type of a column otherwise."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x NUMERIC(4, 2) NOT NULL)")

    def listen(inspector: Any, table: Any, column: Any) -> None:
        if column["name"] == "x":
            column["type"] = sa.Float()

    place.batch(
        lambda b: b.add_column(sa.Column("y", sa.Integer())),
        reflect_kwargs={"listeners": [("column_reflect", listen)]},
    )
    assert "x FLOAT NOT NULL" in place.sql("t")


def test_table_args_are_added_once(place: Place) -> None:
    """A constraint of table_args that the table has already is not doubled."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, CHECK (x > 0))")
    place.batch(
        not_null,
        table_args=[sa.CheckConstraint("x > 0"), sa.UniqueConstraint("x", name="uq")],
        table_kwargs={"sqlite_autoincrement": True},
    )
    assert place.sql("t") == (
        'CREATE TABLE "t" (id INTEGER PRIMARY KEY AUTOINCREMENT, x INT NOT NULL, '
        "CHECK (x > 0), CONSTRAINT uq UNIQUE (x))"
    )


def test_positions_need_a_copy(place: Place) -> None:
    """A position is refused where a plain ADD COLUMN would put the column last."""
    place.make("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)")
    with pytest.raises(CommandError, match="please specify recreate='always'"):
        place.batch(
            lambda b: b.add_column(sa.Column("z", sa.Integer()), insert_after="id")
        )


def test_a_not_null_column_without_default_is_explained(place: Place) -> None:
    """A column that no row could have a value for is refused with what to do."""
    place.make("CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1)")
    with pytest.raises(CommandError, match="give it a server_default"):
        place.batch(
            lambda b: b.add_column(sa.Column("z", sa.Integer(), nullable=False))
        )


def test_odd_names_and_an_attached_database(place: Place) -> None:
    """Names that need quotes and tables of an attached database are no exception."""
    other = place.database.folder / "other.db"
    place.make("CREATE TABLE unrelated (x)")
    with place.engine.connect() as connection:
        execute_as_is(connection, f"ATTACH '{other}' AS \"o t\"")
        for statement in (
            'CREATE TABLE "o t"."my ""t"" table" ("se lect" INT, y INT)',
            'CREATE INDEX "o t"."i x" ON "my ""t"" table" ("se lect" DESC)',
            'CREATE TRIGGER "o t"."t r" AFTER INSERT ON "my ""t"" table" BEGIN '
            "SELECT 1; END",
            'INSERT INTO "o t"."my ""t"" table" VALUES (1, 2)',
        ):
            connection.connection.cursor().execute(statement)
        connection.connection.commit()
        context = MigrationContext.configure(connection)
        op = Operations(context)
        with context.begin_transaction(), op.batch_alter_table(
            'my "t" table', schema="o t"
        ) as batch:
            batch.alter_column("y", nullable=False, new_column_name="a b")
            batch.create_index("i y", ["a b"])
        found = execute_as_is(
            connection, 'SELECT name FROM "o t".sqlite_master ORDER BY name'
        ).fetchall()
        rows = execute_as_is(
            connection, 'SELECT * FROM "o t"."my ""t"" table"'
        ).fetchall()
    assert [row[0] for row in found] == ["i x", "i y", 'my "t" table', "t r"]
    assert [tuple(row) for row in rows] == [(1, 2)]


def test_a_virtual_table_is_refused(place: Place) -> None:
    """A table that has no list of columns cannot be changed by batch mode."""
    place.make("CREATE VIRTUAL TABLE t USING fts5 (x)")
    with pytest.raises(CommandError, match="copy_from"):
        place.batch(not_null)


def test_copy_from_keeps_what_leans_on_the_table(place: Place) -> None:
    """With copy_from, too, triggers and views stay and no child row is deleted."""
    place.enforce = True
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x INT)",
        "CREATE TABLE c (tid INT REFERENCES t (id) ON DELETE CASCADE)",
        "CREATE VIEW v AS SELECT x FROM t",
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT NEW.x; END",
        "INSERT INTO t VALUES (1, 2)",
        "INSERT INTO c VALUES (1)",
    )
    described = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("x", sa.Integer),
        sqlite_autoincrement=True,
    )
    place.batch(not_null, copy_from=described)
    assert place.names() == ["c", "t", "tr", "v"]
    assert place.rows("SELECT * FROM c") == [(1,)]
    assert "AUTOINCREMENT" in place.sql("t")
    with pytest.raises(CommandError, match="view 'v'"):
        place.batch(lambda b: b.drop_column("x"), copy_from=described)
    assert place.names() == ["c", "t", "tr", "v"]


@pytest.mark.parametrize(
    ("old", "new", "value", "expected"),
    [
        ("TEXT", sa.Integer(), "'12'", 12),
        ("INTEGER", sa.String(20), "12", "12"),
        ("TEXT", sa.DateTime(), "'2024-05-01 10:00:00'", "2024-05-01 10:00:00"),
        ("TEXT", sa.Date(), "'2024-05-01'", "2024-05-01"),
        ("TEXT", sa.JSON(), "'{}'", "{}"),
        ("VARCHAR(5)", sa.Text(), "'12'", "12"),
    ],
)
def test_values_follow_a_change_of_type(
    place: Place, old: str, new: Any, value: str, expected: Any
) -> None:
    """Values are cast to another family of types; dates and JSON stay what they are."""
    place.make(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, x {old})",
        f"INSERT INTO t VALUES (1, {value})",
    )
    place.batch(lambda b: b.alter_column("x", type_=new))
    assert place.rows("SELECT x FROM t") == [(expected,)]


def test_what_this_connection_alone_has_stays(place: Place) -> None:
    """Temporary triggers and views on the table survive, in a translated schema too."""
    with place.engine.connect() as plain:
        for statement in (
            "ATTACH ':memory:' AS tenant",
            "CREATE TABLE tenant.t (id INTEGER PRIMARY KEY, x INT)",
            "CREATE TABLE log (x)",
            "CREATE TEMP VIEW tv AS SELECT x FROM tenant.t",
            "CREATE TEMP TRIGGER tt AFTER INSERT ON tenant.t BEGIN "
            "INSERT INTO log VALUES (NEW.x); END",
        ):
            plain.connection.cursor().execute(statement)
        connection = plain.execution_options(schema_translate_map={None: "tenant"})
        with Operations(MigrationContext.configure(connection)).batch_alter_table(
            "t"
        ) as batch:
            not_null(batch)
            batch.create_index("ix", ["x"])
        plain.connection.cursor().execute("INSERT INTO tenant.t (x) VALUES (7)")
        found = [
            execute_as_is(connection, query).fetchall()
            for query in (
                "SELECT x FROM log",
                "SELECT x FROM tv",
                "SELECT name FROM tenant.sqlite_master ORDER BY name",
            )
        ]
    assert [[row[0] for row in rows] for rows in found] == [[7], [7], ["ix", "t"]]


def test_two_batches_on_one_connection(place: Place) -> None:
    """What was compiled for an earlier batch does not hide what a later one breaks."""
    place.make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, y INT)",
        "CREATE TABLE o (a)",
        "CREATE TRIGGER tr AFTER INSERT ON o BEGIN UPDATE t SET x = 1; END",
    )
    with place.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        op = Operations(context)
        with context.begin_transaction():
            for _ in range(2):
                with op.batch_alter_table("t", recreate="always"):
                    pass
            with pytest.raises(CommandError, match="trigger 'tr'"):  # noqa: SIM117
                with op.batch_alter_table("t") as batch:
                    batch.drop_column("x")
    assert "x INT" in place.sql("t")
