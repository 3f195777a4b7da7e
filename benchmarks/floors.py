"""The least that any tool would have to do for a row, as code for ``python -c``.

It runs in the folder of the project that is measured.
"""

from __future__ import annotations

START = "pass"

LISTING = """
import os
for entry in os.scandir("migrations/versions"):
    if entry.name.endswith(".py"):
        entry.stat()
"""

IMPORT = "import sqlalchemy"

MODELS = "import sqlalchemy, models"

# the drivers alone, without SQLAlchemy
_CONNECT = """
import configparser, sys, urllib.parse as urls
parser = configparser.RawConfigParser()
parser.read("alembic.ini")
url = urls.urlsplit(parser["alembic"]["sqlalchemy.url"].replace("%%", "%"))
name, options = url.path[1:], dict(urls.parse_qsl(url.query))
if url.scheme == "sqlite":
    import sqlite3
    connection = sqlite3.connect("d.db")
    kind, commits = "INTEGER", False
elif url.scheme.startswith("postgresql"):
    import psycopg2
    connection = psycopg2.connect(user="postgres", dbname=name, host=options["host"])
    kind, commits = "SERIAL", False
else:
    import pymysql
    connection = pymysql.connect(
        user=url.username, host=url.hostname, port=url.port, database=name
    )
    kind, commits = "INTEGER AUTO_INCREMENT", True
run = connection.cursor().execute
if url.scheme == "sqlite":
    run("BEGIN")
"""

_UPGRADE = """
run("CREATE TABLE version (number VARCHAR(32) NOT NULL PRIMARY KEY)")
run("INSERT INTO version VALUES ('none')")
for n in range(COUNT):
    run(
        f"CREATE TABLE table_{n} (id {kind} PRIMARY KEY, name VARCHAR(50) NOT NULL,"
        " amount NUMERIC(10, 2) DEFAULT '0')"
    )
    run(f"CREATE INDEX ix_table_{n}_name ON table_{n} (name)")
    run(f"UPDATE version SET number = '{n}'")
    if commits:
        connection.commit()
connection.commit()
"""

_DOWNGRADE = """
for n in reversed(range(COUNT)):
    run(f"DROP INDEX ix_table_{n}_name")
    run(f"DROP TABLE table_{n}")
    run(f"UPDATE alembic_version SET version_num = '{n}'")
connection.commit()
"""

# what SQLAlchemy itself needs for the statements of the script
_SCRIPT = """
import gc
gc.disable()
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
dialect = postgresql.dialect()
for n in range(COUNT):
    table = sa.Table(
        f"table_{n}",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), server_default="0"),
    )
    print(CreateTable(table).compile(dialect=dialect))
    table = sa.Table(f"table_{n}", sa.MetaData(), sa.Column("name", sa.String()))
    index = sa.Index(f"ix_table_{n}_name", table.c.name)
    print(CreateIndex(index).compile(dialect=dialect))
"""

_BATCH = {
    "rename": ["ALTER TABLE big RENAME COLUMN name TO title"],
    "drop": ["ALTER TABLE big DROP COLUMN note"],
    "add": ["ALTER TABLE big ADD COLUMN extra VARCHAR(20)"],
    "several": [
        "CREATE TABLE new (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(200) NOT"
        " NULL, amount NUMERIC(10, 2) DEFAULT '0')",
        "INSERT INTO new SELECT id, name, amount FROM big",
        "DROP TABLE big",
        "ALTER TABLE new RENAME TO big",
    ],
}


def raw_upgrade(count: int) -> str:
    """Return code that makes so many tables with the driver alone."""
    return _CONNECT + _UPGRADE.replace("COUNT", str(count))


def raw_downgrade(count: int) -> str:
    """Return code that drops so many tables with the driver alone."""
    return _CONNECT + _DOWNGRADE.replace("COUNT", str(count))


def bare_script(count: int) -> str:
    """Return code that lets SQLAlchemy alone write the SQL of so many tables."""
    return _SCRIPT.replace("COUNT", str(count))


def raw_batch(kind: str) -> str:
    """Return code that changes the large table by SQLite's own means.

    The import of SQLAlchemy is part of it, which env.py cannot do without.
    """
    runs = "\n".join(f"run({statement!r})" for statement in _BATCH[kind])
    return f"{IMPORT}\n{_CONNECT}\n{runs}\nconnection.commit()\n"
