"""Generate, run and generate again: what autogenerate promises, as functions."""

from __future__ import annotations

import textwrap
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import Iterator
from typing import List
from typing import Optional
from typing import Tuple

import sqlalchemy as sa

from alembic.autogenerate import produce_migrations
from alembic.autogenerate import render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations

Build = Callable[[sa.MetaData], Any]
"""Puts a model into a MetaData."""

_HEADER = """\
import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

def step():
"""


def model(build: Build) -> sa.MetaData:
    """Return what a function puts into a new MetaData."""
    metadata = sa.MetaData()
    build(metadata)
    return metadata


def context_for(
    connection: Any, metadata: sa.MetaData, **opts: Any
) -> MigrationContext:
    """Return a context that compares everything, but for what options say."""
    options: Dict[str, Any] = {
        "target_metadata": metadata,
        "compare_type": True,
        "compare_server_default": True,
        "render_as_batch": connection.dialect.name == "sqlite",
        **opts,
    }
    return MigrationContext.configure(connection, opts=options)


def generate(
    engine: Any, metadata: sa.MetaData, **opts: Any
) -> Tuple[List[Any], str, str]:
    """Return the differences, and the code of upgrade and downgrade."""
    with engine.connect() as connection:
        context = context_for(connection, metadata, **opts)
        migrations = produce_migrations(context, metadata)
        up, down = (
            render_python_code(
                operations,
                migration_context=context,
                render_as_batch=context.opts["render_as_batch"],
            )
            for operations in (migrations.upgrade_ops, migrations.downgrade_ops)
        )
    return migrations.upgrade_ops.as_diffs(), up, down


def run(engine: Any, code: str) -> None:
    """Run the body of a revision's function and commit."""
    namespace: Dict[str, Any] = {}
    source = _HEADER + textwrap.indent(textwrap.dedent("    " + code), "    ")
    exec(compile(source, "<revision>", "exec"), namespace)  # noqa: S102
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            namespace["step"]()


def kinds(diffs: Iterable[Any]) -> List[str]:
    """Return what kind each difference is of."""
    return list(_kinds(diffs))


def _kinds(diffs: Iterable[Any]) -> Iterator[str]:
    for diff in diffs:
        # the changes of one column come as a list
        for part in diff if isinstance(diff, list) else [diff]:
            yield part[0]


def round_trip(
    engine: Any,
    before: Build,
    after: Build,
    fill: Optional[Callable[[Any], None]] = None,
    **opts: Any,
) -> List[str]:
    """Go from a schema to another and back by generated code.

    :param fill: puts rows into the first schema, given a connection.
    :param opts: options of the comparisons.
    :return: the kinds of differences that were found on the way there.
    :raises AssertionError: when something is left to generate at any point.
    """
    with engine.begin() as connection:
        model(before).create_all(connection)
        if fill is not None:
            fill(connection)
    assert_nothing_left(engine, before, "created, and already different", **opts)
    diffs, up, down = generate(engine, model(after), **opts)
    run(engine, up)
    assert_nothing_left(engine, after, f"not all was done by\n{up}", **opts)
    run(engine, down)
    assert_nothing_left(engine, before, f"not all was undone by\n{down}", **opts)
    return kinds(diffs)


def assert_nothing_left(engine: Any, build: Build, why: str, **opts: Any) -> None:
    """Raise AssertionError when database and model differ.

    :param why: what to say then, above the code that would make them agree.
    """
    diffs, code, _ = generate(engine, model(build), **opts)
    assert diffs == [], f"{why}\nleft:\n{code}"
