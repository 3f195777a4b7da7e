"""What the record of a database says, for the commands that mention it."""

from __future__ import annotations

from ..util.exc import CommandError
from ..util.messaging import format_as_comma

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Collection
    from typing import Iterable
    from typing import List
    from typing import Optional
    from typing import Set

    from ..script import ScriptDirectory
    from ..settings import Config

_NEVER_RAN = "never ran"


def _warn(line: str) -> None:
    # a command that has nothing to warn of never loads the logging of Python
    import logging

    logging.getLogger("alembic.runtime.migration").warning("%s", line)


def warn_of_record(heads: Collection[str], context: Any) -> None:
    """Log what record and revision files disagree about.

    :param heads: where the database is.
    :param context: the migration context; one without a record has nothing to say.
    """
    for _, line in _complaints(heads, context):
        _warn(line)


def refuse_never_run(
    heads: Collection[str], context: Any, error: type = CommandError
) -> None:
    """Raise when a revision below the database's own is known never to have run.

    Files that were edited are warned of.

    :param heads: where the database is.
    :param context: the migration context.
    :param error: the exception to raise.
    """
    for kind, line in _complaints(heads, context):
        if kind == _NEVER_RAN:
            raise error(line)
        _warn(line)


def _complaints(heads: Collection[str], context: Any) -> Iterable[Any]:
    record = getattr(context, "record", None)
    if record is None or context.as_sql:
        return ()
    found: Iterable[Any] = record.complaints(heads)
    return found


class ShowRecord:
    """The work of ``history --applied``: prints the record, the newest line first.

    :param config: where to print.
    :param script: the revisions.
    :param chosen: the revisions to print; None for all.
    :param verbose: a block for each line.
    """

    def __init__(
        self,
        config: Config,
        script: ScriptDirectory,
        chosen: Any,
        verbose: bool,
    ) -> None:
        self.config = config
        self.script = script
        self.chosen = chosen
        self.verbose = verbose

    def __call__(self, heads: Any, context: Any) -> Iterable[Any]:
        if context.record is None:
            raise CommandError(
                "history --applied shows the record of what ran, but none is kept; "
                "begin one with 'record_table = alembic_record' in the configuration, "
                "or record_table=... in context.configure()"
            )
        chosen: Optional[Set[str]] = None
        if self.chosen is not None:
            chosen = {revision.revision for revision in self.chosen(heads)}
        edited = {
            found.revision
            for found in context.record.findings(heads)
            if found.kind == "edited"
        }
        for entry in reversed(context.record.entries()):
            if chosen is not None and entry.revision not in chosen:
                continue
            show = self._block if self.verbose else self._line
            self.config.print_stdout("%s", show(entry, entry.revision in edited))
        for _, line in context.record.complaints(heads):
            _warn(line)
        return []

    def _doc(self, revision: str) -> str:
        node = self.script.revision_map.graph.nodes.get(revision)
        return "(no file)" if node is None else str(getattr(node, "doc", "")).strip()

    def _line(self, entry: Any, edited: bool) -> str:
        mark = " (edited since)" if edited else ""
        return (
            f"{entry.ran_at:%Y-%m-%d %H:%M:%S} {entry.direction:<9} {entry.revision}"
            f"{mark}, {self._doc(entry.revision)}"
        )

    def _block(self, entry: Any, edited: bool) -> str:
        lines: List[str] = [
            f"Rev: {entry.revision}{' (edited since)' if edited else ''}",
            f"What: {entry.direction}",
            f"When: {entry.ran_at:%Y-%m-%d %H:%M:%S} UTC",
            f"By: {entry.ran_by}",
        ]
        if entry.duration_ms is not None:
            lines.append(f"Took: {entry.duration_ms / 1000:.3f} seconds")
        lines += [
            f"Checksum: {entry.checksum or 'none'}",
            f"Alembic: {entry.tool_version}",
            f"Database then at: {format_as_comma(entry.head_ids) or '<base>'}",
            "",
            f"    {self._doc(entry.revision)}",
            "",
        ]
        return "\n".join(lines)
