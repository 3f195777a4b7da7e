"""Generate, run and generate again: what autogenerate promises, as functions."""

from __future__ import annotations

import textwrap
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Tuple

import sqlalchemy as sa

from alembic.autogenerate import produce_migrations
from alembic.autogenerate import render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations

Build = Callable[[sa.MetaData], Any]

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
    """Return a context that compares everything."""
    options: Dict[str, Any] = {
        "target_metadata": metadata,
        "compare_type": True,
        "compare_server_default": True,
        "render_as_batch": connection.dialect.name == "sqlite",
    }
    options.update(opts)
    return MigrationContext.configure(connection, opts=options)


def generate(
    engine: Any, metadata: sa.MetaData, **opts: Any
) -> Tuple[List[Any], str, str]:
    """Return the differences, and the code of upgrade and downgrade."""
    batch = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        context = context_for(connection, metadata, **opts)
        migrations = produce_migrations(context, metadata)
        up, down = (
            render_python_code(ops, migration_context=context, render_as_batch=batch)
            for ops in (migrations.upgrade_ops, migrations.downgrade_ops)
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


def kinds(diffs: List[Any]) -> List[str]:
    """Return what kind each difference is of."""
    found = []
    for diff in diffs:
        parts = diff if isinstance(diff, list) else [diff]
        found.extend(part[0] for part in parts)
    return found


def round_trip(engine: Any, before: Build, after: Build, **opts: Any) -> List[str]:
    """Go from a schema to another and back by generated code.

    :return: the kinds of differences that were found on the way there.
    :raises AssertionError: when something is left to generate at any point.
    """
    with engine.begin() as connection:
        model(before).create_all(connection)
    diffs, up, _ = generate(engine, model(before), **opts)
    assert diffs == [], f"created, and already different:\n{up}"
    diffs, up, down = generate(engine, model(after), **opts)
    run(engine, up)
    rest, code, _ = generate(engine, model(after), **opts)
    assert rest == [], f"not all was done by\n{up}\nleft:\n{code}"
    run(engine, down)
    rest, code, _ = generate(engine, model(before), **opts)
    assert rest == [], f"not all was undone by\n{down}\nleft:\n{code}"
    return kinds(diffs)
