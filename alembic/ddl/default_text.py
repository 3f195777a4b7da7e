"""Server defaults as tokens of their SQL text, and whether two of them are alike.

Nothing here asks a database: a default is SQL of the user's, which must not be run just
to compare it.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from decimal import Decimal
from decimal import InvalidOperation
from functools import lru_cache
from typing import Any
from typing import Callable
from typing import List
from typing import Mapping
from typing import NamedTuple
from typing import Optional
from typing import Pattern
from typing import Sequence
from typing import Tuple

from sqlalchemy import types as sqltypes

Token = Tuple[str, str]
"""Its kind, and its text: quotes taken off, and words in lower case."""

STRING, NUMBER, WORD, NAME, SIGN = "string", "number", "word", "name", "sign"

_PLAIN_STRING = r"'(?P<string>(?:[^']|'')*)'"
_ESCAPED_STRING = r"'(?P<escaped>(?:[^'\\]|''|\\.)*)'"
_REST = r"""
    | "(?P<double>(?:[^"]|"")*)"
    | `(?P<back>(?:[^`]|``)*)`
    | \[(?P<bracket>[A-Za-z_][\w ]*)\](?!\s*\[)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$])
    | (?P<word>[^\W\d][\w$]*)
    | (?P<sign>::|\|\||<=|>=|<>|!=|->>|->|.)
"""


@lru_cache(maxsize=None)
def _lexer(backslash_escapes: bool) -> Pattern[str]:
    """Return the expression that takes SQL apart; most commands never want it."""
    prefix = r"(?:(?P<prefix>[nNbBxX]|_\w+\s*)(?='))?"
    strings = (
        f"{prefix}{_ESCAPED_STRING}"
        if backslash_escapes
        else f"[eE]{_ESCAPED_STRING} | {prefix}{_PLAIN_STRING}"
    )
    return re.compile(r"\s+ |" + strings + _REST, re.VERBOSE | re.DOTALL)


class DefaultRules(NamedTuple):
    """How a database writes defaults down."""

    backslash_escapes: bool = False
    """Does a backslash in a string begin an escape?"""

    casts: bool = False
    """Does it write ``::type`` behind constants?"""

    double_quoted_strings: bool = False
    """May a string stand in double quotes?"""

    synonyms: Mapping[str, str] = {}
    """Words and calls without arguments that mean the same: ``current_timestamp``
    and ``now()``, say. The key is what is written, the value what it is taken for."""

    rewrite: Optional[Callable[[List[Token]], List[Token]]] = None
    """Anything else that it writes in another way than people do."""


def tokenize(sql: str, rules: DefaultRules) -> List[Token]:
    """Take the text of a default apart.

    :param sql: the text.
    :param rules: how the database writes it.
    """
    tokens: List[Token] = []
    for match in _lexer(rules.backslash_escapes).finditer(sql):
        kind = match.lastgroup
        if kind is None:
            continue
        text = match.group(kind)
        if kind in ("string", "escaped"):
            prefix = (match.group("prefix") or "").strip().lower()
            tokens.append(_string(text, prefix, kind == "escaped"))
        elif kind == "double" and rules.double_quoted_strings:
            tokens.append((STRING, text.replace('""', '"')))
        elif kind in ("double", "back", "bracket"):
            tokens.append(name_token(text))
        elif kind == "number":
            tokens.append((NUMBER, text))
        elif kind == "word":
            tokens.append((WORD, text.lower()))
        elif kind == "sign":
            tokens.append((SIGN, text))
    return tokens


def _string(text: str, prefix: str, escapes: bool) -> Token:
    """Return the token of a quoted string, whatever stands before its quote."""
    text = text.replace("''", "'")
    if escapes:
        text = re.sub(r"\\(.)", _unescaped, text, flags=re.DOTALL)
    if prefix == "b" and re.fullmatch(r"[01]+", text):
        return (NUMBER, str(int(text, 2)))
    if prefix == "x":
        return (STRING, f"\\x{text.lower()}")
    return (STRING, text)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0"}


def _unescaped(match: Any) -> str:
    char: str = match.group(1)
    return _ESCAPES.get(char, char)


def name_token(text: str) -> Token:
    """Return the token of a quoted name: a word, unless only quotes make it one."""
    return (WORD, text) if re.fullmatch(r"[a-z_][a-z0-9_$]*", text) else (NAME, text)


def canonical(sql: str, rules: DefaultRules) -> Tuple[Token, ...]:
    """Return a default without anything that databases add or take away.

    :param sql: the text of the default.
    :param rules: how the database writes it.
    """
    tokens = tokenize(sql, rules)
    if rules.casts:
        tokens = _without_casts(tokens)
    if rules.rewrite is not None:
        tokens = rules.rewrite(tokens)
    tokens = _with_synonyms(tokens, rules.synonyms)
    tokens = _without_grouping(tokens)
    return tuple(_with_signed_numbers(tokens))


def _without_grouping(tokens: Sequence[Token]) -> List[Token]:
    """Leave parentheses out that are not those of a call."""
    result: List[Token] = []
    calls: List[bool] = []
    for token in tokens:
        if token == (SIGN, "("):
            calls.append(bool(result) and _can_be_called(result[-1]))
            if not calls[-1]:
                continue
        elif token == (SIGN, ")") and calls and not calls.pop():
            continue
        result.append(token)
    return result


_NOT_CALLED = frozenset(
    ("and", "or", "not", "in", "is", "like", "then", "else", "when")
)


def _can_be_called(token: Token) -> bool:
    return token[0] == NAME or (token[0] == WORD and token[1] not in _NOT_CALLED)


def _with_signed_numbers(tokens: Sequence[Token]) -> List[Token]:
    """Join a sign and the number it belongs to."""
    result: List[Token] = []
    for token in tokens:
        if (
            token[0] == NUMBER
            and result
            and result[-1] in ((SIGN, "-"), (SIGN, "+"))
            and (len(result) == 1 or result[-2][0] == SIGN and result[-2][1] != ")")
        ):
            sign = result.pop()[1]
            token = (NUMBER, token[1] if sign == "+" else f"-{token[1]}")
        result.append(token)
    return result


_TYPE_SECOND_WORDS = (("varying",), ("precision",))
_TYPE_TAILS = (("without", "time", "zone"), ("with", "time", "zone"))


def _without_casts(tokens: Sequence[Token]) -> List[Token]:
    """Leave ``::type`` out, and turn ``CAST(x AS type)`` and ``type 'x'`` into x."""
    result: List[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token == (SIGN, "::"):
            index = _end_of_type(tokens, index + 1)
            continue
        if token == (WORD, "cast") and tokens[index + 1 : index + 2] == [(SIGN, "(")]:
            inner, index = _cast_call(tokens, index + 2)
            result.extend(inner)
            continue
        if (
            token[0] == WORD
            and token[1] in _TYPED_LITERALS
            and index + 1 < len(tokens)
            and tokens[index + 1][0] == STRING
        ):
            index += 1
            continue
        result.append(token)
        index += 1
    return result


_TYPED_LITERALS = frozenset(("date", "time", "timestamp", "timestamptz", "interval"))


def _end_of_type(tokens: Sequence[Token], index: int) -> int:
    """Return where the name of a type ends that begins at an index."""
    index += 1
    while tokens[index : index + 1] == [(SIGN, ".")]:
        index += 2
    words = tuple(text for kind, text in tokens[index : index + 3] if kind == WORD)
    if words[:1] in _TYPE_SECOND_WORDS:
        index += 1
    if tokens[index : index + 1] == [(SIGN, "(")]:
        while index < len(tokens) and tokens[index] != (SIGN, ")"):
            index += 1
        index += 1
    words = tuple(text for kind, text in tokens[index : index + 3] if kind == WORD)
    if words in _TYPE_TAILS:
        index += 3
    while tokens[index : index + 1] == [(SIGN, "[")]:
        while index < len(tokens) and tokens[index] != (SIGN, "]"):
            index += 1
        index += 1
    return index


def _cast_call(tokens: Sequence[Token], index: int) -> Tuple[List[Token], int]:
    """Return what ``CAST(`` is about, and the index behind its parenthesis."""
    depth = 1
    start = index
    end_of_value: Optional[int] = None
    while index < len(tokens):
        token = tokens[index]
        if token == (SIGN, "("):
            depth += 1
        elif token == (SIGN, ")"):
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and token == (WORD, "as"):
            end_of_value = index
        index += 1
    value = tokens[start : end_of_value if end_of_value is not None else index]
    return _without_casts(value), index + 1


def _with_synonyms(tokens: Sequence[Token], synonyms: Mapping[str, str]) -> List[Token]:
    """Replace words, and calls without arguments, by what they are taken for."""
    result: List[Token] = []
    index = 0
    while index < len(tokens):
        kind, text = tokens[index]
        if kind == WORD:
            is_call = list(tokens[index + 1 : index + 3]) == [(SIGN, "("), (SIGN, ")")]
            with_call = synonyms.get(f"{text}()") if is_call else None
            # a word that is called with arguments is another function
            has_arguments = not is_call and list(tokens[index + 1 : index + 2]) == [
                (SIGN, "(")
            ]
            plain = None if has_arguments or is_call else synonyms.get(text)
            if with_call is not None:
                result.append((WORD, with_call))
                index += 3
                continue
            if plain is not None:
                result.append((WORD, plain))
                index += 1
                continue
            if has_arguments and text in synonyms:
                # current_timestamp(6): the name counts as one, whatever it is
                result.append((WORD, synonyms[text]))
                index += 1
                continue
        result.append((kind, text))
        index += 1
    return result


def are_alike(
    one: Optional[str],
    other: Optional[str],
    type_: Optional[sqltypes.TypeEngine[Any]],
    rules: DefaultRules,
) -> bool:
    """Tell whether two defaults of a column mean the same, as far as text can tell.

    :param one: the text of the one; None for no default.
    :param other: the text of the other.
    :param type_: the type of the column; None when it changes too, so that a constant
        may mean something else than before.
    :param rules: how the database writes defaults.
    """
    one, other = _none_if_null(one), _none_if_null(other)
    if one is None or other is None or one == other:
        return one == other
    first, second = canonical(one, rules), canonical(other, rules)
    if first == second:
        return True
    if type_ is not None and len(first) == len(second) == 1:
        return _same_constant(first[0], second[0], type_)
    return False


def _none_if_null(sql: Optional[str]) -> Optional[str]:
    """Return None for a default of NULL, which is the same as no default."""
    if sql is not None and re.fullmatch(r"[\s(]*null(::[\w ]+)?[\s)]*", sql, re.I):
        return None
    return sql


def _same_constant(one: Token, other: Token, type_: sqltypes.TypeEngine[Any]) -> bool:
    """Tell whether two constants are the same value of a type."""
    first, second = one[1], other[1]
    is_constant = {STRING, NUMBER}
    for reader, types in _READERS:
        if isinstance(type_, types):
            readable = is_constant | ({WORD} if reader is _boolean else set())
            if one[0] not in readable or other[0] not in readable:
                return False
            values = reader(first), reader(second)
            if values[0] is not None and values[1] is not None:
                return bool(values[0] == values[1])
    return one[0] in is_constant and other[0] in is_constant and first == second


def _boolean(text: str) -> Optional[bool]:
    word = text.lower()
    if word in ("true", "t", "yes", "y", "on", "1"):
        return True
    if word in ("false", "f", "no", "n", "off", "0"):
        return False
    return None


def _number(text: str) -> Optional[Decimal]:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _moment(text: str) -> Optional[str]:
    """Return a date, time or both in one spelling, as far as they are plain."""
    text = text.strip()
    for read in (
        datetime.datetime.fromisoformat,
        datetime.time.fromisoformat,
    ):
        try:
            return str(read(text))
        except ValueError:
            continue
    return None


def _json(text: str) -> Optional[str]:
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return None


def _uuid(text: str) -> Optional[str]:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None


def _array(text: str) -> str:
    return re.sub(r"\s*([{},])\s*", r"\1", text)


_READERS: Tuple[Tuple[Callable[[str], Any], Any], ...] = (
    (_boolean, sqltypes.Boolean),
    (_number, (sqltypes.Integer, sqltypes.Numeric, sqltypes.Float)),
    (_moment, (sqltypes.Date, sqltypes.DateTime, sqltypes.Time)),
    (_json, sqltypes.JSON),
    (_array, sqltypes.ARRAY),
    (_uuid, getattr(sqltypes, "Uuid", ())),
)
"""How constants are read, by the type of their column."""
