"""What the database must look like if the journal tells the truth."""

from __future__ import annotations

from typing import Dict
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple

from .alterations import Effect
from .alterations import Fact
from .alterations import NOT_TOLD
from .entries import Entry
from .statements import Kind
from .statements import Statement
from .statements import understand

_CUT_BUT_CLEAR = ("CREATE", "DROP")


class Expectation(NamedTuple):
    """A fact that a statement of the journal has left behind."""

    entry: Entry
    fact: Fact


def statement_of(entry: Entry) -> Statement:
    """Return what the statement of an entry does, as far as its text was kept."""
    if entry.is_cut and not entry.text.lstrip().upper().startswith(_CUT_BUT_CLEAR):
        return Statement(understand(entry.text).kind)
    return understand(entry.text)


def expectations(
    done: Iterable[Entry], in_doubt: Optional[Entry] = None
) -> List[Expectation]:
    """Return what is to be found after some statements, one after the other.

    A later statement may undo what an earlier one did; where that cannot be told,
    nothing is expected.

    :param done: the statements that took effect.
    :param in_doubt: one behind them that may have.
    """
    expected: Dict[object, Expectation] = {}
    for entry in done:
        effect = _disturb(entry, expected)
        for fact in effect.facts:
            expected[fact.key] = Expectation(entry, fact)
    if in_doubt is not None:
        _disturb(in_doubt, expected)
    return list(expected.values())


def _disturb(entry: Entry, expected: Dict[object, Expectation]) -> Effect:
    """Expect nothing more of what a statement may have changed; return its effect."""
    statement = statement_of(entry)
    effect = statement.effect
    if statement.kind is not Kind.SCHEMA:
        return NOT_TOLD
    if not effect.facts and not effect.repeatable and effect.changes is None:
        # it may have done anything
        expected.clear()
    if effect.changes is not None:
        _forget_keys_of(effect.changes, expected)
    for subject in (*effect.facts, *effect.subject):
        if isinstance(subject, Fact):
            if not subject.present:
                _forget_about(subject, expected)
            expected.pop(subject.key, None)
    return effect


def _forget_about(gone: Fact, expected: Dict[object, Expectation]) -> None:
    """Expect nothing more of what goes with a table or a column."""
    if gone.kind in ("table", "schema"):
        for key, expectation in list(expected.items()):
            if expectation.fact.table == gone.table:
                del expected[key]
    else:
        _forget_keys_of(gone.table, expected)


def _forget_keys_of(
    table: Tuple[object, str], expected: Dict[object, Expectation]
) -> None:
    """Expect nothing more of the indexes and constraints of a table."""
    for key, expectation in list(expected.items()):
        fact = expectation.fact
        if fact.table == table and fact.kind not in ("table", "column"):
            del expected[key]


def has_lost_tables(entries: Iterable[Entry]) -> bool:
    """Tell whether statements made temporary tables, which went with the session."""
    temporary = set()
    for entry in entries:
        statement = statement_of(entry)
        for fact in statement.effect.facts or statement.effect.subject:
            if not isinstance(fact, Fact) or fact.kind != "table":
                continue
            if not fact.present:
                temporary.discard(fact.key)
            elif statement.kind is Kind.TEMPORARY:
                temporary.add(fact.key)
    return bool(temporary)


def can_be_left_out(entries: Iterable[Entry]) -> bool:
    """Tell whether a revision can run again without the statements that were done."""
    done = list(entries)
    return not has_lost_tables(done) and not any(entry.gave_rows for entry in done)
