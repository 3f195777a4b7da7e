"""Two models, one of which is in the database: what autogenerate says of the other."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional

import pytest
from sqlalchemy import MetaData

from ...autogenerate.api import produce_migrations
from ...sqla import connections
from .base import SuiteTest


def _everything(
    obj: Any, name: Any, type_: str, reflected: bool, compare_to: Any
) -> bool:
    return True


class AutogenFixtureTest(SuiteTest):
    """A base with ``_fixture``, which compares a database with a model."""

    __test__ = False

    @pytest.fixture(autouse=True)
    def _drop_models(self, _on_a_connection: None) -> Iterator[None]:
        self._made: List[MetaData] = []
        yield
        connections.rollback(self.connection)
        with connections.scope_for_ddl(self.connection):
            for metadata in self._made:
                metadata.drop_all(self.connection)

    def _fixture(
        self,
        m1: MetaData,
        m2: MetaData,
        include_schemas: bool = False,
        opts: Optional[Dict[str, Any]] = None,
        object_filters: Callable[..., bool] = _everything,
        name_filters: Optional[Callable[..., bool]] = None,
        return_ops: bool = False,
        max_identifier_length: Optional[int] = None,
    ) -> Any:
        """Create a model in the database, and compare the database with another.

        :param m1: what to create; it is dropped after the test.
        :param m2: what to compare with.
        :param include_schemas: look at all schemas.
        :param opts: further options for ``context.configure()``.
        :param object_filters: the ``include_object`` hook.
        :param name_filters: the ``include_name`` hook, for names of these models.
        :param return_ops: return operations.
        :param max_identifier_length: how long names may be.
        :return: the differences as tuples, or operations.
        """
        self._made.append(m1)
        self.create(m1)
        ours = {
            table.name for metadata in (m1, m2) for table in metadata.tables.values()
        }

        def include_name(name: Any, type_: Any, parents: Any) -> bool:
            # other tables may be in the database
            if type_ == "table" and name not in ours:
                return False
            return name_filters is None or bool(name_filters(name, type_, parents))

        dialect = self.connection.dialect
        longest = dialect.max_identifier_length
        if max_identifier_length:
            dialect.max_identifier_length = max_identifier_length
        try:
            with connections.scope_for_ddl(self.connection):
                context = self.context(
                    include_schemas=include_schemas,
                    include_object=object_filters,
                    **{
                        "include_name": include_name,
                        "compare_type": True,
                        **(opts or {}),
                    },
                )
                found = produce_migrations(context, m2).upgrade_ops
        finally:
            dialect.max_identifier_length = longest
        assert found is not None
        return found if return_ops else list(found.as_diffs())
