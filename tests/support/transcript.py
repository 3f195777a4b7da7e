"""Runs commands in a folder as a user would and looks at what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict
from typing import Mapping
from typing import Optional

ROOT = Path(__file__).resolve().parents[2]

# as Python prints a warning; `PYTHONWARNINGS` cannot make an error of a class that is
# no built-in one. What other installed packages do is theirs.
_DEPRECATION = re.compile(
    r"^(?!.*-packages/(?!sqlalchemy/|alembic/)).*: "
    r"(?:(?:SA\w*|Base20)DeprecationWarning|\w+In20Warning|LegacyAPIWarning): .*$",
    re.M,
)


def without_deprecations(printed: str) -> None:
    """Claim that what a command printed holds no deprecation of SQLAlchemy."""
    found = _DEPRECATION.search(printed)
    assert found is None, f"SQLAlchemy calls it deprecated: {found[0]}\n{printed}"


@dataclass
class Outcome:
    """What a command printed and how it ended."""

    command: str
    status: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    def ok(self) -> Outcome:
        """Claim that the command succeeded."""
        assert self.status == 0, str(self)
        return self

    def failed(self, *words: str) -> Outcome:
        """Claim a failure told in one line that holds ``words``, no traceback."""
        assert self.status != 0, str(self)
        assert "Traceback" not in self.output, str(self)
        lines = [line for line in self.output.splitlines() if "FAILED" in line]
        assert len(lines) == 1, str(self)
        for word in words:
            assert word in lines[0], str(self)
        return self

    def __str__(self) -> str:
        return (
            f"$ {self.command}\n(exit status {self.status})\n"
            f"--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"
        )


class Terminal:
    """A folder and an environment in which commands run.

    A deprecation of SQLAlchemy is an error, as it is within this process. Output is
    buffered as for most people, even where the tests run without: unbuffered, Python
    writes a line and its end one after the other, and commands that run at the same
    time put theirs in between.

    :param folder: where they run.
    :param environ: variables set beside those of this process.
    """

    def __init__(
        self, folder: Path, environ: Optional[Mapping[str, str]] = None
    ) -> None:
        self.folder = folder
        self.environ: Dict[str, str] = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")},
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "default",
            "COLUMNS": "80",
            **(environ or {}),
        }
        for name in ("ALEMBIC_CONFIG", "PYTHONUNBUFFERED"):
            self.environ.pop(name, None)

    def alembic(self, *argv: str, stdin: str = "", timeout: float = 300) -> Outcome:
        """Run ``alembic`` with arguments."""
        return self.run(
            [sys.executable, "-m", "alembic", *argv],
            shown=" ".join(("alembic", *argv)),
            stdin=stdin,
            timeout=timeout,
        )

    def python(self, code: str, *argv: str, timeout: float = 300) -> Outcome:
        """Run a piece of Python."""
        return self.run(
            [sys.executable, "-c", code, *argv], shown="python -c …", timeout=timeout
        )

    def run(
        self, command, *, shown: str = "", stdin: str = "", timeout: float = 300
    ) -> Outcome:
        done = subprocess.run(
            command,
            cwd=str(self.folder),
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        outcome = Outcome(
            shown or " ".join(command), done.returncode, done.stdout, done.stderr
        )
        without_deprecations(outcome.output)
        return outcome

    def write(self, path: str, content: str) -> Path:
        """Write a file of the folder."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        return target

    def read(self, path: str) -> str:
        """Read a file of the folder."""
        return (self.folder / path).read_text(encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text in a file, which must hold it exactly once."""
        content = self.read(path)
        assert content.count(old) == 1, f"{path} holds {old!r} {content.count(old)} x"
        self.write(path, content.replace(old, new))
