"""A process that upgrades a database; several are started at once by tests.

``python -m tests.support.upgrader URL MODE FOLDER NUMBER`` connects, leaves the file
``ready-NUMBER`` in the folder, waits for the file ``go`` and upgrades.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List

ROOT = Path(__file__).resolve().parents[2]

REVISIONS = ("r1", "r2", "r3")


def start(url: str, mode: str, folder: Path, count: int) -> List[Any]:
    """Start processes that stand ready to upgrade.

    :param mode: ``plain``, ``each``, ``autocommit``, ``commit``, ``external``,
        ``concurrently`` or ``hang``.
    :param count: how many.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", __name__, url, mode, str(folder), str(number)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
        )
        for number in range(count)
    ]
    for number in range(count):
        wait_for(folder / f"ready-{number}", processes[number])
    return processes


def go(folder: Path) -> None:
    """Let the processes begin."""
    (folder / "go").touch()


def wait_for(path: Path, process: Any) -> None:
    """Wait until a file is there."""
    deadline = time.monotonic() + 120
    while not path.exists():
        if process.poll() is not None:
            raise AssertionError(f"it ended early: {process.stdout.read()}")
        if time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"{path.name} did not come: {process.stdout.read()}")
        time.sleep(0.01)


def outcomes(processes: List[Any]) -> List[Dict[str, Any]]:
    """Return what each process printed when it had ended: ``ran`` or an error."""
    found = []
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
        found.append(json.loads(output.splitlines()[-1]))
    return found


def _bodies(mode: str, folder: Path) -> Dict[str, Any]:
    from alembic.sqla.connections import commit

    def create(context: Any) -> None:
        context.execute("CREATE TABLE ran (revision VARCHAR(20), pid INTEGER)")
        note("r1")(context)

    def note(revision: str) -> Any:
        def body(context: Any) -> None:
            time.sleep(0.1)
            context.execute(f"INSERT INTO ran VALUES ('{revision}', {os.getpid()})")

        return body

    def second(context: Any) -> None:
        note("r2")(context)
        if mode == "autocommit":
            with context.autocommit_block():
                context.execute("INSERT INTO ran VALUES ('inside', 0)")
                time.sleep(0.2)
        elif mode == "commit":
            commit(context.connection)
            time.sleep(0.2)
        elif mode == "concurrently":
            with context.autocommit_block():
                context.execute("CREATE INDEX CONCURRENTLY i ON ran (revision)")
        elif mode == "hang":
            (folder / "hanging").touch()
            time.sleep(600)

    return {"r1": create, "r2": second, "r3": note("r3")}


def main(url: str, mode: str, folder_name: str, number: str) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SADeprecationWarning
    from sqlalchemy.pool import NullPool

    from alembic.migration import MigrationContext
    from tests.support.steps import FakeHistory

    warnings.filterwarnings("error", category=SADeprecationWarning)
    folder = Path(folder_name)
    history = FakeHistory(REVISIONS, _bodies(mode, folder))
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        transaction = connection.begin() if mode == "external" else None
        context = MigrationContext.configure(
            connection,
            opts={"fn": history, "transaction_per_migration": mode == "each"},
        )
        (folder / f"ready-{number}").touch()
        while not (folder / "go").exists():
            time.sleep(0.005)
        with context.begin_transaction():
            context.run_migrations()
        if transaction is not None:
            time.sleep(0.2)
            transaction.commit()
    print(json.dumps({"ran": history.ran}))


if __name__ == "__main__":
    main(*sys.argv[1:])
