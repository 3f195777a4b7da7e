"""How far a copy of many rows has come, told while SQLite makes it."""

from __future__ import annotations

from typing import Any
from typing import List

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla import connections
from alembic.util import progress

ROWS = 60_000


@pytest.fixture(name="connection")
def connection_fixture() -> Any:
    """A connection to a database with a large table and a small one."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connections.begin(connection)
        for table, rows in (("big", ROWS), ("small", 3)):
            connection.execute(
                sa.text(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, a TEXT, b INT)")
            )
            connection.execute(
                sa.text(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                    f"WHERE i < {rows}) INSERT INTO {table} SELECT i, 'a' || i, i FROM n"
                )
            )
        yield connection
    engine.dispose()


def _rebuild(connection: Any, table: str) -> List[str]:
    """Change a table so that its rows are copied; return the statements."""
    statements: List[str] = []

    def heard(*arg: Any) -> None:
        statements.append(arg[2])

    sa.event.listen(connection.engine, "before_cursor_execute", heard)
    op = Operations(MigrationContext.configure(connection))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column("a", type_=sa.String(50), nullable=False)
        batch_op.alter_column("b", server_default="0", nullable=False)
    sa.event.remove(connection.engine, "before_cursor_execute", heard)
    return statements


def test_large_copy_tells_how_far_it_is(connection: Any) -> None:
    """The share grows with the rows, stays below one, and is one at the end."""
    told: List[Any] = []
    with progress.listening(told.append):
        _rebuild(connection, "big")
    shares = [event.share for event in told]
    assert {event.table for event in told} == {"big"}
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
    # the estimate is near: what it says last is most of the work
    assert 0.5 < shares[-2] < 1
    assert connection.execute(sa.text("SELECT count(*) FROM big")).scalar() == ROWS


def test_small_copy_tells_nothing(connection: Any) -> None:
    """A few rows need no bar."""
    told: List[Any] = []
    with progress.listening(told.append):
        _rebuild(connection, "small")
    assert told == []


def test_without_listener_nothing_is_asked(connection: Any) -> None:
    """Where nobody listens the rows are copied once, and neither counted nor planned."""
    statements = _rebuild(connection, "big")
    copies = [one for one in statements if one.startswith("INSERT INTO")]
    assert len(copies) == 1
    assert not [
        one for one in statements if one.startswith(("EXPLAIN", "SELECT count"))
    ]


def test_failed_copy_ends_the_bar(connection: Any) -> None:
    """A copy that fails leaves neither a bar nor a handler behind."""
    connection.execute(sa.text("UPDATE big SET a = NULL WHERE id = :id"), {"id": ROWS})
    told: List[Any] = []
    with pytest.raises(Exception, match="NOT NULL"), progress.listening(told.append):
        _rebuild(connection, "big")
    assert told[-1].share == 1
    before = len(told)
    connection.execute(sa.text("SELECT count(*) FROM big a, small b")).scalar()
    assert len(told) == before
