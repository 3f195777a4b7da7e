"""Identity columns: what autogenerate says of a change."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import Optional

import pytest
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table

from ...sqla.defaults import Identity
from ._autogen_fixtures import AutogenFixtureTest
from .base import needs
from .base import PREFIX

TABLE = f"{PREFIX}_identity"


def _identity(options: Optional[Dict[str, Any]]) -> Any:
    """Return a column; without options it is a plain one."""
    generated = () if options is None else (Identity(**options),)
    return Column("n", Integer, *generated, nullable=False)


def _model(*columns: Any) -> MetaData:
    metadata = MetaData()
    key = Column("id", Integer, primary_key=True, autoincrement=False)
    Table(TABLE, metadata, key, *columns)
    return metadata


CHANGES = [
    ({"always": True}, {"always": False}),
    ({"always": True, "start": 2, "increment": 3}, {"always": True, "increment": 4}),
    ({"always": False, "maxvalue": 100}, {"always": False, "maxvalue": 200}),
]


class AutogenerateIdentityTest(AutogenFixtureTest):
    """A column that counts by itself comes, goes, stays and changes."""

    def _changed(self, before: Any, after: Any) -> Any:
        """Return the column's default before and after, as autogenerate says."""
        found: Any = self._fixture(_model(_identity(before)), _model(_identity(after)))
        [[each]] = found
        assert each[0] == "modify_default"
        assert each[2:4] == (TABLE, "n")
        return each[5:]

    @needs("identity_columns")
    def test_add_identity_column(self) -> None:
        """A new identity column is added as one."""
        found: Any = self._fixture(_model(), _model(_identity({"start": 5})))
        [(kind, _, table, column)] = found
        assert (kind, table) == ("add_column", TABLE)
        assert column.identity.start == 5

    @needs("identity_columns")
    def test_remove_identity_column(self) -> None:
        """An identity column that is gone is removed, and known to be one."""
        found: Any = self._fixture(_model(_identity({"start": 5})), _model())
        [(kind, _, table, column)] = found
        assert (kind, table) == ("remove_column", TABLE)
        assert column.identity is not None

    @pytest.mark.parametrize("options", [{}, {"always": True}, {"start": 4}])
    @needs("identity_columns")
    def test_no_change_identity_column(self, options: Dict[str, Any]) -> None:
        """An identity column that is as it was is nothing to do."""
        model = _model(_identity(options))
        assert self._fixture(model, _model(_identity(options))) == []

    @pytest.mark.parametrize(("before", "after"), CHANGES)
    @needs("identity_columns_alter")
    def test_change_identity(self, before: Any, after: Any) -> None:
        """A change of how a column counts is found."""
        found, wanted = self._changed(before, after)
        assert isinstance(found, Identity)
        assert isinstance(wanted, Identity)
        assert wanted.always == after["always"]

    @needs("identity_columns_alter")
    def test_add_identity_to_column(self) -> None:
        """A plain column that is to count is altered."""
        found, wanted = self._changed(None, {"start": 2})
        assert found is None
        assert wanted.start == 2

    @needs("identity_columns_alter")
    def test_remove_identity_from_column(self) -> None:
        """A column that is to count no more is altered."""
        found, wanted = self._changed({"start": 2}, None)
        assert isinstance(found, Identity)
        assert wanted is None
