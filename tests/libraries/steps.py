"""Runs several commands in one process: ``python -m steps alembic "upgrade head" ...``.

A copy of this file lies in the folder of each project that a story begins with. The
word before the commands says whose they are: ``alembic``, or ``flask`` for those of
``flask db``.
"""

from __future__ import annotations

import shlex
import sys
from typing import Any
from typing import List


def _alembic(argv: List[str]) -> None:
    from alembic.config import CommandLine

    CommandLine(prog="alembic").main(argv)


def _flask(argv: List[str]) -> None:
    from app import app

    app.cli.main(["db", *argv], prog_name="flask", standalone_mode=True)


def _status(run: Any, argv: List[str]) -> int:
    try:
        run(argv)
    except SystemExit as ended:
        return int(ended.code or 0) & 255
    except Exception as error:
        # the lines of code that it went through differ
        print(f"{type(error).__name__}: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    return 0


def main(program: str, *lines: str) -> None:
    """Run commands one after the other and print the status of each."""
    run = {"alembic": _alembic, "flask": _flask}[program]
    for line in lines:
        print("$", line, flush=True)
        print(f"$ {line}", file=sys.stderr, flush=True)
        status = _status(run, shlex.split(line))
        sys.stdout.flush()
        print("->", status, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
