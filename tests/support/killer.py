"""Runs commands in processes of their own, and kills them where a test says.

``python -m tests.support.killer`` reads one order a line from its standard input and
answers each with a line; it forks, so that a command costs little more than its work.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any
from typing import Dict
from typing import Optional

ROOT = Path(__file__).resolve().parents[2]

ENV = """
from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
with engine.connect() as connection:
    context.config.attributes["watch"](engine)
    context.configure(connection=connection, **context.config.attributes["options"])
    with context.begin_transaction():
        context.run_migrations()
"""


class Killer:
    """Runs commands on one project and one database.

    :param folder: the folder of the scripts.
    :param url: the database.
    :param options: options of ``context.configure()``.
    """

    def __init__(self, folder: Path, url: str, **options: Any) -> None:
        self.base = {"folder": str(folder), "url": url, "options": options}
        self._process: Any = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )

    def run(
        self,
        command: str,
        *words: Any,
        at: Optional[int] = None,
        after: Optional[float] = None,
        **kw: Any,
    ) -> Dict[str, Any]:
        """Run a command.

        :param command: the name of a function of `alembic.command`.
        :param at: kill -9 before this call of the driver, counted from 1.
        :param after: kill -9 after this many seconds.
        :return: ``status``: ``ended``, ``failed`` or ``killed``; ``error``: why it
            failed; ``calls`` of the driver and ``seconds``, unless it was killed.
        """
        order = {**self.base, "command": command, "words": words, "kw": kw}
        self._process.stdin.write(json.dumps({**order, "at": at, "after": after}))
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process that runs commands has ended"
        return json.loads(line)

    def ended(self, command: str, *words: Any, **kw: Any) -> Dict[str, Any]:
        """Run a command that has to succeed."""
        outcome = self.run(command, *words, **kw)
        assert outcome["status"] == "ended", outcome
        return outcome

    def close(self) -> None:
        """End."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(120)


def _watch(order: Dict[str, Any], calls: Any) -> Any:
    """Return what counts the calls of the driver, and kills where it is told."""

    def watch(engine: Any) -> None:
        dialect = engine.dialect
        for name in ("do_execute", "do_executemany", "do_commit"):
            setattr(dialect, name, _counted(getattr(dialect, name), order, calls))

    return watch


def _counted(call: Any, order: Dict[str, Any], calls: Any) -> Any:
    def counted(*args: Any, **kw: Any) -> Any:
        calls.append(1)
        if order["at"] == len(calls):
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kw)

    return counted


def _perform(order: Dict[str, Any], answer: Any) -> None:
    """Run the command; for the process that may be killed."""
    import logging

    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    logging.disable(logging.CRITICAL)
    calls: Any = []
    config = Config(stdout=open(os.devnull, "w"))  # noqa: SIM115
    config.set_main_option("script_location", order["folder"])
    config.attributes.update(
        url=order["url"], options=order["options"], watch=_watch(order, calls)
    )
    began = time.monotonic()
    found: Dict[str, Any] = {"status": "ended"}
    try:
        getattr(command, order["command"])(config, *order["words"], **order["kw"])
    except CommandError as error:
        found = {"status": "failed", "error": str(error)}
    except Exception as error:
        found = {"status": "failed", "error": repr(error)}
    found.update(calls=len(calls), seconds=time.monotonic() - began)
    answer.write(json.dumps(found))
    answer.flush()


def _serve() -> None:
    # what every command needs is loaded once
    import sqlalchemy.ext.compiler  # noqa: F401

    import alembic.autogenerate
    import alembic.command
    import alembic.environment  # noqa: F401

    warnings.filterwarnings("error", category=sqlalchemy.exc.SADeprecationWarning)
    for line in sys.stdin:
        order = json.loads(line)
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reader)
            with os.fdopen(writer, "w") as answer:
                _perform(order, answer)
            os._exit(0)
        os.close(writer)
        if order["after"] is not None:
            time.sleep(order["after"])
            os.kill(pid, signal.SIGKILL)
        with os.fdopen(reader) as stream:
            answer_line = stream.read()
        os.waitpid(pid, 0)
        print(answer_line or json.dumps({"status": "killed"}), flush=True)


if __name__ == "__main__":
    _serve()
