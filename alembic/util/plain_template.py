"""Renders the templates that need no template language, in the place of Mako.

The usual ``script.py.mako`` is text with a few ``${expressions}``. Importing Mako and
compiling it takes longer than all else that ``alembic revision`` does. As with the
headers of revisions, the answer is sound or there is none: where a template could mean
anything else to Mako, or an expression fails, `render` returns None and Mako decides.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Dict
    from typing import Optional

# an expression without braces, comments or a line break; behind a bar its filters
_EXPRESSION = r"\$\{([^{}|#\\\n]+)(?:\|[ ]*(\w+),\s*n\s*)?\}"
# tags, control lines, comment lines, continued lines, and encodings told by comments
_MORE_THAN_TEXT = r"</?%|^[ \t]*(?:%|##)|\\$|\r|coding[:=]|\ufeff"

# names that have a meaning inside Mako's templates or among its filters
_RESERVED = frozenset(
    (
        *("UNDEFINED", "STOP_RENDERING", "caller", "capture", "context", "loop"),
        *("local", "next", "pageargs", "parent", "self", "x", "h", "u", "n", "trim"),
        *("entity", "unicode", "decode", "str", "lambda", "locals", "globals", "vars"),
        *("dir", "eval", "exec", "yield", "await"),
    )
)


def render(
    template_file: str, output_encoding: str, variables: Dict[str, Any]
) -> Optional[bytes]:
    """Return a rendered template; None when only Mako can tell.

    :param template_file: path of the template.
    :param output_encoding: encoding of the returned bytes.
    :param variables: what the template may use.
    """
    try:
        with open(template_file, encoding="utf-8", newline="") as stream:
            text = stream.read()
        if any(map(_is_reserved, variables)):
            return None
        if re.search(_MORE_THAN_TEXT, text, re.MULTILINE):
            return None
        return _rendered(text, dict(variables)).encode(output_encoding)
    except Exception:
        # for Mako to say what is wrong
        return None


def _rendered(text: str, namespace: Dict[str, Any]) -> str:
    # text, an expression, its filter; text, an expression, its filter; ... text
    parts = re.split(_EXPRESSION, text)
    for position in range(1, len(parts), 3):
        expression, filter_ = parts[position], parts[position + 1] or "str"
        if ":=" in expression or any(map(_is_reserved, re.findall(r"\w+", expression))):
            raise ValueError(expression)
        # written just so by Mako
        parts[position] = eval(f"{filter_.strip()}({expression})", namespace)
        parts[position + 1] = ""
    if any("${" in literal for literal in parts[::3]):
        raise ValueError(text)
    return "".join(parts)


def _is_reserved(word: str) -> bool:
    return word in _RESERVED or word.startswith("__")
