"""What ``sqlite_master`` says about a table and about everything that leans on it."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import TYPE_CHECKING

from sqlalchemy import exc as sqlalchemy_exc

from ....ddl.sqlite_foreign_keys import prefix
from ....sqla.driver import execute_as_is
from ....util.exc import CommandError
from .reader import parse_table
from .reader import Unreadable
from .table_text import TableText
from .tokens import closing
from .tokens import fold
from .tokens import join
from .tokens import mentions
from .tokens import QUOTED
from .tokens import renamed
from .tokens import same_name
from .tokens import significant
from .tokens import split_commas
from .tokens import Token
from .tokens import tokenize
from .tokens import WORD

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class SchemaObject(NamedTuple):
    """A row of ``sqlite_master``."""

    type: str
    """``table``, ``index``, ``trigger`` or ``view``."""
    name: str
    table: str
    """The table an index or trigger belongs to."""
    sql: Optional[str]
    """None for the indexes that SQLite makes for PRIMARY KEY and UNIQUE."""

    def names(self, name: str) -> bool:
        """Tell whether its text has a name somewhere, as whatever."""
        return any(
            token.kind in (WORD, QUOTED) and same_name(token.name or "", name)
            for token in tokenize(self.sql or "")
        )

    def reads_as_column_or_text(self, name: str) -> bool:
        """Tell whether it has a name in double quotes with no table before it.

        Where no column of that name is left, SQLite silently takes such a name for a
        string.
        """
        before: Optional[Token] = None
        for token in significant(tokenize(self.sql or "")):
            if (
                token.text[:1] == '"'
                and same_name(token.name or "", name)
                and not (
                    before is not None
                    and (before.is_other(".") or before.is_word("AS"))
                )
            ):
                return True
            before = token
        return False

    def create_statement(self, schema_prefix: str, temporary: bool = False) -> str:
        """Return the statement that makes it again.

        :param schema_prefix: ``"name."`` of an attached database, or an empty string.
        :param temporary: it belongs to this connection only.
        """
        tokens = tokenize(self.sql or "")
        places = [index for index, token in enumerate(tokens) if not token.is_trivia]
        word = next(
            place for place in places if tokens[place].is_word(self.type.upper())
        )
        following = places[places.index(word) + 1 :]
        if tokens[following[0]].is_word("IF"):
            following = following[3:]
        start = following[0]
        if tokens[following[1]].is_other("."):
            start = following[2]
        unique = "UNIQUE " if any(t.is_word("UNIQUE") for t in tokens[:word]) else ""
        kind = f"{'TEMP ' if temporary else ''}{unique}{self.type.upper()}"
        return f"CREATE {kind} {schema_prefix}{join(tokens[start:])}"


class IndexParts(NamedTuple):
    """The expressions of an index."""

    keys: List[List[Token]]
    """What it sorts by: a column or an expression each."""
    where: List[Token]
    """The condition of a partial index."""

    def mentions(self, column: str) -> bool:
        """Tell whether it depends on a column."""
        return any(mentions(key, column) for key in self.keys) or mentions(
            self.where, column
        )

    def mentioned(self, columns: Sequence[str]) -> List[str]:
        """Return those of some columns that it depends on."""
        return [column for column in columns if self.mentions(column)]


def index_parts(sql: str) -> IndexParts:
    """Read the expressions of a CREATE INDEX."""
    tokens = tokenize(sql)
    start = next(index for index, t in enumerate(tokens) if t.is_other("("))
    end = closing(tokens, start)
    keys = []
    for key in split_commas(tokens[start + 1 : end]):
        words = significant(key)
        if words and words[-1].is_word("ASC", "DESC"):
            key = key[: len(key) - 1 - key[::-1].index(words[-1])]
        keys.append(key)
    rest = tokens[end + 1 :]
    where = next((i for i, t in enumerate(rest) if t.is_word("WHERE")), len(rest))
    return IndexParts(keys, rest[where + 1 :])


def trigger_columns(sql: str) -> List[str]:
    """Return the columns after UPDATE OF in a CREATE TRIGGER."""
    found = significant(tokenize(sql))
    for index, token in enumerate(found):
        if token.is_word("BEGIN", "ON"):
            break
        if token.is_word("UPDATE") and found[index + 1].is_word("OF"):
            columns = []
            for later in found[index + 2 :]:
                if later.is_word("ON"):
                    break
                if not later.is_other(","):
                    columns.append(later.name or "")
            return columns
    return []


def trigger_event(sql: str) -> str:
    """Return INSERT, UPDATE or DELETE: what makes a trigger fire."""
    for token in significant(tokenize(sql))[2:]:
        if token.is_word("INSERT", "UPDATE", "DELETE"):
            return token.text.upper()
    return ""


def with_renamed_column(index: SchemaObject, old: str, new: str) -> SchemaObject:
    """Return an index with a column named otherwise.

    :param index: the index.
    :param old: the name of the column now.
    :param new: its new name as it is written in SQL.
    """
    tokens = tokenize(index.sql or "")
    start = next(i for i, token in enumerate(tokens) if token.is_other("("))
    return index._replace(
        sql=join(tokens[:start]) + join(renamed(tokens[start:], old, new))
    )


class TableState:
    """A table of SQLite, and all that leans on it.

    :ivar schema: the attached database as given; None for the main one.
    :ivar name: its name as SQLite spells it.
    :ivar sql: its CREATE TABLE.
    :ivar indexes: its indexes that have a statement of their own.
    :ivar triggers: the triggers that fire on it.
    :ivar others: every other object of the database.
    :ivar temporary: views and triggers of this connection only.
    """

    def __init__(
        self,
        schema: Optional[str],
        table: SchemaObject,
        objects: Sequence[SchemaObject],
        temporary: Sequence[SchemaObject],
    ) -> None:
        self.schema = schema
        self.name = table.name
        self.sql = table.sql or ""
        own = [o for o in objects if same_name(o.table, table.name) and o.sql]
        self.indexes = [o for o in own if o.type == "index"]
        self.triggers = [o for o in own if o.type == "trigger"]
        self.others = [o for o in objects if o not in own and o.sql]
        self.temporary = list(temporary)

    def parse(self) -> TableText:
        """Return a fresh reading of its text, to be changed at will.

        :raises CommandError: when it cannot be read, as with a virtual table.
        """
        try:
            return parse_table(self.sql)
        except Unreadable as error:
            raise CommandError(
                f"Table {self.name!r} cannot be changed by batch mode: {error}. Pass "
                "the table as it is to batch_alter_table(copy_from=...), or change it "
                "with op.execute()"
            ) from error

    def index(self, name: str) -> Optional[SchemaObject]:
        """Return one of its indexes, or None."""
        for found in self.indexes:
            if same_name(found.name, name):
                return found
        return None

    def leaning_views(self) -> List[Tuple[bool, SchemaObject]]:
        """Return the views that read the table, through other views as well.

        :return: pairs of "belongs to this connection only" and the view.
        """
        views = [(False, o) for o in self.others if o.type == "view"]
        views += [(True, o) for o in self.temporary if o.type == "view"]
        names = {fold(self.name)}
        found: List[Tuple[bool, SchemaObject]] = []
        grown = True
        while grown:
            grown = False
            for entry in list(views):
                if any(entry[1].names(name) for name in names):
                    views.remove(entry)
                    found.append(entry)
                    names.add(fold(entry[1].name))
                    grown = True
        return found

    def leaning_triggers(self) -> List[Tuple[bool, SchemaObject]]:
        """Return the triggers of other tables or views that use the table."""
        found = [
            (False, o)
            for o in self.others
            if o.type == "trigger" and o.names(self.name)
        ]
        return found + [
            (True, o)
            for o in self.temporary
            if o.type == "trigger" and o.names(self.name)
        ]


def load(
    connection: Connection, table_name: str, schema: Optional[str]
) -> Optional[TableState]:
    """Return what SQLite knows about a table, or None when there is none.

    :param connection: a connection to SQLite.
    :param table_name: its name, in any case.
    :param schema: the attached database to look into; None for the main one.
    """
    try:
        objects = _objects(connection, f"{prefix(connection, schema)}sqlite_master")
    except sqlalchemy_exc.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None
    temporary = _objects(connection, "sqlite_temp_master")
    for candidate in objects:
        if candidate.type == "table" and same_name(candidate.name, table_name):
            return TableState(schema, candidate, objects, temporary)
    for candidate in temporary:
        if candidate.type == "table" and same_name(candidate.name, table_name):
            return TableState("temp", candidate, temporary, [])
    return None


def _objects(connection: Connection, master: str) -> List[SchemaObject]:
    rows: Any = execute_as_is(
        connection, f"SELECT type, name, tbl_name, sql FROM {master} ORDER BY rowid"
    ).fetchall()
    return [SchemaObject(*row) for row in rows]


def sqlite_version(connection: Connection) -> Tuple[int, ...]:
    """Return the version of the SQLite library behind a connection."""
    row: Any = execute_as_is(connection, "SELECT sqlite_version()").fetchone()
    return tuple(int(part) for part in row[0].split("."))


__all__ = [
    "IndexParts",
    "SchemaObject",
    "TableState",
    "index_parts",
    "load",
    "sqlite_version",
    "trigger_columns",
    "trigger_event",
    "with_renamed_column",
]
