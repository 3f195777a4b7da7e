"""The clauses of ALTER TABLE: what each leaves behind that can be looked for."""

from __future__ import annotations

from typing import Callable
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple

from .sql_words import inside_parentheses
from .sql_words import Reader
from .sql_words import split_at_commas
from .sql_words import TableName
from .sql_words import Word


class Fact(NamedTuple):
    """Something that is in the database, or is not.

    :ivar kind: ``table``, ``column``, ``index``, ``foreign key``, ``constraint`` (of
        any kind), ``primary key``, ``view`` and so on.
    :ivar table: the table it belongs to; for what has no table, itself.
    :ivar name: its name.
    :ivar present: whether it is there.
    """

    kind: str
    table: TableName
    name: str
    present: bool

    @property
    def key(self) -> Tuple[str, Optional[str], str, str]:
        """What the fact is about; names that differ in case only are one."""
        schema, table = self.table
        return (
            self.kind,
            None if schema is None else schema.lower(),
            table.lower(),
            self.name.lower(),
        )

    def __str__(self) -> str:
        verb = "exists" if self.present else "does not exist"
        owner = "" if self.name == self.table[1] else f" of {self.table[1]}"
        return f"{self.kind} {self.name}{owner} {verb}"


class Effect(NamedTuple):
    """How to tell from the database whether a statement took effect.

    :ivar facts: what holds when it did, and does not when it did not.
    :ivar repeatable: whether running it again does no harm.
    :ivar changes: the table whose definition it changes, when that is all that is
        known.
    :ivar subject: what it is about; the same for two statements that set the same
        thing to different values.
    """

    facts: Tuple[Fact, ...] = ()
    repeatable: bool = False
    changes: Optional[TableName] = None
    subject: Tuple[object, ...] = ()


NOT_TOLD = Effect()
REPEATABLE = Effect(repeatable=True)


def table_fact(table: TableName, present: bool) -> Fact:
    """Return the fact that a table is there, or is not."""
    return Fact("table", table, table[1], present)


def index_fact(table: TableName, name: str, present: bool) -> Fact:
    """Return the fact that an index is there, or is not."""
    return Fact("index", table, name, present)


def alteration(table: TableName, words: List[Word]) -> Effect:
    """Return the effect of ALTER TABLE; its clauses take effect together.

    :param table: the table.
    :param words: what follows its name.
    """
    facts: List[Fact] = []
    subject: List[object] = []
    all_repeatable = True
    visible = True
    for clause in split_at_commas(words):
        effect = _clause(table, Reader(clause))
        facts.extend(effect.facts)
        subject.extend(effect.subject)
        all_repeatable = all_repeatable and effect.repeatable
        visible = visible and effect is not NOT_TOLD
    definite = _without_contradictions(facts)
    if definite:
        return Effect(facts=definite, subject=tuple(subject))
    if all_repeatable:
        return Effect(repeatable=True, subject=tuple(subject))
    if visible:
        return Effect(changes=table, subject=tuple(subject))
    return NOT_TOLD


def _without_contradictions(facts: List[Fact]) -> Tuple[Fact, ...]:
    """Return the facts that tell; what is dropped and made again does not."""
    tables = [fact for fact in facts if fact.kind == "table"]
    if tables:
        # behind a new name, nothing else would be found under the old one
        return tuple(tables)
    said: Dict[object, Set[bool]] = {}
    for fact in facts:
        said.setdefault(fact.key, set()).add(fact.present)
    return tuple(fact for fact in facts if len(said[fact.key]) == 1)


def _clause(table: TableName, reader: Reader) -> Effect:
    """Return the effect of one clause."""
    verb = reader.next
    read = _CLAUSES.get(verb)
    if read is not None:
        reader.at += 1
        return read(table, reader)
    if verb in _NOT_VISIBLE:
        return NOT_TOLD
    if verb in _TABLE_OPTIONS:
        return Effect(repeatable=True, subject=((verb, table),))
    return Effect(changes=table)


_NOT_VISIBLE = ("EXCHANGE", "DISCARD", "IMPORT")

_TABLE_OPTIONS = (
    "ALGORITHM",
    "AUTO_INCREMENT",
    "CHARACTER",
    "CHARSET",
    "COLLATE",
    "COMMENT",
    "CONVERT",
    "DEFAULT",
    "DISABLE",
    "ENABLE",
    "ENGINE",
    "FORCE",
    "LOCK",
    "ORDER",
    "ROW_FORMAT",
)


def _facts(*facts: Fact) -> Effect:
    return Effect(facts=facts, subject=facts)


def _column(table: TableName, name: str, present: bool) -> Fact:
    return Fact("column", table, name, present)


def _add(table: TableName, reader: Reader) -> Effect:
    changed = Effect(changes=table)
    name: Optional[str] = None
    if reader.take("CONSTRAINT"):
        if reader.take("IF", "NOT", "EXISTS"):
            return REPEATABLE
        if reader.next not in ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
            name = reader.name()
    if reader.take("PRIMARY", "KEY"):
        return _facts(Fact("primary key", table, "", True))
    if reader.take("FOREIGN", "KEY"):
        return _facts(Fact("foreign key", table, name, True)) if name else changed
    if reader.take("CHECK"):
        return _facts(Fact("constraint", table, name, True)) if name else changed
    kind = reader.take_any("UNIQUE", "FULLTEXT", "SPATIAL", "INDEX", "KEY")
    if kind:
        reader.take_any("INDEX", "KEY")
        if reader.take("IF", "NOT", "EXISTS"):
            return REPEATABLE
        name = name or reader.name()
        return _facts(index_fact(table, name, True)) if name else changed
    if reader.take_any("PARTITION", "SYSTEM", "PERIOD"):
        return changed
    reader.take("COLUMN")
    if reader.take("IF", "NOT", "EXISTS"):
        return REPEATABLE
    names = _names(reader)
    if names is None:
        return changed
    return _facts(*(_column(table, found, True) for found in names))


def _drop(table: TableName, reader: Reader) -> Effect:
    if reader.take("PRIMARY", "KEY"):
        return _facts(Fact("primary key", table, "", False))
    kind = "column"
    if reader.take("FOREIGN", "KEY"):
        kind = "foreign key"
    elif reader.take_any("INDEX", "KEY"):
        kind = "index"
    elif reader.take_any("CONSTRAINT", "CHECK"):
        kind = "constraint"
    elif reader.take_any("PARTITION", "SYSTEM", "PERIOD", "UNIQUE"):
        return Effect(changes=table)
    else:
        reader.take("COLUMN")
    if reader.take("IF", "EXISTS"):
        return REPEATABLE
    names = _names(reader)
    if names is None:
        return Effect(changes=table)
    return _facts(*(Fact(kind, table, found, False) for found in names))


def _names(reader: Reader) -> Optional[List[str]]:
    """Return the names that begin what is left, or each part of it in parentheses.

    :return: None where one of them cannot be read.
    """
    inside = inside_parentheses(reader.rest())
    parts = [reader.rest()] if inside is None else split_at_commas(inside)
    names = [Reader(part).name() for part in parts]
    return None if None in names else [name for name in names if name]


_NULLS = (["NULL"], ["NOT", "NULL"])

_MAKES_KEYS = {"UNIQUE", "PRIMARY", "KEY", "REFERENCES", "CHECK", "CONSTRAINT"}


def _modify(table: TableName, reader: Reader) -> Effect:
    reader.take("COLUMN")
    reader.take("IF", "EXISTS")
    name = reader.name()
    if name is None or [word.keyword for word in reader.rest()] in _NULLS:
        # so it reads on Oracle, which refuses NOT NULL where that is so already
        return NOT_TOLD
    return _redefined(table, name, reader)


def _redefined(table: TableName, name: Optional[str], reader: Reader) -> Effect:
    if _MAKES_KEYS.intersection(word.keyword for word in reader.rest()):
        return Effect(changes=table)
    about = ("column", table, (name or "").lower())
    return Effect(repeatable=True, subject=(about,))


def _change(table: TableName, reader: Reader) -> Effect:
    reader.take("COLUMN")
    if reader.take("IF", "EXISTS"):
        return REPEATABLE
    old, new = reader.name(), reader.name()
    if old is None or new is None:
        return Effect(changes=table)
    if old.lower() == new.lower():
        return _redefined(table, new, reader)
    return _facts(_column(table, old, False), _column(table, new, True))


def _alter(table: TableName, reader: Reader) -> Effect:
    what = reader.take_any("INDEX", "CHECK", "CONSTRAINT", "COLUMN")
    about = ((what or "COLUMN"), table, (reader.name() or "").lower())
    return Effect(repeatable=True, subject=(about,))


def _rename(table: TableName, reader: Reader) -> Effect:
    what = reader.take_any("COLUMN", "INDEX", "KEY", "CONSTRAINT")
    if what:
        old = reader.name()
        new = reader.name() if reader.take("TO") else None
        if old is None or new is None or old.lower() == new.lower():
            return Effect(changes=table)
        kind = {"COLUMN": "column", "CONSTRAINT": "constraint"}.get(what, "index")
        return _facts(Fact(kind, table, old, False), Fact(kind, table, new, True))
    reader.take_any("TO", "AS", "=")
    renamed = reader.table()
    if renamed is None:
        return NOT_TOLD
    if renamed[0] is None:
        renamed = (table[0], renamed[1])
    return _facts(table_fact(table, False), table_fact(renamed, True))


_CLAUSES: Dict[str, Callable[[TableName, Reader], Effect]] = {
    "ADD": _add,
    "ALTER": _alter,
    "CHANGE": _change,
    "DROP": _drop,
    "MODIFY": _modify,
    "RENAME": _rename,
}
