"""Reads the header of a revision file without running it.

The answer is sound or there is none: where anything in the file could make the names
of the header mean something else than what is written there, `read_header` returns
None and the file has to be executed.
"""

from __future__ import annotations

import re
from collections import namedtuple
from functools import lru_cache

from ..util import compat
from ..util.unwarned import unwarned

TYPE_CHECKING = False

if TYPE_CHECKING:
    import ast
    from typing import Any
    from typing import Dict
    from typing import NamedTuple
    from typing import Optional
    from typing import Pattern
    from typing import Tuple
    from typing import Union

    Names = Optional[Union[str, Tuple[str, ...]]]
    """The value of a header variable: nothing, one identifier or label, or several."""

_FIELDS = ("revision", "down_revision", "branch_labels", "depends_on")

if TYPE_CHECKING:

    class Header(NamedTuple):
        """What a revision file says of itself."""

        revision: str
        down_revision: Names
        branch_labels: Names
        depends_on: Names
        doc: Optional[str]

else:
    Header = namedtuple("Header", (*_FIELDS, "doc"))

_WATCHED = frozenset((*_FIELDS, "__doc__"))

# the body begins at the first definition; it does not matter for the header unless
# one of these words stands in it
_BODY = re.compile(rb"^(?:def|class|async|@)", re.MULTILINE)
_IN_BODY = (b"revision", b"branch_labels", b"depends_on", b"__doc__")

# ways to reach the names of a module without writing them as names; searched for as
# text, since a word too many only costs an execution
_DYNAMIC = (
    b"__dict__",
    b"__getattr__",
    b"__import__",
    b"globals",
    b"locals",
    b"vars",
    b"eval",
    b"setattr",
    b"delattr",
    b"from sys import",
)
# the same for words that are common in other meanings
_DYNAMIC_PATTERNS = (
    (b"exec", rb"exec(?!ut)"),
    (b"*", rb"import[\s\\]*\*"),
    (b"modules", rb"modules\s*[\[.]"),
)

# a header as nearly all are: a docstring, imports, comments and plain values; it is
# read ten times as fast as by parsing. No text may fit in two ways, or one that does
# not fit at the end is tried in all of them.
_TEXT = r"""(?:'[^'\\\n]*'|"[^"\\\n]*")"""
_VALUE = rf"None|{_TEXT}|\([ ]*(?:{_TEXT}(?:,[ ]*{_TEXT})*,?)?[ ]*\)"
_WORDS = r"[ ]?[\w\[\],.|]+(?:[ ]+[\w\[\],.|]+)*"
_VARIABLE = rf"({'|'.join(_FIELDS)})(?:[ ]?:{_WORDS})?[ ]?=[ ]?({_VALUE})[ \t]*"
_IMPORT = (
    r"(?:import|from)[ ](?![^\n]*(?:revision|branch_labels|depends_on|__doc__))"
    r"[\w., ]+"
)
_OPENING = r'(?:#[^\n]*\n|[ \t]*\n)*(?:"""([^"\\]*(?:"(?!"")[^"\\]*)*)"""[ \t]*\n)?'
_LINE = rf"(?:[ \t]*|{_VARIABLE}|{_IMPORT})(?:#[^\n]*)?\n"

# bytes of a source that is not UTF-8 may only look like the words above
_COOKIE = rb"#.*?coding[:=][ \t]*([-\w.]+)"
_COOKIE_WITHIN = 400


def read_header(source: bytes) -> Optional[Header]:
    """Return the header of a revision file.

    :param source: the whole file.
    :returns: the header; None when only executing the file can tell.
    """
    for word in _DYNAMIC:
        if word in source:
            return None
    for word, pattern in _DYNAMIC_PATTERNS:
        if word in source and re.search(pattern, source):
            return None
    cut = _BODY.search(source)
    if cut is not None and not _has_foreign_encoding(source):
        body = cut.start()
        if not any(source.find(word, body) != -1 for word in _IN_BODY):
            # the head alone is a whole program, unless the cut is inside a string
            head = source[:body]
            header = _read_usual(head) or _read(head)
            if header is not None:
                return header
    return _read(source)


def _has_foreign_encoding(source: bytes) -> bool:
    beginning = source[:_COOKIE_WITHIN]
    if b"coding" not in beginning:
        return False
    cookie = re.search(_COOKIE, beginning)
    return cookie is not None and cookie.group(1).lower() not in (b"utf-8", b"utf8")


def _read_usual(source: bytes) -> Optional[Header]:
    """Return the header of a head that has the usual form; None for any other."""
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\0" in text or "\r" in text:
        return None
    opening, line = _usual_patterns()
    found = opening.match(text)
    assert found is not None, "nothing at all is an opening too"
    doc = found.group(1)
    if doc is not None and compat.dedents_docstrings and _is_indented(doc):
        return None
    values: Dict[str, Names] = {}
    while found.end() < len(text):
        found = line.match(text, found.end())
        if found is None:
            return None
        name, value = found.groups()
        if name is not None:
            values[name] = _usual_value(value)
    revision = values.get("revision")
    if not isinstance(revision, str) or not revision or "down_revision" not in values:
        return None
    return Header(
        revision,
        values["down_revision"],
        values.get("branch_labels"),
        values.get("depends_on"),
        doc,
    )


@lru_cache(maxsize=None)
def _usual_patterns() -> Tuple[Pattern[str], Pattern[str]]:
    """Compile what a run that finds every header in the index does not need."""
    return re.compile(_OPENING, re.ASCII), re.compile(_LINE, re.ASCII)


def _is_indented(doc: str) -> bool:
    return doc.startswith((" ", "\t")) or "\n " in doc or "\n\t" in doc


def _usual_value(value: str) -> Names:
    if value == "None":
        return None
    if value[0] != "(":
        return value[1:-1]
    texts = tuple(text[1:-1] for text in re.findall(_TEXT, value))
    is_tuple = "," in re.sub(_TEXT, "", value) or not texts
    return texts if is_tuple else texts[0]


def parse(source: bytes) -> ast.Module:
    """Parse a file without the warnings that executing it gives in due time.

    :raises SyntaxError: when it is not valid Python.
    :raises ValueError: when it has null bytes.
    """
    import ast

    if b"\\" not in source:
        return ast.parse(source)
    with unwarned():
        return ast.parse(source)


def _read(source: bytes) -> Optional[Header]:
    import ast

    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    values: Dict[str, Any] = {}
    for statement in tree.body:
        assigned = _assigned(statement)
        if assigned is not None:
            name, value = assigned
            try:
                values[name] = _names(ast.literal_eval(value))
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return None
        elif not _is_harmless(statement):
            return None
    revision = values.get("revision")
    if not isinstance(revision, str) or not revision or "down_revision" not in values:
        return None
    return Header(
        revision,
        values["down_revision"],
        values.get("branch_labels"),
        values.get("depends_on"),
        _docstring(tree),
    )


def _assigned(statement: ast.stmt) -> Optional[Tuple[str, ast.expr]]:
    """Return the name and the value of a plain assignment to a header variable."""
    import ast

    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        if not _is_harmless(statement.annotation):
            return None
        target, value = statement.target, statement.value
    else:
        return None
    if isinstance(target, ast.Name) and target.id in _FIELDS:
        return target.id, value
    return None


def _is_harmless(tree: ast.AST) -> bool:
    """Whether nothing in a piece of code names or binds a header variable."""
    import ast

    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id in _WATCHED:
                return False
        elif isinstance(node, ast.alias):
            if (node.asname or node.name.partition(".")[0]) in _WATCHED:
                return False
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            if not _WATCHED.isdisjoint(node.names):
                return False
        # definitions, exception handlers and patterns bind by plain text
        elif (
            getattr(node, "name", None) in _WATCHED
            or getattr(node, "rest", None) in _WATCHED
        ):
            return False
    return True


def _names(value: Any) -> Names:
    """Return the value of a header variable in one form.

    :raises ValueError: when it is not what a header variable may be.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)) and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise ValueError(value)


def _docstring(tree: ast.Module) -> Optional[str]:
    """Return the docstring as the module would have it."""
    import ast

    first = tree.body[0]
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return None
    text = first.value.value
    if not isinstance(text, str):
        return None
    if compat.dedents_docstrings:
        alone = ast.Module(body=[first], type_ignores=[])
        code = compile(alone, "<docstring>", "exec", optimize=0)
        return next((c for c in code.co_consts if isinstance(c, str)), text)
    return text
