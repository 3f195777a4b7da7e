"""What a database holds, as lines, out of its own catalogue."""

from __future__ import annotations

import re
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import Sequence

from sqlalchemy import text

OTHER = "other"
"""How the schema that is not the default one is called in the lines."""

_PG_TABLES = """
SELECT c.oid, CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname,
    c.relpersistence, obj_description(c.oid, 'pg_class')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'other') ORDER BY 2
"""
_PG_COLUMNS = """
SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
    CASE a.attidentity WHEN 'a' THEN ' ALWAYS AS IDENTITY'
        WHEN 'd' THEN ' BY DEFAULT AS IDENTITY' ELSE '' END,
    a.attgenerated, pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum)
FROM pg_attribute a
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = :oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_PG_CONSTRAINTS = """
SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = :oid AND contype <> 'n'
"""
_PG_INDEXES = """
SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
FROM pg_index i WHERE i.indrelid = :oid AND NOT EXISTS (
    SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype <> 'f')
"""


def lines(connection: Any, other: str = OTHER) -> List[str]:
    """Return what the database says of its tables and of the rows of table ``r``.

    :param connection: the connection to ask on.
    :param other: the name that `OTHER` has in this database.
    """

    def ask(sql: str, **values: Any) -> List[Any]:
        return list(connection.execute(text(sql), values).fetchall())

    found = list(_LOOK[connection.dialect.name](ask, other))
    if any(line.startswith("TABLE r") for line in found):
        found += [f"ROW {tuple(row)!r}" for row in ask("SELECT * FROM r ORDER BY id")]
    return [line for line in found if "alembic_version" not in line]


def changes(before: Sequence[str], after: Sequence[str]) -> List[str]:
    """Return the lines that are gone, after ``-``, and those that came, after ``+``."""
    gone, came = list(before), []
    for line in after:
        if line in gone:
            gone.remove(line)
        else:
            came.append(line)
    return [*(f"- {line}" for line in sorted(gone)), *(f"+ {line}" for line in came)]


def _postgresql(ask: Callable[..., List[Any]], other: str) -> Iterator[str]:
    for oid, table, persistence, comment in ask(_PG_TABLES):
        kind = "" if persistence == "p" else " UNLOGGED"
        yield f"TABLE {table}{kind}{_comment(comment)}"
        columns = ask(_PG_COLUMNS, oid=oid)
        if table == "n":
            yield _order([column[0] for column in columns])
        for name, type_, not_null, identity, generated, default, about in columns:
            if generated in ("s", b"s", "v", b"v"):
                default = f" GENERATED AS ({default})"
            else:
                default = f" DEFAULT {default}" if default else ""
            rest = f"{not_null}{identity}{default}{_comment(about)}"
            yield f"{table} COLUMN {name} {type_}{rest}"
        for name, definition in ask(_PG_CONSTRAINTS, oid=oid):
            yield f"{table} CONSTRAINT {name} {definition}"
        for (definition,) in ask(_PG_INDEXES, oid=oid):
            yield definition


def _order(names: Sequence[str]) -> str:
    """Return the line for the order of the columns of table ``n``."""
    return f"n IS ({', '.join(names)})"


def _comment(text: Any) -> str:
    return f" COMMENT {text!r}" if text else ""


def _mysql(ask: Callable[..., List[Any]], other: str) -> Iterator[str]:
    for schema, table in ask(
        "SELECT NULLIF(table_schema, DATABASE()), table_name "
        "FROM information_schema.tables "
        "WHERE table_schema IN (DATABASE(), :other) AND table_type = 'BASE TABLE' "
        "ORDER BY table_schema, table_name",
        other=other,
    ):
        place = f"`{schema}`.`{table}`" if schema else f"`{table}`"
        shown = f"{OTHER}.{table}" if schema else table
        [(_, sql)] = ask(f"SHOW CREATE TABLE {place}")
        _, *inner, options = sql.replace(other, OTHER).splitlines()
        kept = re.findall(r"ENGINE=\w+|COMMENT='.*'", options)
        yield f"TABLE {shown} {' '.join(kept)}"
        if shown == "n":
            yield _order(re.findall(r"^\s+`(.*?)`", "\n".join(inner), re.MULTILINE))
        for line in inner:
            yield f"{shown} {line.strip().rstrip(',')}"


def _sqlite(ask: Callable[..., List[Any]], other: str) -> Iterator[str]:
    for schema, prefix in (("main", ""), (other, f"{OTHER}.")):
        for kind, table, sql in ask(
            f"SELECT type, tbl_name, sql FROM {schema}.sqlite_master "
            "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, rowid"
        ):
            sql = " ".join(sql.split())
            if kind != "table":
                yield f"{prefix}{table} {sql}"
                continue
            yield f"TABLE {prefix}{table}"
            pieces = list(_pieces(sql[sql.index("(") + 1 : sql.rindex(")")]))
            if table == "n":
                words = [piece.split()[0] for piece in pieces]
                yield _order([word for word in words if word.islower()])
            for piece in pieces:
                yield f"{prefix}{table} {piece}"


def _pieces(text: str) -> Iterator[str]:
    """Split at the commas that stand in no parentheses."""
    depth, start = 0, 0
    for position, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    yield text[start:].strip()


_LOOK: Dict[str, Callable[..., Iterator[str]]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
    "sqlite": _sqlite,
}
