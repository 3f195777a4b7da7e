"""Runs the tests on every Python of this machine that tox names.

The two ends of the matrix run what needs a database of any kind or none, what lies
between them the same without servers. What compares with Alembic 1.20.1, checks types
or builds the documentation runs once, in `make test`.

Usage: python tests/support/matrix.py [ENVIRONMENT ...] [-- ARGUMENT OF PYTEST ...]
"""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict
from typing import List
from typing import Optional

ROOT = Path(__file__).resolve().parents[2]

FULL = ["tests/unit", "tests/backends", "tests/cli", "tests/architecture"]
SHORT = ["tests/unit", "tests/backends", "-k", "not postgresql and not mariadb"]

WORKERS = os.environ.get("WORKERS", "2")

# what this project and its tests import; the project itself is the checkout
PACKAGES = [
    "Mako",
    "typing-extensions",
    "tomli",
    "pytest>=7",
    "pytest-xdist",
    "hypothesis",
    "greenlet",
    "tzdata",
]
# each where there is one for the Python
DRIVERS = ["psycopg2-binary", "pymysql", "psycopg[binary]", "asyncpg", "aiosqlite"]


def environments() -> Dict[str, str]:
    """Return the environments of tox.ini, each with the SQLAlchemy it wants."""
    parser = configparser.ConfigParser()
    parser.read(str(ROOT / "tox.ini"), encoding="utf-8")
    wanted = {}
    for line in parser["testenv"]["deps"].split("\n"):
        factor, _, requirement = line.partition(": ")
        wanted[factor.strip()] = requirement.strip()
    return {
        name: wanted[name.partition("-")[2]]
        for name in parser["tox"]["envlist"].split()
    }


def interpreter(name: str) -> Optional[str]:
    """Return the Python that an environment begins with, when it can be started."""
    digits = name.partition("-")[0][2:]
    found = shutil.which(f"python{digits[0]}.{digits[1:]}")
    if found is None:
        return None
    # a shim of a version manager is there for versions that are not
    done = subprocess.run([found, "-c", "import venv"], capture_output=True)
    return None if done.returncode else found


def ready(name: str, python: str, requirement: str) -> str:
    """Make an environment, unless it was made before, and return its Python."""
    folder = ROOT / f".venv-{name}"
    inside = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        pip = [str(inside), "-m", "pip", "install", "--quiet"]
        pip.append("--disable-pip-version-check")
        subprocess.run([*pip, *PACKAGES, requirement], check=True)
        for driver in DRIVERS:
            # without it the tests that need it say so
            subprocess.run([*pip, driver], check=False)
        (folder / ".ready").touch()
    return str(inside)


def main(arguments: List[str]) -> int:
    """Run the environments one after the other; return how many failed."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    asked, given = arguments[:split], arguments[split + 1 :]
    wanted = environments()
    ends = (list(wanted)[0], list(wanted)[-1])
    unknown = set(asked) - set(wanted)
    if unknown:
        sys.exit(f"tox.ini has no {', '.join(unknown)}, but {', '.join(wanted)}")
    lines = []
    failed = 0
    for name in asked or wanted:
        python = interpreter(name)
        if python is None:
            lines.append(f"{name}: skipped, this machine does not have its Python")
            continue
        print(f"== {name}", flush=True)
        try:
            inside = ready(name, python, wanted[name])
        except subprocess.CalledProcessError as error:
            failed += 1
            lines.append(f"{name}: FAILED, it could not be made: {error}")
            continue
        tests = given or (FULL if name in ends else SHORT)
        command = [inside, "-m", "pytest", "-q", "-n", WORKERS, *tests]
        status = subprocess.run(command, cwd=str(ROOT)).returncode
        failed += bool(status)
        lines.append(f"{name}: {'FAILED' if status else 'passed'}")
    print("\n".join(lines), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
