"""What a revision file does, as a short text that changes when that changes."""

from __future__ import annotations

import ast
import hashlib
from typing import Any
from typing import Iterator
from typing import List
from typing import Optional

# where a revision stands may change, by a rebase or a merge, without what it does
_HEADER = {"revision", "down_revision", "branch_labels", "depends_on"}

# no part of the meaning, or not the same in all versions of Python
_LEFT_OUT = {"ctx", "kind", "type_comment", "type_ignores"}


def checksum(path: str) -> Optional[str]:
    """Return a checksum of what a revision file does.

    Comments, docstrings, layout, the order of the imports and the place in the history
    do not count, so that a formatter or a rebase changes nothing. The version of Python
    does not either.

    :param path: the file.
    :returns: 64 hexadecimal digits; None when there is no such file, or it is not
        source code of Python.
    """
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    imports: List[str] = []
    body: List[ast.stmt] = []
    for statement in _without_docstring(tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            imports.extend(_imported(statement))
        elif not _is_header(statement):
            body.append(statement)
    digest = hashlib.sha256()
    for word in sorted(set(imports)):
        digest.update(word.encode())
    for statement in body:
        for word in _words(statement):
            digest.update(word.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _without_docstring(body: List[Any]) -> List[Any]:
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(
        getattr(first.value, "value", None), str
    ):
        return body[1:]
    return body


def _imported(statement: Any) -> Iterator[str]:
    module = getattr(statement, "module", None)
    level = getattr(statement, "level", 0)
    for alias in statement.names:
        yield f"import {level} {module} {alias.name} {alias.asname};"


def _is_header(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.AnnAssign):
        targets: List[Any] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        return False
    return all(getattr(target, "id", None) in _HEADER for target in targets)


def _words(node: Any) -> Iterator[str]:
    """Write a tree down, but for fields that are empty, as newer ones always are."""
    if isinstance(node, list):
        yield "["
        for element in node:
            yield from _words(element)
        yield "]"
    elif isinstance(node, ast.AST):
        yield from _words_of(node)
    else:
        yield f"{node!r},"


def _words_of(node: Any) -> Iterator[str]:
    name = type(node).__name__
    if name == "Index":
        # around the subscript, until Python 3.8
        yield from _words(node.value)
        return
    if name == "ExtSlice":
        # what is a tuple of slices since
        yield from ("Tuple(", "elts=", *_words(node.dims), ")")
        return
    yield f"{name}("
    for field, value in ast.iter_fields(node):
        if field in _LEFT_OUT or value is None or value == []:
            continue
        if field == "body" and isinstance(value, list) and hasattr(node, "name"):
            value = _without_docstring(value)
        elif name == "JoinedStr":
            value = _joined(value)
        yield f"{field}="
        yield from _words(value)
    yield ")"


def _joined(parts: List[Any]) -> List[Any]:
    """Return the parts of an f-string, without empty texts and with neighbours as one.

    Early releases of Python 3.12 left both as they came.
    """
    joined: List[Any] = []
    for part in parts:
        text = getattr(part, "value", None) if isinstance(part, ast.Constant) else None
        if not isinstance(text, str):
            joined.append(part)
        elif joined and isinstance(joined[-1], str):
            joined[-1] += text
        elif text:
            joined.append(text)
    return joined
