"""What SQLite's own text of tables and indexes tells and SQLAlchemy does not read.

SQLite keeps the text of CREATE TABLE and CREATE INDEX. SQLAlchemy finds computed
expressions in it by a pattern that other clauses confuse, and leaves out collations and
indexes over expressions. Here the text is parsed.
"""

from __future__ import annotations

import re
from typing import Any
from typing import Dict
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import text

from alembic.operations.batch.sqlite.reader import parse_table
from alembic.operations.batch.sqlite.tokens import closing
from alembic.operations.batch.sqlite.tokens import fold
from alembic.operations.batch.sqlite.tokens import join
from alembic.operations.batch.sqlite.tokens import significant
from alembic.operations.batch.sqlite.tokens import split_commas
from alembic.operations.batch.sqlite.tokens import Token
from alembic.operations.batch.sqlite.tokens import tokenize
from alembic.sqla.expressions import literal_text
from alembic.sqla.reflection import execute_on_inspector
from alembic.sqla.reflection import remembered

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector

    from alembic.operations.batch.sqlite.clauses import Clause
    from alembic.operations.batch.sqlite.clauses import ColumnText
    from alembic.operations.batch.sqlite.table_text import TableText

Record = Dict[str, Any]

_SIGN = re.compile(r"[^\w $.-]")
"""What SQLAlchemy's patterns do not expect in a name."""

_IN_QUOTES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]""")

_OPTION_OF_FOREIGN_KEY = re.compile(
    r"\b(?:MATCH|DEFERRABLE|ON\s+(?:DELETE|UPDATE))\b", re.IGNORECASE
)


class _Text(NamedTuple):
    """The text of one table or index."""

    kind: str
    name: str
    table: str
    sql: str


def complete_columns(
    inspector: Inspector, schema: Optional[str], tname: str, records: List[Record]
) -> None:
    """Correct the reflected records of a table's columns.

    :param inspector: an inspector of a SQLite database.
    :param schema: the schema of the table; None for the main one.
    :param tname: its name.
    :param records: the records, changed in place.
    """
    sql = _sql_of_table(inspector, schema, tname)
    upper = sql.upper()
    if "COLLATE" not in upper and not any("computed" in record for record in records):
        return
    table = _parsed(sql)
    if table is None:
        return
    for record in records:
        column = table.column(record["name"])
        if column is None:
            continue
        if "computed" in record:
            expression = _in_parentheses(column, "generated")
            if expression is not None:
                record["computed"] = {**record["computed"], "sqltext": expression}
        collation = _word_behind(column, "collate")
        if collation is not None and hasattr(record["type"], "collation"):
            record["type"].collation = collation


def indexes_of_table(
    inspector: Inspector, schema: Optional[str], tname: str
) -> List[Record]:
    """Return the records of a table's indexes, those over expressions included.

    :param inspector: an inspector of a SQLite database.
    :param schema: the schema of the table; None for the main one.
    :param tname: its name.
    :return: in the order of their names, in the form of ``Inspector.get_indexes()``.
    """
    records = [
        _index(item)
        for item in _texts(inspector, schema).get(tname, ())
        if item.kind == "index"
    ]
    return sorted(records, key=lambda record: str(record["name"]))


def checks_of_table(
    inspector: Inspector, schema: Optional[str], tname: str
) -> Optional[List[Record]]:
    """Return the records of a table's CHECK constraints, with and without a name.

    :param inspector: an inspector of a SQLite database.
    :param schema: the schema of the table; None for the main one.
    :param tname: its name.
    :return: in the form of ``Inspector.get_check_constraints()``; None where the text
        of the table cannot be read.
    """
    sql = _sql_of_table(inspector, schema, tname)
    if "CHECK" not in sql.upper():
        return []
    table = _parsed(sql)
    if table is None:
        return None
    records: List[Record] = [
        {"name": clause.name, "sqltext": _inner(clause)}
        for _, clause in table.clauses()
        if clause.kind == "check"
    ]
    return sorted(records, key=lambda record: str(record["name"] or "~"))


def complete_uniques(
    inspector: Inspector, schema: Optional[str], tname: str, records: List[Record]
) -> None:
    """Correct unique constraints with names that SQLAlchemy's patterns do not find.

    :param inspector: an inspector of a SQLite database.
    :param schema: the schema of the table; None for the main one.
    :param tname: its name.
    :param records: the records, changed in place.
    """
    sql = _sql_of_table(inspector, schema, tname)
    if "UNIQUE" not in sql.upper() or not any(
        _SIGN.search(quoted[1:-1])
        for quoted in _IN_QUOTES.findall(sql)
        if not quoted.startswith("'")
    ):
        return
    table = _parsed(sql)
    if table is None:
        return
    known = {tuple(record["column_names"]): record for record in records}
    for column, clause in table.clauses():
        columns = tuple(clause.columns) if column is None else (column.name,)
        if clause.kind != "unique" or not any(
            map(_SIGN.search, [clause.name or "", *columns])
        ):
            continue
        if columns in known:
            known[columns]["name"] = clause.name
        else:
            known[columns] = {"name": clause.name, "column_names": list(columns)}
            records.append(known[columns])


def complete_foreign_keys(
    inspector: Inspector, schema: Optional[str], tname: str, records: List[Record]
) -> None:
    """Correct the options in the reflected records of a table's foreign keys.

    SQLAlchemy does not find them behind MATCH, nor at a column.

    :param inspector: an inspector of a SQLite database.
    :param schema: the schema of the table; None for the main one.
    :param tname: its name.
    :param records: the records, changed in place.
    """
    if all(record.get("options") for record in records):
        return
    sql = _sql_of_table(inspector, schema, tname)
    if not _OPTION_OF_FOREIGN_KEY.search(sql):
        return
    table = _parsed(sql)
    if table is None:
        return
    found: Dict[Tuple[str, ...], Record] = {}
    for column, clause in table.clauses():
        if clause.kind == "foreign key":
            columns = clause.columns if column is None else [column.name]
            found[tuple(map(fold, columns))] = _options_of_foreign_key(clause)
    for record in records:
        constrained: List[str] = record["constrained_columns"]
        key = tuple(fold(name) for name in constrained)
        record["options"] = record.get("options") or found.get(key, {})


def _options_of_foreign_key(clause: Clause) -> Record:
    words = [token.text.upper() for token in significant(clause.tokens)]
    options: Record = {}
    for event in ("DELETE", "UPDATE"):
        for at in range(len(words) - 2):
            if words[at : at + 2] == ["ON", event]:
                two_words = words[at + 2] in ("SET", "NO")
                action = " ".join(words[at + 2 : at + 3 + two_words])
                if action != "NO ACTION":
                    options[f"on{event.lower()}"] = action
    if "DEFERRABLE" in words:
        options["deferrable"] = words[words.index("DEFERRABLE") - 1] != "NOT"
    if "INITIALLY" in words:
        options["initially"] = words[words.index("INITIALLY") + 1]
    return options


def _parsed(sql: str) -> Optional[TableText]:
    """Return the text of a table taken apart; None where it cannot be read."""
    try:
        return parse_table(sql)
    except ValueError:
        # a virtual table, say
        return None


def _sql_of_table(inspector: Inspector, schema: Optional[str], tname: str) -> str:
    for item in _texts(inspector, schema).get(tname, ()):
        if item.kind == "table" and item.name == tname:
            return item.sql
    return ""


def _texts(inspector: Inspector, schema: Optional[str]) -> Dict[str, List[_Text]]:
    """Return all texts by the name of their table; asked for once."""

    def ask() -> Dict[str, List[_Text]]:
        quote = inspector.dialect.identifier_preparer.quote
        # temporary tables come first, as in queries
        masters = [f"{quote(schema)}.sqlite_master"] if schema else []
        masters = masters or ["temp.sqlite_master", "main.sqlite_master"]
        found: Dict[str, List[_Text]] = {}
        for master in masters:
            rows = execute_on_inspector(
                inspector,
                text(
                    f"SELECT type, name, tbl_name, sql FROM {master} "
                    "WHERE type IN ('table', 'index') AND sql IS NOT NULL"
                ),
            ).fetchall()
            here: Dict[str, List[_Text]] = {}
            for row in rows:
                here.setdefault(row[2], []).append(_Text(*row))
            for name, items in here.items():
                found.setdefault(name, items)
        return found

    return remembered(inspector, ask, "sqlite text", schema)


def _in_parentheses(column: ColumnText, kind: str) -> Optional[str]:
    for clause in column.parts:
        if clause.kind == kind:
            return _inner(clause)
    return None


def _inner(clause: Clause) -> str:
    """Return what stands between the first parentheses of a clause."""
    start = next(i for i, token in enumerate(clause.tokens) if token.is_other("("))
    return join(clause.tokens[start + 1 : closing(clause.tokens, start)]).strip()


def _word_behind(column: ColumnText, kind: str) -> Optional[str]:
    for clause in column.parts:
        if clause.kind == kind:
            return significant(clause.tokens)[-1].name
    return None


def _index(item: _Text) -> Record:
    tokens = tokenize(item.sql)
    start = next(i for i, token in enumerate(tokens) if token.is_other("("))
    end = closing(tokens, start)
    names: List[Optional[str]] = []
    expressions: List[str] = []
    for key in split_commas(tokens[start + 1 : end]):
        words = significant(key)
        plain = words[0].name if len(words) == 1 else None
        names.append(plain)
        expressions.append(plain if plain is not None else join(key).strip())
    record: Record = {
        "name": item.name,
        "unique": _is_unique(tokens[:start]),
        "column_names": names,
        "dialect_options": {},
    }
    if None in names:
        record["expressions"] = expressions
    rest = tokens[end + 1 :]
    where = next((i for i, t in enumerate(rest) if t.is_word("WHERE")), None)
    if where is not None:
        condition = join(rest[where + 1 :]).strip()
        record["dialect_options"]["sqlite_where"] = literal_text(condition)
    return record


def _is_unique(tokens: Iterable[Token]) -> bool:
    return any(token.is_word("UNIQUE") for token in tokens)
