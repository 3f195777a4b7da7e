"""Names with a backtick in what MySQL and MariaDB say of a table.

They write a backtick within a name as two. SQLAlchemy takes both for a part of the
name, and leaves out a foreign key that refers to such a name.
"""

from __future__ import annotations

import copy
import re
from typing import Any
from typing import Callable
from typing import Pattern
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector


def read_names_as_they_are(inspector: Inspector) -> None:
    """Let an inspector give names as they are, not as they are written between quotes.

    The dialect of the connection stays as it is: the inspector gets one of its own.

    :param inspector: an inspector of any database.
    """
    insp: Any = inspector
    if not hasattr(type(insp.dialect), "_tabledef_parser"):
        return
    preparer = insp.dialect.identifier_preparer
    doubled = preparer.escape_to_quote
    # SQLAlchemy makes the parser when it is first asked for, and keeps it
    parser = copy.copy(insp.dialect._tabledef_parser)  # noqa: SLF001
    parse = parser.parse

    def parse_and_unescape(show_create: str, charset: Any) -> Any:
        state = parse(show_create, charset)
        if doubled in show_create:
            _unescape(state, preparer._unescape_identifier)  # noqa: SLF001
        return state

    parser.parse = parse_and_unescape
    parser._re_fk_constraint = _foreign_key(preparer)  # noqa: SLF001
    insp.dialect = copy.copy(insp.dialect)
    insp.dialect._tabledef_parser = parser  # noqa: SLF001


def _unescape(state: Any, name_of: Callable[[str], str]) -> None:
    named = (state.columns, state.keys, state.fk_constraints, state.ck_constraints)
    for records in named:
        for record in records:
            if record["name"] is not None:
                record["name"] = name_of(record["name"])
    for key in state.keys:
        # each is a name, the length of its prefix, and what else stands there
        key["columns"] = [(name_of(name), *rest) for name, *rest in key["columns"]]
    for key in state.fk_constraints:
        for side in ("local", "foreign"):
            key[side] = [name_of(name) for name in key[side]]


def _foreign_key(preparer: Any) -> Pattern[str]:
    """Return what a foreign key looks like, in groups that SQLAlchemy knows."""
    opening, closing, doubled = (
        re.escape(text)
        for text in (
            preparer.initial_quote,
            preparer.final_quote,
            preparer.escape_to_quote,
        )
    )
    inside = f"(?:{doubled}|[^{closing}])+"
    quoted = f"{opening}{inside}{closing}"
    several = f"{quoted}(?:, ?{quoted})*"
    rule = "RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT"
    return re.compile(
        f"  CONSTRAINT {opening}(?P<name>{inside}){closing} "
        rf"FOREIGN KEY \((?P<local>{several})\) "
        rf"REFERENCES (?P<table>{quoted}(?:\.{quoted})?) \((?P<foreign>{several})\)"
        r"(?: (?P<match>MATCH \w+))?"
        f"(?: ON DELETE (?P<ondelete>{rule}))?"
        f"(?: ON UPDATE (?P<onupdate>{rule}))?"
    )
