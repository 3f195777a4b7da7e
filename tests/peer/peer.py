"""Runs scenarios under Alembic 1.20.1 and under this project, for comparison."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from functools import lru_cache
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List
from typing import Tuple

import pytest
import sqlalchemy

from tests.support import databases
from tests.support.environments import CannotInstall
from tests.support.environments import made_once
from tests.support.environments import pip_install
from tests.support.versions import has
from tests.support.versions import reason

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venv-peer"
EVALUATE = Path(__file__).with_name("evaluate.py")
RELEASE = "alembic==1.20.1"


@lru_cache(maxsize=None)
def peer_python() -> str:
    """Return the interpreter of a virtual environment that holds Alembic 1.20.1.

    It is made at the first need from the package index, with the SQLAlchemy that
    this project is tested with; a test is skipped where that is impossible.
    """
    if not has("1.4"):
        # Alembic 1.20.1 does not work with an older one
        pytest.skip(f"{RELEASE} {reason('1.4')}")
    python = FOLDER / "bin" / "python"
    wanted = f"{RELEASE} {sqlalchemy.__version__} {sys.version}"

    def make() -> None:
        venv.create(str(FOLDER), with_pip=True)
        pip_install(
            python,
            RELEASE,
            f"SQLAlchemy=={sqlalchemy.__version__}",
            "psycopg2-binary",
            "pymysql",
            "tzdata",
        )

    try:
        made_once(FOLDER, wanted, make)
    except CannotInstall as error:
        why = f"{RELEASE} cannot be installed: {error}"
        databases.missing["peer"] = why
        pytest.skip(why)
    databases.used["peer"] = databases.used.get("peer", 0) + 1
    return str(python)


def evaluate(python: str, scenarios: List[Dict[str, Any]]) -> Dict[str, Any]:
    """Return the outcomes of scenarios under one interpreter, by id."""
    environ = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "PYTEST", "ALEMBIC"))
    }
    if python == sys.executable:
        environ["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [python, "-I", str(EVALUATE)]
        if python != sys.executable
        else [python, str(EVALUATE)],
        input=json.dumps(scenarios),
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def both(scenarios: List[Dict[str, Any]]) -> Dict[str, Tuple[Any, Any]]:
    """Return what Alembic 1.20.1 and this project answer, by scenario id."""
    ids = [row["id"] for row in scenarios]
    assert len(ids) == len(set(ids)), "two scenarios have one id"
    theirs = evaluate(peer_python(), scenarios)
    ours = evaluate(sys.executable, scenarios)
    return {name: (theirs[name], ours[name]) for name in ids}
