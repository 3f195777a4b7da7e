"""The SQL of every operation on every dialect, as tables of calls."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple

import pytest
import sqlalchemy
from sqlalchemy import exc

from alembic.sqla import version
from alembic.util.exc import CommandError
from tests.support.recorder import Recorder

pytestmark = pytest.mark.skipif(
    not version.sqla_1_4, reason="the tables use identity and computed columns"
)

TABLES = Path(__file__).parent / "statements"

NAMES = {**vars(sqlalchemy), "sa": sqlalchemy, "T": sqlalchemy.Integer()}


class Case(NamedTuple):
    """A call, and what it writes on some dialects."""

    place: str
    call: str
    needs_newest: bool
    written: Dict[str, str]


def read(path: Path) -> Iterator[Case]:
    """Read a table: calls after ``>>>``, dialects in brackets, then what is written.

    A line that begins with ``!`` is the error that ends the call. ``needs SQLAlchemy
    2.1`` marks what older versions of SQLAlchemy write in another way.
    """
    line_number = 1
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        call: List[str] = []
        written: Dict[str, List[str]] = {}
        dialects: List[str] = []
        needs_newest = False
        for line in block.splitlines():
            if line.startswith((">>> ", "... ")):
                call.append(line[4:])
            elif line == "needs SQLAlchemy 2.1":
                needs_newest = True
            elif re.fullmatch(r"\[[a-z ]+\]", line):
                dialects = line[1:-1].split()
                written.update((dialect, []) for dialect in dialects)
            else:
                for dialect in dialects:
                    written[dialect].append(line)
        yield Case(
            f"{path.stem}:{line_number}",
            "\n".join(call),
            needs_newest,
            {dialect: "\n".join(lines) for dialect, lines in written.items()},
        )
        line_number += block.count("\n") + 2


CASES = [case for path in sorted(TABLES.glob("*.txt")) for case in read(path)]


def carried_out(dialect_name: str, call: str) -> str:
    """Return what a call writes, without empty lines, and its error if it has one."""
    recorder = Recorder(dialect_name)
    error = ""
    try:
        eval(compile(call, "<table>", "eval"), {**NAMES, "op": recorder.op})
    except (CommandError, NotImplementedError, exc.CompileError) as raised:
        message = str(raised).split(" (Background")[0].split(" (<table>")[0]
        # operations say first which of them it was, which is not the dialect's matter
        message = re.sub(r"^op\.\w+\(\)( on table \S+)?: ", "", message)
        message = re.sub(r"^\(in op\..*?\)\s+", "", message)
        error = f"! {type(raised).__name__}: {message}"
    lines = [line.rstrip() for line in recorder.text.splitlines() if line.strip()]
    return "\n".join([*lines, error]).strip()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("case", CASES, ids=[case.place for case in CASES])
def test_call_writes_the_sql_of_the_table(case: Case) -> None:
    """Each call writes what its table says, on all dialects that are listed."""
    if case.needs_newest and not version.sqla_2_1:
        pytest.skip("another SQLAlchemy writes this in another way")
    found = {dialect: carried_out(dialect, case.call) for dialect in case.written}
    assert found == case.written


def test_the_tables_are_read() -> None:
    """The tables hold every family of operations, and no case that lists nothing."""
    families = {case.place.split(":")[0] for case in CASES}
    assert families == {"columns", "constraints", "data", "indexes", "tables"}
    assert len(CASES) > 130
    assert all(case.written for case in CASES)
