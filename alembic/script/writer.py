"""A new revision becomes a file: its name, its text, and that both are harmless.

What a person types as a message, an identifier or a label can neither end the string
it is written into nor lead out of the folder.
"""

from __future__ import annotations

import os
import re

from ..util import compat
from ..util.exc import CommandError
from ..util.files import write_whole
from ..util.messaging import format_as_comma
from ..util.unwarned import unwarned
from .revision import Revision
from .revision import RevisionMap
from .revision.symbols import SYMBOLS
from .revision_file import parse
from .revision_file import read_header

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any
    from typing import Collection
    from typing import Dict
    from typing import Optional
    from typing import Sequence
    from typing import Tuple

LONGEST_ID = 32
"""What the version table holds."""

# a path, a quote or a list cannot be made out of an identifier or a label
_NEVER = frozenset("/\\'\"`,;:@")
_NEVER_IN_ID = _NEVER.union("+-")

# quotes that may end a docstring: three in a row, or the last ones
_ENDING_QUOTES = r"\"{3,}|'{3,}|\"+\Z"
_EVERY_QUOTE = r"[\"']"
_PLAIN_MESSAGE = r"[\w ,.;()+/*-]*"

# -- what may be created


def refuse_id(rev_id: str, history: RevisionMap) -> None:
    """Refuse an identifier that a new revision cannot have.

    :raises CommandError: when it is too long for the version table, has characters
        with another meaning, or is taken.
    """
    what = f"Revision id {rev_id!r}"
    if len(rev_id) > LONGEST_ID:
        raise CommandError(
            f"{what} has {len(rev_id)} characters, and the version table holds "
            f"{LONGEST_ID}; choose a shorter one"
        )
    illegal = sorted(set("@-+:").intersection(rev_id))
    if illegal:
        raise CommandError(
            f"Character(s) '{', '.join(illegal)}' not allowed in revision identifier "
            f"{rev_id!r}"
        )
    _refuse_word(what, rev_id, _NEVER_IN_ID)
    taken = history.graph.nodes.get(rev_id) or history.graph.labels.get(rev_id)
    if taken is not None:
        raise CommandError(
            f"{what} is taken by {_described(taken)}; choose another one"
        )


def refuse_labels(labels: Collection[str], rev_id: str, history: RevisionMap) -> None:
    """Refuse branch labels that a new revision cannot have.

    :raises CommandError: when one has characters with another meaning, or is taken.
    """
    for label in labels:
        _refuse_word(f"Branch label {label!r}", label, _NEVER)
        owner = history.graph.nodes.get(label) or history.graph.labels.get(label)
        if owner is not None or label == rev_id:
            raise CommandError(
                f"Branch name {label!r} in revision {rev_id} already used by revision "
                f"{owner.revision if owner else rev_id}; choose another one"
            )


def _refuse_word(what: str, word: str, never: Collection[str]) -> None:
    if word in SYMBOLS:
        raise CommandError(f"{what} has a meaning of its own; choose another one")
    if not word or word.startswith("."):
        raise CommandError(f"{what} must begin with a letter or a digit")
    bad = sorted({c for c in word if c in never or c.isspace() or _is_control(c)})
    if bad:
        raise CommandError(
            f"{what} has characters that are not allowed: "
            f"{' '.join(map(repr, bad))}; use letters, digits and _"
        )


def _described(revision: Revision) -> str:
    path = getattr(revision, "path", None)
    return f"revision {revision.revision}" + (f" ({path})" if path else "")


def _is_control(character: str) -> bool:
    if character.isprintable():
        return False
    import unicodedata

    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


# -- its name


def creation_date(zone: Optional[str]) -> datetime:
    """Return the time, in a time zone if one is given.

    :param zone: name of the zone, in any case; None is local time without a zone.
    :raises CommandError: when there is no such zone, or no data about zones.
    """
    if zone is None:
        return compat.local_time()
    from datetime import datetime
    from datetime import timezone

    return datetime.now(timezone.utc).astimezone(_zone(zone))


def _zone(name: str) -> Any:
    from datetime import timezone

    zoneinfo = _zoneinfo()

    def found(key: str) -> Any:
        try:
            return zoneinfo.ZoneInfo(key)
        except (KeyError, ValueError, OSError):
            return None

    if name.upper() == "UTC":
        # known without any data about zones
        return found("UTC") or timezone.utc
    zone = found(name)
    if zone is not None:
        return zone
    known = {zone.lower(): zone for zone in zoneinfo.available_timezones()}
    if not known:
        raise CommandError(
            f"Can't locate timezone: {name}; Python finds no data about time zones, so "
            "install them with 'pip install tzdata'"
        )
    if name.lower() in known:
        return found(known[name.lower()])
    from difflib import get_close_matches

    similar = get_close_matches(name.lower(), known, n=1)
    hint = f"; did you mean {known[similar[0]]}?" if similar else ""
    raise CommandError(f"Can't locate timezone: {name}{hint}")


def _zoneinfo() -> Any:
    """Return the module of time zones, which Python has since 3.9."""
    from importlib import import_module

    for name in ("zoneinfo", "backports.zoneinfo"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise CommandError(
        "The timezone option needs Python 3.9 or the package backports.zoneinfo; "
        "install it with 'pip install alembic[tz]'"
    )


def file_path(
    location: str,
    template: str,
    rev_id: str,
    message: Optional[str],
    created: datetime,
    slug_length: int,
) -> str:
    """Return the path of a new file.

    :param location: the version location.
    :param template: the ``file_template`` option.
    :param rev_id: the identifier.
    :param message: the message, of which the slug is made.
    :param created: the time of creation.
    :param slug_length: how many characters of the slug to keep.
    :raises CommandError: for a template with unknown tokens, or one that leads out of
        the location.
    """
    tokens: Dict[str, Any] = {
        "rev": rev_id,
        "slug": _slug(message, slug_length),
        "epoch": int(created.timestamp()),
    }
    for part in ("year", "month", "day", "hour", "minute", "second"):
        tokens[part] = getattr(created, part)
    try:
        name = template % tokens
    except (KeyError, ValueError, TypeError) as error:
        raise CommandError(
            f"Can't use file_template {template!r}: {type(error).__name__}: {error}; "
            f"its tokens are {', '.join(f'%({token})s' for token in tokens)}"
        ) from error
    path = os.path.join(location, f"{name}.py")
    root = os.path.abspath(location)
    if os.path.commonpath([root, os.path.abspath(path)]) != root:
        raise CommandError(
            f"file_template {template!r} makes {path}, which is outside of {location}; "
            "correct file_template"
        )
    return path


def _slug(message: Optional[str], length: int) -> str:
    slug = "_".join(re.findall(r"\w+", message or "")).lower()
    if len(slug) > length:
        slug = slug[:length].rsplit("_", 1)[0] + "_"
    return slug


# -- its text


class Message(str):
    """A message that is safe where a template puts it into a docstring.

    As a value it is what was typed; as text, as in ``${message}``, quotes, backslashes
    and control characters are escaped, so that Python reads what was typed.
    """

    _encoding: str
    _as_text: str

    @classmethod
    def escaped(cls, text: str, encoding: str, strictly: bool) -> Message:
        """Return a message.

        :param text: what was typed.
        :param encoding: of the file; characters that it lacks are escaped.
        :param strictly: escape every quote and line break, not only those that could
            end a docstring.
        """
        message = cls(text)
        shown = text.replace("\\", "\\\\")
        quotes = _EVERY_QUOTE if strictly else _ENDING_QUOTES
        shown = re.sub(quotes, lambda found: re.sub("(.)", r"\\\1", found[0]), shown)
        if strictly:
            shown = shown.replace("\n", "\\n")
        shown = "".join(
            f"\\x{ord(c):02x}" if ord(c) < 32 and c not in "\n\t" else c for c in shown
        )
        message._encoding = encoding
        message._as_text = message._encodable(shown)
        return message

    def _encodable(self, text: str) -> str:
        return text.encode(self._encoding, "backslashreplace").decode(self._encoding)

    def __str__(self) -> str:
        return self._as_text

    def __repr__(self) -> str:
        return self._encodable(super().__repr__())

    def __format__(self, spec: str) -> str:
        return format(self._as_text, spec)


def render(
    template: str, encoding: str, message: Optional[str], variables: Dict[str, Any]
) -> bytes:
    """Return the content of a new file.

    :param template: path of ``script.py.mako``.
    :param encoding: the ``output_encoding`` option.
    :param message: the message.
    :param variables: what else the template may use.
    :raises CommandError: when there is no template, it cannot be rendered, or the
        message would not stay inside the place where the template puts it.
    """
    # it loads Mako, which commands that write nothing do without
    from ..util.templating import render_template

    if not os.path.exists(template):
        raise CommandError(
            f"Can't find the template {template}; copy one from another project, or "
            "make one with 'alembic init' in an empty folder"
        )
    text = message if message is not None else "empty message"

    def rendered(text: str, strictly: bool = False) -> bytes:
        shown = Message.escaped(text, encoding, strictly)
        everything = {"imports": "", "upgrades": "", "downgrades": "", **variables}
        everything.update(message=shown, comma=format_as_comma)
        return render_template(template, encoding, **everything)

    content = rendered(text)
    if re.fullmatch(_PLAIN_MESSAGE, text) and "coding" not in text:
        return content
    expected = _shape(rendered("message"))
    if expected is None or _shape(content) == expected:
        return content
    content = rendered(text, strictly=True)
    if _shape(content) == expected:
        return content
    raise CommandError(
        f"The message {text!r} does not stay inside the place where {template} puts "
        "it; use a message of one line without quotes, or correct the template"
    )


def _shape(content: bytes) -> Optional[str]:
    """Return a program without the texts in it; None when it is not a program."""
    import ast

    try:
        tree = parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def refuse_other_id(content: bytes, rev_id: str, template: str) -> None:
    """Refuse a text that says another identifier than the one asked for.

    :raises CommandError: when the template does not write ``up_revision`` where it
        belongs.
    """
    header = read_header(content)
    if header is None:
        # only executing it would tell, but without the name there is nothing to tell
        is_wrong = b"revision" not in content
    else:
        is_wrong = header.revision != rev_id
    if is_wrong:
        raise CommandError(
            f"The template {template} does not write the revision id {rev_id!r} that "
            "was asked for; let it write 'revision = ${repr(up_revision)}'"
        )


def syntax_error(content: bytes) -> Optional[Tuple[Optional[int], str]]:
    """Return line and reason when a file is no valid Python."""
    try:
        # to compile takes less time and much less memory than to build a tree, whose
        # nodes are Python objects
        with unwarned():
            compile(content, "<revision>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.lineno, error.msg
    except ValueError as error:
        return None, str(error)
    return None


def write(path: str, content: bytes) -> None:
    """Write a new file, whole or not at all.

    :raises CommandError: when there is one of that name, or it cannot be written.
    """
    try:
        write_whole(path, content, exclusive=True)
    except FileExistsError as error:
        raise CommandError(
            f"{path} exists already and is left as it is; choose another message or "
            "revision id, or move that file away"
        ) from error
    except OSError as error:
        raise CommandError(f"Can't write {path}: {error.strerror or error}") from error


# -- where


def location_of(
    locations: Sequence[str], version_path: Optional[str], heads: Sequence[Revision]
) -> str:
    """Return the version location that a new file belongs into.

    :param locations: all of them.
    :param version_path: the one that was asked for, if any.
    :param heads: what the new revision comes after; it goes where the first is.
    :raises CommandError: when none or no single one fits.
    """
    if version_path is not None:
        wanted = os.path.realpath(version_path)
        for location in locations:
            if os.path.realpath(location) == wanted:
                return location
        known = ", ".join(locations)
        raise CommandError(
            f"Path {version_path} is not represented in current version locations; "
            f"these are {known}"
        )
    if len(locations) == 1:
        return locations[0]
    for head in heads:
        path = getattr(head, "path", None)
        holders = [loc for loc in locations if path and _is_below(path, loc)]
        if holders:
            # the innermost of several
            return max(holders, key=len)
    raise CommandError(
        "Multiple version locations present, please specify --version-path; these are "
        f"{', '.join(locations)}"
    )


def _is_below(path: str, location: str) -> bool:
    root = os.path.realpath(location)
    try:
        return os.path.commonpath([root, os.path.realpath(path)]) == root
    except ValueError:
        # another drive
        return False
