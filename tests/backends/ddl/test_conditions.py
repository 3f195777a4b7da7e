"""IF EXISTS and IF NOT EXISTS, in whatever words a database has for them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla.connections import commit
from tests.support import clients
from tests.support.recorder import Recorder
from tests.support.versions import needs

pytestmark = needs("2.0")


def create(op):
    """Make everything that can be made if it is not there."""
    op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "t",
        sa.Column("a", sa.Integer, index=True, comment="it's a"),
        sa.Column("b", sa.Integer),
        comment=r"back\slash",
        if_not_exists=True,
    )
    op.create_index("ix b", "t", ["b"], if_not_exists=True)


def add(op):
    column = sa.Column(
        "c d",
        sa.Integer,
        sa.ForeignKey("p.id", name="fk_c"),
        index=True,
        comment=r"it's \ c",
    )
    op.add_column("t", column, if_not_exists=True)


def remove(op):
    """Drop what the table has."""
    op.drop_constraint("fk_c", "t", type_="foreignkey", if_exists=True)
    op.drop_index("ix_t_c d", "t", if_exists=True)
    op.drop_column("t", "c d", if_exists=True)
    op.drop_index("ix b", "t", if_exists=True)


def drop(op):
    op.drop_table("t", if_exists=True)
    op.drop_table("p")


def script(dialect_name, *calls):
    recorder = Recorder(dialect_name)
    for call in calls:
        call(recorder.op)
    return recorder.text


def again(create):
    def call(op):
        create_table = op.create_table
        op.create_table = lambda name, *args, **kw: (
            create_table(name, *args, **kw) if name != "p" else None
        )
        create(op)

    return call


@pytest.mark.parametrize(
    ("backend", "dialect_name"),
    [("postgresql", "postgresql"), ("mariadb", "mariadb"), ("mariadb", "mysql")],
)
def test_a_script_may_be_loaded_twice(request, backend, dialect_name):
    """The second time, nothing is made and nothing dropped, and nothing fails."""
    database = request.getfixturevalue(backend)
    empty = clients.dump(database)
    clients.load(database, script(dialect_name, create, add))
    made = clients.dump(database)
    assert any("fk_c" in line for line in made)
    clients.load(database, script(dialect_name, again(create), add))
    assert clients.dump(database) == made
    for _ in range(2):
        clients.load(database, script(dialect_name, remove))
    clients.load(database, script(dialect_name, drop))
    assert clients.dump(database) == empty


@pytest.fixture
def mysql(mariadb, monkeypatch):
    """MariaDB, taken for MySQL: what is sent to it has no conditions of its own."""
    monkeypatch.setattr("alembic.ddl.mysql.MySQLImpl._is_mariadb", False)
    return mariadb


def test_mysql_is_asked(mysql):
    """It has no IF EXISTS but for tables; one look tells what there is to do."""
    statements = mysql.recorded()
    with mysql.engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        create(op)
        add(op)
        again(create)(op)
        add(op)
        remove(op)
        remove(op)
        drop(op)
        op.drop_table("t", if_exists=True)
        op.drop_index("ix b", "t", if_exists=True)
        op.create_table("k", sa.Column("n", sa.Numeric, primary_key=True))
        op.drop_constraint("any", "k", type_="primary", if_exists=True)
        op.drop_constraint("any", "k", type_="primary", if_exists=True)
        commit(connection)
    changes = [
        " ".join(statement.split())
        for statement in statements
        if statement.split()[0] in ("CREATE", "ALTER", "DROP")
    ]
    changes = [change.split("(")[0].strip() for change in changes]
    assert changes == [
        "CREATE TABLE p",
        "CREATE TABLE IF NOT EXISTS t",
        "CREATE INDEX ix_t_a ON t",
        "CREATE INDEX `ix b` ON t",
        r"ALTER TABLE t ADD COLUMN `c d` INTEGER COMMENT 'it''s \\ c'",
        "ALTER TABLE t ADD CONSTRAINT fk_c FOREIGN KEY",
        "CREATE INDEX `ix_t_c d` ON t",
        "CREATE TABLE IF NOT EXISTS t",
        "ALTER TABLE t DROP FOREIGN KEY fk_c",
        "DROP INDEX `ix_t_c d` ON t",
        "ALTER TABLE t DROP COLUMN `c d`",
        "DROP INDEX `ix b` ON t",
        "DROP TABLE IF EXISTS t",
        "DROP TABLE p",
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE k",
        "ALTER TABLE k DROP PRIMARY KEY",
    ]
