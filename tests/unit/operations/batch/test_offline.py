"""The SQL of batches that are written to a script instead of run."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import List
from typing import Set
from typing import Tuple

import pytest
import sqlalchemy as sa

from alembic.operations.batch import ApplyBatchImpl
from alembic.operations.batch import BatchOperationsImpl
from alembic.operations.batch import rebuild
from alembic.sqla.defaults import Computed
from alembic.sqla.defaults import has_computed
from alembic.util.exc import CommandError
from tests.support.recorder import Recorder

Work = Callable[[Any], Any]


def table(**kw: Any) -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(50), nullable=False, server_default="x"),
        sa.Column("b", sa.Integer),
        sa.Column("c", sa.Boolean(create_constraint=True, name="ckc")),
        sa.UniqueConstraint("a", name="uqa"),
        sa.CheckConstraint("b > 0", name="ckb"),
        sa.ForeignKeyConstraint(["b"], ["p.id"], name="fkb"),
        sa.Index("ixa", "a"),
        **kw,
    )


def emitted(work: Work, dialect: str = "sqlite", **kw: Any) -> List[str]:
    recorder = Recorder(dialect)
    kw.setdefault("copy_from", table())
    with recorder.op.batch_alter_table("t", **kw) as batch:
        work(batch)
    return recorder.statements


COLUMNS = {
    "id": "id INTEGER NOT NULL",
    "a": "a VARCHAR(50) DEFAULT 'x' NOT NULL",
    "b": "b INTEGER",
    "c": "c BOOLEAN",
}
CONSTRAINTS = {
    "PRIMARY KEY (id)",
    "CONSTRAINT ckc CHECK (c IN (0, 1))",
    "CONSTRAINT uqa UNIQUE (a)",
    "CONSTRAINT ckb CHECK (b > 0)",
    "CONSTRAINT fkb FOREIGN KEY(b) REFERENCES p (id)",
}


def parts(statement: str) -> Tuple[List[str], List[str]]:
    """Return the columns, and the constraints in any order, of a CREATE TABLE."""
    inside = statement[statement.index("(") + 1 : statement.rindex(")")].strip()
    elements: List[str] = [""]
    depth = 0
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            elements.append("")
        else:
            elements[-1] += sign
    elements = [element.strip() for element in elements]
    kinds = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
    columns = [
        # SQLAlchemy 1.4 put it into parentheses
        e.replace("(CURRENT_TIMESTAMP)", "CURRENT_TIMESTAMP")
        for e in elements
        if not e.startswith(kinds)
    ]
    return columns, sorted(e for e in elements if e.startswith(kinds))


def constraints(*without: str, plus: Tuple[str, ...] = ()) -> List[str]:
    kept = {c for c in CONSTRAINTS if not any(name in c for name in without)}
    return sorted(kept.union(plus))


def test_the_five_statements_of_move_and_copy() -> None:
    """A table is made, filled, dropped, renamed, and its indexes made."""
    statements = emitted(lambda b: None, recreate="always")
    assert statements[0].startswith("CREATE TABLE _alembic_tmp_t ( ")
    assert parts(statements[0]) == (list(COLUMNS.values()), constraints())
    assert statements[1:] == [
        "INSERT INTO _alembic_tmp_t (id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
        "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ixa ON t (a)",
    ]


@pytest.mark.parametrize(
    ("is_mariadb", "last"),
    [
        (True, {"FOREIGN KEY(b) REFERENCES p (id)"}),
        (False, {"FOREIGN KEY(b) REFERENCES p (id)", "CHECK (b > 0)"}),
    ],
)
def test_names_of_the_whole_database_come_last(
    monkeypatch: pytest.MonkeyPatch, is_mariadb: bool, last: Set[str]
) -> None:
    """What both tables cannot have at once is added when the old one is gone."""
    monkeypatch.setattr(rebuild, "is_mariadb", lambda dialect: is_mariadb)
    statements = emitted(lambda b: None, "mysql", recreate="always")
    end = statements.index("DROP TABLE t")
    for written in last:
        assert written not in " ".join(statements[:end])
    added = [s.split(" ADD CONSTRAINT ")[1] for s in statements if " ADD CON" in s]
    assert {text.partition(" ")[2] for text in added} >= last
    assert all("ADD CONSTRAINT" not in s for s in statements[:end])


CHANGES: List[Tuple[str, Work, List[str], List[str], str]] = [
    (
        "rename",
        lambda b: b.alter_column("b", new_column_name="bb"),
        [COLUMNS["id"], COLUMNS["a"], "bb INTEGER", COLUMNS["c"]],
        constraints(
            "ckb",
            "fkb",
            plus=(
                "CONSTRAINT ckb CHECK (bb > 0)",
                "CONSTRAINT fkb FOREIGN KEY(bb) REFERENCES p (id)",
            ),
        ),
        "(id, a, bb, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "type",
        lambda b: b.alter_column("b", type_=sa.String(20)),
        [COLUMNS["id"], COLUMNS["a"], "b VARCHAR(20)", COLUMNS["c"]],
        constraints(),
        "(id, a, b, c) SELECT t.id, t.a, CAST(t.b AS VARCHAR(20)) AS b, t.c FROM t",
    ),
    (
        "boolean to integer",
        lambda b: b.alter_column("c", type_=sa.Integer()),
        [COLUMNS["id"], COLUMNS["a"], COLUMNS["b"], "c INTEGER"],
        constraints("ckc"),
        "(id, a, b, c) SELECT t.id, t.a, t.b, CAST(t.c AS INTEGER) AS c FROM t",
    ),
    (
        "nullable and default",
        lambda b: b.alter_column("a", nullable=True, server_default=None),
        [COLUMNS["id"], "a VARCHAR(50)", COLUMNS["b"], COLUMNS["c"]],
        constraints(),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "drop",
        lambda b: b.drop_column("b"),
        [COLUMNS["id"], COLUMNS["a"], COLUMNS["c"]],
        constraints("ckb", "fkb"),
        "(id, a, c) SELECT t.id, t.a, t.c FROM t",
    ),
    (
        "drop boolean",
        lambda b: b.drop_column("c"),
        [COLUMNS["id"], COLUMNS["a"], COLUMNS["b"]],
        constraints("ckc"),
        "(id, a, b) SELECT t.id, t.a, t.b FROM t",
    ),
    (
        "add not constant",
        lambda b: b.add_column(
            sa.Column("z", sa.DateTime, server_default=sa.func.now())
        ),
        [*COLUMNS.values(), "z DATETIME DEFAULT CURRENT_TIMESTAMP"],
        constraints(),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "unique",
        lambda b: b.create_unique_constraint("uqz", ["a", "b"]),
        list(COLUMNS.values()),
        constraints(plus=("CONSTRAINT uqz UNIQUE (a, b)",)),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "nameless unique",
        lambda b: b.create_unique_constraint(None, ["a", "b"]),
        list(COLUMNS.values()),
        constraints(plus=("UNIQUE (a, b)",)),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "foreign key",
        lambda b: b.create_foreign_key("fkz", "q", ["a"], ["id"], ondelete="CASCADE"),
        list(COLUMNS.values()),
        constraints(
            plus=("CONSTRAINT fkz FOREIGN KEY(a) REFERENCES q (id) ON DELETE CASCADE",)
        ),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "primary key",
        lambda b: b.create_primary_key("pkz", ["a", "b"]),
        [COLUMNS["id"], COLUMNS["a"], "b INTEGER NOT NULL", COLUMNS["c"]],
        constraints("PRIMARY", plus=("CONSTRAINT pkz PRIMARY KEY (a, b)",)),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "drop unique",
        lambda b: b.drop_constraint("uqa", type_="unique"),
        list(COLUMNS.values()),
        constraints("uqa"),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "drop check",
        lambda b: b.drop_constraint("ckb", type_="check"),
        list(COLUMNS.values()),
        constraints("ckb"),
        "(id, a, b, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
    (
        "swap",
        lambda b: (
            b.alter_column("a", new_column_name="b"),
            b.alter_column("b", new_column_name="a"),
        ),
        [
            COLUMNS["id"],
            "b VARCHAR(50) DEFAULT 'x' NOT NULL",
            "a INTEGER",
            COLUMNS["c"],
        ],
        constraints(
            "uqa",
            "ckb",
            "fkb",
            plus=(
                "CONSTRAINT uqa UNIQUE (b)",
                "CONSTRAINT ckb CHECK (a > 0)",
                "CONSTRAINT fkb FOREIGN KEY(a) REFERENCES p (id)",
            ),
        ),
        "(id, b, a, c) SELECT t.id, t.a, t.b, t.c FROM t",
    ),
]

if has_computed:
    CHANGES.append(
        (
            "computed",
            lambda b: b.alter_column("b", server_default=Computed("id + 1")),
            [
                COLUMNS["id"],
                COLUMNS["a"],
                "b INTEGER GENERATED ALWAYS AS (id + 1)",
                COLUMNS["c"],
            ],
            constraints(),
            "(id, a, c) SELECT t.id, t.a, t.c FROM t",
        )
    )


@pytest.mark.parametrize(
    ("work", "columns", "expected", "copied"),
    [change[1:] for change in CHANGES],
    ids=[change[0] for change in CHANGES],
)
def test_each_change(
    work: Work, columns: List[str], expected: List[str], copied: str
) -> None:
    """The new table has the change and all the rest; every value is copied."""
    statements = emitted(work)
    assert parts(statements[0]) == (columns, expected)
    assert statements[1] == f"INSERT INTO _alembic_tmp_t {copied}"


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (
            lambda b: b.add_column(sa.Column("z", sa.Integer, server_default="3")),
            ["ALTER TABLE t ADD COLUMN z INTEGER DEFAULT '3'"],
        ),
        (lambda b: b.create_index("ixz", ["a"]), ["CREATE INDEX ixz ON t (a)"]),
        (lambda b: b.drop_index("ixa"), ["DROP INDEX ixa"]),
        (lambda b: None, []),
    ],
)
def test_what_needs_no_copy(work: Work, expected: List[str]) -> None:
    """Plain columns and indexes are added by themselves."""
    assert emitted(work) == expected


@pytest.mark.parametrize("recreate", ["auto", "never"])
def test_other_databases_alter(recreate: str) -> None:
    """Without recreate="always" other databases get plain statements."""
    assert emitted(
        lambda b: (b.drop_column("b"), b.alter_column("a", new_column_name="q")),
        "postgresql",
        recreate=recreate,
    ) == ["ALTER TABLE t DROP COLUMN b", "ALTER TABLE t RENAME a TO q"]


def test_recreate_never_on_sqlite() -> None:
    """With recreate="never" SQLite gets plain statements, too."""
    assert emitted(lambda b: b.drop_column("b"), recreate="never") == [
        "ALTER TABLE t DROP COLUMN b"
    ]


def test_indexes_follow_their_columns() -> None:
    """Renamed columns are renamed in indexes; options of an index stay."""
    described = table()
    sa.Index("ixlow", sa.func.lower(described.c.a), unique=True)
    sa.Index("ixpart", described.c.b.desc(), sqlite_where=described.c.a != "no")
    statements = emitted(
        lambda b: (
            b.alter_column("a", new_column_name="aa"),
            b.create_index("ixnew", ["aa"], unique=True),
        ),
        copy_from=described,
    )
    assert statements[4:] == [
        "CREATE INDEX ixa ON t (aa)",
        "CREATE UNIQUE INDEX ixlow ON t (lower(aa))",
        "CREATE INDEX ixpart ON t (b DESC) WHERE aa != 'no'",
        "CREATE UNIQUE INDEX ixnew ON t (aa)",
    ]


def test_a_table_that_refers_to_itself() -> None:
    """A foreign key to the table itself follows the column it refers to."""
    described = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer, sa.ForeignKey("t.id", name="fk")),
    )
    statement = emitted(
        lambda b: b.alter_column("id", new_column_name="key"), copy_from=described
    )[0]
    assert "CONSTRAINT fk FOREIGN KEY(parent) REFERENCES t (" + '"key")' in statement


def test_table_arguments() -> None:
    """table_args and table_kwargs are part of the new table."""
    statement = emitted(
        lambda b: b.drop_column("c"),
        table_args=(sa.CheckConstraint("id > 1", name="ckz"),),
        table_kwargs={"sqlite_autoincrement": True},
    )[0]
    assert "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" in statement
    assert "CONSTRAINT ckz CHECK (id > 1)" in statement


def test_the_table_described_is_not_changed() -> None:
    """The Table given as copy_from is as before, so that it may be used again."""
    described = table()
    before = [repr(c) for c in described.columns], len(described.constraints)
    for _ in range(2):
        emitted(
            lambda b: (
                b.alter_column("b", type_=sa.Text(), new_column_name="x"),
                b.drop_constraint("uqa"),
                b.create_check_constraint("cknew", sa.column("x") > 1),
            ),
            copy_from=described,
        )
    assert ([repr(c) for c in described.columns], len(described.constraints)) == before
    assert len(described.indexes) == 1


def test_schema_names() -> None:
    """The temporary table is made in the schema of the table."""
    described = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer), schema="other")
    statements = emitted(
        lambda b: b.alter_column("x", nullable=False),
        copy_from=described,
        schema="other",
    )
    assert statements == [
        "CREATE TABLE other._alembic_tmp_t ( x INTEGER NOT NULL )",
        "INSERT INTO other._alembic_tmp_t (x) SELECT other.t.x FROM other.t",
        "DROP TABLE other.t",
        "ALTER TABLE other._alembic_tmp_t RENAME TO t",
    ]


def test_without_copy_from_there_is_nothing_to_copy() -> None:
    """--sql needs copy_from where a table has to be made anew, and says so."""
    with pytest.raises(CommandError, match="cannot proceed in --sql mode.*copy_from"):
        emitted(lambda b: b.drop_column("b"), copy_from=None)
    assert emitted(
        lambda b: b.add_column(sa.Column("z", sa.Integer)), copy_from=None
    ) == ["ALTER TABLE t ADD COLUMN z INTEGER"]


@pytest.mark.parametrize("recreate", ["auto", "never"])
def test_positions_need_a_copy(recreate: str) -> None:
    """A position is refused where ALTER would put the column last."""
    with pytest.raises(CommandError, match="please specify recreate='always'"):
        emitted(
            lambda b: b.add_column(sa.Column("z", sa.Integer), insert_before="a"),
            recreate=recreate,
        )


def test_unknown_values_of_recreate() -> None:
    """recreate takes three words only."""
    with pytest.raises(ValueError, match="'auto', 'always', or 'never'"):
        emitted(lambda b: None, recreate="sometimes")


@pytest.mark.parametrize(
    ("work", "error", "message"),
    [
        (lambda b: b.drop_column("nope"), KeyError, "no column 'nope'"),
        (lambda b: b.drop_constraint("nope"), ValueError, "No such constraint: 'nope'"),
        (
            lambda b: (b.drop_index("nope"), b.drop_column("b")),
            ValueError,
            "No such index: 'nope'",
        ),
        (
            lambda b: b.alter_column("nope", nullable=False),
            CommandError,
            "no column 'nope'",
        ),
    ],
)
def test_parts_that_are_not_there(work: Work, error: Any, message: str) -> None:
    """What is missing is named; old programs catch the errors they know."""
    with pytest.raises(error, match=message):
        emitted(work)


def test_an_index_about_other_columns_stops_a_drop() -> None:
    """An index over two columns must be dropped by name with one of them."""
    described = table()
    sa.Index("ixab", described.c.a, described.c.b)
    with pytest.raises(CommandError, match="index 'ixab' is also about 'a'"):
        emitted(lambda b: b.drop_column("b"), copy_from=described)
    statements = emitted(
        lambda b: (b.drop_column("b"), b.drop_index("ixab")), copy_from=described
    )
    assert statements[-1] == "CREATE INDEX ixa ON t (a)"


def test_what_is_recorded() -> None:
    """Dialects look at the recorded changes: a name, arguments and keywords each."""
    recorder = Recorder("sqlite")
    impl = BatchOperationsImpl(
        recorder.op, "t", None, "auto", None, (), {}, (), {}, None, None
    )
    column = sa.Column("z", sa.Integer)
    impl.add_column("t", column, schema=None)
    impl.drop_index(sa.Index("ix"), if_exists=True)
    assert [change[0] for change in impl.batch] == ["add_column", "drop_index"]
    assert impl.batch[0][1:] == (("t", column), {"schema": None})
    assert impl.impl is recorder.context.impl
    assert impl.dialect is recorder.context.dialect
    for refused in (impl.create_table, impl.drop_table):
        with pytest.raises(NotImplementedError):
            refused(table())
    with pytest.raises(NotImplementedError):
        impl.rename_table("t", "u")


def test_the_rebuild_can_be_used_by_itself() -> None:
    """ApplyBatchImpl takes changes and shows what the table will be."""
    recorder = Recorder("sqlite")
    rebuild = ApplyBatchImpl(recorder.context.impl, table(), (), {}, False)
    assert rebuild.temp_table_name == "_alembic_tmp_t"
    assert list(rebuild.columns) == ["id", "a", "b", "c"]
    assert sorted(rebuild.named_constraints) == ["ckb", "fkb", "uqa"]
    rebuild.alter_column("t", "b", name="x", nullable=False)
    rebuild.add_column("t", sa.Column("n", sa.Integer), insert_after="a")
    made = rebuild.make_new_table()
    assert [c.name for c in made.columns] == ["id", "a", "n", "x", "c"]
    assert rebuild.column_transfers["b"]["name"] == "x"
    with pytest.raises(NotImplementedError):
        rebuild.rename_table("t", "u")


@pytest.mark.parametrize("length", [10, 40, 70])
def test_temporary_names_are_at_most_fifty_long(length: int) -> None:
    """A long name of a table is cut for the temporary one."""
    recorder = Recorder("sqlite")
    long = sa.Table("n" * length, sa.MetaData(), sa.Column("x", sa.Integer))
    rebuild = ApplyBatchImpl(recorder.context.impl, long, (), {}, False)
    assert rebuild.temp_table_name == ("_alembic_tmp_" + "n" * length)[:50]
