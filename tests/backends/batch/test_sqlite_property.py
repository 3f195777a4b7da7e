"""A batch that changes one thing leaves all others as they were, on any table."""

from __future__ import annotations

import itertools
import sqlite3
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Optional
from typing import Tuple

import pytest
import sqlalchemy as sa
from hypothesis import event
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy.pool import StaticPool

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla.driver import execute_as_is
from alembic.util.exc import CommandError
from tests.support.sqlite_tables import ColumnSpec
from tests.support.sqlite_tables import look
from tests.support.sqlite_tables import normalised
from tests.support.sqlite_tables import quoted
from tests.support.sqlite_tables import tables
from tests.support.sqlite_tables import TableSpec

NEW = "added"

Expected = Tuple[List[ColumnSpec], List[str]]
"""The columns and constraints that the table shall have."""


def nothing(batch: Any, spec: TableSpec) -> Expected:
    return spec.columns, spec.constraints


def add_nullable(batch: Any, spec: TableSpec) -> Expected:
    batch.add_column(sa.Column(NEW, sa.Integer()))
    return [*spec.columns, ColumnSpec(NEW, "INTEGER", [])], spec.constraints


def add_with_default(batch: Any, spec: TableSpec) -> Expected:
    batch.add_column(sa.Column(NEW, sa.Integer(), server_default=sa.text("(3 + 4)")))
    column = ColumnSpec(NEW, "INTEGER", ["DEFAULT (3 + 4)"])
    return [*spec.columns, column], spec.constraints


def make_not_null(batch: Any, spec: TableSpec) -> Expected:
    column = spec.plain[0]
    batch.alter_column(column.name, nullable=False)
    return (
        _with(
            spec,
            column,
            clauses=column.clauses
            if any("NOT NULL" in c for c in column.clauses)
            else [*column.clauses, "NOT NULL"],
        ),
        spec.constraints,
    )


def make_nullable(batch: Any, spec: TableSpec) -> Expected:
    column = spec.plain[-1]
    batch.alter_column(column.name, nullable=True)
    kept = [c for c in column.clauses if not c.startswith("NOT NULL")]
    return _with(spec, column, clauses=kept), spec.constraints


def change_default(batch: Any, spec: TableSpec) -> Expected:
    column = spec.plain[0]
    batch.alter_column(column.name, server_default="x")
    kept = [c for c in column.clauses if not c.startswith("DEFAULT")]
    return _with(spec, column, clauses=[*kept, "DEFAULT 'x'"]), spec.constraints


def drop_default(batch: Any, spec: TableSpec) -> Expected:
    column = spec.plain[0]
    batch.alter_column(column.name, server_default=None)
    kept = [c for c in column.clauses if not c.startswith("DEFAULT")]
    return _with(spec, column, clauses=kept), spec.constraints


def change_type(batch: Any, spec: TableSpec) -> Expected:
    column = spec.plain[-1]
    batch.alter_column(
        column.name, type_=sa.Text(), existing_type=sa.String(), nullable=None
    )
    return _with(spec, column, type="TEXT"), spec.constraints


def add_unique(batch: Any, spec: TableSpec) -> Expected:
    batch.create_unique_constraint("uq_new", ["id", spec.plain[0].name])
    name = quoted(spec.plain[0].name)
    return (
        spec.columns,
        [*spec.constraints, f"CONSTRAINT uq_new UNIQUE (id, {name})"],
    )


def add_nameless_unique(batch: Any, spec: TableSpec) -> Expected:
    batch.create_unique_constraint(None, ["id"])
    return spec.columns, [*spec.constraints, "UNIQUE (id)"]


def add_check(batch: Any, spec: TableSpec) -> Expected:
    batch.create_check_constraint("ck_new", "id > 0")
    return spec.columns, [*spec.constraints, "CONSTRAINT ck_new CHECK (id > 0)"]


def add_foreign_key(batch: Any, spec: TableSpec) -> Expected:
    batch.create_foreign_key("fk_new", "t", ["id"], ["id"], ondelete="CASCADE")
    added = "CONSTRAINT fk_new FOREIGN KEY(id) REFERENCES t (id) ON DELETE CASCADE"
    return spec.columns, [*spec.constraints, added]


def drop_named_check(batch: Any, spec: TableSpec) -> Optional[Expected]:
    name = "ck_named"
    if not any(name in c for c in spec.constraints):
        return None
    batch.drop_constraint(name, type_="check")
    return spec.columns, [c for c in spec.constraints if name not in c]


def drop_column_check(batch: Any, spec: TableSpec) -> Optional[Expected]:
    for column in spec.plain:
        for clause in column.clauses:
            if clause.startswith("CONSTRAINT"):
                batch.drop_constraint(f"ck {column.name}", type_="check")
                kept = [c for c in column.clauses if c != clause]
                return _with(spec, column, clauses=kept), spec.constraints
    return None


def move_column(batch: Any, spec: TableSpec) -> Expected:
    batch.alter_column(spec.plain[-1].name, insert_before="id")
    moved = spec.plain[-1]
    return [moved, *[c for c in spec.columns if c is not moved]], spec.constraints


CHANGES: Dict[str, Callable[[Any, TableSpec], Optional[Expected]]] = {
    change.__name__: change
    for change in (
        nothing,
        add_nullable,
        add_with_default,
        make_not_null,
        make_nullable,
        change_default,
        drop_default,
        change_type,
        add_unique,
        add_nameless_unique,
        add_check,
        add_foreign_key,
        drop_named_check,
        drop_column_check,
        move_column,
    )
}


def _with(spec: TableSpec, column: ColumnSpec, **changes: Any) -> List[ColumnSpec]:
    return [c._replace(**changes) if c is column else c for c in spec.columns]


class Setting:
    """A database in memory with a table, and a batch context on it."""

    def __init__(self, spec: TableSpec, enforced: bool) -> None:
        self.engine = sa.create_engine("sqlite://", poolclass=StaticPool)
        pooled: Any = self.engine.raw_connection()
        # SQLAlchemy 1.3 has the other name only
        self.raw: sqlite3.Connection = getattr(
            pooled, "driver_connection", None
        ) or getattr(pooled, "connection", None)
        spec.create(self.raw)
        self.raw.commit()
        self.raw.execute(f"PRAGMA foreign_keys={int(enforced)}")

    def run(self, in_transaction: bool, work: Callable[[Any], Any], **kw: Any) -> Any:
        with self.engine.connect() as connection:
            if in_transaction:
                execute_as_is(connection, "BEGIN IMMEDIATE")
            context = MigrationContext.configure(connection)
            with Operations(context).batch_alter_table("t", **kw) as batch:
                result = work(batch)
            connection.connection.commit()
        return result

    def sql(self) -> str:
        query = "SELECT sql FROM sqlite_master WHERE name = 't'"
        return str(self.raw.execute(query).fetchone()[0])

    def pragmas(self) -> List[int]:
        return [
            self.raw.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "foreign_keys",
                "legacy_alter_table",
                "writable_schema",
                "defer_foreign_keys",
            )
        ]

    def table_rows(self, columns: List[str]) -> List[Any]:
        listed = ", ".join(quoted(name) for name in columns)
        return self.raw.execute(f"SELECT {listed} FROM t ORDER BY id").fetchall()

    def close(self) -> None:
        self.engine.dispose()
        self.raw.close()


@pytest.mark.parametrize("change", sorted(CHANGES))
@settings(max_examples=max(20, settings.default.max_examples // 3))
@given(data=st.data())
def test_one_change_leaves_everything_else(change: str, data: Any) -> None:
    """After one change the schema is the old one with that change; no row is lost."""
    spec: TableSpec = data.draw(tables())
    enforced = data.draw(st.booleans(), label="foreign_keys")
    in_transaction = data.draw(st.booleans(), label="in_transaction")
    always = change == "nothing" or data.draw(st.booleans(), label="always")
    setting = Setting(spec, enforced)
    try:
        around = look(setting.raw, table="t")
        names = [c.name for c in spec.columns]
        if change == "change_type":
            # a cast changes values, which is what was asked for
            names.remove(spec.plain[-1].name)
        rows = setting.table_rows(names)
        before = setting.sql()
        pragmas = setting.pragmas()
        refusal: Optional[Exception] = None
        expected: Optional[Expected] = None
        try:
            expected = setting.run(
                in_transaction,
                lambda batch: CHANGES[change](batch, spec),
                recreate="always" if always else "auto",
            )
        except (CommandError, sa.exc.DBAPIError) as error:
            refusal = error
        if refusal is not None:
            # a value may not fit; then nothing has happened
            event(f"refused: {type(refusal).__name__}")
            assert change in ("change_type", "change_default", "add_check"), refusal
            assert setting.sql() == before
        if expected is not None:
            columns, constraints = expected
            after = setting.sql()
            wanted = spec._replace(columns=columns, constraints=constraints).sql()
            assert sorted(normalised(after)) == sorted(normalised(wanted))
            assert _column_order(setting.raw) == [c.name for c in columns]
        assert look(setting.raw, table="t") == around
        assert setting.table_rows(names) == rows
        assert setting.pragmas() == pragmas
        assert setting.raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        setting.close()


def _column_order(raw: sqlite3.Connection) -> List[str]:
    return [row[1] for row in raw.execute("PRAGMA table_xinfo(t)").fetchall()]


@given(data=st.data())
def test_a_rename_reaches_every_place(data: Any) -> None:
    """A renamed column keeps its values, and whatever worked with it still works."""
    spec: TableSpec = data.draw(tables())
    column = data.draw(st.sampled_from(spec.plain))
    setting = Setting(spec, data.draw(st.booleans()))
    try:
        names = [c.name for c in spec.columns]
        rows = setting.table_rows(names)
        others = look(setting.raw, table="t")["rows"]
        setting.run(
            data.draw(st.booleans()),
            lambda batch: batch.alter_column(column.name, new_column_name="renamed"),
            recreate=data.draw(st.sampled_from(["auto", "always"])),
        )
        now = ["renamed" if name == column.name else name for name in names]
        assert setting.table_rows(now) == rows
        assert look(setting.raw, table="t")["rows"] == others
        for kind, name in look(setting.raw)["schema"]:
            if kind == "view":
                setting.raw.execute(f"SELECT * FROM {name}").fetchall()
        setting.raw.execute("EXPLAIN INSERT INTO t DEFAULT VALUES")
        setting.raw.execute("EXPLAIN UPDATE t SET renamed = renamed")
        assert setting.raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        setting.close()


@given(data=st.data())
def test_a_drop_is_carried_through_or_refused_whole(data: Any) -> None:
    """A dropped column goes with what is about it alone, or nothing happens."""
    spec: TableSpec = data.draw(tables())
    column = data.draw(st.sampled_from(spec.plain))
    setting = Setting(spec, data.draw(st.booleans()))
    try:
        before = look(setting.raw)
        names = [c.name for c in spec.columns if c is not column]
        all_rows = setting.table_rows([c.name for c in spec.columns])
        rows = setting.table_rows(names)
        others = look(setting.raw, table="t")["rows"]
        refusal = ""
        try:
            setting.run(
                data.draw(st.booleans()),
                lambda batch: batch.drop_column(column.name),
                recreate=data.draw(st.sampled_from(["auto", "always"])),
            )
        except CommandError as error:
            refusal = str(error)
        if refusal:
            event("refused")
            assert column.name in refusal
            assert look(setting.raw) == before
            assert setting.table_rows([c.name for c in spec.columns]) == all_rows
            return
        event("dropped")
        assert _column_order(setting.raw) == names
        assert setting.table_rows(names) == rows
        after = look(setting.raw, table="t")
        assert after["rows"] == others
        gone = set(before["schema"]) - set(after["schema"]) - {("table", "t")}
        for kind, name in gone:
            # an index went: it was about that column
            assert kind == "index"
            assert column.name in before["schema"][kind, name][1]
        for key in after["schema"]:
            assert after["schema"][key] == before["schema"][key]
        for kind, name in after["schema"]:
            if kind == "view":
                setting.raw.execute(f"SELECT * FROM {name}").fetchall()
        setting.raw.execute("EXPLAIN INSERT INTO t DEFAULT VALUES")
    finally:
        setting.close()


@given(data=st.data())
def test_a_failure_leaves_the_database_as_it_was(data: Any) -> None:
    """When a statement fails half way, schema and rows are as before the batch."""
    spec: TableSpec = data.draw(tables())
    setting = Setting(spec, data.draw(st.booleans()))
    try:
        before = look(setting.raw)
        fail_at = data.draw(st.integers(1, 14))
        counter = itertools.count(1)
        setting.raw.set_trace_callback(None)

        def fail(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if statement.startswith(("SAVEPOINT", "ROLLBACK", "RELEASE", "PRAGMA")):
                return
            if next(counter) == fail_at:
                raise RuntimeError("the power is gone")

        sa.event.listen(setting.engine, "before_cursor_execute", fail)
        pragmas = setting.pragmas()
        try:
            setting.run(
                data.draw(st.booleans()),
                lambda batch: (
                    batch.alter_column(spec.plain[0].name, server_default="y"),
                    batch.create_check_constraint("ck_new", "id > 0"),
                ),
            )
            event("too few statements")
            return
        except RuntimeError:
            event(f"failed at {fail_at}")
        finally:
            sa.event.remove(setting.engine, "before_cursor_execute", fail)
        assert look(setting.raw) == before
        assert setting.pragmas() == pragmas
    finally:
        setting.close()
