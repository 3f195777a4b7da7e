"""What a database is asked, where no server of its kind is at hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from alembic.migration.journal import effects
from alembic.migration.journal.effects import holds
from alembic.migration.journal.statements import understand


@pytest.mark.parametrize(
    ("dialect", "sql", "there"),
    [
        ("oracle", "CREATE TABLE Foo (x INT)", True),
        ("oracle", "CREATE TABLE App.Foo (x INT)", True),
        ("oracle", "CREATE TABLE FOO (x INT)", True),
        ("oracle", 'CREATE TABLE "Quoted" (x INT)', True),
        ("oracle", "CREATE TABLE other (x INT)", False),
        ("mysql", "CREATE TABLE Foo (x INT)", False),
    ],
)
def test_names_without_quotes(monkeypatch, dialect, sql, there):
    """On Oracle they are found whatever their case, as the database reads them."""
    tables = {(None, "foo"), ("app", "foo"), (None, "Quoted")}
    monkeypatch.setattr(
        effects.connections,
        "has_table",
        lambda connection, name, schema: (schema, name) in tables,
    )
    connection = SimpleNamespace(dialect=SimpleNamespace(name=dialect))
    [fact] = understand(sql).effect.facts
    assert holds(connection, fact) is there
    assert holds(connection, fact._replace(present=False)) is not there
