"""What the suite stands on: a connection, and what it must be able to do."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterator
from typing import TypeVar

import pytest
from sqlalchemy import MetaData

from ...autogenerate.api import compare_metadata
from ...migration.migration_context import MigrationContext
from ...operations.base import Operations
from ...sqla import connections
from ...sqla import pytest_plugin
from ...sqla.reflection import inspector_of
from ..fixtures import TestBase
from ..requirements import is_enabled
from ..requirements import SuiteRequirements

_F = TypeVar("_F", bound=Callable[..., Any])

PREFIX = "alembic_suite"
"""What the name of every table of the suite begins with."""


def needs(*names: str) -> Callable[[_F], _F]:
    """Decorate a test with the requirements without which it is skipped."""

    def decorate(function: _F) -> _F:
        function.needs = names  # type: ignore[attr-defined]
        return function

    return decorate


class SuiteTest(TestBase):
    """A base that gives each test a connection, and drops the suite's tables."""

    __test__ = False
    # SQLAlchemy's plugin: once for each database that it was given
    __backend__ = True

    connection: Any
    requirements: Any

    @pytest.fixture(autouse=True)
    def _on_a_connection(self, request: Any, alembic_engine: Any) -> Iterator[None]:
        self.requirements = _requirements(request)
        for name in getattr(request.function, "needs", ()):
            self.require(name, alembic_engine)
        with alembic_engine.connect() as connection:
            self.connection = connection
            self._drop_tables()
            yield
            connections.rollback(connection)
            self._drop_tables()

    def require(self, name: str, engine: Any = None) -> None:
        """Skip the test unless a requirement is met.

        :param name: the name of a property of the requirements.
        """
        found = getattr(self.requirements, name, None)
        if found is None:
            # requirements that are only SQLAlchemy's do not say
            found = getattr(SuiteRequirements(), name)
        if not is_enabled(found, engine or self.connection.engine):
            pytest.skip(f"{name} is no ability of this database")

    def _drop_tables(self) -> None:
        with connections.scope_for_ddl(self.connection):
            names = [
                name
                for name in inspector_of(self.connection).get_table_names()
                if name.lower().startswith(PREFIX)
            ]
            found = MetaData()
            if names:
                found.reflect(self.connection, only=names)
                found.drop_all(self.connection)

    def context(self, **opts: Any) -> MigrationContext:
        """Return a `MigrationContext` that sees the suite's tables alone."""
        return MigrationContext.configure(
            self.connection,
            opts={
                "include_name": _is_ours,
                "compare_server_default": True,
                "version_table": f"{PREFIX}_version",
                **opts,
            },
        )

    def create(self, metadata: MetaData) -> None:
        """Create tables."""
        with connections.scope_for_ddl(self.connection):
            metadata.create_all(self.connection)

    def operate(self, work: Callable[[Operations], Any]) -> None:
        """Do something with `Operations`, and commit it."""
        with connections.scope_for_ddl(self.connection):
            work(Operations(self.context()))

    def differences(self, metadata: MetaData) -> Any:
        """Return the differences between the database and a model."""
        with connections.scope_for_ddl(self.connection):
            return compare_metadata(self.context(), metadata)

    def columns(self, table: str) -> Any:
        """Return the records of a table's columns, by name."""
        with connections.scope_for_ddl(self.connection):
            found = inspector_of(self.connection).get_columns(table)
            return {record["name"]: record for record in found}


def _is_ours(name: Any, type_: str, parents: Any) -> bool:
    return type_ != "table" or str(name).lower().startswith(PREFIX)


def _requirements(request: Any) -> Any:
    try:
        return request.getfixturevalue("alembic_requirements")
    except pytest.FixtureLookupError:
        named = pytest_plugin.requirements() if pytest_plugin.is_active() else None
        return named or SuiteRequirements()
