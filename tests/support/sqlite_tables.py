"""Random SQLite tables with all that SQLite can say about a table, and their look."""

from __future__ import annotations

import re
import sqlite3
from typing import Any
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional

from hypothesis import strategies as st

HAS_STRICT = sqlite3.sqlite_version_info >= (3, 37)

_TYPES = ["INTEGER", "TEXT", "money", "varchar2(30)", "NUMERIC(10, 2)", "", "Blob"]
_STRICT_TYPES = ["INTEGER", "TEXT", "REAL", "ANY"]
_NAMES = ["a", "b", "Total", "two words", "select", "größe"]


def quoted(name: str) -> str:
    return name if name.isidentifier() and name != "select" else f'"{name}"'


class ColumnSpec(NamedTuple):
    """A column as its definition is put together."""

    name: str
    type: str
    clauses: List[str]
    generated: str = ""

    def sql(self) -> str:
        parts = [quoted(self.name), self.type, *self.clauses, self.generated]
        return " ".join(part for part in parts if part)


class TableSpec(NamedTuple):
    """A table named ``t``, what leans on it, and its rows."""

    columns: List[ColumnSpec]
    constraints: List[str]
    options: str
    around: List[str]
    rows: List[Dict[str, Any]]

    def sql(self) -> str:
        body = ", ".join([c.sql() for c in self.columns] + self.constraints)
        return f"CREATE TABLE t ({body}){self.options}"

    def statements(self) -> List[str]:
        """Everything to execute, in order; the rows come with `fill`."""
        return [
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "INSERT INTO parent VALUES (1), (2), (3)",
            "CREATE TABLE log (what)",
            self.sql(),
        ]

    @property
    def plain(self) -> List[ColumnSpec]:
        """The columns that hold values of their own, but for ``id``."""
        return [c for c in self.columns if not c.generated and c.name != "id"]

    def create(self, connection: Any) -> None:
        """Make all of it on a connection of the sqlite3 module."""
        for statement in self.statements():
            connection.execute(statement)
        for row in self.rows:
            names = ", ".join(quoted(name) for name in row)
            marks = ", ".join("?" for _ in row)
            connection.execute(
                f"INSERT INTO t ({names}) VALUES ({marks})", list(row.values())
            )
        for statement in self.around:
            connection.execute(statement)


@st.composite
def tables(draw: Any) -> TableSpec:
    """Tables of all the features that a batch must not lose."""
    strict = HAS_STRICT and draw(st.booleans())
    without_rowid = draw(st.booleans())
    autoincrement = not without_rowid and draw(st.booleans())
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=4, unique=True))
    types = _STRICT_TYPES if strict else _TYPES
    key = "PRIMARY KEY" + (" AUTOINCREMENT" if autoincrement else "")
    columns = [ColumnSpec("id", "INTEGER", [key])]
    for name in names:
        columns.append(draw(_columns(name, draw(st.sampled_from(types)))))
    first, second = quoted(names[0]), quoted(names[1])
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["STORED", "VIRTUAL", ""]))
        columns.append(
            ColumnSpec(
                "computed",
                "INTEGER" if strict else draw(st.sampled_from(["", "INTEGER"])),
                [],
                f"GENERATED ALWAYS AS (length({first}) + id) {kind}".strip(),
            )
        )
    constraints = draw(
        st.lists(
            st.sampled_from(
                [
                    f"CHECK ({second} IS NULL OR {second} <> 'never')",
                    f"CONSTRAINT ck_named CHECK (length({first}) < 1000)",
                    f"CONSTRAINT uq_pair UNIQUE ({first}, id)",
                    f"UNIQUE (id, {second}) ON CONFLICT REPLACE",
                    "CONSTRAINT fk_self FOREIGN KEY (id) REFERENCES t (id) "
                    "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
                ]
            ),
            unique=True,
            max_size=3,
        )
    )
    options = [
        *(["WITHOUT ROWID"] if without_rowid else []),
        *(["STRICT"] if strict else []),
    ]
    around = draw(
        st.lists(
            st.sampled_from(
                [
                    f"CREATE INDEX ix_desc ON t ({first} COLLATE NOCASE DESC, id)",
                    f"CREATE INDEX ix_expression ON t (lower({second}), abs(id))",
                    f"CREATE UNIQUE INDEX ix_partial ON t (id) WHERE {second} > 0",
                    "CREATE VIEW v AS SELECT id FROM t -- all of them\n",
                    f"CREATE VIEW w AS SELECT {first} AS one, {second} FROM t",
                    "CREATE VIEW vv AS SELECT * FROM v",
                    "CREATE TRIGGER tr AFTER INSERT ON t BEGIN "
                    f"INSERT INTO log VALUES (NEW.{first}); END",
                    f"CREATE TRIGGER tr_of AFTER UPDATE OF {second} ON t WHEN "
                    "NEW.id > 5 BEGIN INSERT INTO log VALUES (OLD.id); END",
                    "CREATE TRIGGER tr_log AFTER DELETE ON log BEGIN "
                    "DELETE FROM t WHERE id < 0; END",
                    "CREATE TABLE child (id INTEGER PRIMARY KEY, "
                    "tid INTEGER NOT NULL REFERENCES t (id) ON DELETE CASCADE)",
                    "CREATE TABLE restricted "
                    "(tid INTEGER REFERENCES t ON DELETE RESTRICT)",
                ]
            ),
            unique=True,
            max_size=6,
        )
    )
    around = sorted(around, key=lambda s: "VIEW vv" in s)
    if any("VIEW vv" in s for s in around) and not any("VIEW v " in s for s in around):
        around.insert(0, "CREATE VIEW v AS SELECT id FROM t")
    count = draw(st.integers(0, 4))
    rows = [_row(index, columns, types) for index in range(1, count + 1)]
    for table in ("child", "restricted"):
        if rows and any(f"CREATE TABLE {table}" in s for s in around):
            around.append(f"INSERT INTO {table} (tid) VALUES ({rows[0]['id']})")
    return TableSpec(
        columns, constraints, " " + ", ".join(options) if options else "", around, rows
    )


@st.composite
def _columns(draw: Any, name: str, type_: str) -> ColumnSpec:
    clauses = draw(
        st.lists(
            st.sampled_from(
                [
                    "NOT NULL",
                    "NOT NULL ON CONFLICT FAIL",
                    "DEFAULT 7",
                    "DEFAULT (1 + 2)",
                    "DEFAULT 'it''s, (fine)'",
                    "COLLATE NOCASE",
                    f"CHECK ({quoted(name)} IS NOT 'bad)')",
                    f"CONSTRAINT {quoted('ck ' + name)} CHECK ({quoted(name)} <> -1)",
                    "REFERENCES parent (id) ON DELETE CASCADE ON UPDATE SET NULL "
                    "DEFERRABLE INITIALLY DEFERRED",
                    "UNIQUE ON CONFLICT IGNORE",
                ]
            ),
            unique_by=lambda clause: clause.split()[0],
            max_size=3,
        )
    )
    return ColumnSpec(name, type_, clauses)


def _row(index: int, columns: List[ColumnSpec], types: List[str]) -> Dict[str, Any]:
    row: Dict[str, Any] = {"id": index * 10}
    for column in columns[1:]:
        if column.generated:
            continue
        numeric = column.type in ("INTEGER", "NUMERIC(10, 2)", "REAL", "money")
        refers = any(clause.startswith("REFERENCES") for clause in column.clauses)
        if refers:
            row[column.name] = (
                index % 3 + 1 if column.type != "TEXT" else str(index % 3 + 1)
            )
        else:
            row[column.name] = index if numeric else f"text {index}"
    return row


# what a database looks like


def look(connection: Any, table: Optional[str] = None) -> Dict[str, Any]:
    """Return the schema, normalised, and the rows of all tables.

    :param connection: a connection of the sqlite3 module.
    :param table: leave this one out.
    """
    schema = {}
    contents = {}
    for type_, name, owner, sql in connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
    ).fetchall():
        if type_ == "index" and sql is None:
            continue
        if type_ == "table" and name == table:
            continue
        schema[type_, name] = (owner, normalised(sql))
        if type_ == "table":
            contents[name] = sorted(
                connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr
            )
    return {"schema": schema, "rows": contents}


def normalised(sql: str) -> List[str]:
    """Return the words and signs of a statement; names lose quotes they do not need."""
    parts = re.findall(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|\w+|[^\w\s]", sql)
    result = []
    for part in parts:
        if part.startswith("--"):
            continue
        if part.startswith('"') and part[1:-1].isidentifier():
            part = part[1:-1]
        result.append(part)
    return result


def column_parts(spec: ColumnSpec) -> List[str]:
    """Return the words of a column's definition, for a comparison without order."""
    return sorted(normalised(spec.sql()))
