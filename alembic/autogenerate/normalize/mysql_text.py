"""MySQL's and MariaDB's text of a table: what is not read of it, and what changes.

SQLAlchemy reads literals and timestamps. Another expression, such as the next value of
a sequence, a literal of bits or bytes, and one with an escaped quote, as JSON has it,
it does not read, or not to its end, and not the comment behind it either.

MySQL writes the expressions of a table anew whenever that is altered: ``-(5)``, as it
was when the table was created, is ``-5`` then, and ``_utf8mb4'x'`` about a column of
another character set ``_latin1'x'``.
"""

from __future__ import annotations

import re
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import Match
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from sqlalchemy import text

from alembic.operations.batch.sqlite.tokens import closing
from alembic.operations.batch.sqlite.tokens import join
from alembic.operations.batch.sqlite.tokens import significant
from alembic.operations.batch.sqlite.tokens import split_commas
from alembic.operations.batch.sqlite.tokens import Token
from alembic.operations.batch.sqlite.tokens import tokenize
from alembic.sqla.driver import is_mariadb
from alembic.sqla.reflection import execute_on_inspector
from alembic.sqla.reflection import remembered

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector

Record = Dict[str, Any]

_TABLES = """
SELECT DISTINCT table_name FROM information_schema.columns
WHERE table_schema = :schema AND ({condition})
"""

# MariaDB shows a default as it is written, MySQL says which ones are expressions
_IN_MARIADB = """
    column_default NOT LIKE '''%'
    AND column_default NOT REGEXP '^current_timestamp[(][0-9]*[)]$'
    AND (column_default LIKE '%(%' OR column_default REGEXP '^[bx]''')
    OR LOCATE(CONCAT(CHAR(92), ''''), column_default)
"""
_IN_MYSQL = """
    extra LIKE '%DEFAULT_GENERATED%'
    AND column_default NOT REGEXP '^CURRENT_TIMESTAMP([(][0-9]*[)])?$'
    OR data_type = 'bit' AND column_default IS NOT NULL
"""

_REWRITTEN = re.compile(
    r"""
    (?P<name> `(?:[^`]|``)*` )
    | (?: \b_(?!binary)\w+ )? (?P<string> '(?:[^'\\]|\\.|'')*' )
    | -\( (?P<number> \d+(?:\.\d+)? ) \)
    """,
    re.VERBOSE | re.DOTALL,
)

_BITS = re.compile("[bx]'", re.IGNORECASE)
_BEHIND_DEFAULT = ("COMMENT", "ON", "INVISIBLE", "CHECK")


class _Column(NamedTuple):
    """Default and comment of a column."""

    default: str
    comment: Optional[str]


def settled(sql: str) -> str:
    """Return an expression as it is before and after a table was altered.

    :param sql: the expression as the database wrote it.
    """
    return _REWRITTEN.sub(_as_plain, sql)


def settle_defaults(records: List[Record]) -> None:
    """Settle the expressions that reflected columns have as default.

    :param records: the records of columns, changed in place.
    """
    for record in records:
        default = record.get("default")
        if default and default.startswith("("):
            record["default"] = settled(default)


def _as_plain(found: Match[str]) -> str:
    number = found["number"]
    return found["name"] or found["string"] or f"-{number}"


def complete_defaults(
    inspector: Inspector,
    schema: Optional[str],
    tname: str,
    records: List[Record],
    *,
    is_temporary: bool = False,
) -> None:
    """Correct the reflected records of columns whose default SQLAlchemy does not read.

    :param inspector: an inspector of a MySQL or MariaDB database.
    :param schema: the schema of the table; None for the default one.
    :param tname: its name.
    :param records: the records, changed in place.
    :param is_temporary: it is a temporary table, of which the catalog knows nothing.
    """
    if not (is_temporary or tname in _tables_with_expressions(inspector, schema)):
        return
    quote = inspector.dialect.identifier_preparer.quote
    name = f"{quote(schema)}.{quote(tname)}" if schema else quote(tname)
    statement = text(f"SHOW CREATE TABLE {name}".replace(":", r"\:"))
    sql = execute_on_inspector(inspector, statement).fetchone()[1]
    found = _columns(sql.decode() if isinstance(sql, bytes) else sql)
    for record in records:
        column = found.get(record["name"])
        read = record.get("default") or ""
        if (
            column is not None
            and column.default != read
            and column.default.startswith(read)
        ):
            record["default"] = column.default
            record["comment"] = column.comment


def _tables_with_expressions(inspector: Inspector, schema: Optional[str]) -> Set[str]:
    """Return the tables with such a column; all of a schema are asked for at once."""

    def ask() -> Set[str]:
        condition = _IN_MARIADB if is_mariadb(inspector.dialect) else _IN_MYSQL
        rows = execute_on_inspector(
            inspector,
            text(_TABLES.format(condition=condition)),
            schema=schema or inspector.default_schema_name,
        ).fetchall()
        return {row[0] for row in rows}

    return remembered(inspector, ask, "expressions as defaults", schema)


def _columns(sql: str) -> Dict[str, _Column]:
    """Return the columns of a CREATE TABLE whose default SQLAlchemy does not read."""
    tokens = tokenize(sql, backslash_escapes=True)
    start = next(i for i, token in enumerate(tokens) if token.is_other("("))
    found = {}
    for part in split_commas(tokens[start + 1 : closing(tokens, start)]):
        words = significant(part)
        name = words[0].name if words and words[0].kind == "quoted" else None
        column = _column(part)
        if name is not None and column is not None:
            found[name] = column
    return found


def _column(tokens: List[Token]) -> Optional[_Column]:
    places = {
        tokens[place].text.upper(): place
        for place in _outside_of_parentheses(tokens)
        if tokens[place].is_word("DEFAULT", *_BEHIND_DEFAULT)
    }
    if "DEFAULT" not in places:
        return None
    start = places["DEFAULT"] + 1
    end = min(
        (places[word] for word in _BEHIND_DEFAULT if places.get(word, 0) > start),
        default=len(tokens),
    )
    default = join(tokens[start:end]).strip()
    if default.startswith("'"):
        is_read = r"\'" not in default
    else:
        is_read = "(" not in default and not _BITS.match(default)
    if is_read:
        return None
    comment = None
    if "COMMENT" in places:
        behind = significant(tokens[places["COMMENT"] + 1 :])
        comment = (behind[0].name or "").replace(r"\\", "\\") if behind else None
    return _Column(default, comment)


def _outside_of_parentheses(tokens: List[Token]) -> Iterator[int]:
    depth = 0
    for place, token in enumerate(tokens):
        if token.is_other("("):
            depth += 1
        elif token.is_other(")"):
            depth -= 1
        elif not depth:
            yield place
