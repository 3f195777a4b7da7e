"""What PostgreSQL writes in other words when it is given its own.

``name IN ('x', 'y')`` of a VARCHAR becomes ``name::text = ANY (ARRAY['x'::character
varying, 'y'::character varying]::text[])``. Created from that text, as by a dump
or a downgrade, the same expression has each element of the array cast for itself, and
stays so from then on. Here the first is turned into the second.
"""

from __future__ import annotations

import re
from typing import Match

_STRING = r"(?:E?'(?:[^']|'')*')"
_ELEMENT = rf'(?:(?:{_STRING}|"(?:[^"]|"")*"|\w+)(?:::[a-z ]+(?:\(\d+\))?)?)'

_CAST_ARRAY = re.compile(
    rf"""
    {_STRING}
    | (?P<cast>
        (?P<open>\()? ARRAY\[ (?P<elements>{_ELEMENT}(?:,[ ]{_ELEMENT})*) \]
        (?(open)\)) :: (?P<type>[a-z ]+) \[\]
    )
    """,
    re.VERBOSE,
)
_EACH = re.compile(_ELEMENT)


def settled(sql: str) -> str:
    """Return an expression as PostgreSQL writes it when it is given its own text.

    :param sql: the expression as PostgreSQL wrote it, with or without all parentheses.
    """
    if "ARRAY[" not in sql:
        return sql
    return _CAST_ARRAY.sub(_cast_elements, sql)


def _cast_elements(match: Match[str]) -> str:
    if match["cast"] is None:
        return match[0]
    # PostgreSQL puts parentheses around all that is cast, or around none of it
    form = "({0})::{1}" if match["open"] else "{0}::{1}"
    elements = [form.format(e, match["type"]) for e in _EACH.findall(match["elements"])]
    return f"ARRAY[{', '.join(elements)}]"
