"""Computed columns: what autogenerate says of a change."""

from __future__ import annotations

from typing import Any
from typing import Optional

import pytest
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table

from ...sqla.defaults import Computed
from ._autogen_fixtures import AutogenFixtureTest
from .base import needs
from .base import PREFIX

TABLE = f"{PREFIX}_computed"


def _model(*columns: Any) -> MetaData:
    metadata = MetaData()
    key = Column("id", Integer, primary_key=True)
    Table(TABLE, metadata, key, Column("foo", Integer), *columns)
    return metadata


def _computed(text: Optional[str]) -> Any:
    """Return a column; with no text it is a plain one."""
    if text is None:
        return Column("bar", Integer)
    return Column("bar", Integer, Computed(text, persisted=True))


class AutogenerateComputedTest(AutogenFixtureTest):
    """A computed column comes, goes, stays and changes."""

    @needs("computed_columns")
    def test_add_computed_column(self) -> None:
        """A new computed column is added as one."""
        found: Any = self._fixture(_model(), _model(_computed("foo * 2")))
        [(kind, schema, table, column)] = found
        assert (kind, schema, table, column.name) == ("add_column", None, TABLE, "bar")
        assert str(column.computed.sqltext) == "foo * 2"

    @needs("computed_columns")
    def test_remove_computed_column(self) -> None:
        """A computed column that is gone is removed, and known to be computed."""
        found: Any = self._fixture(_model(_computed("foo * 2")), _model())
        [(kind, _, table, column)] = found
        assert (kind, table, column.name) == ("remove_column", TABLE, "bar")
        assert column.computed is not None
        assert "foo" in str(column.computed.sqltext)

    @pytest.mark.parametrize("test_case", ["foo * 2", "foo + 42", "(foo - 1) * 3"])
    @needs("computed_columns")
    def test_computed_unchanged(self, test_case: str) -> None:
        """A computed column that is as it was is nothing to do."""
        model = _model(_computed(test_case))
        assert self._fixture(model, _model(_computed(test_case))) == []

    @pytest.mark.parametrize(
        "test_case",
        [(None, "foo * 2"), ("foo * 2", None), ("foo * 2", "foo * 3")],
        ids=["made-computed", "made-plain", "changed"],
    )
    @needs("computed_columns")
    def test_cant_change_computed_warning(self, test_case: Any) -> None:
        """A change that no column can be altered by is no alteration.

        It is made by a new column, unless that plugin is left out.
        """
        before, after = test_case
        found: Any = self._fixture(_model(_computed(before)), _model(_computed(after)))
        kinds = [each[0] for each in found if isinstance(each, tuple)]
        assert sorted(kinds) == ["add_column", "remove_column"]
