"""What is measured: each row of the table, its work, its floor and its target."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import List
from typing import Optional
from typing import Sequence

import floors
import projects

PREPARED = "prepared"


@dataclass(frozen=True)
class Case:
    """One row.

    :ivar name: what the table calls it.
    :ivar backend: the database it needs.
    :ivar target: how many times faster than Alembic 1.20.1 it is to be.
    :ivar prepare: makes the project in a folder, given the database's URL.
    :ivar argv: the arguments of `alembic` that are measured.
    :ivar before: commands that each side runs once before its runs, unmeasured.
    :ivar floor: Python code that does the least that any tool would have to do.
    :ivar cold: forget what a former run left in ``__pycache__``.
    """

    # what a run of these leaves behind changes nothing for the next
    _READERS = ("--help", "--version", "list_templates", "heads", "history", "show")
    _READERS += ("branches", "current", "check")

    name: str
    target: float
    prepare: Callable[[Path, str], None]
    argv: Sequence[str]
    backend: str = "sqlite"
    before: Sequence[Sequence[str]] = ()
    floor: Optional[str] = None
    cold: bool = False

    @property
    def is_light(self) -> bool:
        """Whether the command never touches a database."""
        is_plain = self.argv[0] not in ("upgrade", "downgrade", "current", "check")
        return is_plain and "--autogenerate" not in self.argv

    @property
    def only_reads(self) -> bool:
        """Whether the command can be run again and again in the same folder."""
        return self.argv[0] in self._READERS or "--sql" in self.argv


def empty(count: int) -> Callable[[Path, str], None]:
    def prepare(folder: Path, url: str) -> None:
        projects.project(folder, url)
        projects.history(folder, count, tables=False)

    return prepare


def _forked(count: int) -> Callable[[Path, str], None]:
    def prepare(folder: Path, url: str) -> None:
        empty(count)(folder, url)
        projects.branch(folder, count)

    return prepare


def _tables(count: int) -> Callable[[Path, str], None]:
    def prepare(folder: Path, url: str) -> None:
        projects.project(folder, url)
        projects.history(folder, count, tables=True)

    return prepare


def models(count: int, create: bool) -> Callable[[Path, str], None]:
    def prepare(folder: Path, url: str) -> None:
        projects.project(folder, url, projects.models(folder, count))
        if create:
            import subprocess
            import sys

            subprocess.run(
                [
                    sys.executable,
                    "-c",
                    "import models, sqlalchemy as sa, sys\n"
                    "e = sa.create_engine(sys.argv[1])\n"
                    "if e.dialect.name == 'postgresql':\n"
                    # one transaction could not hold the locks of thousands of tables
                    "    e = e.execution_options(isolation_level='AUTOCOMMIT')\n"
                    "models.metadata.create_all(e)",
                    url,
                ],
                cwd=folder,
                check=True,
            )

    return prepare


def batch(kind: str, rows: int) -> Callable[[Path, str], None]:
    def prepare(folder: Path, url: str) -> None:
        projects.project(folder, url)
        projects.batch_revision(folder, kind)
        projects.big_table(Path(url[len("sqlite:///") :]), rows)

    return prepare


def cases(scale: float = 1.0) -> List[Case]:
    """Return all rows.

    :param scale: 1 for the sizes that the targets are stated for; less for a quick
        look.
    """

    def n(count: int) -> int:
        return max(2, int(count * scale))

    revisions = empty(n(2000))
    rows = n(1_000_000)
    return [
        Case("--help", 12, empty(1), ["--help"], floor=floors.START),
        Case("--version", 12, empty(1), ["--version"], floor=floors.START),
        Case("list_templates", 12, empty(1), ["list_templates"], floor=floors.START),
        *(
            Case(
                f"{' '.join(argv)}, {n(2000)} revisions",
                12,
                revisions,
                argv,
                floor=floors.LISTING,
            )
            for argv in (
                ["heads"],
                ["history"],
                ["show", "head"],
                ["branches"],
                ["revision", "-m", "x"],
            )
        ),
        Case(
            f"merge heads, {n(2000)} revisions",
            12,
            _forked(n(2000)),
            ["merge", "heads", "-m", "x"],
            floor=floors.LISTING,
        ),
        Case(
            f"heads at first sight, {n(2000)} revisions",
            4,
            revisions,
            ["heads"],
            floor=floors.LISTING,
            cold=True,
        ),
        Case(
            f"current, {n(2000)} revisions",
            2.5,
            revisions,
            ["current"],
            floor=floors.IMPORT,
        ),
        Case(
            f"upgrade head, {n(1000)} empty revisions",
            2.5,
            empty(n(1000)),
            ["upgrade", "head"],
            floor=floors.IMPORT,
        ),
        Case(
            f"upgrade head, {n(1000)} tables",
            2.5,
            _tables(n(1000)),
            ["upgrade", "head"],
            floor=floors.raw_upgrade(n(1000)),
        ),
        Case(
            f"upgrade head, {n(1000)} tables",
            1.6,
            _tables(n(1000)),
            ["upgrade", "head"],
            backend="postgresql",
            floor=floors.raw_upgrade(n(1000)),
        ),
        Case(
            f"upgrade head, {n(300)} tables",
            1.3,
            _tables(n(300)),
            ["upgrade", "head"],
            backend="mariadb",
            floor=floors.raw_upgrade(n(300)),
        ),
        Case(
            f"downgrade base, {n(1000)} tables",
            2.5,
            _tables(n(1000)),
            ["downgrade", "base"],
            before=[["upgrade", "head"]],
            floor=floors.raw_downgrade(n(1000)),
        ),
        Case(
            f"upgrade head --sql, {n(1000)} tables",
            1.8,
            _tables(n(1000)),
            ["upgrade", "head", "--sql"],
            backend="postgresql",
            floor=floors.bare_script(n(1000)),
        ),
        Case(
            f"check, {n(500)} tables",
            2.2,
            models(n(500), True),
            ["check"],
            backend="postgresql",
            floor=floors.MODELS,
        ),
        Case(
            f"check, {n(500)} tables",
            1.7,
            models(n(500), True),
            ["check"],
            floor=floors.MODELS,
        ),
        Case(
            f"check, {n(200)} tables",
            1.7,
            models(n(200), True),
            ["check"],
            backend="mariadb",
            floor=floors.MODELS,
        ),
        Case(
            f"revision --autogenerate, {n(500)} new tables",
            1.8,
            models(n(500), False),
            ["revision", "--autogenerate", "-m", "x"],
            floor=floors.MODELS,
        ),
        *(
            Case(
                f"batch: {kind}, {rows} rows",
                target,
                batch(kind, rows),
                ["upgrade", "head"],
                floor=floors.raw_batch(kind),
            )
            for kind, target in (
                ("rename", 2.5),
                ("drop", 2),
                ("add", 1.5),
                ("several", 1.2),
            )
        ),
    ]


def copy_of(prepared: Path, target: Path) -> None:
    """Lay a fresh copy of a prepared project over what a run has changed."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(prepared, target)
