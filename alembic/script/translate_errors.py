"""RevisionError -> CommandError: what to say to people about revisions."""

from __future__ import annotations

from contextlib import contextmanager

from ..util.exc import CommandError
from .revision import CycleDetected
from .revision import MultipleHeads
from .revision import RangeNotAncestorError
from .revision import ResolutionError
from .revision import RevisionError
from .revision import RevisionMap
from .revision.errors import TooFewRevisions

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Iterable
    from typing import Iterator
    from typing import Optional

_LISTED = 8


@contextmanager
def translated(
    history: RevisionMap,
    *,
    ancestor: Optional[str] = None,
    multiple_heads: Optional[str] = None,
    start: Any = None,
    end: Any = None,
    from_database: Any = (),
) -> Iterator[None]:
    """Turn errors about revisions into errors for people.

    :param history: where to look for what may have been meant.
    :param ancestor: what to say when a range is none; ``%(start)s`` and ``%(end)s``
        are its ends.
    :param multiple_heads: what to say when there are several heads;
        ``%(head_arg)s`` is the name that was given.
    :param start: the lower end of the range.
    :param end: the upper end.
    :param from_database: identifiers that come from a version table, not from a
        person.
    """
    try:
        yield
    except RangeNotAncestorError as error:
        text = ancestor or (
            "Requested range %(start)s:%(end)s does not refer to "
            "ancestor/descendant revisions along the same branch"
        )
        raise CommandError(text % {"start": start, "end": end}) from error
    except MultipleHeads as error:
        text = multiple_heads or (
            "Multiple head revisions are present for given argument "
            "'%(head_arg)s'; please specify a specific target revision, "
            "'<branchname>@%(symbol)s' to narrow to a specific head, or 'heads' for "
            "all heads"
        )
        given = error.argument
        if isinstance(end, str) and str(given) in end:
            # the name as it was typed, not the part of it that was looked up
            given = end
        words = {
            "head_arg": given,
            "symbol": str(given).rpartition("@")[2],
            "heads": ", ".join(error.heads),
        }
        raise CommandError(_with_cause(text % words, history)) from error
    except ResolutionError as error:
        raise CommandError(_unresolved(error, history, from_database)) from error
    except TooFewRevisions as error:
        raise CommandError(
            f"{error}; 'alembic history -i' shows where the database is and what lies "
            "around it"
        ) from error
    except CycleDetected as error:
        raise CommandError(str(error)) from error
    except RevisionError as error:
        raise CommandError(str(error)) from error


def _with_cause(text: str, history: RevisionMap) -> str:
    """Add what may have made a head of a revision that should be none."""
    for errors in history.graph.missing.values():
        return f"{text.rstrip('.')}. {errors[0]}"
    return text


def _unresolved(
    error: ResolutionError, history: RevisionMap, from_database: Iterable[str]
) -> str:
    name = error.argument
    text = f"Can't locate revision identified by {name!r}"
    if error.candidates:
        few = ", ".join(error.candidates[:_LISTED])
        more = ", ..." if len(error.candidates) > _LISTED else ""
        return f"{text}: it is the beginning of several, {few}{more}; write more of it"
    if "not a member of branch" in str(error):
        return f"{text}: {str(error)[0].lower()}{str(error)[1:]}"
    if isinstance(from_database, str):
        from_database = (from_database,)
    if name in (from_database or ()):
        return (
            f"{text}; the database says that it is at this revision, but no revision "
            "file has that id. Bring the file back (is it on another branch of the "
            "code?), or, when the schema is known to match a revision, record that "
            "one with 'alembic stamp --purge <revision>'"
        )
    similar = _similar(name, history)
    if similar:
        return f"{text}; did you mean {similar!r}?"
    return f"{text}; 'alembic history' lists those that there are"


def _similar(name: str, history: RevisionMap) -> Optional[str]:
    from difflib import get_close_matches

    graph = history.graph
    known = [*graph.nodes, *graph.labels, "head", "heads", "base"]
    found = get_close_matches(name, known, n=1, cutoff=0.75)
    return found[0] if found else None
