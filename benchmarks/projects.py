"""Makes the projects that are measured: histories, models, databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

INI = """\
[alembic]
script_location = %(here)s/migrations
path_separator = os
sqlalchemy.url = {url}
"""

ENV = """\
from alembic import context
from sqlalchemy import create_engine, pool

config = context.config
{models}
url = config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
"""

MAKO = '''\
"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''

REVISION = '''\
"""Step {number} of the history.

Revision ID: {id}
Revises: {down}
Create Date: 2024-01-01 00:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = {id!r}
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''

CREATE = """op.create_table(
        "table_{number}",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), server_default="0"),
    )
    op.create_index("ix_table_{number}_name", "table_{number}", ["name"])"""

DROP = """op.drop_index("ix_table_{number}_name", table_name="table_{number}")
    op.drop_table("table_{number}")"""

BATCH = {
    "rename": 'batch.alter_column("name", new_column_name="title")',
    "drop": 'batch.drop_column("note")',
    "add": 'batch.add_column(sa.Column("extra", sa.String(20)))',
    "several": (
        'batch.alter_column("name", type_=sa.String(200), nullable=False)\n'
        '        batch.alter_column("amount", server_default="0")\n'
        '        batch.drop_column("note")'
    ),
}


def revision_id(number: int) -> str:
    """Return an identifier such as a random one would look."""
    return f"{number * 2654435761 % 2**48:012x}"


def project(folder: Path, url: str, models: str = "target_metadata = None") -> None:
    """Make a project without revisions."""
    (folder / "migrations/versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI.format(url=url.replace("%", "%%")))
    (folder / "migrations/env.py").write_text(ENV.format(models=models))
    (folder / "migrations/script.py.mako").write_text(MAKO)


def history(folder: Path, count: int, *, tables: bool) -> None:
    """Add a line of revisions, each empty or with a table and an index."""
    down = None
    for number in range(count):
        one = revision_id(number)
        text = REVISION.format(
            number=number,
            id=one,
            down=down,
            upgrade=CREATE.format(number=number) if tables else "pass",
            downgrade=DROP.format(number=number) if tables else "pass",
        )
        path = folder / f"migrations/versions/{one}_step_{number}.py"
        path.write_text(text)
        down = one


def branch(folder: Path, count: int) -> None:
    """Add a second head to a line of so many revisions."""
    one = revision_id(count)
    text = REVISION.format(
        number=count,
        id=one,
        down=revision_id(count - 2),
        upgrade="pass",
        downgrade="pass",
    )
    (folder / f"migrations/versions/{one}_step_{count}.py").write_text(text)


def batch_revision(folder: Path, kind: str) -> None:
    """Add one revision that changes a table in batch mode."""
    text = REVISION.format(
        number=0,
        id=revision_id(0),
        down=None,
        upgrade=f'with op.batch_alter_table("big") as batch:\n        {BATCH[kind]}',
        downgrade="pass",
    )
    (folder / f"migrations/versions/{revision_id(0)}_batch.py").write_text(text)


def big_table(path: Path, rows: int) -> None:
    """Make a SQLite database with one large table."""
    connection = sqlite3.connect(str(path))
    connection.execute(
        "CREATE TABLE big (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50), "
        "amount NUMERIC(10, 2), note VARCHAR(100))"
    )
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        "INSERT INTO big SELECT i, 'name ' || i, i * 0.5, 'some note ' || i FROM n",
        (rows,),
    )
    connection.commit()
    connection.close()


def models(folder: Path, tables: int) -> str:
    """Write models of many tables; returns the code that env.py uses for them."""
    (folder / "models.py").write_text(
        "from sqlalchemy import *\n"
        "metadata = MetaData()\n"
        f"for n in range({tables}):\n"
        "    Table(\n"
        "        f't{n}', metadata,\n"
        "        Column('id', Integer, primary_key=True),\n"
        "        Column('code', String(20), nullable=False),\n"
        "        Column('title', String(100), server_default='none'),\n"
        "        Column('amount', Numeric(10, 2), server_default='0.00'),\n"
        "        Column('ratio', Float),\n"
        "        Column('made', DateTime, server_default=func.current_timestamp()),\n"
        "        Column('day', Date),\n"
        "        Column('notes', Text),\n"
        "        Column('count', Integer, nullable=False, server_default='1'),\n"
        "        Column('large', BigInteger),\n"
        "        Column('flag', Boolean),\n"
        "        Column('parent_id', Integer, ForeignKey(f't{max(n - 1, 0)}.id')),\n"
        "        UniqueConstraint('code', name=f'uq_t{n}_code'),\n"
        "        Index(f'ix_t{n}_title', 'title'),\n"
        "        Index(f'ix_t{n}_day_count', 'day', 'count'),\n"
        "    )\n"
    )
    return (
        "import sys; sys.path.insert(0, '.')\n"
        "import models\ntarget_metadata = models.metadata"
    )
