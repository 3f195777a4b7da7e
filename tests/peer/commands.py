"""Runs commands in project folders, one JSON request a line, under either `alembic`.

Run as a script by `tests/peer/test_turns.py`; it imports nothing of this project's
tests. A request holds ``folder``, ``url``, ``stage`` and ``argv``; the answer the exit
status, what was printed, and the log lines of steps that ran.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import sys
import warnings


def answer(request, log):
    """Run one command and return what came of it."""
    from alembic.config import CommandLine
    from alembic.config import Config

    os.chdir(request["folder"])
    os.environ.update(DATABASE_URL=request["url"], STAGE=str(request.get("stage", 1)))
    out = io.StringIO()
    log.seek(0)
    log.truncate()
    original = Config.__init__

    def with_output(self, *arg, **kw):
        # the default is bound when the class is defined
        kw["stdout"] = out
        original(self, *arg, **kw)

    Config.__init__ = with_output
    status = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            CommandLine(prog="alembic").main(request["argv"])
    except SystemExit as ended:
        status = int(ended.code or 0) & 255
    except Exception as error:
        status, text = 1, str(error).split("\n")[0]
        out.write(f"{type(error).__name__}: {text}")
    finally:
        Config.__init__ = original
    ran = [line for line in log.getvalue().splitlines() if line.startswith("Running")]
    return {"status": status, "output": out.getvalue(), "ran": ran}


def main():
    """Answer requests until there are no more."""
    warnings.simplefilter("ignore")
    log = io.StringIO()
    logger = logging.getLogger("alembic.runtime.migration")
    logger.addHandler(logging.StreamHandler(log))
    logger.setLevel("INFO")
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), log)), flush=True)


if __name__ == "__main__":
    main()
