"""The examples in the docstrings of operations run, and write SQL."""

from __future__ import annotations

import inspect
import io
import re
import textwrap
from typing import Iterator
from typing import Tuple

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from tests.support.versions import needs

pytestmark = needs("2.0")


def examples() -> Iterator[Tuple[str, str]]:
    """Yield the name of each directive with the code below ``Example::``."""
    for name, method in inspect.getmembers(Operations, inspect.isfunction):
        if name.startswith("_"):
            continue
        text = inspect.getdoc(method) or ""
        found = re.search(r"^Example::\n\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
        if found:
            yield name, textwrap.dedent(found.group(1))


# these need a connection; other tests run them
ELSEWHERE = {"drop_constraint", "run_async"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param(name, code, id=name)
        for name, code in examples()
        if name not in ELSEWHERE
    ],
)
def test_example_of_an_operation(name, code):
    """The example works as the body of ``upgrade()`` and writes a script."""
    script = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": script}
    )
    names = {"op": Operations(context), "sa": sa}
    exec(compile(code, f"<example of {name}>", "exec"), names)
    assert script.getvalue() or name in ("get_bind", "get_context", "f"), code


def test_every_operation_has_an_example():
    """All that a revision calls is shown once."""
    shown = {name for name, _ in examples()}
    directives = {
        name
        for name, method in inspect.getmembers(Operations, inspect.isfunction)
        if re.match(r"(add|alter|bulk|create|drop|execute|rename)", name)
    }
    assert directives - shown == set()
