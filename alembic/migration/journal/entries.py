"""What the journal holds: the revision that is under way, and its statements."""

from __future__ import annotations

import hashlib
import json
from enum import Enum
from typing import Any
from typing import Dict
from typing import Iterable
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Tuple

ENTRY_LENGTH = 4000
"""How many characters the database keeps of an entry."""

_TEXT_LENGTH = 3000
_ANSWERS_LENGTH = 3000
_SHOWN_LENGTH = 300


class State(Enum):
    """How far a statement came."""

    STARTED = "started"
    """Begun; when another one follows it, done."""
    DONE = "done"
    FAILED = "failed"
    """The database refused it, and the revision went on, or ended there."""
    ACCEPTED = "accepted"
    """Done, whatever its text is now; a person said so."""


class Header(NamedTuple):
    """The step that is under way.

    :ivar direction: ``upgrade`` or ``downgrade``.
    :ivar revision: the revision that is applied or taken away.
    :ivar heads: what the version table held when it began, sorted.
    :ivar name: the step in a few words, ``upgrade a -> b``.
    :ivar target: what to go to in order to finish it, for the command of its direction.
    :ivar file: a digest of the revision file; nothing when there is none.
    """

    direction: str
    revision: str
    heads: Tuple[str, ...]
    name: str
    target: str
    file: str = ""

    def dump(self) -> str:
        """Return it as the text that is stored."""
        return _dump(self._asdict())

    @classmethod
    def load(cls, text: str) -> Header:
        """Return it from the text that was stored."""
        fields = json.loads(text)
        fields["heads"] = tuple(fields["heads"])
        return cls(**{name: fields[name] for name in cls._fields if name in fields})

    def is_of(self, other: Header) -> bool:
        """Tell whether both are the same step."""
        return (self.direction, self.revision) == (other.direction, other.revision)


class Entry:
    """One statement of the revision that is under way.

    :param position: its number, from 1.
    :param text: the statement; the beginning of it when it is long.
    :param state: how far it came.
    :param checksum: a digest of its text.
    :param parameters: a digest of its parameters.
    :param count: how many rows it changed, as the driver says.
    :param key: the last key it generated.
    :param gave_rows: whether it returned rows.
    :param before: a digest of the table's definition before the statement.
    :param answers: what its directive had asked the database.
    """

    def __init__(
        self,
        position: int,
        text: str,
        *,
        state: State,
        checksum: str,
        parameters: str,
        count: Optional[int] = None,
        key: Optional[int] = None,
        gave_rows: bool = False,
        before: Optional[str] = None,
        answers: Optional[Dict[str, Any]] = None,
    ) -> None:
        self.position = position
        self.text = text
        self.state = state
        self.checksum = checksum
        self.parameters = parameters
        self.count = count
        self.key = key
        self.gave_rows = gave_rows
        self.before = before
        self.answers = answers or {}

    @classmethod
    def of_statement(cls, position: int, statement: str, parameters: Any) -> Entry:
        """Return the entry of a statement that is about to run."""
        return cls(
            position,
            statement,
            state=State.STARTED,
            checksum=digest(statement),
            parameters=digest_of_parameters(parameters),
        )

    @property
    def is_cut(self) -> bool:
        """Whether the text is only the beginning of the statement."""
        return digest(self.text) != self.checksum

    @property
    def shown(self) -> str:
        """The statement on one line, shortened for a message."""
        text = " ".join(self.text.split())
        if len(text) > _SHOWN_LENGTH or self.is_cut:
            text = text[:_SHOWN_LENGTH] + " ..."
        return text

    def dump(self) -> str:
        """Return it as the text that is stored, which fits into `ENTRY_LENGTH`.

        A long statement is cut; long answers are left out, and asked for again.
        """
        fields: Dict[str, Any] = {
            "statement": self.text[:_TEXT_LENGTH],
            "checksum": self.checksum,
            "parameters": self.parameters,
            "count": self.count,
            "key": self.key,
            "gave_rows": self.gave_rows or None,
            "before": self.before,
            "answers": self.answers or None,
        }
        found = {name: value for name, value in fields.items() if value is not None}
        if self.answers and len(_dump(self.answers)) > _ANSWERS_LENGTH:
            del found["answers"]
        text = _dump(found)
        while len(text) > ENTRY_LENGTH:
            found["statement"] = found["statement"][: len(found["statement"]) // 2]
            text = _dump(found)
        return text

    @classmethod
    def load(cls, position: int, state: str, text: str) -> Entry:
        """Return it from what was stored."""
        fields = json.loads(text)
        return cls(
            position,
            fields["statement"],
            state=State(state),
            checksum=fields["checksum"],
            parameters=fields["parameters"],
            count=fields.get("count"),
            key=fields.get("key"),
            gave_rows=bool(fields.get("gave_rows")),
            before=fields.get("before"),
            answers=fields.get("answers"),
        )


class Unfinished(NamedTuple):
    """A revision that was begun and did not end.

    :ivar header: which.
    :ivar entries: its statements, as far as they were begun.
    """

    header: Header
    entries: List[Entry]

    @property
    def done(self) -> List[Entry]:
        """The statements that took effect."""
        doubtful = self.in_doubt
        return [
            entry
            for entry in self.entries
            if entry is not doubtful and entry.state is not State.FAILED
        ]

    @property
    def in_doubt(self) -> Optional[Entry]:
        """The statement that was running when the run was cut off, if any."""
        if self.entries and self.entries[-1].state is State.STARTED:
            return self.entries[-1]
        return None

    @property
    def failed(self) -> Optional[Entry]:
        """The statement with which the run failed, if that is how it ended."""
        if self.entries and self.entries[-1].state is State.FAILED:
            return self.entries[-1]
        return None

    @property
    def command(self) -> str:
        """What to type to go on."""
        return f"alembic {self.header.direction} {self.header.target}"

    @property
    def origin(self) -> str:
        """Where the database stood before, as ``alembic stamp`` takes it."""
        return " ".join(self.header.heads) or "base"

    def __str__(self) -> str:
        count = len(self.done)
        text = (
            f"{self.header.name} is unfinished: {count} "
            f"statement{'' if count == 1 else 's'} done"
        )
        if self.in_doubt is not None:
            text += f", one cut off: {self.in_doubt.shown}"
        elif self.failed is not None:
            text += f", then failed: {self.failed.shown}"
        return text


def header_of(step: Any, heads: Iterable[str]) -> Header:
    """Return the header of a step.

    :param step: a step that runs a revision.
    :param heads: the versions in the version table.
    """
    # programs may have steps of their own, which tell less
    from_: Tuple[str, ...] = getattr(step, "from_revisions_no_deps", ())
    to: Tuple[str, ...] = getattr(step, "to_revisions_no_deps", ())
    if step.is_upgrade:
        direction, above = "upgrade", to
        target = "".join(above[:1])
    else:
        direction, above = "downgrade", from_
        target = "-1" if len(to) > 1 else "".join(to) or "base"
    return Header(
        direction,
        "".join(above[:1]),
        tuple(sorted(heads)),
        step.short_log,
        target,
        _digest_of_file(getattr(getattr(step, "revision", None), "path", None)),
    )


def _digest_of_file(path: Optional[str]) -> str:
    """Return a digest of a revision file, nothing when it cannot be read."""
    if path is None:
        return ""
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()[:32]
    except OSError:
        return ""


def digest(text: str) -> str:
    """Return a short digest of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def digest_of_parameters(parameters: Any) -> str:
    """Return a digest of the parameters of a statement, nothing when it has none."""
    if not parameters:
        return ""
    sum_ = hashlib.sha256()
    rows: Iterable[Any] = parameters if isinstance(parameters, list) else (parameters,)
    for row in rows:
        sum_.update(repr(row).encode("utf-8", "backslashreplace"))
    return sum_.hexdigest()[:32]


# plain ASCII, so that no character set of a connection can stand in the way
_dump = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
