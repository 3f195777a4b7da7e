"""What a statement does, as far as its text tells: is it data, schema, neither."""

from __future__ import annotations

from enum import Enum
from itertools import islice
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Tuple

from .alterations import alteration
from .alterations import Effect
from .alterations import Fact
from .alterations import index_fact
from .alterations import NOT_TOLD
from .alterations import REPEATABLE
from .alterations import table_fact
from .sql_words import Reader
from .sql_words import split_at_commas
from .sql_words import Word
from .sql_words import words_of


class Kind(Enum):
    """What a statement means to a transaction and to a run that is continued."""

    READ = "read"
    """Changes nothing; runs again."""
    SESSION = "session"
    """Changes the session only; runs again."""
    COMMIT = "commit"
    """Commits, and can be run again."""
    DATA = "data"
    """Changes rows, within the transaction."""
    SCHEMA = "schema"
    """Changes the schema, and commits."""
    TEMPORARY = "temporary"
    """Makes or drops a table that goes with the session."""
    LOCK = "lock"
    """LOCK TABLES: no table may be touched that it does not name."""
    UNLOCK = "unlock"
    """Ends LOCK TABLES."""


class Statement(NamedTuple):
    """A statement, as its text was understood.

    :ivar kind: what it means to a transaction.
    :ivar effect: how its effect can be seen in the database.
    """

    kind: Kind
    effect: Effect = NOT_TOLD


_BY_FIRST_WORD = {
    **dict.fromkeys(
        ("SELECT", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "VALUES", "HELP", "TABLE"),
        Kind.READ,
    ),
    **dict.fromkeys(
        ("USE", "SAVEPOINT", "RELEASE", "DO", "PREPARE", "DEALLOCATE", "KILL"),
        Kind.SESSION,
    ),
    **dict.fromkeys(
        ("COMMIT", "START", "FLUSH", "ANALYZE", "OPTIMIZE", "CHECK", "REPAIR", "CACHE"),
        Kind.COMMIT,
    ),
    **dict.fromkeys(
        ("INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "MERGE"), Kind.DATA
    ),
    "CHECKSUM": Kind.READ,
    "LOCK": Kind.LOCK,
    "ROLLBACK": Kind.SESSION,
    "UNLOCK": Kind.UNLOCK,
}

# how many words at most tell what ALTER, CREATE, DROP and RENAME do
_MANY_WORDS = 5000
_FEW_WORDS = 40


def understand(sql: str) -> Statement:
    """Return what a statement does.

    What is not known counts as a change of the schema whose effect cannot be seen.

    :param sql: one statement, as the driver gets it.
    """
    words = words_of(sql)
    head = list(islice(words, 1))
    while head and head[0].keyword == "(":
        head = list(islice(words, 1))
    first = head[0].keyword if head else ""
    kind = _BY_FIRST_WORD.get(first)
    if kind is not None:
        return Statement(kind)
    if first == "WITH":
        return Statement(_behind_with(words))
    if first == "SET":
        return Statement(_kind_of_set(islice(words, 6)))
    if first == "BEGIN":
        return Statement(_kind_of_begin(islice(words, 2)))
    read = _READERS.get(first)
    if read is None:
        return Statement(Kind.SCHEMA)
    limit = _MANY_WORDS if first == "ALTER" else _FEW_WORDS
    return read(Reader(islice(words, limit)))


def _behind_with(words: Iterable[Word]) -> Kind:
    """Return the kind of a statement that begins with common table expressions."""
    depth = 0
    for word in words:
        sign = word.keyword
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and _BY_FIRST_WORD.get(sign) in (Kind.READ, Kind.DATA):
            return _BY_FIRST_WORD[sign]
    return Kind.READ


def _kind_of_set(words: Iterable[Word]) -> Kind:
    """Tell SET autocommit, which ends a transaction, from what is set otherwise."""
    named = {word.keyword for word in words}
    return Kind.COMMIT if "AUTOCOMMIT" in named else Kind.SESSION


def _kind_of_begin(words: Iterable[Word]) -> Kind:
    """Tell the beginning of a transaction from a block of statements."""
    following = [word.keyword for word in words]
    is_plain = not following or following[0] in ("WORK", ";")
    return Kind.COMMIT if is_plain else Kind.SCHEMA


# -- the readers of a statement, behind its first word


def _alter(reader: Reader) -> Statement:
    while reader.take_any("ONLINE", "OFFLINE", "IGNORE"):
        pass
    if not reader.take("TABLE"):
        return Statement(Kind.SCHEMA)
    conditional = reader.take("IF", "EXISTS")
    table = reader.table()
    if table is None:
        return Statement(Kind.SCHEMA)
    effect = alteration(table, reader.rest())
    if conditional and effect.facts:
        effect = NOT_TOLD
    return Statement(Kind.SCHEMA, effect)


_KINDS_OF_OBJECTS = {
    "VIEW": "view",
    "TRIGGER": "trigger",
    "PROCEDURE": "procedure",
    "FUNCTION": "function",
    "EVENT": "event",
    "DATABASE": "schema",
    "SCHEMA": "schema",
    "SEQUENCE": "sequence",
}


def _create(reader: Reader) -> Statement:
    replaces = reader.take("OR", "REPLACE")
    kind = Kind.TEMPORARY if _is_temporary(reader) else Kind.SCHEMA
    while reader.next not in ("TABLE", "INDEX", *_KINDS_OF_OBJECTS):
        if reader.at_end:
            return Statement(kind)
        reader.at += 1
    what = reader.take_any("TABLE", "INDEX", *_KINDS_OF_OBJECTS)
    conditional = reader.take("IF", "NOT", "EXISTS")
    name = reader.table()
    if name is None:
        return Statement(kind)
    facts: Tuple[Fact, ...] = ()
    if what == "TABLE":
        facts = (table_fact(name, True),)
    elif what == "INDEX":
        facts = _index_on_table(name[1], reader, True)
    else:
        facts = (Fact(_KINDS_OF_OBJECTS[what], name, name[1], True),)
    if replaces or conditional:
        return Statement(kind, Effect(repeatable=True, subject=facts))
    return Statement(kind, Effect(facts=facts, subject=facts))


def _is_temporary(reader: Reader) -> bool:
    reader.take("GLOBAL")
    return reader.take("TEMPORARY")


def _index_on_table(index: str, reader: Reader, present: bool) -> Tuple[Fact, ...]:
    """Return the fact of an index whose table follows behind ON."""
    while not reader.at_end:
        if reader.take("ON"):
            table = reader.table()
            return (index_fact(table, index, present),) if table else ()
        reader.at += 1
    return ()


def _drop(reader: Reader) -> Statement:
    kind = Kind.TEMPORARY if _is_temporary(reader) else Kind.SCHEMA
    reader.take_any("ONLINE", "OFFLINE")
    what = reader.take_any("TABLE", "INDEX", *_KINDS_OF_OBJECTS)
    conditional = reader.take("IF", "EXISTS")
    facts: List[Fact] = []
    if what == "INDEX":
        name = reader.table()
        facts.extend(_index_on_table(name[1], reader, False) if name else ())
    elif what:
        for part in split_at_commas(reader.rest()):
            name = Reader(part).table()
            if name is None:
                return Statement(kind)
            facts.append(
                table_fact(name, False)
                if what == "TABLE"
                else Fact(_KINDS_OF_OBJECTS[what], name, name[1], False)
            )
    if conditional:
        return Statement(kind, Effect(repeatable=True, subject=tuple(facts)))
    return Statement(kind, Effect(facts=tuple(facts), subject=tuple(facts)))


def _rename(reader: Reader) -> Statement:
    reader.take_any("TABLE", "TABLES")
    pairs = []
    for part in split_at_commas(reader.rest()):
        words = Reader(part)
        old = words.table()
        new = words.table() if words.take("TO") else None
        if old is None or new is None:
            return Statement(Kind.SCHEMA)
        pairs.append((old, new))
    named = [name for pair in pairs for name in pair]
    if len(set(named)) < len(named):
        # tables that change places: which are there is the same before and after
        return Statement(Kind.SCHEMA)
    facts = tuple(
        table_fact(name, present)
        for pair in pairs
        for name, present in zip(pair, (False, True))
    )
    return Statement(Kind.SCHEMA, Effect(facts=facts, subject=facts))


def _repeatable(reader: Reader) -> Statement:
    return Statement(Kind.SCHEMA, REPEATABLE)


_READERS = {
    "ALTER": _alter,
    "COMMENT": _repeatable,
    "CREATE": _create,
    "DROP": _drop,
    "GRANT": _repeatable,
    "RENAME": _rename,
    "TRUNCATE": _repeatable,
}
