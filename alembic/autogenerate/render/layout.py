"""Generated statements laid out as Black would leave them.

Only the layout differs: the option ``render_layout="black"`` changes quotes, line
breaks and indentation of what the renderers returned, and leaves alone what it does not
know.
"""

from __future__ import annotations

import ast
import unicodedata
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import Iterator
from typing import List
from typing import Optional
from typing import Tuple
from typing import Type

_WIDTH = 88
_FUNCTION_INDENT = 4
_INDENT = "    "


class _UnknownSyntax(Exception):
    """The statement holds something that is not laid out here."""


def lay_out_as_black(statements: Iterable[str]) -> List[str]:
    """Lay out what a renderer returned, each statement for the block it is in.

    :param statements: statements and lines, as renderers return them.
    """
    statements = list(statements)
    first = statements[0] if statements else ""
    depth = 1 if first.endswith(":") and not first.startswith("#") else 0
    found = []
    for position, statement in enumerate(statements):
        inside = depth if position else 0
        found.append(_statement(statement, inside))
    return found


def _statement(source: str, depth: int) -> str:
    """Lay out one statement; its first line is indented by others."""
    indent = _FUNCTION_INDENT + len(_INDENT) * depth
    between = "\n" + _INDENT * depth
    block = source.endswith(":")
    try:
        parsed = ast.parse(source + " pass" if block else source).body
    except SyntaxError:
        return source
    if len(parsed) != 1:
        return source
    statement = parsed[0]
    try:
        if isinstance(statement, ast.With) and block and len(statement.items) == 1:
            item = statement.items[0]
            suffix = ":"
            if item.optional_vars is not None:
                suffix = f" as {_flat(item.optional_vars)}:"
            return between.join(_lines(item.context_expr, "with ", suffix, indent))
        if isinstance(statement, ast.Expr) and not block:
            return between.join(_lines(statement.value, "", "", indent))
    except _UnknownSyntax:
        pass
    return source


def _lines(node: ast.AST, prefix: str, suffix: str, indent: int) -> List[str]:
    """Return an expression on one line, or broken at its last bracket.

    :param node: the expression.
    :param prefix: what stands before it on its first line.
    :param suffix: what stands behind it on its last line.
    :param indent: how far its first line will be indented in the file.
    """
    flat = f"{prefix}{_flat(node)}{suffix}"
    if indent + _width(flat) <= _WIDTH:
        return [flat]
    links = _chain(node)
    if len(links) > 2 and suffix == ",":
        # a chain of method calls inside of brackets breaks before its dots
        first, *rest = links
        lines = [f"{prefix}{first}", *rest]
        lines[-1] += suffix
        return lines
    opening, members, closing = _brackets(node)
    if not members:
        return [flat]
    inner = indent + len(_INDENT)
    joined = ", ".join(_flat(value, name) for name, value in members)
    if inner + _width(joined) <= _WIDTH and not _is_starred_only(members):
        body = [joined]
    else:
        body = [
            line for name, value in members for line in _lines(value, name, ",", inner)
        ]
    return [
        f"{prefix}{opening}",
        *(f"{_INDENT}{line}" for line in body),
        f"{closing}{suffix}",
    ]


def _width(text: str) -> int:
    """Return how many columns a text takes; letters of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


Members = List[Tuple[str, ast.AST]]


def _is_starred_only(members: Members) -> bool:
    return len(members) == 1 and isinstance(members[0][1], ast.Starred)


def _brackets(node: ast.AST) -> Tuple[str, Members, str]:
    """Return how an expression opens, what is in its brackets, and how it closes."""
    if isinstance(node, ast.Starred):
        opening, members, closing = _brackets(node.value)
        return f"*{opening}", members, closing
    if isinstance(node, ast.Call):
        members = [("", argument) for argument in node.args]
        members.extend((_keyword(keyword), keyword.value) for keyword in node.keywords)
        return f"{_flat(node.func)}(", members, ")"
    if isinstance(node, ast.List):
        return "[", [("", element) for element in node.elts], "]"
    if isinstance(node, ast.Tuple) and len(node.elts) != 1:
        return "(", [("", element) for element in node.elts], ")"
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values)
        return "{", [(f"{_key(key)}: ", value) for key, value in pairs], "}"
    return "", [], ""


def _keyword(keyword: ast.keyword) -> str:
    return "**" if keyword.arg is None else f"{keyword.arg}="


def _key(key: Optional[ast.AST]) -> str:
    if key is None:
        raise _UnknownSyntax
    return _flat(key)


def _chain(node: ast.AST) -> List[str]:
    """Return ``a.b(...).c(...)`` as its links, ``["a.b(...)", ".c(...)"]``."""
    links: List[str] = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if not isinstance(owner, ast.Call):
            break
        links.insert(0, _flat(node)[len(_flat(owner)) :])
        node = owner
    return [_flat(node), *links]


def _flat(node: ast.AST, prefix: str = "") -> str:
    """Return an expression on one line."""
    for kind, write in _WRITERS.items():
        if isinstance(node, kind):
            return prefix + write(node)
    raise _UnknownSyntax


def _bracketed(node: ast.AST) -> str:
    opening, members, closing = _brackets(node)
    return opening + ", ".join(_flat(value, name) for name, value in members) + closing


def _tuple(node: ast.Tuple) -> str:
    return f"({_flat(node.elts[0])},)" if len(node.elts) == 1 else _bracketed(node)


def _signed(node: ast.UnaryOp) -> str:
    if not isinstance(node.op, ast.USub):
        raise _UnknownSyntax
    return f"-{_flat(node.operand)}"


def _constant(node: ast.Constant) -> str:
    value = node.value
    if not isinstance(value, str):
        return repr(value)
    quoted = repr(value)
    if quoted[0] == '"':
        return quoted
    doubled = "".join(_between_double_quotes(quoted[1:-1]))
    # double quotes unless that takes more backslashes
    return quoted if doubled.count("\\") > quoted.count("\\") else f'"{doubled}"'


def _between_double_quotes(body: str) -> Iterator[str]:
    characters = iter(body)
    for character in characters:
        if character == "\\":
            escaped = next(characters)
            yield "'" if escaped == "'" else character + escaped
        else:
            yield '\\"' if character == '"' else character


_WRITERS: Dict[Type[ast.AST], Callable[..., str]] = {
    ast.Constant: _constant,
    ast.Name: lambda node: node.id,
    ast.Attribute: lambda node: f"{_flat(node.value)}.{node.attr}",
    ast.Call: _bracketed,
    ast.List: _bracketed,
    ast.Dict: _bracketed,
    ast.Tuple: _tuple,
    ast.Starred: lambda node: f"*{_flat(node.value)}",
    ast.UnaryOp: _signed,
}
