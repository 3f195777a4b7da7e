"""What a type checker sees of `alembic.context` and of a plugin."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ENV = """
from typing import Any
import sqlalchemy as sa
from alembic import context
from alembic.operations import MigrateOperation, Operations
from alembic.runtime.plugins import Plugin

metadata = sa.MetaData()

def migrate(connection: sa.engine.Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()

offline: bool = context.is_offline_mode()
url: int = context.config.get_main_option("sqlalchemy.url")  # wrong
context.configure(compare_type="yes")  # wrong
context.run_migration()  # wrong

@Operations.register_operation("create_thing")
class CreateThingOp(MigrateOperation):
    @classmethod
    def create_thing(cls, operations: Operations, name: str) -> Any:
        return operations.invoke(cls())

def setup(plugin: Plugin) -> None:
    plugin.add_autogenerate_comparator(1)  # wrong
"""


def test_mistakes_are_seen_and_nothing_else(tmp_path):
    """Each line that is wrong is reported; no line that is right."""
    pytest.importorskip("mypy")
    source = tmp_path / "env.py"
    source.write_text(ENV)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
        + ["--config-file=", f"--cache-dir={tmp_path}", str(source)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    reported = {
        int(line.split(":")[1])
        for line in run.stdout.splitlines()
        if line.startswith(str(source)) and ": error:" in line
    }
    wrong = {
        number
        for number, line in enumerate(ENV.splitlines(), start=1)
        if line.endswith("# wrong")
    }
    assert reported == wrong, run.stdout + run.stderr
