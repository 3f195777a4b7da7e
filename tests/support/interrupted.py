"""A history for tests of runs that are cut off: it does all that revisions do."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Dict
from typing import List

from sqlalchemy import create_engine
from sqlalchemy import inspect
from sqlalchemy import text
from sqlalchemy.pool import NullPool

from tests.support.killer import ENV

FIRST = '''"""tables and rows"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "a1", None


def upgrade():
    op.create_table(
        "owner",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(40)),
        comment="who owns",
    )
    owner = sa.table("owner", sa.column("id"), sa.column("name"))
    op.bulk_insert(owner, [{"id": n, "name": f"owner {n}"} for n in range(1, 4)])
    op.execute("INSERT INTO owner (id, name) VALUES (9, 'nobody')")
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner_id", sa.Integer),
        sa.Column("code", sa.String(20)),
    )
    op.execute("INSERT INTO account SELECT id, id, 'c' FROM owner")


def downgrade():
    op.execute("DELETE FROM account")
    op.drop_table("account")
    op.drop_table("owner")
'''

SECOND = '''"""columns, keys and indexes"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "b2", "a1"


def upgrade():
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("balance", sa.Integer, server_default="0"))
        batch.alter_column("code", existing_type=sa.String(20), type_=sa.String(60))
        batch.create_index("ix_account_code", ["code"])
        batch.create_foreign_key("fk_owner", "owner", ["owner_id"], ["id"])
        batch.create_check_constraint("ck_balance", "balance >= 0")
    op.execute("UPDATE account SET balance = balance + id")
    connection = op.get_bind()
    count = connection.execute(sa.text("SELECT count(*) FROM account")).scalar()
    connection.execute(
        sa.text("INSERT INTO account (id, owner_id, code) VALUES (:id, 1, :code)"),
        {"id": 100 + count, "code": "more"},
    )
    with op.batch_alter_table("owner") as batch:
        batch.alter_column("name", existing_type=sa.String(40), nullable=False)
        batch.alter_column("name", existing_type=sa.String(40), new_column_name="title")
        batch.create_unique_constraint("uq_title", ["title"])
    op.execute("UPDATE owner SET title = upper(title)")


def downgrade():
    with op.batch_alter_table("owner") as batch:
        batch.drop_constraint("uq_title", type_="unique")
        batch.alter_column("title", existing_type=sa.String(40), new_column_name="name")
        batch.alter_column("name", existing_type=sa.String(40), nullable=True)
    op.execute("UPDATE owner SET name = lower(name)")
    op.execute("DELETE FROM account WHERE code = 'more'")
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint("ck_balance", type_="check")
        batch.drop_constraint("fk_owner", type_="foreignkey")
        batch.drop_index("ix_account_code")
        batch.alter_column("code", existing_type=sa.String(60), type_=sa.String(20))
        batch.drop_column("balance")
'''

THIRD = '''"""names, and a commit in the middle"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "c3", "b2"


def upgrade():
    op.create_table("log", sa.Column("n", sa.Integer), sa.Column("what", sa.String(9)))
    log = sa.table("log", sa.column("n"), sa.column("what"))
    op.bulk_insert(log, [{"n": 1, "what": "begun"}])
    op.rename_table("log", "journal")
    op.execute("UPDATE journal SET n = n + 1")
    op.create_index("ix_n", "journal", ["n"])
    op.execute("INSERT INTO journal VALUES (5, 'last')")


def downgrade():
    op.execute("DELETE FROM journal WHERE n = 5")
    op.rename_table("journal", "log")
    op.drop_index("ix_n", "log")
    op.drop_table("log")
'''


def write_history(folder: Path, **revisions: str) -> Path:
    """Write a folder of scripts, and return it.

    :param revisions: the text of each file, by its name; without any, the three of
        this module.
    """
    versions = folder / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (folder / "env.py").write_text(ENV)
    for name, body in (revisions or {"a1": FIRST, "b2": SECOND, "c3": THIRD}).items():
        (versions / f"{name}.py").write_text(body)
    return folder


def contents(url: str) -> Dict[str, Any]:
    """Return all tables of a database, with their definitions and their rows."""
    engine = create_engine(url, poolclass=NullPool)
    found: Dict[str, Any] = {}
    with engine.connect() as connection:
        inspector = inspect(connection)
        for name in inspector.get_table_names():
            rows = connection.execute(text(f"SELECT * FROM {name}")).fetchall()
            if name == "alembic_version_journal" and not rows:
                # an end in the very last moment leaves it to the next run
                continue
            found[name] = [
                _definition(connection, inspector, name),
                sorted(map(repr, rows)),
            ]
    engine.dispose()
    return found


def _definition(connection: Any, inspector: Any, name: str) -> List[Any]:
    if connection.dialect.name == "mysql":
        row = connection.execute(text(f"SHOW CREATE TABLE {name}")).fetchone()
        return [part for part in row[1].split() if "AUTO_INCREMENT=" not in part]
    return [
        repr(ask(name))
        for ask in (
            inspector.get_columns,
            inspector.get_pk_constraint,
            inspector.get_foreign_keys,
            inspector.get_indexes,
            inspector.get_unique_constraints,
            inspector.get_check_constraints,
        )
    ]
