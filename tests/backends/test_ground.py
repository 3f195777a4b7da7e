"""The test ground itself: every database is fresh and really the one it says."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_gets_an_empty_database(database, round_):
    """What one test leaves in its database is not there in the next one."""
    database.execute("CREATE TABLE left_behind (id INTEGER)")
    assert database.execute("SELECT count(*) FROM left_behind") == [(0,)]


def test_database_is_the_server_it_is_named_after(database):
    """The server's own version line names it."""
    query = {
        "sqlite": "SELECT 'SQLite ' || sqlite_version()",
        "postgresql": "SELECT version()",
        "mariadb": "SELECT version()",
    }
    [(version,)] = database.execute(query[database.name])
    assert database.name in version.lower()


def test_statements_are_recorded(sqlite):
    """`Database.recorded` sees what the engine sends."""
    statements = sqlite.recorded()
    sqlite.execute("SELECT 1")
    assert statements == ["SELECT 1"]


def test_a_second_database_is_another_one(database, fresh_database):
    """Two databases of one test do not see each other's tables."""
    other = fresh_database(database.name, "_two")
    database.execute("CREATE TABLE only_here (id INTEGER)")
    other.execute("CREATE TABLE only_here (id INTEGER)")
    assert other.url != database.url
