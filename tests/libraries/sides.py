"""Runs a story twice: with this project under the libraries, and with Alembic 1.20.1.

The libraries are installed once, into a virtual environment in which this project is
the `alembic` that they ask for. A second, thin one puts Alembic 1.20.1 before it and
takes everything else from the first.
"""

from __future__ import annotations

import ast
import bisect
import difflib
import hashlib
import json
import os
import re
import shutil
import sys
import venv
from functools import lru_cache
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Optional
from typing import Tuple

import pytest
import sqlalchemy
from sqlalchemy.engine import make_url

from tests.peer.peer import RELEASE
from tests.support import databases
from tests.support.environments import CannotInstall
from tests.support.environments import made_once
from tests.support.environments import pip_install
from tests.support.transcript import Outcome
from tests.support.transcript import ROOT
from tests.support.transcript import Terminal
from tests.support.versions import has
from tests.support.versions import reason

FOLDER = ROOT / ".venv-libraries"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PROJECTS = Path(__file__).with_name("projects")
STEPS = Path(__file__).with_name("steps.py")

OURS, THEIRS = "this project", "Alembic 1.20.1"


def _absent(why: str) -> None:
    databases.missing["libraries"] = why
    pytest.skip(why)


def _install() -> None:
    ours, theirs = FOLDER / "ours", FOLDER / "theirs"
    for folder in (ours, theirs):
        venv.create(str(folder), with_pip=True, clear=True)
    pip_install(
        ours / "bin" / "python",
        "-e",
        str(ROOT),
        f"SQLAlchemy=={sqlalchemy.__version__}",
        "-r",
        str(REQUIREMENTS),
    )
    pip_install(theirs / "bin" / "python", "--no-deps", RELEASE)
    # a plain line adds the folder without reading what is installed there for import
    # hooks, and so without the hook that would find this project
    [shared] = ours.glob("lib/python*/site-packages")
    [own] = theirs.glob("lib/python*/site-packages")
    (own / "libraries.pth").write_text(f"{shared}\n")


@lru_cache(maxsize=None)
def pythons() -> Dict[str, str]:
    """Return the interpreter of each side; they are made at the first need.

    A test is skipped, and the summary says so, where that is impossible.
    """
    if sys.version_info < (3, 10) or not has("2.0"):
        _absent(f"the libraries need Python 3.10, and one {reason('2.0')}")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    needed = re.findall(r"^dependencies = \[.*?^\]", project, re.M | re.S)
    wanted = hashlib.sha256(
        f"{RELEASE} {sqlalchemy.__version__} {sys.version} {needed}".encode()
        + REQUIREMENTS.read_bytes()
    ).hexdigest()
    try:
        made_once(FOLDER, wanted, _install)
    except CannotInstall as error:
        _absent(f"the libraries cannot be installed: {error}")
    databases.used["libraries"] = databases.used.get("libraries", 0) + 1
    return {
        OURS: str(FOLDER / "ours" / "bin" / "python"),
        THEIRS: str(FOLDER / "theirs" / "bin" / "python"),
    }


class Side:
    """One of the two, with a folder and a database of its own.

    :ivar name: `OURS` or `THEIRS`.
    :ivar database: an empty database; its URL is in the variable ``DATABASE_URL``.
    :ivar seen: what is compared in the end, in the order in which it was seen.
    """

    def __init__(
        self, name: str, folder: Path, database: databases.Database, **environ: str
    ) -> None:
        self.name = name
        self.python = pythons()[name]
        self.folder = folder
        self.database = database
        self.seen: List[Any] = []
        self.last: Optional[Outcome] = None
        self.terminal = Terminal(
            folder,
            {
                "PYTHONPATH": str(folder),
                "DATABASE_URL": database.url,
                "PYTHONDONTWRITEBYTECODE": "1",
                # libraries go through sets of names
                "PYTHONHASHSEED": "0",
                # some programs call `alembic` by its name
                "PATH": f"{Path(self.python).parent}{os.pathsep}{os.environ['PATH']}",
                **environ,
            },
        )

    def run(self, *argv: str, status: int = 0) -> Outcome:
        """Run a module with arguments, as in ``python -m``, and take notice of it."""
        done = self.terminal.run([self.python, "-m", *argv], shown=" ".join(argv))
        assert done.status == status, f"{self.name}\n{done}"
        self.last = done
        self.seen.append(
            {
                "command": " ".join(argv),
                "output": self._plain(done.stdout),
                "log": _told(self._plain(done.stderr).splitlines()),
            }
        )
        return done

    def type(self, program: str, *lines: str) -> Outcome:
        """Run several commands in one process; their statuses are in the output."""
        return self.run("steps", program, *lines)

    def stage(self, number: int, *lines: str) -> Outcome:
        """Run commands of ``alembic`` while the models are in one of their stages."""
        self.terminal.environ["STAGE"] = str(number)
        return self.type("alembic", *lines)

    def _plain(self, text: str) -> str:
        """Leave out what differs from run to run: folder, database and dates."""
        text = text.replace(str(self.folder), "<folder>")
        for url in (self.database.url, make_url(self.database.url)):
            text = text.replace(str(url), "<url>")
        # here the messages go on and say what there is to choose from
        text = re.sub(
            r"(?<=No such template )(.*); available templates: .*", r"\1", text
        )
        text = re.sub(r"(?<=Ambiguous walk): .*", "", text)
        text = re.sub(r"(?<=is not empty); name another one.*", "", text)
        text = re.sub(
            r"(?<=is not up to date\.) Run 'alembic upgrade [^\"\n]*", "", text
        )
        text = re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?", "<date>", text)
        # some programs log from where in the code a line comes
        text = re.sub(r" (migration|run):\d+\]", "]", text)
        # there a statement that ends in one gets another
        text = text.replace(";;", ";")
        text = re.sub(r" +\.\.\. +done", " ... done", text)
        # there the files of a template come in whichever order the disk has, and the
        # branches in whichever order a set has
        lines = text.split("\n")
        for mark in ("Generating ", "   -> "):
            moved = sorted(line for line in lines if line.startswith(mark))
            lines = [moved.pop(0) if line.startswith(mark) else line for line in lines]
        return "\n".join(lines)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text in a file, which must hold it exactly once."""
        self.terminal.edit(path, old, new)

    def revision(self, rev_id: str, folder: str = "migrations/versions") -> str:
        """Take notice of a revision file's code and return it, without its prose."""
        found = list(self.folder.glob(f"{folder}/*{rev_id}*.py"))
        assert len(found) == 1, f"{self.name}: {found}\n{self.last}"
        [path] = found
        code = code_of(path.read_text(encoding="utf-8"))
        self.seen.append({"file": self._plain(path.name), "code": code})
        return code

    def look(self, what: str, value: Any) -> Any:
        """Take notice of a value and return it."""
        self.seen.append({what: value})
        return value


def _told(lines: List[str]) -> List[str]:
    """Return the log lines that users act on, command by command.

    What is found is told in an order of its own on either side.
    """
    parts: List[List[str]] = [[]]
    for line in lines:
        if line.startswith("$ "):
            parts += [[line], []]
        elif re.search(r"(Running|ERROR|Error|FAILED)\b", line):
            parts[-1].append(line)
        elif " Detected " in line:
            # the order of what is found tells nothing
            at = bisect.bisect([one for one in parts[-1] if " Detected " in one], line)
            parts[-1].insert(at, line)
    return [line for part in parts for line in part]


def code_of(source: str) -> str:
    """Return Python code in one fixed form, without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.Module, ast.FunctionDef))
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def _give_environment(target: Path) -> None:
    here = Path(__file__).parent
    (target / "migrations" / "versions").mkdir(parents=True)
    shutil.copy(str(here / "environment.py"), str(target / "migrations" / "env.py"))
    shutil.copy(str(here / "environment.ini"), str(target / "alembic.ini"))
    shutil.copy(
        str(here / "environment.mako"), str(target / "migrations" / "script.py.mako")
    )


Story = Callable[[Side], Any]


class Stage:
    """Gives each side a copy of a project and an empty database."""

    def __init__(self, folder: Path, fresh_database: Any) -> None:
        self.folder = folder
        self._fresh = fresh_database

    def play(
        self, story: Story, project: str = "", backend: str = "sqlite", **environ: str
    ) -> Tuple[Side, Side]:
        """Run a story on Alembic 1.20.1, then on this project.

        :param story: a function that gets a `Side`.
        :param project: the project of ``projects/`` that it begins with.
        :param backend: the kind of database.
        :returns: the two sides, with what was seen.
        """
        pythons()
        played = []
        for number, name in enumerate((THEIRS, OURS)):
            target = self.folder / str(number)
            if project:
                shutil.copytree(str(PROJECTS / project), str(target))
            else:
                target.mkdir()
            shutil.copy(str(STEPS), str(target))
            if (target / "models.py").exists():
                _give_environment(target)
            side = Side(name, target, self._fresh(backend, f"_{number}"), **environ)
            story(side)
            played.append(side)
        return played[0], played[1]

    def agree(
        self,
        story: Story,
        *arguments: Any,
        mended: Optional[Dict[str, str]] = None,
        **keywords: Any,
    ) -> Side:
        """Play a story and claim that both sides saw the same; return this project's.

        :param mended: what only this project does, on purpose: a reason, and a pattern
            of what is seen here alone. It must be there, and is then left out.
        """
        theirs, ours = self.play(story, *arguments, **keywords)
        seen = _dump(ours)
        for why, pattern in (mended or {}).items():
            assert not re.search(pattern, _dump(theirs)), why
            seen, count = re.subn(pattern, "", seen)
            assert count, f"no difference is left, take it out: {why}"
        found = "\n".join(
            difflib.unified_diff(
                _dump(theirs).splitlines(),
                seen.splitlines(),
                THEIRS,
                OURS,
                lineterm="",
                n=4,
            )
        )
        assert not found, found
        return ours


def _dump(side: Side) -> str:
    return json.dumps(side.seen, indent=1, default=str).replace("\\n", "\n")
