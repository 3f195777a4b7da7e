"""How PostgreSQL rewords expressions: both wordings brought to one."""

from __future__ import annotations

from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

from ..default_text import canonical
from ..default_text import DefaultRules
from ..default_text import NAME
from ..default_text import SIGN
from ..default_text import STRING
from ..default_text import Token
from ..default_text import WORD

OPEN: Token = (SIGN, "(")
CLOSE: Token = (SIGN, ")")
COMMA: Token = (SIGN, ",")


def reword(tokens: Sequence[Token]) -> List[Token]:
    """Bring tokens to the wording in which PostgreSQL hands expressions back.

    :param tokens: an expression, casts taken out.
    """
    tokens = _timezone(list(tokens))
    tokens = _in_lists(tokens)
    tokens = _between(tokens)
    tokens = _trim(tokens)
    return _operators(tokens)


RULES = DefaultRules(
    casts=True,
    synonyms={
        "current_timestamp": "now",
        "now()": "now",
        "transaction_timestamp()": "now",
        "current_user": "current_user",
    },
    rewrite=reword,
)
"""How PostgreSQL writes defaults and the expressions of indexes."""


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Return where the parenthesis closes that opens at an index."""
    depth = 0
    for position in range(index, len(tokens)):
        if tokens[position] == OPEN:
            depth += 1
        elif tokens[position] == CLOSE:
            depth -= 1
            if depth == 0:
                return position
    return len(tokens) - 1


def _opening(tokens: Sequence[Token], index: int) -> int:
    """Return where the parenthesis opened that closes at an index."""
    depth = 0
    for position in range(index, -1, -1):
        if tokens[position] == CLOSE:
            depth += 1
        elif tokens[position] == OPEN:
            depth -= 1
            if depth == 0:
                return position
    return 0


def _timezone(tokens: List[Token]) -> List[Token]:
    """Write ``timezone('utc', x)`` as ``x AT TIME ZONE 'utc'``."""
    while tokens[:1] == [OPEN] and _closing(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    if (
        tokens[:2] == [(WORD, "timezone"), OPEN]
        and len(tokens) > 5
        and tokens[2][0] == STRING
        and tokens[3] == COMMA
        and _closing(tokens, 1) == len(tokens) - 1
    ):
        words = [(WORD, "at"), (WORD, "time"), (WORD, "zone")]
        return [*tokens[4:-1], *words, tokens[2]]
    return tokens


def _in_lists(tokens: List[Token]) -> List[Token]:
    """Write ``x IN (1, 2)`` as ``x = ANY (ARRAY[1, 2])``."""
    result: List[Token] = []
    inside_position: List[bool] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token == OPEN:
            inside_position.append(tokens[index - 1 : index] == [(WORD, "position")])
        elif token == CLOSE and inside_position:
            inside_position.pop()
        is_list = (
            token == (WORD, "in")
            and tokens[index + 1 : index + 2] == [OPEN]
            and not (inside_position and inside_position[-1])
        )
        if not is_list:
            result.append(token)
            index += 1
            continue
        end = _closing(tokens, index + 1)
        items = tokens[index + 2 : end]
        negated = result[-1:] == [(WORD, "not")]
        if negated:
            result.pop()
        result.append((SIGN, "<>" if negated else "="))
        if COMMA in items:
            quantifier = (WORD, "all" if negated else "any")
            result.extend([quantifier, OPEN, (WORD, "array"), (SIGN, "[")])
            result.extend([*items, (SIGN, "]"), CLOSE])
        else:
            result.extend(items)
        index = end + 1
    return result


def _between(tokens: List[Token]) -> List[Token]:
    """Write ``x BETWEEN a AND b`` as ``x >= a AND x <= b``."""
    result: List[Token] = []
    operand: Optional[List[Token]] = None
    for token in tokens:
        if token == (WORD, "between") and result:
            operand = result[_start_of_operand(result) :]
            result.append((SIGN, ">="))
        elif token == (WORD, "and") and operand is not None:
            result.extend([token, *operand, (SIGN, "<=")])
            operand = None
        else:
            result.append(token)
    return result


def _start_of_operand(tokens: Sequence[Token]) -> int:
    """Return where the last value of some tokens begins: a name, a call, a group."""
    index = len(tokens) - 1
    if tokens[index] == CLOSE:
        index = _opening(tokens, index)
        if index and tokens[index - 1][0] in (WORD, NAME):
            index -= 1
    return index


def _trim(tokens: List[Token]) -> List[Token]:
    """Write ``btrim(x)`` and ``TRIM(BOTH FROM x)`` as ``trim(x)``, and so on."""
    result: List[Token] = []
    index = 0
    names = {"both": "trim", "leading": "ltrim", "trailing": "rtrim"}
    while index < len(tokens):
        token = tokens[index]
        if token == (WORD, "btrim"):
            token = (WORD, "trim")
        side = tokens[index + 2][1] if index + 3 < len(tokens) else ""
        if (
            token == (WORD, "trim")
            and side in names
            and tokens[index + 3] == (WORD, "from")
        ):
            result.extend([(WORD, names[side]), OPEN])
            index += 4
            continue
        result.append(token)
        index += 1
    return result


_SIGNS = {"like": "~~", "ilike": "~~*"}


def _operators(tokens: List[Token]) -> List[Token]:
    """Write ``!=`` as ``<>`` and LIKE as the operator that it is."""
    result: List[Token] = []
    for token in tokens:
        if token == (SIGN, "!="):
            token = (SIGN, "<>")
        if token[0] == WORD and token[1] in _SIGNS:
            signs = _SIGNS[token[1]]
            if result[-1:] == [(WORD, "not")]:
                result.pop()
                signs = "!" + signs
            result.extend((SIGN, sign) for sign in signs)
            continue
        result.append(token)
    return result


def same_expression(one: str, other: str) -> bool:
    """Tell whether two expressions read alike once both are in one wording.

    :param one: the text of the one.
    :param other: the text of the other.
    """
    return tokens_of(one) == tokens_of(other)


def tokens_of(text: str) -> Tuple[Token, ...]:
    """Return an expression as tokens in the one wording."""
    return canonical(text, RULES)
