"""What a type checker sees of `alembic.op`: signatures, mistakes, results."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

REVISION = """
import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations, ops

table = op.create_table("t", sa.Column("x", sa.Integer()))
op.add_column("t", sa.Column("y", sa.Integer()), if_not_exists=True)
op.alter_column("t", "y", server_default=sa.Identity(), type_=sa.String)
op.alter_column("t", "y", server_default=sa.text("5"), postgresql_using="y")
op.create_index("ix", "t", ["x", sa.text("y"), sa.func.lower("z")], unique=True)
op.create_check_constraint("ck", "t", sa.column("x") > 5)
op.bulk_insert(table, [{"x": 1}])
op.execute(table.insert())
op.execute("SELECT 1")
with op.batch_alter_table("t") as batch_op:
    batch_op.drop_column("x")

async def fill(connection: object, n: int) -> str:
    return "x"

number: int = op.run_async(fill, 1)  # wrong
op.add_column("t", "y")  # wrong
op.ad_column("t")  # wrong
op.drop_table(table)  # wrong
batch_op.drop_column("t", "x")  # wrong

@Operations.implementation_for(ops.AddColumnOp)
def add(operations: Operations, operation: ops.AddColumnOp) -> int:
    return 1

text: str = add  # wrong
"""


def test_mistakes_are_seen_and_nothing_else(tmp_path):
    """Each line that is wrong is reported; no line that is right."""
    pytest.importorskip("mypy")
    revision = tmp_path / "revision.py"
    revision.write_text(REVISION)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
        + ["--config-file=", f"--cache-dir={tmp_path}", str(revision)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    reported = {
        int(line.split(":")[1])
        for line in run.stdout.splitlines()
        if line.startswith(str(revision)) and ": error:" in line
    }
    wrong = {
        number
        for number, line in enumerate(REVISION.splitlines(), start=1)
        if line.endswith("# wrong")
    }
    assert reported == wrong, run.stdout + run.stderr
