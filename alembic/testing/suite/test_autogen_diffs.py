"""Altered columns: what an operation carries along besides what changes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table

from ...operations import ops
from ._autogen_fixtures import AutogenFixtureTest
from .base import needs
from .base import PREFIX

TABLE = f"{PREFIX}_altered"


def _model(*columns: Any) -> MetaData:
    metadata = MetaData()
    Table(TABLE, metadata, *columns)
    return metadata


class _AlterTest(AutogenFixtureTest):
    __test__ = False

    def _altered(self, before: MetaData, after: MetaData) -> ops.AlterColumnOp:
        """Return the one operation that turns one model into the other."""
        found: Any = self._fixture(before, after, return_ops=True)
        [container] = found.ops
        [operation] = container.ops
        assert isinstance(operation, ops.AlterColumnOp)
        return operation


PK = pytest.mark.parametrize("pk", [False, True], ids=["plain", "key"])


class AlterColumnTest(_AlterTest):
    """What does not change is told too, for databases that write a column anew."""

    def _alter(self, pk: bool, before: Any, after: Any) -> ops.AlterColumnOp:
        def column(arguments: Any) -> Any:
            return Column("c", primary_key=pk, **{"type_": String(20), **arguments})

        def model(arguments: Any) -> MetaData:
            key = () if pk else (Column("id", Integer, primary_key=True),)
            return _model(column(arguments), *key)

        return self._altered(model(before), model(after))

    @PK
    def test_all_existings_filled(self, pk: bool) -> None:
        """A change of the type tells whether there may be NULL."""
        found = self._alter(pk, {}, {"type_": String(40)})
        assert isinstance(found.modify_type, String)
        assert isinstance(found.existing_type, String)
        assert found.existing_type.length == 20
        assert found.existing_nullable is not pk
        assert found.modify_nullable is None

    @PK
    def test_all_existings_filled_in_notnull(self, pk: bool) -> None:
        """A column that is NOT NULL says so when another thing changes."""
        found = self._alter(
            pk, {"nullable": False}, {"nullable": False, "type_": String(40)}
        )
        assert found.existing_nullable is False

    @PK
    @needs("comments")
    def test_all_existings_filled_in_comment(self, pk: bool) -> None:
        """A change of the comment tells type and nullability."""
        found = self._alter(pk, {"comment": "one"}, {"comment": "two"})
        assert found.modify_comment == "two"
        assert found.existing_comment == "one"
        assert isinstance(found.existing_type, String)
        assert found.existing_nullable is not pk

    @PK
    def test_all_existings_filled_in_server_default(self, pk: bool) -> None:
        """A change of the type tells the default."""
        found = self._alter(
            pk,
            {"server_default": "x"},
            {"server_default": "x", "type_": String(40)},
        )
        assert "x" in str(getattr(found.existing_server_default, "arg", ""))
        assert found.modify_server_default is False


class AutoincrementTest(_AlterTest):
    """Whether a column counts by itself is carried along where the model says so."""

    def _carried(self, composite: bool = False, **arguments: Any) -> Any:
        others = [] if arguments.get("primary_key") else ["id"]
        others += ["other"] if composite else []

        def model(length: int) -> MetaData:
            type_: Any = Integer() if arguments.get("autoincrement") else String(length)
            column = Column("c", type_, comment=str(length), **arguments)
            keys = [
                Column(each, Integer, primary_key=True, autoincrement=False)
                for each in others
            ]
            return _model(column, *keys)

        if arguments.get("autoincrement"):
            self.require("comments")
        return self._altered(model(20), model(40)).kw.get("autoincrement")

    def test_alter_column_autoincrement_none(self) -> None:
        """A model that does not say leaves it open."""
        assert self._carried(nullable=False) is None

    def test_alter_column_autoincrement_pk_false(self) -> None:
        """A key that does not count says so."""
        assert self._carried(primary_key=True, autoincrement=False) is False

    def test_alter_column_autoincrement_pk_implicit_true(self) -> None:
        """A key of which nothing is said leaves it open."""
        assert self._carried(primary_key=True) is None

    def test_alter_column_autoincrement_pk_explicit_true(self) -> None:
        """A key that is said to count says so."""
        assert self._carried(primary_key=True, autoincrement=True) is True

    def test_alter_column_autoincrement_nonpk_false(self) -> None:
        """Another column that does not count says so."""
        assert self._carried(autoincrement=False) is False

    def test_alter_column_autoincrement_nonpk_implicit_false(self) -> None:
        """Another column of which nothing is said leaves it open."""
        assert self._carried() is None

    def test_alter_column_autoincrement_nonpk_explicit_true(self) -> None:
        """Another column that is said to count says so."""
        assert self._carried(autoincrement=True, nullable=False) is True

    def test_alter_column_autoincrement_compositepk_false(self) -> None:
        """A part of a key that does not count says so."""
        assert self._carried(True, primary_key=True, autoincrement=False) is False

    def test_alter_column_autoincrement_compositepk_implicit_false(self) -> None:
        """A part of a key of which nothing is said leaves it open."""
        assert self._carried(True, primary_key=True) is None

    @needs("autoincrement_on_composite_pk")
    def test_alter_column_autoincrement_compositepk_explicit_true(self) -> None:
        """A part of a key that is said to count says so."""
        assert self._carried(True, primary_key=True, autoincrement=True) is True
