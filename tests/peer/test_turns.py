"""One project and one database, migrated by Alembic 1.20.1 and by this project in turn.

After each command the version table and the tables must be what they are when one of
the two does everything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List

import pytest

from tests.peer.peer import peer_python
from tests.support.shape import tables
from tests.support.shape import versions
from tests.support.transcript import ROOT

pytestmark = pytest.mark.peer

OURS, THEIRS = "this project", "Alembic 1.20.1"

ENV = """
import os
import sqlalchemy as sa
from alembic import context

metadata = sa.MetaData()
sa.Table("customer", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80), nullable=False),
    *([sa.Column("name", sa.String(40))] if os.environ["STAGE"] > "1" else []),
)
if os.environ["STAGE"] > "1":
    sa.Table("purchase", metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.ForeignKey("customer.id", name="fk_customer")),
        sa.Column("amount", sa.Integer),
        sa.Index("ix_amount", "amount"),
    )
options = dict(
    target_metadata=metadata,
    render_as_batch=True,
    include_name=lambda name, kind, parents: not str(name).startswith("by_hand"),
    OPTIONS
)
if context.is_offline_mode():
    context.configure(url=os.environ["DATABASE_URL"], literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = sa.create_engine(os.environ["DATABASE_URL"], poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
"""

TEMPLATE = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}
def upgrade():
    ${upgrades if upgrades else "pass"}
def downgrade():
    ${downgrades if downgrades else "pass"}
'''

BY_HAND = """
revision = "c3"
down_revision = "a1"
branch_labels = ("side",)
depends_on = None
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.create_table("by_hand", sa.Column("id", sa.Integer, primary_key=True))
    op.bulk_insert(sa.table("by_hand", sa.column("id", sa.Integer)), [{"id": 1}])
def downgrade():
    op.drop_table("by_hand")
"""

# each with the stage in which the models are
COMMANDS = [
    (1, "revision --autogenerate -m begin --rev-id a1"),
    (1, "upgrade head"),
    (1, "check"),
    (2, "revision --autogenerate -m grow --rev-id b2"),
    (2, "upgrade +1"),
    (2, "check"),
    (2, "upgrade side@head"),
    (2, "current"),
    (2, "downgrade side@a1"),
    (2, "upgrade heads"),
    (2, "merge b2 c3 -m both --rev-id d4"),
    (2, "upgrade head"),
    (2, "downgrade b2"),
    (2, "stamp heads"),
    (2, "history -i"),
    (2, "downgrade d4:a1 --sql"),
    (2, "downgrade a1"),
    (2, "upgrade a1:d4 --sql"),
    (2, "upgrade nothing"),
    (2, "stamp --purge a1"),
    (2, "upgrade head"),
    (2, "check"),
    (2, "downgrade base"),
    (2, "current"),
]


class Tool:
    """A process that runs commands under one of the two."""

    def __init__(self, name: str) -> None:
        self.name = name
        ours = name == OURS
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environ["PYTHONHASHSEED"] = "0"
        if ours:
            environ["PYTHONPATH"] = str(ROOT)
        self.process = subprocess.Popen(
            [sys.executable if ours else peer_python(), *([] if ours else ["-I"])]
            + [str(Path(__file__).with_name("commands.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )

    def run(self, **request: Any) -> Dict[str, Any]:
        """Run one command."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"{self.name} has ended"
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


@pytest.fixture(scope="module")
def tools():
    """Both tools, each a process that waits for commands."""
    made = {name: Tool(name) for name in (THEIRS, OURS)}
    yield made
    for tool in made.values():
        tool.close()


def project(folder: Path, options: str = "") -> Path:
    """Write a project without revisions."""
    (folder / "migrations" / "versions").mkdir(parents=True)
    env = ENV.replace("    OPTIONS\n", f"    {options}\n" if options else "")
    (folder / "migrations" / "env.py").write_text(env)
    (folder / "migrations" / "script.py.mako").write_text(TEMPLATE)
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = migrations\npath_separator = os\n"
    )
    return folder


def _schema(script: str) -> List[str]:
    """Return the lines of a script without those about versions.

    Of several parents, there, whichever a set gives first has its row moved.
    """
    return [
        line
        for line in script.splitlines()
        if "alembic_version" not in line and not line.startswith("-- Running")
    ]


def drive(tools, order: List[str], folder: Path, database, options: str = ""):
    """Run the commands, the tools of an order taking turns; return what was seen."""
    project(folder, options)
    seen = []
    for number, (stage, words) in enumerate(COMMANDS):
        if words == "upgrade side@head":
            (folder / "migrations" / "versions" / "c3_.py").write_text(BY_HAND)
        tool = tools[order[number % len(order)]]
        done = tool.run(
            folder=str(folder), url=database.url, stage=stage, argv=words.split()
        )
        failed = done["status"] != 0
        seen.append(
            {
                "command": words,
                "failed": failed,
                # the revisions on one side come in whichever order a set has
                "ran": [sorted(line.replace(",", "").split()) for line in done["ran"]],
                "rows": versions(database),
                "tables": tables(database),
                "sql": []
                if failed or "--sql" not in words
                else _schema(done["output"]),
            }
        )
    return seen


ORDERS = {
    "this project alone": [OURS],
    "one command each": [OURS, THEIRS],
    "one command each, the other first": [THEIRS, OURS],
}


@pytest.mark.parametrize("backend", ["sqlite", "postgresql", "mariadb"])
def test_turns_make_no_difference(tools, fresh_database, tmp_path, backend):
    """Whoever runs which command, versions and tables are the same after each."""
    alone = drive(
        tools, [THEIRS], tmp_path / "theirs", fresh_database(backend, "_theirs")
    )
    assert alone[-1]["rows"] == []
    failed = {one["command"] for one in alone if one["failed"]}
    # batches cannot be written down on SQLite
    assert {words for words in failed if "--sql" not in words} == {"upgrade nothing"}
    for number, (name, order) in enumerate(ORDERS.items()):
        database = fresh_database(backend, f"_{number}")
        turns = drive(tools, order, tmp_path / str(number), database)
        for expected, found in zip(alone, turns):
            assert found == expected, (name, expected["command"])


def test_a_record_is_in_nobodys_way(tools, fresh_database, tmp_path):
    """The other tool runs beside the record that this one keeps on demand."""
    options = "record_table='by_hand_record'"
    alone = drive(
        tools, [THEIRS], tmp_path / "alone", fresh_database("sqlite", "_theirs")
    )
    database = fresh_database("sqlite", "_both")
    turns = drive(tools, [OURS, THEIRS], tmp_path / "both", database, options)
    for expected, found in zip(alone, turns):
        found["tables"].pop("by_hand_record", None)
        assert found == expected, expected["command"]
    assert database.execute("SELECT count(*) FROM by_hand_record")[0][0] > 3
